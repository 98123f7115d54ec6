"""Returns: asked for in time, decided by the dispatcher; the unit stays responsible until then."""

from dataclasses import replace
from datetime import timedelta

import pytest
from by_hand import CLOSE_DAYS, due
from cast import (
    ADAM,
    ALICE,
    BOB,
    LEO,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    SUE,
    at,
    clock,
    dispatched,
    handler,
    handlings,
    head,
    last_event,
    lead,
    liaison,
    refused,
    row,
    signed,
    units,
    words,
)

from jieban.orders.actions.dispatch import Assignment, dispatch_order, recall_order
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.returns import ask_return, decide_return, open_disputes
from jieban.orders.actions.sign import sign_handling
from jieban.orders.clocks import read_changes
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, TooLate, WrongState
from jieban.orders.models import Petition
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.profile.model import Urgency

pytestmark = pytest.mark.django_db
ASKED = MONDAY + 10 * MINUTE
DECIDED = MONDAY + 60 * MINUTE


def ask(order: str, handling: int = 1, now: object = ASKED) -> None:
    unit = handlings(order)[handling - 1].unit
    ask_return(order=order, handling=handling, reason="不属我单位职责", actor=liaison(unit), now=now)


def decide(order: str, *, granted: bool = True, next_unit: str | None = None, handling: int = 1) -> None:
    decide_return(
        order=order,
        handling=handling,
        granted=granted,
        reason="同意" if granted else "属你单位职责",
        next_unit=next_unit,
        actor=BOB,
        now=DECIDED,
    )


LAST_MOMENTS = {
    # Dispatched on Wednesday 30 April at 10:31. Two working days: 6 and 7 May. Four working hours: 10:31 to 12:00
    # and 13:30 to 16:01.
    "changji": at("2025-05-07 20:00"),
    "yunting": at("2025-04-30 16:01"),
}


def test_asked_for_up_to_the_last_moment_of_the_term_across_the_holiday(each_city: str) -> None:
    last = LAST_MOMENTS[each_city]
    order, late = dispatched(now=at("2025-04-30 10:30")), dispatched(now=at("2025-04-30 10:30"))
    ask(order, now=last)
    assert Petition.objects.get(order__number=order).asked_at == last
    with refused(TooLate) as caught:
        ask(late, now=last + timedelta(microseconds=1))
    assert f"{last:%Y-%m-%d %H:%M}" in caught.value.what


DECIDE_BY = {
    # Asked at 16:00 on Tuesday 30 September: one working day after the holiday, and 1.5 + 0.5 working hours.
    "changji": at("2025-10-09 19:30"),
    "yunting": at("2025-10-09 09:00"),
}


def test_to_be_decided_within_the_term_across_the_holiday(each_city: str) -> None:
    begin = at("2025-09-30 15:55")
    order = dispatched(now=begin)
    ask(order, now=at("2025-09-30 16:00"))
    assert Petition.objects.get(order__number=order).decide_by == DECIDE_BY[each_city]


def test_the_unit_stays_responsible_until_decided(each_city: str) -> None:
    order = dispatched()
    ask(order)
    assert handlings(order)[0].state == "awaiting"
    assert handlings(order)[0].return_requests == 1
    assert clock(order, "close", 1).due_at == due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"])
    sign_handling(order=order, handling=1, actor=handler(lead()), now=DECIDED)
    assert row(order).state == "handling"


@pytest.mark.usefixtures("each_city")
def test_one_at_a_time_and_so_many_in_all() -> None:
    order = dispatched()
    most = city().workflow.returns.max_asks
    for turn in range(most):
        ask(order, now=ASKED + turn * MINUTE)
        with refused(WrongState):
            ask(order, now=ASKED + turn * MINUTE)
        decide_return(
            order=order, handling=1, granted=False, reason="属你单位", actor=BOB, now=ASKED + turn * MINUTE
        )
    with refused(TooLate):
        ask(order, now=ASKED + most * MINUTE)


@pytest.mark.usefixtures("each_city")
def test_a_reason_is_needed_and_sealed() -> None:
    order = dispatched()
    with refused(Missing):
        ask_return(order=order, handling=1, reason=" ", actor=liaison(lead()), now=ASKED)
    ask(order)
    assert words(order) == {"reason": "不属我单位职责"}
    with refused(Missing):
        decide_return(order=order, handling=1, granted=True, reason="", actor=BOB, now=DECIDED)


def test_granted_the_order_waits_for_dispatch_and_its_clock_runs_on(each_city: str) -> None:
    order = dispatched()
    ask(order)
    decide(order)
    assert row(order).state == "recorded"
    assert handlings(order)[0].state == "returned"
    for stage in ("sign", "close"):
        assert clock(order, stage, 1).dropped
        assert not clock(order, stage).dropped
    again = at("2025-04-23 09:30")
    dispatch_order(order=order, to=Assignment(lead=units(2)[1]), actor=BOB, now=again)
    assert row(order).dispatched_at == MONDAY + MINUTE
    days = CLOSE_DAYS[each_city]
    assert clock(order).due_at == due(each_city, MONDAY, days["order"]), "no time is given"
    assert clock(order, "close", 2).due_at == due(each_city, again, days["handling"])
    assert [each.kind for each in read_changes(clock(order).changes)] == ["restart", "reassign"]


def test_granted_with_the_next_unit_which_leads_where_the_first_led(each_city: str) -> None:
    first, second, third = units(3)
    order = signed(to=first, assisting=[second])
    ask(order)
    decide(order, next_unit=third)
    assert [(each.unit, each.part, each.state) for each in handlings(order)] == [
        (first, "lead", "returned"),
        (second, "assist", "handling"),
        (third, "lead", "awaiting"),
    ]
    assert (row(order).state, row(order).signed_at) == ("dispatched", None)
    assert clock(order).due_at == due(each_city, MONDAY, CLOSE_DAYS[each_city]["order"])
    assert clock(order, "sign").stopped_at is None
    assert last_event(order)["facts"]["clocks"][0][3]["kind"] == "reassign"


@pytest.mark.usefixtures("each_city")
def test_an_assisting_unit_may_go_without_anybody_for_it() -> None:
    first, second, third = units(3)
    order = signed(to=first, assisting=[second])
    ask(order, 2)
    decide(order, handling=2)
    assert row(order).state == "handling"
    again = signed(to=first, assisting=[second])
    ask(again, 2)
    decide(again, handling=2, next_unit=third)
    assert [each.part for each in handlings(again)] == ["lead", "assist", "assist"]
    assert row(again).signed_at is not None


@pytest.mark.usefixtures("each_city")
def test_an_order_is_never_left_with_assisting_units_alone() -> None:
    first, second = units(2)
    order = signed(to=first, assisting=[second])
    ask(order)
    with refused(Missing):
        decide(order)


@pytest.mark.usefixtures("each_city")
def test_the_next_unit_is_another_one_that_exists_and_has_not_the_order() -> None:
    first, second, third = units(3)
    order = signed(to=first, assisting=[second])
    ask(order)
    for unit in (first, second, "no-such-unit"):
        with refused(BadValue):
            decide(order, next_unit=unit)
    with refused(BadValue):
        decide(order, granted=False, next_unit=third)


def test_refused_the_unit_goes_on(each_city: str) -> None:
    order = dispatched()
    ask(order)
    decide(order, granted=False)
    assert handlings(order)[0].state == "awaiting"
    assert Petition.objects.get().state == "refused"
    assert clock(order, "close", 1).due_at == due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"])
    with refused(WrongState):
        decide(order)


def test_nobody_decides_on_what_they_asked_for() -> None:
    order = dispatched()
    both = replace(liaison(lead()), posts=liaison(lead()).posts | BOB.posts)
    ask_return(order=order, handling=1, reason="不属我单位职责", actor=both, now=ASKED)
    with refused(NotAllowed):
        decide_return(order=order, handling=1, granted=True, reason="同意", actor=both, now=DECIDED)
    decide(order)


def test_only_who_speaks_for_the_unit_asks() -> None:
    first, second = units(2)
    order = dispatched(to=first)
    with refused(NoSuchOrder):
        ask_return(order=order, handling=1, reason="不属我单位", actor=liaison(second), now=ASKED)
    with refused(NotAllowed):
        ask_return(order=order, handling=1, reason="不属我单位", actor=handler(first), now=ASKED)
    ask_return(order=order, handling=1, reason="不属我单位", actor=head(first), now=ASKED)
    with refused(NotAllowed):
        decide_return(order=order, handling=1, granted=True, reason="同意", actor=liaison(first), now=DECIDED)


@pytest.mark.usefixtures("each_city")
def test_what_else_the_unit_asked_for_lapses_when_it_goes() -> None:
    order = signed()
    ask(order)
    ask_extension(order=order, handling=1, days=1, reason="要施工", actor=liaison(lead()), now=ASKED)
    decide(order)
    assert list(Petition.objects.order_by("serial").values_list("kind", "state")) == [
        ("return", "granted"),
        ("extension", "lapsed"),
    ]


@pytest.mark.usefixtures("each_city")
def test_disputes_are_listed_with_those_past_their_term_until_they_are_decided() -> None:
    first, second, recalled = (dispatched() for _ in range(3))
    ask(second, now=ASKED)
    ask(first, now=at("2025-04-21 11:30"))
    ask(recalled, now=ASKED)
    recall_order(order=recalled, reason="重新研究", actor=BOB, now=DECIDED)
    listed = open_disputes(BOB, MONDAY + 61 * MINUTE)
    assert [(each.order, each.late) for each in listed] == [(second, False), (first, False)]
    assert open_disputes(BOB, listed[0].decide_by)[0].late is False
    late = open_disputes(BOB, at("2025-04-24 10:00"))
    assert [each.late for each in late] == [True, True]
    assert late[0].unit == lead()
    decide(second)
    assert [each.order for each in open_disputes(BOB, MONDAY + 61 * MINUTE)] == [first]


@pytest.mark.usefixtures("each_city")
def test_of_disputes_comes_first_what_hurts_first() -> None:
    late, later, pressing, calm = (
        dispatched(urgency=each)
        for each in (Urgency.NORMAL, Urgency.EMERGENCY, Urgency.EMERGENCY, Urgency.NORMAL)
    )
    ask(late, now=ASKED)
    ask(later, now=ASKED + 5 * MINUTE)
    ask(calm, now=at("2025-04-21 11:30"))
    ask(pressing, now=at("2025-04-21 11:40"))
    until = {each.order: each.decide_by for each in open_disputes(BOB, ASKED)}
    if until[late] == until[later]:
        # A working day ends for all at once.
        Petition.objects.filter(order__number__in=(calm, pressing)).update(decide_by=at("2025-05-08 12:00"))
    now = max(until[late], until[later]) + MINUTE
    listed = open_disputes(BOB, now)
    assert [(each.order, each.late) for each in listed] == [
        (later, True),
        (late, True),
        (pressing, False),
        (calm, False),
    ]


@pytest.mark.usefixtures("each_city")
def test_of_disputes_everybody_sees_their_own() -> None:
    first, second, third = units(3)
    order, other = dispatched(to=first, assisting=[second]), dispatched(to=second)
    for each, serial in ((order, 1), (order, 2), (other, 1)):
        ask(each, serial)

    def seen(actor: Actor) -> set[tuple[str, int]]:
        return {(each.order, each.handling) for each in open_disputes(actor, ASKED)}

    everything = {(order, 1), (order, 2), (other, 1)}
    for actor in (ALICE, BOB, RUTH, SUE):
        assert seen(actor) == everything
    assert seen(head(first)) == {(order, 1)}
    assert seen(liaison(second)) == {(order, 2), (other, 1)}
    for actor in (liaison(third), LEO, ADAM, NUR, Actor.citizen()):
        assert seen(actor) == set()
