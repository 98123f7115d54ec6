"""Performing an act: lock, who may, the move, the body, what follows, the write; again when the database asks."""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import OperationalError, connection, transaction

from jieban.kernel.i18n import tr, tr_later
from jieban.orders.engine.follow import follow_up
from jieban.orders.engine.step import Step
from jieban.orders.engine.write import write
from jieban.orders.errors import Busy, NoSuchOrder, NotAllowed, TimeRunsBack, WrongState
from jieban.orders.models import Handling, Order
from jieban.orders.moves import MOVES
from jieban.orders.states import (
    GONE,
    HANDLING_STATE_NAMES,
    ORDER_STATE_NAMES,
    HandlingState,
    OrderState,
)
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.policy import SEES_EVERY_ORDER, Standing, role_for
from jieban.people.roles import UNIT_ROLES
from jieban.people.units import unit_and_below
from jieban.people.words import ACT_NAMES

T = TypeVar("T")

_TRIES = 6
_FIRST_WAIT = 0.01
_LONGEST_WAIT = 15.0
"""Seconds after which no other try begins: the database itself has waited for the lock by then."""
_SKEW = timedelta(seconds=2)
"""Machines' clocks differ by a little: an act that seems so much too early is taken to be at the last one's instant."""
_PG_RETRY = frozenset({"40001", "40P01", "55P03"})


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
    then nothing is written. Raises Busy when the order stays locked.
    """

    def once() -> Done:
        step = begin(act, order=order, actor=actor, now=now)
        return finish(step, body, handling=handling, did=did)

    return in_one_transaction(once)


def perform_on_several(
    act: Act, work: Callable[[dict[str, Step]], T], *, orders: Iterable[str], actor: Actor, now: datetime
) -> T:
    """Do `act` on several orders at once (merge, split). They are locked in the order of their numbers.

    `work` gets a step for each and ends each with `finish`.
    """
    numbers = sorted(set(orders))

    def once() -> T:
        return work({number: begin(act, order=number, actor=actor, now=now) for number in numbers})

    return in_one_transaction(once)


def begin(act: Act, *, order: str, actor: Actor, now: datetime) -> Step:
    """A step on an order, which is locked from here on. Within a transaction only."""
    if now.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {now!r}")
    # Not the key: rows that point to this one may be written meanwhile, and so nobody waits in a circle for those.
    found = Order.objects.select_for_update(no_key=True).filter(number=order).first()
    if found is None:
        raise no_such_order(order)
    at = max(now, found.last_at)
    step = Step(act=act, order=found, actor=actor, at=at, profile=city(), keyring=keyring())
    step.runs_back = now < found.last_at - _SKEW
    return step


def finish(
    step: Step, body: Body, *, handling: int | None = None, did: Callable[[Step], str | None] | None = None
) -> Done:
    """Check who may and the move, then do what the act does and write it."""
    if handling is not None:
        _choose(step, handling)
    check_may(step, did(step) if did is not None else None)
    _check_time(step)
    check_move(step)
    _move(step)
    body(step)
    follow_up(step)
    write(step)
    return Done(order=step.order.number, seq=step.order.events, handling=handling)


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
        shown = sees(step.actor, standing_of(step))
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
        citizen=step.order.requester,
        did=did,
    )


def check_may(step: Step, did: str | None) -> None:
    """Raises NoSuchOrder for who may not even see the order, NotAllowed for who may not do this to it."""
    standing = standing_of(step, did)
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


def in_one_transaction(work: Callable[[], T]) -> T:
    """Run `work` in a transaction, again when the database chose it as the victim of a conflict.

    Within an outer transaction it runs once, as part of that; what it refuses leaves nothing there either. Raises Busy
    when the conflict stays.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            return work()
    wait, begun = _FIRST_WAIT, time.monotonic()
    for tried in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as fault:
            if not _worth_another_try(fault):
                raise
            if tried == _TRIES or time.monotonic() - begun > _LONGEST_WAIT:
                raise Busy(
                    tr("工单正由他人操作,暂时不能写入,本次操作没有保存。"), fix=tr("请稍后再试。")
                ) from fault
        time.sleep(wait * (1 + random.random()))  # noqa: S311  # spreads those who wait, hides nothing
        wait *= 2
    raise AssertionError("the last try returns or raises")


def _worth_another_try(fault: OperationalError) -> bool:
    state = getattr(fault.__cause__, "sqlstate", None)
    if state is not None:
        return state in _PG_RETRY
    return "locked" in str(fault) or "busy" in str(fault)


def handling_of(step: Step, serial: int) -> Handling:
    """A live handling of the step's order by its serial. Raises NoSuchOrder."""
    found = next((each for each in step.handlings if each.serial == serial), None)
    if found is None or HandlingState(found.state) in GONE:
        raise no_such_order(f"{step.order.number}-{serial}")
    return found
