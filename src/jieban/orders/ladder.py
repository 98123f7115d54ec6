"""The job behind the clocks: warnings by the profile's ladder, and true deadlines once a calendar is loaded.

Each order is an act and a transaction of its own. What was told is stored with the clock, so that a run that is killed,
repeated, missed or made twice at once tells each step once and loses none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from jieban.orders.clocks import due_or_provisional, settled
from jieban.orders.engine.follow import move_deadline, run_of
from jieban.orders.engine.perform import Body, perform
from jieban.orders.engine.step import Step, entity
from jieban.orders.errors import Busy, TimeRunsBack, WrongState
from jieban.orders.models import Clock
from jieban.orders.moves import LIVE_ORDER
from jieban.orders.rungs import ladder_of, reached, unraised
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.profile.model import Level, Stage
from jieban.profile.workflow import LadderStep, Workflow

BATCH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """What a run did: to how many orders, and which it had to leave for the next one."""

    orders: int
    left: tuple[str, ...] = ()


class _NothingToDo(Exception):  # ends an act that somebody else has made needless
    pass


def raise_warnings(*, now: datetime) -> Swept:
    """Tell of every step of the ladder that a running clock has come to: one event an order, naming them all.

    Paused, stopped and dropped clocks have none, provisional ones only once their deadline is true.
    """
    workflow = city().workflow
    done, left, seen = 0, [], set()
    for level in Level:
        for stage in Stage:
            ladder = ladder_of(workflow, level, stage)
            for clock in _batches(_near(level, stage, ladder, now), ("due_at", "pk")) if ladder else ():
                if clock.order_id in seen or not pending(workflow, clock, now):
                    continue
                seen.add(clock.order_id)
                found = _attempt(Act.WARN, _warn, clock.order.number, now)
                done += found is True
                left += [clock.order.number] if found is None else []
    return Swept(orders=done, left=tuple(left))


def _near(level: Level, stage: Stage, ladder: tuple[LadderStep, ...], now: datetime) -> QuerySet[Clock]:
    come = Q()
    for place, step in enumerate(ladder):
        later = [each.id for each in ladder[place:]]
        come |= Q(due_at__lte=now + timedelta(hours=step.hours)) & ~Q(warned__in=later)
    return Clock.objects.filter(
        come,
        level=level.value,
        stage=stage.value,
        stopped_at__isnull=True,
        dropped=False,
        paused_at__isnull=True,
        provisional=False,
        order__state__in=[state.value for state in LIVE_ORDER],
    )


def pending(workflow: Workflow, clock: Clock, at: datetime) -> tuple[LadderStep, ...]:
    """The steps that a clock has come to and nobody was told of."""
    if clock.stopped_at is not None or clock.dropped or clock.paused_at is not None or clock.provisional:
        return ()
    ladder = ladder_of(workflow, clock.level, clock.stage)
    started_at = settled(run_of(clock)).started_at
    return unraised(reached(ladder, started_at=started_at, due=clock.due_at, at=at), ladder, clock.warned)


def _warn(step: Step) -> None:
    told = []
    for clock in step.clocks:
        steps = pending(step.profile.workflow, clock, step.at)
        if steps:
            told.append({"clock": entity(clock), "due": clock.due_at, "steps": [each.id for each in steps]})
            step.set(clock, warned=steps[-1].id)
    if not told:
        raise _NothingToDo
    step.fact(warnings=told)


def recompute_provisional(*, now: datetime) -> Swept:
    """Give clocks that wait for a calendar their true deadline, where the calendar now has the year (ruling 11)."""
    clock_of_city = city().clock
    done, left, seen = 0, [], set()
    for clock in _batches(Clock.objects.filter(provisional=True), ("pk",)):
        if clock.order_id in seen or due_or_provisional(run_of(clock), clock_of_city).provisional:
            continue
        seen.add(clock.order_id)
        found = _attempt(Act.RECOMPUTE_CLOCKS, _recompute, clock.order.number, now)
        done += found is True
        left += [clock.order.number] if found is None else []
    return Swept(orders=done, left=tuple(left))


def _recompute(step: Step) -> None:
    waiting = [clock for clock in step.clocks if clock.provisional]
    for clock in waiting:
        if not due_or_provisional(run_of(clock), step.profile.clock).provisional:
            move_deadline(step, clock, run_of(clock))
    if all(clock.provisional for clock in waiting):
        raise _NothingToDo


def _batches(found: QuerySet[Clock], key: tuple[str, ...]) -> Iterator[Clock]:
    """Rows by keyset, a batch a query: each is read when the ones before it are done with."""
    last: Clock | None = None
    while True:
        rows = found if last is None else found.filter(_after(last, key))
        batch = list(rows.select_related("order").order_by(*key)[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1]


def _after(last: Clock, key: tuple[str, ...]) -> Q:
    """What comes behind a row in the order of `key`, whose last part is unique."""
    first, *rest = key
    here = getattr(last, first)
    beyond = Q(**{f"{first}__gt": here})
    return beyond | (Q(**{first: here}) & _after(last, tuple(rest))) if rest else beyond


def _attempt(act: Act, body: Body, order: str, now: datetime) -> bool | None:
    """Whether the act was done; None when it has to be tried again."""
    try:
        perform(act, body, order=order, actor=Actor.system(), now=now)
    except (_NothingToDo, WrongState):
        return False
    except (Busy, TimeRunsBack):
        return None
    return True
