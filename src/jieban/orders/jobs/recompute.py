"""True deadlines: once a calendar is loaded for those that waited for it, and when its days were changed on pages.

Run twice, at once or after having been killed, each order gets its event once: what a clock says isn't told anew.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property, lru_cache, partial

from django.db.models import Q

from jieban.orders.clocks import Due, Run, due_or_provisional
from jieban.orders.engine.follow import move_deadline, run_of
from jieban.orders.engine.step import Step
from jieban.orders.jobs.sweep import NothingToDo, Swept, batches, each_order
from jieban.orders.models import OPEN_PETITIONS, Clock, Petition
from jieban.orders.rungs import reached, still_raised
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.city_in_force import days_changed_at, work_clocks_until
from jieban.worktime import Basis, Span, WorkClock

_RUNNING = Q(stopped_at__isnull=True, dropped=False, paused_at__isnull=True, provisional=False)
_KEPT = timedelta(hours=1)
"""So long a request may go on that began before days were changed, and starts clocks by the city that it keeps."""
_REMEMBERED = 4096
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

    That is where these were changed on pages since, and where the deadline is one that an earlier calendar led to: what
    a ledger stated otherwise stays. Nothing else moves what runs: another rule or other office hours hold for what
    starts after them.
    """
    changed = days_changed_at(now)
    if changed is None:
        return Swept(orders=0)
    counting = _Counting(now)
    return each_order(
        Act.RECOMPUTE_CLOCKS, partial(_recount, counting), _moved(changed + _KEPT, counting), now
    )


class _Counting:
    """By which calendar a deadline was counted, and to where the present one moves it."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        # A clock is looked at when it is found, and again when its order is locked.
        self.moved = lru_cache(maxsize=_REMEMBERED)(self._moved)

    @cached_property
    def _before(self) -> tuple[WorkClock, ...]:
        return work_clocks_until(self._now)

    def _moved(self, run: Run, due: datetime | None) -> Due | None:
        """To where a deadline moves; None if it stays."""
        present = due_or_provisional(run, city().clock)
        if present.provisional or present.at == due:
            return None
        return present if any(due_or_provisional(run, each).at == due for each in self._before) else None


def _moved(before: datetime, counting: _Counting) -> Iterator[Clock | Petition]:
    """What was started before an instant and is moved; along the index of what runs."""
    # What an act moves farther back comes by once more, and its order is done with by then.
    for clock in batches(Clock.objects.filter(_RUNNING, started_at__lt=before), ("due_at", "pk")):
        if counting.moved(run_of(clock), clock.due_at):
            yield clock
    for petition in batches(Petition.objects.filter(_WAITING, asked_at__lt=before), ("decide_by", "pk")):
        if counting.moved(run_of_petition(petition), petition.decide_by):
            yield petition


def _recount(counting: _Counting, step: Step) -> None:
    running = [each for each in step.clocks if not each.dropped and each.stopped_at is None]
    known = [each for each in running if each.paused_at is None and not each.provisional]
    moved = [each for each in known if counting.moved(run_of(each), each.due_at)]
    for clock in moved:
        move_deadline(step, clock, run_of(clock))
    waiting = [
        (each, due)
        for each in step.petitions
        if each.state in OPEN_PETITIONS and each.decide_by is not None and not each.provisional
        if (due := counting.moved(run_of_petition(each), each.decide_by)) is not None
    ]
    for petition, due in waiting:
        _move_decision(step, petition, due.at)
    if not moved and not waiting:
        raise NothingToDo


def _move_decision(step: Step, petition: Petition, due: datetime) -> None:
    """Store another term to decide; warnings of the old one that no longer hold are void."""
    ladder = step.profile.workflow.returns.ladder
    come = reached(ladder, started_at=petition.asked_at, due=due, at=step.at)
    step.set(petition, decide_by=due, warned=still_raised(come, ladder, petition.warned))
