"""The city's export comes in whole: every row accounted for, every cell what pandas finds in the file."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from boston_recount import ZONE

from jieban.ledger.read import Reading, read_ledger
from jieban.profile.city import Profile
from jieban.profile.model import Policy

pytestmark = pytest.mark.needs_shared


@pytest.fixture(scope="module")
def orders(reading: Reading) -> pd.DataFrame:
    return reading.ledger.orders.to_pandas()


@pytest.fixture(scope="module")
def handlings(reading: Reading) -> pd.DataFrame:
    return reading.ledger.handlings.to_pandas()


def test_every_row_is_accounted_for(reading: Reading, requests: pd.DataFrame) -> None:
    accounting = reading.accounting
    assert accounting.balanced
    assert accounting.read == len(requests) == 31_828
    assert (accounting.accepted, accounting.rejected, dict(accounting.left_out)) == (31_828, 0, {})
    assert dict(accounting.tables) == {"orders": 31_828, "handlings": 31_828, "letters": 0, "callbacks": 0}


def test_deadlines_of_2059_are_flagged_and_nothing_else_is(reading: Reading, requests: pd.DataFrame) -> None:
    wrong = requests[requests["impossible"]]
    assert len(wrong) == reading.accounting.flagged == 18
    assert dict(reading.faults.counts()) == {("implausible_date", Policy.FLAG): 18}
    # The first row of data is row 2 of the file.
    assert [fault.where.row for fault in reading.faults] == [index + 2 for index in wrong.index]
    assert {(fault.heading, fault.value) for fault in reading.faults} == {
        ("target_dt", "2059-12-31 19:00:00")
    }
    flagged = reading.ledger.orders.to_pandas().set_index("order_no").loc[wrong["order_no"]]
    assert set(flagged["flags"]) == {"implausible_date"}
    assert flagged["stated_close_due_at"].isna().all()


def test_by_the_usual_policy_those_rows_are_rejected(
    export: Path, profile: Profile, mapping: Path, requests: pd.DataFrame
) -> None:
    strict = replace(profile, policies={**profile.policies, "implausible_date": Policy.REJECT})
    reading = read_ledger([export], strict, mapping=mapping)
    assert reading.accounting.balanced
    assert (reading.accounting.accepted, reading.accounting.rejected) == (31_810, 18)
    kept = requests.loc[~requests["impossible"], "order_no"]
    assert reading.ledger.orders["order_no"].to_pylist() == kept.to_list()


@pytest.mark.parametrize(
    "column", ["topic", "subtopic", "street", "channel", "request_type", "urgency"], ids=str
)
def test_words_become_the_profiles_codes(orders: pd.DataFrame, requests: pd.DataFrame, column: str) -> None:
    assert orders[column].astype(object).fillna("").to_list() == requests[column].to_list()


def test_the_department_has_the_request_in_hand(handlings: pd.DataFrame, requests: pd.DataFrame) -> None:
    assert handlings["order_no"].to_list() == requests["order_no"].to_list()
    assert handlings["unit"].to_list() == requests["unit"].to_list()
    assert set(handlings["role"]) == {"lead"}


def test_wall_time_becomes_the_instant_it_was(
    orders: pd.DataFrame, handlings: pd.DataFrame, requests: pd.DataFrame
) -> None:
    for table in (orders, handlings):
        for column, own in (
            ("dispatched_at", "received"),
            ("closed_at", "closed"),
            ("stated_close_due_at", "stated_due"),
        ):
            _same_instants(table[column], requests[own])
    _same_instants(orders["received_at"], requests["received"])
    # Two offsets occur: what summer opened, winter closed.
    assert requests["closed"].map(lambda moment: moment.utcoffset(), na_action="ignore").nunique() == 2


def test_the_files_own_marks_are_kept_where_it_has_any(orders: pd.DataFrame, requests: pd.DataFrame) -> None:
    said = requests["said"].map({"ONTIME": True, "OVERDUE": False, "": None})
    assert orders["stated_close_on_time"].isna().sum() == said.isna().sum() == 83
    assert orders["stated_close_on_time"].dropna().to_list() == said.dropna().to_list()
    assert orders["stated_close_due_at"].isna().sum() == 5_013 + 18


def test_deadlines_are_computed_beside_those_of_the_file(
    orders: pd.DataFrame, handlings: pd.DataFrame, requests: pd.DataFrame
) -> None:
    _same_instants(orders["close_due_at"], requests["orders_due"])
    _same_instants(handlings["close_due_at"], requests["handlings_due"])
    assert set(handlings["close_rule"]) == {
        "handling-close-normal",
        "handling-close-simple",
        "handling-close-app",
    }


def test_a_file_that_knows_no_signing_makes_nobody_late_to_sign(
    orders: pd.DataFrame, handlings: pd.DataFrame
) -> None:
    for table in (orders, handlings):
        assert table["signed_at"].isna().all()
        assert table["sign_due_at"].isna().all()
        assert table["sign_rule"].isna().all()


def _same_instants(found: pd.Series, expected: pd.Series) -> None:
    ours = found.dt.tz_convert(ZONE).dt.as_unit("s")
    assert ours.isna().to_list() == expected.isna().to_list()
    assert (ours.dropna().to_numpy() == expected.dt.as_unit("s").dropna().to_numpy()).all()
