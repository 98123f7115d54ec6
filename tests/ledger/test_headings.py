"""Which rows are headings, which are data, and what the columns are."""

from pathlib import Path

import openpyxl
import pytest
from ledger_files import CUTOFF, WIDE, Read, codes, make_csv, make_xlsx, wide_row

from jieban.ledger import errors
from jieban.ledger.doors.open import open_raw
from jieban.ledger.mapping.guess import Guess, guess_sheet
from jieban.ledger.mapping.headings import column_letter, targets_of
from jieban.ledger.mapping.model import Rows
from jieban.ledger.read import Reading, read_ledger
from jieban.profile.city import Profile

MERGED = list[tuple[int, int, int, int]]


def guessed(tmp_path: Path, rows: list[object], merged: MERGED | None = None, sheet: str = "台账") -> Guess:
    path = make_xlsx(tmp_path / "a.xlsx", {sheet: rows}, merged={sheet: merged or []})
    return guess_sheet(open_raw(path).sheets[0], path.name)


def numbers(reading: Reading) -> list[str]:
    return reading.ledger.orders["order_no"].to_pylist()


def test_headings_are_found_below_titles_and_notes(read: Read) -> None:
    rows = [
        ("昌吉市2025年4月工单台账",),
        ("统计时间:2025-04-01 至 2025-04-30", None, None, "单位:件"),
        (),
        WIDE,
        wide_row("1"),
        wide_row("2"),
    ]
    reading = read(rows, merged=[(0, 0, 0, 8)])
    assert numbers(reading) == ["1", "2"]
    assert reading.ledger.orders["source_row"].to_pylist() == [5, 6]
    assert reading.accounting.read == 2


@pytest.mark.parametrize(
    "ornate",
    [
        "*工单编号",
        "工单编号:",
        "工 单 编 号",
        "工单\n编号",
        "工单编号(必填)",
        "工单编号\uff08必填\uff09",
        "工单号",
        "编号",
        " 工单编号\u3000",
        "order_no",
        "基本信息/工单编号",
    ],
)
def test_headings_are_known_in_every_dress(ornate: str) -> None:
    assert "order_no" in {target.column.name for target in targets_of(ornate)}


def test_headings_in_two_rows(tmp_path: Path) -> None:
    top = ("工单编号", "受理时间", "时间", None, None, "诉求类型", "一级分类", "二级分类", "承办单位")
    leaf = (None, None, "派单时间", "签收时间", "办结时间", None, None, None, None)
    merged = [(1, c, 2, c) for c in (0, 1, 5, 6, 7, 8)] + [(1, 2, 1, 4), (0, 0, 0, 8)]
    found = guessed(tmp_path, [("台账",), top, leaf, wide_row("1")], merged)
    assert found.headings is not None
    assert (found.headings.row, found.headings.rows) == (2, 2)
    assert found.headings.names[:4] == ("工单编号", "受理时间", "时间/派单时间", "时间/签收时间")
    assert not found.missing


def test_group_headings_tell_repeated_headings_apart(tmp_path: Path) -> None:
    rows = [
        ("受理", None, "签收", None),
        ("工单编号", "时间", "承办单位", "时间"),
        ("1", "2025-04-01", "住建局", "2025-04-02"),
    ]
    found = guessed(tmp_path, rows, [(0, 0, 0, 1), (0, 2, 0, 3)])
    assert found.headings is not None
    assert found.headings.names == ("受理/工单编号", "受理/时间", "签收/承办单位", "签收/时间")


def test_headings_that_recur_and_are_missing_get_names_of_their_own(tmp_path: Path) -> None:
    found = guessed(tmp_path, [("工单编号", "备注", None, "备注", "受理时间"), ("1", "a", "b", "c", "d")])
    assert found.headings is not None
    assert found.headings.names == ("工单编号", "备注", "[C]", "备注#2", "受理时间")


def test_a_foreign_file_still_shows_its_headings(tmp_path: Path) -> None:
    found = guessed(tmp_path, [("Some export",), ("case_id", "open_dt", "dept"), ("1", "2011-07-01", "PWD")])
    assert found.headings is not None
    assert not found.headings.known
    assert found.headings.names == ("case_id", "open_dt", "dept")
    assert found.mapping.table is None


def test_totals_blank_rows_and_repeated_headings_are_left_out_by_name(read: Read) -> None:
    total = ["合 计", *[None] * 7, "2件"]
    later_total = [None, "总计:2", *[None] * 7]
    rows = [WIDE, wide_row("1"), [], WIDE, wide_row("2"), total, later_total, ["共计2件"]]
    reading = read(rows)
    assert numbers(reading) == ["1", "2"]
    assert reading.accounting.left_out == {"空行": 1, "重复的标题行": 1, "合计行": 3}
    assert reading.accounting.balanced


def test_a_total_with_its_count_under_the_order_number_is_a_total(read: Read) -> None:
    headings = ("序号", *WIDE)
    reading = read([headings, ["1", *wide_row("A1")], ["合计", "1件"], ["总计", 1]])
    assert numbers(reading) == ["A1"]
    assert reading.accounting.left_out == {"合计行": 2}


def test_totals_are_told_from_words_within_data(read: Read) -> None:
    headings = (*WIDE, "诉求内容")
    rows = [headings, [*wide_row("1"), "合计"], [*wide_row("2"), "总计"]]
    assert numbers(read(rows)) == ["1", "2"]


def test_rows_with_nothing_in_any_known_column_are_counted_apart(read: Read) -> None:
    headings = ("序号", *WIDE)
    reading = read([headings, ["1", *wide_row("1")], ["2"], [""], ["3"]])
    assert numbers(reading) == ["1"]
    assert reading.accounting.left_out == {"各列均为空的行": 2, "空行": 1}


def test_cells_merged_downwards_hold_for_each_row(read: Read) -> None:
    rows = [WIDE, wide_row("1", "住建局"), wide_row("", "城管局"), wide_row("2", "公安局")]
    merged = [(1, place, 2, place) for place in range(8)]
    reading = read(rows, merged=merged)
    assert numbers(reading) == ["1", "2"]
    handlings = reading.ledger.handlings
    assert handlings["order_no"].to_pylist() == ["1", "1", "2"]
    assert handlings["unit"].to_pylist() == ["housing", "urban-management", "police"]
    assert reading.accounting.balanced


def test_numbers_that_come_again_with_other_units_mean_one_row_a_handling(tmp_path: Path) -> None:
    rows = [WIDE, wide_row("1", "住建局"), wide_row("1", "城管局"), wide_row("2", "公安局")]
    assert guessed(tmp_path, rows).mapping.rows is Rows.HANDLINGS


def test_numbers_that_come_again_otherwise_are_repetitions(tmp_path: Path) -> None:
    again = wide_row("1", "城管局", 受理时间="2025-04-09 08:00:00")
    rows = [WIDE, wide_row("1", "住建局"), again, wide_row("2"), wide_row("2")]
    assert guessed(tmp_path, rows).mapping.rows is Rows.ORDERS


def test_hidden_sheets_and_lists_are_not_taken_for_ledgers(tmp_path: Path, changji: Profile) -> None:
    book = openpyxl.Workbook()
    book.active.title = "四月"
    for row in (WIDE, wide_row("1")):
        book.active.append(row)
    hidden = book.create_sheet("备份")
    hidden.sheet_state = "hidden"
    for row in (WIDE, wide_row("1"), wide_row("2")):
        hidden.append(row)
    words = book.create_sheet("下拉选项")
    for row in (("单位", "类型"), ("住建局", "投诉")):
        words.append(row)
    book.save(tmp_path / "a.xlsx")
    reading = read_ledger([tmp_path / "a.xlsx"], changji, cutoff=CUTOFF)
    assert numbers(reading) == ["1"]
    assert [(s.sheet, s.table, s.read, s.accepted) for s in reading.accounting.sheets] == [
        ("四月", "orders", 1, 1),
        ("备份", None, 2, 0),
        ("下拉选项", None, 1, 0),
    ]
    assert reading.accounting.balanced


def test_one_sheet_a_table(tmp_path: Path, changji: Profile) -> None:
    orders = [WIDE[:8], *(wide_row(n)[:8] for n in "123")]
    handlings = [
        ("工单编号", "承办单位", "主办协办", "派单时间", "签收时间", "办结时间"),
        ("1", "城管局", "协办", "2025-04-01 10:00", "2025-04-01 11:00", "2025-04-02 10:00"),
        ("1", "住建局", "主办", "2025-04-01 10:00", "2025-04-01 12:00", "2025-04-03 10:00"),
        ("2", "公安局", "", "2025-04-01 10:00", "", ""),
        ("3", "公安局", "主办", "2025-04-01 10:00", "", ""),
    ]
    letters = [
        ("来信编号", "信箱", "来信时间", "一级分类", "二级分类", "办理方式", "承办单位", "办结时间"),
        ("X1", "州长信箱", "2025-04-02", "城乡建设类", "道路规划", "转办", "住建局", "2025-04-09"),
        ("X2", "市长信箱", "2025-04-02", "社会事务类", "政策咨询", "直接办结答复", "", "2025-04-09"),
    ]
    calls = [
        ("工单编号", "回访时间", "是否接通", "满意度", "是否解决"),
        ("1", "2025-04-04 10:00", "否", "", ""),
        ("1", "2025-04-05 10:00", "是", "满意", "是"),
        ("2", "2025-04-05 10:00", "无人接听", "", ""),
    ]
    sheets = {"工单": orders, "承办": handlings, "信箱": letters, "回访记录": calls}
    reading = read_ledger([make_xlsx(tmp_path / "a.xlsx", sheets)], changji, cutoff=CUTOFF)
    assert codes(reading) == []
    assert [sheet.table for sheet in reading.accounting.sheets] == [
        "orders",
        "handlings",
        "letters",
        "callbacks",
    ]
    assert reading.ledger.handlings["role"].to_pylist() == ["assist", "lead", "lead", "lead"]
    assert reading.ledger.handlings["handling_no"].to_pylist() == ["1-01", "1-02", "2-01", "3-01"]
    assert reading.ledger.letters["subtopic"].to_pylist() == ["road-planning", "policy-questions"]
    assert reading.ledger.callbacks["callback_no"].to_pylist() == ["1-C01", "1-C02", "2-C01"]
    assert reading.ledger.orders["called_back"].to_pylist() == [True, False, None]
    assert reading.ledger.orders["satisfaction"].to_pylist() == ["satisfied", None, None]


def test_a_sheet_that_lacks_a_required_column_is_refused_by_name(read: Read) -> None:
    place = WIDE.index("一级分类")
    rows = [[*row[:place], *row[place + 1 :]] for row in (WIDE, wide_row("1"))]
    with pytest.raises(errors.BadMapping, match=r"“一级分类”\(orders\.topic\)"):
        read(rows)


def test_a_file_without_any_ledger_is_refused(tmp_path: Path, changji: Profile) -> None:
    path = make_csv(tmp_path / "名单.csv", [("姓名", "电话"), ("甲", "1")])
    with pytest.raises(errors.NoTable, match="名单"):
        read_ledger([path], changji)


def test_letters_of_columns() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_a_row_is_no_heading_for_one_cell_alone(read: Read) -> None:
    reading = read([WIDE, wide_row("1"), wide_row("工单编号")])
    assert numbers(reading) == ["1", "工单编号"]


def test_a_few_numbers_with_other_units_don_t_make_it_one_row_a_handling(tmp_path: Path) -> None:
    rows = [WIDE, wide_row("1", "住建局"), wide_row("1", "城管局"), *(wide_row(n) for n in "223344")]
    assert guessed(tmp_path, rows).mapping.rows is Rows.ORDERS
