"""The end of a case and its reopening: late stays late, the new clock and the old; filing away, publishing."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from by_hand import CLOSE_DAYS, due
from cast import (
    ALICE,
    BOB,
    CARL,
    LEO,
    MINUTE,
    MONDAY,
    RUTH,
    SUE,
    SYSTEM,
    at,
    clock,
    dispatched,
    handled,
    handler,
    handlings,
    lead,
    liaison,
    recorded,
    refused,
    replied,
    reply,
    row,
    signed,
    units,
    words,
)

from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import archive_order, close_order, publish_answer, reopen_order
from jieban.orders.actions.desk import answer_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order, recall_order, remove_unit
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.returns import ask_return, decide_return
from jieban.orders.actions.review import pass_review
from jieban.orders.audit.verify import verify
from jieban.orders.errors import Missing, NoSuchOrder, NotAllowed, TooLate, WrongState
from jieban.orders.export import export_ledger
from jieban.orders.models import Clock
from jieban.profile.model import Urgency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 60 * MINUTE
AGAIN = at("2025-04-28 10:30")
REOPENING = {"changji": (30, 2), "yunting": (15, 1)}


def end(order: str, now: datetime = LATER) -> None:
    record_callback(
        order=order, outcome=Outcome(reached=True, satisfaction=Satisfaction.SATISFIED), actor=CARL, now=now
    )
    close_order(order=order, actor=RUTH, now=now)


def reopen(order: str, now: datetime = AGAIN, **what: object) -> None:
    reopen_order(order=order, **{"reason": "灯又不亮了", "actor": BOB, "now": now, **what})


def answer(order: str, now: datetime, handling: int = 1) -> None:
    unit = handlings(order)[handling - 1].unit
    reply_to_order(order=order, handling=handling, reply=reply(), actor=handler(unit), now=now)
    pass_review(order=order, handling=handling, actor=RUTH, now=now + MINUTE)


def test_closed_is_the_end_of_the_case_and_no_other_instant_moves() -> None:
    order = handled()
    before = row(order)
    end(order)
    found = row(order)
    assert (found.state, found.concluded_at) == ("closed", LATER)
    assert (found.closed_at, found.signed_at) == (before.closed_at, before.signed_at)


def test_only_what_every_unit_has_handled_is_closed() -> None:
    first, second = units(2)
    half = replied(to=first, assisting=[second])
    pass_review(order=half, handling=1, actor=RUTH, now=LATER)
    for order in (recorded(), dispatched(), signed(), replied(), half):
        with refused(WrongState):
            close_order(order=order, actor=RUTH, now=LATER)


def test_who_closes() -> None:
    order = handled(anonymous=True)
    for actor in (ALICE, BOB, SUE, handler(lead())):
        with refused(NotAllowed):
            close_order(order=order, actor=actor, now=LATER)
    with refused(NoSuchOrder):
        close_order(order=order, actor=LEO, now=LATER)
    close_order(order=order, actor=SYSTEM, now=LATER)


def test_reopened_it_has_a_new_clock_and_keeps_the_old(each_city: str) -> None:
    order = handled()
    end(order)
    old = Clock.objects.filter(order__number=order).order_by("pk").values()
    kept = list(old)
    reopen(order)
    found, (handling,) = row(order), handlings(order)
    assert (found.state, found.round, found.closed_at, found.concluded_at) == ("handling", 1, None, None)
    assert (handling.state, handling.round, handling.replied_at, handling.closed_at) == (
        "handling",
        1,
        None,
        None,
    )
    days = CLOSE_DAYS[each_city]
    assert clock(order, "close", 1, 1).due_at == due(each_city, AGAIN, days["handling"])
    assert clock(order, "close", None, 1).due_at == due(each_city, AGAIN, days["order"])
    assert list(old.filter(round=0)) == kept, "not a column of the old ones has changed"
    assert words(order) == {"reason": "灯又不亮了"}


def test_a_late_closing_stays_late() -> None:
    late = at("2025-06-30 10:00")
    order = signed()
    answer(order, late)
    end(order, late + 2 * MINUTE)
    reopen(order, late + timedelta(days=1))
    answer(order, late + timedelta(days=1, minutes=5))
    first, second = clock(order, "close", 1), clock(order, "close", 1, 1)
    assert first.stopped_at == late > first.due_at
    assert second.stopped_at == late + timedelta(days=1, minutes=5) < second.due_at
    assert clock(order).stopped_at == late > clock(order).due_at
    assert row(order).closed_at == late + timedelta(days=1, minutes=5)


def test_as_often_and_as_late_as_the_city_says(each_city: str, tmp_path: Path) -> None:
    days, times = REOPENING[each_city]
    order = handled()
    end(order)
    now = LATER
    for _ in range(times):
        now += timedelta(days=days)
        reopen(order, now)
        answer(order, now)
        now += MINUTE
        end(order, now)
    with refused(TooLate):
        reopen(order, now)
    other = handled()
    end(other)
    with refused(TooLate):
        reopen(other, LATER + timedelta(days=days, microseconds=1))
    assert verify(anchors=tmp_path).found == ()


def test_the_handlings_named_go_on_and_the_others_stay_closed(each_city: str) -> None:
    first, second, third = units(3)
    order = handled(to=first, assisting=[second, third])
    end(order)
    reopen(order, handlings=(2, 2))
    assert [(each.state, each.round) for each in handlings(order)] == [
        ("closed", 0),
        ("handling", 1),
        ("closed", 0),
    ]
    assert row(order).state == "handling"
    assert clock(order, "close", 2, 1).due_at == due(each_city, AGAIN, CLOSE_DAYS[each_city]["handling"])
    assert not Clock.objects.filter(order__number=order, handling__serial=1, round=1).exists()
    answer(order, AGAIN + MINUTE, 2)
    assert row(order).state == "handled"


def test_reopened_before_the_case_was_ended() -> None:
    order = handled()
    reopen(order)
    assert (row(order).state, row(order).round) == ("handling", 1)


def test_what_isnt_reopened() -> None:
    answered, live, done = recorded(), signed(), handled()
    answer_order(order=answered, answer="请拨打供电热线。", actor=ALICE, now=MONDAY)
    for order in (answered, live):
        with refused(WrongState):
            reopen(order)
    with refused(Missing):
        reopen(done, reason=" ")
    with refused(NoSuchOrder):
        reopen(done, handlings=(7,))
    for actor in (ALICE, RUTH, handler(lead())):
        with refused(NotAllowed):
            reopen(done, actor=actor)
    for actor in (CARL, SUE):
        reopen(handled(), actor=actor)


def test_filed_away_nothing_more_is_done() -> None:
    order = handled()
    with refused(WrongState):
        archive_order(order=order, actor=RUTH, now=LATER)
    end(order)
    with refused(NotAllowed):
        archive_order(order=order, actor=BOB, now=LATER)
    archive_order(order=order, actor=SYSTEM, now=LATER + MINUTE)
    assert (row(order).state, row(order).archived_at) == ("archived", LATER + MINUTE)
    with refused(WrongState):
        reopen(order)
    with refused(WrongState):
        archive_order(order=order, actor=RUTH, now=AGAIN)


def test_an_answer_is_published_and_taken_back_and_a_tips_never() -> None:
    order, tip = handled(), handled(confidential=True)
    publish_answer(order=order, published=True, actor=RUTH, now=LATER)
    assert row(order).published
    publish_answer(order=order, published=False, actor=RUTH, now=LATER)
    assert not row(order).published
    with refused(WrongState):
        publish_answer(order=tip, published=True, actor=RUTH, now=LATER)
    with refused(NotAllowed):
        publish_answer(order=order, published=True, actor=BOB, now=LATER)
    live = signed()
    with refused(WrongState):
        publish_answer(order=live, published=True, actor=RUTH, now=LATER)


def told(order: str) -> list[tuple[object, ...]]:
    """What the ledger tells of the order's handlings."""
    return [
        (each["unit"], each["role"], each["returned"], each["closed_at"], each["close_due_at"])
        for each in export_ledger().handlings.to_pylist()
        if each["order_no"] == order
    ]


@pytest.mark.parametrize("late", [True, False])
def test_what_a_unit_has_closed_stays_closed_though_it_is_relieved_of_the_next_round(late: bool) -> None:
    first, second = units(2)
    closed = at("2025-06-30 10:00") if late else MONDAY + 9 * MINUTE
    order = signed()
    answer(order, closed)
    due_at = clock(order, "close", 1).due_at
    assert (closed > due_at) == late
    reopen(order, closed + timedelta(hours=1))
    assert told(order) == [
        (first, "lead", False, None, due_at if late else clock(order, "close", 1, 1).due_at)
    ]
    recall_order(order=order, reason="派错了单位", actor=BOB, now=closed + timedelta(hours=2))
    assert told(order) == [(first, "lead", False, closed, due_at)]
    again = closed + timedelta(hours=3)
    dispatch_order(order=order, to=Assignment(lead=second), actor=BOB, now=again)
    assert told(order) == [
        (first, "assist", False, closed, due_at),
        (second, "lead", False, None, clock(order, "close", 2, 1).due_at),
    ]
    recall_order(order=order, reason="又派错了", actor=BOB, now=again + MINUTE)
    assert told(order) == [(first, "lead", False, closed, due_at)], (
        "what was never closed is left out as before"
    )


def test_nor_does_giving_it_back_undo_a_late_closing() -> None:
    first, second = units(2)
    order = signed(urgency=Urgency.EMERGENCY)
    closed = MONDAY + timedelta(hours=5)
    answer(order, closed)
    due_at = clock(order, "close", 1).due_at
    assert closed > due_at
    reopen(order, closed + MINUTE)
    ask_return(order=order, handling=1, reason="不归我们管", actor=liaison(first), now=closed + 2 * MINUTE)
    decide_return(
        order=order,
        handling=1,
        granted=True,
        reason="属实",
        next_unit=second,
        actor=BOB,
        now=closed + 3 * MINUTE,
    )
    assert handlings(order)[0].state == "returned"
    assert told(order)[0] == (first, "assist", False, closed, due_at)
    assert told(order)[1][:3] == (second, "lead", False)


def test_an_assisting_unit_that_is_removed_after_reopening_keeps_what_it_closed() -> None:
    first, second = units(2)
    order = signed(assisting=[second])
    late = at("2025-06-30 10:00")
    answer(order, MONDAY + 5 * MINUTE)
    answer(order, late, handling=2)
    reopen(order, late + timedelta(hours=1), handlings=[2])
    remove_unit(order=order, handling=2, reason="不必再办", actor=BOB, now=late + timedelta(hours=2))
    assert [each[:4] for each in told(order)] == [
        (first, "lead", False, MONDAY + 5 * MINUTE),
        (second, "assist", False, late),
    ]
    assert row(order).state == "handled"
    (whole,) = export_ledger().orders.to_pylist()
    assert whole["closed_at"] == late > whole["close_due_at"], "the order was closed no earlier than it was"
