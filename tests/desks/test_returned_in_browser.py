"""Whoever comes back to a form that was sent when nobody was signed in any more, in a real browser."""

from collections.abc import Iterator

import pytest
from browsers import Sign
from django.conf import settings
from playwright.sync_api import Browser
from served import chromium, context_of, served, wait, watched

from jieban.people.models import Account
from jieban.people.roles import Role
from live_database import LiveDatabase

pytestmark = [pytest.mark.slow(2), pytest.mark.once]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def address(database: LiveDatabase) -> Iterator[str]:
    del database
    with served() as where:
        yield where


def test_what_was_typed_stands_there_and_that_it_was_not_taken_is_told(
    browser: Browser, address: str, sign_in: Sign
) -> None:
    window = context_of(browser, address, sign_in(Role.ADMINISTRATOR))
    page = window.new_page()
    faults = watched(page)
    page.route("**/desk/live/", lambda route: route.fulfill(status=204))  # the poll might notice it first
    form = f"{address}/desk/administration/add/"
    page.goto(form)
    assert not page.locator("[data-held]").count()
    page.fill("[name=username]", "guli")
    page.fill("[name=display_name]", "古丽")
    kept = window.cookies()
    window.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.click("form.fields button.main")
    page.wait_for_url("**/account/login/**")
    window.add_cookies(kept)
    page.goto(form)
    wait(page, "document.querySelector('[data-held]') !== null")
    assert "没有提交" in page.inner_text("[data-held]")
    assert page.input_value("[name=username]") == "guli"
    assert page.input_value("[name=display_name]") == "古丽"
    assert not Account.objects.filter(username="guli").exists()
    page.goto(form)
    assert not page.locator("[data-held]").count(), "it is told once"
    assert [each for each in faults if "401" not in each] == []
    window.close()
