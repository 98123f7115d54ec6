"""Orders, handlings, letters and callbacks in tables of their own: what they say of each other."""

from pathlib import Path
from typing import Any

import pytest
from ledger_files import CUTOFF, WIDE, Read, codes, make_xlsx, wide_row, with_policy

from jieban.ledger.read import Reading, read_ledger
from jieban.profile.city import Profile
from jieban.profile.model import Policy

ORDERS = WIDE[:2] + WIDE[5:8]
HANDLINGS = ("工单编号", "承办单位", "主办协办", "派单时间", "签收时间", "办结时间")


def order(number: str, **other: Any) -> list[Any]:
    row = dict(zip(WIDE, wide_row(number, **other), strict=True))
    return [row[heading] for heading in ORDERS]


def handling(
    number: str, unit: str = "住建局", role: str = "主办", sent: str | None = "2025-04-01 10:00"
) -> list[Any]:
    return [number, unit, role, sent, "2025-04-01 11:00", "2025-04-02 10:00"]


@pytest.fixture
def read_both(tmp_path: Path, changji: Profile) -> Read:
    def run(
        orders: list[Any], handlings: list[Any], profile: Profile | None = None, **more: list[Any]
    ) -> Reading:
        sheets = {"工单": [ORDERS, *orders], "承办": [HANDLINGS, *handlings], **more}
        return read_ledger([make_xlsx(tmp_path / "两表.xlsx", sheets)], profile or changji, cutoff=CUTOFF)

    return run


def test_handlings_without_their_order_are_rejected(read_both: Read) -> None:
    reading = read_both([order("1"), order("2", 诉求类型="闲聊")], [handling(n) for n in ("1", "2", "9")])
    assert codes(reading) == [
        ("unknown_request_type", "reject"),
        ("orphan_handling", "reject"),
        ("orphan_handling", "reject"),
    ]
    assert reading.ledger.handlings["order_no"].to_pylist() == ["1"]
    assert reading.accounting.balanced


def test_an_order_that_lost_a_handling_says_so(read_both: Read) -> None:
    reading = read_both(
        [order("1"), order("2")], [handling("1"), handling("1", "外星局", "协办"), handling("2")]
    )
    assert codes(reading) == [("handling_rejected", "flag"), ("unknown_unit", "reject")]
    assert reading.ledger.orders["flags"].to_pylist() == ["handling_rejected", None]


def test_an_order_that_lost_a_handling_may_go_with_it(read_both: Read, changji: Profile) -> None:
    profile = with_policy(changji, handling_rejected=Policy.REJECT)
    rows = [handling("1"), handling("1", "外星局", "协办"), handling("2")]
    reading = read_both([order("1"), order("2")], rows, profile)
    assert reading.ledger.orders["order_no"].to_pylist() == ["2"]
    assert reading.ledger.handlings["order_no"].to_pylist() == ["2"]
    assert [(sheet.accepted, sheet.rejected) for sheet in reading.accounting.sheets] == [(1, 1), (1, 2)]


def test_leads(read_both: Read) -> None:
    rows = [
        handling("1", "住建局", "主办"),
        handling("1", "城管局", "主办"),
        handling("2", "住建局", "协办"),
        handling("2", "城管局", "协办"),
        handling("3", "住建局", ""),
        handling("3", "城管局", "主办"),
    ]
    reading = read_both([order(n) for n in "1234"], rows)
    assert codes(reading) == [
        ("no_lead", "flag"),
        ("no_handling", "flag"),
        ("no_dispatch_time", "reject"),
        ("second_lead", "flag"),
    ]
    roles = reading.ledger.handlings["role"].to_pylist()
    assert roles == ["lead", "assist", "lead", "assist", "assist", "lead"]
    assert reading.ledger.orders["flags"].to_pylist() == [None, "no_lead", None]
    assert reading.ledger.handlings["flags"].to_pylist() == [None, "second_lead", *[None] * 4]


def test_orders_without_lead_may_be_rejected_with_their_handlings(read_both: Read, changji: Profile) -> None:
    profile = with_policy(changji, no_lead=Policy.REJECT, second_lead=Policy.REJECT)
    rows = [handling("1", role="协办"), handling("2"), handling("2", "城管局")]
    reading = read_both([order("1"), order("2")], rows, profile)
    assert reading.ledger.orders["order_no"].to_pylist() == ["2"]
    assert reading.ledger.handlings["unit"].to_pylist() == ["housing"]
    assert reading.accounting.balanced


def test_the_same_handling_twice_is_one(read_both: Read) -> None:
    again = handling("1", "住建局", "主办", "2025-04-02 10:00")
    reading = read_both([order("1")], [handling("1"), handling("1"), again])
    assert ("duplicate_handling", "reject") in codes(reading)
    # Sent to the same unit again later, as after a return, is another handling.
    assert reading.ledger.handlings["handling_no"].to_pylist() == ["1-01", "1-02"]
    assert "handling_rejected" not in dict(codes(reading))


def test_letters_and_callbacks_have_keys_too(read_both: Read) -> None:
    letter = ["X1", "州长信箱", "2025-04-02", "城乡建设类", "道路规划", "转办"]
    letters = [("来信编号", "信箱", "来信时间", "一级分类", "二级分类", "办理方式"), letter, letter]
    letters += [
        ["X2", "县长信箱", *letter[2:]],
        ["X3", *letter[1:3], "社会事务类", "道路规划", "转办"],
        ["X4", *letter[1:5], "拖着"],
    ]
    calls = [
        ("回访编号", "工单编号", "回访时间", "是否接通"),
        ["H1", "1", "2025-04-05", "是"],
        ["H1", "1", "2025-04-06", "是"],
    ]
    calls += [["H2", "9", "2025-04-05", "是"]]
    reading = read_both([order("1")], [handling("1")], 来信=letters, 回访=calls)
    assert sorted(codes(reading)) == [
        ("duplicate_callback_no", "reject"),
        ("duplicate_letter_no", "reject"),
        ("orphan_callback", "reject"),
        ("unknown_letter_disposition", "reject"),
        ("unknown_mailbox", "reject"),
        ("unknown_subtopic", "flag"),
    ]
    assert reading.ledger.letters["letter_no"].to_pylist() == ["X1", "X3"]
    assert reading.ledger.callbacks["callback_no"].to_pylist() == ["H1"]


def test_a_table_of_handlings_must_say_who_and_when(read_both: Read) -> None:
    reading = read_both([order("1")], [handling("1"), handling("1", ""), handling("1", "城管局", "", None)])
    assert sorted(codes(reading)) == [
        ("handling_rejected", "flag"),
        ("missing_required", "reject"),
        ("missing_required", "reject"),
    ]
    assert reading.ledger.handlings.num_rows == 1


def test_handlings_alone_may_be_accepted_without_their_orders(read_both: Read, changji: Profile) -> None:
    profile = with_policy(changji, orphan_handling=Policy.FLAG)
    reading = read_both([], [handling("1"), handling("2")], profile)
    assert reading.ledger.handlings["flags"].to_pylist() == ["orphan_handling"] * 2
