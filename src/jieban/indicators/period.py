"""Which days a report is about, and which days it is compared with.

A period is a run of whole days in the profile's time zone. 环比 compares with `previous()`, 同比 with
`year_before()`; which is which follows from the method called, so the word can't be mistaken.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr

_FIRST_YEAR = 1900
_LAST_YEAR = 2999
_DAY = timedelta(days=1)


class BadPeriod(JiebanError):
    """A period that can't be read, or that ends before it begins."""

    code = "indicators.bad_period"
    exit_code = Exit.USAGE


class PeriodKind(StrEnum):
    """What a period is called, and so what comes before it."""

    MONTH = "month"
    WEEK = "week"
    QUARTER = "quarter"
    YEAR = "year"
    RANGE = "range"


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date
    kind: PeriodKind

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins or lies outside the years that can be compared."""
        if self.last < self.first:
            raise BadPeriod(
                tr("统计时段的止日 {last} 早于起日 {first}。", first=self.first, last=self.last),
                fix=tr("请把起日写在前面,例如 2025-04-01..2025-04-15。"),
            )
        if self.first.year < _FIRST_YEAR or self.last.year > _LAST_YEAR:
            raise BadPeriod(
                tr("统计时段 {first} 至 {last} 超出可用年份。", first=self.first, last=self.last),
                fix=tr("年份须在 {first} 至 {last} 之间。", first=_FIRST_YEAR, last=_LAST_YEAR),
            )

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """A calendar month."""
        return cls(
            first=date(year, month, 1),
            last=date(year, month, monthrange(year, month)[1]),
            kind=PeriodKind.MONTH,
        )

    @classmethod
    def week(cls, year: int, week: int) -> Self:
        """An ISO 8601 week, Monday to Sunday. Raises ValueError when the year has no such week."""
        first = date.fromisocalendar(year, week, 1)
        return cls(first=first, last=first + 6 * _DAY, kind=PeriodKind.WEEK)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Self:
        """A quarter of a calendar year, 1 to 4."""
        end = 3 * quarter
        return cls(
            first=date(year, end - 2, 1),
            last=date(year, end, monthrange(year, end)[1]),
            kind=PeriodKind.QUARTER,
        )

    @classmethod
    def year(cls, year: int) -> Self:
        """A calendar year."""
        return cls(first=date(year, 1, 1), last=date(year, 12, 31), kind=PeriodKind.YEAR)

    @classmethod
    def between(cls, first: date, last: date) -> Self:
        """Any run of days. Raises BadPeriod when `last` is before `first`."""
        return cls(first=first, last=last, kind=PeriodKind.RANGE)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period written as 2025-04, 2025-W15, 2025-Q2, 2025, 2025-04-01..2025-04-15 or 2025-04-01.

        Raises BadPeriod, which says what forms there are.
        """
        cleaned = text.strip().upper()
        try:
            return cls._read(cleaned)
        except ValueError as fault:
            raise _unreadable(text) from fault

    @classmethod
    def _read(cls, text: str) -> Self:
        if found := re.fullmatch(r"(\d{4})", text):
            return cls.year(int(found[1]))
        if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
            return cls.month(int(found[1]), int(found[2]))
        if found := re.fullmatch(r"(\d{4})-W(\d{2})", text):
            return cls.week(int(found[1]), int(found[2]))
        if found := re.fullmatch(r"(\d{4})-Q([1-4])", text):
            return cls.quarter(int(found[1]), int(found[2]))
        if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?", text):
            first = date.fromisoformat(found[1])
            return cls.between(first, date.fromisoformat(found[2]) if found[2] else first)
        raise ValueError(text)

    @property
    def code(self) -> str:
        """The form that `parse` reads back."""
        year = self.first.year
        match self.kind:
            case PeriodKind.MONTH:
                return f"{year:04}-{self.first.month:02}"
            case PeriodKind.WEEK:
                iso = self.first.isocalendar()
                return f"{iso.year:04}-W{iso.week:02}"
            case PeriodKind.QUARTER:
                return f"{year:04}-Q{(self.first.month + 2) // 3}"
            case PeriodKind.YEAR:
                return f"{year:04}"
            case PeriodKind.RANGE:
                return f"{self.first}..{self.last}"

    @property
    def label(self) -> str:
        """The period as a reader calls it: 2025年4月, 2025年第15周, 2025年4月1日至4月15日."""
        year = self.first.year
        match self.kind:
            case PeriodKind.MONTH:
                return tr("{year}年{month}月", year=year, month=self.first.month)
            case PeriodKind.WEEK:
                iso = self.first.isocalendar()
                return tr("{year}年第{week}周", year=iso.year, week=iso.week)
            case PeriodKind.QUARTER:
                return tr("{year}年第{quarter}季度", year=year, quarter=(self.first.month + 2) // 3)
            case PeriodKind.YEAR:
                return tr("{year}年", year=year)
            case PeriodKind.RANGE:
                return self._range_label()

    def _range_label(self) -> str:
        first = tr(
            "{year}年{month}月{day}日", year=self.first.year, month=self.first.month, day=self.first.day
        )
        if self.first == self.last:
            return first
        if self.first.year == self.last.year:
            last = tr("{month}月{day}日", month=self.last.month, day=self.last.day)
        else:
            last = tr(
                "{year}年{month}月{day}日", year=self.last.year, month=self.last.month, day=self.last.day
            )
        return tr("{first}至{last}", first=first, last=last)

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def days(self) -> Iterator[date]:
        """Every day, in order."""
        return (self.first + index * _DAY for index in range(self.length))

    def instants(self, tz: ZoneInfo) -> tuple[datetime, datetime]:
        """The period as instants in UTC, the beginning included and the end excluded."""
        begin, end = (
            datetime.combine(day, time(), tzinfo=tz).astimezone(UTC) for day in (self.first, self.last + _DAY)
        )
        return begin, end

    def previous(self) -> "Period":
        """What 环比 compares with: the month, week, quarter or year before; for a range as many days before."""
        before = self.first - _DAY
        match self.kind:
            case PeriodKind.MONTH:
                return Period.month(before.year, before.month)
            case PeriodKind.WEEK:
                return Period(first=self.first - 7 * _DAY, last=before, kind=PeriodKind.WEEK)
            case PeriodKind.QUARTER:
                return Period.quarter(before.year, (before.month + 2) // 3)
            case PeriodKind.YEAR:
                return Period.year(before.year)
            case PeriodKind.RANGE:
                return Period.between(self.first - self.length * _DAY, before)

    def year_before(self) -> "Period":
        """What 同比 compares with: the same days a year earlier.

        29 February becomes the 28th. A week is the ISO week of the same number; where the year before has no
        week 53, its last.
        """
        match self.kind:
            case PeriodKind.MONTH:
                return Period.month(self.first.year - 1, self.first.month)
            case PeriodKind.WEEK:
                iso = self.first.isocalendar()
                last_week = date(iso.year - 1, 12, 28).isocalendar().week
                return Period.week(iso.year - 1, min(iso.week, last_week))
            case PeriodKind.QUARTER:
                return Period.quarter(self.first.year - 1, (self.first.month + 2) // 3)
            case PeriodKind.YEAR:
                return Period.year(self.first.year - 1)
            case PeriodKind.RANGE:
                return Period.between(_year_earlier(self.first), _year_earlier(self.last))


def _year_earlier(day: date) -> date:
    last_of_month = monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last_of_month))


def _unreadable(text: str) -> BadPeriod:
    return BadPeriod(
        tr("统计时段“{text}”无法识别。", text=text),
        fix=tr(
            "请写成月 2025-04、周 2025-W15、季 2025-Q2、年 2025、"
            "起止日 2025-04-01..2025-04-15 或单日 2025-04-01。"
        ),
    )
