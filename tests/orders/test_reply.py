"""Replies: after the city's template, with the evidence that its rules demand; what is missing is named."""

import io
from collections.abc import Iterator

import pytest
from cast import (
    ALICE,
    BOB,
    MINUTE,
    MONDAY,
    RUTH,
    clock,
    dispatched,
    handler,
    handlings,
    head,
    last_event,
    lead,
    liaison,
    refused,
    replied,
    reply,
    row,
    signed,
    units,
    words,
)
from django.conf import settings
from django.test import override_settings

from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.reply import Reply, reply_to_order, withdraw_reply
from jieban.orders.actions.review import reject_review
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.models import Event, Petition
from jieban.people.city import city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 10 * MINUTE
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"

TEMPLATE = {
    "changji": {
        "done": "已做工作",
        "status": "目前进展",
        "next": "下一步",
        "told": "是否告知诉求人",
        "rating": "诉求人评价",
    },
    "yunting": {"facts": "查明的事实", "measures": "处理措施", "verdict": "诉求人意见"},
}
OF_THE_CITIZEN = {"changji": {"told", "rating"}, "yunting": {"verdict"}}


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    there = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "evidence": there}):
        yield


def answer(order: str, what: Reply, **other: object) -> None:
    reply_to_order(
        order=order, reply=what, **{"handling": 1, "actor": handler(lead()), "now": LATER, **other}
    )


def without(*codes: str) -> Reply:
    return Reply(fields={code: text for code, text in reply().fields.items() if code not in codes})


def attach(
    order: str, kind: str, content: bytes = JPEG, now: object = LATER, handling: int | None = 1
) -> None:
    attach_evidence(
        order=order,
        upload=Upload(stream=io.BytesIO(content), kind=kind),
        actor=ALICE if handling is None else handler(lead()),
        now=now,
        handling=handling,
    )


def test_a_reply_stops_the_units_clock_and_waits_for_review() -> None:
    order = signed()
    answer(order, reply())
    (handling,) = handlings(order)
    assert (handling.state, handling.replied_at, handling.closed_at) == ("replied", LATER, None)
    assert handling.replied_by == handler(lead()).ref
    assert clock(order, "close", 1).stopped_at == LATER
    assert clock(order).stopped_at is None, "the order is closed when the reply has passed"
    assert row(order).state == "handling"


def test_texts_are_sealed_and_choices_told() -> None:
    order = signed()
    fields = dict(reply().fields)
    answer(order, Reply(fields={code: f"  {text} " for code, text in fields.items()}))
    choices = {each.code for each in city().workflow.reply if each.choices}
    event = last_event(order)
    assert words(order) == {"reply": {code: text for code, text in fields.items() if code not in choices}}
    assert {code: event["facts"][code] for code in choices} == {code: fields[code] for code in choices}
    assert "路灯" not in "".join(Event.objects.values_list("data", flat=True))
    assert event["facts"]["site_visit"] is False


def test_each_field_that_is_missing_is_named(each_city: str) -> None:
    order = signed()
    for code, name in TEMPLATE[each_city].items():
        with refused(Missing) as caught:
            answer(order, without(code))
        assert name in caught.value.what
        assert all(other not in caught.value.what for other in TEMPLATE[each_city].values() if other != name)
    with refused(Missing) as caught:
        answer(order, Reply(fields={}))
    assert all(name in caught.value.what for name in TEMPLATE[each_city].values())


def test_what_only_a_known_citizen_can_say_is_not_asked_of_others(each_city: str) -> None:
    for who in ({"anonymous": True}, {"confidential": True}):
        order = signed(**who)
        answer(order, without(*OF_THE_CITIZEN[each_city]))
        assert handlings(order)[0].state == "replied"


def test_too_short_and_blank_texts_are_missing_and_too_long_ones_refused(each_city: str) -> None:
    code, name = next(iter(TEMPLATE[each_city].items()))
    least = next(each.min_chars for each in city().workflow.reply if each.code == code)
    order = signed()
    for text in (
        "",
        " \n\t",
        "短" * (least - 1),
        "短" * (least - 1) + " " * 50,
        "\u200b" * 50,
        "\u3000" * 50,
    ):
        with refused(Missing) as caught:
            answer(order, reply(**{code: text}))
        assert name in caught.value.what
    with refused(BadValue):
        answer(order, reply(**{code: "长" * 10_001}))
    answer(order, reply(**{code: "短" * least}))


def test_what_the_template_lacks_is_refused(each_city: str) -> None:
    order = signed()
    choice = next(each.code for each in city().workflow.reply if each.choices)
    with refused(BadValue) as caught:
        answer(order, reply(signature="张三"))
    assert "signature" in caught.value.what
    with refused(BadValue) as caught:
        answer(order, reply(**{choice: "还行"}))
    assert next(each.choices[0].name for each in city().workflow.reply if each.choices) in caught.value.fix
    hidden = signed(anonymous=True)
    with refused(BadValue):
        answer(hidden, reply(**{next(iter(OF_THE_CITIZEN[each_city])): "张三 13900000001"}))


def test_after_a_visit_both_photos_are_demanded_by_name() -> None:
    order = signed()
    visited = Reply(fields=reply().fields, site_visit=True)
    with refused(Missing) as caught:
        answer(order, visited)
    assert "办理前照片" in caught.value.what
    assert "办理后照片" in caught.value.what
    attach(order, "photo_before")
    with refused(Missing) as caught:
        answer(order, visited)
    assert "办理前照片" not in caught.value.what
    attach(order, "photo_after", handling=None)
    with refused(Missing):
        answer(order, visited)
    attach(order, "photo_after", JPEG + b"after")
    answer(order, visited)
    assert last_event(order)["facts"]["site_visit"] is True


def test_after_a_call_its_record_is_demanded_by_name() -> None:
    order = signed()
    called = Reply(fields=reply().fields, phone_contact=True)
    with refused(Missing) as caught:
        answer(order, called)
    assert "通话录音" in caught.value.what
    attach(order, "call_recording", b"#!AMR\n\0\0")
    answer(order, called)


def test_a_type_of_request_may_always_want_a_photo(each_city: str) -> None:
    if each_city == "changji":
        answer(signed(request_type="complaint"), reply())
        return
    order = signed(request_type="complain")
    with refused(Missing) as caught:
        answer(order, reply())
    assert "办理后照片" in caught.value.what
    attach(order, "photo_after")
    answer(order, reply())


def test_what_the_unit_still_asked_for_lapses() -> None:
    order = signed()
    ask_extension(order=order, handling=1, days=1, reason="要施工", actor=liaison(lead()), now=LATER)
    answer(order, reply())
    assert Petition.objects.get().state == "lapsed"


def test_who_replies_and_when() -> None:
    first, second = units(2)
    order = signed(to=first, assisting=[second])
    with refused(NotAllowed):
        answer(order, reply(), actor=head(first))
    with refused(NotAllowed):
        answer(order, reply(), actor=handler(second))
    with refused(NotAllowed):
        answer(order, reply(), actor=BOB)
    with refused(NoSuchOrder):
        answer(order, reply(), actor=handler(units(3)[2]))
    answer(order, reply(), actor=liaison(first))
    with refused(WrongState):
        answer(order, reply())
    fresh = dispatched()
    with refused(WrongState):
        answer(fresh, reply())


def test_withdrawn_the_clock_runs_on_as_if_it_had_never_stopped() -> None:
    order = replied()
    before = clock(order, "close", 1)
    with refused(Missing):
        withdraw_reply(order=order, handling=1, reason=" ", actor=handler(lead()), now=LATER)
    with refused(NotAllowed):
        withdraw_reply(order=order, handling=1, reason="写错", actor=RUTH, now=LATER)
    withdraw_reply(order=order, handling=1, reason="写错了", actor=head(lead()), now=LATER)
    (handling,) = handlings(order)
    assert (handling.state, handling.replied_at, handling.replied_in) == ("handling", None, None)
    after = clock(order, "close", 1)
    assert (after.stopped_at, after.due_at, after.changes) == (None, before.due_at, before.changes)
    assert handling.reworks == 0
    with refused(WrongState):
        withdraw_reply(order=order, handling=1, reason="写错", actor=handler(lead()), now=LATER)
    answer(order, reply(), now=LATER + MINUTE)


def test_evidence_of_the_first_reply_serves_the_second_after_a_rework() -> None:
    order = signed()
    visited = Reply(fields=reply().fields, site_visit=True)
    attach(order, "photo_before")
    attach(order, "photo_after", JPEG + b"after")
    answer(order, visited)
    reject_review(order=order, handling=1, reason="没有写明时间", actor=RUTH, now=LATER)
    answer(order, visited, now=LATER + MINUTE)
