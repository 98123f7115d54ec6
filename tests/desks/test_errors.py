"""Pages of what went wrong: in the frame of the house, in Chinese, with a way on and the number of the request."""

import io
import logging
import re
from http import HTTPStatus

import pytest
from browsers import Sign
from cast import dispatched, recorded
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from failing import FAULT

from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"编号 ([0-9a-f]{10})")
PIECE = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _failing() -> object:
    with override_settings(ROOT_URLCONF="failing"):
        yield


def _held(answer: HttpResponse, status: int, *, way: str) -> str:
    """What every such page has."""
    page = answer.content.decode()
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert re.search(r"<h1[^>]*>[^<]*[一-龥]", page)
    assert way in page
    assert answer.headers["X-Request-ID"] == NUMBER.search(page)[1]
    assert "desks/page.css" in page
    assert "Traceback" not in page
    assert FAULT not in page
    return page


def _quiet(browser: Client) -> Client:
    browser.raise_request_exception = False
    return browser


INSIDE = (
    ("/desk/nowhere/", 404),
    ("/desk/administration/", 403),
    ("/desk/search/views/", 405),
)


@pytest.mark.parametrize(("path", "status"), INSIDE)
def test_inside_the_rail_stays_beside_it(path: str, status: int, sign_in: Sign) -> None:
    page = _held(sign_in(Role.OPERATOR).get(path), status, way='href="/desk/"')
    assert 'href="/desk/intake/"' in page, "one's own desks"


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/guides/like/", 405), ("/fails/", 500)])
def test_citizens_have_their_own(path: str, status: int) -> None:
    page = _held(_quiet(Client()).get(path), status, way='href="/my/"')
    assert 'href="/guides/"' in page
    assert "rail" not in page


@pytest.mark.parametrize(
    ("path", "status", "said"), [("/desk/fails/", 500, "没有保存"), ("/desk/away/", 503, "数据库暂时不能用")]
)
def test_a_fault_of_ours_is_told_without_the_machines_words(
    path: str, status: int, said: str, sign_in: Sign
) -> None:
    (journal,) = [
        each for each in logging.getLogger("django").handlers if type(each) is logging.StreamHandler
    ]
    written = io.StringIO()
    kept = journal.setStream(written)
    page = _held(_quiet(sign_in(Role.OPERATOR)).get(path), status, way='href="/desk/"')
    journal.setStream(kept)
    assert said in page
    number = NUMBER.search(page)[1]
    assert f"ERROR [{number}] {HTTPStatus(status).phrase}: {path}" in written.getvalue()


def test_what_was_sent_while_the_database_went_away_is_not_said_to_be_lost(sign_in: Sign) -> None:
    answer = _quiet(sign_in(Role.OPERATOR)).post("/desk/away/")
    page = _held(answer, 503, way='href="/desk/"')
    assert "可能没有保存" in page
    assert "打开来看" in page
    assert answer.headers["Retry-After"]


def test_what_no_page_of_ours_sends_is_refused_in_chinese(sign_in: Sign) -> None:
    many = {f"field{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    browser = _quiet(sign_in(Role.OPERATOR))
    _held(browser.post("/desk/search/views/", many), 400, way='href="/desk/"')
    _held(browser.get("/desk/", HTTP_HOST="elsewhere.example"), 400, way='href="/desk/"')


def test_too_large_a_form_is_told_with_its_limit(sign_in: Sign) -> None:
    page = _held(
        sign_in(Role.OPERATOR).post("/desk/search/views/", {"name": "x" * (5 << 20)}),
        413,
        way='href="/desk/"',
    )
    assert "4 MB" in page


def test_each_request_has_a_number_of_its_own_that_a_browser_cannot_choose(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    numbers = {browser.get("/desk/", HTTP_X_REQUEST_ID="mine").headers["X-Request-ID"] for _ in range(3)}
    assert len(numbers) == 3
    assert "mine" not in numbers


def test_into_an_open_page_goes_only_a_piece_above_the_form(sign_in: Sign) -> None:
    number = dispatched()
    browser = _quiet(sign_in(Role.OPERATOR))
    answer = browser.post(f"/desk/orders/{number}/do/sign/", {"handling": 1}, **PIECE)
    piece = answer.content.decode()
    assert answer.status_code == 403
    assert "<html" not in piece
    assert 'role="alert"' in piece
    assert answer.headers["HX-Reswap"] == "afterbegin", "what is typed stays"
    opened = browser.get(f"/desk/orders/{number}/do/sign/?handling=1", **PIECE)
    assert "HX-Reswap" not in opened.headers
    fault = browser.get("/desk/fails/", **PIECE)
    assert (fault.status_code, "<html" in fault.content.decode()) == (500, False)


def test_what_was_typed_is_shown_where_the_order_is_gone(sign_in: Sign) -> None:
    answer = sign_in(Role.OPERATOR).post(
        f"/desk/orders/{recorded()[:-1]}/do/urge/", {"remark": "请尽快<b>办理"}
    )
    page = _held(answer, 404, way='href="/desk/"')
    assert "请尽快&lt;b&gt;办理" in page
