"""Boston's August of 2011, real requests, played through the acts: its figures are those of the city's own file.

`make test` plays its first week, and the rest is counted from the file; `make torture` plays all of it.
"""

import gzip
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from by_acts import parted, values

from jieban.indicators.model import Window
from jieban.indicators.period import Period
from jieban.ledger.canonical import merged
from jieban.ledger.read import read_ledger
from jieban.orders.export import export_ledger
from jieban.orders.models import Order
from jieban.orders.replay import play_ledger
from jieban.people.city import city
from live_database import LiveDatabase, override_settings

CITY = Path(__file__).parents[1] / "boston" / "boston"
MAPPING = CITY.parent / "mapping.toml"
ZONE = ZoneInfo("America/New_York")
AUGUST = Period.parse("2011-08")
A_WEEK_LATER = datetime(2011, 9, 7, 9, tzinfo=ZONE)
WHOLE = "JIEBAN_TORTURE" in os.environ
BEGIN, END = datetime(2011, 8, 1, tzinfo=ZONE), datetime(2011, *((9, 1) if WHOLE else (8, 8)), tzinfo=ZONE)
LEAST = 11_000 if WHOLE else 2_000

OTHERWISE = {
    # The file has no urgency; a live order always has one.
    ("orders.total", Window.CURRENT, (("urgency", ""),)),
    # The file has deadlines of its own to disagree with.
    ("orders.deadline_disagreements", Window.CURRENT, ()),
    ("handlings.deadline_disagreements", Window.CURRENT, ()),
}


@pytest.mark.slow(30)
@pytest.mark.once
@pytest.mark.timeout(1200)
@pytest.mark.needs_shared
def test_what_the_acts_leave_counts_as_the_file_does(
    shared: Path, tmp_path: Path, database: LiveDatabase
) -> None:
    assert database
    file = tmp_path / "requests.csv"
    file.write_bytes(gzip.decompress((shared / "data" / "boston311-2011q3.csv.gz").read_bytes()))
    with override_settings(JIEBAN_PROFILE=str(CITY)):
        whole = read_ledger([file], city(), mapping=MAPPING, cutoff=A_WEEK_LATER).ledger
        played_too, rest = parted(whole, BEGIN, END)
        played = play_ledger(played_too)
        assert played.refused == []
        assert played.played == played_too.orders.num_rows == Order.objects.count() > LEAST
        by_file, by_acts = (
            values(each, AUGUST, A_WEEK_LATER)
            for each in (whole, merged({"live": export_ledger(), "file": rest}))
        )
    assert len(by_file) > 500
    assert {key for key, value in by_file.items() if by_acts.get(key) != value} == OTHERWISE
    assert by_acts["orders.total", Window.CURRENT, (("urgency", "normal"),)].value == played.played
