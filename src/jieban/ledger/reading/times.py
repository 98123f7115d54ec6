"""Times that contradict each other."""

import numpy as np

from jieban.kernel.i18n import tr
from jieban.ledger.arrow import NO_INSTANT, Bools, Ints, pa, positions, seconds_of
from jieban.ledger.reading.cells import Desk
from jieban.ledger.reading.links import dispatched
from jieban.ledger.reading.part import Part
from jieban.ledger.schema import HANDLINGS, ORDERS
from jieban.ledger.values.zones import to_wall
from jieban.profile.model import Policy

_DAY = 86_400
_ORDER_RULES = (
    ("dispatched_before_received", "dispatched_at", "received_at"),
    ("signed_before_dispatched", "signed_at", "dispatched_at"),
    ("closed_before_received", "closed_at", "received_at"),
    ("closed_before_dispatched", "closed_at", "dispatched_at"),
    ("closed_before_signed", "closed_at", "signed_at"),
)
_RULES = {
    ORDERS.name: _ORDER_RULES,
    HANDLINGS.name: tuple(rule for rule in _ORDER_RULES if "received_at" not in rule),
    "letters": (("closed_before_received", "closed_at", "received_at"),),
    "callbacks": (),
}


def check_times(part: Part, desk: Desk) -> Part:
    """Note what comes before what must precede it; the rows that remain."""
    for code, later, earlier in _RULES[part.schema.name]:
        wrong = _before(seconds_of(part.column(later)), seconds_of(part.column(earlier)), desk)
        rows = positions(wrong)
        policy = desk.log.add(
            code,
            part.gids[rows],
            table=part.schema.name,
            column=later,
            values=part.column(later).take(pa.array(rows)).cast(pa.string()),
            message=tr(
                "“{later}”早于“{earlier}”。",
                later=part.schema.column(later).heading,
                earlier=part.schema.column(earlier).heading,
            ),
        )
        if policy is Policy.FLAG:
            part.flags.set(code, rows)
    return part.accepted(desk.log)


def _before(later: Ints, earlier: Ints, desk: Desk) -> Bools:
    """Where `later` comes first. A bare date (midnight) may mean any time of its day."""
    both: Bools = (later != NO_INSTANT) & (earlier != NO_INSTANT)
    wrong: Bools = both & (later < earlier)
    if wrong.any():
        rows = positions(wrong)
        wall = to_wall(later[rows], desk.profile.clock.tz)
        bare = (wall % _DAY == 0) & (to_wall(earlier[rows], desk.profile.clock.tz) < wall + _DAY)
        wrong[rows[bare]] = False
    return wrong


def check_dispatch(orders: Part, desk: Desk) -> Part:
    """A dispatched order has a time of dispatch: without one no period would count it."""
    missing = dispatched(orders) & (seconds_of(orders.column("dispatched_at")) == NO_INSTANT)
    rows = np.flatnonzero(missing)
    policy = desk.log.add(
        "no_dispatch_time",
        orders.gids[rows],
        table=ORDERS.name,
        column="dispatched_at",
        values=orders.column("order_no").take(pa.array(rows)),
        message=tr("该工单已转派,却没有派单时间;没有派单时间的工单无法计入任何统计期。"),
    )
    if policy is Policy.FLAG:
        orders.flags.set("no_dispatch_time", rows)
    return orders.accepted(desk.log)
