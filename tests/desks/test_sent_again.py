"""What was typed survives a sign-in in between, and a token that is too old: it is given back, to be sent again."""

import re
from html import unescape

import pytest
from browsers import Sign
from cast import dispatched, recorded, row, words
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from jieban.orders.models import Event
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
TYPED = "第一行\n请<b>尽快</b>“办理”"
HOUSE = "http://testserver"


def _fields(answer: HttpResponse) -> dict[str, str]:
    """What the page would send again."""
    page = answer.content.decode()
    form = re.search(r'<form class="stack" method="post" action="[^"]*">.*?</form>', page, re.DOTALL)[0]
    found = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', form, re.DOTALL)
    return {name: unescape(value) for name, value in found}


def _urge(browser: Client, number: str, **more: str) -> HttpResponse:
    fields = {"remark": TYPED, "seen": "2", "back": f"/desk/dispatch/{number}/"}
    form = f"{HOUSE}/desk/orders/{number}/do/urge/?back=/desk/dispatch/"
    return browser.post(f"/desk/orders/{number}/do/urge/", {**fields, **more}, HTTP_REFERER=form)


def test_after_a_sign_in_that_ended_it_is_held_and_can_be_sent_again(sign_in: Sign) -> None:
    number, browser = dispatched(), sign_in(Role.DISPATCHER)
    Session.objects.all().delete()
    answer = _urge(browser, number)
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "刚才的没有提交" in page
    assert "请&lt;b&gt;尽快&lt;/b&gt;" in page
    onward = unescape(re.search(r'href="([^"]+)" data-onward', page)[1])
    assert onward == f"/account/login/?next=/desk/orders/{number}/do/urge/%3Fback%3D/desk/dispatch/"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert row(number).urged == 0

    again = sign_in(Role.SUPERVISOR)
    fields = _fields(answer)
    assert fields == {"remark": TYPED, "seen": "2", "back": f"/desk/dispatch/{number}/"}
    assert again.post(f"/desk/orders/{number}/do/urge/", fields).status_code == 302
    assert row(number).urged == 1
    assert words(number)["remark"].replace("\r\n", "\n") == TYPED


def test_where_nothing_was_typed_the_sign_in_follows_and_leads_back_to_the_form(sign_in: Sign) -> None:
    number, browser = dispatched(), sign_in(Role.DISPATCHER)
    Session.objects.all().delete()
    answer = _urge(browser, number, remark=" ")
    assert answer.status_code == 302
    assert (
        answer.headers["Location"]
        == f"/account/login/?next=/desk/orders/{number}/do/urge/%3Fback%3D/desk/dispatch/"
    )


def test_from_elsewhere_nobody_is_led_back_there(sign_in: Sign) -> None:
    browser = sign_in(Role.DISPATCHER)
    Session.objects.all().delete()
    answer = browser.post(
        "/desk/search/views/", {"name": "我的"}, HTTP_REFERER="https://elsewhere.example/desk/"
    )
    assert 'href="/account/login/?next=/desk/search/views/"' in answer.content.decode()


def _strict(browser: Client) -> Client:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    return strict


def test_a_form_with_an_old_token_is_given_back_and_sent_with_a_new_one(sign_in: Sign) -> None:
    number = dispatched()
    strict = _strict(sign_in(Role.DISPATCHER))
    fields = {"remark": TYPED, "csrfmiddlewaretoken": "x" * 64}
    answer = strict.post(f"/desk/orders/{number}/do/urge/", fields, HTTP_ORIGIN=HOUSE)
    assert answer.status_code == 403
    assert "您写的都还在" in answer.content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())[1]
    sent = strict.post(
        f"/desk/orders/{number}/do/urge/",
        {**_fields(answer), "csrfmiddlewaretoken": token},
        HTTP_ORIGIN=HOUSE,
    )
    assert sent.status_code == 302
    assert row(number).urged == 1


@pytest.mark.parametrize("came", [{"HTTP_ORIGIN": "https://elsewhere.example"}, {"HTTP_ORIGIN": "null"}, {}])
def test_what_another_house_sends_is_never_given_back(came: dict[str, str], sign_in: Sign) -> None:
    strict = _strict(sign_in(Role.DISPATCHER))
    number = recorded()
    answer = strict.post(f"/desk/orders/{number}/do/urge/", {"remark": TYPED}, **came)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "尽快" not in page
    assert "<textarea" not in page
    assert not Event.objects.filter(act="urge").exists()


def test_a_piece_of_a_page_leads_the_page_itself_anew(sign_in: Sign) -> None:
    strict = _strict(sign_in(Role.DISPATCHER))
    number = dispatched()
    here = f"/desk/dispatch/{number}/?queue=all"
    answer = strict.post(
        f"/desk/orders/{number}/do/urge/",
        {"remark": TYPED},
        HTTP_ORIGIN=HOUSE,
        HTTP_REFERER=HOUSE + here,
        HTTP_HX_REQUEST="true",
    )
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, here)


def test_citizens_get_theirs_back_too() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/file/", {"content": TYPED, "kind": "complaint"}, HTTP_ORIGIN=HOUSE)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert _fields(answer) == {"content": TYPED, "kind": "complaint"}
    assert 'action="/file/"' in page
    assert "live.js" not in page


def test_passwords_are_never_given_back() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/account/login/", {"login": "mai", "password": "秘密的口令九个"}, HTTP_ORIGIN=HOUSE)
    assert answer.status_code == 403
    assert "秘密" not in answer.content.decode()
