"""Many at once at the same orders: one wins each, the others are told why not, nothing is lost, no number twice."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from cast import (
    ALICE,
    BOB,
    CARL,
    LEO,
    MINUTE,
    MONDAY,
    RUTH,
    dispatched,
    handled,
    handler,
    head,
    lead,
    liaison,
    recorded,
    replied,
    reply,
    request,
    row,
    signed,
    units,
)
from django.db import OperationalError, connections, transaction

from jieban.ledger.schema import Satisfaction
from jieban.orders.access import order_for
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order, reopen_order
from jieban.orders.actions.links import link_repeat
from jieban.orders.actions.merge import merge_order, unmerge_order
from jieban.orders.actions.record import Recorded, record_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.returns import ask_return, decide_return, open_disputes
from jieban.orders.actions.review import pass_review, reject_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.audit.verify import verify
from jieban.orders.engine.perform import Done
from jieban.orders.errors import ActRefused, Busy, NoSuchOrder, NotAllowed, Unavailable, WrongState
from jieban.orders.models import Event, Handling, NumberCounter, Order
from jieban.orders.states import RepeatBy
from jieban.people.actor import Actor
from live_database import LiveDatabase

WORKERS = 16
WAITED = 20
"""Seconds after which whoever waits for a lock is told so."""
LATER = MONDAY + 20 * MINUTE


def each_has_one_winner(results: list[object], wins: int = 1) -> None:
    """Of those who did the same, so many succeeded; every other was refused with a type of ours."""
    done = [each for each in results if isinstance(each, Done)]
    others = [each for each in results if not isinstance(each, Done)]
    assert len(done) == wins, results
    assert all(isinstance(each, ActRefused) and each.code for each in others), others


def whole() -> None:
    """Nothing is lost and nothing is double: the audit walks every chain and compares every row."""
    assert verify().found == ()


def at_once(database: LiveDatabase, works: list[Callable[[], object]]) -> list[object]:
    return database.in_threads(WORKERS, lambda index: works[index % len(works)]())


def test_sixteen_sign_the_same_orders(database: LiveDatabase) -> None:
    orders, unit = [dispatched() for _ in range(4)], lead()
    people = [liaison(unit), handler(unit), head(unit)]

    def sign_all(index: int) -> list[object]:
        results: list[object] = []
        for place in range(len(orders)):
            order = orders[(place + index) % len(orders)]
            try:
                results.append(sign_handling(order=order, handling=1, actor=people[index % 3], now=LATER))
            except WrongState as refusal:
                results.append(refusal)
        return results

    results = database.in_threads(WORKERS, sign_all)
    flat = [each for some in results if isinstance(some, list) for each in some]
    assert len(flat) == WORKERS * len(orders), results
    won = Counter(each.order for each in flat if isinstance(each, Done))
    assert won == dict.fromkeys(orders, 1)
    assert Event.objects.filter(act="sign").count() == len(orders)
    whole()


@pytest.mark.parametrize("granted", [True, False])
def test_one_decides_a_return_while_others_reply(database: LiveDatabase, *, granted: bool) -> None:
    order = signed()
    ask_return(order=order, handling=1, reason="不归我单位。", actor=liaison(lead()), now=MONDAY + 3 * MINUTE)
    next_unit = units(2)[1] if granted else None

    def decide() -> object:
        return decide_return(
            order=order, handling=1, granted=granted, reason="同上", actor=BOB, now=LATER, next_unit=next_unit
        )

    def answer() -> object:
        return reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=LATER)

    results = at_once(database, [decide, answer])
    decided = Event.objects.filter(act="decide_return").count()
    replies = Event.objects.filter(act="reply").count()
    # A reply ends what was asked; a return that is granted ends the reply; a refused one leaves room for it.
    assert (decided, replies) in ({(1, 0), (0, 1)} if granted else {(1, 1), (0, 1)})
    each_has_one_winner(results, wins=decided + replies)
    whole()


def test_one_passes_or_rejects_a_reply(database: LiveDatabase) -> None:
    order = replied()
    results = at_once(
        database,
        [
            lambda: pass_review(order=order, handling=1, actor=RUTH, now=LATER),
            lambda: reject_review(order=order, handling=1, reason="没有照片", actor=RUTH, now=LATER),
        ],
    )
    each_has_one_winner(results)
    assert row(order).state in {"handled", "handling"}
    whole()


def test_one_closes_or_reopens(database: LiveDatabase) -> None:
    order = handled()
    said = Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED)
    calls = at_once(database, [lambda: record_callback(order=order, outcome=said, actor=CARL, now=LATER)])
    each_has_one_winner(calls)
    results = at_once(
        database,
        [
            lambda: close_order(order=order, actor=RUTH, now=LATER),
            lambda: reopen_order(order=order, reason="又坏了", actor=BOB, now=LATER),
        ],
    )
    acts = Counter(Event.objects.filter(act__in=["close", "reopen"]).values_list("act", flat=True))
    # A closed order may be reopened; one that was reopened isn't closed.
    assert acts in (Counter(close=1, reopen=1), Counter(reopen=1))
    each_has_one_winner(results, wins=acts.total())
    assert row(order).round == 1
    whole()


@pytest.mark.slow(10)
def test_no_number_twice_and_none_left_out(database: LiveDatabase) -> None:
    each = 50 if database.vendor == "postgresql" else 12

    def record_many(_: int) -> list[str]:
        return [record_order(request=request(), actor=ALICE, now=MONDAY).order for _ in range(each)]

    results = database.in_threads(WORKERS, record_many)
    numbers = [number for some in results if isinstance(some, list) for number in some]
    assert len(numbers) == WORKERS * each, results
    assert len(set(numbers)) == len(numbers)
    assert set(Order.objects.values_list("number", flat=True)) == set(numbers)
    assert NumberCounter.objects.get().last == len(numbers)
    whole()


def test_a_delivery_that_comes_sixteen_times_is_one_order(database: LiveDatabase) -> None:
    wanted = request(channel_ref="上级平台-77")
    results = database.in_threads(WORKERS, lambda _: record_order(request=wanted, actor=ALICE, now=MONDAY))
    assert all(isinstance(each, Recorded) for each in results), results
    assert sum(each.new for each in results if isinstance(each, Recorded)) == 1
    assert Order.objects.count() == 1
    assert NumberCounter.objects.get().last == 1
    whole()


def test_merges_that_cross_each_other(database: LiveDatabase) -> None:
    for turn in range(4):
        now = MONDAY + turn * timedelta(hours=1)
        one, other = signed(now=now), dispatched(now=now, to=units(2)[1])
        later = now + 10 * MINUTE
        results = at_once(
            database,
            [
                lambda one=one, other=other, later=later: merge_order(
                    order=one, into=other, reason="同一件事", actor=BOB, now=later
                ),
                lambda one=one, other=other, later=later: merge_order(
                    order=other, into=one, reason="同一件事", actor=BOB, now=later
                ),
            ],
        )
        each_has_one_winner(results)
        merged = one if row(one).state == "merged" else other
        back = at_once(
            database,
            [
                lambda merged=merged, now=later + MINUTE: unmerge_order(
                    order=merged, reason="误并", actor=BOB, now=now
                )
            ],
        )
        each_has_one_winner(back)
        assert (row(one).state, row(other).state) == ("handling", "dispatched")
    whole()


def test_links_that_cross_each_other_make_no_circle(database: LiveDatabase) -> None:
    one, other = recorded(), recorded()
    results = at_once(
        database,
        [
            lambda: link_repeat(order=one, of=other, by=RepeatBy.MATTER, actor=BOB, now=LATER),
            lambda: link_repeat(order=other, of=one, by=RepeatBy.MATTER, actor=BOB, now=LATER),
        ],
    )
    assert not any(isinstance(each, Exception) and not isinstance(each, ActRefused) for each in results), (
        results
    )
    assert row(one).repeat_of is None
    assert row(other).repeat_of == row(one)
    whole()


def test_an_unmerge_that_comes_before_the_merge_is_seen_writes_nothing(database: LiveDatabase) -> None:
    one, other = recorded(), recorded()
    results = at_once(
        database,
        [
            lambda: merge_order(order=one, into=other, reason="同一件事", actor=BOB, now=LATER),
            lambda: unmerge_order(order=one, reason="误并", actor=BOB, now=LATER),
        ],
    )
    assert not any(isinstance(each, Exception) and not isinstance(each, ActRefused) for each in results), (
        results
    )
    merges, undone = (
        Event.objects.filter(order__number=one, act=act).count() for act in ("merge", "unmerge")
    )
    assert merges - undone == (row(one).state == "merged")
    assert (row(one).merged_into is not None) == (row(one).state == "merged")
    assert Event.objects.filter(act="absorb").count() == merges
    assert Event.objects.filter(act="release").count() == undone
    whole()


def test_who_waits_too_long_is_told_so(database: LiveDatabase) -> None:
    order = dispatched()

    def wait(_: int) -> object:
        connection = connections["default"]
        with connection.cursor() as cursor:
            cursor.execute(
                "SET lock_timeout = '100ms'"
                if connection.vendor == "postgresql"
                else "PRAGMA busy_timeout = 100"
            )
        try:
            return sign_handling(order=order, handling=1, actor=liaison(lead()), now=LATER)
        finally:
            connection.close()
            if connection.vendor == "postgresql":
                connection.close_pool()

    with transaction.atomic():
        Order.objects.select_for_update().get(number=order)
        Handling.objects.filter(order__number=order).update(reworks=0)
        results = database.in_threads(1, wait)
    assert isinstance(results[0], Busy), results
    assert not isinstance(results[0], OperationalError)
    assert row(order).state == "dispatched"
    whole()


@contextmanager
def waiting_shortly(database: LiveDatabase) -> Iterator[None]:
    """One connection in all, and hardly any patience, by setting."""
    options = connections["default"].settings_dict["OPTIONS"]
    before = dict(options)
    connections.close_all()
    if database.vendor == "postgresql":
        connections["default"].close_pool()
        options["pool"] = {"min_size": 0, "max_size": 1, "timeout": 0.2}
    else:
        options["timeout"] = 0.2
    try:
        yield
    finally:
        connections.close_all()
        if database.vendor == "postgresql":
            connections["default"].close_pool()
        options.clear()
        options.update(before)


def test_who_gets_no_connection_or_no_lock_in_time_is_told_so_whatever_they_do(
    database: LiveDatabase,
) -> None:
    order, other = signed(), recorded()
    acts: list[Callable[[], object]] = [
        lambda: record_order(request=request(channel_ref="T-1"), actor=ALICE, now=LATER),
        lambda: close_order(order=order, actor=RUTH, now=LATER),
        lambda: merge_order(order=other, into=order, reason="同一件事", actor=BOB, now=LATER),
        lambda: unmerge_order(order=other, reason="误并", actor=BOB, now=LATER),
        lambda: link_repeat(order=other, of=order, by=RepeatBy.MATTER, actor=BOB, now=LATER),
        lambda: close_order(order=order, actor=handler(lead()), now=LATER),
    ]
    reads: list[Callable[[], object]] = [lambda: order_for(ALICE, order), lambda: open_disputes(BOB, LATER)]
    # SQLite lets everybody read while one writes.
    also = reads if database.vendor == "postgresql" else []
    wanted = Unavailable if database.vendor == "postgresql" else Busy
    events = Event.objects.count()
    with waiting_shortly(database):
        with transaction.atomic():
            Handling.objects.filter(order__number=order).update(reworks=0)
            results = [database.in_threads(1, lambda _, each=each: each())[0] for each in acts + also]
        refusals = [each for each in results if type(each) is wanted]
        # Who may not do it at all is told that without a lock; for a connection they wait as everybody does.
        others = [] if database.vendor == "postgresql" else [results[5]]
        assert len(refusals) == len(results) - len(others), results
        assert all(isinstance(each, NotAllowed) for each in others), others
        assert all(each.fix and each.code.startswith("orders.") for each in refusals)
        assert Event.objects.count() == events
    assert isinstance(sign_again(order), WrongState), "and all is well again"
    whole()


def sign_again(order: str) -> object:
    try:
        return sign_handling(order=order, handling=1, actor=liaison(lead()), now=LATER)
    except ActRefused as refusal:
        return refusal


def test_a_stranger_locks_nothing_and_learns_nothing_by_waiting(database: LiveDatabase) -> None:
    one, other = signed(), signed()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(Order.objects.select_for_update().filter(number__in=(one, other)))
            Handling.objects.filter(order__number=one).update(reworks=0)
            held.set()
            done.wait(60)

    def stray(_: int) -> object:
        held.wait(60)
        begun = time.monotonic()
        came = [
            tried(one, other, head(units(3)[2])),
            tried(one, "0" * len(one), head(units(3)[2])),
            tried("0" * len(one), other, head(units(3)[2])),
            tried(one, other, LEO),
            tried(one, other, liaison(lead())),
        ]
        done.set()
        return came, time.monotonic() - begun

    results = database.in_threads(2, lambda index: hold() if index == 0 else stray(index))
    came, took = results[1]
    assert took < WAITED, "nobody waited for the lock"
    assert [type(each) for each in came] == [NoSuchOrder, NoSuchOrder, NoSuchOrder, NoSuchOrder, NotAllowed]
    assert one in came[0].what
    assert one in came[1].what, "of the first alone, whatever the other is"
    whole()


def tried(order: str, into: str, actor: Actor) -> ActRefused | None:
    try:
        merge_order(order=order, into=into, reason="同一件事", actor=actor, now=LATER)
    except ActRefused as refusal:
        return refusal
    return None


def test_nobody_waits_for_ever(database: LiveDatabase) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SHOW lock_timeout" if database.vendor == "postgresql" else "PRAGMA busy_timeout")
        assert cursor.fetchone() in {("20s",), (20_000,)}
