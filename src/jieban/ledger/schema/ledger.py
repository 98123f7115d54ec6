"""The four canonical tables together."""

from dataclasses import dataclass

import pyarrow as pa

from jieban.ledger.schema.callbacks import CALLBACKS
from jieban.ledger.schema.columns import TableSchema
from jieban.ledger.schema.handlings import HANDLINGS
from jieban.ledger.schema.letters import LETTERS
from jieban.ledger.schema.orders import ORDERS

TABLES: tuple[TableSchema, ...] = (ORDERS, HANDLINGS, LETTERS, CALLBACKS)


def table(name: str) -> TableSchema:
    """The schema of the canonical table `name`. Raises KeyError."""
    for schema in TABLES:
        if schema.name == name:
            return schema
    raise KeyError(name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """The four canonical tables, each in its Arrow schema (empty where a city has none)."""

    orders: pa.Table
    handlings: pa.Table
    letters: pa.Table
    callbacks: pa.Table

    def tables(self) -> dict[str, pa.Table]:
        """The tables by name, in canonical order."""
        return {schema.name: getattr(self, schema.name) for schema in TABLES}
