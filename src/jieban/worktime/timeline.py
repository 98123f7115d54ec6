"""Where office time lies: a calendar's working days, with their hours, in a time zone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from jieban.worktime.hours import OfficeHours
from jieban.worktime.opentable import MICROSECOND, OpenTable, from_micros, interval_micros, to_micros
from jieban.worktime.span import check_aware
from jieban.worktime.workcalendar import WorkCalendar

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSegment:
    """A stretch of office time, and the office time between the table's beginning and `opens`."""

    opens: datetime
    closes: datetime
    before: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Office time of one place.

    Instants go in as aware datetimes (naive ones: ValueError) and come out in `tz`. Whatever needs a year that the
    calendar doesn't know raises UnknownYear.
    """

    calendar: WorkCalendar
    hours: OfficeHours
    tz: ZoneInfo
    _tables: dict[int, OpenTable] = field(init=False, repr=False, compare=False, default_factory=dict)

    def local_date(self, moment: datetime) -> date:
        """The day on which an instant falls here."""
        return moment.astimezone(self.tz).date()

    def close_of(self, day: date) -> datetime:
        """When the office closes for the day on `day`, by that season's timetable."""
        closing = self.hours.on(day)[-1]
        return from_micros(interval_micros(day, closing, self.tz)[1], self.tz)

    def office_time(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches in which the office is open on `day`; none on a day off."""
        return tuple((segment.opens, segment.closes) for segment in self.open_segments(day, day))

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """The office time between two instants, exact; negative when `end` is before `start`. Spans add up."""
        check_aware(start)
        check_aware(end)
        low, high = to_micros(start), to_micros(end)
        if high < low:
            return -self.working_time(end, start)
        first, last = self.local_date(start).year, self.local_date(end).year
        whole = sum(self._table(year).total for year in range(first, last))
        return (whole + self._table(last).worked(high) - self._table(first).worked(low)) * MICROSECOND

    def working_minutes(self, start: datetime, end: datetime) -> int:
        """The whole minutes in `working_time`, rounded towards zero."""
        worked = self.working_time(start, end)
        return worked // _MINUTE if worked >= timedelta() else -(-worked // _MINUTE)

    def work_on(self, start: datetime, duration: timedelta) -> datetime:
        """The first instant at which `duration` (above 0) of office time has passed since `start`."""
        check_aware(start)
        micros, left = to_micros(start), duration // MICROSECOND
        year = self.local_date(start).year
        while True:
            table = self._table(year)
            done = table.worked(micros)
            if left <= table.total - done:
                return from_micros(table.reached(done + left), self.tz)
            left -= table.total - done
            year += 1

    def open_segments(self, first: date, last: date) -> tuple[OpenSegment, ...]:
        """The office time from `first` to `last`, both included, in order: a table for large ledgers.

        The office time between two instants within is the difference of `before` plus what has passed of the
        segment last opened (at most its length) at each.
        """
        table = OpenTable.of(self._stretches(first, last))
        return tuple(
            OpenSegment(
                opens=from_micros(begin, self.tz),
                closes=from_micros(end, self.tz),
                before=before * MICROSECOND,
            )
            for begin, end, before in zip(table.begins, table.ends, table.before, strict=True)
        )

    def _table(self, year: int) -> OpenTable:
        found = self._tables.get(year)
        if found is None:
            found = OpenTable.of(self._stretches(date(year, 1, 1), date(year, 12, 31)))
            self._tables[year] = found
        return found

    def _stretches(self, first: date, last: date) -> Iterator[tuple[int, int]]:
        for day in self.calendar.working_days(first, last):
            for interval in self.hours.on(day):
                yield interval_micros(day, interval, self.tz)
