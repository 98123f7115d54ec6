"""Which canonical columns a sheet must fill."""

from jieban.ledger.mapping.model import Rows, SheetMapping
from jieban.ledger.schema import HANDLINGS, ORDERS, Column, TableSchema, table

GENERATED = frozenset({"handlings.handling_no", "callbacks.callback_no"})
"""Keys that are made from the order number where the file has none."""

CONDITIONAL = frozenset({"handlings.unit", "handlings.dispatched_at"})
"""Columns that a sheet of orders with their units fills only for orders that were dispatched."""


def required(schema: TableSchema) -> tuple[Column, ...]:
    """The columns of a table that a file must bring."""
    return tuple(
        column
        for column in schema.columns
        if column.required and column.default is None and f"{schema.name}.{column.name}" not in GENERATED
    )


def is_wide(mapping: SheetMapping) -> bool:
    """Whether a sheet of orders says of their handlings too."""
    return mapping.table == ORDERS.name and any(
        target.startswith(f"{HANDLINGS.name}.") for target in mapping.targets()
    )


def missing(mapping: SheetMapping) -> tuple[str, ...]:
    """The required columns that a mapping doesn't fill, as `table.column`."""
    if mapping.table is None:
        return ()
    filled = mapping.targets()
    wanted = [f"{mapping.table}.{column.name}" for column in required(table(mapping.table))]
    if is_wide(mapping):
        wanted += [
            f"{HANDLINGS.name}.{column.name}" for column in required(HANDLINGS) if column.name != "order_no"
        ]
    return tuple(name for name in wanted if name not in filled)


def orders_per_row(mapping: SheetMapping) -> bool:
    """Whether each row of a wide sheet is an order of its own."""
    return mapping.rows is Rows.ORDERS
