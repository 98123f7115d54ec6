"""Dates and times in the forms that offices write them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_files import SHANGHAI, utc

from jieban.ledger.arrow import NO_INSTANT
from jieban.ledger.mapping.model import DateOrder, Dates, Twice
from jieban.ledger.raw import RawColumn
from jieban.ledger.values.instants import parse_instants

NINE = "2025-04-01 09:30:00"


def parsed(
    *texts: str | None, dates: Dates | None = None, zone: ZoneInfo = SHANGHAI
) -> list[dt.datetime | str | None]:
    """Each text's instant in UTC, "bad" for what is not understood, None for nothing."""
    column = RawColumn(length=len(texts), text=pa.array(texts, pa.string()))
    return shown(column, dates, zone)


def shown(
    column: RawColumn, dates: Dates | None = None, zone: ZoneInfo = SHANGHAI
) -> list[dt.datetime | str | None]:
    found = parse_instants(column, dates or Dates(), zone)
    return [
        "bad" if bad else None if second == NO_INSTANT else dt.datetime.fromtimestamp(second, dt.UTC)
        for second, bad in zip(found.seconds.tolist(), found.bad.tolist(), strict=True)
    ]


FORMS = {
    "2025-04-01 09:30": NINE,
    "2025-04-01 09:30:15": "2025-04-01 09:30:15",
    "2025-4-1 9:30": NINE,
    "2025/4/1 9:30": NINE,
    "2025/04/01": "2025-04-01",
    "2025.4.1": "2025-04-01",
    "2025年4月1日": "2025-04-01",
    "2025年4月1日 9时30分": NINE,
    "2025年04月01日09时30分15秒": "2025-04-01 09:30:15",
    "2025年4月1日9点": "2025-04-01 09:00:00",
    "2025年4月1日 09:30": NINE,
    "2025年4月1日 星期二 09:30": NINE,
    "2025年4月1日(星期二)上午9:30": NINE,
    "2025-04-01 下午 3:20": "2025-04-01 15:20:00",
    "2025-04-01 03:20:00 PM": "2025-04-01 15:20:00",
    "2025-04-01 12:05 am": "2025-04-01 00:05:00",
    "2025-04-01 12:05 pm": "2025-04-01 12:05:00",
    "20250401": "2025-04-01",
    "202504010930": NINE,
    "20250401093000": NINE,
    "20250401 0930": NINE,
    "20250401 09:30:00": NINE,
    "2025-04-01T09:30:00": NINE,
    "2025-04-01T09:30:00+08:00": NINE,
    "2025-04-01 10:30:00+0900": NINE,
    "2025-04-01T01:30:00Z": NINE,
    "2025-04-01 09:30:00.0": NINE,
    "2025-04-01 09:30:00.987": NINE,
    "2025-04-01 24:00": "2025-04-02",
    "  2025-04-01 09:30 ": NINE,
    "\u30002025-04-01\u300009:30\u200b": NINE,
    "2025-04-01\n09:30:00": NINE,
    "\uff12\uff10\uff12\uff15\uff0d\uff10\uff14\uff0d\uff10\uff11\u3000\uff10\uff19\uff1a\uff13\uff10": NINE,
    "45748.3958333333": NINE,
    "45748": "2025-04-01",
}


@pytest.mark.parametrize(("text", "meant"), FORMS.items())
def test_a_written_form(text: str, meant: str) -> None:
    assert parsed(text) == [utc(meant)]


@pytest.mark.parametrize(
    "text",
    [
        "昨天", "2025年4月", "4月1日", "25-4-1", "2025-02-29", "2025-13-01", "2025-00-10", "2025-04-31",
        "2025-4/1", "2025-04-01 25:00", "2025-04-01 09:60", "2025-04-01 24:01", "3/4/2025", "12:30", "0", "1.5",
        "2025-04-01 09:30 左右", "20251301", "2025040109300", "2025-04-0109:30", "99999", "2025年4-1",
        "2025-04-01 09:30:00:00:00", "-2025-04-01",
    ],
)  # fmt: skip
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert parsed(text) == ["bad"]


def test_leap_days_are_those_of_the_calendar() -> None:
    assert parsed("2024-02-29", "2000-02-29") == [utc("2024-02-29"), utc("2000-02-29")]
    assert parsed("1900-02-29", "2100-02-29") == ["bad", "bad"]


def test_nothing_is_nothing() -> None:
    assert parsed(None, "", " \u3000") == [None, None, None]


def test_typed_cells() -> None:
    wall = dt.datetime(2025, 4, 1, 9, 30, 0, 600_000)  # noqa: DTZ001 - wall time
    column = RawColumn(
        length=6,
        instant=pa.array([wall, None, None, None, None, None], pa.timestamp("us")),
        number=pa.array([None, 45748.395833333336, 20250401.0, 20250401093000.0, 12.0, None]),
        flag=pa.array([None, None, None, None, None, True]),
    )
    assert shown(column) == [
        utc("2025-04-01 09:30:01"), utc(NINE), utc("2025-04-01"), utc(NINE), "bad", "bad",
    ]  # fmt: skip


def test_day_and_month_are_told_apart_only_by_declaration() -> None:
    assert parsed("3/4/2025 8:00") == ["bad"]
    assert parsed("3/4/2025 8:00", dates=Dates(order=DateOrder.MONTH_FIRST)) == [utc("2025-03-04 08:00")]
    assert parsed("3/4/2025 8:00", dates=Dates(order=DateOrder.DAY_FIRST)) == [utc("2025-04-03 08:00")]
    assert parsed("3/4/25", dates=Dates(order=DateOrder.DAY_FIRST)) == [utc("2025-04-03")]
    assert parsed("3/4/99", dates=Dates(order=DateOrder.DAY_FIRST)) == [utc("1999-04-03")]
    # A year of four digits in front, or 年, leaves nothing to choose.
    assert (
        parsed("2025/3/4", "2025年3月4日", dates=Dates(order=DateOrder.DAY_FIRST)) == [utc("2025-03-04")] * 2
    )


def test_the_mapping_s_own_formats_go_first() -> None:
    dates = Dates(formats=("%Y-%d-%m", "%d.%b.%Y"))
    assert parsed("2025-04-01", "1.Apr.2025", "2025/4/1", dates=dates) == [
        utc("2025-01-04"),
        utc("2025-04-01"),
        utc("2025-04-01"),
    ]


def test_wall_times_are_of_the_declared_zone() -> None:
    dates = Dates(time_zone="America/New_York")
    assert parsed("2011-07-01 01:32:33", dates=dates) == [dt.datetime(2011, 7, 1, 5, 32, 33, tzinfo=dt.UTC)]


def test_times_that_the_change_of_clocks_repeats_or_leaves_out() -> None:
    zone = ZoneInfo("America/New_York")
    twice, never = "2025-11-02 01:30", "2025-03-09 02:30"
    assert parsed(twice, zone=zone) == [dt.datetime(2025, 11, 2, 5, 30, tzinfo=dt.UTC)]
    assert parsed(twice, zone=zone, dates=Dates(twice=Twice.LATER)) == [
        dt.datetime(2025, 11, 2, 6, 30, tzinfo=dt.UTC)
    ]
    # 02:30 doesn't exist: half an hour after 02:00 the clock shows 03:30.
    assert parsed(never, zone=zone) == [dt.datetime(2025, 3, 9, 7, 30, tzinfo=dt.UTC)]
    assert parsed(never, zone=zone, dates=Dates(twice=Twice.LATER)) == parsed(never, zone=zone)


SEPARATED = (
    "{:%Y-%m-%d %H:%M:%S}",
    "{:%Y/%m/%d %H:%M:%S}",
    "{:%Y年%m月%d日 %H时%M分%S秒}",
    "{:%Y%m%d%H%M%S}",
    "{:%Y%m%d %H%M%S}",
    "{0.year}-{0.month}-{0.day} {0.hour}:{0.minute}:{0.second}",
    "{:%Y-%m-%dT%H:%M:%SZ}",
)


@given(
    st.lists(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 31)), min_size=1, max_size=8),  # noqa: DTZ001
    st.sampled_from(SEPARATED),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC"]),
)
def test_every_instant_comes_back_from_every_form(moments: list[dt.datetime], form: str, name: str) -> None:
    zone = ZoneInfo("UTC") if form.endswith("Z}") else ZoneInfo(name)
    whole = [moment.replace(microsecond=0) for moment in moments]
    for moment, found in zip(whole, parsed(*map(form.format, whole), zone=zone), strict=True):
        aware = moment.replace(tzinfo=zone, fold=0)
        # What the clocks leave out has two offsets; the earlier rule's moves it on.
        meant = (
            max(aware.astimezone(dt.UTC), aware.replace(fold=1).astimezone(dt.UTC)) if gap(aware) else aware
        )
        assert found == meant.astimezone(dt.UTC)


def gap(moment: dt.datetime) -> bool:
    """Whether no clock shows this wall time."""
    back = moment.astimezone(dt.UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None) != moment.replace(tzinfo=None, fold=0)


@given(st.lists(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 31)), min_size=1))  # noqa: DTZ001
def test_serial_numbers_are_exact_to_the_second(moments: list[dt.datetime]) -> None:
    whole = [moment.replace(microsecond=0) for moment in moments]
    serials = [(moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1) for moment in whole]  # noqa: DTZ001
    number = RawColumn(length=len(whole), number=pa.array(serials))
    text = RawColumn(length=len(whole), text=pa.array(list(map(repr, serials))))
    expected = [moment.replace(tzinfo=dt.UTC) for moment in whole]
    assert shown(number, zone=ZoneInfo("UTC")) == expected
    assert shown(text, zone=ZoneInfo("UTC")) == expected


@given(st.lists(st.text(max_size=25)))
def test_no_text_makes_it_stumble(texts: list[str]) -> None:
    assert len(parsed(*texts)) == len(texts)


@given(
    st.lists(
        st.from_regex(
            r"[0-9]{1,4}[-/.年][0-9]{1,3}[-/.月][0-9]{1,20}日?[ T]?[0-9]{0,20}:?[0-9]{0,3}", fullmatch=True
        )
    )
)
def test_what_looks_like_a_date_is_read_alone_as_among_others(texts: list[str]) -> None:
    assert parsed(*texts) == [found for text in texts for found in parsed(text)]
