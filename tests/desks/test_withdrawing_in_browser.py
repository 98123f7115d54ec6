"""Taking back a wrong picture in a real browser: by the keyboard alone, on a telephone, and without scripts."""

import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from axe import violations
from browsers import Sign
from cast import MINUTE, MONDAY, lead, signed
from cast import handler as handler_of
from django.test import Client
from full_house import picture
from playwright.sync_api import Browser, Page
from served import chromium, context_of, served, wait, watched

from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.models import Event, Evidence
from jieban.people.roles import Role
from live_database import LiveDatabase

pytestmark = [pytest.mark.slow(2), pytest.mark.once]
WHY = "拍的是另一件工单的现场。"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def address(database: LiveDatabase, evidence_place: Path) -> Iterator[str]:
    del database, evidence_place
    with served() as where:
        yield where


@pytest.fixture
def handler(address: str, sign_in: Sign) -> Client:
    del address
    return sign_in(Role.HANDLER, lead())


def brought(*, pictures: int = 2) -> str:
    number = signed()
    for place in range(pictures):
        upload = Upload(stream=io.BytesIO(picture(60 * place)), kind="photo_after")
        now = MONDAY + (5 + place) * MINUTE
        attach_evidence(order=number, handling=1, upload=upload, actor=handler_of(lead()), now=now)
    return number


def gone(number: str) -> list[int]:
    held = Evidence.objects.filter(order__number=number, removed_at__isnull=False)
    return list(held.values_list("serial", flat=True))


def pictures_on(page: Page) -> str:
    return page.evaluate("[...document.querySelectorAll('.evidence img')].map((each) => each.src).join(' ')")


def test_by_the_keyboard_alone_and_however_often_one_presses(
    browser: Browser, address: str, handler: Client
) -> None:
    number = brought()
    context = context_of(browser, address, handler)
    page = context.new_page()
    faults = watched(page)
    page.goto(f"{address}/desk/orders/{number}/")
    link = page.locator("a[href*='/evidence/1/withdraw/']")
    assert link.inner_text() == "撤下"
    link.focus()
    page.keyboard.press("Enter")
    wait(page, "document.querySelector('#act textarea[name=reason]') !== null")
    assert violations(page, only=("label", "color-contrast", "link-name")) == []
    page.locator("#act textarea[name=reason]").focus()
    page.keyboard.type(WHY)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "撤下"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    wait(page, "document.querySelector('#order').innerText.includes('已撤下')")
    assert "/evidence/1/" not in pictures_on(page)
    assert "/evidence/2/" in pictures_on(page)
    assert WHY in page.inner_text("#order")
    assert gone(number) == [1]
    assert Event.objects.filter(act="withdraw_evidence").count() == 1
    assert faults == []
    context.close()


def test_a_second_tab_is_told(browser: Browser, address: str, handler: Client) -> None:
    number = brought()
    context = context_of(browser, address, handler)
    tabs = [context.new_page(), context.new_page()]
    for tab in tabs:
        tab.goto(f"{address}/desk/orders/{number}/")
        tab.click("a[href*='/evidence/1/withdraw/']")
        wait(tab, "document.querySelector('#act textarea[name=reason]') !== null")
    for tab, told in zip(tabs, ("已撤下", "这件证据此前已经撤下"), strict=True):
        tab.fill("#act textarea[name=reason]", WHY)
        tab.click("#act button.main")
        wait(tab, f"document.querySelector('#order').innerText.includes('{told}')")
    assert Event.objects.filter(act="withdraw_evidence").count() == 1
    context.close()


def test_a_photo_that_was_just_taken_is_taken_back_on_the_telephone(
    browser: Browser, address: str, handler: Client
) -> None:
    number = signed()
    context = context_of(browser, address, handler)
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    faults = watched(page)
    scene = f"{address}/desk/unit/{number}/scene/?handling=1"
    page.goto(scene)
    wait(page, "document.readyState === 'complete'")
    camera = page.locator("[data-kind]").nth(0).locator("input[capture]")
    camera.set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture(9)})
    wait(page, "document.querySelector('.taken .take-back') !== null")
    link, shot = (page.locator(f".taken {each}").bounding_box() for each in (".take-back", ".shot"))
    assert link is not None
    assert shot is not None
    assert link["height"] >= 44
    assert link["y"] >= shot["y"] + shot["height"], "below its picture"
    taken = unquote(page.locator(".taken .take-back").get_attribute("href") or "")
    page.reload()
    again = page.locator(".taken .take-back").get_attribute("href") or ""
    assert unquote(again) == taken, "the same when it is opened again"
    page.click(".taken .take-back")
    wait(page, "document.querySelector('textarea[name=reason]') !== null")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.fill("textarea[name=reason]", WHY)
    page.click("form.fields button.main")
    wait(page, "document.querySelector('[data-scene]') !== null")
    assert page.locator(".taken li").count() == 0
    assert "已撤下" in page.inner_text("body")
    assert gone(number) == [1]
    assert faults == []
    context.close()


def test_without_scripts(browser: Browser, address: str, handler: Client) -> None:
    number = brought()
    context = context_of(browser, address, handler, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/desk/orders/{number}/")
    page.click("a[href*='/evidence/2/withdraw/']")
    page.fill("textarea[name=reason]", WHY)
    page.click("form.fields button.main")
    assert page.url == f"{address}/desk/orders/{number}/" or f"/desk/orders/{number}/?back=" in page.url
    assert page.locator("img[src*='/evidence/2/']").count() == 0
    assert page.locator("img[src*='/evidence/1/']").count() == 1
    assert gone(number) == [2]
    context.close()
