"""Wall time and UTC, day by day, against zoneinfo asked for every single time."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.ledger.arrow import NO_INSTANT
from jieban.ledger.mapping.model import Twice
from jieban.ledger.values.zones import local_days, to_utc, to_wall

ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",
    "Europe/London",
    "America/Sao_Paulo",
    "UTC",
)
DAY = 86_400


def wall_of(second: int, zone: ZoneInfo) -> int:
    there = dt.datetime.fromtimestamp(second, zone)
    return int(there.replace(tzinfo=dt.UTC).timestamp())


@pytest.mark.parametrize("name", ZONES)
def test_every_quarter_hour_of_changing_weeks(name: str) -> None:
    zone = ZoneInfo(name)
    for month, day in ((3, 7), (3, 28), (4, 4), (10, 3), (10, 24), (11, 1), (2, 15)):
        begin = int(dt.datetime(2014, month, day, tzinfo=dt.UTC).timestamp())
        seconds = np.arange(begin, begin + 7 * DAY, 900)
        wall = to_wall(seconds, zone)
        assert wall.tolist() == [wall_of(second, zone) for second in seconds.tolist()]
        early, late = to_utc(wall, zone, Twice.EARLIER), to_utc(wall, zone, Twice.LATER)
        # One of the two is where it came from, and both show the same wall time.
        assert ((early == seconds) | (late == seconds)).all()
        assert (early <= late).all()
        assert (to_wall(early, zone) == wall).all()
        assert (to_wall(late, zone) == wall).all()
        assert (local_days(seconds, zone) == wall // DAY).all()


@given(st.lists(st.integers(-(10**10), 2 * 10**10)), st.sampled_from(ZONES))
def test_any_instant_against_zoneinfo(seconds: list[int], name: str) -> None:
    zone = ZoneInfo(name)
    assert to_wall(np.array(seconds, dtype=np.int64), zone).tolist() == [wall_of(s, zone) for s in seconds]


def test_nothing_stays_nothing() -> None:
    nothing = np.array([NO_INSTANT, 0], dtype=np.int64)
    zone = ZoneInfo("Asia/Shanghai")
    assert to_wall(nothing, zone).tolist() == [NO_INSTANT, 8 * 3600]
    assert to_utc(nothing, zone).tolist() == [NO_INSTANT, -8 * 3600]
    assert local_days(nothing, zone).tolist() == [NO_INSTANT, 0]
    assert to_wall(np.zeros(0, dtype=np.int64), zone).tolist() == []
