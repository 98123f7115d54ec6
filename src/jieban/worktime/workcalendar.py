"""Which days are working days, and arithmetic on them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Literal

from jieban.kernel.i18n import tr
from jieban.worktime.errors import BadWorktime, UnknownYear

_WEEKDAYS = frozenset(range(7))
_SATURDAY_SUNDAY = frozenset({5, 6})
_ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What a day is, as far as work goes."""

    WORKING = "working"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day's kind; `festival` is set for holidays and make-up days."""

    kind: DayKind
    festival: str = ""

    @property
    def works(self) -> bool:
        """Whether offices work on the day."""
        return self.kind in {DayKind.WORKING, DayKind.MAKE_UP}

    def describe(self) -> str:
        """The kind of day in the reader's words."""
        match self.kind:
            case DayKind.HOLIDAY:
                return tr("节假日({festival})", festival=self.festival)
            case DayKind.MAKE_UP:
                return tr("调休上班({festival})", festival=self.festival)
            case DayKind.WEEKEND:
                return tr("周末")
            case DayKind.WORKING:
                return tr("工作日")


_ORDINARY = Day(kind=DayKind.WORKING)
_WEEKEND = Day(kind=DayKind.WEEKEND)


@dataclass(frozen=True, slots=True)
class _Year:
    """One known year: every day in order, and the ordinals of its working days."""

    days: tuple[Day, ...]
    working: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Working days of a place.

    `source` "china" takes the State Council's yearly notices (package chinesecalendar); "data" knows nothing by
    itself. `holidays` (days off) and `workdays` (days worked in exchange) give the festival's name by date and
    overlay the source, day by day. `years` are the years for which these two tables are complete, so that they
    are known even if the source lacks them. `weekend` holds weekdays, Monday 0 to Sunday 6.

    A year's last days belong to the next year's notice (29–31 December 2018 moved with New Year 2019): until that
    has come out, a known year may still change there.

    Raises BadWorktime for tables that contradict themselves. Every method raises UnknownYear rather than guess.
    """

    source: Literal["china", "data"]
    holidays: Mapping[date, str] = field(default_factory=dict, hash=False)
    workdays: Mapping[date, str] = field(default_factory=dict, hash=False)
    years: frozenset[int] = frozenset()
    weekend: frozenset[int] = _SATURDAY_SUNDAY
    _years: dict[int, _Year] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        # Copies, so that the value can't change under its cache.
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))
        object.__setattr__(self, "workdays", MappingProxyType(dict(self.workdays)))
        if self.source not in ("china", "data"):
            raise ValueError(f"unknown source {self.source!r}: 'china' or 'data'")
        if not self.weekend <= _WEEKDAYS or self.weekend == _WEEKDAYS:
            raise BadWorktime(tr("周末须是星期一(0)至星期日(6)中的若干天,且不能是全部七天。"))
        if self.source == "china" and self.weekend != _SATURDAY_SUNDAY:
            raise BadWorktime(
                tr("国务院放假通知以星期六、星期日为周末,不能另设周末。"),
                fix=tr("请改用“data”来源并自行列出各年放假日。"),
            )
        if both := sorted(self.holidays.keys() & self.workdays.keys()):
            raise BadWorktime(tr("{day} 既列为放假日又列为上班日。", day=both[0]))
        if nameless := sorted(
            d for m in (self.holidays, self.workdays) for d, n in m.items() if not n.strip()
        ):
            raise BadWorktime(tr("{day} 没有写明节日名称。", day=nameless[0]))
        self._refuse_empty_years()

    def _refuse_empty_years(self) -> None:
        """A year declared complete without one day off would be the plain weekday guess that we don't make."""
        listed = {day.year for day in self.holidays}
        for year in sorted(self.years - listed):
            if year not in self._source_years():
                raise BadWorktime(
                    tr("years 列有 {year} 年,但没有该年的任何放假日。", year=year),
                    fix=tr("请在 [holidays] 中写全 {year} 年的放假日,或从 years 中删去。", year=year),
                )

    def __reduce__(self) -> tuple[object, ...]:
        # Read-only mappings don't pickle; child processes get a calendar made anew.
        return (
            partial(
                WorkCalendar,
                source=self.source,
                holidays=dict(self.holidays),
                workdays=dict(self.workdays),
                years=self.years,
                weekend=self.weekend,
            ),
            (),
        )

    def known_years(self) -> frozenset[int]:
        """The years that can be answered."""
        return self._source_years() | self.years

    def known_until(self, today: date | None = None) -> date | None:
        """The last day of the unbroken run of known years that holds `today`; None if its year isn't known.

        Without `today`: the last known day of all; None for a calendar that knows nothing.
        """
        known = self.known_years()
        year = max(known, default=None) if today is None else today.year
        if year is None or year not in known:
            return None
        while year + 1 in known:
            year += 1
        return date(year, 12, 31)

    def day(self, day: date) -> Day:
        """What `day` is."""
        return self._year(day).days[day.timetuple().tm_yday - 1]

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`."""
        return self.day(day).works

    def describe(self, day: date) -> str:
        """What `day` is, in the reader's words: 工作日, 周末, 节假日(春节), 调休上班(春节)."""
        return self.day(day).describe()

    def add_working_days(self, day: date, n: int) -> date:
        """The `n`th working day after `day`, which itself isn't counted (Civil Code art. 201).

        `day` may be a day off. 0 gives `day` itself; negative `n` counts back.
        """
        year = day.year
        working = self._year(day).working
        if n > 0:
            index = bisect_right(working, day.toordinal()) + n - 1
            while index >= len(working):
                index -= len(working)
                year += 1
                working = self._known(year).working
            return date.fromordinal(working[index])
        if n < 0:
            index = bisect_left(working, day.toordinal()) + n
            while index < 0:
                year -= 1
                working = self._known(year).working
                index += len(working)
            return date.fromordinal(working[index])
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days lie after `a` up to and including `b`; negative when `b` is before `a`.

        So `working_days_between(a, add_working_days(a, n)) == n`, and spans that touch add up.
        """
        if b < a:
            return -self.working_days_between(b, a)
        first = bisect_right(self._year(a).working, a.toordinal())
        last = bisect_right(self._year(b).working, b.toordinal())
        return sum(len(self._known(year).working) for year in range(a.year, b.year)) + last - first

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """The working days from `first` to `last`, both included."""
        for year in range(first.year, last.year + 1):
            working = self._known(year).working
            low = bisect_left(working, first.toordinal())
            high = bisect_right(working, last.toordinal())
            yield from map(date.fromordinal, working[low:high])

    def _source_years(self) -> frozenset[int]:
        if self.source == "data":
            return frozenset()
        from jieban.worktime import china  # noqa: PLC0415 - the package is slow to import and often not needed

        return china.YEARS

    def _year(self, day: date) -> _Year:
        if isinstance(day, datetime):
            raise TypeError("a date is wanted: which day an instant falls on is for a time zone to say")
        return self._known(day.year)

    def _known(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._build(year)
        return found

    def _build(self, year: int) -> _Year:
        known = self.known_years()
        if year not in known:
            raise UnknownYear(year, known)
        first = date(year, 1, 1)
        dates = [first + _ONE_DAY * n for n in range((date(year, 12, 31) - first).days + 1)]
        days = tuple(self._classify(day) for day in dates)
        working = tuple(d.toordinal() for d, day in zip(dates, days, strict=True) if day.works)
        return _Year(days=days, working=working)

    def _classify(self, day: date) -> Day:
        if day in self.workdays:
            return Day(kind=DayKind.MAKE_UP, festival=self.workdays[day])
        if day in self.holidays:
            return Day(kind=DayKind.HOLIDAY, festival=self.holidays[day])
        if self.source == "china":
            from jieban.worktime import china  # noqa: PLC0415 - as in _source_years

            if day in china.MAKE_UP_DAYS:
                return Day(kind=DayKind.MAKE_UP, festival=china.festival(china.MAKE_UP_DAYS[day]))
            if day in china.HOLIDAYS:
                return Day(kind=DayKind.HOLIDAY, festival=china.festival(china.HOLIDAYS[day]))
        return _WEEKEND if day.weekday() in self.weekend else _ORDINARY
