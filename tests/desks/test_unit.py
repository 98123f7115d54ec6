"""A unit's desk: its queues, who deals with what, an unreasonable request's file, a unit that goes on as another."""

import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from browsers import OPENED, Sign, signed_in
from cast import (
    BOB,
    MINUTE,
    MONDAY,
    RUTH,
    at,
    dispatched,
    handler,
    handlings,
    lead,
    liaison,
    recorded,
    replied,
    row,
    signed,
    units,
)
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from lxml import html

from jieban.desks.order.acting.forms import form_class
from jieban.desks.order.acting.needs import needs_of
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.review import reject_review
from jieban.orders.actions.sign import assign_handler
from jieban.orders.models import Clock
from jieban.people.accounts import add_account, give_post
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.models import Account
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj"


@pytest.fixture(autouse=True)
def place(evidence_place: Path) -> Path:
    """Where the test's own evidence is."""
    return evidence_place


def _act(number: str, name: str) -> str:
    return f"/desk/orders/{number}/do/{name}/"


def _queue(browser: Client, queue: str) -> str:
    answer = browser.get(f"/desk/unit/?queue={queue}")
    assert answer.status_code == 200
    return answer.content.decode().split('<div class="list">')[1].split("</section>")[0]


def _due(number: str, stage: str) -> datetime:
    return Clock.objects.get(order__number=number, level="handling", stage=stage).due_at


def _clock_set(instant: datetime) -> override_settings:
    from datetime import UTC  # noqa: PLC0415  # only here

    return override_settings(JIEBAN_CLOCK_SHIFT=instant - datetime.now(UTC))


@pytest.mark.usefixtures("each_city")
def test_an_order_stands_in_the_queues_of_where_it_is(sign_in: Sign) -> None:
    unsigned, working, answered, back = dispatched(), signed(), replied(), replied()
    reject_review(order=back, handling=1, reason="没有说明处置结果", actor=RUTH, now=MONDAY + 10 * MINUTE)
    browser = sign_in(Role.LIAISON, lead())
    where = {"awaiting": {unsigned}, "handling": {working, back}, "replied": {answered}, "sent_back": {back}}
    for queue, expected in where.items():
        page = _queue(browser, queue)
        assert {each for each in (unsigned, working, answered, back) if each in page} == expected, queue


@pytest.mark.usefixtures("each_city")
def test_today_is_what_is_due_by_midnight_and_what_is_late(sign_in: Sign) -> None:
    number = signed()
    due = _due(number, "close")
    browser = sign_in(Role.HANDLER, lead())
    midnight = due.astimezone(city().clock.tz).replace(hour=0, minute=0)
    for instant, today, late in (
        (midnight - MINUTE, False, False),
        (midnight + MINUTE, True, False),
        (due + MINUTE, True, True),
    ):
        with _clock_set(instant):
            browser = signed_in_again(browser)
            assert (number in _queue(browser, "today")) is today, instant
            assert (number in _queue(browser, "late")) is late, instant


def signed_in_again(browser: Client) -> Client:
    """The same person, after the clock was moved: a session may have ended meanwhile."""
    account = Account.objects.latest("pk")
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def test_a_signature_that_is_late_stands_in_today_once(sign_in: Sign) -> None:
    number = dispatched()
    sign_in(Role.LIAISON, lead())
    with _clock_set(_due(number, "sign") + MINUTE):
        page = _queue(signed_in_again(Client()), "today")
    assert page.count(f'data-number="{number}"') == 1


def test_a_liaison_names_who_deals_with_it_and_that_one_finds_it(sign_in: Sign) -> None:
    number, unit = signed(), lead()
    worker = sign_in(Role.HANDLER, unit)
    account = Account.objects.latest("pk")
    mine = sign_in(Role.LIAISON, unit)
    assert number not in _queue(worker, "mine")
    form = mine.get(_act(number, "assign") + "?handling=1").content.decode()
    assert f'value="{account.pk}"' in form
    assert mine.post(_act(number, "assign"), {"handling": 1, "account": account.pk}).status_code == 302
    assert handlings(number)[0].assignee == account.pk
    assert number in _queue(worker, "mine")
    assert account.display_name in mine.get(f"/desk/orders/{number}/").content.decode()


def test_only_people_of_the_unit_today_can_be_named(sign_in: Sign) -> None:
    unit, other = units(2)
    number = signed(to=unit)
    gone = _account("gone", unit, last=OPENED.date() - timedelta(days=1))
    soon = _account("soon", unit, first=OPENED.date() + timedelta(days=1))
    away = _account("away", unit)
    Account.objects.filter(pk=away).update(is_active=False)
    elsewhere = _account("elsewhere", other)
    here = _account("here", unit)
    browser = sign_in(Role.LIAISON, unit)
    form = browser.get(_act(number, "assign") + "?handling=1").content.decode()
    offered = {each for each in (gone, soon, away, elsewhere, here) if f'<option value="{each}"' in form}
    assert offered == {here}
    for each in (gone, soon, away, elsewhere):
        answer = browser.post(_act(number, "assign"), {"handling": 1, "account": each})
        assert answer.status_code == 422
    assert handlings(number)[0].assignee is None


def _account(name: str, unit: str, *, first: object = None, last: object = None) -> int:
    made = add_account(username=name, display_name=name, now=OPENED)
    begin = first or OPENED.date() - timedelta(days=30)
    give_post(account=made, role=Role.HANDLER, unit=unit, first=begin, last=last, profile=city())  # type: ignore[arg-type]  # days
    return int(made.pk)


def test_nobody_learns_who_works_in_another_unit(sign_in: Sign) -> None:
    mine, other = units(2)
    number = signed(to=mine, assisting=[other])
    theirs = _account("theirs", other)
    browser = sign_in(Role.LIAISON, mine)
    answer = browser.get(_act(number, "assign") + "?handling=2")
    assert answer.status_code == 404
    assert f'<option value="{theirs}"' not in answer.content.decode()
    assert browser.get(_act(number, "assign")).status_code == 404


@pytest.mark.usefixtures("each_city")
def test_a_reply_is_refused_by_the_names_of_what_the_form_says_is_missing(sign_in: Sign) -> None:
    number, unit = signed(), lead()
    wanted = needs_of(handler(unit), Act.REPLY, row(number), 1)
    answer = sign_in(Role.HANDLER, unit).post(
        _act(number, "reply"), {"handling": 1, "site_visit": "on", "phone_contact": "on"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    refusal = page.split('role="alert"')[1].split("</div>")[0]
    fields = [each for each in wanted if each.field and each.wanted]
    assert fields
    assert all(each.name.split("(")[0].split("（")[0] in refusal for each in fields)
    assert {each.when for each in wanted if not each.field} >= {"site_visit", "phone_contact"}


@pytest.mark.usefixtures("each_city")
def test_a_refused_reply_says_at_each_field_what_it_lacks(sign_in: Sign) -> None:
    number, unit = signed(), lead()
    wanted = needs_of(handler(unit), Act.REPLY, row(number), 1)
    long = next(each for each in wanted if each.least > 1)
    given = {"handling": 1, "site_visit": "on", long.field: "完" * long.least}
    answer = sign_in(Role.HANDLER, unit).post(_act(number, "reply"), given)
    assert answer.status_code == 422
    form = html.document_fromstring(answer.content.decode()).get_element_by_id("act-form")
    marked = {each.get("name"): each for each in form.xpath(".//*[@aria-invalid='true']")}
    lacking = [each.field for each in wanted if each.wanted and each.field not in {"", long.field}]
    assert set(marked) == {*lacking, "site_visit"}
    for each in wanted:
        field = marked.get(each.field or each.when)
        if field is not None:
            told = form.get_element_by_id(f"{field.get('id')}_error")
            assert told.get("id") in field.get("aria-describedby").split()
            assert each.told in told.text_content()
    first = form.xpath(".//*[@autofocus]")
    assert [each.get("name") for each in first] == [next(iter(marked))], "one goes on at the first of them"


@pytest.mark.usefixtures("each_city")
def test_who_says_what_was_done_is_told_what_the_city_wants_to_see_of_it() -> None:
    order = row(signed())
    form = form_class(Act.REPLY, order, order.received_at)()
    demanded = city().workflow.evidence.demanded(order.request_type)
    for when in ("site_visit", "phone_contact"):
        kinds = [kind.name for condition, kind in demanded if condition.value == when]
        assert kinds
        assert form.fields[when].help_text == f"须有{'、'.join(kinds)}。"


def test_evidence_that_is_there_is_no_longer_wanted() -> None:
    number, unit = signed(), lead()

    def lacking() -> list[str]:
        return [
            each.name
            for each in needs_of(handler(unit), Act.REPLY, row(number), 1)
            if each.when and not each.there
        ]

    before = lacking()
    picture = Upload(
        stream=io.BytesIO(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\0" * 40), kind="photo_before"
    )
    attach_evidence(order=number, upload=picture, actor=handler(unit), now=MONDAY + 5 * MINUTE, handling=1)
    assert len(lacking()) == len(before) - 1


def test_an_unreasonable_request_goes_from_declaration_to_the_heads_signature(sign_in: Sign) -> None:
    number, unit = signed(), lead()
    paper = Upload(stream=io.BytesIO(PDF), kind="document")
    attach_evidence(order=number, upload=paper, actor=handler(unit), now=MONDAY + 5 * MINUTE, handling=1)
    worker, chief = sign_in(Role.HANDLER, unit), sign_in(Role.HEAD, unit)
    assert number not in _queue(chief, "to_sign")
    assert worker.get("/desk/unit/?queue=to_sign").status_code == 404
    ground = city().workflow.unreasonable_grounds[0]
    form = worker.get(f"{_act(number, 'declare_unreasonable')}?handling=1").content.decode()
    for field in ("ground", "inquiry", "policy"):
        assert f'<li data-field="{field}"' in form, "what lacks is told while it is written"
    said = {"handling": 1, "ground": ground.code, "inquiry": "已入户核实。", "policy": "条例第三条。"}
    assert worker.post(_act(number, "declare_unreasonable"), said).status_code == 302
    assert number in _queue(chief, "to_sign")
    page = chief.get(f"/desk/unit/{number}/?queue=to_sign").content.decode()
    for part in (ground.name, "已入户核实。", "条例第三条。", "/do/sign_as_head/"):
        assert part in page, part
    assert "/do/sign_as_head/" not in worker.get(f"/desk/orders/{number}/").content.decode()
    reviewer = sign_in(Role.REVIEWER)
    first = f'class="button main" href="{_act(number, "decide_unreasonable")}'
    assert first not in reviewer.get(f"/desk/orders/{number}/").content.decode(), "it could only be refused"
    assert chief.post(_act(number, "sign_as_head"), {"handling": 1}).status_code == 302
    assert number not in _queue(chief, "to_sign")
    assert first in reviewer.get(f"/desk/orders/{number}/").content.decode()
    decided = {"handling": 1, "granted": "yes", "reason": "材料齐全"}
    assert reviewer.post(_act(number, "decide_unreasonable"), decided).status_code == 302
    file = worker.get(f"/desk/orders/{number}/").content.decode()
    assert ground.source in file
    assert "负责人签字" in file


def test_a_file_without_its_attachment_is_refused_by_name(sign_in: Sign) -> None:
    number, unit = signed(), lead()
    ground = next(each for each in city().workflow.unreasonable_grounds if each.needs_attachment)
    said = {"handling": 1, "ground": ground.code, "inquiry": "已核实。", "policy": "第三条。"}
    answer = sign_in(Role.HANDLER, unit).post(_act(number, "declare_unreasonable"), said)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "证明材料" in page
    assert re.search(r'<select name="ground"[^>]*aria-invalid="true"', page), "its ground wants one"


def test_the_successor_of_a_unit_works_on_its_orders_through_the_pages() -> None:
    with override_settings(JIEBAN_PROFILE="yunting"):
        number = recorded(now=at("2024-12-30 10:00"))
        dispatch_order(
            order=number, to=Assignment(lead="stone-bridge"), actor=BOB, now=at("2024-12-30 10:01")
        )
        browser = signed_in(Role.LIAISON, "sands")
        page = browser.get(f"/desk/unit/{number}/?queue=awaiting").content.decode()
        assert "/do/sign/" in page
        assert browser.post(_act(number, "sign"), {"handling": 1}).status_code == 302
        account = Account.objects.latest("pk")
        form = browser.get(_act(number, "assign") + "?handling=1").content.decode()
        assert f'value="{account.pk}"' in form
        assert browser.get(f"/desk/unit/{number}/scene/?handling=1").status_code == 200


@pytest.mark.usefixtures("each_city")
def test_the_page_for_photos_is_the_handlers(sign_in: Sign) -> None:
    mine, other = units(2)
    number = signed(to=mine)
    where = f"/desk/unit/{number}/scene/?handling=1"
    page = sign_in(Role.HANDLER, mine).get(where).content.decode()
    assert page.count('capture="environment"') == 2
    assert "image/heic" not in page
    assert sign_in(Role.HEAD, mine).get(where).status_code == 404
    assert sign_in(Role.HANDLER, other).get(where).status_code == 404
    assert sign_in(Role.OPERATOR).get(where).status_code == 403
    liaison_of = sign_in(Role.LIAISON, mine)
    assert liaison_of.get(where).status_code == 200
    for wrong in ("", "?handling=2", "?handling=x"):
        assert liaison_of.get(f"/desk/unit/{number}/scene/{wrong}").status_code == 404


def test_a_units_page_costs_the_same_however_much_there_is(sign_in: Sign) -> None:
    unit = lead()
    browser = sign_in(Role.HEAD, unit)
    browser.get("/desk/unit/")  # the first page of a session writes it down
    counts: list[int] = []
    pages: list[int] = []
    for more in (2, 12):
        for _ in range(more):
            number = signed()
            worker = Account.objects.latest("pk").pk
            assign_handler(
                order=number, handling=1, account=worker, actor=liaison(unit), now=MONDAY + 4 * MINUTE
            )
        for each in range(more // 2):
            picture = Upload(stream=io.BytesIO(PDF + bytes([each])), kind="document")
            attach_evidence(
                order=number, upload=picture, actor=handler(unit), now=MONDAY + 5 * MINUTE, handling=1
            )
        for path, found in (("/desk/unit/?queue=handling", counts), (f"/desk/orders/{number}/", pages)):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path).status_code == 200
            found.append(len(queries))
    assert counts[0] == counts[1]
    assert pages[0] == pages[1]
    # session, account, posts; ten counts and the page; orders, secrets, handlings; the session's own bookkeeping
    assert counts[0] <= 24
    # an order's page besides: whether the city changed, and who else has it open
    assert pages[0] <= 32
