"""Deadlines and working time: by hand, and against every minute of a year looked at one by one."""

import pickle
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.worktime import Basis, OfficeHours, OpenInterval, Span, UnknownYear, WorkCalendar, WorkClock

MINUTE = timedelta(minutes=1)
NEW_YORK = ZoneInfo("America/New_York")
minute_of_year = st.integers(0, 330 * 1440)
moments = st.datetimes(
    datetime(2025, 1, 3),  # noqa: DTZ001 - the zone is drawn
    datetime(2025, 11, 15),  # noqa: DTZ001 - the zone is drawn
    timezones=st.sampled_from([UTC, NEW_YORK, ZoneInfo("Asia/Shanghai")]),
)
bases = st.sampled_from(list(Basis))


def working_days(n: int) -> Span:
    return Span(amount=n, basis=Basis.WORKING_DAYS)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        # The notice of 2025: off 1 to 5 May, worked on Sunday 27 April.
        ("2025-04-30 15:00", (1, Basis.WORKING_DAYS), "2025-05-06 20:00"),
        ("2025-04-30 23:59", (3, Basis.WORKING_DAYS), "2025-05-08 20:00"),
        ("2025-05-02 09:00", (3, Basis.WORKING_DAYS), "2025-05-08 20:00"),
        ("2025-04-25 11:00", (1, Basis.WORKING_DAYS), "2025-04-27 19:30"),
        ("2025-01-24 11:00", (3, Basis.WORKING_DAYS), "2025-02-05 19:30"),
        # 古尔邦节 on Friday 6 June, made up for on Saturday 14 June.
        ("2025-06-05 11:00", (1, Basis.WORKING_DAYS), "2025-06-09 20:00"),
        ("2025-06-13 11:00", (1, Basis.WORKING_DAYS), "2025-06-14 20:00"),
        ("2025-04-30 15:00", (24, Basis.CLOCK_HOURS), "2025-05-01 15:00"),
        ("2025-04-30 15:00", (20, Basis.CLOCK_MINUTES), "2025-04-30 15:20"),
        # 4 hours of the afternoon of the 30th, the rest on the 6th.
        ("2025-04-30 14:30", (4, Basis.WORKING_HOURS), "2025-04-30 19:30"),
        ("2025-04-30 14:30", (5, Basis.WORKING_HOURS), "2025-05-06 11:00"),
        ("2025-05-06 13:50", (30, Basis.WORKING_MINUTES), "2025-05-06 16:20"),
        ("2025-12-31 19:00", (30, Basis.WORKING_MINUTES), "2025-12-31 19:30"),
        ("2025-12-31 19:00", (31, Basis.WORKING_MINUTES), "2026-01-04 10:01"),
    ],
)
def test_deadlines_counted_by_hand(home: WorkClock, start: str, span: tuple[int, Basis], due: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=home.tz)
    found = home.due(begun, Span(amount=span[0], basis=span[1]))
    assert found.replace(tzinfo=None) == datetime.fromisoformat(due)
    assert found.tzinfo is home.tz


def test_the_local_date_of_the_start_counts_whatever_zone_it_is_given_in(home: WorkClock) -> None:
    late_on_29th_in_london = datetime(2025, 4, 29, 17, 30, tzinfo=UTC)  # 01:30 on the 30th in China
    assert home.due(late_on_29th_in_london, working_days(1)).date() == date(2025, 5, 6)


@given(start=minute_of_year, wanted=st.integers(1, 6000))
def test_working_minutes_run_out_at_the_same_minute_as_one_by_one(
    place: Any, year_2025: Any, start: int, wanted: int
) -> None:
    if year_2025.before[-1] - year_2025.before[start] < wanted:
        return
    due = place.clock.due(year_2025.at(start), Span(amount=wanted, basis=Basis.WORKING_MINUTES))
    assert due == year_2025.first_after(start, wanted)


@given(a=minute_of_year, b=minute_of_year)
def test_working_minutes_are_as_many_as_one_by_one(place: Any, year_2025: Any, a: int, b: int) -> None:
    counted = place.clock.working_minutes(year_2025.at(a), year_2025.at(b))
    assert counted == year_2025.before[b] - year_2025.before[a]


def test_a_whole_year_of_working_minutes_is_as_many_as_one_by_one(place: Any, year_2025: Any) -> None:
    last = len(year_2025.open) - 1
    assert place.clock.working_minutes(year_2025.at(0), year_2025.at(last)) == year_2025.before[last]


@given(start=minute_of_year, n=st.integers(1, 20))
def test_working_days_end_at_the_last_open_minute_of_the_nth_day(
    place: Any, year_2025: Any, start: int, n: int
) -> None:
    day, left = year_2025.at(start).astimezone(place.clock.tz).date(), n
    while left:
        day += timedelta(days=1)
        left -= place.works(day)
    open_minutes = [m for m in range(1440) if place.opens(day, time(m // 60, m % 60))]
    last = datetime.combine(day, time.min) + (open_minutes[-1] + 1) * MINUTE
    assert place.clock.due(year_2025.at(start), working_days(n)).replace(tzinfo=None) == last


@given(a=moments, b=moments, c=moments)
def test_working_time_adds_up_to_the_microsecond(place: Any, a: datetime, b: datetime, c: datetime) -> None:
    time_of = place.clock.working_time
    assert time_of(a, b) + time_of(b, c) == time_of(a, c)
    assert time_of(a, b) == -time_of(b, a)
    assert place.clock.working_minutes(a, b) == -place.clock.working_minutes(b, a)


@given(a=moments, b=moments, amount=st.integers(1, 20), basis=bases)
def test_who_begins_later_is_never_due_earlier(
    place: Any, a: datetime, b: datetime, amount: int, basis: Basis
) -> None:
    a, b = sorted((a, b), key=datetime.timestamp)
    span = Span(amount=amount, basis=basis)
    assert place.clock.due(a, span).timestamp() <= place.clock.due(b, span).timestamp()


@given(start=moments, amount=st.integers(1, 20), basis=bases)
def test_a_longer_span_is_due_later_and_all_after_the_start(
    place: Any, start: datetime, amount: int, basis: Basis
) -> None:
    due = place.clock.due(start, Span(amount=amount, basis=basis))
    longer = place.clock.due(start, Span(amount=amount + 1, basis=basis))
    assert start.timestamp() < due.timestamp() < longer.timestamp()


@given(start=moments, minutes=st.integers(1, 3000))
def test_the_time_worked_until_a_deadline_is_the_span(place: Any, start: datetime, minutes: int) -> None:
    due = place.clock.due(start, Span(amount=minutes, basis=Basis.WORKING_MINUTES))
    assert place.clock.working_time(start, due) == minutes * MINUTE
    assert place.clock.working_time(start, due.astimezone(UTC) - timedelta(microseconds=1)) < minutes * MINUTE


@given(start=moments, n=st.integers(1, 10), more=st.integers(1, 10), basis=bases)
def test_an_extension_is_as_good_as_a_longer_span(
    place: Any, start: datetime, n: int, more: int, basis: Basis
) -> None:
    clock = place.clock
    extended = clock.extend(clock.due(start, Span(amount=n, basis=basis)), Span(amount=more, basis=basis))
    assert extended == clock.due(start, Span(amount=n + more, basis=basis))


def test_a_deadline_at_midnight_belongs_to_the_day_that_ends() -> None:
    midnight = time(0)
    clock = WorkClock(
        calendar=WorkCalendar(source="china"),
        hours=OfficeHours(intervals=(OpenInterval(opens=time(9), closes=midnight),)),
        tz=ZoneInfo("Asia/Shanghai"),
    )
    due = clock.due(datetime(2025, 5, 6, 12, tzinfo=clock.tz), working_days(1))
    assert due == datetime(2025, 5, 8, 0, 0, tzinfo=clock.tz)  # 24:00 on the 7th
    assert clock.extend(due, working_days(1)) == datetime(2025, 5, 9, 0, 0, tzinfo=clock.tz)


def test_the_table_by_date_says_what_each_start_of_the_day_would(place: Any) -> None:
    first, last = date(2025, 1, 1), date(2025, 11, 30)
    for n in (1, 5):
        table = place.clock.due_by_date(first, last, working_days(n))
        assert list(table) == [first + timedelta(days=k) for k in range((last - first).days + 1)]
        for start, due in table.items():
            for at in (time(0), time(12), time(23, 59)):
                assert place.clock.due(datetime.combine(start, at, place.clock.tz), working_days(n)) == due


def test_the_table_by_date_refuses_what_a_date_does_not_settle(home: WorkClock) -> None:
    with pytest.raises(ValueError, match="time of day"):
        home.due_by_date(date(2025, 1, 1), date(2025, 1, 2), Span(amount=8, basis=Basis.WORKING_HOURS))
    last = home.calendar.known_until()
    with pytest.raises(UnknownYear):
        home.due_by_date(date(2025, 1, 1), last, working_days(1))


@given(a=moments, b=moments)
def test_the_table_of_segments_gives_the_working_time(place: Any, a: datetime, b: datetime) -> None:
    segments = place.clock.open_segments(date(2025, 1, 1), date(2025, 12, 31))

    def worked(moment: datetime) -> timedelta:
        opened = [s for s in segments if s.opens.timestamp() <= moment.timestamp()]
        if not opened:
            return timedelta()
        passed = min(moment.timestamp(), opened[-1].closes.timestamp()) - opened[-1].opens.timestamp()
        return opened[-1].before + timedelta(seconds=passed)

    assert abs(worked(b) - worked(a) - place.clock.working_time(a, b)) < timedelta(milliseconds=1)


def test_an_unknown_year_is_refused_but_hours_by_the_clock_need_none(home: WorkClock) -> None:
    start = datetime(2090, 3, 1, 12, tzinfo=home.tz)
    with pytest.raises(UnknownYear):
        home.due(start, working_days(1))
    with pytest.raises(UnknownYear):
        home.due(start, Span(amount=1, basis=Basis.WORKING_HOURS))
    with pytest.raises(UnknownYear):
        home.working_minutes(datetime(2025, 3, 1, 12, tzinfo=home.tz), start)
    assert home.due(start, Span(amount=24, basis=Basis.CLOCK_HOURS)) == start + timedelta(hours=24)
    new_years_eve = datetime.combine(home.calendar.known_until(), time(12), home.tz)
    with pytest.raises(UnknownYear):
        home.due(new_years_eve, Span(amount=100, basis=Basis.WORKING_HOURS))


def test_naive_instants_are_refused(home: WorkClock) -> None:
    naive = datetime(2025, 5, 1, 12)  # noqa: DTZ001 - it is what must be refused
    aware = naive.replace(tzinfo=UTC)
    for basis in Basis:
        span = Span(amount=1, basis=basis)
        for ask in (home.due, home.extend, home.explain):
            with pytest.raises(ValueError, match="time zone"):
                ask(naive, span)
        with pytest.raises(ValueError, match="time zone"):
            home.due_with_pauses(naive, span, ())
    for pair in ((naive, aware), (aware, naive)):
        with pytest.raises(ValueError, match="time zone"):
            home.working_time(*pair)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_span_is_at_least_one(amount: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Span(amount=amount, basis=Basis.WORKING_DAYS)


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        (Basis.WORKING_DAYS, "3 个工作日"),
        (Basis.WORKING_HOURS, "3 个工作小时"),
        (Basis.WORKING_MINUTES, "3 个工作分钟"),
        (Basis.CLOCK_HOURS, "3 小时"),
        (Basis.CLOCK_MINUTES, "3 分钟"),
    ],
)
def test_a_span_says_itself(basis: Basis, words: str) -> None:
    assert Span(amount=3, basis=basis).describe() == words


def round_the_clock(opens: str, closes: str) -> WorkClock:
    """New York, an office that works on the Sundays on which the clocks change."""
    return WorkClock(
        calendar=WorkCalendar(
            source="data", holidays={date(2025, 1, 1): "x"}, years=frozenset({2025}), weekend=frozenset({5})
        ),
        hours=OfficeHours(
            intervals=(OpenInterval(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)),)
        ),
        tz=NEW_YORK,
    )


@pytest.mark.parametrize(
    ("opens", "closes", "spring", "autumn"),
    [
        ("00:00", "00:00", 23, 25),
        ("00:00", "03:00", 2, 4),
        ("02:00", "03:00", 0, 1),
        ("02:30", "04:00", 1, 1.5),
        ("01:00", "02:30", 1, 2.5),
        ("01:00", "01:30", 0.5, 0.5),  # shown twice in autumn: the first time is meant
        ("00:00", "01:30", 1.5, 1.5),
        ("01:30", "04:00", 1.5, 3.5),
        ("03:00", "04:00", 1, 1),
    ],
)
def test_office_time_on_the_days_the_clocks_change(
    opens: str, closes: str, spring: float, autumn: float
) -> None:
    clock = round_the_clock(opens, closes)
    for day, hours in ((date(2025, 3, 9), spring), (date(2025, 11, 2), autumn)):
        midnight = datetime.combine(day, time.min, NEW_YORK)
        next_midnight = datetime.combine(day + timedelta(days=1), time.min, NEW_YORK)
        assert clock.working_time(midnight, next_midnight) == timedelta(hours=hours)


def test_hours_by_the_clock_pass_as_they_do_on_the_days_the_clocks_change() -> None:
    clock = round_the_clock("00:00", "00:00")
    due = clock.due(datetime(2025, 3, 8, 12, tzinfo=NEW_YORK), Span(amount=24, basis=Basis.CLOCK_HOURS))
    assert due.replace(tzinfo=None) == datetime(2025, 3, 9, 13)  # noqa: DTZ001 - the wall time


def test_the_two_passes_of_the_hour_shown_twice_are_an_hour_apart() -> None:
    clock = round_the_clock("00:00", "00:00")
    first = datetime(2025, 11, 2, 1, 30, tzinfo=NEW_YORK)
    second = first.replace(fold=1)
    assert clock.working_minutes(first, second) == 60
    assert clock.working_minutes(second, first) == -60


def test_a_clock_is_a_value(home: WorkClock) -> None:
    home.working_minutes(datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 3, 2, tzinfo=UTC))
    twin = WorkClock(calendar=home.calendar, hours=home.hours, tz=home.tz)
    assert (home, hash(home)) == (twin, hash(twin))
    assert pickle.loads(pickle.dumps(home)) == home  # noqa: S301 - our own bytes
