"""Holes that were found by reading every act and by playing them at random, each kept shut by a test of its name."""

from datetime import timedelta

import pytest
from cast import (
    ALICE,
    ANNA,
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    STRANGER,
    clock,
    dispatched,
    footprint,
    handled,
    handler,
    handlings,
    lead,
    recorded,
    refused,
    request,
    row,
    signed,
    units,
)
from django.db import transaction
from machine.world import due_by_hand

from jieban.orders.actions.closing import publish_answer, reopen_order
from jieban.orders.actions.correct import Correction, correct_order
from jieban.orders.actions.dispatch import remove_unit
from jieban.orders.actions.links import link_repeat
from jieban.orders.actions.merge import merge_order, unmerge_order
from jieban.orders.actions.record import record_order
from jieban.orders.actions.sign import sign_handling
from jieban.orders.actions.split import SplitPart, split_order
from jieban.orders.actions.supervise import urge_order
from jieban.orders.actions.unreasonable import (
    UnreasonableFile,
    decide_unreasonable,
    declare_unreasonable,
    sign_as_head,
)
from jieban.orders.audit.verify import verify
from jieban.orders.errors import ActRefused, BadValue, Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.models import Event, Order
from jieban.orders.secrets import Contact
from jieban.orders.states import RepeatBy
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.profile.model import Level, Stage, Urgency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 30 * MINUTE


def said(order: str, **act: object) -> str:
    """The words in which an act on somebody else's order is refused, without its number."""
    arguments = {"order": order, "handling": 1, "actor": STRANGER, "now": LATER, **act}
    with pytest.raises(ActRefused) as caught:
        sign_handling(**arguments)  # type: ignore[arg-type]  # replaced one by one
    return f"{caught.type.__name__} {caught.value}".replace(order, "…")


def parts(*kinds: str) -> list[SplitPart]:
    topic = next(iter(city().order_topics))
    return [SplitPart(request_type=kind, topic=topic, summary="其一") for kind in kinds]


def test_a_refused_split_leaves_no_child_in_an_outer_transaction() -> None:
    order = recorded()
    before = footprint()
    with transaction.atomic(), pytest.raises(BadValue):
        split_order(
            order=order, parts=parts(next(iter(city().request_types)), "没有这一类"), actor=BOB, now=LATER
        )
    assert footprint() == before


def test_a_merge_that_the_other_order_refuses_leaves_nothing_in_an_outer_transaction() -> None:
    order, done = dispatched(), handled()
    before = footprint()
    with transaction.atomic(), pytest.raises(WrongState):
        merge_order(order=order, into=done, reason="同一件事", actor=BOB, now=LATER)
    assert footprint() == before


def test_a_stranger_hears_the_same_of_an_order_that_is_there_and_of_one_that_is_not() -> None:
    order, nothing = dispatched(), "2504219999X"
    assert said(order) == said(nothing)
    assert said(order, handling=99) == said(nothing, handling=99)
    assert said(order, now=MONDAY - timedelta(days=9)) == said(nothing, now=MONDAY - timedelta(days=9))
    with refused(NoSuchOrder):
        urge_order(order=order, actor=STRANGER, now=MONDAY - timedelta(days=9))


def test_a_stranger_learns_nothing_of_letters_by_merging() -> None:
    order = recorded()
    if city().mailboxes:
        box = next(iter(city().mailboxes.values()))
        other = recorded(channel=box.code, mailbox=box.code, topic=next(iter(city().schemes[box.scheme])))
        with refused(BadValue):
            merge_order(order=order, into=other, reason="同一件事", actor=BOB, now=LATER)
    else:
        other = recorded()
    with refused(NoSuchOrder):
        merge_order(order=order, into=other, reason="同一件事", actor=STRANGER, now=LATER)


def test_the_head_who_signed_doesnt_decide_in_another_post() -> None:
    both = Actor(account=77, name="Hatice", posts=frozenset({(Role.HEAD, lead()), (Role.REVIEWER, None)}))
    order = signed()
    from test_retention import PNG, Upload, attach_evidence, io  # noqa: PLC0415  # a file as that test makes it

    kind = next(each.code for each in city().workflow.evidence.kinds if "image/png" in each.media_types)
    upload = Upload(stream=io.BytesIO(PNG), kind=kind)
    attach_evidence(order=order, handling=1, upload=upload, actor=handler(lead()), now=MONDAY + 5 * MINUTE)
    ground = city().workflow.unreasonable_grounds[0].code
    file = UnreasonableFile(ground=ground, inquiry="已实地查看。", policy="有关规定")
    declare_unreasonable(order=order, handling=1, file=file, actor=handler(lead()), now=MONDAY + 6 * MINUTE)
    sign_as_head(order=order, handling=1, actor=both, now=MONDAY + 7 * MINUTE)
    with refused(NotAllowed):
        decide_unreasonable(order=order, handling=1, granted=True, reason="属实", actor=both, now=LATER)
    decide_unreasonable(order=order, handling=1, granted=True, reason="属实", actor=RUTH, now=LATER)
    assert row(order).excluded


def test_who_was_away_in_a_merge_is_counted_by_what_was_corrected_meanwhile() -> None:
    order, other = signed(), recorded()
    merge_order(order=order, into=other, reason="同一件事", actor=BOB, now=LATER)
    correct_order(
        order=order, correction=Correction(urgency=Urgency.URGENT), reason="漏水", actor=BOB, now=LATER
    )
    unmerge_order(order=order, reason="误并", actor=BOB, now=LATER)
    expected = city().deadline_rule(
        Level.HANDLING,
        Stage.CLOSE,
        request_type=row(order).request_type,
        urgency=Urgency.URGENT,
        channel=row(order).channel,
        on=MONDAY.date(),
    )
    counted = clock(order, "close", 1)
    assert counted.due_at == due_by_hand(counted)[1]
    assert counted.due_at == city().clock.due(counted.started_at, expected.span)


def test_what_becomes_confidential_is_no_longer_published() -> None:
    order = handled()
    publish_answer(order=order, published=True, actor=RUTH, now=LATER)
    correct_order(order=order, correction=Correction(confidential=True), reason="举报", actor=BOB, now=LATER)
    assert not row(order).published


def test_a_named_person_is_not_corrected_into_nobody() -> None:
    order, nobody = recorded(), Correction(contact=Contact())
    with refused(Missing):
        correct_order(order=order, correction=nobody, reason="误填", actor=BOB, now=LATER)


def test_somebody_elses_delivery_is_not_shown_to_who_guesses_its_id() -> None:
    wanted = request(channel_ref="W-1")
    order = record_order(request=wanted, actor=NUR, now=MONDAY).order
    assert record_order(request=wanted, actor=NUR, now=LATER).order == order
    with refused(BadValue):
        record_order(request=wanted, actor=STRANGER, now=LATER)
    with refused(NotAllowed):
        record_order(request=wanted, actor=ANNA, now=LATER)


def test_nobody_learns_of_an_order_by_repeating_it() -> None:
    order = recorded()
    with refused(NoSuchOrder):
        record_order(request=request(repeat_of=order), actor=STRANGER, now=LATER)


def test_a_citizen_without_a_reference_is_nobodys_requester() -> None:
    order = record_order(request=request(), actor=Actor.citizen(""), now=MONDAY).order
    assert row(order).requester is None
    with refused(NoSuchOrder):
        urge_order(order=order, actor=Actor.citizen(), now=LATER)


def test_what_a_citizen_filed_stays_theirs_when_it_is_split() -> None:
    order = record_order(request=request(), actor=NUR, now=MONDAY).order
    kinds = list(city().request_types)[:2]
    done = split_order(order=order, parts=parts(*kinds), actor=BOB, now=LATER)
    assert set(Order.objects.filter(parent__number=order).values_list("requester", flat=True)) == {NUR.ref}
    urge_order(order=done.children[0], actor=NUR, now=LATER)


@pytest.mark.parametrize("community", ["区" * 101, "一\0二"])
def test_a_text_that_its_column_cant_hold_is_refused(community: str) -> None:
    with refused(BadValue):
        record_order(request=request(community=community), actor=ALICE, now=MONDAY)
    with refused(BadValue):
        record_order(request=request(channel_ref=community * 2), actor=ALICE, now=MONDAY)


def test_two_orders_of_one_instant_dont_repeat_each_other() -> None:
    one, other = recorded(), recorded()
    link_repeat(order=other, of=one, by=RepeatBy.MATTER, actor=BOB, now=LATER)
    with refused(BadValue):
        link_repeat(order=one, of=other, by=RepeatBy.MATTER, actor=BOB, now=LATER)


def test_a_reopened_unit_that_is_relieved_again_leaves_no_clock_that_stopped_before_it_began() -> None:
    first, second = units(2)
    order = handled(to=first, assisting=[second])
    closed = row(order).closed_at
    reopen_order(order=order, reason="又坏了", handlings=[2], actor=CARL, now=LATER)
    remove_unit(order=order, handling=2, reason="不再需要", actor=BOB, now=LATER + MINUTE)
    assert (row(order).state, row(order).closed_at) == ("handled", closed)
    again = clock(order, round_=1)
    assert again.stopped_at == again.started_at == LATER
    assert clock(order).stopped_at == closed
    assert verify().found == ()


def test_a_second_unmerge_of_what_is_merged_nowhere_writes_nothing() -> None:
    order, other = dispatched(), recorded()
    merge_order(order=order, into=other, reason="同一件事", actor=BOB, now=LATER)
    Order.objects.filter(number=order).update(merged_into=None)
    with refused(WrongState):
        unmerge_order(order=order, reason="误并", actor=BOB, now=LATER)
    assert not Event.objects.filter(act="unmerge").exists()
    assert handlings(order)[0].state == "recalled"
