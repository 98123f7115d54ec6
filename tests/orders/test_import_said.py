"""What a file says of itself comes back from the live database: its deadlines, findings, doubts, and what it lacks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cast import BOB, CARL, MINUTE, RUTH, handler, liaison, plain_type, reply
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_import import KEYS, NOW, Rows, assert_exported, by_key, few, imported, plain_handling, plain_order

from jieban.ledger.schema import TABLES, Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import reopen_order
from jieban.orders.actions.extensions import ask_extension, decide_extension
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.audit.verify import verify
from jieban.orders.export import export_ledger
from jieban.people.city import city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]

BESIDE = tuple(f"stated_{stage}_{what}" for stage in ("sign", "close") for what in ("due_at", "on_time"))
STANDS = {"closed_at", "signed_at", "disposition"}
"""Columns whose lack makes another order of it, and not only a quieter one."""


@contextmanager
def undone() -> Iterator[None]:
    atomic = transaction.atomic()
    atomic._from_testcase = True  # an export is of one moment, in a transaction of its own but for this
    with atomic:
        yield
        transaction.set_rollback(True)


_instants = st.integers(0, 365 * 24 * 3600).map(
    lambda later: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=later)
)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What a file may say of a row beside what the live tables hold."""

    due: tuple[datetime | None, datetime | None]
    on_time: tuple[bool | None, bool | None]
    absent: frozenset[int]
    flags: str | None
    row: int | None
    number: bool


_besides = st.builds(
    Beside,
    due=st.tuples(st.none() | _instants, st.none() | _instants),
    on_time=st.tuples(st.none() | st.booleans(), st.none() | st.booleans()),
    absent=st.frozensets(st.integers(0, 15), max_size=5),
    flags=st.none() | st.sampled_from(["deadline_disagrees", "unknown_street,late_date"]),
    row=st.none() | st.integers(1, 900_000),
    number=st.booleans(),
)


def said(row: dict[str, Any], table: str, beside: Beside) -> dict[str, Any]:
    """The row as a file tells it that says this beside."""
    schema = next(each for each in TABLES if each.name == table)
    told = dict(row) | {"flags": beside.flags, "source_row": beside.row}
    if table in {"orders", "handlings"}:
        told |= dict(zip(BESIDE[::2], beside.due, strict=True)) | dict(
            zip(BESIDE[1::2], beside.on_time, strict=True)
        )
    if table in {"handlings", "callbacks"} and beside.number:
        told[schema.key] = f"件-{row[schema.key]}"
    stands = STANDS | ({"returned"} if row.get("returned") else set())
    able = [name for name in schema.recorded if name not in stands]
    absent = [name for place, name in enumerate(able) if place in beside.absent]
    return told | dict.fromkeys(absent) | {"absent_columns": ",".join(absent) or None}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), first=st.integers(0, 200))
def test_what_a_file_says_comes_back(data: st.DataObject, first: int) -> None:
    whole = few(city().name)
    numbers = {row["order_no"] for row in whole["orders"][first : first + 4]}
    rows: Rows = {
        name: [
            said(row, name, data.draw(_besides))
            for row in (whole[name][:2] if name == "letters" else whole[name])
            if name == "letters" or row["order_no"] in numbers
        ]
        for name in KEYS
    }
    with undone():
        assert imported(rows).whole
        assert_exported(rows)
        assert verify().clean


def exported(name: str = "orders", key: str = "A-1") -> dict[str, Any]:
    return by_key(export_ledger().tables()[name].to_pylist(), KEYS[name])[key]


_SILENT = {
    "satisfaction": None,
    "called_back": None,
    "resolved": None,
    "contacted": None,
    "absent_columns": "called_back,satisfaction,reopen_count",
    "reopen_count": None,
}


def test_what_a_file_lacks_is_unknown_until_somebody_has_done_it_here() -> None:
    rows: Rows = {"orders": [plain_order() | _SILENT], "handlings": [plain_handling()]}
    assert imported(rows).whole
    assert_exported(rows)
    record_callback(
        order="A-1",
        outcome=Outcome(reached=True, satisfaction=Satisfaction.NOT_RATED),
        actor=CARL,
        now=NOW + MINUTE,
    )
    told = exported()
    assert (told["called_back"], told["satisfaction"], told["reopen_count"]) == (True, "not_rated", None)
    assert told["absent_columns"] == "reopen_count"


def test_a_cell_that_a_file_left_empty_is_filled_with_nothing() -> None:
    empty = _SILENT | {"absent_columns": None, "reopen_count": 0}
    rows: Rows = {"orders": [plain_order() | empty], "handlings": [plain_handling()]}
    assert imported(rows).whole
    assert_exported(rows)


def _open(stated: timedelta) -> tuple[Rows, datetime]:
    """An order in the hands of one unit, whose file says until when; and that instant."""
    received = NOW - timedelta(days=1)
    at = {"received_at": received, "dispatched_at": received, "signed_at": received}
    closed = {
        "closed_at": None,
        "called_back": None,
        "satisfaction": None,
        "resolved": None,
        "contacted": None,
    }
    due = {f"{stage}_due_at": NOW + timedelta(days=5) for stage in ("sign", "close")}
    own = {"stated_close_due_at": NOW + stated, "stated_close_on_time": True}
    order, handling = (
        row | at | due | own
        for row in (
            plain_order(request_type=plain_type()) | closed,
            plain_handling(closed_at=None, reply=None),
        )
    )
    return {"orders": [order], "handlings": [handling]}, NOW + stated


def _finish(now: datetime) -> None:
    unit = str(plain_handling()["unit"])
    reply_to_order(order="A-1", handling=1, reply=reply(), actor=handler(unit), now=now)
    pass_review(order="A-1", handling=1, actor=RUTH, now=now + MINUTE)


def test_a_files_deadline_holds_for_what_is_closed_here_and_its_finding_does_not() -> None:
    rows, due = _open(timedelta(days=2))
    assert imported(rows).whole
    for name, key in (("orders", "A-1"), ("handlings", "A-1-1")):
        assert exported(name, key)["stated_close_on_time"] is True, "nothing was done about it yet"
    _finish(NOW + timedelta(days=3))
    for name, key in (("orders", "A-1"), ("handlings", "A-1-1")):
        told = exported(name, key)
        assert (told["stated_close_due_at"], told["stated_close_on_time"]) == (due, None)


def test_a_files_deadline_holds_no_longer_once_time_was_granted_here() -> None:
    rows, _ = _open(timedelta(days=2))
    assert imported(rows).whole
    unit = str(plain_handling()["unit"])
    asked = {"order": "A-1", "handling": 1}
    ask_extension(**asked, days=2, reason="等材料", actor=liaison(unit), now=NOW + MINUTE)
    decide_extension(**asked, granted=True, reason="同意", actor=BOB, now=NOW + 2 * MINUTE)
    assert exported("handlings", "A-1-1")["stated_close_due_at"] is None


@pytest.mark.parametrize("late", [True, False])
def test_what_a_file_found_late_stays_late_after_reopening(late: bool) -> None:
    due = NOW - timedelta(days=3)
    found = {"stated_close_on_time": not late, "stated_close_due_at": due if late else NOW}
    order = plain_order(request_type=plain_type(), **found)
    rows: Rows = {"orders": [order], "handlings": [plain_handling(**found)]}
    rows["orders"][0]["closed_at"] = rows["handlings"][0]["closed_at"] = NOW - timedelta(days=2)
    assert imported(rows).whole
    reopen_order(order="A-1", reason="没有办好", actor=BOB, now=NOW + MINUTE)
    _finish(NOW + 2 * MINUTE)
    for name, key in (("orders", "A-1"), ("handlings", "A-1-1")):
        told = exported(name, key)
        assert told["stated_close_on_time"] is (False if late else None)
        assert told["stated_close_due_at"] == (due if late else None), "an earlier round's, which is over"


def test_signing_here_is_told_by_the_files_signature_no_more() -> None:
    rows, _ = _open(timedelta(days=2))
    rows["orders"][0] |= {"signed_at": None, "absent_columns": "signed_at"}
    rows["handlings"][0] |= {
        "signed_at": None,
        "absent_columns": "signed_at,rework_count",
        "rework_count": None,
    }
    for row in (*rows["orders"], *rows["handlings"]):
        row |= {"sign_due_at": None, "sign_rule": None}
    assert imported(rows).whole
    assert exported("handlings", "A-1-1")["absent_columns"] == "signed_at,rework_count"
    sign_handling(order="A-1", handling=1, actor=liaison(str(plain_handling()["unit"])), now=NOW + MINUTE)
    assert exported("handlings", "A-1-1")["absent_columns"] == "rework_count"
    assert exported()["absent_columns"] is None
