"""What follows for an order from its handlings and callbacks, where the file doesn't say it (ruling 3)."""

from pathlib import Path
from typing import Any

import pytest
from ledger_files import CUTOFF, codes, make_csv, utc

from jieban.ledger.read import Reading, read_ledger
from jieban.profile.city import Profile

ORDERS = ("工单编号", "受理时间", "诉求类型", "一级分类")
HANDLINGS = ("工单编号", "承办单位", "主办协办", "派单时间", "签收时间", "办结时间", "是否退单")
CALLS = ("工单编号", "回访时间", "是否接通", "满意度", "是否解决", "是否联系诉求人")


@pytest.fixture
def derive(tmp_path: Path, changji: Profile) -> Any:
    def run(
        handlings: list[list[str]], calls: list[list[str]] | None = None, more: dict[str, str] | None = None
    ) -> Reading:
        """One order with some handlings and callbacks; `more` are further columns of the order."""
        order = ["1", "2025-04-01 09:30", "投诉", "住房保障类", *(more or {}).values()]
        files = {
            "工单": [[*ORDERS, *(more or {})], order],
            "承办": [HANDLINGS, *handlings],
            "回访": [CALLS, *(calls or [])],
        }
        paths = [make_csv(tmp_path / f"{name}.csv", rows) for name, rows in files.items() if len(rows) > 1]
        return read_ledger(paths, changji, cutoff=CUTOFF)

    return run


def order_of(reading: Reading) -> dict[str, Any]:
    row: dict[str, Any] = reading.ledger.orders.to_pylist()[0]
    return row


def handling(
    unit: str, role: str, signed: str, closed: str, *, returned: str = "否", sent: str = "04-01 10:00"
) -> list[str]:
    times = [f"2025-{time}" if time else "" for time in (sent, signed, closed)]
    return ["1", unit, role, *times, returned]


def test_an_order_is_signed_by_its_lead_and_closed_by_all(derive: Any) -> None:
    reading = derive(
        [
            handling("城管局", "协办", "04-01 11:00", "04-03 10:00", sent="04-01 10:30"),
            handling("住建局", "主办", "04-01 15:00", "04-02 10:00"),
        ]
    )
    order = order_of(reading)
    assert order["dispatched_at"] == utc("2025-04-01 10:00")
    assert order["signed_at"] == utc("2025-04-01 15:00")
    assert order["closed_at"] == utc("2025-04-03 10:00")


def test_an_order_is_open_while_one_handling_is(derive: Any) -> None:
    rows = [handling("住建局", "主办", "", "04-02 10:00"), handling("城管局", "协办", "04-01 11:00", "")]
    order = order_of(derive(rows))
    assert order["signed_at"] is None
    assert order["closed_at"] is None


def test_a_unit_that_sent_the_order_back_neither_leads_nor_keeps_it_open(derive: Any) -> None:
    rows = [
        handling("公安局", "", "", "", returned="是", sent="04-01 09:40"),
        handling("住建局", "", "04-01 12:00", "04-02 10:00", sent="04-01 11:00"),
        handling("城管局", "", "04-01 13:00", "04-02 11:00", sent="04-01 11:00"),
    ]
    reading = derive(rows)
    assert codes(reading) == []
    assert reading.ledger.handlings["role"].to_pylist() == ["assist", "lead", "assist"]
    order = order_of(reading)
    assert order["dispatched_at"] == utc("2025-04-01 11:00")
    assert order["signed_at"] == utc("2025-04-01 12:00")
    assert order["closed_at"] == utc("2025-04-02 11:00")


def test_a_lead_that_sent_the_order_back_may_be_followed_by_another(derive: Any) -> None:
    rows = [
        handling("公安局", "主办", "", "", returned="是"),
        handling("住建局", "主办", "04-01 12:00", "04-02 10:00", sent="04-01 11:00"),
    ]
    reading = derive(rows)
    assert codes(reading) == []
    assert reading.ledger.handlings["role"].to_pylist() == ["lead", "lead"]
    assert order_of(reading)["signed_at"] == utc("2025-04-01 12:00")


def test_what_the_file_says_of_the_order_stands_even_where_it_says_nothing(derive: Any) -> None:
    rows = [handling("住建局", "主办", "04-01 12:00", "04-02 10:00")]
    times = {"派单时间": "2025-04-01 09:50", "签收时间": "2025-04-01 11:00", "办结时间": ""}
    order = order_of(derive(rows, more=times))
    assert order["dispatched_at"] == utc("2025-04-01 09:50")
    assert order["signed_at"] == utc("2025-04-01 11:00")
    assert order["closed_at"] is None


def call(time: str, reached: str, *rating: str) -> list[str]:
    return ["1", f"2025-{time}", reached, *rating, *[""] * (3 - len(rating))]


def test_the_last_callback_that_reached_the_citizen_counts_wherever_it_stands(derive: Any) -> None:
    rows = [handling("住建局", "主办", "04-01 12:00", "04-02 10:00")]
    calls = [
        call("04-07 10:00", "是", "基本满意", "是", "是"),
        call("04-04 10:00", "是", "不满意", "否", "否"),
        call("04-09 10:00", "否", "", "", ""),
    ]
    order = order_of(derive(rows, calls))
    assert (order["called_back"], order["satisfaction"]) == (True, "basically_satisfied")
    assert (order["resolved"], order["contacted"]) == (True, True)


@pytest.mark.parametrize(
    ("calls", "called_back", "satisfaction"),
    [
        ([], None, None),
        ([call("04-04 10:00", "否")], False, None),
        ([call("04-04 10:00", "是", "未评价")], False, "not_rated"),
        ([call("04-04 10:00", "是")], False, None),
        ([call("04-04 10:00", "是", "不满意")], True, "dissatisfied"),
    ],
)
def test_a_callback_is_effective_when_it_brought_a_rating(
    derive: Any, calls: list[list[str]], called_back: bool | None, satisfaction: str | None
) -> None:
    rows = [handling("住建局", "主办", "04-01 12:00", "04-02 10:00")]
    order = order_of(derive(rows, calls))
    assert order["called_back"] is called_back
    assert order["satisfaction"] == satisfaction


def test_the_order_s_own_rating_stands(derive: Any) -> None:
    rows = [handling("住建局", "主办", "04-01 12:00", "04-02 10:00")]
    order = order_of(derive(rows, [call("04-04 10:00", "是", "不满意", "否")], more={"满意度": "满意"}))
    assert order["satisfaction"] == "satisfied"
    assert order["called_back"] is True
    assert order["resolved"] is False
