"""The rows of one canonical table while they are being read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jieban.ledger.arrow import Array, Bools, Ints, ints, joined, one, pa, positions
from jieban.ledger.reading.log import Flags, RowLog
from jieban.ledger.schema import TableSchema


@dataclass(kw_only=True)
class Part:
    """Rows of `schema`: canonical columns as far as known, the source row (`gids`) of each, and their flags.

    `given` tells per row and column whether the file has such a column at all: an empty cell says that there is
    nothing, an absent column says nothing. `shared` tells whether several rows may speak of one key (one row a
    handling) and `sources` from which sheet a row comes. `orders` is a number for each row's order, the same in all
    tables and -1 for none, once `number_orders` has told them apart.
    """

    schema: TableSchema
    gids: Ints
    columns: dict[str, Array]
    flags: Flags
    given: dict[str, Bools]
    shared: Bools
    sources: Ints
    orders: Ints

    def __len__(self) -> int:
        return len(self.gids)

    def column(self, name: str) -> Array:
        """A canonical column; all null where nothing is known of it."""
        if name not in self.columns:
            self.columns[name] = pa.nulls(len(self), self.schema.column(name).kind.value)
        return self.columns[name]

    def has(self, name: str) -> Bools:
        """Where the file has the column."""
        return self.given.get(name, np.zeros(len(self), dtype=bool))

    def take(self, rows: Ints) -> "Part":
        """Some of the rows."""
        indices = pa.array(rows)
        return Part(
            schema=self.schema,
            gids=self.gids[rows],
            columns={name: array.take(indices) for name, array in self.columns.items()},
            flags=self.flags.take(rows),
            given={name: mask[rows] for name, mask in self.given.items()},
            shared=self.shared[rows],
            sources=self.sources[rows],
            orders=self.orders[rows],
        )

    def accepted(self, log: RowLog) -> "Part":
        """The rows that are still accepted."""
        open_rows = log.open(self.gids)
        return self if open_rows.all() else self.take(positions(open_rows))


def concatenated(schema: TableSchema, parts: Sequence[Part]) -> Part:
    """Several parts of one table as one."""
    if len(parts) == 1:
        return parts[0]
    names = [c.name for c in schema.columns if any(c.name in part.columns for part in parts)]
    flags = Flags(0)
    flags.bits = np.concatenate([np.zeros(0, dtype=np.int64), *(part.flags.bits for part in parts)])
    given = {name for part in parts for name in part.given}
    return Part(
        schema=schema,
        gids=np.concatenate([np.zeros(0, dtype=np.int64), *(part.gids for part in parts)]),
        columns={name: joined([part.column(name) for part in parts]) for name in names},
        flags=flags,
        given={name: np.concatenate([part.has(name) for part in parts]) for name in given},
        shared=np.concatenate([np.zeros(0, dtype=bool), *(part.shared for part in parts)]),
        sources=np.concatenate([np.zeros(0, dtype=np.int64), *(part.sources for part in parts)]),
        orders=np.concatenate([np.zeros(0, dtype=np.int64), *(part.orders for part in parts)]),
    )


def number_orders(parts: Sequence[Part]) -> None:
    """Number the orders of several tables by what their rows say: later steps compare numbers, not texts."""
    texts = pa.chunked_array([part.column("order_no") for part in parts])
    encoded: Any = one(texts.dictionary_encode())
    numbers = ints(encoded.indices, -1)
    ends = np.cumsum([len(part) for part in parts])
    for part, own in zip(parts, np.split(numbers, ends[:-1]), strict=True):
        part.orders = own
