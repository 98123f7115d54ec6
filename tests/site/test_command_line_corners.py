"""The command line at its corners: what is known until when, what is given twice, what is empty."""

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

HEADINGS = ["工单编号", "受理时间", "派单时间", "诉求类型", "一级分类", "承办单位", "办结时间"]
ORDER = ["A1", "2025-04-01 10:00", "2025-04-01 10:30", "投诉", "住房保障类", "住建局", "2025-04-02 09:00"]
CALLS = [
    ["回访编号", "工单编号", "回访时间", "是否接通"],
    ["H1", "A1", "2025-05-04 16:20", "是"],
]
CHANGJI = ("--profile", "changji")
APRIL = (*CHANGJI, "--period", "2025-04", "--format", "none")


def run(
    *arguments: str | Path, lang: str = "zh_CN.UTF-8", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jieban", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"LANG": lang, "PATH": os.environ["PATH"]} | environment,
    )


def workbook(path: Path, **sheets: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(path)
    return path


@pytest.fixture
def april(tmp_path: Path) -> Path:
    return workbook(tmp_path / "四月.xlsx", 工单=[HEADINGS, ORDER])


# ---- what is known until when


def test_a_callback_tells_until_when_the_ledger_knows(tmp_path: Path) -> None:
    file = workbook(tmp_path / "四月.xlsx", 工单=[HEADINGS, ORDER], 回访=CALLS)
    told = json.loads(run("report", file, *APRIL, "--out", tmp_path / "out", "--json").stdout)
    manifest = json.loads((Path(told["snapshot"]["directory"]) / "manifest.json").read_text("utf-8"))
    assert manifest["cutoff"] == "2025-05-04T08:20:00+00:00"


def test_what_is_implausible_hangs_on_the_period_and_not_on_today(tmp_path: Path) -> None:
    # A year and two days after the period: long gone by now, and still more than anybody waits.
    late = ["A2", *ORDER[1:-1], "2026-05-03 09:00"]
    file = workbook(tmp_path / "四月.xlsx", 工单=[HEADINGS, ORDER, late])
    told = json.loads(run("report", file, *APRIL, "--out", tmp_path / "out", "--json").stdout)
    assert (told["accounting"]["accepted"], told["accounting"]["rejected"]) == (1, 1)
    later = ("--as-of", "2025-05-05")
    told = json.loads(run("report", file, *APRIL, *later, "--out", tmp_path / "later", "--json").stdout)
    assert told["accounting"]["rejected"] == 0
