"""Corrections: with a reason, kept in the trail, clocks counted anew from where they began."""

from datetime import timedelta
from pathlib import Path

import pytest
from by_hand import CLOSE_DAYS, due
from cast import (
    ALICE,
    BOB,
    LEO,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    SUE,
    clock,
    dispatched,
    handled,
    handler,
    handlings,
    last_event,
    lead,
    liaison,
    recorded,
    refused,
    reply,
    request,
    row,
    signed,
    units,
    words,
)

from jieban.orders.access import find_by_phone
from jieban.orders.actions.closing import archive_order, close_order, publish_answer
from jieban.orders.actions.contacts import read_contact
from jieban.orders.actions.correct import Coordinates, Correction, correct_order
from jieban.orders.actions.desk import Classification, answer_order, classify_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.links import link_repeat
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.actions.record import record_order
from jieban.orders.actions.reply import Reply, reply_to_order
from jieban.orders.actions.sign import sign_handling
from jieban.orders.audit.verify import verify
from jieban.orders.clocks import ChangeKind, read_changes
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.face import face_of
from jieban.orders.models import Event
from jieban.orders.secrets import Contact, Matter, contact_of, lock_of, matter_of
from jieban.orders.states import RepeatBy
from jieban.orders.view import view_of
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


WHO_IS_IT = Contact(name="古丽·买买提", phone="13900000777")


def shown_to_unit(order: str) -> Contact | None:
    return face_of(handler(lead()), order).requester


@pytest.mark.parametrize(
    "hidden", [{"anonymous": True}, {"confidential": True}], ids=lambda what: next(iter(what))
)
def test_whoever_must_not_be_known_is_hidden_at_once(hidden: dict[str, bool], tmp_path: Path) -> None:
    order = signed(contact=WHO_IS_IT)
    unit = handler(lead())
    assert shown_to_unit(order) == Contact(name="古*", phone="139****0777")
    assert read_contact(order=order, purpose="handle", actor=unit, now=LATER) == WHO_IS_IT
    correct(order, **hidden)
    (flag,) = hidden
    assert last_event(order)["changes"]["order"] == {flag: [False, True]}
    assert shown_to_unit(order) is None
    assert view_of(row(order)).requester is None
    with refused(Missing if flag == "anonymous" else NotAllowed):
        read_contact(order=order, purpose="handle", actor=unit, now=LATER)
    found = [each.number for each in find_by_phone(ALICE, "13900000777")]
    assert found == ([] if flag == "anonymous" else [order])
    assert verify(anchors=tmp_path).found == ()


@pytest.mark.parametrize(
    "hidden", [{"anonymous": True}, {"confidential": True}], ids=lambda what: next(iter(what))
)
def test_of_whom_nobody_may_speak_a_reply_need_not_tell(hidden: dict[str, bool]) -> None:
    (who,) = hidden
    away = {each.code for each in city().workflow.reply if who in each.not_for}
    assert away
    order = signed()
    fields = {code: text for code, text in reply().fields.items() if code not in away}
    with refused(Missing):
        reply_to_order(order=order, handling=1, reply=Reply(fields=fields), actor=handler(lead()), now=LATER)
    correct(order, **hidden)
    reply_to_order(order=order, handling=1, reply=Reply(fields=fields), actor=handler(lead()), now=LATER)
    back = signed(now=MONDAY - 9 * MINUTE, **hidden)
    correct(back, **{who: False})
    with refused(Missing):
        reply_to_order(order=back, handling=1, reply=Reply(fields=fields), actor=handler(lead()), now=LATER)


def test_who_was_named_by_mistake_is_forgotten_with_the_same_correction(tmp_path: Path) -> None:
    order = recorded(contact=WHO_IS_IT)
    correct(order, anonymous=True, contact=Contact())
    secret = row(order).secret
    assert (secret.contact, secret.phone_index) == (None, None)
    with refused(Missing):
        correct(order, anonymous=False)
    correct(order, anonymous=False, contact=WHO_IS_IT)
    assert [each.number for each in find_by_phone(ALICE, "13900000777")] == [order]
    assert verify(anchors=tmp_path).found == ()


def test_no_clock_stands_still_for_somebody_who_is_known_no_longer(each_city: str) -> None:
    order = signed()
    pause_handling(order=order, handling=1, reason="等指认灯杆", actor=handler(lead()), now=LATER)
    correct(order, confidential=True)
    assert handlings(order)[0].state == "paused", "the centre can still ask"
    later = LATER + timedelta(days=1)
    correct_order(
        order=order, correction=Correction(anonymous=True), reason="本人要求匿名", actor=BOB, now=later
    )
    assert (handlings(order)[0].state, row(order).state) == ("handling", "handling")
    for close in (clock(order), clock(order, "close", 1)):
        assert close.paused_at is None
        (change,) = [each for each in read_changes(close.changes) if each.kind is ChangeKind.PAUSE]
        assert (change.at, change.until) == (LATER, later)
    days = CLOSE_DAYS[each_city]["handling"]
    assert clock(order, "close", 1).due_at > due(each_city, MONDAY, days)
    filed = record_order(request=request(), actor=NUR, now=MONDAY).order
    dispatch_order(order=filed, to=Assignment(lead=lead()), actor=BOB, now=MONDAY)
    sign_handling(order=filed, handling=1, actor=liaison(lead()), now=MONDAY)
    pause_handling(order=filed, handling=1, reason="等照片", actor=handler(lead()), now=MONDAY)
    correct(filed, anonymous=True)
    assert handlings(filed)[0].state == "paused", "who filed it online answers there"


@pytest.mark.parametrize(
    "hidden", [{"anonymous": True}, {"confidential": True}], ids=lambda what: next(iter(what))
)
def test_links_by_the_person_that_would_tell_who_it_is_are_taken_away(
    hidden: dict[str, bool], tmp_path: Path
) -> None:
    first, order, third, other = (recorded(now=MONDAY + turn * MINUTE) for turn in range(4))
    link_repeat(order=order, of=first, by=RepeatBy.PERSON, actor=ALICE, now=LATER)
    link_repeat(order=third, of=order, by=RepeatBy.PERSON, actor=ALICE, now=LATER)
    link_repeat(order=other, of=order, by=RepeatBy.MATTER, actor=ALICE, now=LATER)
    correct(order, urgency=Urgency.URGENT)
    assert (row(order).repeat_of, row(third).repeat_of) == (row(first), row(order))
    correct(order, **hidden)
    assert (row(order).repeat_of, row(order).repeat_by, row(third).repeat_of) == (None, None, None)
    told = last_event(third)
    assert (told["act"], told["facts"]["of"]) == ("unlink_repeat", order)
    assert row(other).repeat_of == row(order), "the same matter tells of nobody"
    assert verify(anchors=tmp_path).found == ()


def test_a_place_is_mended_and_taken_away(tmp_path: Path) -> None:
    sub = next(iter(city().subtopics(city().order_scheme, next(iter(city().order_topics)))), None)
    order = recorded(
        street=next(iter(city().streets)),
        community="东村",
        subtopic=sub,
        matter=Matter(content="灯不亮", address="一号楼", longitude="87.3", latitude="44.0"),
    )
    correct(order, coordinates=Coordinates(longitude="87.31", latitude="44.02"))
    assert set(last_event(order)["commitments"]) >= {"matter/longitude", "matter/latitude"}
    assert "87.31" not in "".join(Event.objects.values_list("data", flat=True))
    assert matter(order) == Matter(content="灯不亮", address="一号楼", longitude="87.31", latitude="44.02")
    for wrong in (Coordinates(longitude="187", latitude="44"), Coordinates(longitude="87")):
        with refused(BadValue):
            correct(order, coordinates=wrong)
    correct(order, coordinates=Coordinates(), address="")
    assert matter(order) == Matter(content="灯不亮")
    correct(order, community="", subtopic="")
    assert (row(order).community, row(order).subtopic, row(order).street) == (
        None,
        None,
        next(iter(city().streets)),
    )
    correct(order, community="西村")
    correct(order, street="")
    assert (row(order).street, row(order).community) == (None, None)
    with refused(Missing):
        correct(order, summary=" ")
    assert verify(anchors=tmp_path).found == ()


def matter(order: str) -> Matter:
    secret = row(order).secret
    return matter_of(lock_of(secret, order, keyring()), secret)


def test_a_request_that_is_classified_as_confidential_tells_of_nobody_either() -> None:
    first, order = recorded(), recorded(now=MONDAY + MINUTE)
    link_repeat(order=order, of=first, by=RepeatBy.PERSON, actor=ALICE, now=LATER)
    hidden = Classification(confidential=True)
    classify_order(order=order, classification=hidden, actor=ALICE, now=LATER)
    assert (row(order).confidential, row(order).repeat_of, row(order).repeat_by) == (True, None, None)
    assert last_event(order)["facts"]["of"] == first
