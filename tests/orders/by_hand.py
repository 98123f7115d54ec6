"""The days of spring and autumn 2025 counted on fingers, and what the two cities' rules say: nothing of ours is asked.

Both cities follow the country's notice for 2025: 1 to 5 May off with Sunday 27 April worked, 1 to 8 October off with
Sunday 28 September and Saturday 11 October worked.
"""

from datetime import date, datetime, time, timedelta

from cast import BEIJING

_DAY = timedelta(days=1)
OFF = {date(2025, 5, day) for day in range(1, 6)} | {date(2025, 10, day) for day in range(1, 9)}
WORKED = {date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)}

CLOSE_DAYS = {"changji": {"handling": 5, "order": 10}, "yunting": {"handling": 2, "order": 4}}
"""Working days for the type of request that the cast takes: 投诉 in Changji, 咨询 in Yunting."""

EXTENSIONS = {"changji": (1, 10), "yunting": (2, 5)}
"""How often, and by how many working days each time."""


def is_worked(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def days_on(day: date, count: int) -> date:
    """The so manieth working day after a day."""
    while count:
        day += _DAY
        count -= is_worked(day)
    return day


def closing(city: str, day: date) -> datetime:
    """When offices close: Changji's summer is May to September, Yunting's July and August."""
    if city == "changji":
        hour = time(20) if 5 <= day.month <= 9 else time(19, 30)
    else:
        hour = time(18) if day.month in {7, 8} else time(17, 30)
    return datetime.combine(day, hour, tzinfo=BEIJING)


def due(city: str, begun: datetime, days: int) -> datetime:
    """When what begins at an instant and takes so many working days must be done."""
    return closing(city, days_on(begun.astimezone(BEIJING).date(), days))
