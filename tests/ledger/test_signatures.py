"""The lines below a table where somebody signs are left out and counted; nothing amid the data is."""

import pytest
from ledger_files import WIDE, Read, wide_row

from jieban.ledger.read import Reading


def numbers(reading: Reading) -> list[str]:
    return reading.ledger.orders["order_no"].to_pylist()


SIGNED = {
    "one cell under the key": [["制表人：张三"]],
    "in a row": [["制表人：张三", "", "审核：李四", "", "填表日期：2025年5月1日"]],
    "label and name apart": [["单位负责人：", "", "复核："], ["填表人", "张三"], ["填表日期：", "2025-05-01"]],
    "below a total": [["合计", "1"], [], ["制表:张三"], ["审核人（签字）:"]],
    "above a total": [["制表:张三"], ["合计", "1"]],
    "a remark": [["注：本表数据截至2025年5月1日"], ["说明:不含信箱"]],
    "with a telephone": [["联系电话：", "0994-2345678"]],
    "with a day of its own": [["制表:张三", "", "2025年5月1日"]],
    "away from the key": [["", "", "", "经办人：王五"]],
}  # fmt: skip


@pytest.mark.parametrize("below", SIGNED.values(), ids=SIGNED)
def test_signatures_below_the_table_are_left_out_and_counted(read: Read, below: list[list[str]]) -> None:
    reading = read([WIDE, wide_row("A1"), *below])
    account = reading.accounting
    assert numbers(reading) == ["A1"]
    assert len(reading.faults) == 0
    assert account.left_out["落款行"] == sum(bool(row) and row[0] != "合计" for row in below)
    assert account.balanced
    assert account.read == 1 + len(below)


REAL = {
    "a text that begins as a signature does": (("标题", *WIDE), ["审核：为何不通过", *wide_row("A2")]),
    "a text of one such word": (("标题", *WIDE), ["审核", *wide_row("A2")]),
    "words within": ((*WIDE, "诉求内容"), [*wide_row("A2"), "审核：制表人签字"]),
}


@pytest.mark.parametrize(("headings", "row"), REAL.values(), ids=REAL)
def test_a_real_row_that_speaks_of_signatures_stays(
    read: Read, headings: tuple[str, ...], row: list[str]
) -> None:
    reading = read([headings, row, row[:1] + [cell.replace("A2", "A3") for cell in row[1:]], ["制表:张三"]])
    assert reading.accounting.left_out == {"落款行": 1}
    assert reading.accounting.accepted + reading.accounting.rejected == 2


def test_a_signature_amid_the_data_is_told_and_not_swallowed(read: Read) -> None:
    reading = read([WIDE, wide_row("A1"), ["制表人：张三"], wide_row("A2")])
    assert numbers(reading) == ["A1", "A2"]
    assert reading.accounting.rejected == 1
    assert "落款行" not in reading.accounting.left_out


def test_a_row_without_a_number_is_no_signature(read: Read) -> None:
    reading = read([WIDE, wide_row("A1"), wide_row("")])
    assert reading.accounting.rejected == 1
