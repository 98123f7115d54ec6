"""Nobody loses their place, in a real browser: what an act changed is in the list beside it, giving up stays there."""

import pytest
from browsers import Sign
from cast import recorded
from playwright.sync_api import expect
from served import chromium, context_of, served, watched

from jieban.people.roles import Role

pytestmark = [pytest.mark.slow(30), pytest.mark.usefixtures("database")]


def test_the_searchs_list_follows_an_act_in_the_order_beside_it(sign_in: Sign) -> None:
    first, second = recorded(), recorded()
    dispatcher = sign_in(Role.DISPATCHER)
    with served() as address, chromium() as browser:
        context = context_of(browser, address, dispatcher, base_url=address)
        page = context.new_page()
        faults = watched(page)
        page.goto("/desk/search/?state=recorded")
        page.click(f".entry[data-number='{first}']")
        page.click("article.order .acts >> text=不予受理")
        page.click("#act >> text=取消")
        expect(page.locator("#act form")).to_have_count(0)
        assert page.url.endswith(f"/desk/search/{first}/?state=recorded"), "one stays where one was"
        assert page.evaluate("document.activeElement.tagName") == "H1"
        page.click("article.order .acts >> text=不予受理")
        page.select_option("#act select[name=ground]", index=1)
        page.fill("#act textarea[name=explanation]", "不属于受理范围,请向法院起诉。")
        page.on("dialog", lambda dialog: dialog.accept())
        page.click("#act button.main")
        page.wait_for_selector("[role=status]:has-text('已完成')")
        expect(page.locator(f"#found .entry[data-number='{first}']")).to_have_count(0)
        expect(page.locator(f"#found .entry[data-number='{second}']")).to_have_count(1)
        expect(page.locator(f"article[data-order='{first}']")).to_be_visible()
        assert faults == []
        context.close()
