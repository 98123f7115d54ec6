"""Two places whose days and hours are written out here by hand, and their office minutes counted one by one."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest

from jieban.worktime import OfficeHours, OpenInterval, Season, WorkCalendar, WorkClock

MINUTE = timedelta(minutes=1)


def days(year: int, *month_days: str) -> set[date]:
    """The dates of `04-30`, `05-01..05-05` and so on."""
    found = set()
    for text in month_days:
        first, _, last = text.partition("..")
        day = date.fromisoformat(f"{year}-{first}")
        while day <= date.fromisoformat(f"{year}-{last or first}"):
            found.add(day)
            day += timedelta(days=1)
    return found


# The notices of the State Council's General Office for 2024, 2025 and 2026, days off and make-up days.
OFF = (
    days(
        2024, "01-01", "02-10..02-17", "04-04..04-06", "05-01..05-05", "06-10", "09-15..09-17", "10-01..10-07"
    )
    | days(2025, "01-01", "01-28..02-04", "04-04..04-06", "05-01..05-05", "05-31..06-02", "10-01..10-08")
    | days(2026, "01-01..01-03", "02-15..02-23", "04-04..04-06", "05-01..05-05", "06-19..06-21")
    | days(2026, "09-25..09-27", "10-01..10-07")
)
MADE_UP = (
    days(2024, "02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12")
    | days(2025, "01-26", "02-08", "04-27", "09-28", "10-11")
    | days(2026, "01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
)


def between(opens: str, closes: str) -> OpenInterval:
    return OpenInterval(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


@dataclass(frozen=True)
class Place:
    """A clock, and the same place told in plain rules: which days work, which wall minutes of a day are open."""

    clock: WorkClock
    works: Callable[[date], bool]
    opens: Callable[[date, time], bool]
    years: tuple[int, ...]

    def minutes(self, first: date, last: date) -> "Minutes":
        return Minutes(self, first, last)


class Minutes:
    """Every minute from one day to another by the world's clock, open or not, looked at one by one."""

    def __init__(self, place: Place, first: date, last: date) -> None:
        tz = place.clock.tz
        self.begin = datetime(first.year, first.month, first.day, tzinfo=tz).astimezone(UTC)
        self.end = datetime(last.year, last.month, last.day, tzinfo=tz).astimezone(UTC)
        self.open: list[bool] = []
        working: dict[date, bool] = {}
        for n in range((self.end - self.begin) // MINUTE):
            wall = (self.begin + n * MINUTE).astimezone(tz)
            day = wall.date()
            if day not in working:
                working[day] = place.works(day)
            self.open.append(working[day] and place.opens(day, wall.time()))
        self.before = [0, *accumulate(self.open)]

    def at(self, n: int) -> datetime:
        return self.begin + n * MINUTE

    def first_after(self, start: int, wanted: int) -> datetime:
        """The first whole minute at which `wanted` open ones have passed since minute `start`."""
        return self.at(bisect_left(self.before, self.before[start] + wanted))


XINJIANG_OVERLAY = {date(2025, 3, 31): "肉孜节", date(2025, 6, 6): "古尔邦节", date(2025, 6, 7): "古尔邦节"}
XINJIANG_MADE_UP = {date(2025, 6, 14): "古尔邦节"}


def changji() -> Place:
    """China with local holidays on top; a day that begins late and a longer summer break."""
    clock = WorkClock(
        calendar=WorkCalendar(source="china", holidays=XINJIANG_OVERLAY, workdays=XINJIANG_MADE_UP),
        hours=OfficeHours(
            intervals=(between("10:00", "14:00"), between("15:30", "19:30")),
            seasons=(
                Season(
                    name="夏季",
                    first=(5, 1),
                    last=(9, 30),
                    intervals=(between("10:00", "14:00"), between("16:00", "20:00")),
                ),
            ),
        ),
        tz=ZoneInfo("Asia/Shanghai"),
    )

    def works(day: date) -> bool:
        if day in XINJIANG_MADE_UP or day in XINJIANG_OVERLAY:
            return day in XINJIANG_MADE_UP
        return day in MADE_UP or (day.weekday() < 5 and day not in OFF)

    def opens(day: date, wall: time) -> bool:
        afternoon = 16 * 60 if 5 <= day.month <= 9 else 15 * 60 + 30
        minute = wall.hour * 60 + wall.minute
        return 600 <= minute < 840 or afternoon <= minute < afternoon + 240

    return Place(clock, works, opens, (2024, 2025, 2026))


NEW_YORK_OFF = {date(2025, 1, 1): "New Year", date(2025, 7, 3): "Founders", date(2025, 11, 3): "Lanterns"}
NEW_YORK_MADE_UP = {date(2025, 7, 5): "Founders"}


def new_york() -> Place:
    """A calendar of data only, resting on Friday and Saturday: clocks change on a working Sunday.

    In spring the office opens at half past two, a time that 9 March 2025 doesn't have.
    """
    clock = WorkClock(
        calendar=WorkCalendar(
            source="data",
            holidays=NEW_YORK_OFF,
            workdays=NEW_YORK_MADE_UP,
            years=frozenset({2025}),
            weekend=frozenset({4, 5}),
        ),
        hours=OfficeHours(
            intervals=(between("00:30", "03:30"), between("09:00", "17:00")),
            seasons=(
                Season(
                    name="spring",
                    first=(2, 1),
                    last=(4, 30),
                    intervals=(between("02:30", "05:00"), between("22:00", "00:00")),
                ),
                Season(name="winter", first=(12, 15), last=(1, 15), intervals=(between("00:00", "00:00"),)),
            ),
        ),
        tz=ZoneInfo("America/New_York"),
    )

    def works(day: date) -> bool:
        return day in NEW_YORK_MADE_UP or (day.weekday() not in {4, 5} and day not in NEW_YORK_OFF)

    def opens(day: date, wall: time) -> bool:
        minute = wall.hour * 60 + wall.minute
        if (day.month, day.day) >= (12, 15) or (day.month, day.day) <= (1, 15):
            return True
        if 2 <= day.month <= 4:
            return 150 <= minute < 300 or minute >= 1320
        return 30 <= minute < 210 or 540 <= minute < 1020

    return Place(clock, works, opens, (2025,))


@pytest.fixture(scope="session", params=[changji, new_york], ids=["changji", "new-york"])
def place(request: pytest.FixtureRequest) -> Place:
    return request.param()


@pytest.fixture(scope="session")
def year_2025(place: Place) -> Minutes:
    """All minutes of 2025 at the place."""
    return place.minutes(date(2025, 1, 1), date(2026, 1, 1))


@pytest.fixture(scope="session")
def home() -> WorkClock:
    """The clock of Changji."""
    return changji().clock
