"""Rows of many orders into the tables: COPY on PostgreSQL, one prepared statement for all rows on SQLite."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Protocol

import numpy as np
from django.db import connection
from django.db.models import Field, Model

from jieban.ledger.arrow import Ints, pa
from jieban.orders.importing.binary import HEADER, TRAILER, copy_rows
from jieban.orders.importing.frame import Column, Frame, database_values, default, fields

_PIECE = 1 << 20
_INDEXED_TOGETHER = "32MB"
"""Tokens that wait to be put into their index: a search reads them all, but only while an import runs."""
_SORTED_TOGETHER = "64MB"


@dataclass(frozen=True, kw_only=True)
class Ready:
    """Rows as the database takes them: a statement and what goes with it."""

    statement: str
    rows: Any


Found = tuple[str, str | None, int]
"""An order's number, its source number and its key."""


class Store(Protocol):
    """A kind of database, as an import uses it: it writes `at_once` lots side by side, 0 on the caller's connection."""

    at_once: int

    def begin(self, *, last: bool) -> None:
        """Called first in each transaction that writes. When the last is done, all must be on the disk."""

    def reserve(self, model: type[Model], count: int) -> Ints:
        """Keys that nobody else will get. Those that aren't used leave a gap."""

    def ready(self, frame: Frame) -> Ready:
        """Rows as they are put. Doesn't ask the database, so that it can be done beside its work."""

    def put(self, rows: Ready) -> None:
        """Write rows, within a transaction."""

    def find(self, numbers: Sequence[str]) -> list[Found]:
        """The orders that have one of some numbers."""


def store() -> Store:
    """The store of the database in use."""
    return Postgres() if connection.vendor == "postgresql" else Sqlite()


def _columns(frame: Frame) -> "list[tuple[Field[Any, Any], Column]]":
    """The columns to be written: a key that isn't given is the database's own to give, and so is nothing."""
    told = [
        (each, frame.columns.get(each.attname, default(each)))
        for each in fields(frame.model)
        if not each.primary_key or each.attname in frame.columns
    ]
    return [(each, values) for each, values in told if values is not None]


def _find(condition: str, numbers: str) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number, source_number, id FROM orders_order WHERE number {condition}",  # noqa: S608  # one of two
            [numbers],
        )
        return [(number, source, key) for number, source, key in cursor.fetchall()]


def _table(model: type[Model]) -> str:
    return model._meta.db_table  # noqa: SLF001  # the public name of Django's own


class Postgres:
    """COPY. Three at once: while one process of the server waits for the disk, its turn or its rows, others work."""

    at_once = 3

    def begin(self, *, last: bool) -> None:
        """Only the last waits for the disk, and so for all before it: the log is written in order.

        Tokens of many orders go into their index together, which takes half the time; with the last of them all are
        in it.
        """
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL work_mem = '{_SORTED_TOGETHER}'")
            if not last:
                cursor.execute("SET LOCAL synchronous_commit = off")
                cursor.execute(f"SET LOCAL gin_pending_list_limit = '{_INDEXED_TOGETHER}'")

    def reserve(self, model: type[Model], count: int) -> Ints:
        """From the sequence of the table's key."""
        with connection.cursor() as cursor:
            cursor.execute(
                # The sequence is looked for once, not for each key; and keys come as the bytes that they are.
                "SELECT string_agg(int8send(nextval(found.name)), '') FROM generate_series(1, %s), "
                "(SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) AS found",
                [count, _table(model)],
            )
            (keys,) = cursor.fetchone()
        return np.frombuffer(keys, ">i8").astype(np.int64)

    def find(self, numbers: Sequence[str]) -> list[Found]:
        """One parameter, however many numbers: as JSON, which the client writes in a tenth of an array's time."""
        return _find("= ANY(ARRAY(SELECT json_array_elements_text(%s::json)))", json.dumps(list(numbers)))

    def ready(self, frame: Frame) -> Ready:
        """In COPY's binary form."""
        columns = _columns(frame)
        quote = connection.ops.quote_name
        names = ", ".join(quote(field.column) for field, _ in columns)
        return Ready(
            statement=f"COPY {quote(_table(frame.model))} ({names}) FROM STDIN (FORMAT binary)",
            rows=copy_rows([(_type(field), values) for field, values in columns], frame.count),
        )

    def put(self, rows: Ready) -> None:
        """One COPY."""
        data = rows.rows
        with connection.cursor() as cursor, cursor.copy(rows.statement) as copy:
            copy.write(HEADER)
            for begin in range(0, len(data), _PIECE):
                copy.write(data[begin : begin + _PIECE])
            copy.write(TRAILER)


def _type(field: "Field[Any, Any]") -> str:
    found = field.db_type(connection)
    if found is None:
        raise TypeError(f"{field.name} is no column")
    return found


class Sqlite:
    """INSERT, one statement run for all rows."""

    at_once = 0

    def begin(self, *, last: bool) -> None:
        """Nothing to be set: each commit waits for the disk."""

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

    def ready(self, frame: Frame) -> Ready:
        """Rows by columns as SQLite's own values."""
        columns = _columns(frame)
        quote = connection.ops.quote_name
        names = ", ".join(quote(field.column) for field, _ in columns)
        marks = ", ".join(["%s"] * len(columns))
        values = [_sqlite_column(field, given, frame.count) for field, given in columns]
        return Ready(
            statement=f"INSERT INTO {quote(_table(frame.model))} ({names}) VALUES ({marks})",  # noqa: S608  # names of our own tables
            rows=list(zip(*values, strict=True)),
        )

    def put(self, rows: Ready) -> None:
        """One statement, run for each row."""
        with connection.cursor() as cursor:
            cursor.executemany(rows.statement, rows.rows)


def _sqlite_column(field: "Field[Any, Any]", values: Column, count: int) -> list[object]:
    if not isinstance(values, pa.Array):
        return list(repeat(field.get_db_prep_save(values, connection), count))
    return database_values(values, count)
