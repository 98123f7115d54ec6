"""Reading a contact in full is an act."""

import json

import pytest
from cast import (
    ADAM,
    ALICE,
    ANNA,
    BOB,
    CARL,
    LEO,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    STRANGER,
    SUE,
    SYSTEM,
    dispatched,
    handler,
    head,
    liaison,
    recorded,
    refused,
    replied,
    units,
)

from jieban.orders.actions.closing import reopen_order
from jieban.orders.actions.contacts import Purpose, read_contact
from jieban.orders.actions.review import pass_review
from jieban.orders.audit.verify import verify
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.models import Event
from jieban.orders.secrets import Contact
from jieban.people.actor import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]

LATER = MONDAY + 30 * MINUTE
WHO = Contact(name="买买提·艾力", phone="13900000001")


def read(order: str, actor: Actor, purpose: str = Purpose.CLARIFY) -> Contact:
    return read_contact(order=order, purpose=purpose, actor=actor, now=LATER)


def events(order: str) -> int:
    return Event.objects.filter(order__number=order).count()


def test_a_reading_is_recorded_with_who_and_what_for() -> None:
    unit = units()[0]
    order = dispatched(to=unit)
    for seq, actor in enumerate((ALICE, BOB, RUTH, CARL, liaison(unit), handler(unit)), start=3):
        assert read(order, actor, Purpose.CALL_BACK) == WHO
        event = Event.objects.get(order__number=order, seq=seq)
        assert (event.act, event.actor) == ("read_contact", actor.ref)
        assert json.loads(event.data)["facts"]["purpose"] == "call_back"
        assert "买" not in event.data
    assert verify().clean


@pytest.mark.parametrize("confidential", [False, True])
def test_whoever_may_not_leaves_nothing_behind(confidential: bool) -> None:
    first, second = units(2)
    order = dispatched(to=first, confidential=confidential)
    before = events(order)
    hidden = [SUE, SYSTEM, head(first)] + ([liaison(first), handler(first)] if confidential else [])
    for actor in hidden:
        with pytest.raises(NotAllowed):
            read(order, actor)
    for actor in (liaison(second), handler(second), LEO, ANNA, ADAM, NUR, STRANGER):
        with pytest.raises(NoSuchOrder):
            read(order, actor)
    assert events(order) == before
    assert read(order, ALICE) == WHO


def test_a_unit_that_has_done_its_part_reads_no_more_until_it_is_asked_again() -> None:
    first, second = units(2)
    order = replied(to=first, assisting=[second])
    for unit in (first, second):
        assert read(order, liaison(unit)) == WHO
    pass_review(order=order, handling=2, actor=RUTH, now=LATER)
    assert read(order, handler(first)) == WHO
    for actor in (liaison(second), handler(second)):
        with refused(WrongState):
            read(order, actor)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER)
    with refused(WrongState):
        read(order, liaison(first))
    assert read(order, CARL) == WHO
    reopen_order(order=order, reason="没有修好", actor=BOB, now=LATER)
    assert read(order, liaison(first)) == WHO


def test_an_anonymous_requester_has_no_contact() -> None:
    order = recorded(anonymous=True, contact=Contact(phone="13900000001"))
    with pytest.raises(Missing) as refused:
        read(order, ALICE)
    assert "匿名" in str(refused.value)
    assert events(order) == 1


def test_a_purpose_is_one_of_the_list() -> None:
    order = recorded()
    with pytest.raises(BadValue):
        read(order, ALICE, "curiosity")
    assert events(order) == 1
