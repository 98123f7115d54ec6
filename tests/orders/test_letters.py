"""Letters to a leader's mailbox: orders of another channel, with topics of their own."""

import pytest
from cast import (
    ALICE,
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    clock,
    handler,
    last_event,
    lead,
    liaison,
    recorded,
    refused,
    reply,
    request,
    row,
)
from django.test import override_settings

from jieban.ledger.schema import Satisfaction
from jieban.orders.access import order_for
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order, publish_answer
from jieban.orders.actions.desk import Classification, answer_order, classify_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.record import record_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.actions.split import SplitPart, split_order
from jieban.orders.errors import BadValue
from jieban.people.city import city

pytestmark = pytest.mark.django_db
LATER = MONDAY + 10 * MINUTE


@pytest.fixture(autouse=True)
def changji() -> object:
    """The city that has mailboxes."""
    with override_settings(JIEBAN_PROFILE="changji"):
        yield


def topics(box: str) -> list[str]:
    return list(city().schemes[city().mailboxes[box].scheme])


def letter(box: str = "mayor", **what: object) -> str:
    return recorded(**{"mailbox": box, "channel": box, "topic": topics(box)[0], **what})


def transferred(order: str) -> None:
    dispatch_order(order=order, to=Assignment(lead=lead()), actor=BOB, now=LATER)
    sign_handling(order=order, handling=1, actor=liaison(lead()), now=LATER)
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=LATER)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER)


def test_each_box_has_its_own_topics() -> None:
    for box in city().mailboxes:
        order = letter(box)
        assert (row(order).mailbox, row(order).channel) == (box, box)
    strange = next(topic for topic in city().order_topics if topic not in topics("mayor"))
    with refused(BadValue):
        record_order(
            request=request(mailbox="mayor", channel="mayor", topic=strange), actor=ALICE, now=MONDAY
        )
    own = next(topic for topic in topics("mayor") if topic not in city().order_topics)
    with refused(BadValue):
        record_order(request=request(topic=own), actor=ALICE, now=MONDAY)


def test_a_letter_names_a_box_of_the_city_and_comes_by_its_channel_or_another() -> None:
    with refused(BadValue):
        record_order(
            request=request(mailbox="emperor", channel="mayor", topic=topics("mayor")[0]),
            actor=ALICE,
            now=MONDAY,
        )
    with refused(BadValue):
        record_order(request=request(channel="mayor"), actor=ALICE, now=MONDAY)
    by_web = letter(channel=next(iter(city().channels)))
    assert row(by_web).mailbox == "mayor"


def test_transferred_it_goes_the_way_of_every_order_with_clocks() -> None:
    order = letter()
    transferred(order)
    found = row(order)
    assert (found.state, found.disposition, found.closed_at) == ("handled", "dispatched", LATER)
    assert clock(order).stopped_at == clock(order, "close", 1).stopped_at == LATER
    record_callback(
        order=order,
        outcome=Outcome(reached=True, satisfaction=Satisfaction.SATISFIED),
        actor=CARL,
        now=LATER,
    )
    close_order(order=order, actor=RUTH, now=LATER)
    assert row(order).state == "closed"


def test_answered_directly_it_is_closed_at_once() -> None:
    order = letter()
    answer_order(order=order, answer="已转有关部门研究,谢谢来信。", actor=ALICE, now=LATER)
    found = row(order)
    assert (found.state, found.disposition, found.closed_at) == ("closed", "answered", LATER)


def test_the_answer_is_published_or_not() -> None:
    answered, sent = letter(), letter()
    answer_order(order=answered, answer="已转有关部门研究。", actor=ALICE, now=LATER)
    transferred(sent)
    for order in (answered, sent):
        assert not row(order).published
        publish_answer(order=order, published=True, actor=RUTH, now=LATER)
        assert row(order).published
        assert last_event(order)["changes"]["order"]["published"] == [False, True]


def test_a_letter_is_classified_and_split_within_its_box() -> None:
    order, (first, second) = letter(), topics("mayor")[:2]
    classify_order(order=order, classification=Classification(topic=second), actor=ALICE, now=LATER)
    assert row(order).topic == second
    strange = next(topic for topic in city().order_topics if topic not in topics("mayor"))
    with refused(BadValue):
        classify_order(order=order, classification=Classification(topic=strange), actor=ALICE, now=LATER)
    kind = next(iter(city().request_types))
    done = split_order(
        order=order,
        parts=[SplitPart(request_type=kind, topic=topic, summary="来信") for topic in (first, second)],
        actor=BOB,
        now=LATER,
    )
    assert {row(child).mailbox for child in done.children} == {"mayor"}


def test_who_wrote_it_follows_it_and_the_same_letter_is_one() -> None:
    what = {"mailbox": "mayor", "channel": "mayor", "topic": topics("mayor")[0], "channel_ref": "L-1"}
    order = record_order(request=request(**what), actor=NUR, now=MONDAY).order
    again = record_order(request=request(**what), actor=NUR, now=LATER)
    assert (again.order, again.new) == (order, False)
    assert order_for(NUR, order).number == order
