"""Every attack on the trail is found and named; an honest history never is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from attacks import (
    copy_event,
    delete_order,
    disarm,
    drop_event,
    execute,
    forge,
    mend_head,
    pk_of,
    rearm,
    recompute,
    unseen,
)
from cast import BOB, MINUTE, MONDAY, dispatched, recorded, signed, units
from django.db import connection
from django.db.models import Model

from jieban.orders.actions.dispatch import recall_order
from jieban.orders.audit import findings as audit_findings
from jieban.orders.audit import verify as audit_verify
from jieban.orders.audit.anchors import make_anchor
from jieban.orders.audit.findings import Finding, Findings, Kind
from jieban.orders.audit.verify import verify
from jieban.orders.chain import stamp
from jieban.orders.models import Clock, Handling, Order, OrderSecret, Words
from jieban.worktime import Basis
from live_database import LiveDatabase

pytestmark = pytest.mark.usefixtures("database")

LATER = MONDAY + 30 * MINUTE


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


def an_order() -> str:
    """An order with five events, words and two handlings."""
    lead, other = units(2)
    order = signed(to=lead, assisting=[other])
    recall_order(order=order, reason="派错了", actor=BOB, now=LATER)
    return order


def found(findings: Findings) -> set[tuple[str, str | None, int | None]]:
    return {(each.kind.value, each.order, each.seq) for each in findings.found}


def kinds(findings: Findings) -> set[Kind]:
    return {each.kind for each in findings.found}


def named(kind: Kind, order: str | None = None, seq: int | None = None) -> tuple[str, str | None, int | None]:
    return (kind.value, order, seq)


@pytest.mark.usefixtures("each_city")
def test_an_honest_history_is_clean(anchors: Path) -> None:
    an_order()
    dispatched()
    recorded(anonymous=True)
    make_anchor(anchors, LATER)
    findings = verify()
    assert findings.found == ()
    assert findings.clean
    assert (findings.orders, findings.events, findings.anchors) == (3, 8, 1)


def test_every_batch_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_verify, "BATCH", 2)
    orders = [recorded() for _ in range(5)]
    forge(orders[4], 1, act="answer")
    told: list[tuple[int, int]] = []
    findings = verify(lambda done, whole: told.append((done, whole)))
    assert named(Kind.EVENT_CHANGED, orders[4], 1) in found(findings)
    assert told == [(2, 5), (4, 5), (5, 5)]


def changed_act(order: str) -> None:
    forge(order, 2, act="answer")


def changed_actor(order: str) -> None:
    forge(order, 2, actor="account:99")


def changed_time(order: str) -> None:
    forge(order, 2, at=LATER)


def changed_data(order: str) -> None:
    forge(order, 2, data="{}")


def changed_to_rubbish(order: str) -> None:
    forge(order, 2, data="no json")


@pytest.mark.parametrize(
    "attack",
    [changed_act, changed_actor, changed_time, changed_data, changed_to_rubbish],
    ids=lambda f: f.__name__,
)
def test_a_changed_event_is_named(attack: object) -> None:
    other, order = an_order(), an_order()
    assert callable(attack)
    attack(order)
    findings = verify()
    assert named(Kind.EVENT_CHANGED, order, 2) in found(findings)
    assert {each.order for each in findings.found} == {order}, other


def test_a_deleted_event_is_named() -> None:
    order = an_order()
    drop_event(order, 3)
    assert named(Kind.EVENT_MISSING, order, 3) in found(verify())


def test_a_deleted_event_whose_gap_was_closed_is_named() -> None:
    order = an_order()
    drop_event(order, 3)
    forge(order, 4, seq=3)
    forge(order, 5, seq=4)
    mend_head(order)
    assert {named(Kind.EVENT_CHANGED, order, 3), named(Kind.EVENT_INSERTED, order, 3)} <= found(verify())


def test_an_inserted_event_is_named() -> None:
    order = an_order()
    copy_event(order, 3, 6)
    mend_head(order)
    assert {named(Kind.EVENT_CHANGED, order, 6), named(Kind.EVENT_INSERTED, order, 6)} <= found(verify())


def test_an_event_that_is_there_twice_is_named() -> None:
    order = an_order()
    if connection.vendor == "postgresql":
        execute("ALTER TABLE orders_event DROP CONSTRAINT event_seq")
    else:
        execute("CREATE TABLE copied AS SELECT * FROM orders_event")
        disarm()
        execute("DROP TABLE orders_event")
        execute("ALTER TABLE copied RENAME TO orders_event")
        rearm()
    columns = "order_id, seq, at, act, actor, data, key_version, previous, digest"
    execute(
        f"INSERT INTO orders_event (id, {columns}) SELECT 9999, {columns} FROM orders_event "  # noqa: S608  # as above
        "WHERE seq = 3 AND order_id = %s",
        [pk_of(order)],
    )
    assert named(Kind.EVENT_INSERTED, order, 3) in found(verify())


def test_two_events_that_changed_places_are_named() -> None:
    order = an_order()
    forge(order, 3, seq=99)
    forge(order, 4, seq=3)
    forge(order, 99, seq=4)
    assert {named(Kind.EVENT_CHANGED, order, 3), named(Kind.EVENT_CHANGED, order, 4)} <= found(verify())


@pytest.mark.parametrize("model", [OrderSecret, Handling, Clock, Words])
def test_a_row_that_hangs_on_no_order_is_named(model: type[Model]) -> None:
    an_order()
    row = model._base_manager.first()
    assert row is not None
    if model is not OrderSecret:
        row.pk = None
    vars(row)["order_id"] = nowhere = 10**9
    row._state.adding = True
    row.save(force_insert=True)
    (finding,) = verify().found
    assert finding == Finding(kind=Kind.ROW_INSERTED, what=f"{model.__name__.lower()}, order_id={nowhere}")


def test_a_cut_tail_is_named_by_the_order() -> None:
    order = an_order()
    drop_event(order, 5)
    assert named(Kind.TAIL_CUT, order, 5) in found(verify())


def test_a_cut_tail_with_a_mended_head_is_named_by_the_anchor(anchors: Path) -> None:
    order = an_order()
    make_anchor(anchors, LATER)
    drop_event(order, 5)
    mend_head(order)
    assert named(Kind.TAIL_CUT, order, 5) in found(verify())


def test_a_cut_tail_with_a_mended_head_is_named_by_the_rows() -> None:
    order = an_order()
    drop_event(order, 5)
    mend_head(order)
    assert Kind.ROW_CHANGED in kinds(verify())


def test_a_head_that_points_elsewhere_is_named() -> None:
    order = an_order()
    Order.objects.filter(number=order).update(head="0" * 64)
    assert found(verify()) == {named(Kind.HEAD_WRONG, order, 5)}


def test_a_deleted_order_is_named_by_the_anchor_and_by_the_gap_in_the_numbers(anchors: Path) -> None:
    orders = [an_order() for _ in range(3)]
    make_anchor(anchors, LATER)
    delete_order(orders[1])
    assert named(Kind.ORDER_DELETED, orders[1]) in found(verify())
    execute("UPDATE orders_numbercounter SET last = last - 1")
    assert found(verify()) == {named(Kind.ORDER_DELETED, orders[1]), named(Kind.ORDERS_FEWER)}


def test_an_order_that_no_anchor_knew_leaves_a_gap_in_the_numbers() -> None:
    orders = [recorded() for _ in range(3)]
    delete_order(orders[2])
    assert found(verify()) == {named(Kind.ORDER_DELETED, orders[2])}
    delete_order(orders[1])
    delete_order(orders[0])
    assert kinds(verify()) == {Kind.ORDERS_FEWER}


def test_a_chain_made_anew_with_the_stolen_key_is_named_by_the_anchor(anchors: Path) -> None:
    order, other = an_order(), an_order()
    make_anchor(anchors, LATER)

    def change(seq: int, data: dict[str, object]) -> None:
        if seq == 3:
            data["facts"] = {"role": "head"}

    recompute(order, change)
    findings = verify()
    assert found(findings) == {named(Kind.RECOMPUTED, order, 5)}, other


def test_without_an_anchor_a_chain_made_anew_shows_in_its_rows_only() -> None:
    order = an_order()

    def change(seq: int, data: dict[str, object]) -> None:
        if seq == 1:
            added = data["added"]
            assert isinstance(added, dict)
            added["order"]["urgency"] = "urgent"

    recompute(order, change)
    assert [each.what for each in verify().found] == ["order.urgency"]


EVERY_COLUMN = [
    (model, field.attname)
    for model in (Order, Handling, Clock)
    for field in model._meta.concrete_fields
    if field.attname not in {"id", "number", "order_id", "handling_id", "serial", "stage", "round", "level"}
]


@pytest.mark.parametrize(("model", "column"), EVERY_COLUMN, ids=lambda each: getattr(each, "__name__", each))
def test_a_column_that_was_changed_behind_the_acts_is_named(
    model: type[Order | Handling | Clock], column: str
) -> None:
    order = an_order()
    clean = recorded()
    assert verify().clean
    row = model._default_manager.filter(pk__gt=0).order_by("pk")[0]
    field = model._meta.get_field(column)
    old = getattr(row, column)
    kind = field.get_internal_type()
    if kind == "BooleanField":
        new: object = not old
    elif kind == "DateTimeField":
        new = MONDAY - MINUTE
    elif kind == "ForeignKey":
        new = pk_of(clean)
    elif "Integer" in kind:
        new = (old or 0) + 1
    elif column == "changes":
        new = "[]" if old != "[]" else '[{"kind":"reassign","at":"2025-04-21T02:00:00+00:00"}]'
    else:
        new = {
            "state": "closed",
            "urgency": "urgent",
            "disposition": "answered",
            "basis": next(basis.value for basis in Basis if basis.value != old),
            "part": "assist",
        }.get(column, "x")
    assert new != old
    model._default_manager.filter(pk=row.pk).update(**{column: new})
    findings = verify()
    assert not findings.clean
    wanted = (
        {Kind.HEAD_WRONG, Kind.TAIL_CUT} if column in {"head", "events", "last_at"} else {Kind.ROW_CHANGED}
    )
    if column == "redacted_at":
        # What should be destroyed by now is still there.
        wanted |= {Kind.SEALED_CHANGED, Kind.WORDS_CHANGED}
    assert kinds(findings) <= wanted
    assert {each.order for each in findings.found} == {order}
    if Kind.ROW_CHANGED in wanted:
        rows = [each for each in findings.found if each.kind is Kind.ROW_CHANGED]
        assert [each.what and each.what.partition(".")[2] for each in rows] == [column]


def test_a_row_that_was_deleted_or_inserted_is_named() -> None:
    order = an_order()
    clock = Clock.objects.filter(order__number=order, handling__serial=2, stage="close").get()
    clock.delete()
    assert [(each.kind, each.what) for each in verify().found] == [
        (Kind.ROW_MISSING, "clock:handling:2:close:0")
    ]
    clock.round = 7
    clock.save(force_insert=True)
    assert (Kind.ROW_INSERTED, "clock:handling:2:close:7") in {
        (each.kind, each.what) for each in verify().found
    }


def test_clocks_of_no_order_or_of_anothers_handling_are_named() -> None:
    """The database doesn't look where a clock hangs: the audit does."""
    order, other = an_order(), recorded()
    clock = Clock.objects.filter(order__number=order, handling__serial=2, stage="close").get()
    Clock.objects.filter(pk=clock.pk).update(order=Order.objects.get(number=other))
    assert {(each.kind, each.order, each.what) for each in verify().found} == {
        (Kind.ROW_MISSING, order, "clock:handling:2:close:0"),
        (Kind.ROW_INSERTED, other, "clock:handling:None:close:0"),
    }
    Clock.objects.filter(pk=clock.pk).update(order=clock.order_id + 1000)
    assert {(each.kind, each.order, each.what) for each in verify().found} == {
        (Kind.ROW_MISSING, order, "clock:handling:2:close:0"),
        (Kind.ROW_INSERTED, None, f"clock, order_id={clock.order_id + 1000}"),
    }


def test_swapped_contacts_are_named() -> None:
    one, two = recorded(), recorded()
    first = OrderSecret.objects.get(order__number=one)
    second = OrderSecret.objects.get(order__number=two)
    first.contact, second.contact = second.contact, first.contact
    first.save()
    second.save()
    findings = verify()
    assert found(findings) == {named(Kind.SEALED_CHANGED, one), named(Kind.SEALED_CHANGED, two)}
    assert {each.what for each in findings.found} == {"secret.contact"}


def test_wholly_swapped_secrets_are_named() -> None:
    one, two = recorded(), recorded()
    columns = ("wrapped_key", "contact", "matter", "phone_index")
    first, second = (OrderSecret.objects.get(order__number=each) for each in (one, two))
    for column in columns:
        ours, theirs = getattr(first, column), getattr(second, column)
        setattr(first, column, theirs)
        setattr(second, column, ours)
    first.save()
    second.save()
    assert found(verify()) == {named(Kind.SEALED_CHANGED, one), named(Kind.SEALED_CHANGED, two)}


@pytest.mark.parametrize("column", ["wrapped_key", "contact", "matter", "phone_index"])
def test_a_secret_that_was_destroyed_without_an_act_is_named(column: str) -> None:
    order = recorded()
    OrderSecret.objects.filter(order__number=order).update(**{column: None})
    findings = verify()
    assert (Kind.SEALED_CHANGED, f"secret.{column}") in {(each.kind, each.what) for each in findings.found}
    assert {each.order for each in findings.found} == {order}


def test_words_that_were_changed_or_deleted_are_named() -> None:
    order = an_order()
    words = Words.objects.get(order__number=order)
    Words.objects.filter(pk=words.pk).update(sealed=b"x" * 40)
    assert found(verify()) == {named(Kind.WORDS_CHANGED, order, 5)}
    words.delete()
    assert found(verify()) == {named(Kind.WORDS_CHANGED, order, 5)}


def test_a_missing_trigger_is_named() -> None:
    recorded()
    disarm()
    assert kinds(verify()) == {Kind.TRIGGER_MISSING}


def test_an_event_of_no_order_is_named() -> None:
    order = recorded()
    pk = pk_of(order)

    def work() -> None:
        for table in ("ordersecret", "clock"):
            execute(f"DELETE FROM orders_{table} WHERE order_id = %s", [pk])  # noqa: S608  # the attack itself
        execute("DELETE FROM orders_order WHERE id = %s", [pk])

    unseen(work)
    assert named(Kind.EVENT_STRAY, None, 1) in found(verify())


def test_more_findings_than_are_named_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_findings, "MOST_NAMED", 2)
    for _ in range(4):
        recorded()
    Order.objects.update(head="0" * 64)
    findings = verify()
    assert len(findings.found) == 2
    assert findings.counts == {Kind.HEAD_WRONG: 4}


def test_an_act_that_runs_meanwhile_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    order = recorded()
    load, acted = audit_verify._load, []

    def slow(orders: object) -> object:
        if not acted:
            acted.append(order)
            from jieban.orders.actions.dispatch import Assignment, dispatch_order  # noqa: PLC0415

            dispatch_order(order=order, to=Assignment(lead=units()[0]), actor=BOB, now=LATER)
        return load(orders)  # type: ignore[arg-type]

    monkeypatch.setattr(audit_verify, "_load", slow)
    assert verify().clean


def test_a_finding_is_a_sentence_and_a_record() -> None:
    finding = Finding(kind=Kind.EVENT_CHANGED, order="2504210017", seq=3)
    assert str(finding) == "工单 2504210017 第 3 个事件：事件内容被改动"
    assert finding.as_dict() == {"kind": "event_changed", "order": "2504210017", "seq": 3, "what": None}


def run(database: LiveDatabase, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jieban", "audit", *words],
        env=dict(database.environ) | {"LANG": "zh_CN.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_commands_give_exit_codes(database: LiveDatabase, tmp_path: Path) -> None:
    order = an_order()
    first, again = run(database, "anchor"), run(database, "anchor")
    assert first.returncode == again.returncode == 0, first.stderr
    assert first.stdout == again.stdout
    assert Path(first.stdout.strip()).parent == tmp_path / "anchors"
    clean = run(database, "verify")
    assert (clean.returncode, clean.stderr.startswith("最近一份锚定")) == (0, True), clean.stderr
    assert "没有发现问题" in clean.stdout
    forge(order, 2, actor="account:99")
    bad = run(database, "verify")
    assert bad.returncode == 6
    assert f"工单 {order} 第 2 个事件：事件内容被改动" in bad.stdout
    told = json.loads(run(database, "verify", "--json").stdout)
    assert told["clean"] is False
    assert told["found"][0]["order"] == order
    assert stamp(MONDAY) not in bad.stdout
