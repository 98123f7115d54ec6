"""True deadlines: once a calendar is loaded for those that waited for it, and when its days were changed on pages.

Run twice, at once or after having been killed, each order gets its event once: what a clock says isn't told anew.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from jieban.orders.clocks import Run, due_or_provisional
from jieban.orders.engine.follow import move_deadline, run_of
from jieban.orders.engine.step import Step
from jieban.orders.jobs.sweep import NothingToDo, Swept, batches, each_order
from jieban.orders.models import OPEN_PETITIONS, Clock, Petition
from jieban.orders.rungs import reached, still_raised
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.city_in_force import days_changed_at
from jieban.worktime import Basis, Span

_RUNNING = Q(stopped_at__isnull=True, dropped=False, paused_at__isnull=True, provisional=False)
_KEPT = timedelta(hours=1)
"""So long a request may go on that began before days were changed, and starts clocks by the city that it keeps."""
_WAITING = Q(state__in=sorted(OPEN_PETITIONS), decide_by__isnull=False, provisional=False)


def recompute_provisional(*, now: datetime) -> Swept:
    """Give what waits for a calendar its true deadline, where the calendar now has the year (ruling 11)."""
    return each_order(Act.RECOMPUTE_CLOCKS, _recompute, _now_known(), now)


def _now_known() -> Iterator[Clock | Petition]:
    clock_of_city = city().clock
    for clock in batches(Clock.objects.filter(provisional=True), ("pk",)):
        if not due_or_provisional(run_of(clock), clock_of_city).provisional:
            yield clock
    for petition in batches(Petition.objects.filter(provisional=True), ("pk",)):
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
        raise NothingToDo


def recompute_moved(*, now: datetime) -> Swept:
    """Give running clocks, and returns that wait to be decided, the deadline that the calendar's days lead to.

    That is where these were changed on pages since. Nothing else moves what runs: another rule or other office hours
    hold for what starts after them.
    """
    changed = days_changed_at(now)
    if changed is None:
        return Swept(orders=0)
    return each_order(Act.RECOMPUTE_CLOCKS, _recount, _moved(changed + _KEPT), now)


def _moved(before: datetime) -> Iterator[Clock | Petition]:
    """What was started before an instant and runs to another deadline than it says; along the index of what runs."""
    # What an act moves farther back comes by once more, and its order is done with by then.
    for clock in batches(Clock.objects.filter(_RUNNING, started_at__lt=before), ("due_at", "pk")):
        if _has_moved(clock):
            yield clock
    for petition in batches(Petition.objects.filter(_WAITING, asked_at__lt=before), ("decide_by", "pk")):
        if _decision_has_moved(petition):
            yield petition


def _has_moved(clock: Clock) -> bool:
    due = due_or_provisional(run_of(clock), city().clock)
    return not due.provisional and due.at != clock.due_at


def _decision_has_moved(petition: Petition) -> bool:
    due = due_or_provisional(run_of_petition(petition), city().clock)
    return not due.provisional and due.at != petition.decide_by


def _recount(step: Step) -> None:
    running = [each for each in step.clocks if not each.dropped and each.stopped_at is None]
    moved = [each for each in running if each.paused_at is None and not each.provisional and _has_moved(each)]
    for clock in moved:
        move_deadline(step, clock, run_of(clock))
    asked = [
        each
        for each in step.petitions
        if each.state in OPEN_PETITIONS and each.decide_by is not None and not each.provisional
    ]
    waiting = [each for each in asked if _decision_has_moved(each)]
    for petition in waiting:
        _move_decision(step, petition)
    if not moved and not waiting:
        raise NothingToDo


def _move_decision(step: Step, petition: Petition) -> None:
    """Store another term to decide; warnings of the old one that no longer hold are void."""
    due = due_or_provisional(run_of_petition(petition), step.profile.clock).at
    ladder = step.profile.workflow.returns.ladder
    come = reached(ladder, started_at=petition.asked_at, due=due, at=step.at)
    step.set(petition, decide_by=due, warned=still_raised(come, ladder, petition.warned))
