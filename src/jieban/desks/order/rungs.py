"""How far an order has come on the ladder of pressing: warnings by its deadline, urged, supervised, escalated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.orders.models import Order
from jieban.orders.rungs import ladder_of, raised_at
from jieban.orders.view import ClockView, HandlingView
from jieban.people.city import city
from jieban.profile.model import Level, Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """A step: its name, when it comes or came, and whether it has come."""

    name: str
    at: str
    come: bool


def rungs_of(
    order: Order, clocks: Iterable[ClockView], handlings: Iterable[HandlingView], now: datetime
) -> tuple[Rung, ...]:
    """The steps of the clock to the close that is due first, then what people have done. Nothing once all is closed.

    A step that lies before the handling began is none of its clock's.
    """
    begun = {each.serial: each.dispatched_at for each in handlings}
    running = [
        each
        for each in clocks
        if each.stage == Stage.CLOSE
        and each.handling is not None
        and each.stopped_at is None
        and each.paused_at is None
        and not each.dropped
    ]
    if not running:
        return ()
    first = min(running, key=lambda each: each.due_at)
    since = begun.get(first.handling or 0, order.received_at)
    ladder = ladder_of(city().workflow, Level.HANDLING, Stage.CLOSE)
    steps = [(step.name, at) for step in ladder if (at := raised_at(step, first.due_at)) >= since]
    return (
        *(Rung(name=name, at=words.short_moment(at), come=at <= now) for name, at in steps),
        Rung(name=tr("催办"), at=tr("{n} 次", n=order.urged) if order.urged else "", come=order.urged > 0),
        Rung(
            name=tr("督办"), at=words.short_moment(order.supervised_at), come=order.supervised_at is not None
        ),
        Rung(
            name=tr("升级督办"),
            at=words.short_moment(order.escalated_at),
            come=order.escalated_at is not None,
        ),
    )
