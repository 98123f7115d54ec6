"""The open pages in a real browser, on a telephone and on a desk, light and dark: filed, followed, and seen by axe."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe import violations
from cast import RUTH, handled, handler, lead, row, signed
from citizens import photo
from playwright.sync_api import Browser, Page
from served import chromium, served, wait, watched

from jieban.desks.shell.moment import now
from jieban.desks.studio.models import Draft, Stage, Version, VersionFile
from jieban.orders.actions.closing import publish_answer
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.models import Evidence, Order
from jieban.people.city import city
from live_database import LiveDatabase, override_settings

pytestmark = [pytest.mark.slow(2), pytest.mark.once]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
CALLER = "13900000001"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def opened(browser: Browser, database: LiveDatabase, evidence_place: Path) -> Iterator[Open]:
    """Opens a page; in the end no console has complained, and nothing was wider than its window."""
    del database, evidence_place
    contexts, faults = [], []
    with served() as address:

        def open_page(path: str, *, phone: bool = True, dark: bool = False, scripts: bool = True) -> Page:
            context = browser.new_context(
                viewport=PHONE if phone else DESK,  # type: ignore[arg-type]  # playwright's own shape
                color_scheme="dark" if dark else "light",
                java_script_enabled=scripts,
                base_url=address,
                locale="zh-CN",
            )
            contexts.append(context)
            page = context.new_page()
            faults.append(watched(page))
            page.goto(path)
            return page

        yield open_page
        for context in contexts:
            context.close()
    # A refusal comes with its status, which the console tells of, too.
    assert [said for each in faults for said in each if "422" not in said and "404" not in said] == []


def _find(page: Page, number: str, proof: str = CALLER) -> None:
    page.goto("/my/")
    page.get_by_label("受理编号").fill(number)
    page.get_by_label("电话或查询码").fill(proof)
    page.get_by_role("button", name="查询", exact=True).click()
    page.wait_for_url(f"**/my/{number}/")


def _fill(page: Page) -> None:
    page.get_by_label("发生了什么事").fill("小区门口的路灯三天不亮了,晚上看不见路。")
    page.locator("input[name=kind]").first.check()
    page.get_by_label("具体位置").fill("五号楼东侧")
    page.get_by_label("电话", exact=True).fill("13900000002")
    page.locator("input[name=agree]").check()


@pytest.mark.usefixtures("each_city")
def test_a_request_with_a_photo_is_filed_and_the_sum_is_never_seen(opened: Open) -> None:
    page = opened("/file/")
    _fill(page)
    image = photo()
    page.locator("#id_photos").set_input_files(
        {"name": "灯.jpg", "mimeType": "image/jpeg", "buffer": image.read()}
    )
    page.locator("[data-sum]").wait_for(state="hidden")
    page.get_by_role("button", name="提交").dblclick()
    page.wait_for_url("**/file/done/")
    assert Order.objects.count() == 1
    assert Evidence.objects.count() == 1
    page.get_by_role("link", name="看进度").click()
    page.get_by_role("heading", name="已收到").wait_for()


def test_without_scripts_the_sum_is_asked(opened: Open) -> None:
    page = opened("/file/", scripts=False)
    _fill(page)
    asked = page.locator("[data-sum] label").inner_text()
    first, second = re.match(r"(.)加(.)等于几", asked).groups()  # type: ignore[union-attr]  # so it is worded
    figures = "零一二三四五六七八九"
    page.locator("input[name=answer]").fill(str(figures.index(first) + figures.index(second)))
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/file/done/")
    assert Order.objects.count() == 1


def test_a_number_that_lacks_a_digit_is_told_of_before_photos_would_be_lost(opened: Open) -> None:
    page = opened("/file/")
    phone, told = page.get_by_label("电话", exact=True), page.locator("[data-phone-wrong]")
    for typed, said in (
        ("138 1234 567", "现在有 10 位"),
        ("１３８１２３４５６７８９", "现在有 12 位"),
        ("12 34", "7 至 15 位"),
        *[(right, "") for right in ("+86 138-1234-5678", "0994-2345678", "2345678", "")],
    ):
        phone.fill(typed)
        phone.blur()
        assert said in told.inner_text() if said else told.is_hidden(), typed


def test_who_ticks_anonymous_is_asked_for_no_number(opened: Open) -> None:
    page = opened("/file/")
    page.locator("input[name=anonymous]").check()
    assert page.get_by_label("电话", exact=True).is_hidden()
    page.locator("input[name=anonymous]").uncheck()
    assert page.get_by_label("电话", exact=True).is_visible()


def test_what_is_wrong_gets_the_focus(opened: Open) -> None:
    page = opened("/file/")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("alert").first.wait_for()
    wait(page, "document.activeElement.matches('[role=alert]')")


def test_how_much_may_still_be_written_is_told_once_it_is_little(opened: Open) -> None:
    page = opened("/file/")
    said, told = page.get_by_label("发生了什么事"), page.locator("[data-left]")
    said.fill("很短。")
    assert told.is_hidden()
    said.fill("长" * 3900)
    assert told.inner_text() == "还可以写 100 个字。"
    said.fill("长" * 4005)
    assert told.inner_text() == "多了 5 个字，请删减。"
    assert len(said.input_value()) == 4005


def test_boxes_to_tick_are_square(opened: Open) -> None:
    page = opened("/file/")
    sizes = page.locator("input:is([type=radio], [type=checkbox])").evaluate_all(
        "all => all.map(one => [one.offsetWidth, one.offsetHeight])"
    )
    assert len(sizes) > 5
    assert {tuple(size) for size in sizes} == {(20, 20)}


@pytest.mark.usefixtures("each_city")
def test_the_hotlines_name_is_not_torn_in_a_reports_title(opened: Open) -> None:
    hotline = city().publication.hotline
    by = {"made_by": "account:1", "made_at": now()}
    version = Version.objects.create(
        period="2025-04",
        number=1,
        draft=Draft.objects.create(period="2025-04", stage=Stage.PUBLISHED, **by),
        edit=0,
        title=f"云汀区{hotline}2025年4月分析报告",
        issued=now(),
        published_by="account:1",
        approved_by="account:2",
        snapshot="0" * 64,
    )
    VersionFile.objects.create(version=version, edition="public", form="html", digest="0" * 64, size=1)
    page = opened("/reports/2025-04/1/")
    title = page.get_by_role("heading", level=1)
    assert title.inner_text().replace("\n", "") == version.title
    name = title.locator("span", has_text=hotline)
    lines = name.evaluate("one => one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)")
    assert lines == 1
    button, words = (
        page.get_by_role("link", name="在线阅读").evaluate(f"one => {box}.getBoundingClientRect().toJSON()")
        for box in ("one", "(range => (range.selectNodeContents(one), range))(document.createRange())")
    )
    above, below = words["top"] - button["top"], button["bottom"] - words["bottom"]
    assert abs(above - below) <= 2, "the words stand in the middle of the button"


def test_axe_sees_what_is_wrong(opened: Open) -> None:
    page = opened("/file/")
    page.evaluate("document.querySelector('label[for=id_content]').remove()")
    assert "label" in [rule for rule, *_ in violations(page)]


@pytest.mark.parametrize(
    ("served_city", "phone", "dark"),
    # The rest of this table is looked at by test_axe_desks.py, without what was asked, answered and rated here.
    [("changji", False, False), ("yunting", True, True)],
)
def test_axe_finds_nothing_on_any_page(opened: Open, served_city: str, *, phone: bool, dark: bool) -> None:
    with override_settings(JIEBAN_PROFILE=served_city):
        _look_at_every_page(opened, phone=phone, dark=dark)


def _look_at_every_page(opened: Open, *, phone: bool, dark: bool) -> None:
    done, asked = handled(), signed()
    pause_handling(order=asked, handling=1, reason="哪一盏?", actor=handler(lead()), now=now())
    publish_answer(order=done, published=True, actor=RUTH, now=now())
    page = opened("/", phone=phone, dark=dark)
    seen = {}

    def look(name: str) -> None:
        page.wait_for_load_state()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is wider than its window"
        seen[name] = violations(page)

    boxes = [f"/mailbox/{code}/" for code in list(city().mailboxes)[:1]]
    for path in ("/", "/file/", "/my/", "/answers/", "/nothing/", *boxes):
        page.goto(path)
        look(path)
    page.goto("/file/")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("alert").first.wait_for()
    look("the form with mistakes")
    page.goto("/my/")
    page.get_by_role("button", name="查询", exact=True).click()
    look("the search with mistakes")
    for number, name in ((asked, "asked"), (done, "answered")):
        _find(page, number)
        look(name)
    page.goto(f"/file/?again={done}")
    look("again")
    _fill(page)
    page.locator("[data-sum]").wait_for(state="hidden")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/file/done/")
    look("filed")
    assert {name: found for name, found in seen.items() if found} == {}


def test_keyboard_alone_rates(opened: Open) -> None:
    number = handled()
    page = opened("/my/")
    _find(page, number)
    page.locator("input[name=contacted]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    order = row(number)
    assert (order.contacted, order.resolved) == (True, True)
    assert order.satisfaction == city().labels["satisfaction"][0].code
