"""Office time as a line: the open stretches of one year with running totals, in microseconds since 1970 UTC."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from jieban.worktime.hours import OpenInterval

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS = 1_000_000
_ONE_DAY = timedelta(days=1)


def to_micros(moment: datetime) -> int:
    """An aware instant as microseconds since 1970 UTC."""
    return (moment - _EPOCH) // MICROSECOND


def from_micros(micros: int, tz: ZoneInfo) -> datetime:
    """The instant as seen in `tz`."""
    return (_EPOCH + micros * MICROSECOND).astimezone(tz)


def wall_micros(day: date, at: time, tz: ZoneInfo) -> int:
    """The instant at which the clocks of `tz` show `at` on `day`.

    A time shown twice (clocks put back) means the first; one that is skipped (clocks put forward) means the moment
    of the change. So the instants of a day never run backwards.
    """
    wall = datetime.combine(day, at, tz)
    micros = to_micros(wall)
    if from_micros(micros, tz).replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None):
        return micros
    # In a gap, fold=1 reads the wall time with the later offset: an instant just before the change.
    earlier = to_micros(wall.replace(fold=1)) // _MICROSECONDS
    seconds = range(earlier, micros // _MICROSECONDS + 1)
    before = from_micros(earlier * _MICROSECONDS, tz).utcoffset()
    changed = bisect_left(
        seconds, x=True, key=lambda s: from_micros(s * _MICROSECONDS, tz).utcoffset() != before
    )
    return seconds[changed] * _MICROSECONDS


def interval_micros(day: date, interval: OpenInterval, tz: ZoneInfo) -> tuple[int, int]:
    """The instants at which `interval` begins and ends on `day`."""
    closing_day = day + _ONE_DAY if interval.until_midnight else day
    return wall_micros(day, interval.opens, tz), wall_micros(closing_day, interval.closes, tz)


@dataclass(frozen=True, slots=True)
class OpenTable:
    """Open stretches in order: begins, ends, and the open time before and after each."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]

    @classmethod
    def of(cls, stretches: Iterable[tuple[int, int]]) -> "OpenTable":
        """The table of the stretches, given in order."""
        kept = tuple(stretch for stretch in stretches if stretch[0] < stretch[1])
        after = tuple(accumulate(end - begin for begin, end in kept))
        return cls(
            begins=tuple(begin for begin, _ in kept),
            ends=tuple(end for _, end in kept),
            before=(0, *after[:-1]) if after else (),
            after=after,
        )

    @property
    def total(self) -> int:
        """All open time of the table."""
        return self.after[-1] if self.after else 0

    def worked(self, micros: int) -> int:
        """The open time up to an instant."""
        index = bisect_right(self.begins, micros) - 1
        if index < 0:
            return 0
        return self.before[index] + min(micros, self.ends[index]) - self.begins[index]

    def reached(self, worked: int) -> int:
        """The first instant at which `worked` (above 0, at most `total`) has been worked."""
        index = bisect_left(self.after, worked)
        return self.begins[index] + worked - self.before[index]
