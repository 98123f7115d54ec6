"""Returns: a unit says that an order isn't its own; it stays responsible until the dispatcher has decided."""

from dataclasses import dataclass
from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.ledger.schema import Role as Part
from jieban.orders.access import petitions_for
from jieban.orders.actions.dispatch import answering_unit, open_handling
from jieban.orders.clocks import Due, Run, due_or_provisional
from jieban.orders.engine.follow import tell_reassigned
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.petitions import ask, decide, lapse, need_petition, refuse_second, who_asked
from jieban.orders.engine.step import Step
from jieban.orders.engine.transactions import told_of_waiting
from jieban.orders.errors import BadValue, Missing, TooLate
from jieban.orders.models import OPEN_PETITIONS, PetitionKind
from jieban.orders.states import HandlingState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.city import Profile
from jieban.profile.model import Urgency
from jieban.worktime import Span

_KIND = PetitionKind.RETURN


def ask_return(*, order: str, handling: int, reason: str, actor: Actor, now: datetime) -> Done:
    """Ask to give the handling back. The unit's clocks run on; the dispatcher has to decide within the profile's term.

    Raises TooLate once the profile's term from the dispatch is over or when it was asked too often, WrongState while a
    request waits, Missing without a reason.
    """

    def body(step: Step) -> None:
        refuse_second(step, _KIND)
        need_reason(step, reason)
        rules, mine = step.profile.workflow.returns, step.handling
        if mine.return_requests >= rules.max_asks:
            raise TooLate(
                tr("已申请退单 {n} 次,不能再申请。", n=mine.return_requests),
                fix=tr("请继续办理;仍有争议的,请与派单员联系。"),
            )
        last = _within(step.profile, mine.dispatched_at, rules.ask_within).at
        if step.at > last:
            raise TooLate(
                tr(
                    "派单后 {span}内可申请退单,已于 {last} 截止。",
                    span=rules.ask_within.describe(),
                    last=f"{last.astimezone(step.profile.clock.tz):%Y-%m-%d %H:%M}",
                ),
                fix=tr("请继续办理;仍有争议的,请与派单员联系。"),
            )
        step.set(mine, return_requests=mine.return_requests + 1)
        term = rules.decide_within
        due = _within(step.profile, step.at, term)
        ask(
            step,
            _KIND,
            decide_by=due.at,
            provisional=due.provisional,
            amount=term.amount,
            basis=term.basis.value,
        )

    return perform(Act.ASK_RETURN, body, order=order, handling=handling, actor=actor, now=now)


def _within(profile: Profile, begin: datetime, span: Span) -> Due:
    # A year without a calendar gives the unit and the dispatcher a generous guess (ruling 11).
    return due_or_provisional(Run(rule=_KIND.value, span=span, started_at=begin), profile.clock)


def decide_return(
    *,
    order: str,
    handling: int,
    granted: bool,
    reason: str,
    actor: Actor,
    now: datetime,
    next_unit: str | None = None,
) -> Done:
    """Let the unit go, or not. `next_unit` takes over at once, as lead where the unit led; the order's clock runs on.

    Raises WrongState when nothing was asked, Missing without a reason or when the order would be left with assisting
    units and no lead, BadValue for a next unit that is unknown, has the order already, or is the one that returns it.
    """

    def body(step: Step) -> None:
        petition, mine = need_petition(step, _KIND), step.handling
        need_reason(step, reason)
        decide(step, petition, granted=granted)
        if granted:
            step.set(mine, state=HandlingState.RETURNED.value)
            lapse(step, mine)
            _hand_on(step, next_unit)
        elif next_unit is not None:
            raise BadValue(tr("没有同意退单,不能改派。"), fix=tr("请去掉改派的单位,或同意退单。"))

    return perform(
        Act.DECIDE_RETURN,
        body,
        order=order,
        handling=handling,
        actor=actor,
        now=now,
        did=who_asked(_KIND),
    )


def _hand_on(step: Step, next_unit: str | None) -> None:
    returned = step.handling
    if next_unit is None:
        if step.live and step.lead is None:
            raise Missing(
                tr("主办单位退单后只剩协办单位。"), fix=tr("请指定新的主办单位,或先撤回派单再重新派单。")
            )
        return
    if next_unit in {returned.unit, answering_unit(step, returned)}:
        raise BadValue(tr("不能改派给申请退单的单位。"), fix=tr("请选择另一单位,或不同意退单。"))
    open_handling(step, next_unit, Part(returned.part))
    if returned.part == Part.LEAD:
        tell_reassigned(step, Act.DECIDE_RETURN.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispute:
    """A return that waits for the dispatcher's decision; `late` once its term is over.

    `provisional`: the term is a guess, as the calendar lacks a year (ruling 11), and nobody is late by a guess.
    """

    order: str
    handling: int
    unit: str
    urgency: Urgency
    asks: int
    asked_at: datetime
    decide_by: datetime
    provisional: bool
    late: bool


_MOST_URGENT_FIRST = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL)


def open_disputes(actor: Actor, now: datetime) -> tuple[Dispute, ...]:
    """The returns that wait to be decided, of the handlings that `actor` sees: to the centre all, to a unit its own.

    What hurts first comes first: those past their term, among equals the more urgent order, then what is to be decided
    soonest. The unit's own clocks run on until then, and an emergency's are hours.
    """
    found = petitions_for(actor).filter(
        kind=_KIND.value, state__in=[each.value for each in OPEN_PETITIONS], decide_by__isnull=False
    )
    with told_of_waiting():
        rows = list(found.select_related("order", "handling").order_by("decide_by", "pk"))
    disputes = [
        Dispute(
            order=each.order.number,
            handling=each.handling.serial,
            unit=each.handling.unit,
            urgency=Urgency(each.order.urgency),
            asks=each.handling.return_requests,
            asked_at=each.asked_at,
            decide_by=each.decide_by,
            provisional=each.provisional,
            late=not each.provisional and each.decide_by < now,
        )
        for each in rows
        if each.decide_by is not None
    ]
    return tuple(sorted(disputes, key=lambda each: (not each.late, _MOST_URGENT_FIRST.index(each.urgency))))
