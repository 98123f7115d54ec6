"""Whole ledgers into the live database: nothing lost, nothing twice, and the trail as whole as if acts had made it."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pytest
from cast import BOB, MONDAY, Assignment, at, dispatch_order, liaison, recorded, sign_handling
from contacts_told import rows_with_contacts

from jieban.demo.ledger import make_ledger
from jieban.kernel.digest import canonical_json
from jieban.ledger.schema import TABLES, Ledger, LetterDisposition
from jieban.orders.audit.verify import verify
from jieban.orders.chain import stamp
from jieban.orders.clocks import due_of
from jieban.orders.engine.follow import run_of
from jieban.orders.engine.step import entity, initial
from jieban.orders.errors import BadValue
from jieban.orders.export import export_ledger
from jieban.orders.importing.account import Imported, Why
from jieban.orders.importing.run import import_ledger
from jieban.orders.models import Callback, Clock, Event, Handling, Order
from jieban.people.city import city
from jieban.profile.load import load_profile
from live_database import LiveDatabase

_pc: Any = pyarrow.compute
Rows = dict[str, list[dict[str, Any]]]

NOW = at("2025-06-01 10:00")
KEYS = {"orders": "order_no", "handlings": "handling_no", "letters": "letter_no", "callbacks": "callback_no"}
FEW = 240


@cache
def demo(name: str) -> Ledger:
    """A city's invented April."""
    ledger, _ = make_ledger(load_profile(name), ["2025-04"])
    return ledger


def rows_of(ledger: Ledger) -> Rows:
    """The rows of all tables."""
    return {name: table.to_pylist() for name, table in ledger.tables().items()}


def ledger_of(rows: Mapping[str, list[dict[str, Any]]]) -> Ledger:
    """A ledger of rows; tables that are not named are empty."""
    return Ledger(
        **{
            schema.name: pa.Table.from_pylist(rows.get(schema.name, []), schema=schema.arrow)
            for schema in TABLES
        }
    )


@cache
def _few(name: str) -> Rows:
    whole = demo(name)
    orders = whole.orders.slice(0, FEW)
    return {
        "orders": orders.to_pylist(),
        "letters": whole.letters.to_pylist(),
        **{
            table: rows.filter(_pc.is_in(rows["order_no"], value_set=orders["order_no"])).to_pylist()
            for table, rows in (("handlings", whole.handlings), ("callbacks", whole.callbacks))
        },
    }


def few(name: str) -> Rows:
    """Some orders of April with what hangs on them, and all letters."""
    return {table: [dict(row) for row in rows] for table, rows in _few(name).items()}


def plain_order(**changes: Any) -> dict[str, Any]:
    """One closed order of the city that is set, as a ledger tells it."""
    row = _few(city().name)["orders"][0]
    return row | {"order_no": "A-1", "repeat_of": None} | changes


def plain_handling(order: str = "A-1", serial: int = 1, **changes: Any) -> dict[str, Any]:
    """Its handling."""
    row = _few(city().name)["handlings"][0]
    return row | {"order_no": order, "handling_no": f"{order}-{serial}", "returned": False} | changes


def again(rows: Rows, **changes: Any) -> None:
    """The unit gets the first order once more; `changes` are those of its first handling."""
    first = rows["handlings"][0]
    later = first["closed_at"] + timedelta(minutes=1)
    rows["handlings"].append(
        plain_handling(serial=2, dispatched_at=later, signed_at=later, closed_at=later + timedelta(minutes=1))
    )
    rows["orders"][0].update(closed_at=later + timedelta(minutes=1), reopen_count=1)
    first.update({"role": "assist"} | changes)


def few_of_city() -> Rows:
    """`few` of the city that is set."""
    return few(city().name)


def by_key(rows: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    """Rows by what names them."""
    return {row[key]: row for row in rows}


def imported(rows: Rows, **options: Any) -> Imported:
    """What an import makes of rows. Every row is accounted for, whatever became of it."""
    account = import_ledger(ledger_of(rows), now=NOW, source="test", **options)
    for name, counts in account.tables.items():
        assert counts.settled, name
        assert counts.read == len(rows.get(name, []))
    return account


def assert_exported(rows: Rows) -> None:
    """The live database tells the ledger that was put in."""
    told = rows_with_contacts(export_ledger(words=True))
    for name, key in KEYS.items():
        assert by_key(told[name], key) == by_key(rows.get(name, []), key)


def test_a_month_is_put_in_whole_and_its_trail_is_clean(each_city: str, database: LiveDatabase) -> None:
    del database
    rows = rows_of(demo(each_city))
    account = imported(rows)
    assert account.whole
    assert {name: counts.imported for name, counts in account.tables.items()} == {
        name: len(found) for name, found in rows.items()
    }
    assert verify().as_dict()["found"] == []
    assert Event.objects.count() == len(rows["orders"]) + len(rows["letters"])
    assert_exported(rows)


def test_workers_seal_what_this_process_would(each_city: str, database: LiveDatabase) -> None:
    del database
    rows = few(each_city)
    assert imported(rows, lot=50, workers=2).whole
    assert verify().clean
    assert_exported(rows)


def test_a_second_import_changes_nothing(each_city: str, database: LiveDatabase) -> None:
    del database
    rows = few(each_city)
    imported(rows)
    before = list(Order.objects.order_by("pk").values()), list(Event.objects.order_by("pk").values())
    again = imported(rows)
    assert again.whole
    assert all(counts.there == counts.read for counts in again.tables.values())
    assert before == (
        list(Order.objects.order_by("pk").values()),
        list(Event.objects.order_by("pk").values()),
    )


KILLED = """
import os, signal, sys
from jieban.site.live import setup
setup()
sys.path[:0] = {path!r}
from test_import import few, import_ledger, ledger_of, NOW
from jieban.people.city import city
def progress(done, whole):
    if done >= {after}:
        os.kill(os.getpid(), signal.SIGKILL)
import_ledger(ledger_of(few(city().name)), now=NOW, source="test", progress=progress, lot=20, workers={workers})
"""


@pytest.mark.parametrize("workers", [0, 2])
def test_an_import_that_is_killed_goes_on_where_it_was(workers: int, database: LiveDatabase) -> None:
    here = Path(__file__).parent
    path = [str(here), str(here.parent)]
    code = KILLED.format(path=path, after=50, workers=workers)
    child = subprocess.run([sys.executable, "-c", code], env=dict(database.environ), check=False)
    assert child.returncode == -signal.SIGKILL
    done = Order.objects.count()
    assert 0 < done < FEW
    assert verify().clean
    rows = few_of_city()
    account = imported(rows)
    assert account.whole
    assert account.tables["orders"].there == done
    assert verify().clean
    assert_exported(rows)


def test_an_event_tells_the_rows_as_acts_would(each_city: str, database: LiveDatabase) -> None:
    del database
    imported(few(each_city))
    for order in Order.objects.order_by("pk")[:40]:
        event = Event.objects.get(order=order)
        children = [
            *Handling.objects.filter(order=order),
            *Clock.objects.filter(order=order).select_related("handling"),
            *Callback.objects.filter(order=order),
        ]
        told = json.loads(event.data)
        version = city().version
        assert told["added"] == {entity(row): initial(row, version) for row in [order, *children]}
        assert (told["changes"], told["config"]) == ({}, version)
        assert canonical_json(told).decode() == event.data
        assert (event.seq, event.act, event.actor, stamp(event.at)) == (1, "imported", "system", stamp(NOW))


def test_every_deadline_can_be_recomputed(each_city: str, database: LiveDatabase) -> None:
    del database
    imported(rows_of(demo(each_city)))
    clocks = list(Clock.objects.all())
    extended = [clock for clock in clocks if clock.changes != "[]"]
    assert extended
    # Sampled: each is counted one by one.
    for clock in [*extended[:50], *clocks[:200]]:
        assert due_of(run_of(clock), city().clock) == clock.due_at


REFUSALS: dict[str, tuple[Callable[[Rows], object], Why]] = {
    "number": (lambda rows: rows["orders"][0].update(order_no="A" * 65), Why.NUMBER_TOO_LONG),
    "channel": (lambda rows: rows["orders"][0].update(channel="pigeon"), Why.UNKNOWN_CODE),
    "type": (lambda rows: rows["orders"][0].update(request_type="wish"), Why.UNKNOWN_CODE),
    "topic": (lambda rows: rows["orders"][0].update(topic="nothing", subtopic=None), Why.UNKNOWN_CODE),
    "subtopic": (lambda rows: rows["orders"][0].update(subtopic="nothing"), Why.UNKNOWN_CODE),
    "street": (lambda rows: rows["orders"][0].update(street="nowhere"), Why.UNKNOWN_CODE),
    "unit": (lambda rows: rows["handlings"][0].update(unit="nobody"), Why.UNKNOWN_CODE),
    "rule": (lambda rows: rows["orders"][0].update(close_rule="none"), Why.UNKNOWN_RULE),
    "unit's rule": (lambda rows: rows["handlings"][0].update(sign_rule="none"), Why.UNKNOWN_RULE),
    "future": (lambda rows: rows["orders"][0].update(received_at=NOW + timedelta(seconds=1)), Why.NOT_YET),
    "community": (lambda rows: rows["orders"][0].update(community="村" * 101), Why.TOO_LONG),
    "count": (lambda rows: rows["handlings"][0].update(extension_days=40_000), Why.TOO_MANY),
    "negative": (lambda rows: rows["orders"][0].update(reopen_count=-1), Why.TOO_MANY),
    "unit twice": (lambda rows: again(rows, closed_at=None), Why.UNIT_TWICE),
    "unit twice without a clock": (lambda rows: again(rows, close_due_at=None), Why.UNIT_TWICE),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cant_be_is_refused_by_name_and_the_rest_goes_in(
    name: str, each_city: str, database: LiveDatabase
) -> None:
    del each_city, database
    change, why = REFUSALS[name]
    rows: Rows = {
        "orders": [plain_order(), plain_order(order_no="B-1")],
        "handlings": [plain_handling(), plain_handling("B-1")],
    }
    change(rows)
    if name == "number":
        rows["handlings"][0]["order_no"] = "A" * 65
    account = imported(rows)
    assert account.refused[0].why == why
    assert account.tables["orders"].refused == 1
    assert [order.number for order in Order.objects.all()] == ["B-1"]
    assert verify().clean


def test_a_unit_that_had_closed_an_order_may_have_it_again(each_city: str, database: LiveDatabase) -> None:
    del each_city, database
    rows: Rows = {"orders": [plain_order()], "handlings": [plain_handling()], "callbacks": []}
    again(rows)
    assert imported(rows).whole
    states = Handling.objects.order_by("serial").values_list("state", "closed_at")
    assert list(states) == [("recalled", None), ("closed", rows["handlings"][1]["closed_at"])]
    assert verify().clean
    assert_exported(rows)


def test_two_leads_and_strays_are_refused(each_city: str, database: LiveDatabase) -> None:
    del each_city, database
    other = next(code for code in city().units if code != plain_handling()["unit"])
    account = imported(
        {
            "orders": [plain_order()],
            "handlings": [plain_handling(), plain_handling(serial=2, unit=other), plain_handling("Z-9")],
        }
    )
    assert [row.why for row in account.refused] == [
        Why.NO_ORDER,
        Why.TWO_LEADS,
        Why.WITH_ORDER,
        Why.WITH_ORDER,
    ]
    assert not Order.objects.exists()


def test_a_number_is_kept_unless_another_order_has_it(each_city: str, database: LiveDatabase) -> None:
    del each_city, database
    taken = recorded(now=MONDAY)
    account = imported(
        {
            "orders": [plain_order(), plain_order(order_no=taken), plain_order()],
            "handlings": [plain_handling()],
        }
    )
    assert sorted((row.key, row.why) for row in account.refused) == sorted(
        [("A-1", Why.NUMBER_TWICE), (taken, Why.NUMBER_TAKEN)]
    )
    assert Order.objects.get(number="A-1").source_number == "A-1"
    assert verify().clean


def test_a_repeat_points_to_what_is_here_and_names_what_is_not(
    each_city: str, database: LiveDatabase
) -> None:
    del each_city, database
    rows: Rows = {
        "orders": [
            plain_order(),
            plain_order(order_no="B-1", repeat_of="A-1"),
            plain_order(order_no="C-1", repeat_of="long ago"),
            plain_order(order_no="D-1", repeat_of="D-1"),
        ],
        "handlings": [plain_handling(no) for no in ("A-1", "B-1", "C-1", "D-1")],
    }
    assert imported(rows).whole
    found = {order.number: order for order in Order.objects.select_related("repeat_of")}
    repeated = found["B-1"].repeat_of
    assert repeated is not None
    assert repeated.number == "A-1"
    assert (found["C-1"].repeat_of, found["C-1"].repeat_number) == (None, "long ago")
    assert (found["D-1"].repeat_of, found["D-1"].repeat_number) == (None, "D-1")
    assert verify().clean
    assert_exported(rows)
    later: Rows = {
        "orders": [plain_order(order_no="E-1", repeat_of="B-1")],
        "handlings": [plain_handling("E-1")],
    }
    assert imported(later).whole
    assert Order.objects.get(number="E-1").repeat_of == found["B-1"]


_OPEN = {"closed_at": None, "called_back": None, "satisfaction": None, "resolved": None, "contacted": None}
_NOBODY = {f"{stage}_{what}": None for stage in ("sign", "close") for what in ("due_at", "rule")}


def test_open_orders_stand_where_they_stood_and_go_on_by_acts(each_city: str, database: LiveDatabase) -> None:
    del each_city, database
    waiting = {"dispatched_at": None, "signed_at": None, "disposition": None}
    rows: Rows = {
        "orders": [
            plain_order(order_no="new") | _OPEN | waiting | _NOBODY,
            plain_order(order_no="sent") | _OPEN | {"signed_at": None},
            plain_order(order_no="held") | _OPEN,
            plain_order(order_no="done"),
            plain_order(order_no="told") | waiting | _NOBODY | {"disposition": "answered"},
            plain_order(order_no="no") | _OPEN | waiting | _NOBODY | {"disposition": "refused"},
        ],
        "handlings": [
            plain_handling("sent", signed_at=None, closed_at=None, reply=None),
            plain_handling("held", closed_at=None, reply=None),
            plain_handling("done"),
        ],
    }
    assert imported(rows).whole
    assert dict(Order.objects.values_list("number", "state")) == {
        "new": "recorded",
        "sent": "dispatched",
        "held": "handling",
        "done": "closed",
        "told": "closed",
        "no": "refused",
    }
    assert Order.objects.get(number="done").concluded_at == rows["orders"][3]["closed_at"]
    running = Clock.objects.filter(stopped_at=None, dropped=False).values_list(
        "order__number", "level", "stage"
    )
    assert sorted(running) == sorted(
        [("new", "order", "sign"), ("new", "order", "close")]
        + [("sent", level, stage) for level in ("order", "handling") for stage in ("sign", "close")]
        + [("held", level, "close") for level in ("order", "handling")]
    )
    unit = str(plain_handling()["unit"])
    sign_handling(order="sent", handling=1, actor=liaison(unit), now=NOW)
    dispatch_order(order="new", to=Assignment(lead=unit), actor=BOB, now=NOW)
    assert dict(Order.objects.values_list("number", "state"))["sent"] == "handling"
    assert dict(Order.objects.values_list("number", "state"))["new"] == "dispatched"
    assert verify().as_dict()["found"] == []


def test_letters_become_orders_of_their_mailbox(database: LiveDatabase, settings: Any) -> None:
    del database
    settings.JIEBAN_PROFILE = "changji"
    rows = {"letters": few("changji")["letters"][:20]}
    open_one = rows["letters"][0] | {"letter_no": "open", "closed_at": None, "disposition": "transferred"}
    rows["letters"].append(open_one)
    assert imported(rows).whole
    order = Order.objects.get(number="open")
    assert (order.channel, order.mailbox, order.state) == (
        open_one["mailbox"],
        open_one["mailbox"],
        "dispatched",
    )
    assert Clock.objects.filter(order=order).count() == 4  # sign and close, of order and unit
    assert verify().clean
    assert_exported(rows)


LETTER_STATES = {
    "transferred": ("dispatched", "dispatched"),
    "answered": ("closed", "answered"),
    "refused": ("refused", "refused"),
    "merged": ("merged", "merged"),
    "split": ("split", "split"),
    "pending": ("recorded", None),
}


def test_letters_of_every_fate_stand_where_they_stood(database: LiveDatabase, settings: Any) -> None:
    del database
    settings.JIEBAN_PROFILE = "changji"
    assert set(LETTER_STATES) == set(LetterDisposition)
    plain = few("changji")["letters"][0] | {"closed_at": None, "published": False}
    of_units = {"transferred": plain["unit"]}
    rows = {
        "letters": [
            plain | {"letter_no": fate, "disposition": fate, "unit": of_units.get(fate)}
            for fate in LETTER_STATES
        ]
    }
    rows["letters"][1] |= {"unit": plain["unit"], "closed_at": NOW}
    assert imported(rows).whole
    found = {
        number: tuple(rest) for number, *rest in Order.objects.values_list("number", "state", "disposition")
    }
    assert found == LETTER_STATES
    assert Handling.objects.count() == 1
    assert verify().clean
    assert_exported(rows)


def test_an_order_that_nobody_has_decided_is_to_be_dispatched(each_city: str, database: LiveDatabase) -> None:
    del database
    assert each_city == city().name
    undecided = plain_order(order_no="new", disposition="pending", dispatched_at=None, signed_at=None)
    undecided |= {"closed_at": None, "satisfaction": None, "called_back": None, "resolved": None}
    undecided |= {"contacted": None, "sign_due_at": None, "close_due_at": None}
    undecided |= {"sign_rule": None, "close_rule": None}
    rows = {"orders": [undecided]}
    assert imported(rows).whole
    assert Order.objects.values_list("state", "disposition").get() == ("recorded", None)
    assert export_ledger().orders["disposition"].to_pylist() == ["pending"]
    dispatch_order(order="new", to=Assignment(lead=str(plain_handling()["unit"])), actor=BOB, now=NOW)
    assert export_ledger().orders["disposition"].to_pylist() == ["dispatched"]


def test_an_import_says_where_its_ledger_comes_from(database: LiveDatabase) -> None:
    del database
    for source in ("", "  ", "x" * 201):
        with pytest.raises(BadValue):
            import_ledger(ledger_of({}), now=NOW, source=source)


def test_progress_ends_at_the_whole(database: LiveDatabase) -> None:
    del database
    told: list[tuple[int, int]] = []
    rows = few_of_city()
    imported(rows, lot=50, progress=lambda done, whole: told.append((done, whole)))
    whole = len(rows["orders"]) + len(rows["letters"])
    assert told[-1] == (whole, whole)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_number_that_was_imported_is_not_given_out_again(database: LiveDatabase) -> None:
    del database
    rows = few_of_city()
    order = rows["orders"][0]
    day = order["received_at"].astimezone(city().clock.tz).date()
    taken = city().workflow.numbering.make(day, 3)
    renamed = {name: [] for name in rows} | {
        "orders": [order | {"order_no": taken, "repeat_of": None}],
        "handlings": [
            each | {"order_no": taken} for each in rows["handlings"] if each["order_no"] == order["order_no"]
        ],
    }
    assert imported(renamed).whole
    assert recorded(now=NOW, received_at=order["received_at"]) == city().workflow.numbering.make(day, 4)
