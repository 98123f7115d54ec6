"""Rows of many orders into the tables: COPY on PostgreSQL, one prepared statement for all rows on SQLite."""

import json
from collections.abc import Sequence
from itertools import repeat
from typing import Any, Protocol

import numpy as np
from django.db import connection
from django.db.models import BinaryField, Field, Model

from jieban.ledger.arrow import Ints, pa, pc
from jieban.orders.importing.frame import Column, Frame, copy_texts, database_values, default, fields

_PIECE = 1 << 20


Found = tuple[str, str | None, int]
"""An order's number, its source number and its key."""


class Store(Protocol):
    """A kind of database, as an import uses it."""

    def begin(self) -> None:
        """Called first in each transaction that writes."""

    def reserve(self, model: type[Model], count: int) -> Ints:
        """Keys that nobody else will get. Those that aren't used leave a gap."""

    def put(self, frame: Frame) -> None:
        """Write rows, within a transaction."""

    def find(self, numbers: Sequence[str]) -> list[Found]:
        """The orders that have one of some numbers."""


def store() -> Store:
    """The store of the database in use."""
    return Postgres() if connection.vendor == "postgresql" else Sqlite()


def _columns(frame: Frame) -> "list[tuple[Field[Any, Any], Column]]":
    """The columns to be written: a key that isn't given is the database's own to give."""
    return [
        (each, frame.columns.get(each.attname, default(each)))
        for each in fields(frame.model)
        if not each.primary_key or each.attname in frame.columns
    ]


def _find(condition: str, numbers: str | list[str]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number, source_number, id FROM orders_order WHERE number {condition}",  # noqa: S608  # one of two
            [numbers],
        )
        return [(number, source, key) for number, source, key in cursor.fetchall()]


def _table(model: type[Model]) -> str:
    return model._meta.db_table  # noqa: SLF001  # the public name of Django's own


class Postgres:
    """COPY."""

    def begin(self) -> None:
        """Nothing to be set."""

    def reserve(self, model: type[Model], count: int) -> Ints:
        """From the sequence of the table's key."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [_table(model), count],
            )
            return np.array([key for (key,) in cursor.fetchall()], dtype=np.int64)

    def find(self, numbers: Sequence[str]) -> list[Found]:
        """One parameter, however many numbers."""
        return _find("= ANY(%s)", list(numbers))

    def put(self, frame: Frame) -> None:
        """One COPY, in text form made column by column."""
        if not frame.count:
            return
        columns = _columns(frame)
        texts = [_copy_column(field, values, frame.count) for field, values in columns]
        lines = pc.binary_join_element_wise(*texts, "\t", null_handling="replace", null_replacement="\\N")
        whole = pc.binary_join_element_wise(lines, "\n", "")
        names = ", ".join(connection.ops.quote_name(field.column) for field, _ in columns)
        data = memoryview(whole.buffers()[2])[: _end(whole)]
        with (
            connection.cursor() as cursor,
            cursor.copy(
                f"COPY {connection.ops.quote_name(_table(frame.model))} ({names}) FROM STDIN"
            ) as copy,
        ):
            for begin in range(0, len(data), _PIECE):
                copy.write(data[begin : begin + _PIECE])


def _end(texts: Any) -> int:
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)
    return int(offsets[len(texts)])


def _copy_column(field: "Field[Any, Any]", values: Column, count: int) -> Any:
    if isinstance(field, BinaryField) and isinstance(values, pa.Array):
        found: Any = pc.binary_join_element_wise("\\\\x", values, "")
        return found
    if field.attname == "data":
        # JSON: its only escapes are backslashes, and no two are alike.
        replaced: Any = pc.replace_substring(values, "\\", "\\\\")
        return replaced
    return copy_texts(values, count)


class Sqlite:
    """INSERT, one statement run for all rows."""

    def begin(self) -> None:
        """Nothing to be set."""

    def reserve(self, model: type[Model], count: int) -> Ints:
        """From the table's sequence, which SQLite lets one write (https://www.sqlite.org/autoinc.html)."""
        table = _table(model)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT %s, 0 "
                "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
                [table, table],
            )
            cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            (last,) = cursor.fetchone()
        return np.arange(last - count + 1, last + 1, dtype=np.int64)

    def find(self, numbers: Sequence[str]) -> list[Found]:
        """As a JSON list: SQLite limits the parameters of a statement."""
        return _find("IN (SELECT value FROM json_each(%s))", json.dumps(list(numbers)))

    def put(self, frame: Frame) -> None:
        """One statement, run for each row."""
        if not frame.count:
            return
        columns = _columns(frame)
        names = ", ".join(connection.ops.quote_name(field.column) for field, _ in columns)
        marks = ", ".join(["%s"] * len(columns))
        values = [_sqlite_column(field, given, frame.count) for field, given in columns]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {connection.ops.quote_name(_table(frame.model))} ({names}) VALUES ({marks})",  # noqa: S608  # names of our own tables
                list(zip(*values, strict=True)),
            )


def _sqlite_column(field: "Field[Any, Any]", values: Column, count: int) -> list[object]:
    if isinstance(field, BinaryField) and isinstance(values, pa.Array):
        return [bytes.fromhex(text) if text is not None else None for text in values.to_pylist()]
    if not isinstance(values, pa.Array):
        return list(repeat(field.get_db_prep_save(values, connection), count))
    return database_values(values, count)
