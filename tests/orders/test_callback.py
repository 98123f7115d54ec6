"""Callbacks: tried so often, reached once a round, with what can be known; before or after the case is closed."""

from pathlib import Path
from typing import Any

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
from jieban.orders.actions.callback import Outcome, correct_callback, record_callback
from jieban.orders.actions.closing import close_order, reopen_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.record import record_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.audit.verify import verify
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, TooLate, WrongState
from jieban.orders.export import export_ledger
from jieban.orders.models import Callback
from jieban.people.actor import Actor
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


ANGRY = Outcome(reached=True, contacted=False, resolved=False, satisfaction=Satisfaction.DISSATISFIED)


def mend(order: str, outcome: Outcome, *, serial: int = 1, minutes: int = 30, **given: Any) -> None:
    how = {"reason": "按错了键", "actor": RUTH} | given
    correct_callback(order=order, callback=serial, outcome=outcome, now=LATER + minutes * MINUTE, **how)


def exported(order: str) -> dict[str, Any]:
    return next(each for each in export_ledger().orders.to_pylist() if each["order_no"] == order)


def judged(order: str) -> tuple[object, ...]:
    """What the ledger says of an order, which is what its row says."""
    told, found = exported(order), row(order)
    said = (told["called_back"], told["contacted"], told["resolved"], told["satisfaction"])
    assert said == (
        bool(found.called_back),
        found.contacted,
        found.resolved,
        found.satisfaction or "not_rated",
    )
    return said


def test_a_rating_that_was_mistyped_changes_what_the_order_is_judged_by(tmp_path: Path) -> None:
    order = handled()
    call(order, PLEASED)
    assert judged(order) == (True, True, True, "satisfied")
    mend(order, ANGRY)
    assert judged(order) == (True, False, False, "dissatisfied")
    told = last_event(order)
    assert told["act"] == "correct_callback"
    assert told["changes"]["callback:1"]["satisfaction"] == ["satisfied", "dissatisfied"]
    assert told["changes"]["order"]["resolved"] == [True, False]
    assert words(order) == {"reason": "按错了键"}
    (row_,) = [each for each in export_ledger().callbacks.to_pylist() if each["order_no"] == order]
    assert (row_["satisfaction"], row_["resolved"], row_["reached"]) == ("dissatisfied", False, True)
    with refused(Missing):
        mend(order, ANGRY)
    with refused(Missing):
        mend(order, PLEASED, reason=" ")
    assert verify(anchors=tmp_path).found == ()


def test_a_wrong_line_was_dialled_after_all(tmp_path: Path) -> None:
    order = handled()
    call(order, PLEASED)
    mend(order, MISSED)
    assert judged(order) == (False, None, None, "not_rated")
    call(order, ANGRY, minutes=40)
    assert judged(order)[3] == "dissatisfied"
    with refused(WrongState):
        mend(order, PLEASED, minutes=50)  # one in a round is what counts
    mend(order, PLEASED, serial=2, minutes=50)
    assert judged(order)[3] == "satisfied"
    assert verify(anchors=tmp_path).found == ()


def test_a_remark_is_written_anew_and_the_old_one_stays_in_the_trail() -> None:
    order = handled()
    call(order, Outcome(reached=True, satisfaction=Satisfaction.SATISFIED, remark="灯亮了"))
    mend(order, Outcome(reached=True, satisfaction=Satisfaction.SATISFIED, remark="灯没亮"))
    called, mended = row(order).words.order_by("seq").values_list("seq", flat=True).reverse()[:2][::-1]
    assert (words(order, called), words(order, mended)) == (
        {"remark": "灯亮了"},
        {"reason": "按错了键", "remark": "灯没亮"},
    )
    told = export_ledger(words=True).callbacks.to_pylist()
    assert [each["remark"] for each in told] == ["灯没亮"]
    mend(order, ANGRY, minutes=31)
    assert export_ledger(words=True).callbacks.to_pylist()[0]["remark"] == "灯没亮"


def test_what_cant_be_mended() -> None:
    order = handled()
    call(order, PLEASED)
    for serial in (0, 2):
        with refused(BadValue):
            mend(order, ANGRY, serial=serial)
    with refused(Missing):
        mend(order, Outcome(reached=True, resolved=True))
    for actor in (ALICE, BOB, CARL, SUE, handler(lead())):
        with refused(NotAllowed):
            mend(order, ANGRY, actor=actor)
    both = Actor(account=CARL.account, name="Both", posts=CARL.posts | RUTH.posts)
    with refused(NotAllowed):
        mend(order, ANGRY, actor=both)  # nobody mends what they recorded


def test_what_a_citizen_rated_is_nobodys_mistake() -> None:
    order = record_order(request=request(), actor=NUR, now=MONDAY).order
    dispatch_order(order=order, to=Assignment(lead=lead()), actor=BOB, now=MONDAY)
    sign_handling(order=order, handling=1, actor=liaison(lead()), now=MONDAY)
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=MONDAY)
    pass_review(order=order, handling=1, actor=RUTH, now=MONDAY)
    call(order, ANGRY, actor=NUR)
    with refused(WrongState):
        mend(order, PLEASED)


def test_a_reopened_order_is_judged_by_nobody_until_it_is_called_about_again(tmp_path: Path) -> None:
    order = handled()
    call(order, ANGRY)
    assert judged(order)[3] == "dissatisfied"
    reopen_order(order=order, reason="没有修好", actor=BOB, now=LATER + MINUTE)
    found = row(order)
    assert (found.called_back, found.contacted, found.resolved, found.satisfaction) == (None,) * 4
    told = exported(order)
    assert (told["called_back"], told["resolved"], told["satisfaction"]) == (None, None, None)
    mend(order, PLEASED, minutes=2)
    again = row(order)
    assert (again.called_back, again.satisfaction) == (None, None), (
        "the first round's call is mended, and that is all"
    )
    mend(order, ANGRY, minutes=2)
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=LATER + 3 * MINUTE)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER + 4 * MINUTE)
    assert judged(order) == (False, None, None, "not_rated")
    call(order, MISSED, minutes=5)
    assert judged(order) == (False, None, None, "not_rated")
    assert [each["satisfaction"] for each in export_ledger().callbacks.to_pylist()] == ["dissatisfied", None]
    call(order, PLEASED, minutes=6)
    assert judged(order) == (True, True, True, "satisfied")
    assert verify(anchors=tmp_path).found == ()
