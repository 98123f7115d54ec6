from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.indicators.period import BadPeriod, Period, PeriodKind

URUMQI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "first", "last", "label", "previous", "year_before"),
    [
        ("2025-04", "2025-04-01", "2025-04-30", "2025年4月", "2025-03", "2024-04"),
        ("2025-01", "2025-01-01", "2025-01-31", "2025年1月", "2024-12", "2024-01"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024年2月", "2024-01", "2023-02"),
        ("2025-W15", "2025-04-07", "2025-04-13", "2025年第15周", "2025-W14", "2024-W15"),
        ("2025-w01", "2024-12-30", "2025-01-05", "2025年第1周", "2024-W52", "2024-W01"),
        ("2020-W53", "2020-12-28", "2021-01-03", "2020年第53周", "2020-W52", "2019-W52"),
        ("2025-Q2", "2025-04-01", "2025-06-30", "2025年第2季度", "2025-Q1", "2024-Q2"),
        ("2025-Q1", "2025-01-01", "2025-03-31", "2025年第1季度", "2024-Q4", "2024-Q1"),
        ("2025", "2025-01-01", "2025-12-31", "2025年", "2024", "2024"),
        (
            "2025-04-01..2025-04-15",
            "2025-04-01",
            "2025-04-15",
            "2025年4月1日至4月15日",
            "2025-03-17..2025-03-31",
            "2024-04-01..2024-04-15",
        ),
        (
            " 2024-02-29 ",
            "2024-02-29",
            "2024-02-29",
            "2024年2月29日",
            "2024-02-28..2024-02-28",
            "2023-02-28..2023-02-28",
        ),
        (
            "2024-12-30..2025-01-02",
            "2024-12-30",
            "2025-01-02",
            "2024年12月30日至2025年1月2日",
            "2024-12-26..2024-12-29",
            "2023-12-30..2024-01-02",
        ),
    ],
)
def test_periods_of_every_kind(  # noqa: PLR0917 - one row of the table above
    text: str, first: str, last: str, label: str, previous: str, year_before: str
) -> None:
    period = Period.parse(text)
    assert (str(period.first), str(period.last), period.label) == (first, last, label)
    assert period.previous().code == previous
    assert period.year_before().code == year_before


@pytest.mark.parametrize(
    "text",
    ["", "April", "2025-13", "2025-00", "2025-W54", "2025-Q5", "2025-4", "2025-02-30", "0001", "2025-W53"],
)
def test_an_unreadable_period_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(BadPeriod) as refused:
        Period.parse(text)
    assert refused.value.fix


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadPeriod, match="早于起日"):
        Period.parse("2025-04-15..2025-04-01")


periods = st.one_of(
    st.builds(Period.month, st.integers(1901, 2900), st.integers(1, 12)),
    st.builds(Period.week, st.integers(1902, 2900), st.integers(1, 52)),
    st.builds(Period.quarter, st.integers(1901, 2900), st.integers(1, 4)),
    st.builds(Period.year, st.integers(1901, 2900)),
    st.builds(
        lambda first, days: Period.between(first, first + timedelta(days=days)),
        st.dates(date(1910, 1, 1), date(2900, 1, 1)),
        st.integers(0, 800),
    ),
)


@given(periods)
def test_the_previous_period_ends_where_this_begins_and_codes_read_back(period: Period) -> None:
    assert Period.parse(period.code) == period
    assert period.previous().last == period.first - timedelta(days=1)
    assert period.previous().kind is period.kind
    assert len(list(period.days())) == period.length
    if period.kind is PeriodKind.RANGE:
        assert period.previous().length == period.length


@given(periods, st.sampled_from(["Asia/Shanghai", "America/New_York", "Asia/Beirut", "America/Havana"]))
def test_instants_hold_exactly_the_local_days(period: Period, zone: str) -> None:
    tz = ZoneInfo(zone)
    begin, end = period.instants(tz)
    assert begin.astimezone(tz).date() == period.first
    assert (begin - timedelta(seconds=1)).astimezone(tz).date() < period.first
    assert (end - timedelta(seconds=1)).astimezone(tz).date() == period.last
    assert end.astimezone(tz).date() > period.last


def test_april_in_beijing_time_begins_in_the_afternoon_of_march_in_utc() -> None:
    begin, end = Period.parse("2025-04").instants(URUMQI)
    assert begin == datetime(2025, 3, 31, 16, tzinfo=UTC)
    assert end == datetime(2025, 4, 30, 16, tzinfo=UTC)
