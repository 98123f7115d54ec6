"""The periods that can be chosen, and what those beside a period are called."""

from datetime import date, datetime, timedelta

from jieban.desks.shell.words import local
from jieban.indicators.model import Window
from jieban.indicators.period import BadPeriod, Period, PeriodKind
from jieban.people.city import city

_MONTHS_BACK = 24


def last_whole_month(now: datetime) -> Period:
    """The month before the one in which `now` lies, by the city's clock."""
    return _month_of(local(now).date()).previous()


def chosen(given: str | None, now: datetime) -> Period | None:
    """The period of an address, the last whole month where it names none; None where that can't be read.

    What begins after `now` can't be looked at yet.
    """
    if not given:
        return last_whole_month(now)
    try:
        period = Period.parse(given)
    except BadPeriod:
        return None
    return period if period.first <= local(now).date() else None


def offered(now: datetime, shown: Period) -> list[Period]:
    """The periods in the list: this month and those before it, and the one that is shown."""
    months = [_month_of(local(now).date())]
    while len(months) < _MONTHS_BACK:
        months.append(months[-1].previous())
    return months if shown in months else [shown, *months]


def next_of(period: Period, now: datetime) -> Period | None:
    """The period after this one of the same kind, if it has begun; None also where a kind has no next one."""
    after = period.last + timedelta(days=1)
    return _beginning(period.kind, after) if after <= local(now).date() else None


def names_of(period: Period) -> dict[Window, str]:
    """What the periods beside this one are called: 上月, 上年同月."""
    wording = city().wording
    kind = period.kind.value
    return {
        Window.PREVIOUS: wording[f"period.{kind}.previous"],
        Window.YEAR_BEFORE: wording[f"period.{kind}.year_before"],
    }


def _month_of(day: date) -> Period:
    return Period.month(day.year, day.month)


def _beginning(kind: PeriodKind, day: date) -> Period | None:
    match kind:
        case PeriodKind.MONTH:
            return _month_of(day)
        case PeriodKind.WEEK:
            iso = day.isocalendar()
            return Period.week(iso.year, iso.week)
        case PeriodKind.QUARTER:
            return Period.quarter(day.year, (day.month + 2) // 3)
        case PeriodKind.YEAR:
            return Period.year(day.year)
        case PeriodKind.RANGE:
            return None
