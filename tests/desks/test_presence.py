"""Who else has an order open: told by name and post to those who may know, for seconds, at a bounded price."""

import re
from datetime import timedelta

import pytest
from browsers import OPENED, Sign
from cast import NUR, dispatched, lead, recorded, row, signed, units
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.desks.presence.here import FRESH
from jieban.desks.presence.models import Presence
from jieban.desks.shell.desks import DESKS
from jieban.orders.models import Event
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role

pytestmark = pytest.mark.django_db
POLL = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "queue"}


def _open(browser: Client, number: str) -> str:
    """What the order's page says of others."""
    page = str(browser.get(f"/desk/orders/{number}/").content.decode())
    return page[page.index('id="present"') :].partition("</div>")[0]


def _live(browser: Client, number: str, **given: object) -> str:
    return str(browser.get("/desk/live/", {"open": number, **given}).content.decode())


@pytest.mark.usefixtures("each_city")
def test_two_people_on_one_order_see_each_other_by_name_and_post(sign_in: Sign) -> None:
    number = dispatched()
    dispatcher, liaison = sign_in(Role.DISPATCHER), sign_in(Role.LIAISON, lead())
    assert "正在查看" not in _open(dispatcher, number)
    assert "dispatcher(派单员)正在查看" in _open(liaison, number).replace("（", "(").replace("）", ")")
    assert "liaison" in _live(dispatcher, number)
    assert "正在查看" not in _live(dispatcher, recorded()), "only on the order that is open"


def test_whoever_signed_out_is_there_no_more(sign_in: Sign) -> None:
    number = dispatched()
    dispatcher, supervisor = sign_in(Role.DISPATCHER), sign_in(Role.SUPERVISOR)
    reviewer = sign_in(Role.REVIEWER)
    for browser in (dispatcher, supervisor):
        _open(browser, number)
    dispatcher.post("/account/logout/")
    told = _open(reviewer, number)
    assert ("dispatcher" in told, "supervisor" in told) == (False, True)


def test_whose_form_is_open_is_told(sign_in: Sign) -> None:
    number = signed()
    handler, reviewer = sign_in(Role.HANDLER, lead()), sign_in(Role.REVIEWER)
    handler.get(f"/desk/orders/{number}/do/report_progress/?handling=1")
    assert "正在填写“报告进展”" in _open(reviewer, number)
    _live(handler, number)
    assert "正在填写" not in _open(reviewer, number)
    _live(handler, number, doing="report_progress")
    assert "正在填写“报告进展”" in _live(reviewer, number)
    _live(handler, number, doing="<b>nonsense</b>")
    assert "nonsense" not in _live(reviewer, number)


def test_the_poll_of_a_queue_carries_it_and_is_304_while_nothing_changes(sign_in: Sign) -> None:
    number = recorded()
    dispatcher, operator = sign_in(Role.DISPATCHER), sign_in(Role.OPERATOR)
    where = f"/desk/dispatch/?queue=new&page=1&open={number}&seen={row(number).events}"
    first = dispatcher.get(where, **POLL)
    assert "正在查看" not in first.content.decode()
    again = dispatcher.get(where, HTTP_IF_NONE_MATCH=first.headers["ETag"], **POLL)
    assert again.status_code == 304
    # What it says of keeping is what the browser goes by the next time.
    for name in ("Cache-Control", "ETag", "Vary"):
        assert again.headers[name] == first.headers[name], name
    _open(operator, number)
    then = dispatcher.get(where, HTTP_IF_NONE_MATCH=first.headers["ETag"], **POLL)
    assert then.status_code == 200
    assert 'id="present"' in then.content.decode()
    assert "operator" in then.content.decode()
    assert 'hx-swap-oob="true"' in then.content.decode()


def test_what_others_did_since_the_page_was_opened_is_told(sign_in: Sign) -> None:
    number = dispatched()
    dispatcher, operator = sign_in(Role.DISPATCHER), sign_in(Role.OPERATOR)
    seen = row(number).events
    assert "有新的操作" not in _live(dispatcher, number, seen=seen)
    operator.post(f"/desk/orders/{number}/do/urge/", {"remark": ""})
    assert "operator 催办" in _live(dispatcher, number, seen=seen)
    assert "有新的操作" not in _live(operator, number, seen=seen), "one's own is known"


def test_after_some_seconds_nobody_is_there_any_more_and_rows_are_swept(sign_in: Sign) -> None:
    number = dispatched()
    dispatcher, operator = sign_in(Role.DISPATCHER), sign_in(Role.OPERATOR)
    _open(operator, number)
    Presence.objects.update(seen_at=OPENED - FRESH)
    assert "operator" not in _open(dispatcher, number)
    Presence.objects.filter(account__display_name="operator").update(seen_at=OPENED - timedelta(minutes=10))
    _open(dispatcher, number)
    assert not Presence.objects.filter(account__display_name="operator").exists()


def test_units_see_their_own_and_the_centre_and_never_another_unit(sign_in: Sign) -> None:
    first, second = units(2)
    number = dispatched(to=first, assisting=[second])
    mine, other = sign_in(Role.LIAISON, first), sign_in(Role.HANDLER, second)
    dispatcher = sign_in(Role.DISPATCHER)
    for each in (mine, other, dispatcher):
        _open(each, number)
    assert "dispatcher" in _open(mine, number)
    assert "handler" not in _open(mine, number)
    assert "liaison" in _open(dispatcher, number)
    assert "handler" in _open(dispatcher, number)


def test_of_a_confidential_order_units_see_nobody_of_the_centre(sign_in: Sign) -> None:
    number = dispatched(confidential=True)
    mine, colleague, callback = (
        sign_in(Role.LIAISON, lead()), sign_in(Role.HANDLER, lead()), sign_in(Role.CALLBACK_AGENT),
    )  # fmt: skip
    for each in (colleague, callback):
        _open(each, number)
    page = _open(mine, number)
    assert "handler" in page
    assert "callback_agent" not in page


def test_whose_order_it_is_not_neither_sees_nor_is_seen(sign_in: Sign) -> None:
    mine, other = units(2)
    number = dispatched(to=mine)
    stranger = sign_in(Role.LIAISON, other)
    _open(sign_in(Role.DISPATCHER), number)
    page = _live(stranger, number)
    assert "present" not in page
    assert not Presence.objects.filter(account__display_name="liaison").exists()
    assert sign_in(Role.LEADER).get("/desk/live/", {"open": number}).status_code == 200
    assert not Presence.objects.filter(account__display_name="leader").exists()
    assert Client().get("/desk/live/", {"open": number}).status_code == 302


def test_citizens_are_told_of_nobody(sign_in: Sign) -> None:
    number = dispatched()
    _open(sign_in(Role.DISPATCHER), number)
    assert NUR.reference
    page = Client().get("/my/").content.decode()
    assert "dispatcher" not in page
    assert 'id="present"' not in page


def test_it_is_no_event_and_costs_the_same_however_many_are_there(sign_in: Sign) -> None:
    number = dispatched()
    seen = row(number).events
    events = Event.objects.count()
    dispatcher = sign_in(Role.DISPATCHER)
    _live(dispatcher, number)
    counts = []
    for role in (Role.OPERATOR, Role.REVIEWER, Role.CALLBACK_AGENT, Role.SUPERVISOR):
        _open(sign_in(role), number)
        with CaptureQueriesContext(connection) as queries:
            _live(dispatcher, number, seen=seen)
        counts.append(len(queries))
    assert len(set(counts)) == 1
    # the city; session, account, posts, the session's own bookkeeping (5); the desk's count; the order; who is there:
    # written, swept, read
    assert counts[0] <= 14, "\n".join(query["sql"][:150] for query in queries)
    assert Event.objects.count() == events


def test_the_rail_counts_what_waits_at_each_desk(sign_in: Sign) -> None:
    browser = sign_in(Role.DISPATCHER)
    assert '<span id="waits-dispatch" class="count" hx-swap-oob="true"></span>' in _live(browser, "")
    for _ in range(3):
        recorded()
    page = _live(browser, "")
    assert '<span id="waits-dispatch" class="count" hx-swap-oob="true">3</span>' in page
    assert "waits-search" not in page
    queue = browser.get("/desk/dispatch/?queue=returns&page=1", **POLL).content.decode()
    assert '<span id="waits-dispatch" class="count" hx-swap-oob="true">3</span>' in queue


def test_every_page_inside_asks_for_news_once_and_by_the_tag_of_what_it_has(sign_in: Sign) -> None:
    for role in POST_ROLES:
        browser = sign_in(role, lead() if role in UNIT_ROLES else None)
        for desk in DESKS:
            if role not in desk.roles:
                continue
            page = browser.get(desk.path).content.decode()
            assert len(re.findall(r"<div[^>]* data-live[ >]", page)) == 1, (role, desk.id)
            assert 'id="away"' in page
            asked = re.search(r"<div[^>]* data-live[^>]*>", page)
            assert asked is not None
            where = re.search(r'hx-get="([^"]+)"', asked[0])
            assert where is not None
            first = browser.get(where[1].replace("&amp;", "&"), **POLL)
            again = browser.get(
                where[1].replace("&amp;", "&"), HTTP_IF_NONE_MATCH=first.headers["ETag"], **POLL
            )
            assert (first.status_code, again.status_code) == (200, 304), (role, desk.id)
