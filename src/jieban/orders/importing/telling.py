"""What the events of a lot say, and what is sealed: texts for many orders at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from jieban.kernel.digest import canonical_json
from jieban.ledger.arrow import Ints, bools, distinct, pa, pc, positions
from jieban.orders.actions.desk import ANSWER_SLOT
from jieban.orders.actions.reply import REPLY_SLOT
from jieban.orders.importing.beside import Said
from jieban.orders.importing.clocks import Clocks, told_changes
from jieban.orders.importing.lots import Lot
from jieban.orders.secrets import phone_digits
from jieban.people.roles import Role

REMARK_SLOT = "remark"
_LONGEST_SERIAL = 4
_MOBILE_DIGITS = 11


def serials_of(numbers: Any, orders: Any, of: Ints, infix: str, when: Ints | None) -> Any:
    """The serials that rows have in their own numbers, where all of an order have one; else their place in time."""
    order = np.lexsort((np.arange(len(of)) if when is None else when, of))
    place = np.empty(len(of), dtype=np.int64)
    place[order] = np.arange(len(of)) - np.searchsorted(of[order], of[order]) + 1
    owners = orders.take(pa.array(of))
    usual = pc.binary_join_element_wise(owners, infix, pa.array(place).cast(pa.string()), "")
    if pc.all(pc.equal(usual, numbers), min_count=0).as_py():
        return pa.array(place, pa.int32())
    own = np.array(
        [
            _serial(number, owner + infix)
            for number, owner in zip(numbers.to_pylist(), owners.to_pylist(), strict=True)
        ],
        dtype=np.int64,
    )
    pairs, seen = np.unique(np.stack([of, own]), axis=1, return_counts=True)
    bad = pairs[0][(seen > 1) | (pairs[1] == 0)]
    return pa.array(np.where(np.isin(of, bad), place, own), pa.int32())


def _serial(number: str, prefix: str) -> int:
    """What follows the prefix, if that is a serial; else 0."""
    serial = number.removeprefix(prefix)
    if serial == number or not (serial.isascii() and serial.isdigit()) or len(serial) > _LONGEST_SERIAL:
        return 0
    return int(serial) if serial[0] != "0" else 0


def added_of(count: int, parts: Sequence[tuple[Ints, Any, Any]]) -> Any:
    """For each order the object of all its rows. A part is whose they are, their names, and as what they are told."""
    of = np.concatenate([each[0] for each in parts])
    names, told = (pa.concat_arrays([each[place] for each in parts]) for place in (1, 2))
    called, which = distinct(names)
    rank = np.empty(len(called), dtype=np.int64)
    rank[sorted(range(len(called)), key=called.__getitem__)] = np.arange(len(called))
    # Each part is in the order of the orders: sorting these few runs is merging them.
    order = np.argsort(of * len(called) + rank[which], kind="stable")
    begin = np.searchsorted(of[order], np.arange(count + 1)).astype(np.int32)
    members = pa.ListArray.from_arrays(pa.array(begin), told.take(pa.array(order)))
    found: Any = pc.binary_join_element_wise("{", pc.binary_join(members, ","), "}", "")
    return found


def facts_of(lot: Lot, clocks: Clocks, beside: Mapping[int, Said], source: str) -> Any:
    """What else the event tells: the source, how deadlines moved, and what the ledger said beside its rows."""
    common = {"role": Role.SYSTEM.value, "source": source, "table": lot.table}
    moved: dict[int, list[list[object]]] = defaultdict(list)
    for place, change in told_changes(clocks):
        moved[place].append(change)
    texts = [canonical_json(common).decode()] * lot.count
    for place in moved.keys() | beside.keys():
        more = {"clocks": moved[place]} if place in moved else {}
        texts[place] = canonical_json({**common, **more, **beside.get(place, {})}).decode()
    return pa.array(texts, pa.string())


def words_of(lot: Lot, serials: Any, calls: Any) -> tuple[Any, Any, Ints]:
    """What was written, by slot, as lists an order; and which orders have any."""
    parts = [
        (np.arange(lot.count), every(ANSWER_SLOT, lot.count), lot.orders["reply"]),
        (lot.handlings_of, named(f"{REPLY_SLOT}/", serials), lot.handlings["reply"]),
        (lot.callbacks_of, named(f"{REMARK_SLOT}/", calls), lot.callbacks["remark"]),
    ]
    kept = [positions(bools(pc.is_valid(texts))) for _, _, texts in parts]
    of = np.concatenate([each[0][rows] for each, rows in zip(parts, kept, strict=True)])
    slots, texts = (
        pa.concat_arrays([each[place].take(pa.array(rows)) for each, rows in zip(parts, kept, strict=True)])
        for place in (1, 2)
    )
    order = np.argsort(of, kind="stable")
    begin = pa.array(np.searchsorted(of[order], np.arange(lot.count + 1)).astype(np.int32))
    return (
        pa.ListArray.from_arrays(begin, slots.take(pa.array(order))),
        pa.ListArray.from_arrays(begin, texts.take(pa.array(order))),
        np.unique(of).astype(np.int64),
    )


def named(before: str, serials: Any) -> Any:
    """A name for each serial."""
    found: Any = pc.binary_join_element_wise(before, serials.cast(pa.string()), "")
    return found


def every(value: str, count: int) -> Any:
    """One text for all rows."""
    found: Any = pa.array([value], pa.string()).take(pa.array(np.zeros(count, dtype=np.int32)))
    return found


def unless_empty(texts: Any) -> Any:
    """The texts, null for empty ones."""
    found: Any = pc.if_else(pc.equal(texts, ""), None, texts)
    return found


def digits_of(phones: Any) -> Any:
    """Phone numbers as they are compared: few plain digits are so already, having no room for a country's code."""
    plain = pc.and_(pc.ascii_is_decimal(phones), pc.less_equal(pc.binary_length(phones), _MOBILE_DIGITS))
    found = phones.to_pylist()
    for place in positions(bools(pc.invert(plain))).tolist():
        found[place] = phone_digits(found[place]) if found[place] else None
    return pa.array(found, pa.string())
