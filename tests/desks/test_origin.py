"""An order's page knows where one came from: the rail marks that desk, a link leads back, and acts end there."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from browsers import Sign
from cast import dispatched, recorded, replied, row
from django.test import Client

from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
HOUSE = "http://testserver"
HOT = "/desk/supervision/hot/?span=7"


def _marked(page: str) -> str | None:
    """The desk that the rail marks."""
    found = re.search(r'<a href="([^"]+)" aria-current="page">', page.split("</nav>", maxsplit=1)[0])
    return found and found[1]


def _back(page: str) -> str | None:
    found = re.search(r'<nav class="way-back[^"]*"><a href="([^"]+)">([^<]+)</a>', page)
    return found and unescape(found[1])


def _page(browser: Client, address: str, came: str | None = None) -> str:
    more = {} if came is None else {"HTTP_REFERER": came}
    answer = browser.get(address, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_link_leads_back_to_the_page_that_it_stood_on(sign_in: Sign) -> None:
    number, browser = dispatched(), sign_in(Role.SUPERVISOR)
    page = _page(browser, f"/desk/orders/{number}/", HOUSE + HOT)
    assert _marked(page) == "/desk/supervision/"
    assert _back(page) == HOT
    assert "返回督办" in page


def test_the_way_back_outlives_an_act(sign_in: Sign) -> None:
    number, browser = dispatched(), sign_in(Role.SUPERVISOR)
    page = _page(browser, f"/desk/orders/{number}/", HOUSE + HOT)
    form = unescape(re.search(rf'href="(/desk/orders/{number}/do/urge/[^"]*)"', page)[1])
    filled = _page(browser, form)
    assert _marked(filled) == "/desk/supervision/"
    back = unescape(re.search(r'name="back" value="([^"]*)"', filled)[1])
    answer = browser.post(f"/desk/orders/{number}/do/urge/", {"remark": "", "back": back})
    assert answer.status_code == 302
    after = _page(browser, answer.headers["Location"], f"{HOUSE}{form}")
    assert _back(after) == HOT
    assert row(number).urged == 1


@pytest.mark.parametrize(
    "came",
    [
        None,
        "https://elsewhere.example/desk/dispatch/",
        f"{HOUSE}/account/login/",
        f"{HOUSE}/desk/month/",
        f"{HOUSE}/desk/lists/",
    ],
    ids=["nowhere", "elsewhere", "sign-in", "no desk of theirs", "no desk"],
)
def test_who_came_from_no_desk_of_theirs_is_led_to_the_search(came: str | None, sign_in: Sign) -> None:
    page = _page(sign_in(Role.DISPATCHER), f"/desk/orders/{recorded()}/", came)
    assert (_marked(page), _back(page)) == ("/desk/search/", "/desk/search/")


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/desk/", "/my/", "desk/"])
def test_nothing_but_a_page_of_the_desks_is_a_way_back(back: str, sign_in: Sign) -> None:
    page = _page(sign_in(Role.DISPATCHER), f"/desk/orders/{recorded()}/?back={quote(back)}")
    assert _back(page) == "/desk/search/"


def test_beside_a_queue_an_act_without_scripts_ends_in_the_queue(sign_in: Sign) -> None:
    number, browser = dispatched(), sign_in(Role.DISPATCHER)
    here = f"/desk/dispatch/{number}/"
    page = _page(browser, here)
    form = unescape(re.search(rf'href="(/desk/orders/{number}/do/urge/[^"]*)"', page)[1])
    assert f'name="back" value="{here}"' in _page(browser, form)
    assert _marked(_page(browser, form)) == "/desk/dispatch/"


def test_after_an_act_the_pane_is_still_the_desks(sign_in: Sign) -> None:
    number, browser = replied(), sign_in(Role.REVIEWER)
    here = f"{HOUSE}/desk/review/{number}/"
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": here}
    reason = {"reason": "请写明时间", "handling": "1"}
    pane = browser.post(f"/desk/orders/{number}/do/reject_review/", reason, **headers).content.decode()
    assert "已完成" in pane
    assert 'class="narrow-only" href="/desk/review/"' in pane
    assert quote(f"/desk/review/{number}/", safe="") in pane or f"back=/desk/review/{number}/" in pane


def test_the_searchs_list_is_a_piece_of_its_own(sign_in: Sign) -> None:
    number, browser = recorded(), sign_in(Role.DISPATCHER)
    page = _page(browser, "/desk/search/?state=recorded")
    assert re.search(
        r'id="found"[^>]*hx-get="/desk/search/\?state=recorded"[^>]*order-changed from:body', page
    )
    piece = browser.get("/desk/search/?state=recorded", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="found")
    told = piece.content.decode()
    assert number in told
    assert "<html" not in told
    assert 'id="found"' not in told
