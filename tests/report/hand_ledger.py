"""A ledger written row by row, everything not said left empty or at its schema's default."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from jieban.ledger.schema import TABLES, Kind, Ledger

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int = 10, month: int = 4, year: int = 2025) -> datetime:
    """A moment of April 2025, local."""
    return datetime(year, month, day, hour, tzinfo=ZONE)


def _row(schema: Any, given: dict[str, Any]) -> dict[str, Any]:
    row = {column.name: column.default for column in schema.columns}
    assert given.keys() <= row.keys(), given.keys() - row.keys()
    return row | given


def ledger(
    orders: list[dict[str, Any]], handlings: list[dict[str, Any]], letters: list[dict[str, Any]] | None = None
) -> Ledger:
    """The canonical tables of the given rows; orders and handlings are of 1 April unless said."""
    given = {
        "orders": [
            {
                "received_at": at(1),
                "dispatched_at": at(1),
                "request_type": "complaint",
                "topic": "housing",
                **row,
            }
            for row in orders
        ],
        "handlings": [{"dispatched_at": at(1), "unit": "police", **row} for row in handlings],
        "letters": letters or [],
        "callbacks": [],
    }
    made = {}
    for schema in TABLES:
        rows = [_row(schema, row) for row in given[schema.name]]
        made[schema.name] = pa.Table.from_pylist(rows, schema=schema.arrow)
    assert {column.kind for schema in TABLES for column in schema.columns} <= set(Kind)
    return Ledger(**made)
