"""Desks by keyboard, in a real browser: through the queue, into an order and back out, and the sheet of keys."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from browsers import Sign
from cast import MONDAY, lead, recorded, signed
from playwright.sync_api import Browser, Page
from served import context_of, emptied, served, wait

from jieban.people.roles import Role

pytestmark = [pytest.mark.slow(2), pytest.mark.once]


@pytest.fixture
def page(sign_in: Sign, database: object, launched: Browser) -> Iterator[Page]:
    """A dispatcher's browser, at a queue of four."""
    del database
    for n in range(4):
        recorded(now=MONDAY + timedelta(minutes=n))
    with served() as address, emptied(launched) as browser:
        opened = context_of(browser, address, sign_in(Role.DISPATCHER), base_url=address).new_page()
        opened.goto("/desk/dispatch/")
        yield opened


def shown(page: Page) -> str:
    """The order that is open, once it is."""
    wait(page, "document.activeElement.matches('#order h1')")
    return str(page.get_attribute("#order [data-order]", "data-order"))


def queue(page: Page) -> list[str]:
    return [str(each.get_attribute("data-number")) for each in page.query_selector_all(".entry")]


def test_through_the_queue_into_an_order_and_back(page: Page) -> None:
    numbers, keys = queue(page), page.keyboard
    keys.press("j")
    assert shown(page) == numbers[0]
    page.evaluate("document.activeElement.blur()")
    keys.press("j")
    wait(page, f"document.querySelector('#order [data-order=\"{numbers[1]}\"]') !== null")
    assert shown(page) == numbers[1]
    # Back to its entry; the arrows go on from there, and Enter opens.
    keys.press("Escape")
    assert page.evaluate("document.activeElement.dataset.number") == numbers[1]
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.number") == numbers[3]
    assert page.get_attribute("#order [data-order]", "data-order") == numbers[1], (
        "nothing is opened on the way"
    )
    keys.press("Enter")
    wait(page, f"document.querySelector('#order [data-order=\"{numbers[3]}\"]') !== null")


def test_a_form_is_left_step_by_step_and_what_is_written_stays(page: Page) -> None:
    keys = page.keyboard
    keys.press("j")
    shown(page)
    page.click("#order .acts a[href*='/do/dispatch/']")
    wait(page, "document.activeElement.closest('#act form') !== null")
    keys.press("Escape")
    assert page.locator("#act form").count() == 1, "out of the field first"
    keys.press("Escape")
    wait(page, "document.querySelector('#act form') === null")
    page.click("#order .acts a[href*='/do/dispatch/']")
    wait(page, "document.querySelector('#act form textarea') !== null")
    page.fill("#act form textarea", "请尽快办理")
    for _ in range(3):
        keys.press("Escape")
    assert page.input_value("#act form textarea") == "请尽快办理"


def test_one_goes_on_from_the_place_where_an_order_left_the_queue(page: Page) -> None:
    numbers, keys = queue(page), page.keyboard
    for number in numbers[:2]:
        keys.press("j")
        wait(page, f"document.querySelector('#order [data-order=\"{number}\"]') !== null")
    # It is taken out by somebody else; the queue refreshes, and the next one stands in its place.
    page.evaluate(
        "number => { document.querySelector(`.entry[data-number='${number}']`).closest('.pickable').remove(); }",
        numbers[1],
    )
    keys.press("j")
    wait(page, f"document.querySelector('#order [data-order=\"{numbers[2]}\"]') !== null")


def test_the_sheet_names_the_keys_of_every_desk(page: Page, sign_in: Sign) -> None:
    sheet = page.locator("#shortcuts")
    assert not sheet.is_visible()
    page.keyboard.press("?")
    assert sheet.is_visible()
    assert "打开下一件" in sheet.inner_text()
    page.keyboard.press("j")
    assert page.locator("#order [data-order]").count() == 0, "the sheet is before the queue"
    page.keyboard.press("Escape")
    assert not sheet.is_visible()
    page.click("[data-shortcuts]")
    assert sheet.is_visible()
    page.keyboard.press("F1")
    assert not sheet.is_visible()
    # In a field a question mark is one.
    page.goto("/desk/search/")
    page.focus("input[name=q]")
    page.keyboard.type("路?")
    assert page.input_value("input[name=q]") == "路?"
    assert not sheet.is_visible()
    desks = {Role.OPERATOR: "intake", Role.REVIEWER: "review", Role.LEADER: "month", Role.ANALYST: "studio"}
    for role, desk in desks.items():
        shown_to = sign_in(role).get(f"/desk/{desk}/").content.decode()
        assert '<dialog id="shortcuts"' in shown_to, desk
        assert ("F10" in shown_to) == (desk == "intake"), desk


def test_a_page_of_its_own_leads_back_by_escape(page: Page, sign_in: Sign) -> None:
    number = signed()
    unit = sign_in(Role.LIAISON, lead())
    page.context.clear_cookies()
    address = page.url.split("/desk/")[0]
    page.context.add_cookies(
        [{"name": name, "value": each.value, "url": address} for name, each in unit.cookies.items()]
    )
    page.goto(f"/desk/orders/{number}/do/report_progress/?handling=1&back=/desk/unit/")
    page.focus("textarea")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('h1')")
    page.keyboard.press("Escape")
    page.wait_for_url("**/desk/unit/")
