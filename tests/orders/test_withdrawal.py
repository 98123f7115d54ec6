"""Evidence that was brought by mistake: who takes it back, until when, who sees it then, what becomes of its file."""

import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from cast import (
    ALICE,
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    SUE,
    SYSTEM,
    handler,
    head,
    lead,
    liaison,
    plain_type,
    recorded,
    refused,
    reply,
    request,
    row,
    signed,
    units,
)

from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order, reopen_order
from jieban.orders.actions.desk import answer_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.merge import merge_order, unmerge_order
from jieban.orders.actions.record import record_order
from jieban.orders.actions.redaction import redact_order
from jieban.orders.actions.reply import reply_to_order, withdraw_reply
from jieban.orders.actions.review import pass_review, reject_review
from jieban.orders.actions.split import SplitPart, split_order
from jieban.orders.actions.unreasonable import (
    UnreasonableFile,
    decide_unreasonable,
    declare_unreasonable,
    sign_as_head,
)
from jieban.orders.actions.withdrawal import withdraw_evidence
from jieban.orders.audit.verify import verify
from jieban.orders.errors import Missing, NoSuchOrder, NotAllowed, Redacted, TooLate, WrongState
from jieban.orders.evidence.exhibits import exhibit_for, exhibits_for
from jieban.orders.evidence.files import path_of, storage
from jieban.orders.evidence.upkeep import sweep, verify_evidence
from jieban.orders.evidence.withdrawing import withdrawable
from jieban.orders.face import face_of
from jieban.orders.jobs.retention import run_retention
from jieban.orders.models import Event, Evidence, Handling, Petition
from jieban.orders.possible import possible
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.profile.workflow import Condition
from live_database import LiveDatabase, override_settings

pytestmark = pytest.mark.usefixtures("database")

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82"
MP3 = b"\xff\xfb\x90\x64\0\0"
WHY = "这张照片拍的是另一件工单的现场。"
SOON, LATER, LAST = MONDAY + 10 * MINUTE, MONDAY + 30 * MINUTE, MONDAY + 60 * MINUTE
SATISFIED = Outcome(reached=True, contacted=True, resolved=True, satisfaction="satisfied")


@pytest.fixture(params=["changji", "yunting"])
def each_city(request: pytest.FixtureRequest) -> Iterator[str]:
    with override_settings(JIEBAN_PROFILE=request.param):
        yield request.param


def photos() -> tuple[str, str]:
    """The kinds that show a place before and after."""
    demand = next(each for each in city().workflow.evidence.demands if each.when is Condition.SITE_VISIT)
    return demand.kinds[0], demand.kinds[1]


def bring(
    order: str,
    *,
    actor: Actor | None = None,
    handling: int | None = 1,
    kind: str | None = None,
    content: bytes = PNG,
    now: datetime = SOON,
) -> Evidence:
    upload = Upload(stream=io.BytesIO(content), kind=kind or photos()[0])
    attach_evidence(order=order, handling=handling, upload=upload, actor=actor or handler(lead()), now=now)
    return Evidence.objects.filter(order__number=order).latest("serial")


def withdraw(
    piece: Evidence, *, actor: Actor | None = None, reason: str = WHY, now: datetime = LATER
) -> Evidence:
    withdraw_evidence(
        order=piece.order.number,
        handling=piece.handling.serial if piece.handling is not None else None,
        evidence=piece.serial,
        reason=reason,
        actor=actor or handler(lead()),
        now=now,
    )
    piece.refresh_from_db()
    return piece


def seen(actor: Actor, order: str) -> list[int]:
    return [each.evidence.serial for each in exhibits_for(actor, row(order), {1, 2})]


def offered(actor: Actor, order: str, now: datetime = LATER) -> frozenset[int]:
    there = row(order)
    handlings, petitions = (
        list(Handling.objects.filter(order=there)),
        list(Petition.objects.filter(order=there)),
    )
    return withdrawable(
        actor,
        there,
        Evidence.objects.filter(order=there),
        handlings=handlings,
        petitions=petitions,
        offers=possible(actor, there, handlings, petitions, now=now),
        now=now,
    )


def answered(order: str, now: datetime = LATER) -> None:
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=now)


def test_nobody_is_shown_what_was_withdrawn_and_the_trail_tells_who_did_when_and_why(each_city: str) -> None:
    del each_city
    order = signed()
    wrong, right = bring(order), bring(order, content=PNG + b"right")
    assert offered(handler(lead()), order) == {wrong.serial, right.serial}
    withdraw(wrong)
    for who in (handler(lead()), liaison(lead()), head(lead()), ALICE, BOB, RUTH, CARL, SUE):
        assert seen(who, order) == [right.serial]
        with refused(NoSuchOrder):
            exhibit_for(who, order, wrong.serial)
    assert offered(handler(lead()), order) == {right.serial}
    event = Event.objects.get(act="withdraw_evidence")
    assert (event.actor, event.at) == (handler(lead()).ref, LATER)
    data = json.loads(event.data)
    assert (data["handling"], data["facts"]["kind"]) == (1, wrong.kind)
    assert data["changes"].keys() == {f"evidence:{wrong.serial}"}
    assert WHY not in event.data, "words are sealed"
    assert face_of(SUE, order).words[event.seq] == {"reason": WHY}
    assert face_of(liaison(lead()), order).words[event.seq] == {"reason": WHY}
    assert verify().clean, verify().found


def test_what_was_withdrawn_is_missing_again(each_city: str) -> None:
    del each_city
    order = signed()
    before, after = photos()
    bring(order, kind=before)
    gone = withdraw(bring(order, kind=after))
    said = reply()
    visited = type(said)(fields=said.fields, site_visit=True)
    name = next(each.name for each in city().workflow.evidence.kinds if each.code == after)
    with refused(Missing) as lacking:
        reply_to_order(order=order, handling=1, reply=visited, actor=handler(lead()), now=LAST)
    assert name in lacking.value.what
    bring(order, kind=after, content=PNG + b"right", now=LAST)
    reply_to_order(order=order, handling=1, reply=visited, actor=handler(lead()), now=LAST)
    assert gone.serial == 2, "a serial is given once"


def test_a_reason_is_asked_for_and_done_is_done() -> None:
    order = signed()
    piece = bring(order)
    with refused(Missing):
        withdraw(piece, reason=" \n")
    withdraw(piece)
    with refused(WrongState) as twice:
        withdraw(piece)
    assert "已经撤下" in twice.value.what
    assert Event.objects.filter(act="withdraw_evidence").count() == 1


def test_of_many_at_once_one_withdraws_it(database: LiveDatabase) -> None:
    piece = bring(signed())
    found = database.in_threads(6, lambda _: withdraw(piece))
    assert sum(isinstance(each, WrongState) for each in found) == 5, found
    assert Event.objects.filter(act="withdraw_evidence").count() == 1
    assert verify().clean


def test_what_was_withdrawn_by_mistake_is_brought_again() -> None:
    order = signed()
    withdraw(bring(order))
    again = bring(order, now=LAST)
    assert (again.serial, again.removed_at) == (2, None)
    assert verify_evidence().faults == ()


@pytest.mark.parametrize("make", [liaison, handler, head])
def test_any_of_the_unit_withdraws_what_one_of_it_brought(make: object) -> None:
    assert callable(make)
    order = signed()
    assert withdraw(bring(order), actor=make(lead())).removed_at == LATER


def test_no_other_side_withdraws_it() -> None:
    first, second = units(2)
    order = signed(to=first, assisting=[second])
    piece = bring(order)
    for who in (handler(second), ALICE, BOB, RUTH, CARL, SUE):
        assert offered(who, order) == frozenset()
        with refused(NotAllowed):
            withdraw(piece, actor=who)
    with refused(NoSuchOrder):
        withdraw(piece, actor=handler(units(3)[2]))


def test_a_citizens_photo_is_theirs_alone_to_take_back() -> None:
    order = record_order(request=request(request_type=plain_type()), actor=NUR, now=MONDAY).order
    piece = bring(order, actor=NUR, handling=None)
    dispatch_order(order=order, to=Assignment(lead=lead()), actor=BOB, now=SOON)
    for who in (ALICE, CARL, liaison(lead()), SUE):
        assert offered(who, order) == frozenset()
        with refused(NotAllowed):
            withdraw(piece, actor=who)
    assert offered(NUR, order) == {piece.serial}
    withdraw(piece, actor=NUR)
    assert seen(NUR, order) == []


def test_a_citizen_gains_no_room_by_taking_back() -> None:
    order = record_order(request=request(request_type=plain_type()), actor=NUR, now=MONDAY).order
    most = city().workflow.evidence.per_handling_max
    for place in range(most):
        withdraw(bring(order, actor=NUR, handling=None, content=PNG + bytes([place])), actor=NUR, now=SOON)
    with refused(TooLate):
        bring(order, actor=NUR, handling=None, content=PNG + b"more")
    bring(order, actor=ALICE, handling=None)


def test_the_desks_that_telephone_withdraw_each_others_recordings_after_the_end_too() -> None:
    order = signed()
    first = bring(order, actor=ALICE, handling=None, kind="call_recording", content=MP3)
    withdraw(first, actor=CARL, now=SOON)
    answered(order)
    pass_review(order=order, handling=1, actor=RUTH, now=LATER)
    record_callback(order=order, outcome=SATISFIED, actor=CARL, now=LATER)
    close_order(order=order, actor=RUTH, now=LATER)
    wrong = bring(order, actor=CARL, handling=None, kind="call_recording", content=MP3, now=LAST)
    assert offered(ALICE, order, LAST) == {wrong.serial}
    withdraw(wrong, actor=ALICE, now=LAST)
    assert wrong.held_until == LAST + timedelta(days=city().workflow.retention.withdrawn_days)
    assert verify().clean


# ---- What rests on it keeps it


def test_a_reply_keeps_what_was_there_and_gives_it_free_when_it_stands_no_more(each_city: str) -> None:
    del each_city
    order = signed()
    piece = bring(order)
    answered(order)
    later = bring(order, content=PNG + b"later", now=LATER + MINUTE)
    assert offered(handler(lead()), order, LAST) == {later.serial}
    with refused(WrongState) as stays:
        withdraw(piece, now=LAST)
    assert "答复" in stays.value.what
    assert "撤回答复" in (stays.value.fix or "")
    withdraw_reply(order=order, handling=1, reason=WHY, actor=handler(lead()), now=LAST)
    assert offered(handler(lead()), order, LAST) == {piece.serial, later.serial}
    answered(order, LAST)
    reject_review(order=order, handling=1, reason="照片不是这件工单的", actor=RUTH, now=LAST)
    withdraw(piece, now=LAST)
    assert verify().clean


def test_what_a_reply_passed_with_stays_in_every_round() -> None:
    with override_settings(JIEBAN_PROFILE="changji"):
        order = signed()
        first = bring(order)
        answered(order)
        pass_review(order=order, handling=1, actor=RUTH, now=LATER)
        with refused(WrongState):
            withdraw(first, now=LAST)
        reopen_order(order=order, reason="没有修好", actor=BOB, now=LAST)
        with refused(WrongState) as stays:
            withdraw(first, now=LAST)
        assert "以前一轮" in stays.value.what
        second = bring(order, content=PNG + b"second", now=LAST)
        assert offered(handler(lead()), order, LAST) == {second.serial}
        withdraw(second, now=LAST)


def test_the_file_of_an_unreasonable_request_keeps_what_it_rests_on_until_that_is_decided() -> None:
    order = signed()
    piece = bring(order)
    file = UnreasonableFile(
        ground=city().workflow.unreasonable_grounds[0].code, inquiry=WHY * 3, policy=WHY * 3
    )
    declare_unreasonable(order=order, handling=1, file=file, actor=handler(lead()), now=LATER)
    with refused(WrongState) as stays:
        withdraw(piece)
    assert "认定" in stays.value.what
    assert offered(handler(lead()), order) == frozenset()
    sign_as_head(order=order, handling=1, actor=head(lead()), now=LATER)
    decide_unreasonable(order=order, handling=1, granted=False, reason=WHY, actor=RUTH, now=LATER)
    withdraw(piece)
    with refused(Missing):
        declare_unreasonable(order=order, handling=1, file=file, actor=handler(lead()), now=LATER)


def test_an_answer_at_the_desk_keeps_what_was_there() -> None:
    order = recorded()
    piece = bring(order, actor=ALICE, handling=None)
    answer_order(order=order, answer="请拨打供电热线。", actor=ALICE, now=LATER)
    with refused(WrongState):
        withdraw(piece, actor=ALICE, now=LAST)
    assert offered(ALICE, order, LAST) == frozenset()


# ---- Files


def test_the_file_is_kept_for_its_days_and_no_longer(each_city: str) -> None:
    del each_city
    order = signed()
    piece = withdraw(bring(order))
    days = timedelta(days=city().workflow.retention.withdrawn_days)
    until = LATER + days
    assert piece.held_until == until
    assert run_retention(until - MINUTE).files == 0
    sweep(until - MINUTE)
    assert storage().exists(path_of(piece.digest))
    assert run_retention(until).files == 1
    assert not storage().exists(path_of(piece.digest))
    assert run_retention(until).files == 0
    assert verify().clean


def test_another_orders_same_file_stays() -> None:
    one, other = signed(), signed()
    gone, held = bring(one), bring(other)
    assert gone.digest == held.digest
    withdraw(gone)
    late = LATER + timedelta(days=4000)
    assert run_retention(late).files == 0
    assert storage().exists(path_of(held.digest))


def test_neither_closing_nor_reopening_nor_redaction_touches_it() -> None:
    with override_settings(JIEBAN_PROFILE="changji"):
        order = signed()
        piece = withdraw(bring(order))
        before = (piece.removed_at, piece.held_until)
        answered(order)
        pass_review(order=order, handling=1, actor=RUTH, now=LATER)
        reopen_order(order=order, reason="没有修好", actor=BOB, now=LATER)
        answered(order)
        pass_review(order=order, handling=1, actor=RUTH, now=LATER)
        record_callback(order=order, outcome=SATISFIED, actor=CARL, now=LATER)
        close_order(order=order, actor=RUTH, now=LATER)
        redact_order(order=order, actor=SYSTEM, now=LATER + timedelta(days=4000))
        piece.refresh_from_db()
        assert (piece.removed_at, piece.held_until) == before
        assert verify().clean


def test_once_the_words_are_destroyed_nothing_is_withdrawn() -> None:
    order = recorded()
    answer_order(order=order, answer="请拨打供电热线。", actor=ALICE, now=SOON)
    piece = bring(order, actor=CARL, handling=None, kind="call_recording", content=MP3, now=LATER)
    late = LATER + timedelta(days=city().workflow.retention.person_days + 1)
    redact_order(order=order, actor=SYSTEM, now=late)
    assert offered(CARL, order, late) == frozenset()
    with refused(Redacted):
        withdraw(piece, actor=CARL, now=late)


def test_what_was_withdrawn_goes_into_no_part_of_a_split_and_stays_away_through_a_merger() -> None:
    order = record_order(request=request(request_type=plain_type()), actor=NUR, now=MONDAY).order
    wrong = bring(order, actor=NUR, handling=None)
    held = bring(order, actor=NUR, handling=None, content=PNG + b"right")
    withdraw(wrong, actor=NUR)
    into = recorded()
    merge_order(order=order, into=into, reason=WHY, actor=BOB, now=LATER)
    unmerge_order(order=order, reason=WHY, actor=BOB, now=LATER)
    assert seen(ALICE, order) == [held.serial]
    profile = city()
    part = SplitPart(request_type=plain_type(), topic=next(iter(profile.order_topics)), summary="其一")
    children = split_order(order=order, parts=[part, part], actor=BOB, now=LATER).children
    for child in children:
        (copy,) = Evidence.objects.filter(order__number=child)
        assert copy.digest == held.digest
        withdraw(copy, actor=NUR, now=LAST)
    assert verify().clean
