"""Texts that can't be stored: refused at every door of every act, by a sentence that can be printed."""

import io
from collections.abc import Callable

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
    dispatched,
    handled,
    handler,
    head,
    lead,
    liaison,
    recorded,
    refused,
    replied,
    reply,
    request,
    signed,
)
from django.conf import settings
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from jieban.ledger.schema import Satisfaction
from jieban.orders.access import find_by_phone, order_for
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order, reopen_order
from jieban.orders.actions.contacts import read_contact
from jieban.orders.actions.correct import Correction, correct_order
from jieban.orders.actions.desk import Classification, answer_order, classify_order, refuse_order
from jieban.orders.actions.dispatch import Assignment, add_unit, dispatch_order, recall_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.links import link_repeat
from jieban.orders.actions.merge import merge_order, unmerge_order
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.actions.progress import report_progress
from jieban.orders.actions.record import record_order
from jieban.orders.actions.reply import reply_to_order, withdraw_reply
from jieban.orders.actions.returns import ask_return, decide_return
from jieban.orders.actions.review import pass_review, reject_review
from jieban.orders.actions.split import SplitPart, split_order
from jieban.orders.actions.supervise import supervise_order, urge_order
from jieban.orders.actions.unreasonable import UnreasonableFile, declare_unreasonable
from jieban.orders.errors import BadValue, NoSuchOrder
from jieban.orders.secrets import Contact, Matter
from jieban.orders.states import RepeatBy
from jieban.orders.texts import storable
from jieban.people.city import city

pytestmark = pytest.mark.django_db
LATER = MONDAY + 30 * MINUTE
BROKEN = {"half a character": "路灯\ud800坏了", "the other half": "路灯坏了\udfff", "NUL": "路灯\0坏了"}
broken = pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)

REQUESTS: dict[str, Callable[[str], dict[str, object]]] = {
    "content": lambda text: {"matter": Matter(content=text)},
    "summary": lambda text: {"matter": Matter(content="路灯坏了", summary=text)},
    "address": lambda text: {"matter": Matter(content="路灯坏了", address=text)},
    "longitude": lambda text: {"matter": Matter(content="路灯坏了", longitude=text, latitude="44")},
    "name": lambda text: {"contact": Contact(name=text)},
    "phone": lambda text: {"contact": Contact(name="张三", phone=text)},
    "channel": lambda text: {"channel": text},
    "channel_ref": lambda text: {"channel_ref": text},
    "request_type": lambda text: {"request_type": text},
    "topic": lambda text: {"topic": text},
    "subtopic": lambda text: {"subtopic": text},
    "street": lambda text: {"street": text},
    "community": lambda text: {"community": text},
    "mailbox": lambda text: {"mailbox": text},
}


@broken
@pytest.mark.parametrize("what", REQUESTS)
def test_no_part_of_a_request_is_in_pieces(what: str, text: str) -> None:
    with refused(BadValue) as caught:
        record_order(request=request(**REQUESTS[what](text)), actor=ALICE, now=MONDAY)
    f"{caught.value} {caught.value.as_dict()}".encode()


def grounds() -> tuple[str, str]:
    rules = city().workflow
    return rules.refusal_grounds[0].code, rules.unreasonable_grounds[0].code


def part(text: str) -> SplitPart:
    return SplitPart(
        request_type=request().request_type, topic=next(iter(city().order_topics)), summary=text or "其一"
    )


def with_a_file() -> str:
    order = signed()
    there = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "evidence": there}):
        upload = Upload(stream=io.BytesIO(b"%PDF-1.4\n1 0 obj"), kind="document")
        attach_evidence(order=order, handling=1, upload=upload, actor=handler(lead()), now=LATER)
    return order


ACTS: dict[str, tuple[Callable[[], str], Callable[[str, str], object]]] = {
    "summary of a classification": (
        recorded,
        lambda order, text: classify_order(
            order=order, classification=Classification(summary=text), actor=ALICE, now=LATER
        ),
    ),
    "answer": (recorded, lambda order, text: answer_order(order=order, answer=text, actor=ALICE, now=LATER)),
    "explanation": (
        recorded,
        lambda order, text: refuse_order(
            order=order, ground=grounds()[0], explanation=text, actor=ALICE, now=LATER
        ),
    ),
    "ground": (
        recorded,
        lambda order, text: refuse_order(
            order=order, ground=text, explanation="因为", actor=ALICE, now=LATER
        ),
    ),
    "part of a split": (
        recorded,
        lambda order, text: split_order(order=order, parts=(part(text), part(text)), actor=BOB, now=LATER),
    ),
    "remark of a dispatch": (
        recorded,
        lambda order, text: dispatch_order(
            order=order, to=Assignment(lead=lead()), remark=text, actor=BOB, now=LATER
        ),
    ),
    "unit": (dispatched, lambda order, text: add_unit(order=order, unit=text, actor=BOB, now=LATER)),
    "reason of a recall": (
        dispatched,
        lambda order, text: recall_order(order=order, reason=text, actor=BOB, now=LATER),
    ),
    "reason of a return": (
        dispatched,
        lambda order, text: ask_return(
            order=order, handling=1, reason=text, actor=liaison(lead()), now=LATER
        ),
    ),
    "reason of an extension": (
        signed,
        lambda order, text: ask_extension(
            order=order, handling=1, days=1, reason=text, actor=liaison(lead()), now=LATER
        ),
    ),
    "reason of a pause": (
        signed,
        lambda order, text: pause_handling(
            order=order, handling=1, reason=text, actor=handler(lead()), now=LATER
        ),
    ),
    "progress": (
        signed,
        lambda order, text: report_progress(
            order=order, handling=1, progress=text, actor=handler(lead()), now=LATER
        ),
    ),
    "field of a reply": (
        signed,
        lambda order, text: reply_to_order(
            order=order,
            handling=1,
            reply=reply(**{next(each.code for each in city().workflow.reply if not each.choices): text * 9}),
            actor=handler(lead()),
            now=LATER,
        ),
    ),
    "field that isn't one": (
        signed,
        lambda order, text: reply_to_order(
            order=order, handling=1, reply=reply(**{text: "是"}), actor=handler(lead()), now=LATER
        ),
    ),
    "reason of a withdrawal": (
        replied,
        lambda order, text: withdraw_reply(
            order=order, handling=1, reason=text, actor=handler(lead()), now=LATER
        ),
    ),
    "remark of a review": (
        replied,
        lambda order, text: pass_review(order=order, handling=1, remark=text, actor=RUTH, now=LATER),
    ),
    "reason of a review": (
        replied,
        lambda order, text: reject_review(order=order, handling=1, reason=text, actor=RUTH, now=LATER),
    ),
    "remark of a callback": (
        handled,
        lambda order, text: record_callback(
            order=order,
            outcome=Outcome(reached=True, satisfaction=Satisfaction.SATISFIED, remark=text),
            actor=CARL,
            now=LATER,
        ),
    ),
    "reason of a reopening": (
        handled,
        lambda order, text: reopen_order(order=order, reason=text, actor=BOB, now=LATER),
    ),
    "urging": (dispatched, lambda order, text: urge_order(order=order, remark=text, actor=SUE, now=LATER)),
    "supervision": (
        dispatched,
        lambda order, text: supervise_order(order=order, reason=text, actor=SUE, now=LATER),
    ),
    "reason of a correction": (
        recorded,
        lambda order, text: correct_order(
            order=order, correction=Correction(summary="路灯"), reason=text, actor=BOB, now=LATER
        ),
    ),
    "corrected summary": (
        recorded,
        lambda order, text: correct_order(
            order=order, correction=Correction(summary=text), reason="听错", actor=BOB, now=LATER
        ),
    ),
    "corrected address": (
        recorded,
        lambda order, text: correct_order(
            order=order, correction=Correction(address=text), reason="听错", actor=BOB, now=LATER
        ),
    ),
    "corrected name": (
        recorded,
        lambda order, text: correct_order(
            order=order,
            correction=Correction(contact=Contact(name=text)),
            reason="听错",
            actor=BOB,
            now=LATER,
        ),
    ),
    "purpose": (
        recorded,
        lambda order, text: read_contact(order=order, purpose=text, actor=ALICE, now=LATER),
    ),
    "reason of a merge": (
        recorded,
        lambda order, text: merge_order(order=order, into=recorded(), reason=text, actor=BOB, now=LATER),
    ),
    "inquiry": (
        with_a_file,
        lambda order, text: declare_unreasonable(
            order=order,
            handling=1,
            file=UnreasonableFile(ground=grounds()[1], inquiry=text * 9, policy="依据" * 9),
            actor=handler(lead()),
            now=LATER,
        ),
    ),
}


@broken
@pytest.mark.parametrize("what", ACTS)
def test_nothing_that_is_written_in_an_act_is_in_pieces(what: str, text: str) -> None:
    make, play = ACTS[what]
    order = make()
    if what == "reason of a merge":
        with pytest.raises(BadValue) as caught:
            play(order, text)
    else:
        with refused(BadValue) as caught:
            play(order, text)
    f"{caught.value} {caught.value.as_dict()}".encode()


@broken
def test_no_order_has_a_number_in_pieces(text: str) -> None:
    order = recorded()
    tries: list[Callable[[], object]] = [
        lambda: order_for(ALICE, text),
        lambda: close_order(order=text, actor=RUTH, now=LATER),
        lambda: urge_order(order=text, actor=NUR, now=LATER),
        lambda: pass_review(order=text, handling=1, actor=head(lead()), now=LATER),
        lambda: merge_order(order=order, into=text, reason="同一件事", actor=BOB, now=LATER),
        lambda: unmerge_order(order=text, reason="误并", actor=BOB, now=LATER),
        lambda: correct_order(
            order=text, correction=Correction(summary="路灯"), reason="听错", actor=BOB, now=LATER
        ),
        lambda: record_order(request=request(repeat_of=text), actor=ALICE, now=LATER),
    ]
    for each in tries:
        with refused(NoSuchOrder) as caught:
            each()
        str(caught.value).encode()
    with refused(BadValue):
        link_repeat(order=order, of=text, by=RepeatBy.MATTER, actor=BOB, now=LATER)
    asked = dispatched()
    ask_return(order=asked, handling=1, reason="不属我单位", actor=liaison(lead()), now=LATER)
    with refused(BadValue):
        decide_return(
            order=asked, handling=1, granted=True, reason="同意", next_unit=text, actor=BOB, now=LATER
        )
    assert not find_by_phone(ALICE, text).exists()


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=50))
def test_all_else_is_kept_as_it_was_said(text: str) -> None:
    assert storable(text) == ("\0" not in text)
    text.encode()


@given(st.text(alphabet=st.characters(categories=("Cs",)), min_size=1, max_size=5), st.text(max_size=5))
def test_halves_are_found_wherever_they_are(half: str, rest: str) -> None:
    assert not storable(rest + half)
    assert not storable(half + rest)
