"""What pages offer: what policy and moves allow, to whoever carries on a unit's work, and at its turn."""

import io

import pytest
from cast import (
    BOB,
    MINUTE,
    MONDAY,
    RUTH,
    at,
    dispatched,
    handler,
    head,
    lead,
    liaison,
    recorded,
    replied,
    row,
    signed,
    units,
)
from django.conf import settings
from django.test import override_settings

from jieban.orders.actions.dispatch import Assignment, add_unit, dispatch_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.returns import ask_return
from jieban.orders.actions.unreasonable import UnreasonableFile, declare_unreasonable, sign_as_head
from jieban.orders.models import Handling, Petition
from jieban.orders.possible import Offer, possible
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
IN_MEMORY = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
LATER = MONDAY + 10 * MINUTE


def offered(actor: Actor, number: str, now: object = LATER) -> set[Act]:
    order = row(number)
    found = possible(
        actor,
        order,
        Handling.objects.filter(order=order),
        Petition.objects.filter(order=order),
        now=now,  # type: ignore[arg-type]  # an instant
    )
    return {each.act for each in found}


def test_a_successor_is_offered_what_its_predecessor_could_do() -> None:
    with override_settings(JIEBAN_PROFILE="yunting"):
        order = recorded(now=at("2024-12-30 10:00"))
        dispatch_order(order=order, to=Assignment(lead="stone-bridge"), actor=BOB, now=at("2024-12-30 10:01"))
        successor = Actor(account=201, name="Lin", posts=frozenset({(Role.LIAISON, "sands")}))
        strange = Actor(account=205, name="Else", posts=frozenset({(Role.LIAISON, "city-order")}))
        assert Act.SIGN not in offered(successor, order, at("2024-12-31 12:00"))
        assert {Act.SIGN, Act.ASK_RETURN} <= offered(successor, order, at("2025-01-02 10:00"))
        assert offered(strange, order, at("2025-01-02 10:00")) == set()


def test_what_nobody_asks_is_not_offered_to_be_decided() -> None:
    order = dispatched()
    assert Act.DECIDE_RETURN not in offered(BOB, order)
    assert Act.ASK_RETURN in offered(liaison(lead()), order)
    ask_return(order=order, handling=1, reason="不归我局管理", actor=liaison(lead()), now=LATER)
    assert Act.DECIDE_RETURN in offered(BOB, order)
    assert Act.ASK_RETURN not in offered(liaison(lead()), order)


def test_assisting_units_can_be_removed_and_never_the_lead() -> None:
    order = dispatched()
    assert Act.REMOVE_UNIT not in offered(BOB, order)
    add_unit(order=order, unit=units(2)[1], actor=BOB, now=LATER)
    found = possible(BOB, row(order), Handling.objects.all(), (), now=LATER)
    assert [each.handling for each in found if each.act is Act.REMOVE_UNIT] == [2]


def test_a_head_signs_what_somebody_else_declared_and_once() -> None:
    order = signed()
    assert Act.SIGN_AS_HEAD not in offered(head(lead()), order)
    ground = city().workflow.unreasonable_grounds[0].code
    file = UnreasonableFile(ground=ground, inquiry="已查明事实。", policy="有关规定第三条。")
    both = Actor(account=900, name="Both", posts=frozenset({(Role.HANDLER, lead()), (Role.HEAD, lead())}))
    with override_settings(STORAGES={**settings.STORAGES, "evidence": IN_MEMORY}):
        paper = Upload(stream=io.BytesIO(b"%PDF-1.4\n1 0 obj"), kind="document")
        attach_evidence(order=order, upload=paper, actor=both, now=LATER, handling=1)
    declare_unreasonable(order=order, handling=1, file=file, actor=both, now=LATER)
    assert Act.SIGN_AS_HEAD not in offered(both, order)
    assert Act.SIGN_AS_HEAD in offered(head(lead()), order)
    assert Act.DECIDE_UNREASONABLE in offered(RUTH, order)
    sign_as_head(order=order, handling=1, actor=head(lead()), now=LATER + MINUTE)
    assert Act.SIGN_AS_HEAD not in offered(head(lead()), order)


def test_nobody_is_offered_to_pass_their_own_reply() -> None:
    order = replied()
    writer = Handling.objects.get(order__number=order).replied_by
    assert Act.PASS_REVIEW in offered(RUTH, order)
    assert writer is not None
    own = Actor(account=int(writer.partition(":")[2]), name="Own", posts=frozenset({(Role.REVIEWER, None)}))
    assert Act.PASS_REVIEW not in offered(own, order)


def test_a_unit_adds_evidence_to_its_handling_and_the_centre_to_the_order() -> None:
    order = signed()
    found = possible(handler(lead()), row(order), Handling.objects.all(), Petition.objects.all(), now=LATER)
    assert [each for each in found if each.act is Act.ATTACH] == [Offer(act=Act.ATTACH, handling=1)]
    assert Act.ATTACH not in offered(RUTH, order)
