"""What is half written in an act's form, in a real browser: without a connection, after a reload and a closed tab."""

from collections.abc import Iterator

import pytest
from browsers import Sign
from cast import lead, recorded, signed
from playwright.sync_api import Browser, BrowserContext, Page
from served import context_of, emptied, served, wait

from jieban.people.roles import Role

pytestmark = [pytest.mark.slow(2), pytest.mark.once, pytest.mark.usefixtures("database")]

DONE = "6月3日已派人修好路灯"


@pytest.fixture
def window(sign_in: Sign, launched: Browser) -> Iterator[BrowserContext]:
    """A unit's browser."""
    with served() as address, emptied(launched) as browser:
        context = context_of(browser, address, sign_in(Role.LIAISON, lead()), base_url=address)
        yield context
        context.close()


def opened(window: BrowserContext, number: str, act: str = "reply") -> Page:
    """The form of an act beside its order."""
    page = window.new_page()
    page.goto(f"/desk/unit/{number}/")
    page.click(f"#order .acts a[href*='/do/{act}/']")
    page.wait_for_selector("#act form textarea")
    return page


def dispatcher_in(window: BrowserContext, sign_in: Sign) -> Page:
    """A page of the same browser, from now on a dispatcher's."""
    page = window.new_page()
    page.goto("/desk/unit/")
    address = page.url.split("/desk/")[0]
    dispatcher = sign_in(Role.DISPATCHER)
    window.clear_cookies()
    window.add_cookies(
        [{"name": name, "value": each.value, "url": address} for name, each in dispatcher.cookies.items()]
    )
    return page


def kept(page: Page) -> int:
    found: int = page.evaluate(
        "Object.keys(localStorage).filter(name => name.startsWith('jieban:act:')).length"
    )
    return found


def first(page: Page) -> str:
    return page.input_value("#act form textarea >> nth=0")


def test_a_reply_survives_a_lost_connection_and_a_closed_tab(window: BrowserContext) -> None:
    number = signed()
    page = opened(window, number)
    page.fill("#act form textarea >> nth=0", DONE)
    window.set_offline(True)
    page.click("#act form button.main")
    wait(page, "!document.getElementById('away').hidden")
    assert first(page) == DONE
    page.close()
    window.set_offline(False)
    again = opened(window, number)
    assert first(again) == DONE
    assert "已恢复上次没有提交的内容" in again.inner_text("#act")
    again.reload()
    again.click("#order .acts a[href*='/do/reply/']")
    wait(again, f"(document.querySelector('#act form textarea') || {{}}).value === '{DONE}'")
    # Another order's form is another form.
    other = opened(window, signed())
    assert first(other) == ""
    # What isn't wanted any more is gone.
    again.click("[data-held] button")
    assert (first(again), kept(again)) == ("", 0)


def test_what_was_done_is_not_kept_and_what_was_refused_is(window: BrowserContext) -> None:
    number = signed()
    page = opened(window, number, "report_progress")
    page.fill("#act form textarea", DONE)
    assert kept(page) == 1
    page.click("#act form button.main")
    wait(page, "document.querySelector('#order [role=status].notice') !== null")
    assert kept(page) == 0
    assert DONE in page.inner_text("#order")
    page.click("#order .acts a[href*='/do/report_progress/']")
    wait(page, "document.querySelector('#act form textarea') !== null")
    assert page.input_value("#act form textarea") == ""
    refused = opened(window, number)
    refused.fill("#act form textarea >> nth=0", "好")
    refused.evaluate("document.querySelector('#act form').noValidate = true")
    refused.click("#act form button.main")
    wait(refused, "document.querySelector('#act :is([aria-invalid=true], [role=alert])') !== null")
    refused.close()
    assert first(opened(window, number)) == "好"


def test_a_page_of_its_own_keeps_what_is_written_until_it_is_done(window: BrowserContext) -> None:
    number = signed()
    address = f"/desk/orders/{number}/do/report_progress/?handling=1&back=/desk/unit/{number}/"
    page = window.new_page()
    page.goto(address)
    page.fill(".doing textarea", DONE)
    page.close()
    page = window.new_page()
    page.goto(address)
    assert page.input_value(".doing textarea") == DONE
    page.click(".doing button.main")
    page.wait_for_url(f"**/desk/unit/{number}/")
    assert kept(page) == 0
    page.goto(address)
    page.fill(".doing textarea", "不写了")
    page.click(".doing a[data-cancel]")
    page.wait_for_url(f"**/desk/unit/{number}/")
    assert kept(page) == 0


def test_nobody_else_finds_it_nor_whoever_signed_out(window: BrowserContext, sign_in: Sign) -> None:
    number = signed()
    page = opened(window, number)
    page.fill("#act form textarea >> nth=0", DONE)
    mine = window.cookies()
    address = page.url.split("/desk/")[0]
    other = sign_in(Role.HANDLER, lead())
    window.clear_cookies()
    window.add_cookies(
        [{"name": name, "value": each.value, "url": address} for name, each in other.cookies.items()]
    )
    page.goto("/desk/unit/")
    assert kept(page) == 0
    window.clear_cookies()
    window.add_cookies(mine)
    page = opened(window, number)
    assert first(page) == ""
    page.fill("#act form textarea >> nth=0", DONE)
    page.click("form[action='/account/logout/'] button")
    page.wait_for_url("**/account/**")
    assert kept(page) == 0


def test_what_was_chosen_from_a_long_list_comes_back_as_it_was_shown(
    window: BrowserContext, sign_in: Sign
) -> None:
    number = recorded()
    page = dispatcher_in(window, sign_in)
    for _ in range(2):
        page.goto(f"/desk/dispatch/{number}/")
        page.click("#order .acts a[href*='/do/dispatch/']")
        page.wait_for_selector("#act .chooser input")
        if not page.input_value("#act .chooser input >> nth=0"):
            page.fill("#act .chooser input >> nth=0", "")
            page.focus("#act .chooser input >> nth=0")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            chosen = page.input_value("#act .chooser input >> nth=0")
            assert chosen
    assert page.input_value("#act .chooser input >> nth=0") == chosen
    assert "已恢复" in page.inner_text("#act")


def test_a_preview_that_carries_what_was_written_puts_nothing_back(
    window: BrowserContext, sign_in: Sign
) -> None:
    number, kept_order = recorded(), recorded()
    page = dispatcher_in(window, sign_in)
    page.goto(f"/desk/dispatch/{number}/merge/")
    page.fill("form.fields [name=into]", kept_order)
    page.fill("form.fields [name=reason]", "同一盏路灯")
    page.click("form.fields button.main")
    page.wait_for_selector("form.acts [name=step][value=do]", state="attached")
    assert kept(page) == 1, "it isn't done yet"
    assert not page.locator("[data-held]").count()
    page.goto(f"/desk/dispatch/{number}/merge/")
    page.wait_for_selector("form.fields [data-held]")
    assert page.input_value("form.fields [name=reason]") == "同一盏路灯"
