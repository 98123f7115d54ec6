"""Repeats: what the same person asked, or what was asked about the same matter, is found and linked."""

from datetime import timedelta
from pathlib import Path

import pytest
from cast import (
    ALICE,
    BOB,
    CARL,
    LEO,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    SUE,
    at,
    dispatched,
    handler,
    last_event,
    lead,
    recorded,
    refused,
    request,
    row,
    units,
)
from django.test import override_settings

from jieban.orders.actions.desk import answer_order
from jieban.orders.actions.links import link_repeat, unlink_repeat
from jieban.orders.actions.record import Request
from jieban.orders.actions.redaction import redact_order
from jieban.orders.audit.verify import verify
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.export import export_ledger
from jieban.orders.repeats import MOST, earlier_by_person, earlier_on_matter
from jieban.orders.secrets import Contact, Matter
from jieban.orders.states import RepeatBy
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=3)
DAYS = {"changji": 30, "yunting": 60}
changji = override_settings(JIEBAN_PROFILE="changji")


def by_person(of: str | Request, actor: Actor = ALICE) -> list[str]:
    return [each.order for each in earlier_by_person(of=of, actor=actor, now=LATER)]


def on_matter(of: str | Request, actor: Actor = ALICE) -> list[str]:
    return [each.order for each in earlier_on_matter(of=of, actor=actor, now=LATER)]


def place() -> dict[str, str]:
    profile = city()
    topic = next(each for each in profile.order_topics if profile.subtopics(profile.order_scheme, each))
    sub = next(iter(profile.subtopics(profile.order_scheme, topic)))
    return {"topic": topic, "subtopic": sub, "street": next(iter(profile.streets))}


@pytest.mark.usefixtures("each_city")
def test_the_same_number_however_it_is_written_the_latest_first() -> None:
    first = recorded(contact=Contact(name="古丽", phone="139 0000 0002"))
    second = recorded(contact=Contact(phone="+86-13900000002"), now=MONDAY + MINUTE)
    recorded(contact=Contact(phone="13900000003"))
    asked = request(contact=Contact(name="别名", phone="13900000002"))
    assert by_person(asked) == [second, first]
    third = recorded(contact=Contact(phone="13900000002"), now=LATER)
    assert by_person(third) == [second, first], "an order isn't its own repeat"
    assert by_person(second) == [first], "nor that of a later one"
    found = earlier_by_person(of=asked, actor=ALICE, now=LATER)[1]
    assert (found.by, found.state, found.received_at) == (RepeatBy.PERSON, "recorded", MONDAY + MINUTE)


def test_within_the_citys_calendar_days(each_city: str) -> None:
    days = DAYS[each_city]
    assert city().workflow.repeats.days == days
    edge = at("2025-06-30 00:00") - timedelta(days=days)
    inside, outside = recorded(now=edge), recorded(now=edge - MINUTE)
    asked = request(received_at=at("2025-06-30 23:59"))
    found = [each.order for each in earlier_by_person(of=asked, actor=ALICE, now=at("2025-07-01 08:00"))]
    assert inside in found
    assert outside not in found


@changji
def test_anonymous_numberless_and_redacted_persons_are_found_by_nothing() -> None:
    recorded(anonymous=True, contact=Contact(phone="13900000004"))
    recorded(contact=Contact(name="阿里"))
    gone = recorded(contact=Contact(phone="13900000004"))
    answer_order(order=gone, answer="已答复。", actor=ALICE, now=MONDAY + MINUTE)
    years = city().workflow.retention.person_days
    late = LATER + timedelta(days=years)
    assert by_person(request(contact=Contact(phone="13900000004"))) == [gone]
    redact_order(order=gone, actor=Actor.system(), now=late)
    for asked in (
        request(contact=Contact(phone="13900000004")),
        request(contact=Contact(phone="13900000004"), anonymous=True),
        request(contact=Contact(name="阿里")),
        request(contact=Contact(phone="没有")),
    ):
        assert by_person(asked) == []
    assert by_person(gone) == []


@changji
def test_a_confidential_order_and_another_are_never_offered_by_the_person() -> None:
    named, tip = recorded(), recorded(confidential=True, now=MONDAY + MINUTE)
    assert by_person(request()) == [named]
    assert by_person(request(confidential=True)) == [tip]
    later_tip = recorded(confidential=True, now=LATER)
    assert by_person(later_tip) == [tip]


@changji
def test_who_looks_for_a_person() -> None:
    order = dispatched()
    for actor in (ALICE, BOB, RUTH, CARL):
        assert by_person(request(), actor) == [order]
    for actor in (SUE, LEO, NUR, handler(lead())):
        with refused(NotAllowed):
            by_person(request(), actor)
    with refused(NoSuchOrder):
        by_person(order, NUR)
    with override_settings(JIEBAN_PROFILE="yunting"), refused(NotAllowed):
        by_person(request(), SUE)


@changji
def test_the_same_matter_is_topic_subtopic_and_street() -> None:
    where = place()
    same = recorded(**where, contact=Contact(phone="13900000009"))
    recorded(**{**where, "street": list(city().streets)[1]})
    recorded(**{**where, "subtopic": None})
    recorded(topic=where["topic"])
    assert on_matter(request(**where)) == [same]
    again = recorded(**where, now=LATER)
    assert on_matter(again) == [same]
    assert on_matter(request(topic=where["topic"], subtopic=where["subtopic"])) == [], "it lies nowhere"


@changji
def test_units_are_offered_what_is_in_their_hands_only() -> None:
    first, second = units(2)
    where = place()
    mine = dispatched(**where, to=first)
    dispatched(**where, to=second)
    assert on_matter(request(**where), handler(first)) == [mine]
    assert on_matter(request(**where), LEO) == []
    assert on_matter(request(**where), NUR) == []


def test_a_city_that_counts_no_repeats_by_the_matter_is_offered_none(each_city: str) -> None:
    where = place()
    order = recorded(**where)
    assert on_matter(request(**where)) == ([order] if each_city == "changji" else [])
    assert by_person(request()) == [order]


@changji
def test_of_very_many_the_latest_are_given() -> None:
    orders = [recorded(now=MONDAY + place * MINUTE) for place in range(MOST + 2)]
    assert by_person(request()) == orders[:1:-1]


@changji
def test_letters_and_orders_are_matters_of_their_own() -> None:
    box = city().mailboxes["mayor"]
    topic = next(iter(city().schemes[box.scheme]))
    street = next(iter(city().streets))
    letter = recorded(mailbox="mayor", channel="mayor", topic=topic, street=street)
    asked = request(mailbox="mayor", channel="mayor", topic=topic, street=street)
    assert on_matter(asked) == [letter]


@pytest.mark.usefixtures("each_city")
def test_a_link_tells_what_was_there_before_and_never_a_later_one_or_itself() -> None:
    first, second = recorded(), recorded(now=MONDAY + MINUTE)
    link_repeat(order=second, of=first, by=RepeatBy.MATTER, actor=ALICE, now=LATER)
    assert (row(second).repeat_of.number, row(second).repeat_by) == (first, "matter")
    assert last_event(second)["facts"]["of"] == first
    for order, of in ((first, second), (first, first), (second, second), (second, "nosuch")):
        with refused(BadValue):
            link_repeat(order=order, of=of, by=RepeatBy.PERSON, actor=ALICE, now=LATER)
    same = recorded(now=MONDAY)
    pair = sorted((same, first), key=lambda each: row(each).pk)
    link_repeat(order=pair[1], of=pair[0], by=RepeatBy.PERSON, actor=ALICE, now=LATER)
    with refused(BadValue):
        link_repeat(order=pair[0], of=pair[1], by=RepeatBy.PERSON, actor=ALICE, now=LATER)


@changji
def test_a_link_by_the_person_betrays_nobody() -> None:
    named = recorded()
    tip = recorded(confidential=True, now=MONDAY + MINUTE)
    nobody = recorded(anonymous=True, matter=Matter(content="灯不亮"), now=MONDAY + MINUTE)
    for order in (tip, nobody):
        with refused(BadValue):
            link_repeat(order=order, of=named, by=RepeatBy.PERSON, actor=ALICE, now=LATER)
        link_repeat(order=order, of=named, by=RepeatBy.MATTER, actor=ALICE, now=LATER)


def test_who_links() -> None:
    first, second = recorded(), recorded(now=MONDAY + MINUTE)
    for actor in (RUTH, SUE):
        with refused(NotAllowed):
            link_repeat(order=second, of=first, by=RepeatBy.PERSON, actor=actor, now=LATER)
    with refused(NoSuchOrder):
        link_repeat(order=second, of=first, by=RepeatBy.PERSON, actor=LEO, now=LATER)
    assert Role.LEADER in LEO.roles


def repeats() -> int:
    """How many orders the ledger calls repeats."""
    return sum(each["repeat_of"] is not None for each in export_ledger().orders.to_pylist())


@pytest.mark.usefixtures("each_city")
def test_a_wrong_link_is_taken_away_and_counts_no_more(tmp_path: Path) -> None:
    first = recorded()
    order, named = recorded(now=MONDAY + MINUTE), recorded(now=MONDAY + MINUTE, repeat_of=first)
    link_repeat(order=order, of=first, by=RepeatBy.PERSON, actor=ALICE, now=LATER)
    assert repeats() == 2
    for actor in (CARL, SUE, NUR):
        with refused(NoSuchOrder if actor == NUR else NotAllowed):
            unlink_repeat(order=order, reason="不是一个人", actor=actor, now=LATER)
    with refused(Missing):
        unlink_repeat(order=order, reason="", actor=BOB, now=LATER)
    unlink_repeat(order=order, reason="不是一个人", actor=BOB, now=LATER)
    told = last_event(order)
    assert (told["act"], told["facts"]["of"]) == ("unlink_repeat", first)
    assert told["changes"]["order"] == {"repeat_by": ["person", None], "repeat_of_id": [row(first).pk, None]}
    assert repeats() == 1
    with refused(WrongState):
        unlink_repeat(order=order, reason="再来一次", actor=RUTH, now=LATER)
    unlink_repeat(order=named, reason="另一件事", actor=RUTH, now=LATER)
    assert repeats() == 0
    link_repeat(order=order, of=first, by=RepeatBy.MATTER, actor=ALICE, now=LATER)
    assert repeats() == 1
    assert verify(anchors=tmp_path).found == ()
