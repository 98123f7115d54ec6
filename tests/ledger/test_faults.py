"""Everything that can be wrong with a row: told, and treated as the profile says."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ledger_files import CUTOFF, WIDE, Read, codes, make_xlsx, utc, wide_row, with_policy

from jieban.ledger.faults import FAULT_CODES, FAULT_KINDS, policy_of
from jieban.ledger.read import read_ledger
from jieban.profile.city import Profile
from jieban.profile.model import Policy

MORE = (
    *("来源渠道", "紧急程度", "所属街道乡镇", "是否匿名", "满意度", "重办次数"),
    *("受理方式", "诉求内容", "延期天数", "截止时间", "主办协办"),
)
"""Further headings of a wide sheet."""


def plain(profile: Profile) -> Profile:
    """A profile that says nothing of faults, so that each has its default policy."""
    return replace(profile, policies={})


def more_row(number: str, **other: Any) -> list[Any]:
    return [
        *wide_row(number, **{k: v for k, v in other.items() if k in WIDE}),
        *(other.get(name) for name in MORE),
    ]


CELLS: dict[str, tuple[str, Any]] = {
    "missing_required": ("受理时间", None),
    "bad_date": ("办结时间", "上周"),
    "implausible_date": ("办结时间", "2059-04-01"),
    "unknown_unit": ("承办单位", "外星局"),
    "unknown_topic": ("一级分类", "外星类"),
    "unknown_request_type": ("诉求类型", "闲聊"),
    "unknown_disposition": ("受理方式", "搁置"),
    "unknown_subtopic": ("二级分类", "消防安全"),
    "unknown_street": ("所属街道乡镇", "外星街道"),
    "unknown_channel": ("来源渠道", "脑电波"),
    "unknown_satisfaction": ("满意度", "还行吧"),
    "unknown_urgency": ("紧急程度", "火烧眉毛"),
    "unknown_role": ("主办协办", "打酱油"),
    "bad_number": ("延期天数", "若干"),
    "bad_flag": ("是否匿名", "大概"),
    "lost_digits": ("工单编号", 250912101108115409),
    "truncated_text": ("诉求内容", "长" * 32_767),
    "closed_before_received": ("办结时间", "2025-03-31 09:00"),
    "closed_before_dispatched": ("办结时间", "2025-04-01 09:45"),
    "closed_before_signed": ("办结时间", "2025-04-01 10:30"),
    "signed_before_dispatched": ("签收时间", "2025-04-01 09:45"),
    "dispatched_before_received": ("派单时间", "2025-04-01 09:00"),
}


@pytest.mark.parametrize("code", CELLS)
def test_a_faulty_cell_is_told_with_its_place_and_treated_by_default(
    read: Read, changji: Profile, code: str
) -> None:
    heading, value = CELLS[code]
    rows = [(*WIDE, *MORE), more_row("1"), more_row("2", **{heading: value}), more_row("3")]
    reading = read(rows, profile=plain(changji))
    told = {fault.code: fault for fault in reading.faults}
    assert code in told
    # A close before the receipt is before the dispatch and the signature as well.
    assert set(told) - {code} <= {"closed_before_dispatched", "closed_before_signed"}
    fault = told[code]
    assert (Path(fault.where.file or "").stem, fault.where.sheet, fault.where.row) == ("台账", "台账", 3)
    assert fault.heading == heading
    assert fault.message
    policy = policy_of(code, {})
    assert fault.policy is policy
    kept = ["1", "3"] if policy is Policy.REJECT else ["1", "2", "3"]
    assert reading.ledger.orders["order_no"].to_pylist() == kept
    flags = [reading.ledger.orders["flags"].to_pylist(), reading.ledger.handlings["flags"].to_pylist()]
    if policy is Policy.FLAG:
        assert any(code in (marks[1] or "").split(",") for marks in flags)
        assert reading.accounting.flagged == 1
    assert all(marks[0] is None and marks[-1] is None for marks in flags)
    assert reading.accounting.balanced
    assert reading.accounting.rejected == (policy is Policy.REJECT)


ALSO_FLAGGED = {
    "bad_date": ("closed_at", None),
    "implausible_date": ("closed_at", None),
    "unknown_disposition": ("disposition", "dispatched"),
    "unknown_subtopic": ("subtopic", None),
    "unknown_street": ("street", None),
    "unknown_channel": ("channel", None),
    "unknown_satisfaction": ("satisfaction", None),
    "unknown_urgency": ("urgency", "normal"),
    "bad_flag": ("anonymous", False),
    "closed_before_received": ("closed_at", utc("2025-03-31 09:00")),
}


@pytest.mark.parametrize("code", ALSO_FLAGGED)
def test_a_flagged_row_is_accepted_with_what_could_be_understood(
    read: Read, changji: Profile, code: str
) -> None:
    heading, value = CELLS[code]
    rows = [(*WIDE, *MORE), more_row("1", **{heading: value})]
    reading = read(rows, profile=with_policy(changji, **{code: Policy.FLAG}))
    order = reading.ledger.orders.to_pylist()[0]
    column, expected = ALSO_FLAGGED[code]
    assert order[column] == expected
    assert code in order["flags"].split(",")


@pytest.mark.parametrize("code", CELLS)
def test_rows_may_be_left_out_by_policy_and_are_counted_so(read: Read, changji: Profile, code: str) -> None:
    heading, value = CELLS[code]
    rows = [(*WIDE, *MORE), more_row("1"), more_row("2", **{heading: value})]
    other = dict.fromkeys(FAULT_CODES, Policy.FLAG)
    reading = read(rows, profile=with_policy(changji, **{**other, code: Policy.LEAVE_OUT}))
    assert reading.accounting.left_out == {code: 1}
    assert reading.accounting.balanced
    assert reading.ledger.orders["order_no"].to_pylist() == ["1"]


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("受理时间", "上周"),
        ("诉求类型", "闲聊"),
        ("一级分类", "外"),
        ("承办单位", "外星局"),
        ("派单时间", "上周"),
    ],
)
def test_a_fault_in_a_required_cell_rejects_whatever_the_policy(
    read: Read, changji: Profile, heading: str, value: str
) -> None:
    profile = with_policy(changji, **dict.fromkeys(FAULT_CODES, Policy.FLAG))
    reading = read([WIDE, wide_row("1"), wide_row("2", **{heading: value})], profile=profile)
    assert [policy for _, policy in codes(reading)] == ["reject"]
    assert reading.ledger.orders["order_no"].to_pylist() == ["1"]


def test_everything_wrong_with_a_row_is_told_at_once(read: Read) -> None:
    row = wide_row("1", "外星局", 受理时间=None, 诉求类型="闲聊", 一级分类="", 办结时间="上周")
    told = sorted((fault.code, fault.heading) for fault in read([WIDE, row]).faults)
    assert told == [
        ("bad_date", "办结时间"),
        ("missing_required", "一级分类"),
        ("missing_required", "受理时间"),
        ("unknown_request_type", "诉求类型"),
        ("unknown_unit", "承办单位"),
    ]


def test_a_date_without_a_time_is_not_before_what_happened_that_day(read: Read) -> None:
    reading = read([WIDE, wide_row("1", 办结时间="2025-04-01"), wide_row("2", 办结时间="2025-03-31")])
    assert ("closed_before_received", "reject") in codes(reading)
    assert reading.ledger.orders["order_no"].to_pylist() == ["1"]


def test_dates_are_implausible_from_a_declared_day_on(read: Read, changji: Profile) -> None:
    latest = CUTOFF + dt.timedelta(days=changji.counting.latest_plausible_days)
    rows = [
        (*WIDE, "截止时间"),
        [*wide_row("1"), latest.replace(tzinfo=None)],
        [*wide_row("2"), (latest + dt.timedelta(seconds=1)).replace(tzinfo=None)],
        [*wide_row("3", 受理时间="1989-12-31"), None],
    ]
    reading = read(rows)
    assert [(fault.code, fault.where.row) for fault in reading.faults] == [
        ("implausible_date", 3),
        ("implausible_date", 4),
    ]


def test_numbers_that_spreadsheets_spoiled_are_not_taken_for_numbers(read: Read) -> None:
    rows = [WIDE, wide_row("2.50912E+17"), wide_row("1"), wide_row("x"), wide_row("25091210110811")]
    rows[3][0] = 250912101108115.0
    reading = read(rows)
    assert codes(reading) == [("lost_digits", "reject")]
    assert reading.ledger.orders["order_no"].to_pylist() == ["1", "250912101108115", "25091210110811"]


# Keys


def test_a_number_used_again_is_rejected_with_the_place_of_the_first(read: Read) -> None:
    later = wide_row("1", 受理时间="2025-04-02", 派单时间="2025-04-02", 签收时间=None)
    reading = read([WIDE, wide_row("1"), wide_row("2"), later, wide_row(" 1")])
    assert codes(reading) == [("duplicate_order_no", "reject")] * 2
    assert "第 2 行" in next(iter(reading.faults)).message
    assert reading.ledger.orders["order_no"].to_pylist() == ["1", "2"]
    assert reading.ledger.handlings["order_no"].to_pylist() == ["1", "2"]
    assert reading.accounting.rejected == 2


def test_a_number_used_again_may_be_accepted_under_another(read: Read, changji: Profile) -> None:
    profile = with_policy(changji, duplicate_order_no=Policy.FLAG)
    again = [
        wide_row("1", "城管局", 受理时间=f"2025-04-0{n}", 派单时间=f"2025-04-0{n}", 签收时间=None)
        for n in (1, 2)
    ]
    reading = read([WIDE, wide_row("1"), *again, wide_row("2")], profile=profile)
    assert reading.ledger.orders["order_no"].to_pylist() == ["1", "1#2", "1#3", "2"]
    assert reading.ledger.orders["flags"].to_pylist() == [
        None,
        "duplicate_order_no",
        "duplicate_order_no",
        None,
    ]
    assert reading.ledger.handlings["order_no"].to_pylist() == ["1", "1#2", "1#3", "2"]
    assert reading.accounting.flagged == 2


def test_files_are_searched_for_repetitions_together(tmp_path: Path, changji: Profile) -> None:
    april = make_xlsx(tmp_path / "四月.xlsx", {"台账": [WIDE, wide_row("1"), wide_row("2", "住建局")]})
    may = make_xlsx(tmp_path / "五月.xlsx", {"台账": [WIDE, wide_row("2", "城管局"), wide_row("3")]})
    reading = read_ledger([april, may], changji, cutoff=CUTOFF)
    assert codes(reading) == [("duplicate_order_no", "reject")]
    fault = next(iter(reading.faults))
    assert fault.where.file == "五月.xlsx"
    assert "四月.xlsx" in fault.message
    assert [(s.file, s.accepted, s.rejected) for s in reading.accounting.sheets] == [
        ("四月.xlsx", 2, 0),
        ("五月.xlsx", 1, 1),
    ]
    assert reading.ledger.orders["order_no"].to_pylist() == ["1", "2", "3"]
    assert reading.ledger.handlings.num_rows == 3


def test_every_code_has_a_meaning_and_every_profile_s_policy_a_code(
    changji: Profile, yunting: Profile
) -> None:
    assert len(FAULT_CODES) == len(FAULT_KINDS)
    assert all(FAULT_CODES.values())
    for profile in (changji, yunting):
        assert set(profile.policies) <= set(FAULT_CODES)


def test_every_code_is_met_in_these_tests() -> None:
    text = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [code for code in FAULT_CODES if text.count(f'"{code}"') + text.count(f"{code}=") == 0] == []
