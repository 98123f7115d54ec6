"""Nobody loses their place or what they wrote, in a real browser: lists follow acts, forms outlive a sign-in."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from browsers import OPENED, Sign
from cast import lead, recorded, signed
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import RequestFactory, override_settings
from PIL import Image
from playwright.sync_api import Browser, expect
from served import context_of, emptied, served, wait, watched

from jieban.desks.order.acting.questions import REPLY_PREFIX
from jieban.desks.shell.errors import failed
from jieban.orders.secrets import Contact, Matter
from jieban.people.accounts import add_account, give_post
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.profile.model import Urgency

# Once: this is about scripts.
pytestmark = [pytest.mark.slow(3), pytest.mark.once, pytest.mark.usefixtures("database")]


def test_the_searchs_list_follows_an_act_in_the_order_beside_it(sign_in: Sign, launched: Browser) -> None:
    first, second = recorded(), recorded()
    dispatcher = sign_in(Role.DISPATCHER)
    with served() as address, emptied(launched) as browser:
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


_TOO_WIDE = """() => [...document.querySelectorAll("main, .right, article.order > *")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1 || each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => each.tagName + "." + each.className)"""


@pytest.mark.parametrize("width", [1280, 390])
def test_a_word_without_an_end_makes_no_order_wider_than_its_place(
    sign_in: Sign, width: int, launched: Browser
) -> None:
    word = "https://example.org/" + "A" * 400
    order = recorded(matter=Matter(content=f"路灯不亮 {word}", address=word), contact=Contact(name="A" * 90))
    with served() as address, emptied(launched) as browser:
        context = context_of(browser, address, sign_in(Role.DISPATCHER), base_url=address)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        for path in (f"/desk/dispatch/{order}/", f"/desk/orders/{order}/"):
            page.goto(path)
            assert page.evaluate(_TOO_WIDE) == [], path
        context.close()


_AT_ONCE = """() => {
  const look = new MutationObserver(() => {
    const link = document.querySelector("#order .acts a[href*='/do/']");
    if (!link) return;
    look.disconnect();
    link.click();
  });
  look.observe(document.getElementById("order"), { childList: true, subtree: true });
}"""


def test_whoever_clicks_on_what_has_just_come_stays_on_the_page(sign_in: Sign, launched: Browser) -> None:
    number = recorded()
    with served() as address, emptied(launched) as browser:
        page = context_of(browser, address, sign_in(Role.DISPATCHER), base_url=address).new_page()
        page.goto("/desk/dispatch/")
        page.evaluate(_AT_ONCE)
        page.click(f".entry[data-number='{number}']")
        page.wait_for_selector("form[data-act]")
        assert page.url.endswith(f"/desk/dispatch/{number}/?queue=new"), "the form opened beside the order"
        assert page.locator("#act form[data-act]").count() == 1


def _ended() -> None:
    """All sign-ins, in a thread of their own: where playwright runs, Django keeps connections of an earlier test."""
    with ThreadPoolExecutor(1) as pool:

        def end() -> None:
            Session.objects.all().delete()
            connections.close_all()

        pool.submit(end).result()


def test_a_form_that_leaves_with_its_page_is_filled_again_after_a_sign_in(
    database: Any, launched: Browser
) -> None:
    del database
    number = recorded()
    account = add_account(username="mai", display_name="买买提", now=OPENED)
    account.set_password("qiu-gao-qi-shuang-9")
    account.save()
    first = OPENED.date()
    give_post(account=account, role=Role.DISPATCHER, unit=None, first=first, last=None, profile=city())
    topic = next(iter(city().order_topics))
    with served() as address, emptied(launched) as browser:
        page = browser.new_context(base_url=address).new_page()
        page.route("**/desk/live/", lambda route: route.fulfill(status=204))  # the poll would notice it first

        def sign_in() -> None:
            page.fill("input[name=login]", "mai")
            page.fill("input[name=password]", "qiu-gao-qi-shuang-9")
            page.click("main button")

        page.goto(f"/desk/dispatch/{number}/split/")
        sign_in()
        page.fill("[name=part0-summary]", "路灯不亮,请尽快修")
        page.fill("[name=part1-summary]", "垃圾没有清运")
        for part in ("part0", "part1"):
            page.select_option(f"[name={part}-topic]", topic)
        _ended()
        page.click("button.main[data-once]")
        page.wait_for_url("**/account/login/?next=**")
        sign_in()
        page.wait_for_url(f"**/desk/dispatch/{number}/split/")
        wait(page, "document.querySelector('[name=part0-summary]').value.startsWith('路灯不亮')")
        assert page.input_value("[name=part1-topic]") == topic
        page.click("button.main[data-once]")
        page.wait_for_url(re.compile("/desk/dispatch/[?]queue=new$"))
        page.goto(f"/desk/dispatch/{number}/split/")
        assert page.evaluate("sessionStorage.getItem('jieban:typed')") is None, "it is put back once"


def test_what_was_taken_is_not_put_back_and_what_failed_is(sign_in: Sign, launched: Browser) -> None:
    dispatcher = sign_in(Role.DISPATCHER)
    with served() as address, emptied(launched) as browser:
        page = context_of(browser, address, dispatcher, base_url=address).new_page()
        page.goto("/desk/search/?state=recorded")
        page.fill("#view-name", "待派的")
        page.click("form.keep button")
        page.wait_for_selector(".view >> text=待派的")
        assert page.input_value("#view-name") == "", "kept, so the field is empty"
        page.fill("#view-name", "第二个")
        page.route(
            "**/desk/search/views/",
            lambda route: route.fulfill(status=500, content_type="text/html", body=_page_of_a_fault(address)),
        )
        page.click("form.keep button")
        page.wait_for_selector("[data-untaken]")
        page.wait_for_load_state()  # a script of that page keeps what was typed
        page.goto("/desk/search/?state=recorded")
        wait(page, "document.querySelector('#view-name').value === '第二个'")


def _page_of_a_fault(address: str) -> str:
    """As errors.failed makes it, with its scripts."""
    request = RequestFactory().get("/desk/search/views/", HTTP_HOST=address.removeprefix("http://"))
    return failed(request).content.decode()


def test_a_reply_half_written_is_found_again_after_a_photo_was_brought(
    sign_in: Sign, tmp_path: Path, launched: Browser
) -> None:
    number, other = signed(), signed()
    Image.new("RGB", (8, 8), "red").save(tmp_path / "photo.jpg")
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    field = f"#act [name={REPLY_PREFIX}{city().workflow.reply[0].code}]"
    with (
        override_settings(STORAGES={**settings.STORAGES, "evidence": memory}),
        served() as address,
        emptied(launched) as browser,
    ):
        page = context_of(browser, address, sign_in(Role.HANDLER, lead()), base_url=address).new_page()
        page.goto(f"/desk/unit/{number}/")
        page.click("article.order .acts >> text=答复")
        page.fill(field, "已到现场更换灯具")
        page.click("text=上传证据")
        page.wait_for_selector("#files")
        page.select_option("#kind", "photo_after")
        page.set_input_files("#files", str(tmp_path / "photo.jpg"))
        page.click("#act button.main")
        page.wait_for_selector("[role=status]:has-text('已上传 1 件证据')")
        page.click("article.order .acts >> text=答复")
        wait(page, f"document.querySelector('{field}')?.value === '已到现场更换灯具'")
        page.goto(f"/desk/unit/{number}/")
        page.click("article.order .acts >> text=答复")
        # What was left is put back first, or it would stand before what is typed meanwhile.
        wait(page, f"document.querySelector('{field}')?.value === '已到现场更换灯具'")
        page.fill(field, "写了一半")
        page.click(f".entry[data-number='{other}']")
        page.wait_for_selector(f"[data-order='{other}']")
        page.click("article.order .acts >> text=答复")
        page.wait_for_selector(field)
        assert page.input_value(field) == "", "of another order it is another's"
        page.click(f".entry[data-number='{number}']")
        page.wait_for_selector(f"[data-order='{number}']")
        page.click("article.order .acts >> text=答复")
        wait(page, f"document.querySelector('{field}')?.value === '写了一半'")
        page.click("#act >> text=取消")
        page.click("article.order .acts >> text=答复")
        page.wait_for_selector(field)
        assert page.input_value(field) == "", "what is given up is given up"


_ROWS = """() => [...document.querySelectorAll(".list .entry")].map((row) => {
  const box = (of) => row.querySelector(of).getBoundingClientRect();
  const whole = row.clientWidth - 2 * parseFloat(getComputedStyle(row).paddingLeft);
  return [box(".more").height, box(".more").top >= box(".what").bottom - 1 && box(".more").width === whole];
})"""
_TABS = """() => {
  const tabs = document.querySelector("nav.tabs");
  const here = tabs.querySelector("[aria-current]").getBoundingClientRect();
  const tops = new Set([...tabs.querySelectorAll("a")].map((each) => each.getBoundingClientRect().top));
  return { lines: tops.size, shown: here.left >= 0 && here.right <= innerWidth, left: tabs.scrollLeft };
}"""


def test_on_a_telephone_tabs_and_what_rows_tell_beside_the_matter_have_one_line(
    sign_in: Sign, launched: Browser
) -> None:
    long = "小区门口的路灯从上周末就不亮了" * 4
    for urgency in (Urgency.NORMAL, Urgency.EMERGENCY):
        signed(matter=Matter(content=long, summary=long), urgency=urgency)
    with served() as address, emptied(launched) as browser:
        page = context_of(browser, address, sign_in(Role.LIAISON, lead()), base_url=address).new_page()
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/desk/unit/?queue=handling")
        rows = page.evaluate(_ROWS)
        assert len(rows) == 2
        assert all(height < 24 and below for height, below in rows), rows
        last = page.locator("nav.tabs a").last
        last.focus()  # as the Tab key does
        expect(last).to_be_in_viewport()
        page.goto(page.url.split("?")[0] + (last.get_attribute("href") or "").partition("/unit/")[2])
        tabs = page.evaluate(_TABS)
        assert tabs["lines"] == 1
        assert tabs["shown"], "the open one is in sight"
        assert tabs["left"] > 0
        # Where one went in them is kept when the list comes anew.
        page.evaluate(
            "Object.assign(document.querySelector('nav.tabs'), { scrollLeft: 40 }).dataset.old = 'yes'"
        )
        with page.expect_response(lambda answer: "/desk/unit/?queue=" in answer.url):
            page.evaluate("document.body.dispatchEvent(new Event('order-changed'))")
        page.wait_for_function("!document.querySelector('nav.tabs').dataset.old")
        assert page.evaluate(_TABS)["left"] == 40
