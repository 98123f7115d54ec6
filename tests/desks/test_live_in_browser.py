"""Pages that refresh by themselves, in a real browser: while one looks, the server is there, and one is signed in."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from browsers import Sign
from cast import dispatched, lead, recorded, signed
from django.contrib.sessions.models import Session
from django.db import connections
from playwright.sync_api import Browser, Page, Route
from served import PATIENCE, context_of, emptied, served, wait, watched

from jieban.people.accounts import add_account, give_post
from jieban.people.city import city
from jieban.people.models import Account
from jieban.people.roles import Role

# Once: this is about scripts; what polls ask the database is looked at by test_presence.py and test_queues.py.
pytestmark = [pytest.mark.slow(3), pytest.mark.once, pytest.mark.usefixtures("database")]
_NOW = "document.body.dispatchEvent(new CustomEvent('live-now'))"
_HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


@contextmanager
def _windows(launched: Browser, *browsers: Any) -> Iterator[list[Page]]:
    with served() as address, emptied(launched) as browser:
        contexts = [context_of(browser, address, each, base_url=address) for each in browsers]
        yield [context.new_page() for context in contexts]
        for context in contexts:
            context.close()


def _beside(work: Callable[[], Any]) -> Any:
    """Done in a thread of its own: where playwright runs, Django keeps connections of an earlier test."""
    with ThreadPoolExecutor(1) as pool:

        def done() -> Any:
            try:
                return work()
            finally:
                connections.close_all()

        return pool.submit(done).result()


def _sign_ins_end() -> None:
    _beside(Session.objects.all().delete)


def _asked(page: Page) -> list[str]:
    """The polls that the page makes from now on."""
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.headers.get("hx-request") == "true" else None)
    return asked


def test_a_queue_and_the_rail_fill_by_themselves_and_two_see_each_other(
    sign_in: Sign, launched: Browser
) -> None:
    first = recorded()
    dispatcher, operator = sign_in(Role.DISPATCHER), sign_in(Role.OPERATOR)
    with _windows(launched, dispatcher, operator) as (mine, theirs):
        faults = watched(mine)
        mine.goto("/desk/dispatch/")
        mine.click(".entry")
        mine.wait_for_selector(f"[data-order='{first}']")
        second = _beside(recorded)
        theirs.goto(f"/desk/orders/{first}/do/urge/")
        theirs.wait_for_selector("form[data-act]")
        mine.evaluate(_NOW)
        mine.wait_for_selector(f".entry[data-number='{second}']")
        wait(mine, "document.querySelector('#waits-dispatch').innerText === '2'")
        wait(mine, "/operator[(（]话务员[)）]正在填写/.test(document.querySelector('#present').innerText)")
        theirs.click("button.main")
        theirs.wait_for_selector(f"[data-order='{first}']")
        mine.evaluate(_NOW)
        mine.wait_for_selector("#present .notice")
        assert "operator 催办" in mine.inner_text("#present .notice")
        mine.click("#present .notice a")
        wait(mine, "!document.querySelector('#present .notice')")
        assert faults == []


@contextmanager
def _on_its_way(page: Page, number: str) -> Iterator[None]:
    """The poll of a page on which an order is open is answered only when the block has ended."""
    held: list[Route] = []
    page.route(f"**/*open={number}*", lambda route: held.append(route))  # noqa: PLW0108  # playwright marks what it is given
    page.evaluate(_NOW)
    until = time.monotonic() + PATIENCE
    while not held:
        assert time.monotonic() < until
        page.wait_for_timeout(20)
    yield
    with page.expect_response(f"**/*open={number}*"):
        held[0].continue_()
    page.unroute(f"**/*open={number}*")
    wait(page, "!document.querySelector('.htmx-request')")


def test_what_comes_for_an_order_that_one_has_left_is_left_out(sign_in: Sign, launched: Browser) -> None:
    left, opened = recorded(), recorded()
    dispatcher, operator = sign_in(Role.DISPATCHER), sign_in(Role.OPERATOR)
    with _windows(launched, dispatcher, operator) as (mine, theirs):
        faults = watched(mine)
        theirs.goto(f"/desk/orders/{left}/do/urge/")
        theirs.wait_for_selector("form[data-act]")
        mine.goto("/desk/dispatch/")
        mine.click(f".entry[data-number='{left}']")
        mine.wait_for_selector(f"[data-order='{left}']")
        with _on_its_way(mine, left):
            mine.click(f".entry[data-number='{opened}']")
            mine.wait_for_selector(f"[data-order='{opened}']")
        assert "operator" not in mine.inner_text("#present"), "that was told of the other one"
        mine.click(f".entry[data-number='{left}']")
        mine.wait_for_selector(f"[data-order='{left}']")
        mine.evaluate(_NOW)
        wait(mine, "document.querySelector('#present').innerText.includes('operator')")
        with _on_its_way(mine, left):
            mine.evaluate("document.querySelector('#order').replaceChildren()")
        assert faults == []


def test_a_hidden_tab_asks_for_nothing_and_asks_at_once_when_it_is_shown(
    sign_in: Sign, launched: Browser
) -> None:
    recorded()
    with _windows(launched, sign_in(Role.DISPATCHER)) as (page,):
        page.goto("/desk/dispatch/")
        page.evaluate(f"({_HIDE})(true)")
        asked = _asked(page)
        for _ in range(3):
            page.evaluate(_NOW)
        page.wait_for_timeout(300)
        assert asked == []
        number = _beside(recorded)
        page.evaluate(f"({_HIDE})(false)")
        page.wait_for_selector(f".entry[data-number='{number}']")
        assert len(asked) == 1


def test_while_the_server_is_away_the_page_says_so_asks_seldom_and_goes_on_by_itself(
    sign_in: Sign, launched: Browser
) -> None:
    recorded()
    with _windows(launched, sign_in(Role.DISPATCHER)) as (page,):
        page.goto("/desk/dispatch/")
        before = page.inner_text("#queue")
        page.context.set_offline(True)
        page.evaluate(_NOW)
        page.wait_for_selector("#away:not([hidden])")
        assert "连接已断开" in page.inner_text("#away")
        asked = _asked(page)
        for _ in range(5):
            page.evaluate(_NOW)
        page.wait_for_timeout(300)
        assert asked == [], "it waits before it asks again"
        assert page.inner_text("#queue") == before, "what was there stays"
        number = _beside(recorded)
        page.context.set_offline(False)
        page.wait_for_selector(f".entry[data-number='{number}']", timeout=20_000)
        page.wait_for_selector("#away", state="hidden")


def test_a_server_that_fails_is_away_too_and_its_page_takes_no_lists_place(
    sign_in: Sign, launched: Browser
) -> None:
    recorded()
    with _windows(launched, sign_in(Role.DISPATCHER)) as (page,):
        page.goto("/desk/dispatch/")
        page.route("**/desk/dispatch/?queue=*", lambda route: route.fulfill(status=503, body="<h1>gone</h1>"))
        page.evaluate(_NOW)
        page.wait_for_selector("#away:not([hidden])")
        assert page.locator("#queue .entry").count() == 1
        assert "gone" not in page.content()


def _with_password() -> Account:
    account = add_account(username="mai", display_name="买买提", now=_opened())
    account.set_password("qiu-gao-qi-shuang-9")
    account.save()
    first = _opened().date()
    give_post(account=account, role=Role.LIAISON, unit=lead(), first=first, last=None, profile=city())
    return account


def _opened() -> Any:
    from browsers import OPENED  # noqa: PLC0415  # beside the others of its kind

    return OPENED


def _sign_in(page: Page) -> None:
    page.fill("input[name=login]", "mai")
    page.fill("input[name=password]", "qiu-gao-qi-shuang-9")
    # Until the next page is whole: what is clicked before its scripts have run leads to a page of its own.
    with page.expect_navigation():
        page.click("main button")


@pytest.mark.parametrize("by", ["poll", "submit"])
def test_a_sign_in_that_ended_leads_to_another_and_loses_nothing_that_was_typed(
    by: str, database: Any, launched: Browser
) -> None:
    del database
    number = signed()
    _with_password()
    with served() as address, emptied(launched) as browser:
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto(f"/desk/unit/{number}/")
        _sign_in(page)
        page.click("text=报告进展")
        page.fill("[name=progress]", "已派人到现场,正在更换灯具")
        _sign_ins_end()
        if by == "poll":
            page.evaluate(_NOW)
        else:
            page.click("#act button.main")
        page.wait_for_url("**/account/login/**")
        assert "已派人到现场" not in page.content()
        _sign_in(page)
        page.wait_for_selector("[name=progress]")
        wait(page, "document.querySelector('[name=progress]').value.startsWith('已派人到现场')")
        page.click("#act button.main")
        page.wait_for_selector("[role=status]:has-text('已完成')")
        assert "已派人到现场" in page.inner_text("article.order")
        page.goto(f"/desk/unit/{number}/")
        page.wait_for_timeout(300)
        assert page.locator("[name=progress]").count() == 0, "it is put back once"
        context.close()


def test_what_one_typed_is_not_put_before_another(sign_in: Sign, launched: Browser) -> None:
    number = dispatched()
    dispatcher, operator = sign_in(Role.DISPATCHER), sign_in(Role.OPERATOR)
    ended = dispatcher.session.session_key
    with _windows(launched, dispatcher, operator) as (mine, theirs):
        mine.goto(f"/desk/orders/{number}/do/urge/")
        mine.fill("[name=remark]", "我写的")
        _beside(Session.objects.filter(pk=ended).delete)
        mine.evaluate(_NOW)
        mine.wait_for_url("**/account/login/**")
        kept = mine.evaluate("sessionStorage.getItem('jieban:typed')")
        assert "我写的" in kept
        theirs.goto(f"/desk/orders/{number}/")
        theirs.evaluate("(text) => sessionStorage.setItem('jieban:typed', text)", kept)
        theirs.goto(f"/desk/orders/{number}/do/urge/")
        assert theirs.input_value("[name=remark]") == ""
        assert theirs.evaluate("sessionStorage.getItem('jieban:typed')") is None
