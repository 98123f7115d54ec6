"""Performing an act: who may, lock, who may, the move, the body, what follows, the write."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

from jieban.kernel.i18n import tr, tr_later
from jieban.orders.engine.follow import follow_up
from jieban.orders.engine.rows import select
from jieban.orders.engine.step import Step
from jieban.orders.engine.transactions import in_one_transaction, told_of_waiting
from jieban.orders.engine.write import write
from jieban.orders.errors import NoSuchOrder, NotAllowed, TimeRunsBack, WrongState
from jieban.orders.models import Handling, Order
from jieban.orders.moves import MOVES
from jieban.orders.requesters import requester_of
from jieban.orders.states import (
    GONE,
    HANDLING_STATE_NAMES,
    ORDER_STATE_NAMES,
    HandlingState,
    OrderState,
)
from jieban.orders.texts import storable
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.policy import SEES_EVERY_ORDER, Standing, may_anywhere, may_ever, role_for
from jieban.people.roles import UNIT_ROLES
from jieban.people.units import answering, unit_and_below
from jieban.people.words import ACT_NAMES

T = TypeVar("T")

_SKEW = timedelta(seconds=2)
"""Machines' clocks differ by a little: an act that seems so much too early is taken to be at the last one's instant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """An act that is in the database: the order, and the number of its event."""

    order: str
    seq: int
    handling: int | None = None


Body = Callable[[Step], None]


def perform(
    act: Act,
    body: Body,
    *,
    order: str,
    actor: Actor,
    now: datetime,
    handling: int | None = None,
    did: Callable[[Step], str | None] | None = None,
) -> Done:
    """Do `act` on one order in one transaction; `body` says what changes.

    `handling` is the serial of the handling acted on, where the act is on one. `did` tells who did what the act
    judges: nobody judges their own. Raises NoSuchOrder, NotAllowed, WrongState, TimeRunsBack or what `body` raises;
    then nothing is written. Raises Busy when the order stays locked, Unavailable without a connection in time.
    """
    if not may_ever(actor, act):
        look(act, order=order, actor=actor, now=now, handling=handling)

    def once() -> Done:
        step = begin(act, order=order, actor=actor, now=now)
        return finish(step, body, handling=handling, did=did)

    return in_one_transaction(once)


def perform_on_several(
    acts: Mapping[str, Act], work: Callable[[dict[str, Step]], T], *, actor: Actor, now: datetime
) -> T:
    """Do an act on each of several orders at once (merge, unmerge): `acts` by their numbers.

    Who may do all of them is looked at first, in the order given, and again once they are locked. `work` gets a step
    for each and ends each with `finish`.
    """
    for order, act in acts.items():
        if not may_anywhere(actor, act):
            look(act, order=order, actor=actor, now=now)

    def once() -> T:
        found = locked(acts)
        for order in acts:
            if order not in found:
                raise no_such_order(order)
        return work({order: step_on(act, found[order], actor=actor, now=now) for order, act in acts.items()})

    return in_one_transaction(once)


def look(act: Act, *, order: str, actor: Actor, now: datetime, handling: int | None = None) -> None:
    """Raise what `act` would raise for somebody who may not do it, with nothing locked yet.

    So nobody can keep others waiting for an order that isn't their business, nor learn by waiting that it is there.
    What is found is no promise: who may is asked again under the lock.
    """
    with told_of_waiting():
        found = numbered(order)
        if found is None:
            raise no_such_order(order)
        step = step_on(act, found, actor=actor, now=now)
        if handling is not None:
            _choose(step, handling)
        check_may(step, None)


def begin(act: Act, *, order: str, actor: Actor, now: datetime) -> Step:
    """A step on an order, which is locked from here on. Within a transaction only."""
    found = locked((order,)).get(order)
    if found is None:
        raise no_such_order(order)
    return step_on(act, found, actor=actor, now=now)


def numbered(number: str) -> Order | None:
    """The order of a number, whoever asks; None where there is none."""
    if not storable(number):
        return None
    return next(iter(select(Order, "number", lambda: Order.objects.filter(number=number), number)), None)


def locked(numbers: Iterable[str], *, waiting: bool = True) -> dict[str, Order]:
    """Orders by their numbers, locked in the order of their keys, in which everybody locks them.

    Without `waiting` those that somebody holds are missing; SQLite locks no single order, and there none is.
    """
    wanted = tuple(dict.fromkeys(number for number in numbers if storable(number)))
    if not wanted:
        return {}
    if not connection.in_atomic_block:
        raise TransactionManagementError("what is locked outside of a transaction is let go at once")

    def ask() -> QuerySet[Order]:
        # Not the key: rows that point to this one may be written meanwhile, and so nobody waits in a circle for those.
        rows = Order.objects.select_for_update(no_key=True, skip_locked=not waiting)
        return rows.filter(number__in=wanted).order_by("pk")

    return {found.number: found for found in select(Order, (len(wanted), waiting), ask, *wanted)}


def step_on(act: Act, order: Order, *, actor: Actor, now: datetime) -> Step:
    """A step on an order that was read, and locked where something shall be written."""
    if now.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {now!r}")
    profile, at = city(), max(now, order.last_at)
    acting = answering(actor, profile, profile.clock.local_date(at))
    step = Step(act=act, order=order, actor=acting, at=at, profile=profile, keyring=keyring())
    step.runs_back = now < order.last_at - _SKEW
    return step


def finish(
    step: Step, body: Body, *, handling: int | None = None, did: Callable[[Step], str | None] | None = None
) -> Done:
    """Check who may and the move, then do what the act does and write it."""
    play(step, body, handling=handling, did=did)
    write(step)
    return Done(order=step.order.number, seq=step.order.events, handling=handling)


def play(
    step: Step, body: Body, *, handling: int | None = None, did: Callable[[Step], str | None] | None = None
) -> None:
    """All of an act but the writing: what is refused here has left nothing."""
    if handling is not None:
        _choose(step, handling)
    check_may(step, did(step) if did is not None else None)
    _check_time(step)
    check_move(step)
    _move(step)
    body(step)
    follow_up(step)


def no_such_order(number: str) -> NoSuchOrder:
    """The same refusal for an order that isn't there and for one that isn't this person's business."""
    return NoSuchOrder(
        tr("没有编号为 {number} 的工单。", number=number),
        fix=tr("请核对编号;若编号无误,则该工单不在您的权限之内。"),
    )


def _choose(step: Step, serial: int) -> None:
    found = next((each for each in step.handlings if each.serial == serial), None)
    if found is None:
        # Who doesn't see the order learns from this refusal no more than from any other.
        shown = sees(step.actor, with_absorber(step, standing_of(step)))
        raise no_such_order(f"{step.order.number}-{serial}" if shown else step.order.number)
    step.handling_serial = serial


def _check_time(step: Step) -> None:
    if step.runs_back:
        raise TimeRunsBack(
            tr("工单 {number} 在这一时刻之后已有操作,不能补记在它之前。", number=step.order.number),
            fix=tr("请核对本机时间后再操作。"),
        )


def standing_of(step: Step, did: str | None = None) -> Standing:
    """How matters stand, for the policy."""
    lead = step.lead
    chosen = step.handling if step.handling_serial is not None else None
    # What a unit gave back, or was relieved of, is no longer its own.
    held = chosen is not None and HandlingState(chosen.state) not in GONE
    return Standing(
        unit=chosen.unit if chosen is not None and held else None,
        lead=lead.unit if lead is not None else None,
        involved=frozenset(each.unit for each in step.live),
        citizen=requester_of(step.order),
        did=did,
    )


def check_may(step: Step, did: str | None) -> None:
    """Raises NoSuchOrder for who may not even see the order, NotAllowed for who may not do this to it."""
    standing = standing_of(step, did)
    role = role_for(step.actor, step.act, standing)
    if role is None and step.order.merged_into_id is not None:
        standing = with_absorber(step, standing)
        role = role_for(step.actor, step.act, standing)
    if role is None and not sees(step.actor, standing):
        raise no_such_order(step.order.number)
    if role is None:
        raise NotAllowed(
            tr(
                "您的岗位不能对工单 {number} 进行“{act}”。",
                number=step.order.number,
                act=tr_later(ACT_NAMES[step.act]),
            ),
            fix=tr("请由有此权限的人员办理(见权限表)。"),
        )
    step.fact(role=role.value)


def with_absorber(step: Step, standing: Standing) -> Standing:
    """How matters stand, when the units of the order that this one was merged into have it in their hands, too."""
    return replace(standing, involved=standing.involved | {each.unit for each in step.in_hand})


def sees(actor: Actor, standing: Standing) -> bool:
    """Whether the order is this person's business at all."""
    if actor.roles & SEES_EVERY_ORDER:
        return True
    if standing.citizen is not None and standing.citizen == actor.ref:
        return True
    profile = city()
    return any(
        not unit_and_below(profile, unit).isdisjoint(standing.involved)
        for unit in actor.units_as(*UNIT_ROLES)
    )


def check_move(step: Step) -> None:
    """Raises WrongState for an act that doesn't start from where the order or the handling is."""
    move = MOVES[step.act]
    state = OrderState(step.order.state)
    if state not in move.order:
        raise WrongState(
            tr(
                "工单 {number} 现为“{state}”,不能“{act}”。",
                number=step.order.number,
                state=tr_later(ORDER_STATE_NAMES[state]),
                act=tr_later(ACT_NAMES[step.act]),
            ),
            fix=tr("请刷新后按工单现状办理。"),
        )
    if move.handling is None:
        return
    if step.handling_serial is None:
        raise ValueError(f"{step.act} is an act on a handling")
    at = HandlingState(step.handling.state)
    if at not in move.handling:
        raise WrongState(
            tr(
                "承办 {number}-{serial} 现为“{state}”,不能“{act}”。",
                number=step.order.number,
                serial=step.handling_serial,
                state=tr_later(HANDLING_STATE_NAMES[at]),
                act=tr_later(ACT_NAMES[step.act]),
            ),
            fix=tr("请刷新后按工单现状办理。"),
        )


def _move(step: Step) -> None:
    move = MOVES[step.act]
    if move.handling_to is not None:
        step.set(step.handling, state=move.handling_to.value)
    if move.to is not None:
        step.set(step.order, state=move.to.value)


def handling_of(step: Step, serial: int) -> Handling:
    """A live handling of the step's order by its serial. Raises NoSuchOrder."""
    found = next((each for each in step.handlings if each.serial == serial), None)
    if found is None or HandlingState(found.state) in GONE:
        raise no_such_order(f"{step.order.number}-{serial}")
    return found
