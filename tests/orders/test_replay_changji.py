"""The first week of Changji's April with its letters, played through the acts: the month's figures stay the file's.

All of the month goes through the acts by the command line (`tests/site/test_demo_live.py`) in `make torture`.
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from by_acts import parted, values

from jieban.demo.ledger import make_ledger
from jieban.indicators.period import Period
from jieban.ledger.canonical import merged
from jieban.ledger.read import read_ledger
from jieban.ledger.write import write_xlsx
from jieban.orders.export import export_ledger
from jieban.orders.models import Order
from jieban.orders.replay import play_ledger
from jieban.people.city import city
from live_database import LiveDatabase, override_settings

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN, END = datetime(2025, 4, 1, tzinfo=ZONE), datetime(2025, 4, 8, tzinfo=ZONE)
APRIL = Period.month(2025, 4)


@pytest.mark.slow(30)
@pytest.mark.once
def test_what_the_acts_leave_counts_as_the_file_does(tmp_path: Path, database: LiveDatabase) -> None:
    assert database
    file = tmp_path / "ledger.xlsx"
    with override_settings(JIEBAN_PROFILE="changji"):
        made, plan = make_ledger(city(), ["2025-04"])
        write_xlsx(made, city(), file)
        whole = read_ledger([file], city(), cutoff=plan.as_of).ledger
        week, rest = parted(whole, BEGIN, END)
        played = play_ledger(week)
        assert played.refused == []
        assert played.played == week.orders.num_rows + week.letters.num_rows == Order.objects.count()
        assert week.orders.num_rows > 900
        assert week.letters.num_rows == 94
        by_file = values(whole, APRIL, plan.as_of)
        by_acts = values(merged({"live": export_ledger(), "file": rest}), APRIL, plan.as_of)
    assert len(by_file) > 600
    assert {key: value for key, value in by_file.items() if by_acts.get(key) != value} == {}
    assert by_acts.keys() == by_file.keys()
