"""Anchors: one file a day, outside the database, that can't be altered, exchanged or taken away in silence."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from attacks import delete_order, execute, pk_of
from cast import BOB, MINUTE, MONDAY, dispatched, lead, recorded
from django.db import transaction

from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.audit import anchors as under_test
from jieban.orders.audit.anchors import BadAnchor, anchor_path, entries, make_anchor, read_anchors
from jieban.orders.audit.findings import Finding, Kind
from jieban.orders.audit.verify import verify
from jieban.orders.models import Anchor, Event, Order
from jieban.people.keys import keyring
from live_database import LiveDatabase

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
LATE = MONDAY.replace(hour=23)


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


@pytest.fixture
def three_days(anchors: Path) -> list[Path]:
    """Anchors of three days, on each of which an order was recorded."""
    made = []
    for day in range(3):
        recorded(now=MONDAY + day * DAY)
        made.append(make_anchor(anchors, LATE + day * DAY))
    assert verify().clean
    return made


def found() -> set[tuple[Kind, str | None]]:
    return {(each.kind, each.what) for each in verify().found}


def test_an_anchor_says_what_changed_since_the_one_before(anchors: Path) -> None:
    first, second = recorded(), recorded()
    make_anchor(anchors, LATE)
    dispatch_order(order=second, to=Assignment(lead=lead()), actor=BOB, now=MONDAY + DAY)
    third = recorded(now=MONDAY + DAY)
    path = make_anchor(anchors, LATE + DAY)
    assert path.name == "2025-04-22.jsonl"
    heads = list(read_anchors(anchors, keyring()))
    assert [head.orders for head in heads] == [2, 3]
    told = [{entry.number: entry.seq for entry in entries(head)} for head in heads]
    assert told == [{first: 1, second: 1}, {second: 2, third: 1}]
    digests = {entry.number: entry.digest for head in heads for entry in entries(head)}
    assert digests == dict(Order.objects.values_list("number", "head"))
    assert verify().last_anchor == date(2025, 4, 22)


def test_an_anchor_holds_no_personal_value(anchors: Path) -> None:
    recorded()
    text = make_anchor(anchors, LATE).read_text("utf-8")
    assert "买买提" not in text
    assert "13900000001" not in text


def test_the_day_is_the_citys(anchors: Path) -> None:
    recorded()
    late = datetime(2025, 4, 21, 17, 0, tzinfo=UTC)
    assert make_anchor(anchors, late).name == "2025-04-22.jsonl"


def test_twice_a_day_changes_nothing(anchors: Path) -> None:
    recorded()
    path = make_anchor(anchors, LATE)
    before = path.read_bytes(), path.stat().st_ino
    recorded(now=LATE + MINUTE)
    assert make_anchor(anchors, LATE + 2 * MINUTE) == path
    assert (path.read_bytes(), path.stat().st_ino) == before
    assert make_anchor(anchors, LATE - 3 * DAY) == path, "nor does a clock that was put back"
    make_anchor(anchors, LATE + DAY)
    assert verify().clean


def test_a_day_without_orders_is_anchored_too(anchors: Path) -> None:
    make_anchor(anchors, LATE)
    make_anchor(anchors, LATE + DAY)
    assert [head.entries for head in read_anchors(anchors, keyring())] == [0, 0]
    assert verify().clean


def test_the_file_is_for_its_owner_only_and_nothing_is_left_beside_it(anchors: Path) -> None:
    path = make_anchor(anchors, LATE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in anchors.iterdir()] == [path.name]


def altered(path: Path, line: int, change: str) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines[line] = change
    path.write_text("".join(lines), "utf-8")


@pytest.mark.parametrize("line", [0, 1, -1])
@pytest.mark.parametrize("change", ['["x",1,"00"]\n', "no json\n", "", '{"entries":1,"seal":"00"}\n', "{}\n"])
def test_an_altered_anchor_is_named_and_refused(
    three_days: list[Path], anchors: Path, line: int, change: str
) -> None:
    altered(three_days[1], line, change)
    assert (Kind.ANCHOR_CHANGED, three_days[1].name) in found()
    with pytest.raises(BadAnchor) as refused:
        make_anchor(anchors, LATE + 3 * DAY)
    assert three_days[1].name in str(refused.value)
    assert not anchor_path(anchors, date(2025, 4, 24)).exists()


def test_one_changed_byte_anywhere_is_found(three_days: list[Path]) -> None:
    path = three_days[1]
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BadAnchor):
            under_test.read_anchor(path, keyring())
    path.write_bytes(whole + b"\n")
    with pytest.raises(BadAnchor):
        under_test.read_anchor(path, keyring())


def test_a_removed_anchor_is_named(three_days: list[Path], anchors: Path) -> None:
    three_days[1].unlink()
    assert found() == {(Kind.ANCHOR_MISSING, "2025-04-22"), (Kind.ANCHOR_OUT_OF_CHAIN, "2025-04-23.jsonl")}
    with pytest.raises(BadAnchor):
        make_anchor(anchors, LATE + 3 * DAY)


def test_the_newest_anchor_removed_is_named(three_days: list[Path], anchors: Path) -> None:
    three_days[2].unlink()
    assert found() == {(Kind.ANCHOR_MISSING, "2025-04-23")}
    with pytest.raises(BadAnchor) as refused:
        make_anchor(anchors, LATE + 3 * DAY)
    assert "2025-04-23" in str(refused.value)


def test_all_anchors_removed_are_named(three_days: list[Path], anchors: Path) -> None:
    for path in three_days:
        path.unlink()
    anchors.rmdir()
    assert {kind for kind, _ in found()} == {Kind.ANCHOR_MISSING}
    assert verify().counts[Kind.ANCHOR_MISSING] == 3


def test_an_anchor_under_another_days_name_is_named(three_days: list[Path], anchors: Path) -> None:
    three_days[2].rename(anchor_path(anchors, date(2025, 4, 25)))
    assert (Kind.ANCHOR_OUT_OF_CHAIN, "2025-04-25.jsonl") in found()


def test_an_anchor_that_forgets_its_entries_is_no_anchor(three_days: list[Path]) -> None:
    lines = three_days[0].read_text("utf-8").splitlines(keepends=True)
    told = json.loads(lines[-1])
    three_days[0].write_text(lines[0] + json.dumps(told | {"entries": 0}) + "\n", "utf-8")
    assert (Kind.ANCHOR_CHANGED, three_days[0].name) in found()


def test_killed_between_file_and_database_the_next_run_mends_it(
    three_days: list[Path], anchors: Path
) -> None:
    Anchor.objects.filter(day=date(2025, 4, 23)).delete()
    assert verify().clean
    assert make_anchor(anchors, LATE + 2 * DAY) == three_days[2]
    assert Anchor.objects.filter(day=date(2025, 4, 23)).exists()
    make_anchor(anchors, LATE + 3 * DAY)
    assert verify().clean


def test_every_anchor_is_looked_at_in_parts(monkeypatch: pytest.MonkeyPatch, anchors: Path) -> None:
    monkeypatch.setattr("jieban.orders.audit.verify._ENTRIES", 2)
    orders = [dispatched() for _ in range(5)]
    make_anchor(anchors, LATE)
    assert verify().clean
    delete_order(orders[4])
    execute("UPDATE orders_numbercounter SET last = last - 1")
    assert Finding(kind=Kind.ORDER_DELETED, order=orders[4]) in verify().found


def test_what_is_being_written_while_an_anchor_is_made_is_in_the_next(
    database: LiveDatabase, anchors: Path
) -> None:
    """An event with a lower id may be committed after one with a higher: the anchor waits for both."""
    import threading  # noqa: PLC0415

    written, go_on = threading.Event(), threading.Event()

    def work(index: int) -> object:
        if index == 0:
            with transaction.atomic():
                order = recorded()
                written.set()
                go_on.wait(1 if database.vendor == "sqlite" else 2)
            return order
        written.wait(10)
        threading.Timer(0.3, go_on.set).start()
        return make_anchor(anchors, LATE)

    slow, path = database.in_threads(2, work)
    assert isinstance(path, Path), path
    (head,) = read_anchors(anchors, keyring())
    assert [entry.number for entry in entries(head)] == [slow]
    assert head.through == Event.objects.get(order=pk_of(str(slow))).pk
