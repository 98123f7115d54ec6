"""What a reply said stays on every page, whatever became of the template's fields since."""

from dataclasses import replace

import pytest
from administrators import DESK, save, second
from browsers import OPENED, Sign
from cast import (
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    RUTH,
    handled,
    handler,
    lead,
    liaison,
    plain_type,
    reply,
    row,
    words,
)
from citizens import Citizen
from django.test import Client

from jieban.desks.shell.moment import now
from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import publish_answer
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.models import Event
from jieban.orders.published import published_answers
from jieban.orders.replies import fields_of
from jieban.people.city import city, filed, serving
from jieban.people.city_in_force import look
from jieban.people.roles import Role
from jieban.profile.workflow import ReplyField

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city_as_filed")]
OTHER = "更换的灯具保修两年,坏了可以再拨打热线,我们当天派人。" * 3
SAID = "已到现场更换灯具,路灯恢复照明,居民知悉。"


def _text_field() -> ReplyField:
    return next(each for each in filed().workflow.reply if not each.choices and not each.not_for)


def _taken_out(sign_in: Sign, *fields: ReplyField) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    for field in fields:
        change = save(browser, f"{DESK}templates/reply/items/{field.code}/", gone=["on"])
        assert theirs.post(f"{DESK}city/{change.pk}/decide/", {"do": "accept"}).status_code == 302
    codes = {each.code for each in look(OPENED).profile.workflow.reply}
    assert codes.isdisjoint(each.code for each in fields)


def test_a_field_that_was_taken_out_keeps_its_name_and_words_in_old_replies(sign_in: Sign) -> None:
    number, field = handled(), _text_field()
    chosen = next(each for each in filed().workflow.reply if each.choices)
    before = sign_in(Role.REVIEWER).get(f"/desk/orders/{number}/").content.decode()
    assert before.count(field.name) >= 2
    _taken_out(sign_in, field, chosen)
    after = sign_in(Role.SUPERVISOR).get(f"/desk/orders/{number}/").content.decode()
    for name in (field.name, chosen.name, chosen.choices[0].name):
        assert name in after
    assert f">{field.code}<" not in after
    assert after.count(SAID) == before.count(SAID)


def test_citizens_still_read_all_that_they_were_answered(sign_in: Sign) -> None:
    writer = Citizen()
    number = _answered(writer)
    field = _text_field()
    assert field.name in writer.page(number)
    count = writer.page(number).count(SAID)
    _taken_out(sign_in, field)
    page = writer.page(number)
    assert field.name in page
    assert page.count(SAID) == count


def test_published_answers_keep_what_they_said_and_nothing_about_the_person(sign_in: Sign) -> None:
    field = _text_field()
    number = _answered(Citizen(), **{field.code: OTHER})
    told = Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED)
    record_callback(order=number, outcome=told, actor=CARL, now=now() + 10 * MINUTE)
    publish_answer(order=number, published=True, actor=RUTH, now=now() + 11 * MINUTE)
    (before,) = published_answers(0, 2)
    assert OTHER in before.answers[0].parts
    _taken_out(sign_in, field)
    Client().get("/answers/")
    (after,) = published_answers(0, 2)
    assert set(after.answers[0].parts) == set(before.answers[0].parts)


def test_what_no_template_knows_is_shown_without_a_code() -> None:
    number = handled()
    workflow = replace(city().workflow, reply=city().workflow.reply[-1:])
    lost = next(iter(words(number, seq=_replied_in(number))["reply"]))
    with serving(replace(city(), workflow=workflow)):
        fields = fields_of([lost, "made-up"], MONDAY)
    assert [each.code for each in fields][1:] == [lost]


def _replied_in(number: str) -> int:
    return Event.objects.get(order=row(number), act="reply").seq


def _answered(writer: Citizen, **fields: str) -> str:
    """An order of a citizen's that a unit has answered."""
    number, at = writer.file(kind=plain_type()), now()
    dispatch_order(order=number, to=Assignment(lead=lead()), actor=BOB, now=at + MINUTE)
    sign_handling(order=number, handling=1, actor=liaison(lead()), now=at + 2 * MINUTE)
    reply_to_order(
        order=number, handling=1, reply=reply(**fields), actor=handler(lead()), now=at + 3 * MINUTE
    )
    pass_review(order=number, handling=1, actor=RUTH, now=at + 4 * MINUTE)
    return number
