"""What a file has no column for is said when it is looked at, with what will not be counted for want of it."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from jieban.indicators.registry import REGISTRY
from jieban.ledger.read import read_ledger
from jieban.ledger.write import write_xlsx
from jieban.profile.load import load_profile
from jieban.site.cli import main

PLAIN = ("工单编号", "受理时间", "诉求类型", "一级分类", "二级分类", "承办单位", "派单时间")
ROW = ("2025-04-01 09:30", "投诉", "住房保障类", "物业管理", "住建局", "2025-04-01 10:00")
STAGES = ("签收时间", "办结时间", "满意度")


def make(path: Path, headings: Sequence[str], *rows: Sequence[str]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return str(path)


def run(*arguments: str) -> None:
    with pytest.raises(SystemExit):
        main(arguments)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("缺列：")]


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, list[str]]]:
    return {each["table"]: each for each in json.loads(capsys.readouterr().out)["absent"]}


@pytest.mark.parametrize("act", ["check", "inspect"])
def test_a_line_a_table_names_the_columns_and_what_is_not_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], act: str
) -> None:
    bare = make(tmp_path / "a.csv", PLAIN, ("1", *ROW))
    run("ledger", act, bare, "--profile", "changji")
    orders, handlings, *letters = lines(capsys)
    assert "“工单”没有这些列：" in orders
    assert all(name in orders for name in (*STAGES, "重复诉求原单", "工单按期签收率", "满意率"))
    assert "“承办”没有这些列：" in handlings
    assert "退单率" in handlings
    # The other tables may stand in other files: only reading all of them can tell.
    assert len(letters) == (act == "check")
    assert all("没有一行“信箱来信”" in line for line in letters)


@pytest.mark.parametrize("act", ["check", "inspect"])
def test_json_names_exactly_the_indicators_whose_columns_are_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], act: str
) -> None:
    bare = make(tmp_path / "a.csv", (*PLAIN, *STAGES), ("1", *ROW, "", "", ""))
    run("ledger", act, bare, "--profile", "changji", "--json")
    told = found(capsys)
    for table in ("orders", "handlings"):
        lacking = set(told[table]["columns"])
        assert lacking
        assert not lacking & {"signed_at", "closed_at"}
        expected = {
            declared.id
            for declared in REGISTRY.values()
            if declared.table == table and any(set(group) <= lacking for group in declared.needs)
        }
        assert set(told[table]["indicators"]) == expected


def test_files_that_differ_are_told_by_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [
        make(tmp_path / "a.csv", PLAIN, ("1", *ROW)),
        make(tmp_path / "b.csv", (*PLAIN, *STAGES), ("2", *ROW, "", "", ""), ("3", *ROW, "", "", "")),
    ]
    run("ledger", "check", *files, "--profile", "changji")
    orders = lines(capsys)[0]
    assert "“工单”3 行中有 3 行缺少以下一列或几列：" in orders


def test_a_ledger_with_every_column_is_not_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ledger of ours has every heading, and says of each row what its source lacked."""
    changji = load_profile("changji")
    source = Path(make(tmp_path / "a.csv", (*PLAIN, *STAGES), ("1", *ROW, "", "", "")))
    own = write_xlsx(read_ledger([source], changji).ledger, changji, tmp_path / "own.xlsx")
    told = []
    for path in (source, own):
        run("ledger", "inspect", str(path), "--profile", "changji", "--json")
        told.append({name: each["columns"] for name, each in found(capsys).items()})
    assert told[0] == told[1]
    assert "signed_at" not in told[1]["orders"]


def test_orders_signed_and_closed_by_their_handlings_lack_neither(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    for name, rows in (
        ("工单", [("工单编号", "受理时间", "诉求类型", "一级分类"), ("1", *ROW[:3])]),
        ("承办", [("工单编号", "承办单位", "派单时间", "签收时间", "办结时间"), ("1", *ROW[4:], "", "")]),
    ):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    for act in ("inspect", "check"):
        run("ledger", act, str(tmp_path / "a.xlsx"), "--profile", "changji", "--json")
        told = found(capsys)
        assert "called_back" in told["orders"]["columns"]
        for table in ("orders", "handlings"):
            assert not {"signed_at", "closed_at"} & set(told[table]["columns"]), act


ORDERS = ("工单编号", "受理时间", "诉求类型", "一级分类", "二级分类")
HANDLINGS = ("工单编号", "承办单位", "派单时间", "办结时间")
CALLBACKS = ("工单编号", "回访时间", "是否接通", "满意度")


def test_files_of_one_table_each_are_looked_at_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        make(tmp_path / "工单.csv", ORDERS, ("1", *ROW[:4])),
        make(tmp_path / "承办.csv", HANDLINGS, ("1", *ROW[4:], "2025-04-02 10:00")),
    ]
    run("ledger", "inspect", files[0], "--profile", "changji")
    (alone,) = lines(capsys)
    assert "、办结时间、" in alone
    run("ledger", "inspect", *files, "--profile", "changji")
    told = capsys.readouterr().out.splitlines()
    assert "工单在：工单.csv" in told
    assert "承办在：承办.csv" in told
    assert "这些文件中没有：回访、信箱来信" in told
    orders, _handlings = [line for line in told if line.startswith("缺列：")]
    assert "满意度" in orders
    assert "、办结时间、" not in orders, "the handlings tell of it"

    files.append(make(tmp_path / "回访.csv", CALLBACKS, ("1", "2025-04-05 10:00", "是", "满意")))
    run("ledger", "inspect", *files, "--profile", "changji", "--json")
    said = json.loads(capsys.readouterr().out)
    assert [each["sheets"][0]["table"] for each in said["files"]] == ["orders", "handlings", "callbacks"]
    assert said["tables_absent"] == ["letters"]
    absent = {each["table"]: each["columns"] for each in said["absent"]}
    assert not {"closed_at", "satisfaction", "called_back"} & set(absent["orders"])


def test_what_inspect_says_of_files_together_is_what_reading_them_notes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        make(tmp_path / "工单.csv", ORDERS, ("1", *ROW[:4])),
        make(tmp_path / "承办.csv", HANDLINGS, ("1", *ROW[4:], "2025-04-02 10:00")),
        make(tmp_path / "回访.csv", CALLBACKS, ("1", "2025-04-05 10:00", "是", "满意")),
    ]
    run("ledger", "inspect", *files, "--profile", "changji", "--json")
    before = found(capsys)
    run("ledger", "check", *files, "--profile", "changji", "--json")
    after = found(capsys)
    assert before
    for name, each in before.items():
        assert each["columns"] == after[name]["columns"]


def test_the_mapping_of_several_files_names_the_file_of_each_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        make(tmp_path / "工单.csv", ORDERS, ("1", *ROW[:4])),
        make(tmp_path / "承办.csv", HANDLINGS, ("1", *ROW[4:], "2025-04-02 10:00")),
    ]
    mapping = tmp_path / "m.toml"
    run("ledger", "inspect", *files, "--profile", "changji", "--write", str(mapping))
    capsys.readouterr()
    run("ledger", "check", *files, "--profile", "changji", "--mapping", str(mapping), "--json")
    sheets = json.loads(capsys.readouterr().out)["accounting"]["sheets"]
    assert {(each["file"], each["table"], each["accepted"]) for each in sheets} == {
        ("工单.csv", "orders", 1),
        ("承办.csv", "handlings", 1),
    }


def test_the_same_file_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = make(tmp_path / "工单.csv", ORDERS, ("1", *ROW[:4]))
    run("ledger", "inspect", path, path, "--profile", "changji")
    assert "给了两次" in capsys.readouterr().err
