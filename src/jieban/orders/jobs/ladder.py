"""The job behind the clocks: warnings by the profile's ladders, and true deadlines once a calendar is loaded.

What a unit asks and must be decided by an instant (a return) is warned of as clocks are.
Each order is an act and a transaction of its own. What was told is stored with the clock, so that a run that is killed,
repeated, missed or made twice at once tells each step once and loses none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet

from jieban.orders.clocks import Run, due_or_provisional, settled
from jieban.orders.engine.follow import move_deadline, run_of
from jieban.orders.engine.perform import Body, perform
from jieban.orders.engine.step import Step, entity
from jieban.orders.engine.transactions import told_of_waiting
from jieban.orders.errors import Busy, TimeRunsBack, WrongState
from jieban.orders.models import OPEN_PETITIONS, Clock, Petition
from jieban.orders.moves import LIVE_ORDER
from jieban.orders.rungs import ladder_of, reached, unraised
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.city_in_force import days_changed_at
from jieban.profile.model import Level, Stage
from jieban.profile.workflow import LadderStep, WarningStep, Workflow
from jieban.worktime import Basis, Span

BATCH = 500
_RUNNING = Q(stopped_at__isnull=True, dropped=False, paused_at__isnull=True, provisional=False)
Timed = TypeVar("Timed", Clock, Petition)


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """What a run did: to how many orders, and which it had to leave for the next one."""

    orders: int
    left: tuple[str, ...] = ()


class _NothingToDo(Exception):  # ends an act that somebody else has made needless
    pass


def raise_warnings(*, now: datetime) -> Swept:
    """Tell of every step of the ladders that a deadline has come to: one event an order, naming them all.

    Deadlines are those of running clocks and of returns that wait to be decided. Paused, stopped and dropped clocks and
    decided returns have none, provisional ones only once their deadline is true.
    """
    return _each_order(Act.WARN, _warn, _due_to_be_told(now), now)


def _due_to_be_told(now: datetime) -> Iterator[Clock | Petition]:
    workflow = city().workflow
    for level in Level:
        for stage in Stage:
            ladder = ladder_of(workflow, level, stage)
            for clock in _batches(_near(level, stage, ladder, now), ("due_at", "pk")) if ladder else ():
                if pending(workflow, clock, now):
                    yield clock
    waiting = _waiting(workflow.returns.ladder, now)
    for petition in _batches(waiting, ("decide_by", "pk")) if workflow.returns.ladder else ():
        if pending_decision(workflow, petition, now):
            yield petition


def _each_order(act: Act, body: Body, found: Iterator[Clock | Petition], now: datetime) -> Swept:
    """Do `act` once to every order of which something was found."""
    done, left, seen = 0, [], set()
    for each in found:
        if each.order_id in seen:
            continue
        seen.add(each.order_id)
        came = _attempt(act, body, each.order.number, now)
        done += came is True
        left += [each.order.number] if came is None else []
    return Swept(orders=done, left=tuple(left))


def _come(ladder: tuple[WarningStep, ...], column: str, now: datetime) -> Q:
    """Rows whose deadline a step of the ladder has come to, unless that step or a later one was raised."""
    come = Q()
    for place, step in enumerate(ladder):
        later = [each.id for each in ladder[place:]]
        come |= Q(**{f"{column}__lte": now + timedelta(hours=step.hours)}) & ~Q(warned__in=later)
    return come


def _near(level: Level, stage: Stage, ladder: tuple[LadderStep, ...], now: datetime) -> QuerySet[Clock]:
    return Clock.objects.filter(
        _come(ladder, "due_at", now),
        level=level.value,
        stage=stage.value,
        stopped_at__isnull=True,
        dropped=False,
        paused_at__isnull=True,
        provisional=False,
        order__state__in=[state.value for state in LIVE_ORDER],
    )


def _waiting(ladder: tuple[WarningStep, ...], now: datetime) -> QuerySet[Petition]:
    return Petition.objects.filter(
        _come(ladder, "decide_by", now),
        state__in=[state.value for state in OPEN_PETITIONS],
        decide_by__isnull=False,
        provisional=False,
    )


def pending(workflow: Workflow, clock: Clock, at: datetime) -> tuple[LadderStep, ...]:
    """The steps that a clock has come to and nobody was told of."""
    if clock.stopped_at is not None or clock.dropped or clock.paused_at is not None or clock.provisional:
        return ()
    ladder = ladder_of(workflow, clock.level, clock.stage)
    started_at = settled(run_of(clock)).started_at
    return unraised(reached(ladder, started_at=started_at, due=clock.due_at, at=at), ladder, clock.warned)


def pending_decision(workflow: Workflow, petition: Petition, at: datetime) -> tuple[WarningStep, ...]:
    """The steps that a petition which waits to be decided has come to and nobody was told of."""
    if petition.state not in OPEN_PETITIONS or petition.decide_by is None or petition.provisional:
        return ()
    ladder = workflow.returns.ladder
    come = reached(ladder, started_at=petition.asked_at, due=petition.decide_by, at=at)
    return unraised(come, ladder, petition.warned)


def _warn(step: Step) -> None:
    told: list[dict[str, object]] = []
    for clock in step.clocks:
        steps = pending(step.profile.workflow, clock, step.at)
        if steps:
            told.append({"clock": entity(clock), "due": clock.due_at, "steps": [each.id for each in steps]})
            step.set(clock, warned=steps[-1].id)
    for petition in step.petitions:
        waits = pending_decision(step.profile.workflow, petition, step.at)
        if waits:
            due = petition.decide_by
            told.append({"petition": entity(petition), "due": due, "steps": [each.id for each in waits]})
            step.set(petition, warned=waits[-1].id)
    if not told:
        raise _NothingToDo
    step.fact(warnings=told)


def recompute_provisional(*, now: datetime) -> Swept:
    """Give what waits for a calendar its true deadline, where the calendar now has the year (ruling 11)."""
    return _each_order(Act.RECOMPUTE_CLOCKS, _recompute, _now_known(), now)


def _now_known() -> Iterator[Clock | Petition]:
    clock_of_city = city().clock
    for clock in _batches(Clock.objects.filter(provisional=True), ("pk",)):
        if not due_or_provisional(run_of(clock), clock_of_city).provisional:
            yield clock
    for petition in _batches(Petition.objects.filter(provisional=True), ("pk",)):
        if not due_or_provisional(run_of_petition(petition), clock_of_city).provisional:
            yield petition


def run_of_petition(petition: Petition) -> Run:
    """The term within which a petition must be decided. Raises ValueError for one that has none."""
    if petition.amount is None or petition.basis is None:
        raise ValueError(f"{petition} need not be decided by any instant")
    span = Span(amount=petition.amount, basis=Basis(petition.basis))
    return Run(rule=petition.kind, span=span, started_at=petition.asked_at)


def _recompute(step: Step) -> None:
    waiting = [clock for clock in step.clocks if clock.provisional]
    for clock in waiting:
        if not due_or_provisional(run_of(clock), step.profile.clock).provisional:
            move_deadline(step, clock, run_of(clock))
    petitions = [petition for petition in step.petitions if petition.provisional]
    for petition in petitions:
        due = due_or_provisional(run_of_petition(petition), step.profile.clock)
        if not due.provisional:
            step.set(petition, decide_by=due.at, provisional=False)
    if all(clock.provisional for clock in waiting) and all(petition.provisional for petition in petitions):
        raise _NothingToDo


def recompute_moved(*, now: datetime) -> Swept:
    """Give running clocks the deadline that the calendar's days lead to, where these were changed on pages since.

    Nothing else moves what runs: another rule or other office hours hold for what starts after them.
    """
    since = days_changed_at()
    if since is None:
        return Swept(orders=0)
    running = Clock.objects.filter(_RUNNING, started_at__lt=since)
    moved = (each for each in _batches(running, ("pk",)) if _has_moved(each))
    return _each_order(Act.RECOMPUTE_CLOCKS, _recount, moved, now)


def _has_moved(clock: Clock) -> bool:
    due = due_or_provisional(run_of(clock), city().clock)
    return not due.provisional and due.at != clock.due_at


def _recount(step: Step) -> None:
    running = [each for each in step.clocks if not each.dropped and each.stopped_at is None]
    moved = [each for each in running if each.paused_at is None and not each.provisional and _has_moved(each)]
    for clock in moved:
        move_deadline(step, clock, run_of(clock))
    if not moved:
        raise _NothingToDo


def _batches(found: QuerySet[Timed], key: tuple[str, ...]) -> Iterator[Timed]:
    """Rows by keyset, a batch a query: each is read when the ones before it are done with."""
    last: Timed | None = None
    while True:
        rows = found if last is None else found.filter(_after(last, key))
        with told_of_waiting():
            batch = list(rows.select_related("order").order_by(*key)[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1]


def _after(last: Clock | Petition, key: tuple[str, ...]) -> Q:
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
