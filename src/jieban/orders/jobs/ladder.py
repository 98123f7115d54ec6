"""The job behind the clocks: warnings by the profile's ladders.

What a unit asks and must be decided by an instant (a return) is warned of as clocks are.
Each order is an act and a transaction of its own. What was told is stored with the clock, so that a run that is killed,
repeated, missed or made twice at once tells each step once and loses none.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from jieban.orders.clocks import settled
from jieban.orders.engine.follow import run_of
from jieban.orders.engine.step import Step, entity
from jieban.orders.jobs.sweep import NothingToDo, Swept, batches, each_order
from jieban.orders.models import OPEN_PETITIONS, Clock, Petition
from jieban.orders.moves import LIVE_ORDER
from jieban.orders.rungs import ladder_of, reached, unraised
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.profile.model import Level, Stage
from jieban.profile.workflow import LadderStep, WarningStep, Workflow


def raise_warnings(*, now: datetime) -> Swept:
    """Tell of every step of the ladders that a deadline has come to: one event an order, naming them all.

    Deadlines are those of running clocks and of returns that wait to be decided. Paused, stopped and dropped clocks and
    decided returns have none, provisional ones only once their deadline is true.
    """
    return each_order(Act.WARN, _warn, _due_to_be_told(now), now)


def _due_to_be_told(now: datetime) -> Iterator[Clock | Petition]:
    workflow = city().workflow
    for level in Level:
        for stage in Stage:
            ladder = ladder_of(workflow, level, stage)
            for clock in batches(_near(level, stage, ladder, now), ("due_at", "pk")) if ladder else ():
                if pending(workflow, clock, now):
                    yield clock
    waiting = _waiting(workflow.returns.ladder, now)
    for petition in batches(waiting, ("decide_by", "pk")) if workflow.returns.ladder else ():
        if pending_decision(workflow, petition, now):
            yield petition


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
        raise NothingToDo
    step.fact(warnings=told)
