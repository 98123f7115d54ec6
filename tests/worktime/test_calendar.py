"""Which days are working days: against the notices, with local data on top, and never beyond what is known."""

import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.kernel.errors import JiebanError
from jieban.worktime import BadWorktime, DayKind, UnknownYear, WorkCalendar

CHINA = WorkCalendar(source="china")
NEVER_KNOWN = 2090


@pytest.mark.parametrize(
    ("day", "works", "words"),
    [
        ("2024-02-04", True, "调休上班（春节）"),
        ("2024-02-09", True, "工作日"),
        ("2024-09-14", True, "调休上班（中秋节）"),
        ("2024-09-16", False, "节假日（中秋节）"),
        ("2025-01-26", True, "调休上班（春节）"),
        ("2025-01-28", False, "节假日（春节）"),
        ("2025-02-04", False, "节假日（春节）"),
        ("2025-02-05", True, "工作日"),
        ("2025-04-04", False, "节假日（清明节）"),
        ("2025-04-26", False, "周末"),
        ("2025-04-27", True, "调休上班（劳动节）"),
        ("2025-05-01", False, "节假日（劳动节）"),
        ("2025-05-06", True, "工作日"),
        ("2025-06-02", False, "节假日（端午节）"),
        ("2025-10-08", False, "节假日（国庆节）"),
        ("2026-01-01", False, "节假日（元旦）"),
        ("2026-01-04", True, "调休上班（元旦）"),
        ("2015-09-03", False, "节假日（中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日）"),
    ],
)
def test_days_are_what_the_notice_of_their_year_says(day: str, works: bool, words: str) -> None:
    assert CHINA.is_workday(date.fromisoformat(day)) is works
    assert CHINA.describe(date.fromisoformat(day)) == words


@pytest.mark.parametrize(
    ("year", "days", "weekend_days", "statutory"),
    [(2024, 366, 104, 11), (2025, 365, 104, 13), (2026, 365, 104, 13)],
)
def test_make_up_days_move_working_days_but_keep_their_number(
    year: int, days: int, weekend_days: int, statutory: int
) -> None:
    last_before = date(year - 1, 12, 31)
    counted = CHINA.working_days_between(last_before, date(year, 12, 31))
    assert counted == days - weekend_days - statutory


def test_every_day_agrees_with_the_notices_written_out_by_hand(place: Any) -> None:
    for year in place.years:
        day = date(year, 1, 1)
        while day.year == year:
            assert place.clock.calendar.is_workday(day) is place.works(day), day
            day += timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2025-04-30", 1, "2025-05-06"),
        ("2025-04-30", 5, "2025-05-12"),
        ("2025-05-03", 1, "2025-05-06"),  # begun on a holiday: the same as begun the day before it
        ("2025-04-26", 1, "2025-04-27"),  # the Sunday is worked
        ("2025-01-24", 2, "2025-01-27"),
        ("2025-01-24", 3, "2025-02-05"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2024-12-30", 300, "2026-03-19"),
        ("2025-05-06", -1, "2025-04-30"),
        ("2025-05-03", -1, "2025-04-30"),
        ("2026-01-04", -2, "2025-12-30"),
        ("2025-05-03", 0, "2025-05-03"),
    ],
)
def test_the_nth_working_day_after_a_day(start: str, n: int, due: str) -> None:
    assert CHINA.add_working_days(date.fromisoformat(start), n) == date.fromisoformat(due)


known_days = st.dates(date(2006, 1, 1), date(2024, 12, 31))


@given(known_days, st.integers(-400, 400))
def test_counting_undoes_adding(day: date, n: int) -> None:
    reached = CHINA.add_working_days(day, n)
    if n >= 0:
        assert CHINA.working_days_between(day, reached) == n
    else:
        # The day counted back to is itself a working day, and "after it" leaves it out.
        assert CHINA.working_days_between(reached, day) == -n - (0 if CHINA.is_workday(day) else 1)


@given(known_days, known_days, known_days)
def test_counts_of_touching_spans_add_up(a: date, b: date, c: date) -> None:
    count = CHINA.working_days_between
    assert count(a, b) + count(b, c) == count(a, c)
    assert count(a, b) == -count(b, a)


@given(known_days, known_days)
def test_the_working_days_of_a_span_are_those_that_work(a: date, b: date) -> None:
    first, last = sorted((a, min(b, a + timedelta(days=60))))
    one_by_one = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert list(CHINA.working_days(first, last)) == [day for day in one_by_one if CHINA.is_workday(day)]


def test_local_data_overlays_the_notice_day_by_day() -> None:
    calendar = WorkCalendar(
        source="china",
        holidays={date(2025, 6, 6): "古尔邦节", date(2025, 4, 27): "本地放假"},
        workdays={date(2025, 6, 14): "古尔邦节", date(2025, 5, 5): "本地上班"},
    )
    assert calendar.describe(date(2025, 6, 6)) == "节假日（古尔邦节）"
    assert calendar.describe(date(2025, 6, 14)) == "调休上班（古尔邦节）"
    assert calendar.is_workday(date(2025, 6, 14))
    assert not calendar.is_workday(date(2025, 4, 27)), "a local holiday wins over a make-up day"
    assert calendar.is_workday(date(2025, 5, 5)), "a local working day wins over a holiday"
    assert calendar.day(date(2025, 6, 9)).kind is DayKind.WORKING


def test_a_year_that_is_not_known_is_refused_with_the_way_to_load_it() -> None:
    for ask in (
        lambda: CHINA.is_workday(date(NEVER_KNOWN, 3, 1)),
        lambda: CHINA.describe(date(2003, 12, 31)),
        lambda: CHINA.add_working_days(date(NEVER_KNOWN, 3, 1), 0),
        lambda: CHINA.working_days_between(date(2025, 3, 1), date(NEVER_KNOWN, 3, 1)),
        lambda: list(CHINA.working_days(date(2003, 12, 1), date(2004, 1, 31))),
    ):
        with pytest.raises(UnknownYear):
            ask()
    with pytest.raises(UnknownYear) as refused:
        CHINA.is_workday(date(NEVER_KNOWN, 3, 1))
    assert isinstance(refused.value, JiebanError)
    assert refused.value.year == NEVER_KNOWN
    assert refused.value.code == "worktime.unknown_year"
    text = str(refused.value)
    assert "2090 年" in text
    assert "2004–20" in text
    for word in ("calendar.toml", "years", "[holidays]", "[workdays]"):
        assert word in text


def test_counting_past_the_last_known_day_is_refused_not_guessed() -> None:
    last = CHINA.known_until()
    assert last is not None
    with pytest.raises(UnknownYear) as refused:
        CHINA.add_working_days(last - timedelta(days=1), 5)
    assert refused.value.year == last.year + 1
    with pytest.raises(UnknownYear):
        CHINA.add_working_days(date(2004, 1, 5), -5)


def test_a_local_holiday_alone_does_not_make_its_year_known() -> None:
    calendar = WorkCalendar(source="china", holidays={date(NEVER_KNOWN, 3, 10): "肉孜节"})
    with pytest.raises(UnknownYear):
        calendar.is_workday(date(NEVER_KNOWN, 3, 10))


def test_a_whole_year_can_be_loaded_from_data() -> None:
    calendar = WorkCalendar(
        source="china",
        holidays={date(NEVER_KNOWN, 1, 2): "元旦"},
        workdays={date(NEVER_KNOWN, 1, 7): "元旦"},
        years=frozenset({NEVER_KNOWN}),
    )
    assert not calendar.is_workday(date(NEVER_KNOWN, 1, 2))
    assert calendar.is_workday(date(NEVER_KNOWN, 1, 3))
    assert calendar.is_workday(date(NEVER_KNOWN, 1, 7))  # a Saturday
    assert not calendar.is_workday(date(NEVER_KNOWN, 1, 8))
    assert calendar.is_workday(date(2025, 4, 27))


def test_known_years_end_where_the_unbroken_run_ends() -> None:
    assert {2004, 2024, 2025, 2026} <= CHINA.known_years()
    gap = WorkCalendar(
        source="data",
        holidays={date(y, 1, 1): "元旦" for y in (2025, 2026, 2028)},
        years=frozenset({2025, 2026, 2028}),
    )
    assert gap.known_years() == {2025, 2026, 2028}
    assert gap.known_until(date(2025, 5, 7)) == date(2026, 12, 31)
    assert gap.known_until(date(2027, 5, 7)) is None
    assert gap.known_until() == date(2028, 12, 31)
    assert WorkCalendar(source="data").known_until() is None


def test_a_calendar_of_data_knows_its_own_years_and_weekend_only() -> None:
    calendar = WorkCalendar(
        source="data",
        holidays={date(2025, 3, 20): "نوروز"},
        years=frozenset({2025}),
        weekend=frozenset({4, 5}),
    )
    assert calendar.is_workday(date(2025, 4, 27))  # a Sunday like any other
    assert calendar.describe(date(2025, 4, 25)) == "周末"  # Friday
    assert calendar.is_workday(date(2025, 5, 1))
    assert calendar.describe(date(2025, 3, 20)) == "节假日（نوروز）"
    with pytest.raises(UnknownYear, match="2025"):
        calendar.is_workday(date(2024, 12, 31))


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"source": "china", "weekend": frozenset({4, 5})}, "周末"),
        ({"source": "data", "weekend": frozenset(range(7))}, "周末"),
        ({"source": "data", "weekend": frozenset({7})}, "周末"),
        ({"source": "data", "years": frozenset({2025})}, "2025 年"),
        ({"source": "china", "years": frozenset({NEVER_KNOWN})}, "2090 年"),
        (
            {"source": "china", "holidays": {date(2025, 6, 6): "节"}, "workdays": {date(2025, 6, 6): "节"}},
            "2025-06-06",
        ),
        ({"source": "china", "holidays": {date(2025, 6, 6): " "}}, "2025-06-06"),
    ],
)
def test_tables_that_contradict_themselves_are_refused(tables: dict, words: str) -> None:
    with pytest.raises(BadWorktime, match=words):
        WorkCalendar(**tables)


def test_years_may_repeat_what_the_package_knows() -> None:
    calendar = WorkCalendar(source="china", years=frozenset({2025}))
    assert not calendar.is_workday(date(2025, 5, 1))


def test_a_calendar_is_a_value() -> None:
    tables = {date(2025, 6, 6): "古尔邦节"}
    calendar = WorkCalendar(source="china", holidays=tables)
    calendar.is_workday(date(2025, 1, 2))
    tables[date(2025, 6, 9)] = "later"
    assert calendar.is_workday(date(2025, 6, 9)), "the caller's table may change, the calendar doesn't"
    twin = WorkCalendar(source="china", holidays={date(2025, 6, 6): "古尔邦节"})
    assert (calendar, hash(calendar)) == (twin, hash(twin))
    assert calendar != WorkCalendar(source="china")
    assert pickle.loads(pickle.dumps(calendar)) == calendar  # noqa: S301 - our own bytes
    with pytest.raises(TypeError):
        calendar.holidays[date(2025, 6, 9)] = "x"


def test_an_instant_is_not_a_day() -> None:
    with pytest.raises(TypeError):
        CHINA.is_workday(datetime(2025, 5, 1, tzinfo=UTC))


def test_importing_worktime_is_light() -> None:
    heavy = "chinese_calendar", "numpy", "pyarrow", "ibis"
    code = f"import sys, jieban.worktime; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
