"""Unreasonable requests: declared with a file, signed by the head, decided in review; only then not assessed."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from cast import (
    ALICE,
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    RUTH,
    clock,
    handler,
    handlings,
    head,
    last_event,
    lead,
    liaison,
    refused,
    reply,
    row,
    signed,
    units,
    words,
)
from django.conf import settings
from django.test import override_settings

from jieban.orders.actions.closing import reopen_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.unreasonable import (
    UnreasonableFile,
    decide_unreasonable,
    declare_unreasonable,
    sign_as_head,
)
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.models import Petition
from jieban.people.actor import Actor
from jieban.people.city import city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
ASKED = MONDAY + 10 * MINUTE
SIGNED = MONDAY + 20 * MINUTE
DECIDED = MONDAY + 60 * MINUTE
PDF = b"%PDF-1.4\n1 0 obj"
FILE = UnreasonableFile(ground="untrue", inquiry="两次到现场,路灯都亮着。", policy="市政设施管理条例第九条")

GROUNDS = [
    "不属于本行政区域",
    "应当或者已经通过法定程序处理",
    "违反法律法规或政策规定",
    "涉及秘密、隐私或违背公序良俗",
    "经查不属实",
    "明显超出合理范围",
    "经听证认定为不合理",
    "恶意诉求",
]


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    there = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "evidence": there}):
        yield


def inquired(*, handling: int | None = 1, **what: object) -> str:
    order = signed(**what)
    actor = handler(handlings(order)[handling - 1].unit) if handling else ALICE
    attach_evidence(
        order=order,
        upload=Upload(stream=io.BytesIO(PDF), kind="document"),
        actor=actor,
        now=MONDAY + 5 * MINUTE,
        handling=handling,
    )
    return order


def declare(
    order: str, file: UnreasonableFile = FILE, *, actor: Actor | None = None, handling: int = 1
) -> None:
    declare_unreasonable(order=order, handling=handling, file=file, actor=actor or handler(lead()), now=ASKED)


def sign(order: str, actor: Actor | None = None) -> None:
    sign_as_head(order=order, handling=1, actor=actor or head(lead()), now=SIGNED)


def decide(
    order: str, *, granted: bool = True, actor: Actor = RUTH, now: datetime = DECIDED, reason: str = "属实"
) -> None:
    decide_unreasonable(order=order, handling=1, granted=granted, reason=reason, actor=actor, now=now)


def test_eight_grounds_in_the_published_order() -> None:
    assert [each.name for each in city().workflow.unreasonable_grounds] == GROUNDS


def test_declared_signed_and_found_so_it_is_closed_as_of_the_declaration_and_not_assessed() -> None:
    for ground in city().workflow.unreasonable_grounds:
        order = inquired()
        declare(order, replace(FILE, ground=ground.code))
        assert words(order) == {"inquiry": FILE.inquiry, "policy": FILE.policy}
        assert "路灯" not in str(last_event(order))
        assert (handlings(order)[0].state, row(order).excluded) == ("handling", False)
        sign(order)
        assert not row(order).excluded
        decide(order)
        (handling,), found = handlings(order), row(order)
        assert (handling.state, handling.closed_at, handling.replied_at) == ("closed", ASKED, ASKED)
        assert (found.state, found.closed_at) == ("handled", ASKED)
        assert (found.excluded, found.excluded_ground) == (True, ground.code)
        assert clock(order).stopped_at == clock(order, "close", 1).stopped_at == ASKED
        petition = Petition.objects.get(order__number=order)
        assert (petition.state, petition.head, petition.decided_by) == ("granted", head(lead()).ref, RUTH.ref)


def test_what_the_file_lacks_is_named() -> None:
    order = signed()
    with refused(Missing) as caught:
        declare(order, replace(FILE, inquiry=" ", policy=""))
    assert all(name in caught.value.what for name in ("调查情况", "政策依据", "证明材料"))
    with refused(Missing) as caught:
        declare(order)
    assert "证明材料" in caught.value.what
    assert "政策依据" not in caught.value.what
    citizens = inquired(handling=None)
    with refused(Missing):
        declare(citizens)
    with refused(BadValue):
        declare(order, replace(FILE, ground="too_much_work"))


def test_only_the_lead_declares_and_once_at_a_time() -> None:
    first, second = units(2)
    order = inquired(to=first, assisting=[second], handling=2)
    with refused(BadValue):
        declare(order, handling=2, actor=handler(second))
    for actor, error in ((head(first), NotAllowed), (RUTH, NotAllowed), (handler(second), NotAllowed)):
        with refused(error):
            declare(order, actor=actor)
    with refused(NoSuchOrder):
        declare(order, actor=handler(units(3)[2]))
    order = inquired()
    declare(order, actor=liaison(lead()))
    with refused(WrongState):
        declare(order)


def test_the_head_signs_another_than_who_declared() -> None:
    order = inquired()
    both = replace(handler(lead()), posts=handler(lead()).posts | head(lead()).posts)
    with refused(WrongState):
        sign(order)
    declare(order, actor=both)
    with refused(NotAllowed):
        sign(order, both)
    for actor in (liaison(lead()), RUTH):
        with refused(NotAllowed):
            sign(order, actor)
    sign(order)
    with refused(WrongState):
        sign(order)


def test_nothing_is_found_so_without_the_heads_signature_but_it_may_be_refused() -> None:
    order = inquired()
    declare(order)
    with refused(WrongState):
        decide(order)
    decide(order, granted=False)
    assert Petition.objects.get().state == "refused"


def test_refused_the_unit_goes_on_and_its_clock_never_stopped() -> None:
    order = inquired()
    before = clock(order, "close", 1)
    declare(order)
    sign(order)
    with refused(Missing):
        decide(order, granted=False, reason=" ")
    decide(order, granted=False, reason="现场确有故障")
    assert (handlings(order)[0].state, row(order).excluded) == ("handling", False)
    assert clock(order, "close", 1).due_at == before.due_at
    assert clock(order, "close", 1).stopped_at is None
    with refused(WrongState):
        decide(order)
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=DECIDED)
    pass_review(order=order, handling=1, actor=RUTH, now=DECIDED)
    assert (row(order).state, row(order).excluded) == ("handled", False)


def test_nobody_decides_what_they_declared_or_signed() -> None:
    for post in (handler(lead()), head(lead())):
        both = replace(post, posts=post.posts | RUTH.posts)
        order = inquired()
        declare(order, actor=both if post == handler(lead()) else None)
        sign(order, both if post == head(lead()) else None)
        with refused(NotAllowed):
            decide(order, actor=both)
        decide(order)


def test_only_a_reviewer_decides() -> None:
    order = inquired()
    declare(order)
    sign(order)
    for actor in (ALICE, BOB, CARL, handler(lead())):
        with refused(NotAllowed):
            decide(order, actor=actor)


def test_units_that_assist_do_their_part_all_the_same() -> None:
    first, second = units(2)
    order = inquired(to=first, assisting=[second])
    declare(order)
    sign(order)
    decide(order)
    assert (row(order).state, row(order).excluded) == ("handling", True)
    reply_to_order(order=order, handling=2, reply=reply(), actor=handler(second), now=DECIDED)
    pass_review(order=order, handling=2, actor=RUTH, now=DECIDED)
    assert (row(order).state, row(order).closed_at) == ("handled", DECIDED)


def test_a_reply_makes_the_declaration_lapse() -> None:
    order = inquired()
    declare(order)
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(lead()), now=SIGNED)
    assert Petition.objects.get().state == "lapsed"
    with refused(WrongState):
        sign(order)


def test_decided_while_the_citizens_answer_is_awaited_no_clock_stays_paused() -> None:
    order = inquired()
    declare(order)
    sign(order)
    pause_handling(order=order, handling=1, reason="等诉求人补充地址", actor=handler(lead()), now=SIGNED)
    decide(order)
    for close in (clock(order), clock(order, "close", 1)):
        assert (close.paused_at, close.stopped_at) == (None, ASKED)


def test_reopened_it_is_assessed_again() -> None:
    order = inquired()
    declare(order)
    sign(order)
    decide(order)
    reopen_order(order=order, reason="复核有误", actor=BOB, now=DECIDED + MINUTE)
    assert (row(order).excluded, row(order).excluded_ground) == (False, None)
    assert handlings(order)[0].state == "handling"
