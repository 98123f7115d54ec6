"""Deadline arithmetic of a place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from jieban.worktime.explain import Explanation, explain
from jieban.worktime.opentable import MICROSECOND
from jieban.worktime.span import Basis, Pause, Span, check_aware, merge_pauses
from jieban.worktime.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkClock(Timeline):
    """Counts deadlines and working time for one place.

    Takes `calendar`, `hours` and `tz`. Spans by the clock need no calendar, so no known year either.
    """

    def due(self, start: datetime, span: Span) -> datetime:
        """When something begun at `start` must be done.

        Working days: the day of the start isn't counted, whether it is a working day or not (Civil Code art. 201
        para. 1); due when the office closes on the Nth working day after it (art. 203: a last day that is a
        holiday moves on to the next working day, and where there are office hours the day ends with them).
        Hours and minutes by the clock run on from the moment itself (art. 201 para. 2). Working hours and minutes
        count office time only; due as soon as they are used up, so possibly at a day's close.
        """
        check_aware(start)
        if span.basis is Basis.WORKING_DAYS:
            return self.close_of(self.calendar.add_working_days(self.local_date(start), span.amount))
        if span.basis.by_the_clock:
            return self._run_on(start, span.duration)
        return self.work_on(start, span.duration)

    def extend(self, due: datetime, span: Span) -> datetime:
        """The deadline `due` put off by `span`: counted as in `due`, with the old deadline as the start."""
        check_aware(due)
        if span.basis is Basis.WORKING_DAYS:
            return self.close_of(self.calendar.add_working_days(self._last_day(due), span.amount))
        return self.due(due, span)

    def due_with_pauses(
        self, start: datetime, span: Span, pauses: Iterable[Pause], *, as_of: datetime | None = None
    ) -> datetime:
        """The deadline of something begun at `start` whose clock stood still during `pauses`.

        The pauses may overlap and come in any order; what lies before `start` doesn't count. Open pauses count
        up to `as_of` (ValueError without it). Each is then applied in turn as `after_pause` says.
        """
        due = self.due(start, span)
        for begin, end in merge_pauses(pauses, since=start, as_of=as_of):
            due = self._after(due, span.basis, begin, end)
        return due

    def after_pause(self, due: datetime, basis: Basis, pause: Pause) -> datetime:
        """The deadline `due`, counted on `basis`, after one ended pause (ValueError for an open one).

        By the clock the pause's length is added; for working hours and minutes, the office time in it.
        For working days: the working days that remained when the pause began (after its day) are given back after
        the day on which it ended, which isn't counted, like a start. A pause that breaks into the last day itself
        gives back one whole working day. A pause without office time in it changes nothing.

        A pause that begins once the deadline has come doesn't revive it. The result is never before `due`; more
        pause never gives an earlier deadline.
        """
        check_aware(due)
        if pause.end is None:
            raise ValueError("an open pause has no deadline yet")
        return self._after(due, basis, pause.begin.astimezone(UTC), pause.end.astimezone(UTC))

    def due_by_date(self, first: date, last: date, span: Span) -> Mapping[date, datetime]:
        """The deadline for every start date from `first` to `last`, both included: a table for large ledgers.

        Only for working days, whose deadline depends on the start's local date alone (else ValueError).
        Raises UnknownYear if any of the deadlines needs an unknown year.
        """
        if span.basis is not Basis.WORKING_DAYS:
            raise ValueError(f"{span.basis} depends on the time of day, not on the date alone")
        closes: dict[date, datetime] = {}
        table: dict[date, datetime] = {}
        for start in map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1)):
            day = self.calendar.add_working_days(start, span.amount)
            table[start] = closes.get(day) or closes.setdefault(day, self.close_of(day))
        return table

    def explain(
        self, start: datetime, span: Span, pauses: Iterable[Pause] = (), *, as_of: datetime | None = None
    ) -> Explanation:
        """`due_with_pauses` line by line, as data for a reader who wants to count along."""
        check_aware(start)
        return explain(self, start, span, merge_pauses(pauses, since=start, as_of=as_of))

    def _after(self, due: datetime, basis: Basis, begin: datetime, end: datetime) -> datetime:
        if begin >= due.astimezone(UTC):
            return due
        if basis.by_the_clock:
            return self._run_on(due, end - begin)
        lost = self.working_time(begin, end)
        if not lost:
            return due
        if basis is not Basis.WORKING_DAYS:
            return self.work_on(due, lost)
        remaining = self.calendar.working_days_between(self.local_date(begin), self._last_day(due))
        day = self.calendar.add_working_days(self.local_date(end), max(1, remaining))
        return max(due, self.close_of(day), key=datetime.timestamp)

    def _run_on(self, start: datetime, duration: timedelta) -> datetime:
        return (start.astimezone(UTC) + duration).astimezone(self.tz)

    def _last_day(self, due: datetime) -> date:
        # A deadline at midnight is the end of the day before, not the beginning of the next.
        return self.local_date(due.astimezone(UTC) - MICROSECOND)
