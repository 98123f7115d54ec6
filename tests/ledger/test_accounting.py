"""No row is ever lost: read = accepted + rejected + left out, whatever the rows hold."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_files import CUTOFF, WIDE, city, make_csv, wide_row

from jieban.kernel.errors import Exit
from jieban.ledger.accounting import Accounting, SheetAccount
from jieban.ledger.arrow import joined
from jieban.ledger.check import check_ledger
from jieban.ledger.errors import BadFile, BadMapping, SameFile
from jieban.ledger.faults import FAULT_CODES
from jieban.ledger.read import Reading, read_ledger
from jieban.ledger.reading.log import ACCEPTED, LEFT_OUT, REJECTED, RowLog
from jieban.profile.city import Profile
from jieban.profile.model import Policy

cells: dict[str, st.SearchStrategy[str]] = {
    "工单编号": st.sampled_from(["1", "2", "3", "4", "5", "", "合计", "工单编号", "2.5E+17"]),
    "受理时间": st.sampled_from(["2025-04-01 09:30", "", "2025年4月1日", "昨天", "2059-01-01", "受理时间"]),
    "派单时间": st.sampled_from(["2025-04-01 10:00", "", "2025-04-02", "不详"]),
    "签收时间": st.sampled_from(["2025-04-01 11:00", "", "2025-03-01"]),
    "办结时间": st.sampled_from(["2025-04-03 18:00", "", "2025-03-01", "x"]),
    "诉求类型": st.sampled_from(["投诉", "投诉", "咨询", "", "闲聊"]),
    "一级分类": st.sampled_from(["住房保障类", "住房保障类", "", "外星类"]),
    "二级分类": st.sampled_from(["物业管理", "", "消防安全"]),
    "承办单位": st.sampled_from(
        ["住建局", "住建局、城管局", "城管局(主办)、公安局(主办)", "", "外星局", "公安局、公安局"]
    ),
    "受理方式": st.sampled_from(["", "", "直接答复", "搁置"]),
}  # fmt: skip
HEADINGS = tuple(cells)
wide_rows = st.lists(st.tuples(*cells.values()) | st.just(("",) * len(cells)), max_size=12)
policies = st.dictionaries(st.sampled_from(sorted(FAULT_CODES)), st.sampled_from(Policy), max_size=12)

ORDER = ("工单编号", "受理时间", "派单时间", "诉求类型", "一级分类", "受理方式")
HANDLING = ("工单编号", "承办单位", "派单时间", "签收时间", "办结时间")
order_rows = st.lists(st.tuples(*(cells[name] for name in ORDER)), max_size=8)
handling_rows = st.lists(st.tuples(*(cells[name] for name in HANDLING)), max_size=8)
CALL = ("工单编号", "回访时间", "是否接通")
call_rows = st.lists(
    st.tuples(cells["工单编号"], cells["受理时间"], st.sampled_from(["是", "否", "", "?"])), max_size=5
)
within = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def assert_accounted(reading: Reading, lengths: list[int]) -> None:
    """Every row is somewhere, once, and the tables agree with each other and with the account."""
    accounting, ledger = reading.accounting, reading.ledger
    assert [sheet.read for sheet in accounting.sheets] == lengths
    assert accounting.balanced
    assert accounting.read == accounting.accepted + accounting.rejected + sum(accounting.left_out.values())
    states = Counter(reading.log.status.tolist())
    assert (states[ACCEPTED], states[REJECTED]) == (accounting.accepted, accounting.rejected)
    assert states[LEFT_OUT] == sum(accounting.left_out.values())
    # Every rejected row has a reason, every reason that rejects a rejected row.
    blamed = {
        gid
        for batch in reading.faults.batches
        if batch.policy is Policy.REJECT
        for gid in batch.gids.tolist()
    }
    rejected = {gid for gid, state in enumerate(reading.log.status.tolist()) if state == REJECTED}
    assert rejected <= blamed
    assert all(reading.log.status[gid] != ACCEPTED for gid in blamed)
    orders, handlings = ledger.orders, ledger.handlings
    numbers = orders["order_no"].to_pylist()
    assert len(set(numbers)) == len(numbers)
    assert len(set(handlings["handling_no"].to_pylist())) == handlings.num_rows
    if Policy.FLAG is not _policy(reading, "orphan_handling"):
        assert set(handlings["order_no"].to_pylist()) <= set(numbers)
    leads = Counter(
        number
        for number, role in zip(handlings["order_no"].to_pylist(), handlings["role"].to_pylist(), strict=True)
        if role == "lead"
    )
    assert all(leads[number] == 1 for number in set(handlings["order_no"].to_pylist()) & set(numbers))
    for table in ledger.tables().values():
        for field in table.schema:
            assert field.nullable or table[field.name].null_count == 0, field.name
        flagged = {code for text in table["flags"].to_pylist() if text for code in text.split(",")}
        assert flagged <= set(FAULT_CODES)


def _policy(reading: Reading, code: str) -> Policy | None:
    return next((batch.policy for batch in reading.faults.batches if batch.code == code), None)


@within
@given(wide_rows, policies)
def test_wide_sheets(tmp_path: Path, rows: list[tuple[str, ...]], own: dict[str, Policy]) -> None:
    path = make_csv(tmp_path / "台账.csv", [HEADINGS, wide_row_of("0"), *rows])
    profile = replace(city(), policies=own)
    assert_accounted(read_ledger([path], profile, cutoff=CUTOFF), [1 + len(rows)])


def wide_row_of(number: str) -> list[str]:
    return [*(str(cell) for cell in wide_row(number)), ""]


@within
@given(st.tuples(order_rows, handling_rows, call_rows), policies)
def test_sheets_that_speak_of_each_other(
    tmp_path: Path, sheets: tuple[list[Any], list[Any], list[Any]], own: dict[str, Policy]
) -> None:
    orders, handlings, calls = sheets
    files = {"工单": [ORDER, *orders], "承办": [HANDLING, *handlings], "回访": [CALL, *calls]}
    paths = [make_csv(tmp_path / f"{name}.csv", rows) for name, rows in files.items()]
    reading = read_ledger(paths, replace(city(), policies=own), cutoff=CUTOFF)
    assert_accounted(reading, [len(orders), len(handlings), len(calls)])


@within
@given(st.lists(st.tuples(*[st.text(max_size=6)] * 9), max_size=6))
def test_any_text_in_any_cell(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    clean_rows = [tuple(cell.replace("\r", "").replace("\0", "") for cell in row) for row in rows]
    path = make_csv(tmp_path / "台账.csv", [WIDE, wide_row("0"), *clean_rows])
    try:
        reading = read_ledger([path], city(), cutoff=CUTOFF)
    except (BadFile, BadMapping):
        # Control characters make it no table at all.
        return
    assert reading.accounting.balanced
    assert reading.accounting.accepted >= 1


def test_accounts_add_up_over_sheets() -> None:
    def sheet(name: str, accepted: int, rejected: int, left: dict[str, int]) -> SheetAccount:
        read = accepted + rejected + sum(left.values())
        counts = {"read": read, "accepted": accepted, "flagged": 0, "rejected": rejected}
        return SheetAccount(file="a", sheet=name, table="orders", left_out=left, **counts)

    both = Accounting(
        sheets=(sheet("一", 3, 1, {"空行": 2}), sheet("二", 1, 0, {"空行": 1, "合计行": 1})), tables={}
    )
    assert (both.read, both.accepted, both.rejected) == (9, 4, 1)
    assert both.left_out == {"空行": 3, "合计行": 1}
    assert both.balanced
    assert not replace(both.sheets[0], read=7).balanced
    assert both.of_table("orders") == both.sheets
    assert both.as_dict()["left_out"] == {"空行": 3, "合计行": 1}


def test_the_report_on_progress_ends_where_it_should(tmp_path: Path, changji: Profile) -> None:
    told: list[tuple[str, int, int]] = []
    paths = [make_csv(tmp_path / f"{name}.csv", [WIDE, wide_row(name)]) for name in "12"]
    read_ledger(paths, changji, cutoff=CUTOFF, progress=lambda *step: told.append(step))
    assert [(done, total) for _, done, total in told] == [(0, 2), (1, 2), (2, 2)]


def test_checking_goes_on_where_reading_stops(tmp_path: Path, changji: Profile) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"%PDF")
    lacking = make_csv(tmp_path / "缺.csv", [WIDE[:4], ["1", "2025-04-01", "", ""]])
    good = make_csv(tmp_path / "好.csv", [WIDE, wide_row("1"), wide_row("2", "外星局")])
    check = check_ledger([tmp_path / "坏.xlsx", lacking, good], changji, cutoff=CUTOFF)
    assert [error.where.file for error in check.refused if error.where] == ["坏.xlsx", "缺.csv"]
    assert check.reading is not None
    assert check.reading.accounting.accepted == 1
    assert not check.clean
    alone = check_ledger([make_csv(tmp_path / "净.csv", [WIDE, wide_row("1")])], changji, cutoff=CUTOFF)
    assert alone.clean
    nothing = check_ledger([good], changji, mapping=tmp_path / "无.toml", cutoff=CUTOFF)
    assert nothing.reading is None
    assert len(nothing.refused) == 1


def test_a_file_given_twice_is_refused_by_what_it_holds(tmp_path: Path, changji: Profile) -> None:
    first = make_csv(tmp_path / "四月.csv", [WIDE, wide_row("1")])
    (tmp_path / "副本").mkdir()
    copy = make_csv(tmp_path / "副本" / "四月(1).csv", [WIDE, wide_row("1")])
    other = make_csv(tmp_path / "副本" / "四月.csv", [WIDE, wide_row("2")])
    for again, said in (
        (copy, "内容与 四月.csv 完全相同"),
        (tmp_path / "副本" / ".." / "四月.csv", "给了两次"),
    ):
        with pytest.raises(SameFile, match=said) as refused:
            read_ledger([first, again], changji, cutoff=CUTOFF)
        assert refused.value.exit_code is Exit.BAD_FILE
        check = check_ledger([first, again, other], changji, cutoff=CUTOFF)
        assert [error.code for error in check.refused] == ["ledger.same_file"]
        assert check.reading is not None
        assert check.reading.accounting.accepted == 2
    # The same name in two directories is no fault, and one bad file takes no other of its name along.
    assert read_ledger([first, other], changji, cutoff=CUTOFF).accounting.accepted == 2
    (tmp_path / "坏").mkdir()
    bad = tmp_path / "坏" / "四月.csv"
    bad.write_bytes(b"%PDF")
    check = check_ledger([first, bad, other], changji, cutoff=CUTOFF)
    assert check.reading is not None
    assert check.reading.accounting.accepted == 2


def test_pieces_of_dictionaries_are_joined_by_meaning() -> None:
    pieces = [pa.array(["a", "b"]).dictionary_encode(), pa.array(["b", None]).dictionary_encode()]
    assert joined(pieces).to_pylist() == ["a", "b", "b", None]


def test_the_first_verdict_on_a_row_stays() -> None:
    log = RowLog({"bad_date": Policy.LEAVE_OUT, "bad_flag": Policy.REJECT})
    gids = log.grow(3)
    log.add("bad_date", gids[:1], table="orders", message="")
    log.add("bad_flag", gids[:2], table="orders", message="")
    log.leave_out(gids[1:], "空行")
    assert log.status.tolist() == [LEFT_OUT, REJECTED, LEFT_OUT]
    assert [log.rules[rule] if rule >= 0 else None for rule in log.rule.tolist()] == [
        "bad_date",
        None,
        "空行",
    ]
