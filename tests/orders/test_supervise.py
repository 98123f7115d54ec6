"""Urging, supervising, escalating; and the job that escalates by the city's numbers."""

from datetime import datetime, timedelta

import pytest
from cast import (
    ALICE,
    BOB,
    LEO,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    STRANGER,
    SUE,
    SYSTEM,
    dispatched,
    handled,
    handler,
    handlings,
    last_event,
    lead,
    liaison,
    recorded,
    refused,
    reply,
    request,
    row,
    signed,
    units,
    words,
)

from jieban.orders.actions.closing import reopen_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order, recall_order
from jieban.orders.actions.merge import merge_order
from jieban.orders.actions.record import record_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.returns import ask_return, decide_return
from jieban.orders.actions.review import pass_review, reject_review
from jieban.orders.actions.supervise import escalate_order, supervise_order, urge_order
from jieban.orders.errors import Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.jobs.escalation import escalate_due
from jieban.orders.jobs.sweep import Swept
from jieban.orders.models import Event
from live_database import LiveDatabase

live = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 60 * MINUTE
NUMBERS = {"changji": (3, 3), "yunting": (2, 2)}
MOST = 3
"""Reworks that are enough in either city."""
NONE = Swept(orders=0)


def in_both(test: object) -> object:
    for mark in live:
        test = mark(test)
    return test


def rework(order: str, now: datetime) -> None:
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=now)
    reject_review(order=order, handling=1, reason="不实", actor=RUTH, now=now)


def decline(order: str, now: datetime, *, granted: bool = True) -> None:
    serial = len(handlings(order))
    unit = handlings(order)[-1].unit
    ask_return(order=order, handling=serial, reason="不属我单位", actor=liaison(unit), now=now)
    decide_return(order=order, handling=serial, granted=granted, reason="研究过", actor=BOB, now=now)


def declined_by(order: str, count: int) -> None:
    for place, unit in enumerate(units(count)):
        if place:
            dispatch_order(order=order, to=Assignment(lead=unit), actor=BOB, now=LATER + place * MINUTE)
        decline(order, LATER + place * MINUTE)


@in_both
def test_urging_is_counted_by_whomever() -> None:
    order = record_order(request=request(), actor=NUR, now=MONDAY).order
    for place, actor in enumerate((ALICE, BOB, SUE, NUR), start=1):
        urge_order(order=order, actor=actor, now=LATER, remark="请尽快")
        assert row(order).urged == place
    assert words(order) == {"remark": "请尽快"}
    with refused(NotAllowed):
        urge_order(order=order, actor=RUTH, now=LATER)
    with refused(NoSuchOrder):
        urge_order(order=order, actor=STRANGER, now=LATER)
    done = handled()
    with refused(WrongState):
        urge_order(order=done, actor=SUE, now=LATER)


@in_both
def test_supervised_once_with_a_reason() -> None:
    order = dispatched()
    with refused(Missing):
        supervise_order(order=order, reason="", actor=SUE, now=LATER)
    supervise_order(order=order, reason="群众反映强烈", actor=SUE, now=LATER)
    assert row(order).supervised_at == LATER
    assert words(order) == {"reason": "群众反映强烈"}
    with refused(WrongState):
        supervise_order(order=order, reason="再次督办", actor=SUE, now=LATER + MINUTE)
    for actor in (ALICE, BOB, liaison(lead())):
        with refused(NotAllowed):
            supervise_order(order=order, reason="督办", actor=actor, now=LATER)
    with refused(NoSuchOrder):
        supervise_order(order=order, reason="督办", actor=LEO, now=LATER)


@in_both
def test_a_supervisor_escalates_when_they_find_so_and_the_system_only_by_the_numbers() -> None:
    order, calm = signed(), signed()
    with refused(WrongState):
        escalate_order(order=calm, reason="达到规定", actor=SYSTEM, now=LATER)
    with refused(Missing):
        escalate_order(order=order, reason=" ", actor=SUE, now=LATER)
    escalate_order(order=order, reason="影响面大", actor=SUE, now=LATER)
    assert row(order).escalated_at == row(order).supervised_at == LATER
    assert last_event(order)["facts"] | {"role": ""} == {"role": "", "reworks": 0, "declining_units": 0}
    with refused(WrongState):
        escalate_order(order=order, reason="再次", actor=SUE, now=LATER)
    with refused(NotAllowed):
        escalate_order(order=calm, reason="影响面大", actor=BOB, now=LATER)


@in_both
def test_supervised_before_it_was_escalated_keeps_when() -> None:
    order = signed()
    supervise_order(order=order, reason="督办", actor=SUE, now=LATER)
    escalate_order(order=order, reason="升级", actor=SUE, now=LATER + MINUTE)
    assert (row(order).supervised_at, row(order).escalated_at) == (LATER, LATER + MINUTE)


@pytest.mark.django_db
def test_the_job_escalates_at_the_citys_number_of_reworks_once(each_city: str) -> None:
    most = NUMBERS[each_city][0]
    order, calm = signed(), signed()
    for place in range(most):
        assert escalate_due(now=LATER + place * MINUTE) == NONE
        rework(order, LATER + place * MINUTE)
    now = LATER + 30 * MINUTE
    assert escalate_due(now=now) == Swept(orders=1)
    assert (row(order).escalated_at, row(calm).escalated_at) == (now, None)
    event = last_event(order)
    assert (event["act"], event["actor"]) == ("escalate", "system")
    assert (event["facts"]["reworks"], event["facts"]["declining_units"]) == (most, 0)
    assert escalate_due(now=now + MINUTE) == NONE


@pytest.mark.django_db
def test_a_reopening_is_a_rework(each_city: str) -> None:
    order = handled()
    reopen_order(order=order, reason="又坏了", actor=BOB, now=LATER)
    for place in range(NUMBERS[each_city][0] - 1):
        assert escalate_due(now=LATER) == NONE
        rework(order, LATER + place * MINUTE)
    assert escalate_due(now=LATER + 30 * MINUTE).orders == 1


@pytest.mark.django_db
def test_the_job_escalates_when_so_many_units_have_declined(each_city: str) -> None:
    most = NUMBERS[each_city][1]
    order, fewer, refused_ = dispatched(), dispatched(), dispatched()
    declined_by(order, most)
    declined_by(fewer, most - 1)
    decline(refused_, LATER, granted=False)
    assert escalate_due(now=LATER + 30 * MINUTE) == Swept(orders=1)
    assert row(order).escalated_at
    assert row(fewer).escalated_at is None
    assert last_event(order)["facts"]["declining_units"] == most


@in_both
def test_the_same_unit_twice_is_one_unit_and_assisting_units_count_once_each() -> None:
    order = dispatched()
    decline(order, LATER)
    dispatch_order(order=order, to=Assignment(lead=lead()), actor=BOB, now=LATER + MINUTE)
    decline(order, LATER + 2 * MINUTE)
    assert escalate_due(now=LATER + 30 * MINUTE) == NONE


@in_both
def test_what_has_ended_or_is_another_ones_now_is_left() -> None:
    order, into = signed(), signed()
    for place in range(MOST):
        rework(order, LATER + place * MINUTE)
    done = signed()
    for place in range(MOST):
        rework(done, LATER + place * MINUTE)
    reply_to_order(order=done, handling=1, reply=reply(), actor=handler(lead()), now=LATER + 3 * MINUTE)
    pass_review(order=done, handling=1, actor=RUTH, now=LATER + 4 * MINUTE)
    merge_order(order=order, into=into, reason="同一事", actor=BOB, now=LATER + 5 * MINUTE)
    assert escalate_due(now=LATER + 30 * MINUTE) == NONE


@in_both
def test_a_clock_that_lags_leaves_it_for_the_next_run() -> None:
    order = signed()
    for place in range(MOST):
        rework(order, LATER + place * MINUTE)
    assert escalate_due(now=LATER - MINUTE) == Swept(orders=0, left=(order,))
    assert escalate_due(now=LATER + 2 * MINUTE) == Swept(orders=1)


def test_two_jobs_at_once_escalate_each_once(database: LiveDatabase) -> None:
    orders = [signed() for _ in range(4)]
    for order in orders:
        for place in range(MOST):
            rework(order, LATER + place * MINUTE)
    found = database.in_threads(3, lambda _: escalate_due(now=LATER + timedelta(hours=1)))
    assert all(isinstance(each, Swept) and each.left == () for each in found), found
    assert sum(each.orders for each in found) == 4
    assert Event.objects.filter(act="escalate").count() == 4


@in_both
def test_a_recalled_order_that_was_reworked_is_still_counted() -> None:
    order, fresh = signed(), recorded()
    for place in range(MOST):
        rework(order, LATER + place * MINUTE)
    recall_order(order=order, reason="重新研究", actor=BOB, now=LATER + MOST * MINUTE)
    assert row(order).state == row(fresh).state == "recorded"
    assert escalate_due(now=LATER + 30 * MINUTE).orders == 1
