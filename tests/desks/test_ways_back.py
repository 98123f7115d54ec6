"""Acts on pages of their own: the order stands beside the form, and one goes on where one was, told what was done."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from browsers import Sign
from cast import MONDAY, dispatched, lead, recorded, row, signed
from django.test import Client

from jieban.orders.models import Order
from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]


def parts(number: str, back: str, seen: int | None = None) -> dict[str, object]:
    """A form that splits an order in two."""
    filled: dict[str, object] = {
        "seen": row(number).events if seen is None else seen,
        "parts": 2,
        "back": back,
    }
    for n in range(2):
        filled |= {
            f"part{n}-summary": f"第{n + 1}件事",
            f"part{n}-request_type": next(iter(city().request_types)),
            f"part{n}-topic": list(city().order_topics)[n],
            f"part{n}-street": "",
        }
    return filled


def queued(count: int) -> list[str]:
    """Orders in the queue of what is to be dispatched, as they stand in it."""
    return [recorded(now=MONDAY + timedelta(minutes=n)) for n in range(count)]


def split(browser: Client, number: str, back: str) -> str:
    answer = browser.post(f"/desk/dispatch/{number}/split/", parts(number, back))
    assert answer.status_code == 302
    return answer.headers["Location"]


def told(browser: Client, address: str) -> list[str]:
    """What a page says was done."""
    shown = browser.get(address)
    assert shown.status_code == 200
    return re.findall(r'<p class="notice told"[^>]*>(.*?)</p>', shown.content.decode())


def test_the_page_of_an_act_is_opened_with_the_way_back(sign_in: Sign) -> None:
    first, _ = queued(2)
    browser = sign_in(Role.DISPATCHER)
    at = f"/desk/dispatch/{first}/?queue=new"
    page = browser.get(at).content.decode()
    for what in ("split", "merge"):
        address = f"/desk/dispatch/{first}/{what}/?back={quote(at)}"
        assert address in page.replace("&amp;", "&"), what
        form = browser.get(address).content.decode()
        assert f'name="back" value="{at}"' in form
        assert f'<a class="button" href="{at}" data-cancel>取消</a>' in form


def test_after_splitting_the_next_of_the_queue_is_open_and_the_parts_are_told(sign_in: Sign) -> None:
    first, second, third = queued(3)
    browser = sign_in(Role.DISPATCHER)
    onwards = split(browser, second, f"/desk/dispatch/{second}/?queue=new")
    assert onwards == f"/desk/dispatch/{third}/?queue=new"
    (said,) = told(browser, onwards)
    for child in Order.objects.filter(parent__number=second).values_list("number", flat=True):
        assert f'href="/desk/orders/{child}/"' in said
    assert told(browser, onwards) == [], "once"
    del first


def test_the_last_of_a_queue_leads_to_the_one_before_it(sign_in: Sign) -> None:
    browser = sign_in(Role.DISPATCHER)
    first, second = queued(2)
    onwards = split(browser, second, f"/desk/dispatch/{second}/?queue=new&page=1")
    assert onwards.startswith(f"/desk/dispatch/{first}/?queue=new")


def test_a_queue_in_which_nothing_else_waits_is_shown_itself(sign_in: Sign) -> None:
    browser, number = sign_in(Role.DISPATCHER), dispatched()
    main = recorded()
    preview = {"step": "do", "into": number, "reason": "同一", "seen_into": row(number).events}
    back = f"/desk/dispatch/{main}/?queue=new"
    form = {**preview, "seen": row(main).events, "back": back}
    answer = browser.post(f"/desk/dispatch/{main}/merge/", form)
    assert answer.headers["Location"] == "/desk/dispatch/?queue=new"
    (said,) = told(browser, "/desk/dispatch/?queue=new")
    assert f'href="/desk/orders/{number}/"' in said


def test_from_elsewhere_one_goes_back_there(sign_in: Sign) -> None:
    browser = sign_in(Role.DISPATCHER)
    (number,) = queued(1)
    for back in (
        f"/desk/orders/{number}/?back=%2Fdesk%2Fsearch%2F%3Fq%3D%E8%B7%AF",
        "/desk/search/?q=%E8%B7%AF",
    ):
        (again,) = queued(1)
        assert split(browser, again, back.replace(number, again)) == back.replace(number, again)
    (other,) = queued(1)
    assert split(browser, other, "https://elsewhere.example/").startswith("/desk/dispatch/")


@pytest.mark.parametrize("act", ["dispatch", "classify", "split", "merge", "contact", "attach"])
def test_an_order_stands_beside_the_form_of_an_act(sign_in: Sign, act: str) -> None:
    number = recorded() if act != "attach" else signed()
    browser = sign_in(Role.DISPATCHER) if act != "attach" else sign_in(Role.LIAISON, lead())
    own = {"split": "dispatch/{}/split/", "merge": "dispatch/{}/merge/"}
    other = {"contact": "orders/{}/contact/", "attach": "orders/{}/attach/"}
    path = {**own, **other}.get(act, f"orders/{{}}/do/{act}/").format(number)
    answer = browser.get(
        f"/desk/{path}?{'handling=1&' if act == 'attach' else ''}back={quote(f'/desk/dispatch/{number}/?queue=new')}"
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    beside = page[page.index('<section class="right" id="order"') :]
    for words in ("时限", "诉求内容", "留痕"):
        assert f"<h2>{words}</h2>" in beside, words
    assert page.count("<h1") == 1
    assert "/do/" not in beside, "one act at a time"
    assert "hx-post" not in page, "it is sent as it stands"
    assert f'<a href="/desk/dispatch/{number}/?queue=new">返回</a>' in page


def test_without_scripts_one_comes_back_and_is_told_what_was_done(sign_in: Sign) -> None:
    number = signed()
    browser = sign_in(Role.LIAISON, lead())
    back = f"/desk/unit/{number}/?queue=mine"
    form = {"handling": 1, "back": back, "text": "已派人到现场查看", "seen": row(number).events}
    address = f"/desk/orders/{number}/do/report_progress/"
    fields = re.findall(r'<textarea[^>]*name="(\w+)"', browser.get(f"{address}?handling=1").content.decode())
    answer = browser.post(address, {**form, **dict.fromkeys(fields, "已派人到现场查看")})
    assert (answer.status_code, answer.headers["Location"]) == (302, back)
    assert any("已完成" in said for said in told(browser, f"/desk/orders/{number}/"))


def test_the_second_to_split_or_merge_is_told_what_others_did(sign_in: Sign) -> None:
    number, main = recorded(), dispatched()
    one, other = sign_in(Role.DISPATCHER), sign_in(Role.SUPERVISOR)
    before = row(number).events
    assert other.post(f"/desk/orders/{number}/do/escalate/", {"reason": "久拖不决"}).status_code == 302
    told_so = one.post(f"/desk/dispatch/{number}/split/", parts(number, "", seen=before))
    page = told_so.content.decode()
    assert told_so.status_code == 409
    assert re.search(r"别人对这件工单做了.*?supervisor [^<]*督办</li>", page, re.DOTALL)
    assert "第1件事" in page, "what was typed is still there"
    assert f'name="seen" value="{row(number).events}"' in page, "sent again it is done"
    form = {"step": "do", "into": main, "reason": "同一", "seen": before, "seen_into": row(main).events}
    refused = one.post(f"/desk/dispatch/{number}/merge/", form)
    assert refused.status_code == 409
    assert "supervisor " in refused.content.decode()
    assert one.post(f"/desk/dispatch/{number}/split/", parts(number, "")).status_code == 302


def test_who_splits_or_merges_is_seen_by_the_others(sign_in: Sign) -> None:
    number = recorded()
    one, other = sign_in(Role.DISPATCHER), sign_in(Role.SUPERVISOR)
    for what, name in (("split", "拆单"), ("merge", "并单")):
        page = one.get(f"/desk/dispatch/{number}/{what}/").content.decode()
        assert f"正在填写“{name}”" in other.get(f"/desk/orders/{number}/").content.decode()
        # The page's poll says so, too: what it says is read from the form.
        assert f'data-act="{what}" action="/desk/dispatch/{number}/{what}/"' in page
