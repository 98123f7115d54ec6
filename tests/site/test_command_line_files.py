"""The command line where the system, the reader or the person at the keyboard gets in the way."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from jieban.kernel.errors import Exit

HEADINGS = ["工单编号", "受理时间", "派单时间", "诉求类型", "一级分类", "承办单位"]


def run(*arguments: str | Path, lang: str = "zh_CN.UTF-8") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jieban", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"LANG": lang, "PATH": ""},
    )


def workbook(path: Path, units: list[str]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "四月"
    sheet.append(HEADINGS)
    for number, unit in enumerate(units):
        sheet.append(
            [f"A{number}", "2025-04-01 10:00", "2025-04-01 10:30", "投诉", "住房保障类", unit],
        )
    book.create_sheet("说明").append(["本表由热线中心提供"])
    book.save(path)
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return workbook(tmp_path / "四月.xlsx", ["住建局\n城管局", "交通局"])


CHANGJI = ("--profile", "changji")
APRIL = (*CHANGJI, "--period", "2025-04", "--format", "none")


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x")
    for command in (
        ["ledger", "convert", ledger, *CHANGJI, "--out", tmp_path / "文件"],
        ["ledger", "convert", ledger, *CHANGJI, "--out", tmp_path / "文件" / "a.xlsx", "--to", "xlsx"],
        ["ledger", "convert", ledger, *CHANGJI, "--out", tmp_path / "文件" / "csv", "--to", "csv"],
        ["ledger", "inspect", ledger, *CHANGJI, "--write", tmp_path / "没有" / "m.toml"],
        ["report", ledger, *APRIL, "--out", tmp_path / "文件" / "out"],
    ):
        result = run(*command)
        assert result.returncode == Exit.BAD_FILE, result.stderr
        assert "Traceback" not in result.stderr
        assert str(tmp_path) in result.stderr
        assert "[Errno" not in result.stderr


def test_why_a_file_cannot_be_opened_is_said_in_the_readers_language(tmp_path: Path) -> None:
    assert "没有这个文件" in run("ledger", "inspect", tmp_path / "x.xlsx", *CHANGJI).stderr
    assert "目录中没有标准台账文件" in run("ledger", "inspect", tmp_path, *CHANGJI).stderr
    english = run("ledger", "inspect", tmp_path / "x.xlsx", *CHANGJI, lang="en_US.UTF-8").stderr
    assert "no such file" in english.lower()


def test_programs_get_a_refusal_as_json(tmp_path: Path) -> None:
    result = run("report", tmp_path / "x.xlsx", *APRIL, "--json", "--out", tmp_path)
    assert json.loads(result.stdout)["error"]["where"] == {"file": "x.xlsx"}
    assert "x.xlsx" in result.stderr


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    file = workbook(tmp_path / "四月.xlsx", [f"月球{number}局" for number in range(3000)])
    with subprocess.Popen(
        [sys.executable, "-m", "jieban", "ledger", "check", file, *CHANGJI, "--all"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"LANG": "zh_CN.UTF-8"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
    assert process.returncode == Exit.OK
    assert "Traceback" not in said
    assert "Broken" not in said


def test_a_period_without_orders_leaves_what_was_there(ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("report", ledger, *APRIL, "--out", out).returncode == Exit.OK
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    empty = workbook(tmp_path / "空.xlsx", [])
    assert run("report", empty, *APRIL, "--out", out).returncode == Exit.BAD_LEDGER
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    run("report", empty, *CHANGJI, "--period", "2025-05", "--out", out)
    assert not (out / "changji" / "2025-05").exists()


def test_a_ledger_whose_rows_are_all_rejected_says_so(tmp_path: Path) -> None:
    file = workbook(tmp_path / "四月.xlsx", ["月球局", "月球局"])
    result = run("report", file, *APRIL, "--out", tmp_path / "out")
    rejects = tmp_path / "out" / "changji" / "2025-04" / "rejects.xlsx"
    assert result.returncode == Exit.BAD_LEDGER
    assert "2 行被拒收" in result.stderr
    assert str(rejects) in result.stderr
    assert rejects.is_file()


def test_inspect_keeps_a_line_a_column_and_says_tables_in_words(ledger: Path) -> None:
    told = run("ledger", "inspect", ledger, *CHANGJI).stdout
    assert "读作工单" in told
    assert "住建局 城管局 | 交通局" in told
    assert not any(line != line.rstrip() for line in told.splitlines())


def test_a_sheet_that_is_none_of_the_ledgers_is_called_so(ledger: Path) -> None:
    told = run("ledger", "check", ledger, *CHANGJI).stdout
    assert "“说明”：不像台账，整张略过" in told
    assert "“说明”：读入" not in told


def test_a_mapping_that_is_none_has_the_exit_code_of_a_file(ledger: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text("version = ", encoding="utf-8")
    assert run("ledger", "check", ledger, *CHANGJI, "--mapping", mapping).returncode == Exit.BAD_FILE


def test_a_file_of_other_headings_shows_them_and_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "外来.csv"
    file.write_text("案号,何时,事由\n1,2025-04-01,灯坏了\n2,2025-04-02,路坏了\n", encoding="utf-8")
    told = run("ledger", "inspect", file, *CHANGJI).stdout
    assert "各列的标题：案号、何时、事由" in told
    assert "--write" in told
