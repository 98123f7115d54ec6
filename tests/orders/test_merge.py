"""Merging, and undoing it: every row of the order stands as it stood."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

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
    clock,
    dispatched,
    footprint,
    handled,
    handler,
    handlings,
    head,
    last_event,
    lead,
    liaison,
    recorded,
    refused,
    replied,
    reply,
    request,
    row,
    signed,
    units,
    words,
)
from django.conf import settings
from django.test import override_settings

from jieban.ledger.schema import Satisfaction
from jieban.orders.access import orders_for
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import archive_order, close_order
from jieban.orders.actions.contacts import read_contact
from jieban.orders.actions.correct import Correction, correct_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.extensions import ask_extension, decide_extension
from jieban.orders.actions.merge import merge_order, unmerge_order
from jieban.orders.actions.pauses import pause_handling, resume_handling
from jieban.orders.actions.record import record_order
from jieban.orders.actions.reply import reply_to_order, withdraw_reply
from jieban.orders.actions.returns import ask_return
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.audit.verify import verify
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.face import face_of
from jieban.orders.secrets import Contact, Matter
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.profile.model import Urgency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 60 * MINUTE
URGENT = {True: timedelta(hours=48), False: timedelta(hours=24)}
"""What an urgent order has, and what a handling of it."""
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 20


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    there = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "evidence": there}):
        yield


def merge(
    order: str, into: str, *, actor: Actor = BOB, now: object = LATER, reason: str = "同一盏路灯"
) -> None:
    merge_order(order=order, into=into, reason=reason, actor=actor, now=now)


def unmerge(
    order: str, *, actor: Actor = BOB, now: object = LATER + MINUTE, reason: str = "不是同一盏"
) -> None:
    unmerge_order(order=order, reason=reason, actor=actor, now=now)


def rows(order: str) -> dict[str, list[dict[str, Any]]]:
    """All columns of all the order's rows, but those that every act moves."""
    pk, found = row(order).pk, {}
    for table, each in footprint().items():
        if table in {"Event", "Words", "NumberCounter"}:
            continue
        own = (
            [it for it in each if it.get("order_id", it.get("id")) == pk]
            if table != "Order"
            else [it for it in each if it["id"] == pk]
        )
        found[table] = [{k: v for k, v in it.items() if k not in {"head", "events", "last_at"}} for it in own]
    return found


def busy() -> str:
    """An order with a paused lead, a unit that asked for time and to return, evidence and an extension."""
    first, second, third = units(3)
    order = dispatched(to=first, assisting=[second, third])
    for serial, unit in ((1, first), (2, second)):
        sign_handling(order=order, handling=serial, actor=liaison(unit), now=MONDAY + 2 * MINUTE)
    at_ = MONDAY + 5 * MINUTE
    ask_extension(order=order, handling=1, days=1, reason="要施工", actor=liaison(first), now=at_)
    decide_extension(order=order, handling=1, granted=True, reason="同意", actor=BOB, now=at_)
    attach_evidence(
        order=order,
        upload=Upload(stream=io.BytesIO(PNG), kind="photo_after"),
        actor=handler(first),
        now=at_,
        handling=1,
    )
    pause_handling(
        order=order, handling=1, reason="等诉求人回话", actor=handler(first), now=MONDAY + 6 * MINUTE
    )
    ask_extension(order=order, handling=2, days=1, reason="要施工", actor=liaison(second), now=at_ + MINUTE)
    ask_return(order=order, handling=3, reason="不属我单位", actor=liaison(third), now=at_ + MINUTE)
    return order


MADE = {
    "recorded": recorded,
    "dispatched": dispatched,
    "signed": signed,
    "replied": replied,
    "busy": busy,
}


@pytest.mark.parametrize("made", MADE)
def test_unmerged_everything_stands_as_it_stood(made: str, tmp_path: Path) -> None:
    order, into = MADE[made](), signed()
    before, main = rows(order), rows(into)
    merge(order, into)
    found = row(order)
    assert (found.state, found.disposition, found.merged_into.number) == ("merged", "merged", into)
    assert {each.state for each in handlings(order)} <= {"recalled"}
    for each in found.clocks.all():
        assert each.dropped or each.stopped_at is not None
        assert each.paused_at is None
    assert not [each for each in found.petitions.all() if each.state in {"asked", "head_signed"}]
    assert rows(into) == main
    unmerge(order)
    assert rows(order) == before
    assert rows(into) == main
    assert last_event(order)["facts"]["out_of"] == into
    assert last_event(into)["act"] == "release"
    assert verify(anchors=tmp_path).found == ()


def test_what_was_paused_goes_on_being_paused_and_is_resumed_with_all_its_time() -> None:
    order, into = busy(), signed()
    merge(order, into)
    unmerge(order, now=at("2025-04-22 11:00"))
    assert clock(order, "close", 1).paused_at == MONDAY + 6 * MINUTE
    before = clock(order, "close", 1).due_at
    resume_handling(order=order, handling=1, actor=handler(lead()), now=at("2025-04-23 10:00"))
    assert clock(order, "close", 1).due_at > before


def test_the_units_go_on_after_it() -> None:
    order, into = replied(), signed(to=units(2)[1])
    merge(order, into)
    with refused(NoSuchOrder):
        withdraw_reply(order=order, handling=1, reason="写错", actor=handler(lead()), now=LATER)
    unmerge(order)
    withdraw_reply(order=order, handling=1, reason="写错", actor=handler(lead()), now=LATER + 2 * MINUTE)
    assert row(order).state == "handling"


def test_the_units_of_what_goes_on_see_the_matter_of_what_was_merged_into_it() -> None:
    first, second, third = units(3)
    matter = Matter(content="三号楼的路灯也不亮。", summary="路灯不亮", address="三号楼旁")
    order = signed(to=first, matter=matter, contact=Contact(name="张三", phone="13900000009"))
    mid, into = dispatched(to=third), signed(to=second)
    merge(order, mid)
    assert face_of(liaison(third), mid).absorbed == (order,)
    merge(mid, into, now=LATER + MINUTE)
    for actor in (liaison(second), handler(second), head(second), BOB):
        assert face_of(actor, into).absorbed == (mid, order)
        face = face_of(actor, order)
        assert face.matter == matter
        assert face.requester == Contact(name="张*", phone="139****0009")
        assert set(orders_for(actor).values_list("number", flat=True)) == {order, mid, into}
    for actor in (liaison(first), liaison(third), LEO, NUR):
        assert not orders_for(actor).exists()
        with pytest.raises(NoSuchOrder):
            face_of(actor, order)
        with refused(NoSuchOrder):
            read_contact(order=order, purpose="clarify", actor=actor, now=LATER + MINUTE)
    told = read_contact(order=order, purpose="tell", actor=liaison(second), now=LATER + MINUTE)
    assert told == Contact(name="张三", phone="13900000009")
    with refused(NotAllowed):
        read_contact(order=order, purpose="tell", actor=head(second), now=LATER + MINUTE)
    with refused(NotAllowed):
        sign_handling(order=order, handling=1, actor=liaison(second), now=LATER + MINUTE)
    unmerge(mid, now=LATER + 2 * MINUTE)
    assert face_of(liaison(second), into).absorbed == ()
    with pytest.raises(NoSuchOrder):
        face_of(liaison(second), order)
    assert face_of(liaison(third), order).matter == matter


def test_but_nobody_of_a_confidential_or_anonymous_one() -> None:
    first, second = units(2)
    secret = dispatched(to=first, confidential=True)
    nobody = dispatched(to=first, anonymous=True, contact=Contact(phone="13900000009"))
    into = signed(to=second)
    for order in (secret, nobody):
        merge(order, into)
        face = face_of(liaison(second), order)
        assert face.matter is not None
        assert face.requester is None
        assert face.words == {}
    with refused(NotAllowed):
        read_contact(order=secret, purpose="tell", actor=liaison(second), now=LATER)
    with refused(Missing):
        read_contact(order=nobody, purpose="tell", actor=liaison(second), now=LATER)


def test_whoever_filed_the_one_sees_nothing_of_the_other() -> None:
    own = record_order(request=request(), actor=NUR, now=MONDAY).order
    order = recorded(matter=Matter(content="三号楼的路灯也不亮。"))
    merge(order, own)
    assert face_of(NUR, own).absorbed == ()
    with pytest.raises(NoSuchOrder):
        face_of(NUR, order)


def test_a_unit_that_has_done_its_part_needs_nobodys_number_of_what_was_merged_either() -> None:
    order, into = recorded(), replied()
    merge(order, into)
    pass_review(order=into, handling=1, actor=RUTH, now=LATER)
    assert face_of(handler(lead()), order).matter is not None
    with refused(WrongState):
        read_contact(order=order, purpose="tell", actor=handler(lead()), now=LATER)


def test_both_trails_tell_of_it() -> None:
    order, into = signed(), signed()
    merge(order, into)
    assert words(order) == {"reason": "同一盏路灯"}
    assert (last_event(order)["act"], last_event(order)["facts"]["into"]) == ("merge", into)
    assert (last_event(into)["act"], last_event(into)["facts"]["merged"]) == ("absorb", order)
    unmerge(order)
    assert (last_event(order)["act"], last_event(into)["facts"]["unmerged"]) == ("unmerge", order)


def test_what_was_corrected_meanwhile_counts_afterwards() -> None:
    order, into = signed(), signed()
    merge(order, into)
    correct_order(
        order=order, correction=Correction(urgency=Urgency.URGENT), reason="漏听", actor=BOB, now=LATER
    )
    unmerge(order)
    assert row(order).urgency == "urgent"
    for handling in (None, 1):
        started = MONDAY + MINUTE
        assert clock(order, "close", handling).due_at == started + URGENT[handling is None]


def test_chains_come_apart_in_either_order(tmp_path: Path) -> None:
    first, second, third = signed(), signed(), signed()
    before = {number: rows(number) for number in (first, second, third)}
    merge(first, second)
    merge(second, third, now=LATER + MINUTE)
    with refused(WrongState):
        merge(third, first, now=LATER + MINUTE)
    unmerge(first, now=LATER + 2 * MINUTE)
    assert rows(first) == before[first]
    merge(first, third, now=LATER + 3 * MINUTE)
    unmerge(second, now=LATER + 4 * MINUTE)
    unmerge(first, now=LATER + 5 * MINUTE)
    assert {number: rows(number) for number in before} == before
    assert verify(anchors=tmp_path).found == ()


def test_merged_again_after_it_was_unmerged() -> None:
    order, one, two = signed(), signed(), signed()
    before = rows(order)
    merge(order, one)
    unmerge(order)
    merge(order, two, now=LATER + 2 * MINUTE)
    assert row(order).merged_into.number == two
    unmerge(order, now=LATER + 3 * MINUTE)
    assert rows(order) == before


def closed_after(order: str) -> None:
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=LATER)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER)
    pleased = Outcome(reached=True, satisfaction=Satisfaction.SATISFIED)
    record_callback(order=order, outcome=pleased, actor=CARL, now=LATER)
    close_order(order=order, actor=RUTH, now=LATER)


def test_out_of_a_closed_order_it_comes_alive_and_out_of_an_archived_one_it_doesnt() -> None:
    order, into = signed(), signed()
    merge(order, into)
    closed_after(into)
    unmerge(order)
    assert (row(order).state, row(into).state) == ("handling", "closed")
    again, away = signed(), signed()
    merge(again, away)
    closed_after(away)
    archive_order(order=away, actor=RUTH, now=LATER)
    with refused(WrongState):
        unmerge(again)


@override_settings(JIEBAN_PROFILE="changji")
def test_letters_merge_with_letters_of_their_box_only() -> None:
    profile = city()
    boxes = list(profile.mailboxes)

    def letter(code: str) -> str:
        topic = next(iter(profile.schemes[profile.mailboxes[code].scheme]))
        return recorded(mailbox=code, channel=code, topic=topic)

    order, one, two = signed(), letter(boxes[0]), letter(boxes[0])
    for pair in ((order, one), (one, order)):
        with refused(BadValue):
            merge(*pair)
    other = letter(boxes[1])
    with refused(BadValue):
        merge(one, other)
    before = rows(one)
    merge(one, two)
    unmerge(one)
    assert rows(one) == before


def test_what_isnt_merged() -> None:
    order, done = signed(), handled()
    with refused(BadValue):
        merge(order, order)
    for pair in ((done, order), (order, done)):
        with refused(WrongState):
            merge(*pair)
    with refused(NoSuchOrder):
        merge(order, "nosuch")
    other = dispatched()
    with refused(Missing):
        merge(order, other, reason=" ")
    with refused(WrongState):
        unmerge(order)
    with refused(NoSuchOrder):
        unmerge("nosuch")


def test_an_order_of_which_a_unit_has_closed_its_part_isnt_merged() -> None:
    first, second = units(2)
    order, into = replied(to=first, assisting=[second]), signed()
    pass_review(order=order, handling=2, actor=RUTH, now=LATER)
    with refused(WrongState):
        merge(order, into)


def test_only_the_dispatcher_merges() -> None:
    order, into = signed(), signed()
    for actor in (ALICE, RUTH, SUE):
        with refused(NotAllowed):
            merge(order, into, actor=actor)
    with refused(NoSuchOrder):
        merge(order, into, actor=LEO)
    merge(order, into)
    with refused(NotAllowed):
        unmerge(order, actor=ALICE)
    with refused(Missing):
        unmerge(order, reason="")
