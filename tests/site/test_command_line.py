"""The command line as a person meets it: typos, empty files, wrong places, and programs that read what it says."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from jieban.kernel.errors import Exit

HEADINGS = [
    "工单编号",
    "受理时间",
    "派单时间",
    "诉求类型",
    "一级分类",
    "二级分类",
    "承办单位",
    "签收时间",
    "办结时间",
    "满意度",
]
GOOD = [
    [
        "A1",
        "2025-04-01 10:00",
        "2025-04-01 10:30",
        "投诉",
        "住房保障类",
        "物业管理",
        "住建局、城管局",
        "2025-04-01 12:00",
        "2025-04-02 12:00",
        "满意",
    ],
    [
        "A2",
        "2025-04-02 10:00",
        "2025-04-02 10:30",
        "咨询",
        "公共安全类",
        "消防安全",
        "消防救援大队",
        "2025-04-02 12:00",
        "2025-04-03 12:00",
        "不满意",
    ],
]


def run(
    *arguments: str | Path, lang: str = "zh_CN.UTF-8", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in {"LC_ALL", "LC_MESSAGES", "LANGUAGE"}}
    return subprocess.run(
        [sys.executable, "-m", "jieban", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment | {"LANG": lang},
    )


def workbook(path: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "四月"
    for row in [HEADINGS, *rows]:
        sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return workbook(tmp_path / "四月.xlsx", GOOD)


def test_help_is_chinese_and_lists_every_command() -> None:
    result = run("--help")
    assert result.returncode == Exit.OK
    assert "用法：" in result.stdout
    assert "显示这份说明" in result.stdout
    for command in ("demo", "profile", "ledger", "report", "indicators"):
        assert re.search(rf"^\s+{command}\s", result.stdout, re.MULTILINE)


def test_help_is_english_where_the_language_is() -> None:
    result = run("--help", lang="en_US.UTF-8")
    assert "Usage:" in result.stdout
    assert not re.search(r"[一-鿿]", result.stdout)


@pytest.mark.parametrize(
    "command",
    [
        "demo",
        "profile check",
        "ledger inspect",
        "ledger check",
        "ledger convert",
        "report",
        "indicators list",
        "indicators explain",
        "indicators docs",
    ],
)
def test_every_command_explains_itself(command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.returncode == Exit.OK
    assert "用法：" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["reprot"], "错误：没有命令 reprot。是否要写 report？\n"),
        (["report", "x.xlsx", "--profile", "changji", "--period", "2025-04", "--fromat", "pdf"], "没有选项"),
        (["report", "x.xlsx", "--profile", "changji", "--period", "2025-04", "--format", "pfd"], "没有格式"),
        (["report", "x.xlsx", "--profile", "changji"], "错误：缺少选项“--period”。\n"),
        (["ledger", "check"], "错误：缺少参数“FILE”。\n"),
        (["report", "x", "--edition", "alle"], "不在可选值之内：public、internal、both。\n"),
    ],
)
def test_a_typo_is_told_in_a_sentence(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.returncode == Exit.USAGE
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_fault_without_a_place_is_introduced_with_a_full_width_colon() -> None:
    result = run("profile", "check", "chanji")
    assert result.returncode == Exit.BAD_PROFILE
    assert result.stdout.startswith("chanji：找不到配置“chanji”。\n")


def test_a_profile_that_is_not_there_is_told_with_those_that_are(ledger: Path) -> None:
    result = run("report", ledger, "--profile", "nowhere", "--period", "2025-04")
    assert result.returncode == Exit.BAD_PROFILE
    assert "changji" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_period_that_is_none_is_refused(ledger: Path, tmp_path: Path) -> None:
    result = run("report", ledger, "--profile", "changji", "--period", "2025-13", "--out", tmp_path / "out")
    assert result.returncode == Exit.USAGE
    assert "2025-13" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_period_without_orders_is_refused(ledger: Path, tmp_path: Path) -> None:
    result = run("report", ledger, "--profile", "changji", "--period", "2025-06", "--out", tmp_path / "out")
    assert result.returncode == Exit.BAD_LEDGER
    assert "没有" in result.stderr


def _not_there(_path: Path) -> None:
    pass


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 4)


def _other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")


@pytest.mark.parametrize("make", [_not_there, _empty, _text, _other_zip])
@pytest.mark.parametrize("command", ["inspect", "check", "convert", "report"])
def test_a_bad_file_is_refused_with_a_sentence(make: object, command: str, tmp_path: Path) -> None:
    file = tmp_path / "坏.xlsx"
    assert callable(make)
    make(file)
    rest = ["--profile", "changji"]
    if command == "convert":
        rest += ["--out", str(tmp_path / "out")]
    if command == "report":
        result = run("report", file, *rest, "--period", "2025-04", "--out", tmp_path / "out")
    else:
        result = run("ledger", command, file, *rest)
    assert result.returncode == Exit.BAD_FILE
    assert "坏.xlsx" in result.stderr + result.stdout
    assert "Traceback" not in result.stderr


def test_check_lists_faults_and_accounts_for_every_row(tmp_path: Path) -> None:
    bad = [
        "A3",
        "2025-04-03 10:00",
        "2025-04-03 10:30",
        "投诉",
        "住房保障类",
        "物业管理",
        "月球局",
        "",
        "",
        "",
    ]
    file = workbook(tmp_path / "四月.xlsx", [*GOOD, GOOD[0], bad])
    result = run("ledger", "check", file, "--profile", "changji")
    assert result.returncode == Exit.BAD_LEDGER
    assert "月球局" in result.stdout
    assert "第 5 行" in result.stdout
    assert re.search(r"读入 4 行 = 接收 \d+ 行.* \+ 拒收 \d+ 行", result.stdout)


def test_check_gives_programs_the_same(tmp_path: Path) -> None:
    file = workbook(tmp_path / "四月.xlsx", GOOD)
    result = run("ledger", "check", file, "--profile", "changji", "--json")
    told = json.loads(result.stdout)
    sheet = told["accounting"]["sheets"][0]
    assert sheet["read"] == sheet["accepted"] + sheet["rejected"] + sum(sheet["left_out"].values()) == 2


def test_inspect_writes_a_mapping_once_and_report_obeys_it(ledger: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "对照.toml"
    assert run("ledger", "inspect", ledger, "--profile", "changji", "--write", mapping).returncode == Exit.OK
    before = mapping.read_bytes()
    second = run("ledger", "inspect", ledger, "--profile", "changji", "--write", mapping)
    assert second.returncode == Exit.USAGE
    assert mapping.read_bytes() == before
    result = run(
        "report",
        ledger,
        "--profile",
        "changji",
        "--period",
        "2025-04",
        "--mapping",
        mapping,
        "--format",
        "xlsx",
        "--out",
        tmp_path / "out",
        "--json",
    )
    assert result.returncode == Exit.OK, result.stderr
    assert [Path(f).suffix for f in json.loads(result.stdout)["files"]].count(".xlsx") == 1


def test_report_puts_everything_under_the_citys_period_and_twice_the_same(
    ledger: Path, tmp_path: Path
) -> None:
    def made(out: Path) -> dict[str, bytes]:
        result = run(
            "report", ledger, "--profile", "changji", "--period", "2025-04", "--edition", "both", "--out", out
        )
        assert result.returncode == Exit.OK, result.stderr
        return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}

    first, second = made(tmp_path / "a"), made(tmp_path / "b")
    assert {name for name in first if not name.startswith("changji/2025-04/")} == set()
    assert {Path(name).suffix for name in first} >= {".docx", ".pdf", ".html", ".xlsx", ".json", ".md"}
    assert first == second
    assert made(tmp_path / "a") == first, "made over an older one"


def test_rejected_rows_are_beside_the_report_with_their_reason(tmp_path: Path) -> None:
    bad = [
        "A3",
        "2025-04-03 10:00",
        "2025-04-03 10:30",
        "投诉",
        "住房保障类",
        "物业管理",
        "月球局",
        "",
        "",
        "",
    ]
    file = workbook(tmp_path / "四月.xlsx", [*GOOD, bad])
    result = run(
        "report",
        file,
        "--profile",
        "changji",
        "--period",
        "2025-04",
        "--format",
        "html",
        "--out",
        tmp_path / "out",
    )
    rejects = tmp_path / "out" / "changji" / "2025-04" / "rejects.xlsx"
    assert str(rejects) in result.stderr
    book = openpyxl.load_workbook(rejects)
    assert any("月球局" in str(cell.value) for sheet in book for row in sheet for cell in row)


def test_edited_recommendations_are_printed(ledger: Path, tmp_path: Path) -> None:
    common = [
        "report",
        ledger,
        "--profile",
        "changji",
        "--period",
        "2025-04",
        "--format",
        "html",
        "--out",
        tmp_path,
    ]
    assert run(*common).returncode == Exit.OK
    draft = tmp_path / "changji" / "2025-04" / "changji-2025-04-recommendations.md"
    edited = tmp_path / "改好.md"
    edited.write_text(
        draft.read_text(encoding="utf-8") + "\n## 其他\n\n请各单位加强值班。\n", encoding="utf-8"
    )
    result = run(*common, "--recommendations", edited)
    assert result.returncode == Exit.OK, result.stderr
    page = tmp_path / "changji" / "2025-04" / "changji-2025-04-public.html"
    assert "请各单位加强值班" in page.read_text(encoding="utf-8")


def test_reworded_paragraphs_are_printed(ledger: Path, tmp_path: Path) -> None:
    common = ["report", ledger, "--profile", "changji", "--period", "2025-04", "--format", "html"]
    common += ["--edition", "internal", "--out", tmp_path]
    assert run(*common).returncode == Exit.OK
    place = tmp_path / "changji" / "2025-04"
    words = (place / "changji-2025-04-wording.toml").read_text(encoding="utf-8")
    first = next(line for line in words.splitlines() if line.startswith("text = ") and "〔" in line)
    edited = tmp_path / "改好.toml"
    edited.write_text(words.replace(first, f'{first[:-1]}请关注。"', 1), encoding="utf-8")
    result = run(*common, "--wording", edited)
    assert result.returncode == Exit.OK, result.stderr
    page = (place / "changji-2025-04-internal.html").read_text(encoding="utf-8")
    assert "请关注。" in page
    assert "改写过的正文" in page
    assert (place / "changji-2025-04-wording.toml").read_text(encoding="utf-8") == words, (
        "it stays to be edited"
    )

    edited.write_text(words.replace(first, first.replace("〔", "〔9", 1), 1), encoding="utf-8")
    refused = run(*common, "--wording", edited)
    assert (refused.returncode, "一段" in refused.stderr) == (Exit.BAD_FILE, True)
    assert "Traceback" not in refused.stderr
    for other in ("2025-03", "2025-05"):
        edited.write_text(words.replace('"2025-04"', f'"{other}"'), encoding="utf-8")
        assert run(*common, "--wording", edited).returncode == Exit.BAD_FILE
    edited.write_text(words.replace("was = ", "was = '' #", 1), encoding="utf-8")
    assert "不同了" in run(*common, "--wording", edited).stderr


def test_nothing_but_the_result_is_said_where_no_terminal_is(ledger: Path, tmp_path: Path) -> None:
    result = run(
        "report", ledger, "--profile", "changji", "--period", "2025-04", "--format", "html", "--out", tmp_path
    )
    assert "%" not in result.stderr.split("校核")[0], "no progress bar in a pipe"
    assert all(Path(line).is_file() for line in result.stdout.splitlines())


def test_profiles_of_the_house_are_sound_and_a_fault_is_told_by_line(repo: Path, tmp_path: Path) -> None:
    for city in ("changji", "yunting"):
        assert run("profile", "check", city).returncode == Exit.OK
    result = run("profile", "check", tmp_path / "none")
    assert result.returncode == Exit.BAD_PROFILE
    assert repo.is_dir()


def test_indicators_are_listed_and_explained() -> None:
    listed = json.loads(run("indicators", "list", "--json").stdout)
    assert {"orders.total", "handlings.late_sign", "letters.received"} <= {entry["id"] for entry in listed}
    told = run("indicators", "explain", "orders.satisfaction_all")
    assert told.returncode == Exit.OK
    assert "不满意" in told.stdout
    unknown = run("indicators", "explain", "orders.totl")
    assert unknown.returncode != Exit.OK
    assert "orders.total" in unknown.stderr


def test_made_up_orders_are_called_so_whoever_makes_the_report(tmp_path: Path) -> None:
    file = workbook(tmp_path / "四月.xlsx", [["YS" + row[0], *row[1:]] for row in GOOD])
    common = ["--profile", "changji", "--period", "2025-04", "--format", "html", "--out", tmp_path / "out"]
    assert run("report", file, *common).returncode == Exit.OK
    page = (tmp_path / "out" / "changji" / "2025-04" / "changji-2025-04-public.html").read_text(
        encoding="utf-8"
    )
    assert "演示数据，非官方发布" in page


def test_a_real_ledgers_report_is_no_demo(ledger: Path, tmp_path: Path) -> None:
    common = ["--profile", "changji", "--period", "2025-04", "--format", "html", "--out", tmp_path / "out"]
    assert run("report", ledger, *common).returncode == Exit.OK
    page = (tmp_path / "out" / "changji" / "2025-04" / "changji-2025-04-public.html").read_text(
        encoding="utf-8"
    )
    assert "演示数据" not in page


def test_the_same_report_is_made_again_from_its_snapshot(ledger: Path, tmp_path: Path) -> None:
    common = ["--profile", "changji", "--period", "2025-04", "--edition", "both"]
    assert run("report", ledger, *common, "--out", tmp_path / "a").returncode == Exit.OK
    first = tmp_path / "a" / "changji" / "2025-04"
    again = run("report", first / "snapshot", *common, "--out", tmp_path / "b")
    assert again.returncode == Exit.OK, again.stderr
    second = tmp_path / "b" / "changji" / "2025-04"
    names = {path.name for path in first.iterdir() if path.is_file()}
    assert names == {path.name for path in second.iterdir()}
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_a_snapshot_that_was_tampered_with_is_refused(ledger: Path, tmp_path: Path) -> None:
    common = ["--profile", "changji", "--period", "2025-04", "--format", "none"]
    assert run("report", ledger, *common, "--out", tmp_path).returncode == Exit.OK
    snapshot = tmp_path / "changji" / "2025-04" / "snapshot"
    (snapshot / "orders.parquet").write_bytes((snapshot / "orders.parquet").read_bytes()[:-1] + b"x")
    result = run("report", snapshot, *common, "--out", tmp_path / "again")
    assert result.returncode not in {Exit.OK, Exit.USAGE}
    assert "orders.parquet" in result.stderr
