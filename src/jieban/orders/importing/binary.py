"""Rows as PostgreSQL's COPY reads them in binary form, made column by column.

https://www.postgresql.org/docs/current/sql-copy.html: a header, then for each row the number of its fields and each
field's length before its value, -1 for NULL. Neither side writes or reads instants, numbers and bytes as text.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from jieban.ledger.arrow import pa, pc, valid
from jieban.orders.importing.grams import binary_arrays

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
_NULL = -1
_EPOCH = 946_684_800_000_000
"""PostgreSQL's: the first instant of 2000, in microseconds of ours."""

_MICROSECONDS = pa.timestamp("us", "UTC")
_FIXED: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "bigint": (">i8", lambda values: values),
    "integer": (">i4", lambda values: values),
    "smallint": (">i2", lambda values: values),
    "boolean": (">u1", lambda values: values.cast(pa.uint8())),
    "timestamp with time zone": (
        ">i8",
        lambda values: pc.subtract(values.cast(_MICROSECONDS).cast(pa.int64()), _EPOCH),
    ),
}
"""Types of a fixed width: how a value is written, and what it is as a number."""


def copy_rows(columns: Sequence[tuple[str, Any]], count: int) -> memoryview:
    """The rows of some columns, each its type in PostgreSQL and its values: an Arrow array, or one value for all.

    Without header and trailer. Raises TypeError for a type that no table here has.
    """
    rows = _Rows(count)
    rows.fixed(np.full(count, len(columns), ">i2"))
    for kind, given in columns:
        values = given
        if not isinstance(values, pa.Array):
            values = pa.array([_scalar(values)])
        if kind in _FIXED:
            written, number = _FIXED[kind]
            rows.numbers(number(values) if len(values) > values.null_count else values, written)
        elif kind.startswith("varchar") or kind in {"text", "bytea"}:
            rows.bytes_(values)
        elif kind == "integer[]":
            rows.bytes_(binary_arrays(values))
        else:
            raise TypeError(f"a column of type {kind} can't be copied")
    return rows.whole()


def _scalar(value: object) -> Any:
    found: Any = pa.scalar(value, _MICROSECONDS) if isinstance(value, datetime) else pa.scalar(value)
    return found


class _Rows:
    """Rows that grow by columns: bytes of fixed width are put beside each other, others between them."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._beside: list[Any] = []
        self._pieces: list[Any] = []

    def fixed(self, values: Any) -> None:
        """As many bytes in each row; one value for all is repeated."""
        each = values.view(np.uint8).reshape(len(values), -1)
        self._beside.append(np.broadcast_to(each, (self._count, each.shape[1])))

    def numbers(self, values: Any, written: str) -> None:
        """Values of a fixed width, NULL none."""
        width = np.dtype(written).itemsize
        there = valid(values)
        if not there.any():
            self.fixed(np.full(len(values), _NULL, ">i4"))
            return
        told = np.zeros(len(values), dtype=[("length", ">i4"), ("value", written)])
        told["length"] = np.where(there, width, _NULL)
        told["value"] = values.fill_null(0).to_numpy(zero_copy_only=False)
        if there.all():
            self.fixed(told)
            return
        self._flush()
        kept = np.ones((self._count, told.itemsize), dtype=bool)
        kept[~there, 4:] = False
        self._piece(told.view(np.uint8).reshape(self._count, -1)[kept], kept.sum(axis=1))

    def bytes_(self, values: Any) -> None:
        """Texts or bytes, NULL none."""
        if len(values) != self._count:
            text = values[0].as_py()
            plain = b"" if text is None else text.encode() if isinstance(text, str) else text
            length = np.array([_NULL if text is None else len(plain)], ">i4")
            self.fixed(np.frombuffer(length.tobytes() + plain, dtype=np.uint8)[np.newaxis, :])
            return
        if pa.types.is_null(values.type):
            self.fixed(np.full(self._count, _NULL, ">i4"))
            return
        binary = values.cast(pa.binary())
        lengths = pc.binary_length(binary).fill_null(_NULL).to_numpy(zero_copy_only=False)
        self.fixed(lengths.astype(">i4"))
        self._flush()
        self._pieces.append(binary)

    def whole(self) -> memoryview:
        """All rows, one behind the other."""
        self._flush()
        joined = pc.binary_join_element_wise(
            *self._pieces, pa.scalar(b"", pa.binary()), null_handling="replace", null_replacement=""
        )
        ends = np.frombuffer(joined.buffers()[1], dtype=np.int32)
        return memoryview(joined.buffers()[2])[: int(ends[self._count])]

    def _flush(self) -> None:
        if self._beside:
            block = np.concatenate(self._beside, axis=1)
            self._piece(block, np.full(self._count, block.shape[1]))
            self._beside = []

    def _piece(self, data: Any, lengths: Any) -> None:
        ends = np.zeros(self._count + 1, dtype=np.int32)
        np.cumsum(lengths, out=ends[1:])
        buffers = [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(data))]
        self._pieces.append(pa.Array.from_buffers(pa.binary(), self._count, buffers))
