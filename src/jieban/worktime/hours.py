"""Office hours: daily intervals and seasonal timetables."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from jieban.kernel.i18n import listed, tr
from jieban.worktime.errors import BadWorktime

_LEAP_YEAR = 2000
_YEAR_DAYS = tuple((m, d) for m in range(1, 13) for d in range(1, monthrange(_LEAP_YEAR, m)[1] + 1))

MonthDay = tuple[int, int]
"""A month (1 to 12) and a day of it; 29 February is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInterval:
    """A stretch of a day in which the office is open, in local wall time, `closes` excluded.

    `closes` at 00:00 means the day's end (24:00). Raises BadWorktime if it doesn't end after it begins.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("office hours are wall times: the clock holds the time zone")
        if not self.until_midnight and self.closes <= self.opens:
            raise BadWorktime(
                tr("办公时段 {interval} 的结束不晚于开始。", interval=self),
                fix=tr("跨零点的时段请拆成两段;结束于零点写 00:00。"),
            )

    @property
    def until_midnight(self) -> bool:
        """Whether the interval lasts to the day's end."""
        return self.closes == time.min

    def __str__(self) -> str:
        closes = "24:00" if self.until_midnight else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}–{closes}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A timetable for part of each year: from `first` to `last`, both included; may run over the new year."""

    name: str = ""
    first: MonthDay
    last: MonthDay
    intervals: tuple[OpenInterval, ...]

    def __post_init__(self) -> None:
        for bound in (self.first, self.last):
            if bound not in _YEAR_DAYS:
                raise BadWorktime(tr("没有 {month} 月 {day} 日这一天。", month=bound[0], day=bound[1]))
        _check(self.intervals)

    def covers(self, month_day: MonthDay) -> bool:
        """Whether the season's timetable holds on that day of the year."""
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """The hours of a working day: `intervals`, except in `seasons`, which don't overlap each other."""

    intervals: tuple[OpenInterval, ...]
    seasons: tuple[Season, ...] = ()

    def __post_init__(self) -> None:
        _check(self.intervals)
        for month_day in _YEAR_DAYS:
            names = [season.name for season in self.seasons if season.covers(month_day)]
            if len(names) > 1:
                raise BadWorktime(
                    tr(
                        "{month} 月 {day} 日同时属于几个作息季节:{names}。",
                        month=month_day[0],
                        day=month_day[1],
                        names=listed(names),
                    )
                )

    def on(self, day: date) -> tuple[OpenInterval, ...]:
        """The intervals of `day`, if it is a working day."""
        month_day = (day.month, day.day)
        for season in self.seasons:
            if season.covers(month_day):
                return season.intervals
        return self.intervals


def _check(intervals: Sequence[OpenInterval]) -> None:
    if not intervals:
        raise BadWorktime(tr("办公时间至少要有一个时段。"))
    for earlier, later in pairwise(intervals):
        if earlier.until_midnight or later.opens < earlier.closes:
            raise BadWorktime(tr("办公时段 {a} 与 {b} 重叠或次序颠倒。", a=earlier, b=later))
