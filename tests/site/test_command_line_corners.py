"""The command line at its corners: what is known until when, what is given twice, what is empty."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from jieban.kernel.errors import Exit

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


# ---- what is given twice, what is empty


def test_a_file_given_twice_is_refused_in_one_sentence(april: Path, tmp_path: Path) -> None:
    copy = tmp_path / "四月(1).xlsx"
    copy.write_bytes(april.read_bytes())
    for command in (
        ["report", april, copy, *APRIL, "--out", tmp_path / "out"],
        ["ledger", "convert", april, april, *CHANGJI, "--out", tmp_path / "out"],
        ["ledger", "check", april, copy, *CHANGJI],
    ):
        result = run(*command)
        assert result.returncode == Exit.BAD_FILE
        said = result.stdout + result.stderr
        assert "请只给一次" in said
        assert "重复的" not in said
    assert not (tmp_path / "out").exists()


def test_a_directory_without_tables_is_refused_alike_by_every_command(tmp_path: Path) -> None:
    (tmp_path / "空目录").mkdir()
    for command in (["inspect"], ["check"], ["convert", "--out", tmp_path / "out"]):
        result = run("ledger", *command, tmp_path / "空目录", *CHANGJI)
        assert result.returncode == Exit.BAD_FILE, result.stdout
        assert "空目录" in result.stdout + result.stderr


def test_a_canonical_directory_can_be_inspected(april: Path, tmp_path: Path) -> None:
    assert run("ledger", "convert", april, *CHANGJI, "--out", tmp_path / "标准").returncode == Exit.OK
    result = run("ledger", "inspect", tmp_path / "标准", *CHANGJI)
    assert result.returncode == Exit.OK, result.stderr
    assert "orders.parquet" in result.stdout
    told = json.loads(
        run("ledger", "inspect", tmp_path / "标准" / "orders.parquet", *CHANGJI, "--json").stdout
    )
    assert told["sheets"][0]["rows"] == 1
    refused = run("ledger", "inspect", tmp_path / "标准", *CHANGJI, "--write", tmp_path / "m.toml")
    assert refused.returncode == Exit.BAD_FILE
    assert not (tmp_path / "m.toml").exists()


def test_a_file_of_headings_alone_is_no_ledger_to_use(tmp_path: Path) -> None:
    file = workbook(tmp_path / "四月.xlsx", 工单=[HEADINGS])
    for command in (["check", file], ["convert", file, "--out", tmp_path / "out"]):
        result = run("ledger", *command, *CHANGJI)
        assert result.returncode == Exit.BAD_LEDGER
        assert "没有读到一行数据" in result.stdout + result.stderr
    assert not (tmp_path / "out").exists()


# ---- what goes where


def test_the_account_is_what_check_was_asked_for_and_a_remark_of_others(april: Path, tmp_path: Path) -> None:
    checked = run("ledger", "check", april, *CHANGJI)
    assert "读入 1 行 = 接收 1 行" in checked.stdout
    assert checked.stderr == ""
    converted = run("ledger", "convert", april, *CHANGJI, "--out", tmp_path / "out")
    assert all(Path(line).is_file() for line in converted.stdout.splitlines())
    assert "读入 1 行 = 接收 1 行" in converted.stderr


def test_inspect_warns_of_numbers_that_lost_their_digits(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    sheet.append([20250401093000123, *ORDER[1:]])
    book.save(tmp_path / "四月.xlsx")
    said = run("ledger", "inspect", tmp_path / "四月.xlsx", *CHANGJI).stdout
    assert "e+16" not in said
    assert "20250401093000" in said
    assert "1 格是超过 15 位的数字" in said


# ---- in the reader's language


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("version = 1\n[[sheets]\n", "第 2 行：不是正确的 TOML：第 9 个字符处", "双方括号没有合上"),
        ('version = 1\n名 = "x"\n', "第 2 行：不是正确的 TOML：第 1 个字符处", "要加引号"),
        ('version = "abc', "第 1 行：不是正确的 TOML：第 15 个字符处", "引号没有合上"),
        ("version = abc", "第 1 行：不是正确的 TOML：第 11 个字符处", "文字要加英文引号"),
    ],
)
def test_what_is_wrong_with_a_toml_is_said_in_chinese_with_its_place(
    april: Path, tmp_path: Path, text: str, place: str, said: str
) -> None:
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    told = run("ledger", "check", april, *CHANGJI, "--mapping", tmp_path / "m.toml").stdout
    assert place in told
    assert said in told
    assert not any(word in told for word in ("Expected", "Invalid", "Unterminated", "at line"))


@pytest.mark.parametrize("command", [[], ["ledger"], ["ledger", "check"], ["report"], ["indicators", "list"]])
def test_help_holds_no_english_of_the_library(command: list[str]) -> None:
    told = run(*command, "--help").stdout
    assert "[选项]" in told
    assert "选项：" in told
    assert not any(word in told for word in ("OPTIONS", "COMMAND", "[ARGS]", "and exit", "Usage"))
    assert "[OPTIONS]" in run(*command, "--help", lang="en").stdout


def test_a_counting_rule_is_printed_with_chinese_punctuation_and_said_in_english() -> None:
    chinese = run("indicators", "explain", "orders.change_previous").stdout
    assert "\n口径：" in chinese
    assert "种类：变化率（环比）" in chinese
    english = run("indicators", "explain", "orders.change_previous", lang="en").stdout
    assert "\nKind: change on the previous period\n" in english
    assert "\nCuts: total, topic\n" in english


def test_english_sentences_are_joined_as_english_and_know_rows_from_lines(tmp_path: Path) -> None:
    file = workbook(tmp_path / "April.xlsx", 工单=[HEADINGS, [*ORDER[:5], "月球局", ""], ["制表:张三"]])
    inspected = run("ledger", "inspect", file, *CHANGJI, lang="en").stdout
    assert "dispatched_at, handlings.dispatched_at" in inspected
    checked = run("ledger", "check", file, *CHANGJI, lang="en").stdout
    assert "row 2" in checked
    assert "signature or remark below the table" in checked
    assert "、" not in inspected + checked


# ---- what the system keeps closed


@pytest.fixture
def closed(april: Path, tmp_path: Path) -> Path:
    """A directory that nothing can be written into, and in it a file that nobody may read."""
    place = tmp_path / "closed"
    place.mkdir()
    (place / "四月.xlsx").write_bytes(april.read_bytes())
    (place / "四月.xlsx").chmod(0)
    place.chmod(0o555)
    return place


def as_nobody(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """As `run`; where root runs the tests, without root's right to read and write everything."""
    rights = "-dac_override,-dac_read_search"
    bound = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*bound, sys.executable, "-m", "jieban", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"LANG": "zh_CN.UTF-8", "PATH": os.environ["PATH"]},
    )


def test_what_nobody_may_read_or_write_is_told_in_a_sentence(april: Path, closed: Path) -> None:
    unread = closed / "四月.xlsx"
    for command in (
        ["ledger", "inspect", unread, *CHANGJI],
        ["ledger", "check", unread, *CHANGJI],
        ["ledger", "check", april, *CHANGJI, "--mapping", unread],
        ["ledger", "convert", april, *CHANGJI, "--out", closed / "a"],
        ["ledger", "convert", april, *CHANGJI, "--to", "xlsx", "--out", closed / "a.xlsx"],
        ["report", april, *APRIL, "--out", closed],
    ):
        result = as_nobody(*command)
        said = result.stdout + result.stderr
        assert result.returncode == Exit.BAD_FILE, said
        assert "没有权限" in said
        assert "Traceback" not in said


def test_a_workbook_that_takes_values_from_others_is_refused_by_every_command(
    april: Path, tmp_path: Path
) -> None:
    file = tmp_path / "外链 测试.xlsx"
    file.write_bytes(april.read_bytes())
    link = '<Relationships><Relationship Id="r1" Target="旧台账.xlsx"/></Relationships>'
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", link)
    for command in (
        ["ledger", "inspect", file, *CHANGJI],
        ["ledger", "check", file, *CHANGJI],
        ["report", file, *APRIL, "--out", tmp_path / "out"],
    ):
        result = run(*command)
        assert result.returncode == Exit.BAD_FILE
        assert "外链 测试.xlsx" in result.stdout + result.stderr
        assert "旧台账.xlsx" in result.stdout + result.stderr


# ---- slips of the keyboard


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ledgr", "check"], "ledger"),
        (["ledger", "chek"], "check"),
        (["report", "x.xlsx", "--profil", "changji"], "--profile"),
        (["report", "x.xlsx", *APRIL, "--as-of", "昨天"], "昨天 不是日期，请写成 2025-05-07"),
        (["clocks", "run", "--now", "明天"], "明天 不是时刻，请写成 2025-05-07、2025-05-07T10:30"),
        (["retention", "run", "--now", "明天"], "明天 不是时刻，请写成 2025-05-07、2025-05-07T10:30"),
        (["people", "end", "a", "b", "--on", "2025-05-07T10:30"], "不是日期，请写成 2025-05-07。"),
        (["keys", "retire", "x"], "x 不是版本号"),
    ],
)
def test_a_slip_is_answered_in_chinese_with_what_was_meant(words: list[str], said: str) -> None:
    result = run(*words)
    assert result.returncode == Exit.USAGE
    assert said in result.stderr
    assert "does not match" not in result.stderr
