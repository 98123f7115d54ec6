"""The canonical tables as Ibis knows them: unbound, so that every engine compiles the same expressions."""

from typing import Any

import ibis

from jieban.ledger.schema import Kind, TableSchema, table

TYPES = {
    Kind.TEXT: "string",
    Kind.CODE: "string",
    Kind.INSTANT: "timestamp('UTC')",
    Kind.FLAG: "boolean",
    Kind.COUNT: "int32",
}

COUNTED = ("orders", "handlings", "letters")
"""The tables that indicators count. A callback's outcome is counted by the order it is of."""

UNCOUNTED = frozenset(
    {"content", "reply", "address", "community", "requester", "phone", "source_row", "flags"}
)
"""Columns no indicator looks at; a source may lack them."""


def needed_columns(schema: TableSchema) -> tuple[str, ...]:
    """The columns of a table that a source must have for the indicators."""
    return tuple(column.name for column in schema.columns if column.name not in UNCOUNTED)


def relation(name: str) -> Any:
    """The Ibis table of a canonical table."""
    schema = table(name)
    kinds = {column.name: TYPES[column.kind] for column in schema.columns}
    return ibis.table({column: kinds[column] for column in needed_columns(schema)}, name=name)
