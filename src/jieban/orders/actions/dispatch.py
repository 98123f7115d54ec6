"""Dispatch: an order goes into the hands of units, and comes back from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.ledger.schema import Disposition
from jieban.ledger.schema import Role as Part
from jieban.orders.checks import known
from jieban.orders.engine.follow import restart_order_clocks, start_clock, tell_reassigned
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.petitions import lapse
from jieban.orders.engine.step import Step
from jieban.orders.errors import BadValue
from jieban.orders.models import Handling
from jieban.orders.states import HandlingState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.model import Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """To whom an order goes: one lead, and units that assist."""

    lead: str
    assisting: Sequence[str] = ()


def dispatch_order(
    *, order: str, to: Assignment, actor: Actor, now: datetime, remark: str | None = None
) -> Done:
    """Give the order to its units: a handling with clocks of its own for each; the order's clocks start anew.

    Raises BadValue for an unknown unit or one named twice.
    """

    def body(step: Step) -> None:
        units = (to.lead, *to.assisting)
        if len(set(units)) < len(units):
            raise BadValue(tr("同一单位写了两次。"), fix=tr("主办和协办请各写一次。"))
        first = step.order.dispatched_at is None
        for unit in units:
            open_handling(step, unit, Part.LEAD if unit == to.lead else Part.ASSIST)
        if first:
            step.set(step.order, dispatched_at=step.at, disposition=Disposition.DISPATCHED.value)
            restart_order_clocks(step, "dispatch")
        else:
            tell_reassigned(step, "dispatch")
        step.say(remark=remark)

    return perform(Act.DISPATCH, body, order=order, actor=actor, now=now)


def add_unit(*, order: str, unit: str, actor: Actor, now: datetime, remark: str | None = None) -> Done:
    """Have one more unit assist. Raises BadValue for an unknown unit or one that has the order already."""

    def body(step: Step) -> None:
        open_handling(step, unit, Part.ASSIST)
        step.say(remark=remark)

    return perform(Act.ADD_UNIT, body, order=order, actor=actor, now=now)


def remove_unit(*, order: str, handling: int, reason: str, actor: Actor, now: datetime) -> Done:
    """Relieve an assisting unit before it has replied. Raises BadValue for the lead, Missing without a reason."""

    def body(step: Step) -> None:
        if step.handling.part == Part.LEAD:
            raise BadValue(tr("主办单位不能撤销。"), fix=tr("请撤回派单后重新派单。"))
        need_reason(step, reason)
        lapse(step, step.handling)

    return perform(Act.REMOVE_UNIT, body, order=order, handling=handling, actor=actor, now=now)


def recall_order(*, order: str, reason: str, actor: Actor, now: datetime) -> Done:
    """Take the order back from all its units, none of which has closed its part; it waits to be dispatched again."""

    def body(step: Step) -> None:
        if any(
            HandlingState(each.state) in {HandlingState.CLOSED, HandlingState.REPLIED} for each in step.live
        ):
            raise BadValue(tr("已有单位答复,不能整单撤回。"), fix=tr("请撤销其余协办,或审核退回后再撤回。"))
        need_reason(step, reason)
        for handling in step.live:
            step.set(handling, state=HandlingState.RECALLED.value)
            lapse(step, handling)

    return perform(Act.RECALL, body, order=order, actor=actor, now=now)


def answering_unit(step: Step, handling: Handling) -> str:
    """The unit that answers for a handling now: its own, or the one that carries on the work of one that has ended."""
    return step.profile.units.carried_on_by(handling.unit, step.profile.clock.local_date(step.at))


def open_handling(step: Step, unit: str, part: Part) -> Handling:
    """A handling of the step's order by `unit`, with its two clocks."""
    units = step.profile.units
    known(
        unit in units and units[unit].validity.covers(step.profile.clock.local_date(step.at)),
        tr("单位"),
        unit,
    )
    if any(unit in {each.unit, answering_unit(step, each)} for each in step.live):
        raise BadValue(
            tr("“{unit}”已在承办此单。", unit=units[unit].short_name), fix=tr("同一单位只派一次。")
        )
    handling = step.add(
        Handling(
            order=step.order,
            serial=step.serial(step.handlings),
            unit=unit,
            part=part.value,
            state=HandlingState.AWAITING.value,
            order_received_at=step.order.received_at,
            dispatched_at=step.at,
            round=step.order.round,
        )
    )
    for stage in Stage:
        start_clock(step, stage, handling, round_=step.order.round)
    return handling
