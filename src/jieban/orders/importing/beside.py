"""What a ledger says of its rows for which the live tables have no place: events keep it, exports give it back.

Deadlines and findings that the file itself stated (ruling 8), columns that it didn't have, doubts and row numbers; for
handlings and callbacks by serial, with their own number where that isn't the usual one.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from jieban.ledger.arrow import Ints, bools, pa, pc, positions
from jieban.ledger.schema import ABSENT
from jieban.orders.importing.lots import Lot, Rows
from jieban.orders.importing.names import FLAGS, NUMBER, OF_CALLBACKS, OF_HANDLINGS, ROW, STATED

_COLUMNS = {"source_row": ROW, FLAGS: FLAGS, ABSENT: ABSENT, **{name: name for name in STATED}}

Said = dict[str, Any]


def beside_of(lot: Lot, serials: Any, calls: Any) -> dict[int, Said]:
    """For each order of a lot, by its place, what was said beside; orders of which nothing was are left out."""
    found: dict[int, Said] = defaultdict(dict)
    for place, name, value in _cells(lot.orders):
        found[place][name] = value
    for table, rows, of, own, number, infix in (
        (OF_HANDLINGS, lot.handlings, lot.handlings_of, serials, "handling_no", "-"),
        (OF_CALLBACKS, lot.callbacks, lot.callbacks_of, calls, "callback_no", "-H"),
    ):
        told = [*_cells(rows), *_numbers(lot, rows[number], of, own, infix)]
        if not told:
            continue
        whose, serial = of.tolist(), own.to_pylist()
        for row, name, value in told:
            found[whose[row]].setdefault(table, {}).setdefault(str(serial[row]), {})[name] = value
    return found


def _cells(rows: Rows) -> list[tuple[int, str, Any]]:
    told = []
    for column, name in _COLUMNS.items():
        if column not in rows or rows[column].null_count == len(rows[column]):
            continue
        kept = positions(bools(pc.is_valid(rows[column])))
        values = rows[column].take(pa.array(kept)).to_pylist()
        told += [(place, name, _plain(value)) for place, value in zip(kept.tolist(), values, strict=True)]
    return told


def _numbers(lot: Lot, numbers: Any, of: Ints, serials: Any, infix: str) -> list[tuple[int, str, Any]]:
    """Numbers that don't follow from the order's and the serial."""
    owners = lot.orders["order_no"].take(pa.array(of))
    usual = pc.binary_join_element_wise(owners, infix, serials.cast(pa.string()), "")
    own = positions(bools(pc.not_equal(usual, numbers)))
    return [(row, NUMBER, numbers[row].as_py()) for row in own.tolist()]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
