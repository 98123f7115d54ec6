"""How citizens prove that an order is theirs, and what follows from it."""

import pytest
from cast import ALICE, BOB, MINUTE, MONDAY, NUR, handler, lead, recorded, refused, replied, request, signed

from jieban.orders.access import order_for, orders_for
from jieban.orders.actions.correct import Correction, correct_order
from jieban.orders.actions.pauses import pause_handling, resume_handling
from jieban.orders.actions.record import record_order
from jieban.orders.actions.supervise import urge_order
from jieban.orders.errors import NoSuchOrder
from jieban.orders.face import face_of
from jieban.orders.models import Order
from jieban.orders.possible import possible
from jieban.orders.requesters import plain_code, proven_requester, reference_of, requester_of
from jieban.orders.secrets import Contact
from jieban.people.actor import Actor
from jieban.people.acts import Act

pytestmark = pytest.mark.django_db
CODE = "7KQ2-9F3M-XA4T"
PHONE = "13900000001"


def _filed(**changes: object) -> str:
    actor = Actor.citizen(reference_of(CODE))
    return record_order(request=request(**changes), actor=actor, now=MONDAY).order


@pytest.mark.parametrize("said", [PHONE, "139 0000 0001", "+86-13900000001", "13900000001"])
def test_the_number_that_was_left_proves_it_however_it_is_written(said: str) -> None:
    number = recorded()
    actor = proven_requester(number, said)
    assert actor is not None
    assert order_for(actor, number).number == number
    assert [each.number for each in orders_for(actor)] == [number]


@pytest.mark.parametrize("said", ["", "1", "13900000002", "买买提", "0", "\x00", CODE])
def test_nothing_else_proves_anything(said: str) -> None:
    number = recorded()
    assert proven_requester(number, said) is None
    assert proven_requester("nowhere", said) is None


def test_a_code_proves_what_was_filed_without_a_name() -> None:
    number = _filed(anonymous=True, contact=Contact())
    for said in (CODE, "7kq2 9f3m xa4t", "7KQ29F3MXA4T"):
        actor = proven_requester(number, said)
        assert actor == Actor.citizen(reference_of(CODE))
    assert proven_requester(number, "7KQ2-9F3M-XA4V") is None
    assert plain_code("oil-1") == "0111"


def test_an_anonymous_caller_is_not_found_by_the_number_they_called_from() -> None:
    number = recorded(anonymous=True, contact=Contact(phone=PHONE))
    assert proven_requester(number, PHONE) is None
    assert requester_of(Order.objects.get(number=number)) is None


def test_who_becomes_anonymous_is_proven_by_their_number_no_more() -> None:
    number = recorded()
    before = proven_requester(number, PHONE)
    assert before is not None
    anonymous = Correction(anonymous=True)
    correct_order(order=number, correction=anonymous, reason="本人要求", actor=BOB, now=MONDAY + MINUTE)
    assert proven_requester(number, PHONE) is None
    with refused(NoSuchOrder):
        urge_order(order=number, actor=before, now=MONDAY + 2 * MINUTE)


def test_an_orders_number_is_nobodys_reference_where_another_was_given() -> None:
    number = _filed()
    with pytest.raises(NoSuchOrder):
        order_for(Actor.citizen(number), number)
    assert proven_requester(number, PHONE) == Actor.citizen(reference_of(CODE))


def test_a_caller_is_asked_and_answers_and_is_offered_only_what_is_theirs() -> None:
    number = signed()
    pause_handling(
        order=number, handling=1, reason="哪一盏灯?", actor=handler(lead()), now=MONDAY + 3 * MINUTE
    )
    actor = proven_requester(number, PHONE)
    assert actor is not None
    order = order_for(actor, number)
    offered = {
        each.act for each in possible(actor, order, order.handlings.all(), (), now=MONDAY + 3 * MINUTE)
    }
    assert offered == {Act.RESUME, Act.ATTACH, Act.WITHDRAW_EVIDENCE, Act.URGE}
    assert {"reason": "哪一盏灯?"} in face_of(actor, number).words.values()
    resume_handling(order=number, handling=1, remark="门口那盏", actor=actor, now=MONDAY + 4 * MINUTE)
    assert order_for(ALICE, number).trail.last().actor == f"citizen:{number}"


def test_somebody_elses_reference_sees_nothing() -> None:
    number = replied()
    for other in (NUR, Actor.citizen("Z" * 20), Actor.citizen()):
        assert not orders_for(other).exists()
        with pytest.raises(NoSuchOrder):
            face_of(other, number)
