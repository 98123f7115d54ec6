"""Dispatch: to whom an order goes, and how it comes back."""

from datetime import timedelta

import pytest
from by_hand import CLOSE_DAYS, due
from cast import (
    ALICE,
    BOB,
    LEO,
    MINUTE,
    MONDAY,
    RUTH,
    SUE,
    at,
    clock,
    dispatched,
    handler,
    handlings,
    last_event,
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

from jieban.orders.actions.dispatch import Assignment, add_unit, dispatch_order, recall_order, remove_unit
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.models import Petition
from jieban.people.city import city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 10 * MINUTE


def dispatch(order: str, to: Assignment, **what: object) -> None:
    dispatch_order(order=order, to=to, **{"actor": BOB, "now": LATER, **what})


def test_each_unit_has_a_handling_with_clocks_of_its_own(each_city: str) -> None:
    first, second, third = units(3)
    order = recorded()
    dispatch(order, Assignment(lead=first, assisting=(second, third)), remark="请于明日前到现场")
    assert [(each.unit, each.part, each.state, each.serial) for each in handlings(order)] == [
        (first, "lead", "awaiting", 1),
        (second, "assist", "awaiting", 2),
        (third, "assist", "awaiting", 3),
    ]
    found = row(order)
    assert (found.state, found.disposition, found.dispatched_at) == ("dispatched", "dispatched", LATER)
    days = CLOSE_DAYS[each_city]
    for serial in (1, 2, 3):
        close = clock(order, "close", serial)
        assert close.due_at == due(each_city, LATER, days["handling"])
        assert close.level == "handling"
        assert clock(order, "sign", serial).started_at == LATER
    assert words(order) == {"remark": "请于明日前到现场"}
    assert "现场" not in str(last_event(order))


def test_the_orders_clocks_start_anew_with_the_first_dispatch(each_city: str) -> None:
    order = recorded(now=at("2025-04-18 16:00"))
    dispatch(order, Assignment(lead=lead()))
    assert clock(order).due_at == due(each_city, LATER, CLOSE_DAYS[each_city]["order"])
    assert clock(order).started_at == at("2025-04-18 16:00"), "the history keeps where it began"


def test_the_orders_limit_is_looser_than_each_handlings() -> None:
    order = dispatched(assisting=units(2)[1:])
    for stage in ("sign", "close"):
        for serial in (1, 2):
            assert clock(order, stage).due_at > clock(order, stage, serial).due_at


def test_unknown_repeated_and_former_units_are_refused() -> None:
    first, second = units(2)
    order = recorded()
    for to in (
        Assignment(lead="nosuch"),
        Assignment(lead=first, assisting=("nosuch",)),
        Assignment(lead=first, assisting=(first,)),
        Assignment(lead=first, assisting=(second, second)),
    ):
        with refused(BadValue):
            dispatch(order, to)


def test_a_unit_takes_orders_on_its_days_only() -> None:
    bounded = [each for each in city().units.values() if each.validity.first or each.validity.last]
    assert bounded
    for unit in bounded:
        first, last = unit.validity.first, unit.validity.last
        away = [first and first - timedelta(days=1), last and last + timedelta(days=1)]
        for day in filter(None, away):
            moment = at(f"{day.isoformat()} 10:30")
            order = recorded(now=moment)
            with refused(BadValue):
                dispatch(order, Assignment(lead=unit.code), now=moment)
        for day in filter(None, {first, last}):
            moment = at(f"{day.isoformat()} 10:30")
            dispatch(recorded(now=moment), Assignment(lead=unit.code), now=moment)


def test_dispatched_once_and_by_the_dispatcher() -> None:
    order = recorded()
    for actor in (ALICE, RUTH, SUE):
        with refused(NotAllowed):
            dispatch(order, Assignment(lead=lead()), actor=actor)
    for actor in (LEO, liaison(lead())):
        with refused(NoSuchOrder):
            dispatch(order, Assignment(lead=lead()), actor=actor)
    dispatch(order, Assignment(lead=lead()))
    with refused(WrongState):
        dispatch(order, Assignment(lead=lead()))


def test_one_more_unit_assists_from_now_on(each_city: str) -> None:
    first, second = units(2)
    order = signed(to=first)
    add_unit(order=order, unit=second, actor=BOB, now=LATER)
    assert [(each.unit, each.part) for each in handlings(order)] == [(first, "lead"), (second, "assist")]
    assert clock(order, "close", 2).due_at == due(each_city, LATER, CLOSE_DAYS[each_city]["handling"])
    assert row(order).state == "handling"
    for unit in (first, second, "nosuch"):
        with refused(BadValue):
            add_unit(order=order, unit=unit, actor=BOB, now=LATER)
    with refused(NotAllowed):
        add_unit(order=order, unit=units(3)[2], actor=ALICE, now=LATER)
    fresh = recorded()
    with refused(WrongState):
        add_unit(order=fresh, unit=second, actor=BOB, now=LATER)


def test_a_unit_that_assists_is_relieved_with_a_reason_and_the_lead_isnt() -> None:
    first, second = units(2)
    order = signed(to=first, assisting=[second])
    ask_extension(order=order, handling=2, days=1, reason="要施工", actor=liaison(second), now=LATER)
    with refused(BadValue):
        remove_unit(order=order, handling=1, reason="派错", actor=BOB, now=LATER)
    with refused(Missing):
        remove_unit(order=order, handling=2, reason=" ", actor=BOB, now=LATER)
    remove_unit(order=order, handling=2, reason="不必协办", actor=BOB, now=LATER)
    assert handlings(order)[1].state == "recalled"
    assert clock(order, "close", 2).dropped
    assert Petition.objects.get().state == "lapsed"
    with refused(NoSuchOrder):
        sign_handling(order=order, handling=2, actor=liaison(second), now=LATER)
    add_unit(order=order, unit=second, actor=BOB, now=LATER)
    assert handlings(order)[2].unit == second, "it may come again"


def test_an_order_that_waits_for_a_unit_only_is_handled_when_that_is_relieved() -> None:
    first, second = units(2)
    order = signed(to=first, assisting=[second])
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(first), now=LATER)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER + MINUTE)
    assert row(order).state == "handling"
    remove_unit(order=order, handling=2, reason="不必协办", actor=BOB, now=LATER + 2 * MINUTE)
    assert (row(order).state, row(order).closed_at) == ("handled", LATER)


def test_recalled_whole_and_dispatched_again_the_first_instant_stays(each_city: str) -> None:
    first, second = units(2)
    order = signed(to=first, assisting=[second])
    with refused(Missing):
        recall_order(order=order, reason="", actor=BOB, now=LATER)
    recall_order(order=order, reason="派错单位", actor=BOB, now=LATER)
    found = row(order)
    assert (found.state, found.signed_at) == ("recorded", None)
    assert {each.state for each in handlings(order)} == {"recalled"}
    assert not clock(order).dropped, "the centre still owes it"
    assert clock(order, "sign").stopped_at is None
    dispatch(order, Assignment(lead=second), now=at("2025-04-23 09:00"))
    assert row(order).dispatched_at == MONDAY + MINUTE
    assert clock(order).due_at == due(each_city, MONDAY, CLOSE_DAYS[each_city]["order"]), "no time is given"


def test_what_a_unit_has_answered_isnt_recalled() -> None:
    order, fresh = replied(), recorded()
    with refused(BadValue):
        recall_order(order=order, reason="重派", actor=BOB, now=LATER)
    with refused(WrongState):
        recall_order(order=fresh, reason="重派", actor=BOB, now=LATER)
