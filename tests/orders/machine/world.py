"""What the state machine plays on: the orders so far, the time, and all that must hold after every act."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from cast import CENTRE, NUR, STRANGER, handlings, head, liaison, row, units
from django.apps import apps
from django.db import connection
from machine.plays import NAMES, PHONES, Move, play

from jieban.orders.access import order_for
from jieban.orders.audit.verify import _check_order, _load
from jieban.orders.errors import ActRefused, NoSuchOrder
from jieban.orders.face import face_of
from jieban.orders.models import Clock, Event, Handling, Order
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.policy import SEES_EVERY_ORDER
from jieban.worktime import Basis, Pause, Span, UnknownYear

DECIDED = {"closed", "refused", "merged", "split", "archived"}
AWAY = {"returned", "recalled"}
DIGITS = ("13900000001", "13900007101", "13900007102", "09942347103")


@dataclass
class World:
    """The orders, the time, and what may never change again."""

    now: datetime
    worker: int
    numbers: list[str] = field(default_factory=list)
    mark: bytes = b""
    done: int = 0
    refused: int = 0
    ended_rounds: dict[tuple[str, str], tuple[datetime, datetime | None]] = field(default_factory=dict)
    clocks_seen: dict[str, set[int]] = field(default_factory=dict)
    events_seen: dict[str, tuple[int, str]] = field(default_factory=dict)

    def settle(self) -> None:
        """What is written now is what a refusal must leave."""
        self.mark = mark()

    def throw(self, move: Move) -> None:
        """Play a move; if it is refused, nothing is written; whatever it was, everything still holds."""
        now = self.now + move.later
        before = dict(self.events_seen)
        refusal = self._refusal(move, now)
        if refusal is not None:
            self.refused += 1
            assert refusal.code.startswith("orders."), refusal.code
            assert refusal.what
            assert refusal.fix
            assert mark() == self.mark, f"{move} was refused and left something"
            return
        self.done += 1
        self.now = max(self.now, now)
        self.settle()
        touched = [number for number in self.numbers if _end(number) != before.get(number)]
        for number in touched:
            check(self, number)
            self.events_seen[number] = _end(number)

    def _refusal(self, move: Move, now: datetime) -> ActRefused | None:
        try:
            play(self, move, now)
        except ActRefused as refusal:
            return refusal
        return None

    def finish(self) -> None:
        """What is looked at once, when the play is over."""
        check_strangers(self.numbers)
        from machine.ledger import check_ledger  # noqa: PLC0415  # pyarrow is wanted here only

        check_ledger(self.numbers)


def mark() -> bytes:
    """Every row of every table of orders, as the database gives it, as one digest."""
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for model in apps.get_app_config("orders").get_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608  # the name of a table of ours
            found.update(repr(cursor.fetchall()).encode())
    return found.digest()


def _end(number: str) -> tuple[int, str]:
    found: tuple[int, str] = Order.objects.values_list("events", "head").get(number=number)
    return found


def check(world: World, number: str) -> None:
    """All that must hold of one order."""
    order, hands = row(number), handlings(number)
    clocks = list(Clock.objects.filter(order=order).select_related("handling"))
    events = list(Event.objects.filter(order=order).order_by("seq"))
    check_state(order, hands)
    check_clocks(order, hands, clocks, rounds_of(events))
    check_kept(world, number, clocks)
    check_four_eyes(order, events)
    _check_audit(number)


def _check_audit(number: str) -> None:
    found = list(Order.objects.filter(number=number).values())
    findings = [str(each) for each in _check_order(found[0], _load(found), keyring())]
    assert findings == []


def check_hands(hands: list[Handling]) -> None:
    """A handling's times are those of its state."""
    for each in hands:
        assert (each.closed_at is not None) == (each.state == "closed"), each.state
        if each.state not in AWAY:
            assert (each.replied_at is not None) == (each.state in {"replied", "closed"}), each.state
        assert each.state in AWAY or (each.signed_at is None) == (each.state == "awaiting"), each.state


def check_state(order: Order, hands: list[Handling]) -> None:
    """Ruling 3, said again."""
    check_hands(hands)
    live = [each for each in hands if each.state not in AWAY]
    leads = [each for each in live if each.part == "lead"]
    assert len(leads) == (1 if live else 0), "one lead among live handlings"
    assert len({each.unit for each in live}) == len(live)
    all_closed = bool(live) and all(each.state == "closed" for each in live)
    if order.state in DECIDED:
        if order.state == "merged":
            assert live == []
            assert order.merged_into is not None
        if order.state in {"refused", "split"}:
            assert live == []
        if order.state == "closed":
            assert all_closed or (live == [] and order.disposition == "answered")
            assert order.concluded_at is not None
    elif not live:
        assert order.state == "recorded"
        assert (order.signed_at, order.closed_at) == (None, None)
    elif all_closed:
        assert order.state == "handled"
    else:
        assert order.state == ("dispatched" if leads[0].signed_at is None else "handling")
        assert order.closed_at is None
    if live:
        assert order.signed_at == leads[0].signed_at
    if all_closed:
        assert order.closed_at == max(each.closed_at for each in live if each.closed_at is not None)
    assert (order.merged_into is not None) == (order.disposition == "merged")


def rounds_of(events: list[Event]) -> dict[int, list[int]]:
    """In which rounds each handling took part, told by events alone."""
    rounds: dict[int, list[int]] = {}
    for event in events:
        told = json.loads(event.data)
        for entity, columns in told.get("added", {}).items():
            kind, _, serial = entity.partition(":")
            if kind == "handling":
                rounds[int(serial)] = [columns.get("round", 0)]
        for entity, columns in told["changes"].items():
            kind, _, serial = entity.partition(":")
            if kind == "handling" and "round" in columns:
                rounds[int(serial)].append(columns["round"][1])
    return rounds


def due_by_hand(clock: Clock) -> tuple[datetime, datetime | None]:
    """From when a clock counts, and its deadline by the arithmetic of working time; None in an unknown year."""
    work = city().clock
    start, span = clock.started_at, Span(amount=clock.amount, basis=Basis(clock.basis))
    moves: list[dict[str, Any]] = []
    for change in json.loads(clock.changes):
        if change["kind"] in {"restart", "reclassify"}:
            span = Span(amount=change["amount"], basis=Basis(change["basis"]))
        if change["kind"] == "restart":
            start, moves = datetime.fromisoformat(change["at"]), []
        if change["kind"] in {"pause", "extend"}:
            moves.append(change)
    try:
        due = work.due(start, span)
        for change in moves:
            if change["kind"] == "pause":
                begin, end = (datetime.fromisoformat(change[name]) for name in ("at", "until"))
                assert begin <= end
                due = work.after_pause(due, span.basis, Pause(begin=begin, end=end))
            else:
                due = work.extend(due, Span(amount=change["days"], basis=Basis.WORKING_DAYS))
    except UnknownYear:
        return start, None
    return start, due


def check_clocks(
    order: Order, hands: list[Handling], clocks: list[Clock], rounds: Mapping[int, list[int]]
) -> None:
    """One clock a stage and round, none negative, none lost, each stopped when what it asks for was done."""
    own = sorted((each.stage, each.round) for each in clocks if each.handling is None)
    assert own == [*(("close", turn) for turn in range(order.round + 1)), ("sign", 0)]
    for hand in hands:
        its = sorted((each.stage, each.round) for each in clocks if each.handling == hand)
        turns = rounds[hand.serial]
        assert its == sorted([*(("close", turn) for turn in turns), ("sign", turns[0])])
        assert hand.round == max(turns)
    lead = next((each for each in hands if each.part == "lead" and each.state not in AWAY), None)
    for clock in clocks:
        start, due = due_by_hand(clock)
        assert clock.provisional == (due is None)
        assert due is None or clock.due_at == due
        assert start <= clock.due_at
        assert clock.stopped_at is None or clock.stopped_at >= start, "stopped before it began"
        hand = clock.handling
        if clock.stage == "close" and clock.round < (order.round if hand is None else hand.round):
            assert clock.paused_at is None
            continue
        if hand is None:
            done = order.signed_at if clock.stage == "sign" else order.closed_at
            paused = lead is not None and lead.state == "paused" and order.state not in DECIDED
            dropped = done is None and order.state in DECIDED
        else:
            replied = hand.replied_at if hand.state in {"replied", "closed"} else None
            done = hand.signed_at if clock.stage == "sign" else replied
            paused = hand.state == "paused"
            dropped = done is None and hand.state in AWAY
        assert clock.stopped_at == (None if done is None else max(done, start))
        assert (clock.paused_at is not None) == (paused and clock.stage == "close")
        assert clock.dropped == dropped


def check_kept(world: World, number: str, clocks: list[Clock]) -> None:
    """No clock is lost, and what a round that has ended came to stays so: late is late for good."""
    seen = {each.pk for each in clocks}
    assert seen >= world.clocks_seen.get(number, set())
    world.clocks_seen[number] = seen
    latest: dict[int | None, int] = {}
    for clock in clocks:
        latest[clock.handling_id] = max(clock.round, latest.get(clock.handling_id, 0))
    for clock in clocks:
        if clock.stage == "close" and clock.round < latest[clock.handling_id]:
            stood = (clock.due_at, clock.stopped_at)
            assert clock.stopped_at is not None
            assert world.ended_rounds.setdefault((number, str(clock.pk)), stood) == stood


def check_four_eyes(order: Order, events: list[Event]) -> None:
    """Nobody judges what they did, and units and citizens act on what is theirs."""
    for petition in order.petitions.all():
        assert petition.head is None or petition.head != petition.asked_by
        if petition.state in {"granted", "refused"}:
            assert petition.decided_by not in {petition.asked_by, petition.head}
    event = events[-1]
    data = json.loads(event.data)
    facts = data.get("facts", {})
    unit = data.get("handling") and order.handlings.get(serial=data["handling"])
    if event.act == "pass_review":
        assert event.actor != unit.replied_by
    if facts.get("role") == "citizen":
        assert event.actor == order.requester
    if facts.get("role") in {"liaison", "handler", "head"} and unit:
        belongs = {100 + 10 * list(city().units).index(unit.unit) + place for place in (1, 2, 3)}
        account = int(event.actor.removeprefix("account:"))
        assert account in belongs or (account == 4242 and unit.unit == units()[0])


def check_strangers(numbers: list[str]) -> None:
    """No name and no number of a requester lies anywhere in the clear, nor is shown to who has no business with it."""
    secrets = [text.encode() for text in (*NAMES, *PHONES, *DIGITS)]
    for model in apps.get_app_config("orders").get_models():
        for values in model._default_manager.values_list():
            for value in values:
                told = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                told += json.dumps(str(value)).encode() if isinstance(value, str) else b""
                assert not any(secret in told for secret in secrets), model
    people: list[Actor] = [
        *CENTRE,
        NUR,
        STRANGER,
        *(make(unit) for unit in units(4) for make in (liaison, head)),
    ]
    for number in numbers:
        order = row(number)
        deals = order
        while deals.merged_into is not None:
            deals = deals.merged_into
        involved = {each.unit for each in handlings(deals.number) if each.state not in AWAY}
        for actor in people:
            centre = bool(actor.roles & SEES_EVERY_ORDER)
            own = actor.reference is not None and order.requester == actor.ref
            if not centre and not own and not actor.units_as() & involved:
                _hidden(actor, number, deals.number)
                continue
            face = face_of(actor, number)
            shown = (
                f"{face.requester and (face.requester.name, face.requester.phone)} {face.words} {face.matter}"
            )
            assert not any(secret in shown for secret in (*NAMES, *PHONES, *DIGITS))
            if order.anonymous or (order.confidential and not centre and not own):
                assert face.requester is None


def _hidden(actor: Actor, number: str, dealt_with_as: str) -> None:
    # A head also sees what is in the hands of units below.
    units_below = {
        code for unit in actor.units_as() for code in city().units if city().units[code].parent == unit
    }
    if units_below & {each.unit for each in handlings(dealt_with_as)}:
        return
    with pytest.raises(NoSuchOrder, match=number):
        order_for(actor, number)
