"""Keys: what is there twice, and numbers for rows that have none."""

import numpy as np

from jieban.kernel.i18n import tr
from jieban.ledger.arrow import Bools, Ints, bools, ints, pa, pc, positions, valid
from jieban.ledger.reading.log import RowLog
from jieban.ledger.reading.part import Part
from jieban.ledger.reading.places import Places
from jieban.profile.model import Policy

_SAME_ORDER = ("received_at", "request_type", "topic")


def unique_orders(orders: Part, log: RowLog, places: Places) -> tuple[Part, dict[int, str]]:
    """One row an order. Orders accepted although their number is there before get another, given by gid.

    Rows of one sheet with one row a handling speak of the same order; the first of them counts.
    """
    keys = orders.orders
    first = _first(keys)
    own = first == np.arange(len(keys))
    joins = ~own & orders.shared & (orders.sources == orders.sources[first])
    _compare(orders, first, joins, log)
    twice = positions(~own & ~joins)
    policy = log.add(
        "duplicate_order_no",
        orders.gids[twice],
        table=orders.schema.name,
        column="order_no",
        values=orders.column("order_no").take(pa.array(twice)),
        message=places.seen_before("order_no", orders, first[twice], twice),
    )
    renamed: dict[int, str] = {}
    kept = own.copy()
    if policy is Policy.FLAG and len(twice):
        # Where several rows speak of one order, all of them get the same new number.
        group = np.where(orders.shared, orders.sources, len(log.status) + np.arange(len(keys)))
        numbers: dict[tuple[int, int], str] = {}
        counts: dict[int, int] = {}
        names = orders.column("order_no").to_pylist()
        for row in twice.tolist():
            key = (int(keys[row]), int(group[row]))
            if key not in numbers:
                counts[key[0]] = counts.get(key[0], 1) + 1
                numbers[key] = f"{names[row]}#{counts[key[0]]}"
                kept[row] = True
            names[row] = renamed[int(orders.gids[row])] = numbers[key]
        orders.columns["order_no"] = pa.array(names, pa.string())
        orders.flags.set("duplicate_order_no", twice)
    return orders.take(positions(kept & log.open(orders.gids))), renamed


def _first(keys: Ints) -> Ints:
    """For each row the first row with the same key; rows without a key (-1) are their own."""
    rows = np.arange(len(keys), dtype=np.int64)
    first = np.zeros(keys.max(initial=-1) + 2, dtype=np.int64)
    first[keys[::-1]] = rows[::-1]
    return np.where(keys < 0, rows, first[keys])


def _compare(orders: Part, first: Ints, joins: Bools, log: RowLog) -> None:
    """Note rows that say otherwise of their order than its first row does."""
    rows = positions(joins)
    differs = np.zeros(len(rows), dtype=bool)
    for name in _SAME_ORDER:
        column = orders.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        differs |= bools(pc.not_equal(column.take(pa.array(rows)), column.take(pa.array(first[rows]))))
    policy = log.add(
        "order_rows_disagree",
        orders.gids[rows[differs]],
        table=orders.schema.name,
        column="order_no",
        values=orders.column("order_no").take(pa.array(rows[differs])),
        message=tr("受理时间、诉求类型或分类与该工单的首行不一致,以首行为准。"),
    )
    if policy is Policy.FLAG:
        orders.flags.set("order_rows_disagree", first[rows[differs]])


def rename(part: Part, renamed: dict[int, str]) -> None:
    """Give rows that came with a renamed order its new number."""
    gids = np.array(sorted(renamed), dtype=np.int64)
    where = np.searchsorted(gids, part.gids)
    hit = (where < len(gids)) & (gids[np.minimum(where, len(gids) - 1)] == part.gids)
    names = part.column("order_no").to_pylist()
    for row in positions(hit).tolist():
        names[row] = renamed[int(part.gids[row])]
    part.columns["order_no"] = pa.array(names, pa.string())


def unique_rows(part: Part, code: str, log: RowLog, places: Places, *, infix: str = "") -> Part:
    """One row a key. Where rows have no key of their own and `infix` is given, they get order number, infix, number."""
    key = part.schema.key
    given = valid(part.column(key))
    keys = ints(part.column(key).dictionary_encode().indices, -1)
    if key == "handling_no":
        keys = np.where(given, keys, -2 - _same_handling(part))
    first = _first_of_any(keys, has_key=given | (key == "handling_no"))
    twice = positions(first != np.arange(len(keys)))
    policy = log.add(
        code,
        part.gids[twice],
        table=part.schema.name,
        column=key,
        values=part.column(key if given[twice].all() else "order_no").take(pa.array(twice)),
        message=places.seen_before(key, part, first[twice], twice),
    )
    if policy is Policy.FLAG:
        part.flags.set(code, twice)
    part = part.accepted(log)
    has_own = bool(valid(part.column(key)).any())
    if infix:
        _number(part, infix)
    # Numbers made from those of the orders all differ; only what a file says itself may say them again.
    if has_own:
        _distinguish(part)
    return part


def _first_of_any(keys: Ints, has_key: Bools) -> Ints:
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return np.where(has_key, first[inverse], np.arange(len(keys)))


def _same_handling(part: Part) -> Ints:
    """A number for each combination of order, unit and time of dispatch."""
    unit = ints(part.column("unit").cast(pa.string()).dictionary_encode().indices, -1)
    sent = ints(part.column("dispatched_at").cast(pa.int64()).dictionary_encode().indices, -1)
    combined = (part.orders * (unit.max(initial=0) + 2) + unit + 1) * (sent.max(initial=0) + 2) + sent + 1
    found: Ints = np.unique(combined, return_inverse=True)[1].astype(np.int64)
    return found


def _number(part: Part, infix: str) -> None:
    given = valid(part.column(part.schema.key))
    if given.all():
        return
    order = np.argsort(part.orders, kind="stable")
    sorted_orders = part.orders[order]
    begins = (
        np.flatnonzero(np.r_[True, sorted_orders[1:] != sorted_orders[:-1]])
        if len(part)
        else np.zeros(0, dtype=np.int64)
    )
    runs = np.diff(np.r_[begins, len(part)])
    number = np.empty(len(part), dtype=np.int64)
    number[order] = np.arange(len(part)) - np.repeat(begins, runs) + 1
    digits = pc.utf8_lpad(pa.array(number).cast(pa.string()), 2, "0")
    made = pc.binary_join_element_wise(part.column("order_no"), digits, infix)
    key = part.schema.key
    part.columns[key] = pc.if_else(pa.array(given), part.column(key), made)


def _distinguish(part: Part) -> None:
    """Make keys unique that still are not, by #2, #3."""
    key = part.schema.key
    keys = ints(part.column(key).dictionary_encode().indices, -1)
    again = positions(_first(keys) != np.arange(len(keys)))
    if not len(again):
        return
    names = part.column(key).to_pylist()
    taken = set(names)
    for row in again.tolist():
        base, number = names[row], 2
        while f"{base}#{number}" in taken:
            number += 1
        names[row] = f"{base}#{number}"
        taken.add(names[row])
    part.columns[key] = pa.array(names, pa.string())
