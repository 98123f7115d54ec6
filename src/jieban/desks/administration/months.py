"""A year of the working calendar, month by month, as pages show it."""

import calendar
from dataclasses import dataclass
from datetime import date

from jieban.worktime import WorkCalendar


@dataclass(frozen=True, kw_only=True, slots=True)
class DayCell:
    """A day: its number, its kind's code, what people call it, and whether it is today."""

    number: int
    kind: str
    title: str
    today: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthGrid:
    """A month: `weeks` from Monday to Sunday, None where another month's days lie; `works` its working days."""

    month: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    works: int


def month_rows(working: WorkCalendar, year: int, today: date) -> tuple[MonthGrid, ...]:
    """The twelve months of a year. Raises UnknownYear."""
    return tuple(_month(working, year, month, today) for month in range(1, 13))


def _month(working: WorkCalendar, year: int, month: int, today: date) -> MonthGrid:
    weeks = tuple(
        tuple(_cell(working, date(year, month, number), today) if number else None for number in week)
        for week in calendar.Calendar().monthdayscalendar(year, month)
    )
    days = calendar.monthrange(year, month)[1]
    works = sum(working.is_workday(date(year, month, number)) for number in range(1, days + 1))
    return MonthGrid(month=month, weeks=weeks, works=works)


def _cell(working: WorkCalendar, day: date, today: date) -> DayCell:
    kind = working.day(day).kind.value
    return DayCell(number=day.day, kind=kind, title=working.describe(day), today=day == today)
