"""Daily intervals and seasonal timetables."""

from datetime import UTC, date, time

import pytest

from jieban.worktime import BadWorktime, OfficeHours, OpenInterval, Season


def between(opens: str, closes: str) -> OpenInterval:
    return OpenInterval(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


ALL_YEAR = (between("10:00", "14:00"), between("15:30", "19:30"))
SUMMER = Season(name="夏季", first=(5, 1), last=(9, 30), intervals=(between("10:00", "14:00"),))
WINTER = Season(name="冬季", first=(11, 15), last=(2, 29), intervals=(between("10:30", "14:00"),))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-04-30", ALL_YEAR),
        ("2025-05-01", SUMMER.intervals),
        ("2025-09-30", SUMMER.intervals),
        ("2025-10-01", ALL_YEAR),
        ("2025-11-14", ALL_YEAR),
        ("2025-11-15", WINTER.intervals),
        ("2026-01-01", WINTER.intervals),
        ("2026-02-28", WINTER.intervals),
        ("2028-02-29", WINTER.intervals),
        ("2026-03-01", ALL_YEAR),
    ],
)
def test_the_season_of_a_day_gives_its_hours(day: str, expected: tuple[OpenInterval, ...]) -> None:
    assert OfficeHours(intervals=ALL_YEAR, seasons=(SUMMER, WINTER)).on(date.fromisoformat(day)) == expected


@pytest.mark.parametrize(("opens", "closes"), [("14:00", "10:00"), ("10:00", "10:00"), ("22:00", "06:00")])
def test_an_interval_ends_after_it_begins(opens: str, closes: str) -> None:
    with pytest.raises(BadWorktime, match=f"{opens}–{closes}"):
        between(opens, closes)


def test_an_interval_may_last_to_the_end_of_the_day() -> None:
    assert str(between("20:00", "00:00")) == "20:00–24:00"


@pytest.mark.parametrize(
    "intervals",
    [
        (),
        (between("10:00", "14:00"), between("13:00", "18:00")),
        (between("15:00", "18:00"), between("09:00", "12:00")),
        (between("15:00", "00:00"), between("16:00", "18:00")),
    ],
)
def test_timetables_that_cannot_be_kept_are_refused(intervals: tuple[OpenInterval, ...]) -> None:
    with pytest.raises(BadWorktime):
        OfficeHours(intervals=intervals)
    with pytest.raises(BadWorktime):
        Season(first=(5, 1), last=(6, 1), intervals=intervals)


def test_intervals_may_touch() -> None:
    OfficeHours(intervals=(between("10:00", "14:00"), between("14:00", "18:00")))


def test_seasons_that_overlap_are_refused_with_the_first_day_in_question() -> None:
    late = Season(name="秋季", first=(9, 30), last=(10, 31), intervals=ALL_YEAR)
    with pytest.raises(BadWorktime, match=r"9 月 30 日.*夏季、秋季"):
        OfficeHours(intervals=ALL_YEAR, seasons=(SUMMER, late))


@pytest.mark.parametrize("bound", [(2, 30), (13, 1), (0, 1), (4, 31)])
def test_a_season_begins_and_ends_on_real_days(bound: tuple[int, int]) -> None:
    with pytest.raises(BadWorktime):
        Season(first=bound, last=(12, 31), intervals=ALL_YEAR)


def test_office_hours_are_wall_times() -> None:
    with pytest.raises(ValueError, match="wall times"):
        OpenInterval(opens=time(10, tzinfo=UTC), closes=time(14, tzinfo=UTC))
