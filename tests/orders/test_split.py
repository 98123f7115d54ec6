"""Splitting: one call about several matters becomes an order for each, with its words and its person."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import (
    ALICE,
    BOB,
    LEO,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    clock,
    dispatched,
    last_event,
    recorded,
    refused,
    request,
    row,
)
from django.conf import settings
from django.test import override_settings

from jieban.orders.access import find_by_phone, orders_for
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.record import record_order
from jieban.orders.actions.split import Split, SplitPart, split_order
from jieban.orders.audit.verify import verify
from jieban.orders.errors import BadValue, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.models import Event, Evidence
from jieban.orders.secrets import Contact, Matter, contact_of, lock_of, matter_of
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.profile.model import Urgency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 30 * MINUTE
WORDS = "路灯不亮,还有楼下太吵。"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 20


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    there = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "evidence": there}):
        yield


def parts() -> list[SplitPart]:
    kinds, topics = list(city().request_types)[:2], list(city().order_topics)[:2]
    return [
        SplitPart(request_type=kinds[0], topic=topics[0], summary="路灯不亮"),
        SplitPart(request_type=kinds[1], topic=topics[1], summary="噪声"),
    ]


def split(order: str, *, actor: Actor = BOB, into: list[SplitPart] | None = None) -> Split:
    return split_order(order=order, parts=parts() if into is None else into, actor=actor, now=LATER)


def opened(order: str) -> tuple[Contact, Matter]:
    secret = row(order).secret
    lock = lock_of(secret, order, keyring())
    return contact_of(lock, secret), matter_of(lock, secret)


def test_each_part_is_an_order_with_the_words_and_the_person_under_its_own_key(tmp_path: Path) -> None:
    whole = recorded(matter=Matter(content=WORDS, summary="两件事", address="一号楼"), urgency=Urgency.URGENT)
    done = split(whole)
    found = row(whole)
    assert (found.state, found.disposition) == ("split", "split")
    assert last_event(whole)["facts"]["children"] == list(done.children)
    assert clock(whole).dropped
    person = opened(whole)[0]
    for number, part in zip(done.children, parts(), strict=True):
        child, (contact, matter) = row(number), opened(number)
        assert (child.parent.number, child.state, child.urgency) == (whole, "recorded", "urgent")
        assert (child.request_type, child.topic) == (part.request_type, part.topic)
        assert (contact, matter.content, matter.summary) == (person, WORDS, part.summary)
        assert matter.address == "一号楼"
        assert child.received_at == MONDAY
        assert clock(number).started_at == LATER
        dispatch_order(
            order=number, to=Assignment(lead=next(iter(city().units))), actor=BOB, now=LATER + MINUTE
        )
    keys = {bytes(row(number).secret.wrapped_key) for number in (whole, *done.children)}
    assert len(keys) == 3
    assert {each.number for each in find_by_phone(ALICE, "13900000001")} == {whole, *done.children}
    assert "路灯" not in "".join(Event.objects.values_list("data", flat=True))
    assert verify(anchors=tmp_path).found == ()


def test_what_the_whole_was_its_parts_are() -> None:
    for how in ({"anonymous": True, "contact": Contact()}, {"confidential": True}):
        whole = recorded(**how)
        for number in split(whole).children:
            assert (row(number).anonymous, row(number).confidential) == (
                row(whole).anonymous,
                row(whole).confidential,
            )


def test_the_citizen_who_filed_it_follows_every_part() -> None:
    whole = record_order(request=request(), actor=NUR, now=MONDAY).order
    done = split(whole)
    assert set(orders_for(NUR).values_list("number", flat=True)) == {whole, *done.children}


def test_the_same_delivery_is_still_the_whole() -> None:
    whole = recorded(channel_ref="A-1")
    split(whole)
    again = record_order(request=request(channel_ref="A-1"), actor=ALICE, now=LATER + MINUTE)
    assert (again.order, again.new) == (whole, False)


def test_files_of_the_request_go_along(tmp_path: Path) -> None:
    whole = recorded()
    attach_evidence(
        order=whole, upload=Upload(stream=io.BytesIO(PNG), kind="photo_before"), actor=ALICE, now=MONDAY
    )
    done = split(whole)
    for number in done.children:
        kept = Evidence.objects.get(order__number=number)
        assert (kept.serial, kept.kind, kept.added_by, kept.held_until) == (
            1,
            "photo_before",
            ALICE.ref,
            None,
        )
    assert len(set(Evidence.objects.values_list("digest", flat=True))) == 1
    assert verify(anchors=tmp_path).found == ()


def test_another_street_has_another_community() -> None:
    first, second = list(city().streets)[:2]
    whole = recorded(street=first, community="东村")
    one, two = parts()
    away = SplitPart(request_type=two.request_type, topic=two.topic, summary="噪声", street=second)
    stays, goes = split(whole, into=[one, away]).children
    assert (row(stays).street, row(stays).community) == (first, "东村")
    assert (row(goes).street, row(goes).community) == (second, None)


def test_what_cant_be_split() -> None:
    whole, gone = recorded(), dispatched()
    one, two = parts()
    for into in (
        [],
        [one],
        [one, SplitPart(request_type="x", topic=two.topic, summary="噪声")],
        [one, SplitPart(request_type=two.request_type, topic="x", summary="噪声")],
        [one, SplitPart(request_type=two.request_type, topic=two.topic, summary="长" * 20_001)],
    ):
        with refused(BadValue):
            split(whole, into=into)
    with refused(WrongState):
        split(gone)
    for actor in (ALICE, RUTH):
        with refused(NotAllowed):
            split(whole, actor=actor)
    with refused(NoSuchOrder):
        split(whole, actor=LEO)
    split(whole)
    with refused(WrongState):
        split(whole)
