"""A form by keyboard alone: where it is opened, and where it goes on after a mistake; and the same without scripts."""

import re
from pathlib import Path

import pytest
from browsers import OPENED, Sign
from cast import dispatched, lead, signed
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Browser, Page
from served import context_of, emptied, served, wait, watched

from jieban.people.city import city
from jieban.people.roles import Role

SETTLED = "!document.querySelector('.htmx-settling, .htmx-swapping, .htmx-request')"
pytestmark = [pytest.mark.slow(30), pytest.mark.once, pytest.mark.usefixtures("database")]
MEMORY = {
    **settings.STORAGES,
    "evidence": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PAGE = b"<!doctype html><script>alert(1)</script>"


def test_a_refused_upload_is_mended_by_keyboard_alone(
    sign_in: Sign, tmp_path: Path, launched: Browser
) -> None:
    number = signed()
    (tmp_path / "page.jpg").write_bytes(PAGE)
    Image.new("RGB", (8, 8), "red").save(tmp_path / "photo.jpg")
    with override_settings(STORAGES=MEMORY), served() as address, emptied(launched) as browser:
        page = context_of(browser, address, sign_in(Role.LIAISON, lead()), base_url=address).new_page()
        faults = watched(page)
        page.goto(f"/desk/unit/{number}/")
        page.focus("text=上传证据")
        page.keyboard.press("Enter")
        page.wait_for_selector("#act form")
        wait(page, "document.activeElement.id === 'kind'")
        page.select_option("#kind", "photo_after")
        page.set_input_files("#files", str(tmp_path / "page.jpg"))
        page.focus("#act button.main")
        page.keyboard.press("Enter")
        page.wait_for_selector("#act [role=alert]")
        wait(page, f"{SETTLED} && document.activeElement.matches('[role=alert]')")
        page.keyboard.press("Tab")
        wait(page, "document.activeElement.id === 'kind'")
        assert page.input_value("#kind") == "photo_after", "what was chosen stays"
        page.set_input_files("#files", str(tmp_path / "photo.jpg"))
        page.focus("#act button.main")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=status]:has-text('已上传 1 件证据')")
        assert page.evaluate("document.activeElement.tagName") == "H1"
        assert [each for each in faults if "422" not in each] == []


def test_a_mistake_in_a_form_is_where_one_goes_on(sign_in: Sign, launched: Browser) -> None:
    number = dispatched()
    with served() as address, emptied(launched) as browser:
        page = context_of(browser, address, sign_in(Role.DISPATCHER), base_url=address).new_page()
        page.goto(f"/desk/dispatch/{number}/?queue=unsigned")
        page.click("article.order .acts >> text=增派协办")
        page.wait_for_selector("#act .chooser input")
        assert _at(page) == "id_unit-typed"
        page.click("#act button.main")
        page.wait_for_selector("#act .wrong")
        wait(page, "document.activeElement.id === 'id_unit-typed'")
        assert page.get_attribute("#id_unit-typed", "aria-invalid") == "true"


def test_a_unit_is_typed_and_left_with_tab_and_one_that_is_not_there_is_told(
    sign_in: Sign, launched: Browser
) -> None:
    number = dispatched()
    unit = next(
        each for each in city().units.values() if each.validity.covers(OPENED.date()) and each.aliases
    )
    with served() as address, emptied(launched) as browser:
        page = context_of(browser, address, sign_in(Role.DISPATCHER), base_url=address).new_page()
        page.goto(f"/desk/dispatch/{number}/?queue=unsigned")
        page.click("article.order .acts >> text=增派协办")
        page.wait_for_selector("#act .chooser input")
        page.keyboard.type("没有这样的单位")
        page.wait_for_selector("#act .chooser .none:has-text('没有找到')")
        page.fill("#id_unit-typed", "")
        assert page.query_selector("#act .chooser .none:visible") is None
        page.keyboard.type(unit.name)
        page.keyboard.press("Tab")
        assert page.eval_on_selector(
            "#id_unit", "at => [...at.selectedOptions].map((each) => each.value)"
        ) == [unit.code]
        assert _at(page) != "id_unit-typed"


def test_a_refused_reply_is_mended_where_it_lacks_something_first(sign_in: Sign, launched: Browser) -> None:
    number = signed()
    with served() as address, emptied(launched) as browser:
        page = context_of(browser, address, sign_in(Role.HANDLER, lead()), base_url=address).new_page()
        page.goto(f"/desk/unit/{number}/")
        page.click("article.order .acts a[href*='/do/reply/']")
        page.wait_for_selector("#act textarea")
        first, second, *_ = page.locator("#act textarea").all()
        first.fill("已到现场更换灯具，路灯恢复照明，居民知悉。")
        page.click("#act button.main")
        page.wait_for_selector("#act .wrong")
        wait(page, f"document.activeElement.id === '{second.get_attribute('id')}'")
        assert first.get_attribute("aria-invalid") is None
        assert first.input_value()


def _at(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_without_scripts_the_mistake_has_the_focus_and_the_way_back_stays(sign_in: Sign) -> None:
    number, back = signed(), "/desk/unit/?queue=todo"
    browser = sign_in(Role.LIAISON, lead())
    sent = {"kind": "photo_after", "handling": "1", "back": back}
    for files in ({}, {"files": SimpleUploadedFile("page.jpg", PAGE)}):
        page = browser.post(f"/desk/orders/{number}/attach/", {**sent, **files}).content.decode()
        assert re.search(r'role="alert" tabindex="-1" autofocus', page)
        assert "<html" in page
        assert f'name="back" value="{back}"' in page
        assert 'name="handling" value="1"' in page
        assert re.search(r'<option value="photo_after"[^>]* selected', page)
    empty = browser.post(f"/desk/orders/{number}/do/report_progress/", {"handling": "1"}).content.decode()
    assert re.search(r'<textarea name="progress"[^>]*autofocus', empty)
    assert empty.count("autofocus") == 1
