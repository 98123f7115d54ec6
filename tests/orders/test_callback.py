"""Callbacks: tried so often, reached once a round, with what can be known; before or after the case is closed."""

import pytest
from cast import (
    ALICE,
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    STRANGER,
    SUE,
    handled,
    handler,
    handlings,
    last_event,
    lead,
    liaison,
    recorded,
    refused,
    replied,
    reply,
    request,
    row,
    words,
)

from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order, reopen_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.record import record_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, TooLate, WrongState
from jieban.orders.models import Callback
from jieban.people.city import city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 60 * MINUTE
TRIES = {"changji": 3, "yunting": 2}
MISSED = Outcome(reached=False)
PLEASED = Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED)


def call(order: str, outcome: Outcome, *, actor: object = CARL, minutes: int = 0) -> None:
    record_callback(order=order, outcome=outcome, actor=actor, now=LATER + minutes * MINUTE)


def test_a_call_that_is_answered_is_what_the_order_is_judged_by() -> None:
    order = handled()
    call(
        order,
        Outcome(
            reached=True,
            contacted=True,
            resolved=False,
            satisfaction=Satisfaction.DISSATISFIED,
            remark="灯还是不亮",
        ),
    )
    found = row(order)
    assert (found.called_back, found.contacted, found.resolved, found.satisfaction) == (
        True,
        True,
        False,
        "dissatisfied",
    )
    assert found.state == "handled"
    assert words(order) == {"remark": "灯还是不亮"}
    assert "不亮" not in str(last_event(order))
    with refused(WrongState):
        call(order, PLEASED, minutes=1)


def test_unanswered_calls_are_counted_up_to_the_citys_number(each_city: str) -> None:
    order = handled()
    for place in range(TRIES[each_city]):
        call(order, MISSED, minutes=place)
        assert (row(order).called_back, row(order).satisfaction) == (False, None)
    assert [each.reached for each in Callback.objects.order_by("serial")] == [False] * TRIES[each_city]
    with refused(TooLate):
        call(order, PLEASED, minutes=9)


def test_reached_after_a_miss() -> None:
    order = handled()
    call(order, MISSED)
    call(order, PLEASED, minutes=1)
    assert (row(order).called_back, row(order).satisfaction) == (True, "satisfied")


@pytest.mark.parametrize(
    "known", [{"contacted": True}, {"resolved": False}, {"satisfaction": Satisfaction.SATISFIED}]
)
def test_of_a_call_that_wasnt_answered_nothing_is_known(known: dict[str, object]) -> None:
    with pytest.raises(BadValue) as caught:
        Outcome(reached=False, **known)
    assert caught.value.fix


def test_a_call_that_was_answered_has_a_rating_of_the_list() -> None:
    order = handled()
    with refused(Missing):
        call(order, Outcome(reached=True, resolved=True))
    with pytest.raises(BadValue):
        Outcome(reached=True, satisfaction="great")
    call(order, Outcome(reached=True, satisfaction=Satisfaction.NOT_RATED))


def test_nobody_calls_somebody_unknown_and_what_is_exempt_may_be_called() -> None:
    nobody, tip = handled(anonymous=True), handled(confidential=True)
    with refused(WrongState):
        call(nobody, PLEASED)
    call(tip, PLEASED)


def test_the_callback_comes_before_the_end_of_the_case_where_the_city_says_so(each_city: str) -> None:
    order = handled()
    if each_city == "yunting":
        with refused(WrongState):
            close_order(order=order, actor=RUTH, now=LATER)
        call(order, MISSED)
        with refused(WrongState):
            close_order(order=order, actor=RUTH, now=LATER)
        call(order, MISSED, minutes=1)
    close_order(order=order, actor=RUTH, now=LATER + 2 * MINUTE)
    assert row(order).state == "closed"
    reached = handled()
    call(reached, PLEASED)
    close_order(order=reached, actor=CARL, now=LATER + MINUTE)


def test_who_is_exempt_holds_nothing_up() -> None:
    for who in ({"anonymous": True}, {"confidential": True}):
        order = handled(**who)
        close_order(order=order, actor=RUTH, now=LATER)
        assert row(order).state == "closed"


def test_after_the_end_of_the_case_it_may_still_be_called() -> None:
    order = handled(anonymous=False)
    call(order, MISSED)
    call(order, PLEASED, minutes=1)
    close_order(order=order, actor=RUTH, now=LATER + 2 * MINUTE)
    with refused(WrongState):
        call(order, PLEASED, minutes=3)
    if not city().workflow.callbacks.before_close:
        later = handled()
        close_order(order=later, actor=RUTH, now=LATER)
        call(later, PLEASED, minutes=1)
        assert row(later).satisfaction == "satisfied"


def test_each_round_is_judged_by_its_own_call() -> None:
    order = handled()
    call(order, Outcome(reached=True, resolved=False, satisfaction=Satisfaction.DISSATISFIED))
    reopen_order(order=order, reason="没有修好", actor=BOB, now=LATER + MINUTE)
    with refused(WrongState):
        call(order, PLEASED, minutes=2)
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=LATER + 2 * MINUTE)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER + 3 * MINUTE)
    call(order, PLEASED, minutes=4)
    assert row(order).satisfaction == "satisfied"
    assert [(each.round, each.satisfaction) for each in Callback.objects.order_by("serial")] == [
        (0, "dissatisfied"),
        (1, "satisfied"),
    ]


def test_who_calls_and_a_citizen_rates_their_own() -> None:
    order = record_order(request=request(), actor=NUR, now=MONDAY).order
    dispatch_order(order=order, to=Assignment(lead=lead()), actor=BOB, now=MONDAY)
    sign_handling(order=order, handling=1, actor=liaison(lead()), now=MONDAY)
    with refused(WrongState):
        call(order, PLEASED)
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=MONDAY)
    pass_review(order=order, handling=1, actor=RUTH, now=MONDAY)
    for actor in (ALICE, BOB, RUTH, SUE, handler(lead())):
        with refused(NotAllowed):
            call(order, PLEASED, actor=actor)
    with refused(NoSuchOrder):
        call(order, PLEASED, actor=STRANGER)
    with refused(BadValue):
        call(order, Outcome(reached=False), actor=NUR)  # or the centre's tries would be used up
    call(order, PLEASED, actor=NUR)
    assert Callback.objects.get().called_by == NUR.ref
    assert handlings(order)[0].state == "closed"


def test_only_what_was_handled_is_called_about() -> None:
    fresh, waiting = recorded(), replied()
    for order in (fresh, waiting):
        with refused(WrongState):
            call(order, PLEASED)
