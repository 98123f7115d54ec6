"""Corrections: with a reason, kept in the trail, clocks counted anew from where they began."""

from pathlib import Path

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
    clock,
    dispatched,
    handled,
    handler,
    last_event,
    lead,
    recorded,
    refused,
    row,
    signed,
    units,
    words,
)

from jieban.orders.access import find_by_phone
from jieban.orders.actions.closing import archive_order, close_order, publish_answer
from jieban.orders.actions.correct import Correction, correct_order
from jieban.orders.actions.desk import answer_order
from jieban.orders.audit.verify import verify
from jieban.orders.clocks import read_changes
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.models import Event
from jieban.orders.secrets import Contact, contact_of, lock_of, matter_of
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.profile.model import Urgency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 60 * MINUTE


def correct(order: str, *, reason: str = "登记时选错", actor: Actor = BOB, **what: object) -> None:
    correct_order(order=order, correction=Correction(**what), reason=reason, actor=actor, now=LATER)


def test_codes_are_told_old_and_new_with_the_reason_sealed() -> None:
    profile = city()
    first, second = list(profile.streets)[:2]
    order = recorded(street=first)
    kind = next(code for code in profile.request_types if code != row(order).request_type)
    old = row(order).request_type
    correct(order, request_type=kind, street=second)
    assert last_event(order)["changes"]["order"] == {"request_type": [old, kind], "street": [first, second]}
    assert words(order) == {"reason": "登记时选错"}


def test_personal_values_are_told_as_commitments_only(tmp_path: Path) -> None:
    order = recorded()
    before = last_event(order)["commitments"]
    correct(
        order,
        contact=Contact(name="古丽·买买提", phone="13900000777"),
        summary="路灯坏了",
        address="二号楼",
    )
    told = last_event(order)
    assert set(told["commitments"]) >= {"contact/name", "contact/phone", "matter/summary", "matter/address"}
    assert all(told["commitments"][name] != before[name] for name in before if name in told["commitments"])
    trail = "".join(Event.objects.values_list("data", flat=True))
    assert not [word for word in ("古丽", "13900000777", "路灯", "二号楼") if word in trail]
    secret = row(order).secret
    lock = lock_of(secret, order, keyring())
    assert contact_of(lock, secret) == Contact(name="古丽·买买提", phone="13900000777")
    assert matter_of(lock, secret).content == "小区门口的路灯三天不亮了。", "what was said stays"
    assert [each.number for each in find_by_phone(ALICE, "139 0000 0777")] == [order]
    assert not find_by_phone(ALICE, "13900000001")
    assert verify(anchors=tmp_path).found == ()


def test_a_name_or_a_number_is_taken_away(tmp_path: Path) -> None:
    order = recorded()
    correct(order, contact=Contact(phone="13900000001"))
    secret = row(order).secret
    assert contact_of(lock_of(secret, order, keyring()), secret) == Contact(phone="13900000001")
    nobody = recorded(anonymous=True)
    correct(nobody, contact=Contact())
    assert row(nobody).secret.phone_index is None
    with refused(Missing):
        correct(order, contact=Contact())
    assert verify(anchors=tmp_path).found == ()


def test_another_urgency_counts_every_clock_anew_from_its_own_start() -> None:
    order = signed(assisting=units(2)[1:])
    correct(order, urgency=Urgency.EMERGENCY)
    for handling in (None, 1, 2):
        close = clock(order, "close", handling)
        assert (close.due_at - (MONDAY + MINUTE)).total_seconds() in {4 * 3600, 2 * 3600}
        assert read_changes(close.changes)[-1].why == "correct"
        assert clock(order, "sign", handling).stopped_at is not None


def test_a_correction_gives_nobody_time_that_had_passed(each_city: str) -> None:
    order = signed(urgency=Urgency.URGENT)
    correct(order, urgency=Urgency.NORMAL)
    days = CLOSE_DAYS[each_city]
    assert clock(order).due_at == due(each_city, MONDAY, days["order"])
    assert clock(order, "close", 1).due_at == due(each_city, MONDAY, days["handling"])


def test_a_late_closing_is_late_by_the_rule_that_holds() -> None:
    order = handled()
    stopped = clock(order).stopped_at
    correct(order, urgency=Urgency.EMERGENCY)
    assert clock(order).stopped_at == stopped
    assert row(order).state == "handled"


def test_a_new_topic_takes_no_subtopic_of_the_old_and_the_same_keeps_it() -> None:
    profile = city()
    first, second = list(profile.order_topics)[:2]
    sub = next(iter(profile.subtopics(profile.order_scheme, first)))
    order = recorded(topic=first, subtopic=sub)
    correct(order, topic=first, urgency=Urgency.URGENT)
    assert row(order).subtopic == sub
    correct(order, topic=second)
    assert (row(order).topic, row(order).subtopic) == (second, None)


def test_another_street_has_another_community() -> None:
    first, second = list(city().streets)[:2]
    order = recorded(street=first, community="东村")
    correct(order, street=second)
    assert row(order).community is None
    correct(order, community="西村")
    assert (row(order).street, row(order).community) == (second, "西村")


def test_what_becomes_confidential_is_published_no_longer() -> None:
    order = recorded()
    answer_order(order=order, answer="请拨打供电热线。", actor=ALICE, now=LATER)
    publish_answer(order=order, published=True, actor=RUTH, now=LATER)
    correct(order, confidential=True)
    assert (row(order).confidential, row(order).published) == (True, False)


def test_a_correction_of_nothing_or_without_a_reason_is_refused() -> None:
    order = recorded()
    with refused(Missing):
        correct(order)
    with refused(Missing):
        correct(order, urgency=Urgency.NORMAL)
    with refused(Missing):
        correct(order, contact=Contact(name="买买提·艾力", phone="13900000001"), summary="路灯不亮")
    with refused(Missing):
        correct(order, urgency=Urgency.URGENT, reason=" ")


@pytest.mark.parametrize(
    "what",
    [
        {"request_type": "x"},
        {"topic": "x"},
        {"subtopic": "x"},
        {"street": "x"},
        {"community": "长" * 101},
        {"summary": "长" * 20_001},
        {"address": "长" * 501},
        {"contact": Contact(name="名" * 101)},
    ],
    ids=lambda what: next(iter(what)),
)
def test_what_cant_be_is_refused(what: dict[str, object]) -> None:
    order = recorded()
    with refused(BadValue):
        correct(order, **what)
    with refused(BadValue):
        correct(order, urgency=Urgency.URGENT, reason="长" * 20_001)


def test_who_corrects_and_until_when() -> None:
    order = dispatched()
    for actor in (ALICE, SUE, handler(lead())):
        with refused(NotAllowed):
            correct(order, actor=actor, urgency=Urgency.URGENT)
    with refused(NoSuchOrder):
        correct(order, actor=LEO, urgency=Urgency.URGENT)
    correct(order, actor=RUTH, urgency=Urgency.URGENT)
    away = handled(confidential=True)
    close_order(order=away, actor=RUTH, now=LATER)
    correct(away, urgency=Urgency.URGENT)
    archive_order(order=away, actor=RUTH, now=LATER)
    with refused(WrongState):
        correct(away, urgency=Urgency.NORMAL)
