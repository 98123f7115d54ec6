"""Believable moments: when people call, when offices sign and close."""

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from jieban.demo.allocate import proportional
from jieban.demo.targets import DemoPlan
from jieban.worktime import WorkClock

_HOUR = timedelta(hours=1)


def month_days(first: date) -> list[date]:
    """Every day of the month that begins on `first`."""
    days = [first]
    while (day := days[-1] + timedelta(days=1)).month == first.month:
        days.append(day)
    return days


def daily_counts(total: int, first: date, plan: DemoPlan, clock: WorkClock, rng: random.Random) -> list[date]:
    """A day for each of `total` orders of a month, in order: by weekday, fewer on holidays, with some chance."""
    weights = {}
    for day in month_days(first):
        usual = plan.weekday_weights[day.weekday()]
        off = day.weekday() < 5 and not clock.calendar.is_workday(day)  # noqa: PLR2004  # Saturday is 5
        made_up = day.weekday() >= 5 and clock.calendar.is_workday(day)  # noqa: PLR2004
        weight = plan.holiday_weight if off else 1.0 if made_up else usual
        weights[day] = weight * rng.uniform(0.9, 1.1)
    counts = proportional(total, weights)
    return [day for day, count in counts.items() for _ in range(count)]


def staffed(clock: WorkClock, first: date, last: date) -> WorkClock:
    """The clock as it goes for those on duty: where no office opens from `first` to `last`, somebody is there daily.

    A month that ends before a long holiday is closed over it, when its report is to be made at its end.
    """
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if clock.open_segments(first, last):
        return clock
    calendar = clock.calendar
    holidays = {day: name for day, name in calendar.holidays.items() if day not in days}
    workdays = {**calendar.workdays, **dict.fromkeys(days, "duty")}
    return replace(clock, calendar=replace(calendar, holidays=holidays, workdays=workdays))


class OfficeTimes:
    """Random moments within office hours of a span of days."""

    def __init__(self, clock: WorkClock, first: date, last: date) -> None:
        segments = clock.open_segments(first, last)
        self._opens = [segment.opens.astimezone(UTC) for segment in segments]
        self._closes = [segment.closes.astimezone(UTC) for segment in segments]
        self._before = [segment.before for segment in segments]

    def worked(self, moment: datetime) -> timedelta:
        """The office time from the beginning to `moment`."""
        index = bisect_right(self._opens, moment) - 1
        if index < 0:
            return timedelta()
        return self._before[index] + min(moment, self._closes[index]) - self._opens[index]

    def reached(self, worked: timedelta) -> datetime:
        """The moment at which `worked` office time has passed."""
        index = max(0, bisect_right(self._before, worked) - 1)
        return self._opens[index] + (worked - self._before[index])

    def between(self, low: datetime, high: datetime, rng: random.Random, lean: float) -> datetime:
        """A moment after `low` and not after `high`, in office hours if there are any between.

        `lean` is where in between it tends to be: 0.15 early, 0.5 anywhere, 0.85 late.
        """
        share = rng.betavariate(4 * lean + 0.6, 4 * (1 - lean) + 0.6)
        begin, end = self.worked(low), self.worked(high)
        moment = (
            self.reached(begin + (end - begin) * share)
            if end - begin >= _HOUR
            else low + (high - low) * share
        )
        return min(max(_to_second(moment), low + timedelta(seconds=1)), high)


def call_moment(day: date, hour_weights: Sequence[float], clock: WorkClock, rng: random.Random) -> datetime:
    """A moment of `day` at which somebody calls."""
    hour = rng.choices(range(24), weights=hour_weights)[0]
    local = datetime(
        day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60), tzinfo=clock.tz
    )
    return local.astimezone(UTC)


def dispatch_moment(received: datetime, clock: WorkClock, rng: random.Random, *, pressing: bool) -> datetime:
    """When the dispatcher sends it on: within minutes if pressing, else in the day's shifts, always the same day."""
    local = received.astimezone(clock.tz)
    day_end = local.replace(hour=23, minute=59, second=59)
    if pressing:
        lag = timedelta(seconds=rng.randint(60, 600))
    else:
        lag = timedelta(minutes=min(240.0, 5 + rng.expovariate(1 / 35)))
        shift_begins = local.replace(hour=8, minute=0, second=0)
        if local < shift_begins:
            lag += shift_begins - local
    sent = local + lag
    if sent > day_end:
        sent = local + (day_end - local) * rng.random()
    return _to_second(sent.astimezone(UTC))


def _to_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def when_facts(moment: datetime, clock: WorkClock, rng: random.Random) -> dict[str, str]:
    """What texts may say of the time of a call, in numbers."""
    local = moment.astimezone(clock.tz)
    return {
        "n": str(rng.randint(2, 9)),
        "day": str(rng.randint(1, local.day)),
        "month": str(local.month),
        "hour": str(local.hour),
    }
