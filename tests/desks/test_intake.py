"""The operator's desk: recording a call once, with what was decided; what is refused and told. Without scripts."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from browsers import OPENED, Sign
from cast import plain_type, recorded, row, units
from django.http import HttpResponse
from django.test import Client

from jieban.orders.face import face_of
from jieban.orders.models import Clock, Order
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role
from live_database import override_settings

pytestmark = pytest.mark.django_db
DESK = "/desk/intake/"
SYSTEM = Actor.system()


def form_id(page: HttpResponse) -> str:
    found = re.search(r'name="form_id" value="([0-9a-f]+)"', page.content.decode())
    assert found
    return found[1]


def said(page: HttpResponse) -> str:
    return page.content.decode()


def topic() -> str:
    """The first topic with a subtopic, and that."""
    first = next(each for each in city().order_topics.values() if each.subtopics)
    return f"{first.code}/{first.subtopics[0].code}"


def call(browser: Client, **changes: Any) -> dict[str, Any]:
    """A call as it is filled in; `changes` replace fields of it."""
    plain = {
        "form_id": form_id(browser.get(DESK)),
        "channel": next(iter(city().channels)),
        "phone": "139 0000 0001",
        "name": "买买提·艾力",
        "content": "小区门口的路灯三天不亮了。\r\n请尽快修。",
        "topic": topic(),
        "request_type": plain_type(),
        "urgency": "normal",
        "course": "dispatch",
    }
    return plain | changes


def number_in(page: HttpResponse) -> str:
    found = re.search(r'id="spoken">([^<]+)<', page.content.decode())
    assert found, page.content.decode()
    return city().workflow.numbering.read(found[1])


def test_the_desk_is_open_to_operators_alone(sign_in: Sign) -> None:
    for role in POST_ROLES:
        browser = sign_in(role, units()[0] if role in UNIT_ROLES else None)
        wanted = 200 if role is Role.OPERATOR else 403
        assert browser.get(DESK).status_code == wanted, role
        assert browser.post(DESK, {}).status_code == (422 if role is Role.OPERATOR else 403), role
        assert browser.post(f"{DESK}caller/", {"phone": "13900000001"}).status_code == wanted, role
    assert Client().post(f"{DESK}caller/", {}).status_code == 302
    assert Client().get(DESK).headers["Location"].startswith("/account/login/")


def test_a_stranger_s_piece_of_a_page_leads_the_page_to_the_sign_in() -> None:
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": f"http://testserver{DESK}?a=1"}
    answer = Client().post(f"{DESK}caller/", {}, **headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/account/login/?next=/desk/intake/%3Fa%3D1"


@pytest.mark.usefixtures("each_city")
def test_a_call_is_recorded_as_it_was_taken_and_the_next_form_is_empty(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    street = next(iter(city().streets))
    place = f"{street}/{city().communities_of(street)[0].name}"
    sent = call(browser, place=place, address="一号楼旁", urgency="urgent", summary="路灯不亮")
    page = browser.post(DESK, sent)
    assert page.status_code == 200
    number = number_in(page)
    order, face = row(number), face_of(SYSTEM, number)
    wanted_topic, _, subtopic = sent["topic"].partition("/")
    assert (order.topic, order.subtopic, order.urgency) == (wanted_topic, subtopic, "urgent")
    assert (order.street, order.community) == (street, city().communities_of(street)[0].name)
    assert (order.state, order.received_at, order.request_type) == (
        "recorded",
        order.last_at,
        sent["request_type"],
    )
    assert face.matter is not None
    assert face.matter.content == "小区门口的路灯三天不亮了。\n请尽快修。"
    assert (face.matter.summary, face.matter.address) == ("路灯不亮", "一号楼旁")
    assert face.requester is not None
    assert face.requester.phone == "139****0001"
    assert "买买提·艾力" not in said(page)
    assert form_id(page) != sent["form_id"]


def test_the_number_is_shown_in_groups_to_be_read_out(sign_in: Sign) -> None:
    page = browser_page(sign_in)
    shown = re.search(r'id="spoken">([^<]+)<', said(page))
    assert shown
    assert all(len(group) <= 4 for group in shown[1].split())
    assert len(shown[1].split()) > 1


def browser_page(sign_in: Sign, **changes: Any) -> HttpResponse:
    browser = sign_in(Role.OPERATOR)
    page = browser.post(DESK, call(browser, **changes))
    assert page.status_code == 200
    return page


def test_a_form_sent_twice_is_one_order(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    sent = call(browser, course="answer", answer="已告知办理时间。")
    first, again = browser.post(DESK, sent), browser.post(DESK, sent)
    assert number_in(first) == number_in(again)
    assert Order.objects.count() == 1
    assert "重复提交" in said(again)
    assert row(number_in(first)).state == "closed"


def test_what_was_changed_after_recording_is_not_lost_without_a_word(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    sent = call(browser)
    number = number_in(browser.post(DESK, sent))
    other = sent | {"content": "另一位来电人说的另一件事。"}
    refused = browser.post(DESK, other)
    assert refused.status_code == 409
    assert number in said(refused)
    assert "另一位来电人说的另一件事。" in said(refused)
    assert Order.objects.count() == 1
    second = browser.post(DESK, other | {"form_id": form_id(refused)})
    assert number_in(second) != number
    assert Order.objects.count() == 2


def test_an_answer_at_the_desk_closes_the_case(sign_in: Sign) -> None:
    unit = units(1)[0]
    number = number_in(browser_page(sign_in, course="answer", answer="办事窗口周末也开。", unit=unit))
    order = row(number)
    assert (order.state, order.disposition, order.answer_unit) == ("closed", "answered", unit)
    told = [text for written in face_of(SYSTEM, number).words.values() for text in written.values()]
    assert told == ["办事窗口周末也开。"]


def test_a_request_is_refused_right_from_the_form(sign_in: Sign) -> None:
    ground = city().workflow.refusal_grounds[0].code
    number = number_in(
        browser_page(sign_in, course="refuse", ground=ground, explanation="请向法院提起诉讼。")
    )
    assert (row(number).state, row(number).refused_ground) == ("refused", ground)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"phone": "", "name": ""}, "请填写号码或称呼"),
        ({"phone": "没有"}, "号码里没有数字"),
        ({"content": " "}, "请写明诉求人说了什么"),
        ({"topic": ""}, "请选择分类"),
        ({"request_type": ""}, "请选择诉求类型"),
        ({"course": "answer"}, "请写明怎样答复的"),
        ({"course": "refuse"}, "请选择情形"),
        ({"form_id": "<b>"}, ""),
        ({"topic": "nonsense/else"}, ""),
    ],
    ids=lambda given: "-".join(given) if isinstance(given, dict) else "",
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    changes: dict[str, str], told: str, sign_in: Sign
) -> None:
    browser = sign_in(Role.OPERATOR)
    answer = browser.post(DESK, call(browser, summary="路灯不亮了没人管") | changes)
    assert answer.status_code == 422
    assert told in said(answer)
    assert 'value="路灯不亮了没人管"' in said(answer)
    assert Order.objects.count() == 0


def test_an_anonymous_caller_needs_no_name(sign_in: Sign) -> None:
    number = number_in(browser_page(sign_in, phone="", name="", anonymous="on"))
    assert row(number).anonymous


@pytest.mark.parametrize(
    ("left", "followed"),
    [({}, True), ({"anonymous": "on"}, False), ({"phone": "", "name": "王芳"}, False)],
)
def test_who_left_no_number_is_not_told_to_follow_by_it(
    left: dict[str, str], followed: bool, sign_in: Sign
) -> None:
    page = said(browser_page(sign_in, **left))
    assert ("凭编号和来电号码可查进度" in page) is followed
    assert ("再来电报编号" in page) is not followed


def test_a_confidential_call_hides_the_person_from_units(sign_in: Sign) -> None:
    assert row(number_in(browser_page(sign_in, confidential="on"))).confidential


def test_a_call_is_linked_to_the_caller_s_earlier_order(sign_in: Sign) -> None:
    earlier, browser = recorded(now=OPENED - timedelta(days=1)), sign_in(Role.OPERATOR)
    page = said(browser.post(f"{DESK}caller/", call(browser)))
    assert f'value="link:person:{earlier}"' in page
    looked = browser.post(DESK, call(browser, step=f"link:person:{earlier}"))
    assert looked.status_code == 200
    assert f'id="id_repeat_of" value="{earlier}"' in said(looked)
    assert Order.objects.count() == 1
    number = number_in(browser.post(DESK, call(browser, repeat_of=earlier, repeat_by="person")))
    assert (row(number).repeat_of_id, row(number).repeat_by) == (row(earlier).pk, "person")


def test_a_link_that_would_betray_is_refused_and_the_call_recorded_nevertheless(sign_in: Sign) -> None:
    earlier = recorded(now=OPENED - timedelta(days=1), confidential=True)
    page = browser_page(sign_in, repeat_of=earlier, repeat_by="person")
    assert "保密工单" in said(page)
    assert row(number_in(page)).repeat_of_id is None


def test_a_button_of_the_page_looks_without_recording(sign_in: Sign) -> None:
    earlier, browser = recorded(now=OPENED - timedelta(days=1)), sign_in(Role.OPERATOR)
    page = browser.post(DESK, call(browser, step="look", topic="", content="路灯"))
    assert page.status_code == 200
    assert earlier in said(page)
    assert ">路灯</textarea>" in said(page)
    assert "请选择分类" not in said(page)
    assert Order.objects.count() == 1


def test_recording_never_fails_for_a_year_that_the_calendar_lacks(sign_in: Sign) -> None:
    late = datetime(2037, 3, 4, 4, 0, tzinfo=UTC)
    with override_settings(JIEBAN_CLOCK_SHIFT=late - datetime.now(UTC)):
        browser = sign_in(Role.OPERATOR)
        assert "待日历" in said(browser.post(f"{DESK}preview/", call(browser)))
        number = number_in(browser.post(DESK, call(browser)))
    assert all(Clock.objects.filter(order__number=number).values_list("provisional", flat=True))


def test_what_a_form_is_sent_under_is_not_shown_as_a_number(sign_in: Sign) -> None:
    operator = sign_in(Role.OPERATOR)
    sent = call(operator)
    order = row(number_in(operator.post(DESK, sent)))
    page = said(operator.get(f"/desk/orders/{order.number}/"))
    assert str(sent["content"]).split("\r")[0] in page
    assert "来源编号" not in page
    assert sent["form_id"] not in page
