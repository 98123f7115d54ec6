"""The workbook of rejected rows: as they were read, the reason beside the cell."""

import datetime as dt
from pathlib import Path

import openpyxl
from ledger_files import CUTOFF, WIDE, Read, make_csv, make_xlsx, wide_row

from jieban.ledger.read import read_ledger
from jieban.ledger.rejects import write_rejects
from jieban.profile.city import Profile


def grid(path: Path, sheet: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path)[sheet].iter_rows()]


def test_each_rejected_row_stands_there_with_the_reason_beside_its_cell(read: Read, tmp_path: Path) -> None:
    received = dt.datetime(2025, 4, 1, 9, 30)  # noqa: DTZ001 - wall time
    rows = [
        ("题名",),
        (*WIDE, "备注"),
        [*wide_row("1"), "好"],
        [*wide_row("2", "外星局", 受理时间=received), "=HYPERLINK(1)"],
        [*wide_row("3", 诉求类型=None, 一级分类="外星类"), 12.5],
        [*wide_row("1"), None],
    ]
    reading = read(rows)
    assert write_rejects(reading, tmp_path / "拒收.xlsx") == 3
    found = grid(tmp_path / "拒收.xlsx", "台账")
    headings = [str(cell) for cell in found[0]]
    assert headings[:3] == ["来源行号", "拒收原因", "工单编号"]
    assert [row[0] for row in found[1:]] == [4, 5, 6]
    by_name = [dict(zip(headings, row, strict=True)) for row in found[1:]]
    assert by_name[0]["受理时间"] == received
    assert by_name[0]["承办单位"] == "外星局"
    assert by_name[0]["备注"] == "=HYPERLINK(1)"
    assert by_name[1]["备注"] == 12.5
    # Beside each column in which something is wrong stands what.
    for heading in ("承办单位", "诉求类型", "一级分类", "工单编号"):
        assert headings[headings.index(heading) + 1] == f"“{heading}”的问题"
    assert "外星局" in str(by_name[0]["“承办单位”的问题"])
    assert by_name[0]["“诉求类型”的问题"] is None
    assert "必填" in str(by_name[1]["“诉求类型”的问题"])
    assert "外星类" in str(by_name[1]["“一级分类”的问题"])
    assert "第 3 行" in str(by_name[2]["“工单编号”的问题"])
    assert all(reason in str(by_name[1]["拒收原因"]) for reason in ("必填", "外星类"))
    sheet = openpyxl.load_workbook(tmp_path / "拒收.xlsx")["台账"]
    wrong = sheet.cell(2, headings.index("承办单位") + 1)
    right = sheet.cell(3, headings.index("承办单位") + 1)
    assert wrong.fill.fgColor.rgb == "FFFFC7CE"
    assert right.fill.fgColor.rgb == "00000000"
    note = sheet.cell(2, headings.index("备注") + 1)
    assert (note.data_type, note.quotePrefix) == ("s", True)


def test_the_workbook_sums_up_what_was_found(read: Read, tmp_path: Path) -> None:
    reading = read([WIDE, wide_row("1", "外星局"), wide_row("2", "外星局"), wide_row("3", 二级分类="不详")])
    write_rejects(reading, tmp_path / "拒收.xlsx")
    assert grid(tmp_path / "拒收.xlsx", "汇总")[1:] == [
        ["unknown_unit", "承办单位不在配置中", "拒收", 2],
        ["unknown_subtopic", "二级分类不在该一级分类之下", "接收并标记存疑", 1],
    ]


def test_nothing_rejected_leaves_no_file(read: Read, tmp_path: Path) -> None:
    assert write_rejects(read([WIDE, wide_row("1")]), tmp_path / "拒收.xlsx") == 0
    assert not (tmp_path / "拒收.xlsx").exists()


def test_a_corrected_workbook_can_be_read_again(read: Read, tmp_path: Path, changji: Profile) -> None:
    rows = [WIDE, wide_row("1"), wide_row("2", "外星局、城管局"), wide_row("3", 诉求类型="闲聊")]
    write_rejects(read(rows), tmp_path / "拒收.xlsx")
    book = openpyxl.load_workbook(tmp_path / "拒收.xlsx")
    for row in book["台账"].iter_rows():
        for cell in row:
            if cell.value in {"外星局、城管局", "闲聊"}:
                cell.value = {"外星局、城管局": "住建局、城管局", "闲聊": "咨询"}[str(cell.value)]
    book.save(tmp_path / "改好.xlsx")
    again = read_ledger([tmp_path / "改好.xlsx"], changji, cutoff=CUTOFF)
    assert again.ledger.orders["order_no"].to_pylist() == ["2", "3"]
    assert again.ledger.orders["source_row"].to_pylist() == [3, 4]
    assert again.ledger.handlings["unit"].to_pylist() == ["housing", "urban-management", "housing"]


def test_sheets_of_the_same_or_of_impossible_names_stay_apart(tmp_path: Path, changji: Profile) -> None:
    bad = [WIDE, wide_row("1", "外星局")]
    other = [WIDE, wide_row("2", "外星局")]
    paths = [
        make_csv(tmp_path / "a[1].csv", bad),
        make_csv(tmp_path / "A[1].txt", other),
        make_xlsx(
            tmp_path / "b.xlsx",
            {"汇总": [WIDE, wide_row("3", "外星局")], "长" * 31: [WIDE, wide_row("4", "外")]},
        ),
    ]
    reading = read_ledger(paths, changji, cutoff=CUTOFF)
    assert write_rejects(reading, tmp_path / "拒收.xlsx") == 4
    names = openpyxl.load_workbook(tmp_path / "拒收.xlsx").sheetnames
    assert names == ["汇总", "a_1_", "A_1_(2)", "汇总(2)", "长" * 31]


def test_merged_cells_are_written_out_in_every_row(read: Read, tmp_path: Path) -> None:
    rows = [WIDE, wide_row("1", "外星局"), wide_row("", "外星局", 办结时间=None)]
    reading = read(rows, merged=[(1, 0, 2, 0)])
    write_rejects(reading, tmp_path / "拒收.xlsx")
    found = grid(tmp_path / "拒收.xlsx", "台账")
    place = found[0].index("工单编号")
    assert [row[place] for row in found[1:]] == ["1", "1"]


def test_more_rows_than_a_sheet_holds_go_on_in_further_sheets(read: Read, tmp_path: Path) -> None:
    reading = read([WIDE, *(wide_row(str(n), "外星局") for n in range(1, 8))])
    path = tmp_path / "拒收.xlsx"
    assert write_rejects(reading, path, most_rows=3) == 7
    names = openpyxl.load_workbook(path).sheetnames
    parts = [grid(path, name) for name in names[1:]]
    assert [len(part) - 1 for part in parts] == [3, 3, 1]
    assert all(part[0] == parts[0][0] for part in parts)
    assert [row[2] for part in parts for row in part[1:]] == [str(n) for n in range(1, 8)]
