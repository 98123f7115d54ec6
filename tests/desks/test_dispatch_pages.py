"""Splitting, merging and reading a contact: pages of their own, that do what they showed, and once."""

import re

import pytest
from browsers import Sign
from cast import MONDAY, dispatched, footprint, handled, last_event, lead, recorded, row, signed, units

from jieban.orders.models import Event, Order
from jieban.orders.secrets import Contact, Matter
from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def _parts(number: str, count: int = 2) -> dict[str, object]:
    topics = list(city().order_topics)
    filled: dict[str, object] = {"seen": row(number).events, "parts": count}
    for n in range(count):
        filled |= {
            f"part{n}-summary": f"第{n + 1}件事",
            f"part{n}-request_type": next(iter(city().request_types)),
            f"part{n}-topic": topics[n],
            f"part{n}-street": "",
        }
    return filled


@pytest.mark.usefixtures("each_city")
def test_an_order_is_split_once_however_often_it_is_sent(sign_in: Sign) -> None:
    number = recorded()
    browser = sign_in(Role.DISPATCHER)
    page = f"/desk/dispatch/{number}/split/"
    assert "part1-topic" in browser.get(page).content.decode()
    filled = _parts(number)
    assert browser.post(page, filled).status_code == 302
    assert row(number).state == "split"
    assert browser.post(page, filled).status_code == 409
    assert Order.objects.filter(parent__number=number).count() == 2


def test_another_part_keeps_what_was_written(sign_in: Sign) -> None:
    number = recorded()
    page = sign_in(Role.DISPATCHER).post(f"/desk/dispatch/{number}/split/", {**_parts(number), "more": "1"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "第1件事" in text
    assert "part2-topic" in text
    assert 'name="parts" value="3"' in text
    assert row(number).state == "recorded"


def test_a_part_without_a_topic_comes_back(sign_in: Sign) -> None:
    number = recorded()
    filled = {**_parts(number), "part1-topic": ""}
    answer = sign_in(Role.DISPATCHER).post(f"/desk/dispatch/{number}/split/", filled)
    assert answer.status_code == 422
    assert row(number).state == "recorded"


def _hidden(page: str) -> dict[str, str]:
    return dict(_HIDDEN.findall(page[page.rindex('<form method="post" class="acts"') :]))


def test_a_merge_is_shown_before_it_is_done(sign_in: Sign) -> None:
    main, other = dispatched(), dispatched(to=units(2)[1])
    browser = sign_in(Role.DISPATCHER)
    page = f"/desk/dispatch/{other}/merge/"
    before = footprint()
    shown = browser.post(page, {"step": "preview", "into": main, "reason": "同一事项"}).content.decode()
    assert footprint() == before
    assert "待签收 → 已并单" in shown
    assert "不再计时" in shown
    form = _hidden(shown)
    assert browser.post(page, form).headers["Location"] == f"/desk/dispatch/{main}/?queue=unsigned"
    assert row(other).merged_into == row(main)
    done = Event.objects.count()
    assert browser.post(page, form).status_code == 409
    assert Event.objects.count() == done


@pytest.mark.usefixtures("each_city")
def test_the_number_to_merge_into_is_taken_as_it_is_read_out(sign_in: Sign) -> None:
    main, other = dispatched(), recorded()
    browser = sign_in(Role.DISPATCHER)
    said = f" {city().workflow.numbering.spoken(main).lower()} "
    assert said.strip() != main
    asked = {"step": "preview", "into": said, "reason": "同一事项"}
    assert _hidden(browser.post(f"/desk/dispatch/{other}/merge/", asked).content.decode())["into"] == main
    link = f"/desk/orders/{other}/do/link_repeat/"
    assert browser.post(link, {"of": said, "by": "matter"}).status_code == 302
    assert row(other).repeat_of == row(main)


def test_a_merge_into_what_changed_meanwhile_is_not_done(sign_in: Sign) -> None:
    main, other = dispatched(), recorded()
    browser = sign_in(Role.DISPATCHER)
    page = f"/desk/dispatch/{other}/merge/"
    form = _hidden(browser.post(page, {"step": "preview", "into": main, "reason": "同一"}).content.decode())
    browser.post(f"/desk/orders/{main}/do/urge/", {"remark": ""})
    answer = browser.post(page, form)
    assert answer.status_code == 409
    assert "预览之后" in answer.content.decode()
    assert row(other).state == "recorded"


def test_orders_by_the_same_person_are_offered_to_merge_into(sign_in: Sign) -> None:
    earlier, number = dispatched(now=MONDAY), recorded()
    page = sign_in(Role.DISPATCHER).get(f"/desk/dispatch/{number}/merge/").content.decode()
    assert earlier in page
    assert "同一诉求人" in page


def test_orders_that_read_alike_are_offered_to_merge_into_while_they_are_open(sign_in: Sign) -> None:
    def said(text: str, phone: str) -> dict[str, object]:
        return {"matter": Matter(content=text), "contact": Contact(phone=phone)}

    alike = dispatched(**said("兴业小区门口的路灯不亮,晚上看不见路", "13900000002"))
    over = [handled(**said("小区门口路灯坏了,晚上一片漆黑", f"1390000010{at}")) for at in range(6)]
    other = dispatched(**said("5路公交车提前收班", "13900000004"))
    number = recorded(**said("小区门口路灯坏了,晚上一片漆黑", "13900000005"))
    page = sign_in(Role.DISPATCHER).get(f"/desk/dispatch/{number}/merge/").content.decode()
    offered = re.findall(r"/merge/\?into=([^&\"]+)", page)
    assert offered == [alike]
    assert "文字相近" in page
    assert not {*over, other} & set(offered)


def test_what_an_order_alone_says_makes_no_other_less_like_it(sign_in: Sign) -> None:
    told = "楼下烧烤店每天营业到凌晨两点,油烟和吵闹声影响休息,多次劝说没有用。"
    alike = recorded(matter=Matter(content=told), contact=Contact(phone="13900000002"))
    number = recorded(
        matter=Matter(content="我们小区楼下烧烤店晚上吵得睡不着,油烟也往家里飘,在北京南路那边"),
        contact=Contact(phone="13900000003"),
    )
    page = sign_in(Role.DISPATCHER).get(f"/desk/dispatch/{number}/merge/").content.decode()
    assert re.findall(r"/merge/\?into=([^&\"]+)", page) == [alike]


@pytest.mark.parametrize("what", ["split", "merge"])
def test_only_dispatchers_have_these_pages(what: str, sign_in: Sign) -> None:
    number = recorded()
    assert sign_in(Role.SUPERVISOR).get(f"/desk/dispatch/{number}/{what}/").status_code == 403
    assert sign_in(Role.DISPATCHER).get(f"/desk/dispatch/0/{what}/").status_code == 404


def test_a_contact_is_read_only_when_asked_for_and_recorded(sign_in: Sign) -> None:
    number = recorded()
    browser = sign_in(Role.CALLBACK_AGENT)
    page = f"/desk/orders/{number}/contact/"
    before = footprint()
    assert "13900000001" not in browser.get(f"/desk/orders/{number}/").content.decode()
    assert "13900000001" not in browser.get(page).content.decode()
    assert footprint() == before
    answer = browser.post(page, {"purpose": "call_back"})
    assert "13900000001" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    told = last_event(number)
    assert (told["act"], told["facts"]["purpose"]) == ("read_contact", "call_back")


def test_a_contact_is_not_told_to_who_may_not_have_it(sign_in: Sign) -> None:
    confidential, anonymous = signed(confidential=True), signed(anonymous=True)
    handler = sign_in(Role.HANDLER, lead())
    for number, status in ((confidential, 403), (anonymous, 422)):
        answer = handler.post(f"/desk/orders/{number}/contact/", {"purpose": "handle"})
        assert answer.status_code == status
        assert "13900000001" not in answer.content.decode()
    stranger = sign_in(Role.LIAISON, units(2)[1])
    assert stranger.post(f"/desk/orders/{confidential}/contact/", {"purpose": "handle"}).status_code == 404
    assert "contact/" not in handler.get(f"/desk/orders/{anonymous}/").content.decode()
