"""The pieces that a poll brings besides what it asked for: they find their own places in the page."""

from collections.abc import Mapping

from jieban.desks.live.counts import rail_counts
from jieban.desks.order.since import since
from jieban.desks.presence.here import be_here, others
from jieban.desks.shell.given import number_in
from jieban.desks.shell.visit import Visit
from jieban.orders.access import order_for
from jieban.orders.errors import NoSuchOrder


def pieces(visit: Visit, known: Mapping[str, str] | None = None) -> dict[str, object]:
    """What waits at the visitor's desks, and of the order that the page has open who else is there and what changed.

    The page says what it has open, whose form, and as of which event: `open`, `doing`, `seen`.
    """
    told: dict[str, object] = {"rail": rail_counts(visit, known), "present": None, "changed": ()}
    given = visit.request.GET
    number, seen = given.get("open", ""), number_in(given.get("seen", ""))
    if not number:
        return told
    try:
        order = order_for(visit.actor, number)
    except NoSuchOrder:
        return told
    be_here(visit, order, given.get("doing", ""))
    told["present"] = others(visit, order)
    told["number_open"] = order.number
    if seen is not None and seen < order.events:
        told["changed"] = since(order, seen, visit.actor)
    return told
