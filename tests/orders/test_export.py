"""The live ledger as it stood at one moment, of the orders that are asked for, in files that open as what they are."""

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from cast import (
    ALICE,
    MINUTE,
    MONDAY,
    RUTH,
    handler,
    handlings,
    lead,
    recorded,
    reply,
    request,
    signed,
    units,
)
from django.db import connection, transaction

from jieban.demo.ledger import make_ledger
from jieban.indicators.compute import compute
from jieban.indicators.period import Period
from jieban.ledger.read import read_ledger
from jieban.ledger.schema import Ledger
from jieban.orders.actions.record import record_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.export import Scope, export_ledger, export_to
from jieban.orders.export.forms import FORMS, NothingToExport, export_forms
from jieban.orders.importing.run import import_ledger
from jieban.orders.models import Event
from jieban.orders.secrets import Contact, Matter
from jieban.people.city import city
from live_database import LiveDatabase

FORMULA = "=1+1"
NAME, PHONE = "买买提·艾力", "13900000001"


def close(order: str) -> None:
    """The rest of an order's life."""
    now = MONDAY + 3 * MINUTE
    for each in handlings(order):
        reply_to_order(order=order, handling=each.serial, reply=reply(), actor=handler(each.unit), now=now)
    for each in handlings(order):
        pass_review(order=order, handling=each.serial, actor=RUTH, now=now + MINUTE)


@contextmanager
def before_reading(table: str, act: Callable[[], object], database: LiveDatabase) -> Iterator[list[object]]:
    """Somebody else acts, and is done, when this connection is about to read a table for the first time."""
    done: list[object] = []

    def between(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if f'FROM "{table}"' in sql and not done:
            done.extend(database.in_threads(1, lambda _: act()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(between):
        yield done


@pytest.mark.parametrize("table", ["orders_handling", "orders_clock", "orders_order"])
def test_an_order_that_is_closed_while_an_export_runs_is_not_closed_by_half(
    each_city: str, database: LiveDatabase, table: str
) -> None:
    assert each_city == city().name
    order = signed(assisting=units(2)[1:])
    with before_reading(table, lambda: close(order), database) as done:
        ledger = export_ledger()
    assert done == [None], "whoever acts doesn't wait for an export"
    (told,), hands = ledger.orders.to_pylist(), ledger.handlings.to_pylist()
    begun_before = table != "orders_order"
    assert [told["closed_at"] is None, *(each["closed_at"] is None for each in hands)] == [begun_before] * 3
    after = export_ledger()
    assert after.orders["closed_at"].null_count == after.handlings["closed_at"].null_count == 0


def test_orders_recorded_while_files_are_written_are_another_ledgers(
    database: LiveDatabase, tmp_path: Path
) -> None:
    signed()
    with before_reading("orders_handling", lambda: signed(now=MONDAY + MINUTE), database) as done:
        rows = export_to(tmp_path / "ledger")
    assert isinstance(done[0], str)
    assert (rows["orders"], rows["handlings"]) == (1, 1)
    assert export_to(tmp_path / "again")["orders"] == 2


def test_an_export_within_another_transaction_is_refused(database: LiveDatabase) -> None:
    assert database
    with transaction.atomic(), pytest.raises(RuntimeError):
        export_ledger()


def test_acts_take_their_lock_at_once_again_after_an_export(database: LiveDatabase) -> None:
    export_ledger()
    if database.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"
    with transaction.atomic(), connection.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(
                "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
            )
            assert cursor.fetchone() == ("read committed", "off")


@pytest.fixture
def months(database: LiveDatabase, settings: Any) -> Ledger:
    """The small city's three demonstration months on the platform, and as they were put there."""
    assert database
    settings.JIEBAN_PROFILE = "yunting"
    whole, _ = make_ledger(city())
    assert import_ledger(whole, now=datetime(2025, 6, 1, tzinfo=UTC), source="test").whole
    return whole


@pytest.mark.parametrize("code", ["2025-04", "2025-05", "2025-W15", "2025-03-20..2025-04-02"])
def test_a_period_is_exported_with_all_that_its_report_counts(months: Ledger, code: str) -> None:
    period, cutoff = Period.parse(code), datetime(2025, 5, 7, tzinfo=UTC)
    ledger = export_ledger(Scope.counted(period, city().clock.tz))
    wanted = list(compute(months, city(), period, cutoff=cutoff).items())
    found = list(compute(ledger, city(), period, cutoff=cutoff).items())
    assert len(found) > 100
    assert found == wanted
    if code != "2025-04":
        assert 0 < ledger.orders.num_rows < months.orders.num_rows


def test_bounds_of_receipt_part_the_orders(months: Ledger) -> None:
    middle = datetime(2025, 4, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    before, after = export_ledger(Scope(until=middle)), export_ledger(Scope(since=middle))
    numbers = [set(ledger.orders["order_no"].to_pylist()) for ledger in (before, after)]
    assert numbers[0]
    assert numbers[1]
    assert not numbers[0] & numbers[1]
    assert numbers[0] | numbers[1] == set(months.orders["order_no"].to_pylist())
    assert (
        max(before.orders["received_at"].to_pylist()) < middle <= min(after.orders["received_at"].to_pylist())
    )
    assert export_ledger(Scope(since=middle, until=middle)).orders.num_rows == 0


@pytest.fixture
def formula(database: LiveDatabase) -> str:
    """An order whose citizen began with a sign that spreadsheets take for a formula's; another is in nobody's hands."""
    assert database
    matter = Matter(content=FORMULA, summary="路灯不亮", address="@一号楼")
    contact = Contact(name=NAME, phone=PHONE)
    recorded()
    return record_order(request=request(matter=matter, contact=contact), actor=ALICE, now=MONDAY).order


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read_back_as_it_was_told(
    each_city: str, formula: str, tmp_path: Path, form: str
) -> None:
    assert each_city == city().name
    signed(to=lead())
    made = export_forms(tmp_path / "out", Scope(), [form], words=True)
    assert {path.parent for path in made.files} == {tmp_path / "out"}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        path.name for path in made.files
    )
    for path in made.files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert PHONE not in path.read_text("utf-8", errors="replace")
    paths = [tmp_path / "out"] if form == "parquet" else list(made.files)
    reading = read_ledger(paths, city(), cutoff=MONDAY + 60 * MINUTE)
    assert reading.accounting.rejected == 0, reading.faults
    told = {row["order_no"]: row for row in export_ledger(words=True).orders.to_pylist()}
    back = {row["order_no"]: row for row in reading.ledger.orders.to_pylist()}
    assert back.keys() == told.keys()
    for number, row in back.items():
        assert row | {"source_row": None} == told[number] | {"source_row": None}
    assert (back[formula]["content"], back[formula]["address"]) == (FORMULA, "@一号楼")
    assert back[formula]["disposition"] == "pending"


def test_no_text_is_a_formula_in_a_workbook(formula: str, tmp_path: Path) -> None:
    assert formula
    (path,) = export_forms(tmp_path, Scope(), ["xlsx"], words=True).files
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == FORMULA for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    (text,) = (
        each for each in export_forms(tmp_path, Scope(), ["csv"], words=True).files if each.stem == "工单"
    )
    assert f"'{FORMULA}" in text.read_text("utf-8-sig")


def test_an_export_leaves_no_event_and_tells_no_requester(formula: str, tmp_path: Path) -> None:
    before = Event.objects.count()
    export_to(tmp_path, words=True)
    assert Event.objects.count() == before
    for row in export_ledger(words=True).orders.to_pylist():
        assert (row["requester"], row["phone"]) == (None, None)
        assert NAME not in str(row.values())
    assert formula
    room = Path(export_forms.__code__.co_filename).parent
    for source in room.glob("*.py"):
        assert "contact_of" not in source.read_text("utf-8"), (
            "a requester is read by the act that tells of it"
        )


def test_what_cannot_be_written_leaves_the_directory_as_it_was(
    database: LiveDatabase, tmp_path: Path
) -> None:
    assert database
    with pytest.raises(NothingToExport):
        export_forms(tmp_path / "new", Scope(), FORMS)
    assert not (tmp_path / "new").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToExport):
        export_forms(tmp_path / "empty", Scope(), FORMS)
    assert list((tmp_path / "empty").iterdir()) == []
    recorded()
    export_forms(tmp_path / "old", Scope(), ["parquet"])
    kept = {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()}
    with pytest.raises(NothingToExport):
        export_forms(tmp_path / "old", Scope(until=MONDAY), FORMS)
    assert {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()} == kept


def test_progress_ends_at_the_whole(months: Ledger, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    export_to(tmp_path, progress=lambda done, whole: told.append((done, whole)))
    assert told[-1] == (months.orders.num_rows, months.orders.num_rows)
    assert told == sorted(told)
