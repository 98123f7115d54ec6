"""A mapping guessed from what the sheets say."""

from dataclasses import dataclass

import numpy as np

from jieban.ledger.mapping.headings import Headings, find_headings
from jieban.ledger.mapping.match import match_columns, match_table
from jieban.ledger.mapping.model import ASSISTING_UNITS, Rows, SheetMapping
from jieban.ledger.mapping.needs import missing
from jieban.ledger.raw import RawBook, RawSheet
from jieban.ledger.schema import ORDERS, TableSchema


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """What a sheet seems to be. `mapping.table` is None where it seems to be no ledger table.

    `unused` are headings that fill nothing, `missing` the required columns that nothing fills.
    """

    sheet: RawSheet
    headings: Headings | None
    mapping: SheetMapping
    unused: tuple[str, ...]
    missing: tuple[str, ...]


def guess_book(book: RawBook) -> tuple[Guess, ...]:
    """What each sheet of a book seems to be."""
    return tuple(guess_sheet(sheet, book.path.name) for sheet in book.sheets)


def guess_sheet(sheet: RawSheet, file: str) -> Guess:
    """What a sheet seems to be."""
    headings = None if sheet.height == 0 else find_headings(sheet)
    schema = None
    if headings is not None and not sheet.hidden:
        schema = match_table(headings.names, sheet.name)
    if headings is None or schema is None:
        mapping = SheetMapping(
            file=file, sheet=sheet.name, table=None, heading_row=headings.row if headings else 1
        )
        return Guess(
            sheet=sheet,
            headings=headings,
            mapping=mapping,
            unused=headings.names if headings else (),
            missing=(),
        )
    match = match_columns(headings.names, schema, _rows(sheet, headings, schema))
    mapping = SheetMapping(
        file=file,
        sheet=sheet.name,
        table=match.table,
        rows=match.rows,
        heading_row=headings.row,
        heading_rows=headings.rows,
        columns=match.columns,
    )
    return Guess(
        sheet=sheet,
        headings=headings,
        mapping=mapping,
        unused=tuple(name for name in headings.names if name not in match.columns),
        missing=missing(mapping),
    )


def _rows(sheet: RawSheet, headings: Headings, schema: TableSchema) -> Rows:
    """Whether an order number that comes again in a sheet of orders brings another unit (one row a handling)."""
    if schema is not ORDERS:
        return Rows.ORDERS
    match = match_columns(headings.names, ORDERS, Rows.ORDERS)
    heading_of = {target: name for name, targets in match.columns.items() for target in targets}
    wanted = [heading_of.get(name) for name in ("order_no", "handlings.unit", "received_at")]
    if wanted[0] is None or wanted[1] is None or ASSISTING_UNITS in heading_of:
        return Rows.ORDERS
    start = headings.row + headings.rows - 1
    places = [headings.names.index(name) for name in wanted if name is not None]
    order, unit, *others = (sheet.filled_down(place).codes()[start:] for place in places)
    seen = order >= 0
    _, first, inverse = np.unique(order, return_index=True, return_inverse=True)
    again = seen & (first[inverse] != np.arange(len(order)))
    same_order = np.ones(len(order), dtype=bool)
    for other in others:
        same_order &= (other == other[first[inverse]]) | (other < 0)
    new_unit = again & (unit >= 0) & (unit != unit[first[inverse]]) & same_order
    return Rows.HANDLINGS if new_unit.sum() * 2 > again.sum() else Rows.ORDERS
