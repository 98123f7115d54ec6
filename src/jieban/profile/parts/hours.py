"""calendar.toml as a WorkClock: time zone, days off and made up, office hours with their seasons."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from enum import StrEnum
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from jieban.kernel.i18n import tr
from jieban.profile.documents.table import Table
from jieban.worktime import BadWorktime, OfficeHours, OpenInterval, Season, WorkCalendar, WorkClock

T = TypeVar("T")

_INTERVAL = re.compile(r"(\d{2}):(\d{2})\s*[-–—~]\s*(\d{2}):(\d{2})")
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")
_MIDNIGHT = 24


class _Origin(StrEnum):
    CHINA = "china"
    DATA = "data"


def read_clock(table: Table) -> WorkClock | None:
    """The clock that calendar.toml describes; None when it has faults, which are noted."""
    tz = _zone(table)
    source = table.choice("source", _Origin, _Origin.CHINA)
    years = frozenset(table.integers("years", ()))
    weekend = frozenset(table.integers("weekend", (5, 6)))
    holidays, workdays = _days(table, "holidays"), _days(table, "workdays")
    hours_table = table.table("hours", required=True)
    hours = _hours(hours_table)
    hours_table.close()
    table.close()
    calendar = _calendar(
        table, source=source.value, weekend=weekend, holidays=holidays, workdays=workdays, years=years
    )
    if tz is None or hours is None or calendar is None:
        return None
    return WorkClock(calendar=calendar, hours=hours, tz=tz)


def _calendar(
    table: Table,
    *,
    source: Literal["china", "data"],
    weekend: frozenset[int],
    holidays: dict[date, str],
    workdays: dict[date, str],
    years: frozenset[int],
) -> WorkCalendar | None:
    """The calendar, made in steps so that what is refused is told at the key that did it."""
    if _made(table, "weekend", lambda: WorkCalendar(source=source, weekend=weekend)) is None:
        return None
    days = _made(
        table,
        "workdays",
        lambda: WorkCalendar(source=source, weekend=weekend, holidays=holidays, workdays=workdays),
    )
    return days and _made(table, "years", lambda: replace(days, years=years))


def _zone(table: Table) -> ZoneInfo | None:
    name = table.text("timezone")
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        what = tr("没有时区“{name}”。", name=name)
        table.fault("unknown_value", "timezone", what, tr("请写 IANA 名称,如 Asia/Shanghai。"))
        return None


def _days(table: Table, key: str) -> dict[date, str]:
    days: dict[date, str] = {}
    inner = table.table(key)
    for written in inner.keys:
        festival = inner.text(written)
        try:
            days[date.fromisoformat(written)] = festival
        except ValueError:
            what = tr("“{text}”不是日期。", text=written)
            inner.fault("bad_date", written, what, tr('请写成 2025-04-01 = "节日名" 的样子。'))
    return days


def _hours(table: Table) -> OfficeHours | None:
    intervals = _intervals(table)
    seasons = []
    whole = True
    for inner in table.tables("seasons", required=False):
        season = _season(inner)
        inner.close()
        if season is None:
            whole = False
        else:
            seasons.append(season)
    if not whole or intervals is None:
        return None
    return _made(table, "intervals", lambda: OfficeHours(intervals=intervals, seasons=tuple(seasons)))


def _season(table: Table) -> Season | None:
    name = table.text("name")
    first, last = _month_day(table, "first"), _month_day(table, "last")
    intervals = _intervals(table)
    if first is None or last is None or intervals is None:
        return None
    return _made(table, "first", lambda: Season(name=name, first=first, last=last, intervals=intervals))


def _month_day(table: Table, key: str) -> tuple[int, int] | None:
    written = table.text(key)
    found = _MONTH_DAY.fullmatch(written)
    if found is None:
        if written:
            what = tr("“{text}”不是月日。", text=written)
            table.fault("bad_date", key, what, tr("请写成 05-01 的样子。"))
        return None
    return int(found[1]), int(found[2])


def _intervals(table: Table) -> tuple[OpenInterval, ...] | None:
    intervals = []
    written = table.texts("intervals")
    for text in written:
        interval = _interval(table, text)
        if interval is None:
            return None
        intervals.append(interval)
    return tuple(intervals) if "intervals" in table else None


def _interval(table: Table, text: str) -> OpenInterval | None:
    found = _INTERVAL.fullmatch(text.strip())
    numbers = [int(part) for part in found.groups()] if found else []
    try:
        hour, minute, end_hour, end_minute = numbers
        # 24:00 is how people write the end of a day; time() knows only 00:00.
        if (end_hour, end_minute) == (_MIDNIGHT, 0):
            end_hour = 0
        opens, closes = time(hour, minute), time(end_hour, end_minute)
    except ValueError:
        what = tr("“{text}”不是时段。", text=text)
        table.fault("bad_hours", "intervals", what, tr("请写成 10:00-14:00 的样子。"))
        return None
    return _made(table, "intervals", lambda: OpenInterval(opens=opens, closes=closes))


def _made(table: Table, key: str, make: Callable[[], T]) -> T | None:
    """What `make` gives; what worktime refuses is noted at `key`."""
    try:
        return make()
    except BadWorktime as fault:
        table.fault("bad_calendar", key, fault.what, fault.fix or tr("请改正 calendar.toml。"))
        return None
