"""`jieban demo --live`: a whole month played through the acts, its report equal to the file's, figure for figure."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jieban.kernel.errors import Exit

ORDERS = {"changji": 4567 + 94, "yunting": 620}
"""The reported month's orders and letters, as each city's demo data say."""
_LIVE = (sys.executable, "-m", "jieban", "demo", "--live")


@pytest.mark.slow(70)
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("city", ORDERS)
def test_a_month_through_the_acts_gives_the_report_of_the_file(city: str, quick_path: Path) -> None:
    ended = subprocess.run(
        # The other forms print the same figures (tests/golden).
        [*_LIVE, "--profile", city, "--out", str(quick_path), "--format", "html"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"},
    )
    assert ended.returncode == Exit.OK, ended.stderr
    said = re.search(r"读入 (\d+) 件 = 办完 (\d+) 件 \+ 无法重演 (\d+) 件", ended.stderr)
    assert said is not None
    assert tuple(map(int, said.groups())) == (ORDERS[city], ORDERS[city], 0)
    compared = re.search(r"(\d+) 个指标值，(\d+) 个不同", ended.stderr)
    assert compared is not None
    assert int(compared[1]) > 600
    assert int(compared[2]) == 0
    place = quick_path / city / "2025-04" / "live"
    report = next(place.rglob("*-public.html")).read_text("utf-8")
    assert "演示数据" in report
    assert (place / "keys").stat().st_mode & 0o077 == 0
