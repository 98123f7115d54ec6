"""Names as long as offices have them, in a browser: what stands beside them keeps its room."""

import pytest
from browsers import Sign
from served import chromium, context_of, served, watched

from jieban.people.roles import Role

pytestmark = [pytest.mark.slow(8), pytest.mark.once, pytest.mark.usefixtures("database")]
LONG = "经济技术开发与科技创新及数字化政务服务综合保障协调推进委员会办公室" * 2


def test_what_changes_of_a_long_name_is_read_in_words(sign_in: Sign) -> None:
    with served() as address, chromium() as browser:
        page = context_of(browser, address, sign_in(Role.ADMINISTRATOR), base_url=address).new_page()
        faults = watched(page)
        page.goto("/desk/administration/units/new/")
        for name, value in (("code", "long-name"), ("name", LONG), ("why", "会议")):
            page.fill(f"main [name={name}]", value)
        page.click("main form button.main")
        page.wait_for_selector("td.now")
        widths = page.eval_on_selector_all("td.now", "all => all.map((each) => each.clientWidth)")
        assert min(widths) >= 8 * 14
        assert page.eval_on_selector(".wide-table", "at => at.scrollWidth <= at.clientWidth")
        assert faults == []
