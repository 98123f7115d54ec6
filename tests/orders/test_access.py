"""Who sees which orders, and what of them."""

import contextlib
import json

import pytest
from cast import (
    ADAM,
    ALICE,
    ANNA,
    BOB,
    CARL,
    LEO,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    STRANGER,
    SUE,
    SYSTEM,
    dispatched,
    handler,
    head,
    liaison,
    recorded,
    reply,
    request,
    signed,
    units,
)

from jieban.kernel.keyring import Keyring
from jieban.orders.access import find_by_phone, handlings_for, order_for, orders_for
from jieban.orders.actions.dispatch import recall_order
from jieban.orders.actions.merge import merge_order
from jieban.orders.actions.record import record_order
from jieban.orders.errors import NoSuchOrder, NotAllowed
from jieban.orders.face import face_of
from jieban.orders.masking import masked_name, masked_phone
from jieban.orders.models import Event, OrderSecret
from jieban.orders.secrets import Contact, phone_digits, phone_index
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.roles import Role
from jieban.people.units import unit_and_below

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]

LATER = MONDAY + 30 * MINUTE


def numbers(actor: Actor) -> set[str]:
    return set(orders_for(actor).values_list("number", flat=True))


def of_citizen(**changes: object) -> str:
    return record_order(request=request(**changes), actor=NUR, now=MONDAY).order


def test_the_centre_sees_all_units_theirs_citizens_their_own_others_none() -> None:
    first, second, third = units(3)
    mine, shared, new, own = (
        dispatched(to=first),
        dispatched(to=second, assisting=[first]),
        recorded(),
        of_citizen(),
    )
    for actor in (ALICE, BOB, RUTH, CARL, SUE, SYSTEM):
        assert numbers(actor) == {mine, shared, new, own}, actor.name
    for of in (liaison, handler, head):
        assert numbers(of(first)) == {mine, shared}
        assert numbers(of(second)) == {shared}
        assert numbers(of(third)) == set()
    assert numbers(NUR) == {own}
    for nobody in (STRANGER, Actor.citizen(), LEO, ANNA, ADAM):
        assert numbers(nobody) == set(), nobody.name


def test_several_posts_see_the_union() -> None:
    first, second, third = units(3)
    one, two = dispatched(to=first), dispatched(to=second)
    dispatched(to=third)
    both = Actor(account=9, name="Both", posts=frozenset({(Role.HEAD, first), (Role.HANDLER, second)}))
    assert numbers(both) == {one, two}


def test_what_a_unit_gave_back_is_no_longer_its_business() -> None:
    first, second = units(2)
    order = dispatched(to=first, assisting=[second])
    recall_order(order=order, reason="派错了", actor=BOB, now=LATER)
    assert numbers(liaison(first)) == set()
    assert not handlings_for(liaison(second)).exists()
    assert handlings_for(BOB).count() == 2


def test_a_units_handlings_are_its_own() -> None:
    first, second = units(2)
    dispatched(to=first, assisting=[second])
    assert [each.unit for each in handlings_for(handler(second))] == [second]
    for nobody in (NUR, LEO, ANNA, ADAM):
        assert not handlings_for(nobody).exists()


def test_units_above_see_what_lies_below_and_not_the_other_way_round() -> None:
    profile = city()
    above = next((code for code in profile.units if len(unit_and_below(profile, code)) > 1), None)
    if above is None:
        above = units()[0]
    day = MONDAY.date()
    below = [code for code in unit_and_below(profile, above) if profile.units[code].validity.covers(day)]
    orders = {code: dispatched(to=code) for code in below}
    assert numbers(head(above)) == set(orders.values())
    for code in below:
        if code != above:
            assert numbers(head(code)) < numbers(head(above))


def test_somebody_elses_order_is_none_at_all() -> None:
    first, second = units(2)
    order = dispatched(to=first)
    assert order_for(liaison(first), order).number == order
    with pytest.raises(NoSuchOrder) as theirs:
        order_for(liaison(second), order)
    with pytest.raises(NoSuchOrder) as nobodys:
        order_for(liaison(second), "0" * len(order))
    assert str(theirs.value).replace(order, "?") == str(nobodys.value).replace("0" * len(order), "?")
    assert theirs.value.code == nobodys.value.code


def test_an_order_is_in_the_list_of_exactly_those_who_may_look_it_up() -> None:
    first, second, third = units(3)
    recalled, merged = dispatched(to=first), dispatched(to=first)
    middle, into, own = dispatched(to=second), signed(to=third), of_citizen()
    recall_order(order=recalled, reason="派错了", actor=BOB, now=LATER)
    for order, onto in ((merged, middle), (middle, into), (own, into)):
        merge_order(order=order, into=onto, reason="同一件事", actor=BOB, now=LATER)
    fresh = dispatched(to=first)
    every = (recalled, merged, middle, into, own, fresh)
    people = [NUR, STRANGER, Actor.citizen(), ALICE, LEO, ADAM, SYSTEM]
    people += [of(unit) for of in (liaison, handler, head) for unit in (first, second, third)]

    def found(actor: Actor) -> set[str]:
        there = set()
        for order in every:
            with contextlib.suppress(NoSuchOrder):
                there.add(order_for(actor, order).number)
        return there

    for actor in people:
        assert found(actor) == numbers(actor), actor
    assert found(liaison(third)) == {merged, middle, into, own}
    assert found(liaison(first)) == {fresh}
    assert found(liaison(second)) == set()
    assert found(NUR) == {own}


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("买买提·艾力", "买*"), ("李", "李*"), (" 王五 ", "王*"), ("A", "A*")],
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("10012341234", "100****1234"),
        ("+86 139-0000-0001", "139****0001"),
        ("0994-2345678", "099****5678"),
        ("1234567", "****567"),
        ("12345", "****45"),
        ("1", "****"),
        ("", "****"),
    ],
)
def test_numbers_are_masked(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown
    assert len(shown.replace("*", "")) <= max(len(phone_digits(phone)) - 4, len(phone_digits(phone)) / 2)


def test_a_face_shows_the_person_masked_and_the_matter() -> None:
    first = units()[0]
    order = signed(to=first)
    for actor in (ALICE, BOB, RUTH, CARL, SUE, liaison(first), handler(first), head(first)):
        face = face_of(actor, order)
        assert face.requester == Contact(name="买*", phone="139****0001"), actor.name
        assert face.matter is not None
        assert face.matter.content == "小区门口的路灯三天不亮了。"
        assert face.handlings == (1,)
    for nobody in (STRANGER, NUR, LEO, ANNA, ADAM, liaison(units(2)[1])):
        with pytest.raises(NoSuchOrder):
            face_of(nobody, order)


def test_units_see_nothing_of_the_person_of_a_confidential_order() -> None:
    first = units()[0]
    order = dispatched(to=first, confidential=True)
    for of in (liaison, handler, head):
        face = face_of(of(first), order)
        assert face.requester is None
        assert face.matter is not None
        assert "13900000001" not in repr(face)
        assert "买" not in repr(face)
    assert face_of(BOB, order).requester == Contact(name="买*", phone="139****0001")


def test_nobody_is_shown_for_an_anonymous_order() -> None:
    order = recorded(anonymous=True, contact=Contact(phone="13900000001"))
    assert face_of(ALICE, order).requester is None
    assert not find_by_phone(ALICE, "13900000001").exists()


def test_words_are_shown_to_those_whom_they_concern() -> None:
    first, second = units(2)
    from jieban.orders.actions.dispatch import Assignment, dispatch_order, remove_unit  # noqa: PLC0415

    order = of_citizen()
    to = Assignment(lead=first, assisting=[second])
    dispatch_order(order=order, to=to, actor=BOB, now=LATER, remark="请两家会同")
    remove_unit(order=order, handling=2, reason="与第二家无关", actor=BOB, now=LATER)
    assert face_of(ALICE, order).words == {2: {"remark": "请两家会同"}, 3: {"reason": "与第二家无关"}}
    assert face_of(liaison(first), order).words == {2: {"remark": "请两家会同"}}
    own = face_of(NUR, order)
    assert (own.words, own.handlings) == ({}, ())
    assert own.requester is not None


def test_a_citizen_reads_what_they_wrote_and_what_they_were_answered_once_it_has_passed() -> None:
    from jieban.orders.actions.desk import refuse_order  # noqa: PLC0415
    from jieban.orders.actions.dispatch import Assignment, dispatch_order  # noqa: PLC0415
    from jieban.orders.actions.progress import report_progress  # noqa: PLC0415
    from jieban.orders.actions.reply import reply_to_order  # noqa: PLC0415
    from jieban.orders.actions.review import pass_review, reject_review  # noqa: PLC0415
    from jieban.orders.actions.sign import sign_handling  # noqa: PLC0415
    from jieban.orders.actions.supervise import urge_order  # noqa: PLC0415

    unit, order, refused = units()[0], of_citizen(), of_citizen()
    ground = city().workflow.refusal_grounds[0].code
    refuse_order(order=refused, ground=ground, explanation="请向法院提起诉讼", actor=ALICE, now=LATER)
    assert face_of(NUR, refused).words == {2: {"explanation": "请向法院提起诉讼"}}
    dispatch_order(order=order, to=Assignment(lead=unit), actor=BOB, now=LATER, remark="内部要求")
    sign_handling(order=order, handling=1, actor=liaison(unit), now=LATER)
    urge_order(order=order, actor=NUR, now=LATER, remark="请快一些")
    report_progress(order=order, handling=1, progress="内部进展", actor=handler(unit), now=LATER)
    reply_to_order(order=order, handling=1, reply=reply(), actor=handler(unit), now=LATER)
    assert face_of(NUR, order).words == {4: {"remark": "请快一些"}}
    reject_review(order=order, handling=1, reason="说清楚些", actor=RUTH, now=LATER)
    second = reply_to_order(order=order, handling=1, reply=reply(), actor=handler(unit), now=LATER)
    assert face_of(NUR, order).words == {4: {"remark": "请快一些"}}
    pass_review(order=order, handling=1, actor=RUTH, now=LATER, remark="内部意见")
    assert face_of(NUR, order).words.keys() == {4, second.seq}
    assert "reply" in face_of(NUR, order).words[second.seq]
    with pytest.raises(NoSuchOrder):
        face_of(STRANGER, order)


@pytest.mark.parametrize(
    "typed",
    [
        "13900000001",
        "+8613900000001",
        "0086 139 0000 0001",
        "139-0000-0001",
        "１３９０００００００１",
        "+86（139）00000001",
    ],
)
def test_a_number_is_found_however_it_is_written(typed: str) -> None:
    order = recorded(contact=Contact(name="张三", phone="139 0000 0001"))
    recorded(contact=Contact(name="张三", phone="13900000002"))
    for actor in (ALICE, BOB, RUTH, CARL):
        assert [each.number for each in find_by_phone(actor, typed)] == [order]


def test_no_number_finds_nobody() -> None:
    recorded(contact=Contact(name="张三"))
    recorded()
    for typed in ("", "  ", "无", "1390000"):
        assert not find_by_phone(ALICE, typed).exists()


def test_only_those_who_may_read_every_contact_search_by_number() -> None:
    recorded()
    unit = units()[0]
    for actor in (liaison(unit), handler(unit), head(unit), SUE, LEO, ANNA, ADAM, NUR, STRANGER):
        with pytest.raises(NotAllowed):
            find_by_phone(actor, "13900000001")


def test_a_number_is_found_under_every_version_of_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    order = recorded()
    old = keyring()
    ring = Keyring({**old.keys, 2: b"2" * 32}, 2)
    monkeypatch.setattr("jieban.orders.access.keyring", lambda: ring)
    assert [each.number for each in find_by_phone(ALICE, "13900000001")] == [order]
    OrderSecret.objects.update(phone_index=phone_index("13900000001", ring))
    assert [each.number for each in find_by_phone(ALICE, "13900000001")] == [order]


def test_no_table_holds_a_person_in_the_clear() -> None:
    order = signed()
    recorded(confidential=True)
    from django.apps import apps  # noqa: PLC0415

    for model in apps.get_app_config("orders").get_models():
        for row in model._default_manager.values():
            text = repr(
                {
                    name: bytes(value) if isinstance(value, memoryview) else value
                    for name, value in row.items()
                }
            )
            for said in ("13900000001", "买买提", "路灯", "一号楼"):
                assert said not in text, model
    assert all(
        "买" not in json.dumps(json.loads(each.data), ensure_ascii=False) for each in Event.objects.all()
    ), order
