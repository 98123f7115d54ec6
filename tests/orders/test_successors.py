"""A unit that ended in the midst of its work: whoever carries it on sees what was open, and acts on it."""

import pytest
from cast import ALICE, BOB, MINUTE, RUTH, at, handlings, last_event, recorded, refused, reply, row
from django.test import override_settings

from jieban.orders.access import handlings_for, orders_for
from jieban.orders.actions.contacts import read_contact
from jieban.orders.actions.dispatch import Assignment, add_unit, dispatch_order
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.returns import ask_return, decide_return, open_disputes
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import assign_handler, sign_handling
from jieban.orders.audit.verify import verify
from jieban.orders.errors import BadValue, NoSuchOrder, NotAllowed
from jieban.orders.face import face_of
from jieban.people.actor import Actor
from jieban.people.models import Account, Post
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db

OLD, NEW, OTHER = "stone-bridge", "sands", "city-order"
"""In the invented city 石桥镇 was merged into 沙洲 on the last day of 2024."""

BEGIN = at("2024-12-30 10:00")
LAST = at("2024-12-31 12:00")
AFTER = at("2025-01-02 10:00")


@pytest.fixture(autouse=True)
def yunting() -> object:
    with override_settings(JIEBAN_PROFILE="yunting"):
        yield


def person(account: int, role: Role, unit: str) -> Actor:
    return Actor(account=account, name="Somebody", posts=frozenset({(role, unit)}))


LIN, HANA, HUGO = (
    person(201, Role.LIAISON, NEW),
    person(202, Role.HANDLER, NEW),
    person(203, Role.HEAD, NEW),
)
LEFT = person(204, Role.LIAISON, OLD)
STRANGE = person(205, Role.LIAISON, OTHER)


def in_old_hands(**more: object) -> str:
    order = recorded(now=BEGIN)
    dispatch_order(order=order, to=Assignment(lead=OLD, **more), actor=BOB, now=BEGIN + MINUTE)
    return order


def test_the_successor_sees_and_does_all_that_its_predecessor_owed() -> None:
    order = in_old_hands()
    assert order in orders_for(LIN).values_list("number", flat=True)
    assert [each.unit for each in handlings_for(LIN)] == [OLD]
    assert face_of(LIN, order).handlings == (1,)
    with refused(NotAllowed):
        sign_handling(order=order, handling=1, actor=LIN, now=LAST)
    sign_handling(order=order, handling=1, actor=LIN, now=AFTER)
    assert last_event(order)["facts"]["role"] == "liaison"
    read_contact(order=order, purpose="clarify", actor=HANA, now=AFTER)
    ask_extension(order=order, handling=1, days=1, reason="刚刚接手", actor=HUGO, now=AFTER)
    reply_to_order(order=order, handling=1, reply=reply(), actor=HANA, now=AFTER + MINUTE)
    pass_review(order=order, handling=1, actor=RUTH, now=AFTER + MINUTE)
    assert (row(order).state, handlings(order)[0].unit) == ("handled", OLD)
    assert verify().clean


def test_whoever_has_a_post_in_the_ended_unit_still_may_and_a_stranger_never() -> None:
    order = in_old_hands()
    with refused(NoSuchOrder):
        sign_handling(order=order, handling=1, actor=STRANGE, now=AFTER)
    sign_handling(order=order, handling=1, actor=LEFT, now=AFTER)


def test_the_predecessors_people_have_nothing_of_the_successors() -> None:
    order = recorded(now=AFTER)
    dispatch_order(order=order, to=Assignment(lead=NEW), actor=BOB, now=AFTER)
    with refused(NoSuchOrder):
        sign_handling(order=order, handling=1, actor=LEFT, now=AFTER)
    assert order not in orders_for(LEFT).values_list("number", flat=True)


def test_its_people_deal_with_what_was_open() -> None:
    order = in_old_hands()
    sign_handling(order=order, handling=1, actor=LIN, now=AFTER)
    accounts = {}
    for name, unit in (("hana", NEW), ("olga", OTHER)):
        accounts[name] = Account.objects.create_user(name, display_name=name, joined_at=BEGIN)
        Post.objects.create(
            account=accounts[name], role=Role.HANDLER.value, unit=unit, valid_from=BEGIN.date()
        )
    with refused(BadValue):
        assign_handler(order=order, handling=1, account=accounts["olga"].pk, actor=HUGO, now=AFTER)
    assign_handler(order=order, handling=1, account=accounts["hana"].pk, actor=HUGO, now=AFTER)
    assert handlings(order)[0].assignee == accounts["hana"].pk


def test_what_it_has_already_is_not_given_to_it_again_and_what_it_returns_goes_to_another() -> None:
    order = in_old_hands()
    with refused(BadValue):
        add_unit(order=order, unit=NEW, actor=BOB, now=AFTER)
    late = at("2024-12-31 16:00")
    asked = recorded(now=late)
    dispatch_order(order=asked, to=Assignment(lead=OLD), actor=BOB, now=late)
    ask_return(order=asked, handling=1, reason="不属我镇", actor=LIN, now=AFTER)
    assert [each.order for each in open_disputes(LIN, AFTER)] == [asked]
    for unit in (OLD, NEW):
        with refused(BadValue):
            decide_return(
                order=asked, handling=1, granted=True, reason="同意", next_unit=unit, actor=BOB, now=AFTER
            )
    decide_return(order=asked, handling=1, granted=True, reason="同意", next_unit=OTHER, actor=BOB, now=AFTER)
    assert face_of(ALICE, asked).handlings == (1, 2)
