"""Orders and handlings in one row."""

from typing import Any

import pyarrow as pa
import pytest
from ledger_files import WIDE, Read, codes, utc, wide_row

from jieban.ledger.mapping.model import UNIT_SEPARATORS, Mapping, Rows, SheetMapping
from jieban.ledger.raw import RawColumn
from jieban.ledger.reading.units import split_units
from jieban.ledger.schema import Role
from jieban.ledger.values.domains import Domain
from jieban.ledger.values.words import spoken

NAMES = ("住建局", "城管局", "公安局", "住建局/人防办")
KNOWN = Domain(
    find=lambda word, _: word if word in NAMES else None,
    by_day=False,
    spellings=NAMES,
    names=lambda code: (code,),
)
L, A = "lead", "assist"


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("住建局", [("住建局", None)]),
        ("住建局、城管局,公安局;甲", [("住建局", None), ("城管局", None), ("公安局", None), ("甲", None)]),
        ("住建局,城管局\n公安局|甲/乙", [(n, None) for n in ("住建局", "城管局", "公安局", "甲", "乙")]),
        ("住建局/人防办", [("住建局/人防办", None)]),
        ("住建局\uff0c城管局\uff1b公安局", [("住建局", None), ("城管局", None), ("公安局", None)]),
        ("城管局\uff08协办\uff09、协办\uff1a公安局", [("城管局", A), ("公安局", A)]),
        ("住建局、、城管局、", [("住建局", None), ("城管局", None)]),
        ("主办:住建局;协办:城管局、公安局", [("住建局", L), ("城管局", A), ("公安局", A)]),
        ("主办单位:住建局\n协办单位:城管局", [("住建局", L), ("城管局", A)]),
        ("城管局(协办)、住建局(主办)", [("城管局", A), ("住建局", L)]),
        ("住建局[牵头],公安局", [("住建局", L), ("公安局", None)]),
        ("、", [("、", None)]),
    ],
)  # fmt: skip
def test_units_of_a_cell(cell: str, units: list[tuple[str, str | None]]) -> None:
    pieces = split_units(
        spoken(RawColumn(length=2, text=pa.array([None, cell])), {}), UNIT_SEPARATORS, KNOWN, None
    )
    assert pieces.rows.tolist() == [1] * len(units)
    assert list(zip(pieces.words.texts().to_pylist(), pieces.roles.to_pylist(), strict=True)) == units


def test_units_of_many_cells_stay_with_their_rows() -> None:
    cells = ["甲、乙", None, "丙", "甲、乙", "丁、戊、己"]
    pieces = split_units(
        spoken(RawColumn(length=5, text=pa.array(cells)), {}), UNIT_SEPARATORS, KNOWN, Role.ASSIST
    )
    assert pieces.rows.tolist() == [0, 0, 2, 3, 3, 4, 4, 4]
    assert "".join(pieces.words.texts().to_pylist()) == "甲乙丙甲乙丁戊己"
    assert set(pieces.roles.to_pylist()) == {A}


def handlings(reading: Any, *names: str) -> list[tuple[Any, ...]]:
    table = reading.ledger.handlings
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))


def test_the_first_unit_leads(read: Read) -> None:
    reading = read([WIDE, wide_row("1", "住建局、城管局;交警大队"), wide_row("2", "市公安局")])
    assert handlings(reading, "handling_no", "order_no", "unit", "role") == [
        ("1-01", "1", "housing", L),
        ("1-02", "1", "urban-management", A),
        ("1-03", "1", "police", A),
        ("2-01", "2", "police", L),
    ]
    assert reading.accounting.tables["orders"] == 2
    assert reading.accounting.accepted == 2


def test_a_named_lead_leads_wherever_it_stands(read: Read) -> None:
    reading = read([WIDE, wide_row("1", "城管局(协办)、公安局、住建局(主办)")])
    assert handlings(reading, "unit", "role") == [("urban-management", A), ("police", A), ("housing", L)]


def test_assisting_units_may_have_a_column_of_their_own(read: Read) -> None:
    headings = (*WIDE[:8], "主办单位", "协办单位")
    rows = [headings, [*wide_row("1"), "城管局、公安局"], [*wide_row("2"), None]]
    assert handlings(read(rows), "order_no", "unit", "role") == [
        ("1", "housing", L),
        ("1", "urban-management", A),
        ("1", "police", A),
        ("2", "housing", L),
    ]


def test_times_of_a_row_are_the_order_s_and_each_handling_s(read: Read) -> None:
    reading = read([WIDE, wide_row("1", "住建局、城管局", 办结时间=None)])
    order = reading.ledger.orders.to_pylist()[0]
    assert order["dispatched_at"] == utc("2025-04-01 10:00")
    assert order["signed_at"] == utc("2025-04-01 11:00")
    assert order["closed_at"] is None
    assert (
        handlings(reading, "dispatched_at", "signed_at", "closed_at")
        == [(order["dispatched_at"], order["signed_at"], None)] * 2
    )


def test_one_row_a_handling_gives_one_order_with_what_follows_from_its_handlings(read: Read) -> None:
    rows = [
        WIDE,
        wide_row(
            "1", "城管局", 派单时间="2025-04-01 10:10", 签收时间="2025-04-02 09:00", 办结时间="2025-04-05"
        ),
        wide_row("2", "公安局"),
        wide_row(
            "1", "住建局", 派单时间="2025-04-01 10:00", 签收时间="2025-04-01 12:00", 办结时间="2025-04-07"
        ),
        wide_row("3", "公安局", 签收时间="2025-04-01 12:00", 办结时间=None),
        wide_row("3", "住建局"),
    ]
    reading = read(rows)
    assert codes(reading) == []
    orders = {order["order_no"]: order for order in reading.ledger.orders.to_pylist()}
    assert list(orders) == ["1", "2", "3"]
    assert orders["1"]["dispatched_at"] == utc("2025-04-01 10:00")
    assert orders["1"]["signed_at"] == utc("2025-04-02 09:00")
    assert orders["1"]["closed_at"] == utc("2025-04-07")
    assert orders["3"]["closed_at"] is None
    assert handlings(reading, "handling_no", "unit", "role") == [
        ("1-01", "urban-management", L),
        ("2-01", "police", L),
        ("1-02", "housing", A),
        ("3-01", "police", L),
        ("3-02", "housing", A),
    ]


def test_rows_of_an_order_that_disagree_are_flagged_and_the_first_counts(read: Read) -> None:
    rows = [WIDE, wide_row("1", "住建局"), wide_row("1", "城管局", 诉求类型="咨询")]
    reading = read(rows)
    assert codes(reading) == [("order_rows_disagree", "flag")]
    assert reading.ledger.orders["request_type"].to_pylist() == ["complaint"]
    assert reading.ledger.orders["flags"].to_pylist() == ["order_rows_disagree"]
    assert reading.ledger.handlings.num_rows == 2


def test_orders_that_were_not_dispatched_have_no_handlings(read: Read) -> None:
    headings = (*WIDE, "受理方式")
    answered = wide_row("2", None, 派单时间=None, 签收时间=None)
    named = wide_row("3", "住建局", 派单时间=None, 签收时间=None)
    reading = read([headings, [*wide_row("1"), ""], [*answered, "直接答复"], [*named, "不予受理"]])
    assert codes(reading) == []
    assert reading.ledger.orders["disposition"].to_pylist() == ["dispatched", "answered", "refused"]
    assert handlings(reading, "order_no") == [("1",)]
    assert reading.ledger.orders["close_due_at"].null_count == 2


@pytest.mark.parametrize("heading", ["承办单位", "派单时间"])
def test_dispatched_orders_must_say_to_whom_and_when(read: Read, heading: str) -> None:
    reading = read([WIDE, wide_row("1"), wide_row("2", **{heading: None})])
    assert codes(reading) == [("missing_required", "reject")]
    assert next(iter(reading.faults)).heading == heading
    assert reading.ledger.orders["order_no"].to_pylist() == ["1"]
    assert reading.ledger.handlings["order_no"].to_pylist() == ["1"]


def test_a_unit_written_twice_in_a_cell_counts_once(read: Read) -> None:
    reading = read([WIDE, wide_row("1", "住建局、城管局、市住建局")])
    assert codes(reading) == [("repeated_unit", "flag")]
    assert handlings(reading, "unit") == [("housing",), ("urban-management",)]
    assert reading.ledger.orders["flags"].to_pylist() == ["repeated_unit"]


def test_an_unknown_unit_takes_its_whole_row_out_and_is_told_with_a_guess(read: Read) -> None:
    reading = read([WIDE, wide_row("1", "住监局、城管局"), wide_row("2")])
    fault = next(iter(reading.faults))
    assert (fault.code, fault.value, fault.where.row, fault.heading) == (
        "unknown_unit",
        "住监局",
        2,
        "承办单位",
    )
    assert "住建局" in fault.message
    assert reading.ledger.orders["order_no"].to_pylist() == ["2"]
    assert reading.ledger.handlings["order_no"].to_pylist() == ["2"]
    assert reading.accounting.rejected == 1


def test_what_a_row_says_once_is_counted_once(read: Read) -> None:
    headings = (*WIDE, "退单申请次数", "延期天数")
    reading = read([headings, [*wide_row("1", "住建局、城管局"), 2, 5]])
    assert handlings(reading, "return_requests", "extension_days") == [(2, 5), (0, 5)]


def test_the_mapping_says_what_a_row_is(read: Read) -> None:
    rows = [WIDE, wide_row("1", "住建局"), wide_row("1", "城管局"), wide_row("2", "城管局")]
    columns = {
        "工单编号": ("order_no",),
        "受理时间": ("received_at",),
        "派单时间": ("dispatched_at", "handlings.dispatched_at"),
        "诉求类型": ("request_type",),
        "一级分类": ("topic",),
        "承办单位": ("handlings.unit",),
    }
    as_orders = read(rows, mapping=Mapping(sheets=(SheetMapping(columns=columns, rows=Rows.ORDERS),)))
    assert codes(as_orders) == [("duplicate_order_no", "reject")]
    assert as_orders.ledger.handlings.num_rows == 2
    as_handlings = read(rows, mapping=Mapping(sheets=(SheetMapping(columns=columns, rows=Rows.HANDLINGS),)))
    assert codes(as_handlings) == []
    assert as_handlings.ledger.handlings.num_rows == 3
