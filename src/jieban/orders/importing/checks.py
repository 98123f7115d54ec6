"""What can't be put into the live database, and why: found for many orders at once, the first fault of each told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np

from jieban.ledger.arrow import Bools, Ints, bools, distinct, ints, pa, pc, positions, seconds_of, valid
from jieban.ledger.schema import Disposition, Role
from jieban.orders.importing.account import Refused, Why
from jieban.orders.importing.lots import Lot, Rows
from jieban.orders.importing.states import earlier_of_a_unit
from jieban.orders.models.fields import CODE_LENGTH
from jieban.profile.city import Profile

LONGEST_COMMUNITY = 100
MOST = 32_767
_COUNTS = ("return_requests", "extension_days", "rework_count")
_SATISFACTION = "satisfaction"
_STAGES = ("sign", "close")
_BETWEEN = "\x1f"


class Faults:
    """The first fault of each order of a lot."""

    def __init__(self, lot: Lot) -> None:
        self._lot = lot
        self._found: dict[int, tuple[Why, str | None]] = {}

    def add(self, why: Why, wrong: Bools, values: Any | None = None, of: Ints | None = None) -> None:
        """Orders where `wrong` is set; of rows that hang on orders where `of` says whose they are."""
        for row in positions(wrong).tolist():
            place = row if of is None else int(of[row])
            value = values[row].as_py() if values is not None else None
            self._found.setdefault(place, (why, str(value) if value is not None else None))

    @property
    def mask(self) -> Bools:
        """Which orders have one."""
        mask = np.zeros(self._lot.count, dtype=bool)
        mask[list(self._found)] = True
        return mask

    def refused(self) -> Iterable[Refused]:
        """The orders that have one."""
        numbers = self._lot.orders["order_no"]
        for place, (why, value) in sorted(self._found.items()):
            yield Refused(table=self._lot.table, key=numbers[place].as_py() or "", why=why, value=value)


def check(lot: Lot, profile: Profile, now: datetime) -> Faults:
    """All that this file looks for; numbers that are taken are the database's business."""
    faults, orders, handlings, of = Faults(lot), lot.orders, lot.handlings, lot.handlings_of
    _numbers(faults, orders)
    late = seconds_of(orders["received_at"]) > now.timestamp()
    faults.add(Why.NOT_YET, late, orders["received_at"])
    _codes(faults, lot, profile)
    long = pc.greater(pc.utf8_length(orders["community"]), LONGEST_COMMUNITY)
    faults.add(Why.TOO_LONG, bools(long))
    faults.add(Why.TOO_MANY, _beyond(orders["reopen_count"]), orders["reopen_count"])
    for name in _COUNTS:
        faults.add(Why.TOO_MANY, _beyond(handlings[name]), handlings[name], of)
    _sharing(faults, lot)
    rules = pa.array([rule.id for rule in profile.deadline_rules], pa.string())
    for stage in _STAGES:
        for rows, whose in ((orders, None), (handlings, of)):
            faults.add(Why.UNKNOWN_RULE, _strange(rows[f"{stage}_rule"], rules), rows[f"{stage}_rule"], whose)
    return faults


def _numbers(faults: Faults, orders: Rows) -> None:
    length = ints(pc.utf8_length(orders["order_no"]), 0)
    faults.add(Why.NUMBER_TOO_LONG, (length == 0) | (length > CODE_LENGTH))
    long = bools(pc.greater(pc.utf8_length(orders["repeat_of"]), CODE_LENGTH))
    faults.add(Why.NUMBER_TOO_LONG, long, orders["repeat_of"])


def _beyond(counts: Any) -> Bools:
    found = ints(counts, 0)
    return (found < 0) | (found > MOST)


def _strange(values: Any, known: Any) -> Bools:
    return bools(pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, value_set=known))))


def _codes(faults: Faults, lot: Lot, profile: Profile) -> None:
    orders, letters = lot.orders, lot.table == "letters"

    def known(codes: Iterable[str]) -> Any:
        found: Any = pa.array(list(codes), pa.string())
        return found

    told: list[tuple[Any, Any, Ints | None]] = [
        (orders["channel"], known(profile.mailboxes if letters else profile.channels), None),
        (orders["disposition"], known(each.value for each in Disposition), None),
        (orders["request_type"], known(profile.request_types), None),
        (orders["urgency"], known(each.code for each in profile.labels["urgency"]), None),
        (orders["street"], known(profile.streets), None),
        (orders["answer_unit"], known(profile.units), None),
        (lot.handlings["unit"], known(profile.units), lot.handlings_of),
        (lot.handlings["role"], known(each.value for each in Role), lot.handlings_of),
        (
            orders[_SATISFACTION],
            known(each.code for each in profile.labels[_SATISFACTION]),
            None,
        ),
        (
            lot.callbacks[_SATISFACTION],
            known(each.code for each in profile.labels[_SATISFACTION]),
            lot.callbacks_of,
        ),
    ]
    for values, codes, of in told:
        faults.add(Why.UNKNOWN_CODE, _strange(values, codes), values, of)
    _topics(faults, lot, profile)


def _topics(faults: Faults, lot: Lot, profile: Profile) -> None:
    """Topics of the city's scheme, or of the mailbox's own; subtopics of the topic."""
    orders = lot.orders
    keys = pc.binary_join_element_wise(
        *(orders[name].fill_null("") for name in ("mailbox", "topic", "subtopic")), _BETWEEN
    )
    values, which = distinct(keys)
    bad = [_bad_topic(profile, *(part or None for part in key.split(_BETWEEN))) for key in values]
    told = pa.array(bad, pa.string()).take(pa.array(which))
    faults.add(Why.UNKNOWN_CODE, bools(pc.is_valid(told)), told)


def _bad_topic(profile: Profile, mailbox: str | None, topic: str | None, subtopic: str | None) -> str | None:
    if mailbox is not None and mailbox not in profile.mailboxes:
        return None  # told already
    scheme = profile.order_scheme if mailbox is None else profile.mailboxes[mailbox].scheme
    if topic is None or topic not in profile.schemes[scheme]:
        return topic or ""
    if subtopic is not None and subtopic not in profile.subtopics(scheme, topic):
        return subtopic
    return None


def _sharing(faults: Faults, lot: Lot) -> None:
    """Of the handlings that were not returned only one leads, and no unit has two at a time.

    A unit may have an order again once it had closed it; that it had is kept by the clock, so there must be one.
    """
    of, units = lot.handlings_of, lot.handlings["unit"]
    live = ~bools(lot.handlings["returned"])
    lead = live & bools(pc.equal(lot.handlings["role"], Role.LEAD.value))
    faults.add(Why.TWO_LEADS, _again(of, lead, np.zeros(len(of), dtype=np.int64)), None, of)
    kept = np.ones(len(of), dtype=bool)
    for name in ("closed_at", "close_due_at", "close_rule"):
        kept &= valid(lot.handlings[name])
    faults.add(Why.UNIT_TWICE, earlier_of_a_unit(lot) & ~kept, units, of)


def _again(of: Ints, among: Bools, key: Ints) -> Bools:
    """Rows among some whose order has had one of the same key before."""
    rows = positions(among)
    _, first = np.unique(np.stack([of[rows], key[rows]]), axis=1, return_index=True)
    again = np.zeros(len(of), dtype=bool)
    again[np.delete(rows, first)] = True
    return again
