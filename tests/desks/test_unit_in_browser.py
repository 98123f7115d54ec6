"""A unit's pages in a real browser: photos without a signal, what a reply still lacks, pictures side by side."""

import io
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsers import Sign
from cast import lead, row, signed
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route
from served import PATIENCE, chromium, context_of, served, wait, watched

from jieban.orders.models import Evidence
from jieban.people.roles import Role
from live_database import LiveDatabase

pytestmark = [pytest.mark.slow(2), pytest.mark.once]

PHONE = {"width": 390, "height": 844}
KEPT = """async () => new Promise((resolve) => {
  const asked = indexedDB.open("jieban-photos");
  asked.onsuccess = () => {
    const all = asked.result.transaction("photos").objectStore("photos").getAll();
    all.onsuccess = () => resolve(all.result.length);
  };
})"""
Opened = tuple[Page, list[str]]


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


@pytest.fixture
def phone(browser: Browser, address: str, handler: Client) -> Iterator[BrowserContext]:
    context = context_of(browser, address, handler)
    yield context
    context.close()


@pytest.fixture
def scene(phone: BrowserContext, address: str) -> Callable[[str], Opened]:
    """Opens the page for photos of an order in a new tab; gives it with what its console complains of."""

    def open_scene(number: str) -> Opened:
        page = phone.new_page()
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
        faults = watched(page)
        page.goto(f"{address}/desk/unit/{number}/scene/?handling=1")
        wait(page, "document.readyState === 'complete'")
        return page, faults

    return open_scene


def photo(shade: int = 90) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 60, 60)).save(written, "JPEG")
    return written.getvalue()


def take(page: Page, content: bytes, *, side: int = 0, name: str = "IMG_1.jpg") -> None:
    """What the telephone's camera hands to the page."""
    camera = page.locator("[data-kind]").nth(side).locator("input[capture]")
    camera.set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": content})


def arrived(number: str) -> list[str]:
    return list(
        Evidence.objects.filter(order__number=number).order_by("serial").values_list("kind", flat=True)
    )


def kept(page: Page) -> int:
    """How many photos the telephone holds. A promise is awaited by playwright, which the page's policy allows."""
    return int(page.evaluate(KEPT))


def sent(count: int) -> str:
    """That so many photos of this page have arrived."""
    lines = "[...document.querySelectorAll('.taken li span.small')]"
    told = r"/^已上传 \d\d-\d\d \d\d:\d\d$/.test(line.textContent)"
    return f"{lines}.filter((line) => {told}).length === {count}"


def said(text: str) -> str:
    return f"document.querySelector('.scene').innerText.includes('{text}')"


def test_photos_are_sent_as_they_are_taken(scene: Callable[[str], Opened]) -> None:
    number = signed()
    page, faults = scene(number)
    assert page.locator("input[capture=environment]").count() == 2
    take(page, photo(1))
    wait(page, sent(1))
    take(page, photo(2), side=1)
    wait(page, sent(2))
    assert arrived(number) == ["photo_before", "photo_after"]
    first, second = (page.locator(".side h2").nth(at).inner_text() for at in (0, 1))
    told = page.locator("[data-told]").inner_text()
    assert re.fullmatch(rf"已送到：{first} 1\s张、{second} 1\s张，\d\d-\d\d \d\d:\d\d。", told), told
    assert kept(page) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert faults == []


def test_what_is_taken_now_stands_as_it_will_when_the_page_is_opened_again(
    scene: Callable[[str], Opened],
) -> None:
    number = signed()
    page, _ = scene(number)
    shown = (
        "[...document.querySelectorAll('.taken li')].map((each) => each.querySelector('.small').outerHTML)"
    )
    for count in (1, 2):
        take(page, photo(60 * count))
        wait(page, sent(count))
    taken = page.evaluate(shown)
    page.reload()
    assert page.evaluate(shown) == taken
    places = [int(each.rsplit("/", 2)[-2]) for each in _sources(page)]
    assert places == sorted(places, reverse=True), "the latest is at hand"


def _sources(page: Page) -> list[str]:
    return [each.get_attribute("src") or "" for each in page.locator(".taken img").all()]


def test_a_photo_that_was_taken_before_the_script_came_is_sent_too(
    phone: BrowserContext, address: str
) -> None:
    number, page, held = signed(), phone.new_page(), list[Route]()
    page.route("**/scene.js", lambda route: held.append(route))  # noqa: PLW0108  # playwright marks what it is given
    page.goto(f"{address}/desk/unit/{number}/scene/?handling=1", wait_until="commit")
    take(page, photo(1))
    held[0].continue_()
    wait(page, sent(1))
    assert (arrived(number), kept(page)) == (["photo_before"], 0)


def test_without_a_signal_photos_wait_and_go_by_themselves(
    scene: Callable[[str], Opened], phone: BrowserContext
) -> None:
    number = signed()
    page, _ = scene(number)
    phone.set_offline(offline=True)
    take(page, photo(1))
    take(page, photo(2), side=1)
    wait(page, said("没有信号"))
    wait(page, "document.querySelectorAll('.taken li').length === 2")
    assert (arrived(number), kept(page)) == ([], 2)
    phone.set_offline(offline=False)
    wait(page, sent(2))
    assert (sorted(arrived(number)), kept(page)) == (["photo_after", "photo_before"], 0)


def test_a_photo_outlives_its_page_and_goes_from_the_desk(
    scene: Callable[[str], Opened], phone: BrowserContext, address: str
) -> None:
    number = signed()
    page, _ = scene(number)
    phone.set_offline(offline=True)
    take(page, photo())
    wait(page, said("没有信号"))
    page.close()
    phone.set_offline(offline=False)
    desk = phone.new_page()
    desk.goto(f"{address}/desk/unit/")
    until = time.monotonic() + PATIENCE
    while not (arrived(number) and kept(desk) == 0) and time.monotonic() < until:
        desk.wait_for_timeout(20)
    assert (arrived(number), kept(desk)) == (["photo_before"], 0)


def test_an_answer_that_was_lost_brings_no_second_photo(
    scene: Callable[[str], Opened], phone: BrowserContext
) -> None:
    number = signed()
    page, _ = scene(number)

    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]  # it arrives …
        route.abort()  # type: ignore[attr-defined]  # … and nobody hears of it

    page.route("**/attach/", lose)
    take(page, photo())
    wait(page, said("没有信号"))
    assert (arrived(number), kept(page)) == (["photo_before"], 1)
    page.unroute("**/attach/")
    phone.set_offline(offline=True)
    phone.set_offline(offline=False)
    wait(page, sent(1))
    assert (arrived(number), kept(page)) == (["photo_before"], 0)


def test_what_is_refused_stays_with_its_reason_until_it_is_dropped(scene: Callable[[str], Opened]) -> None:
    number = signed()
    page, _ = scene(number)
    take(page, b"<!doctype html><script>alert(1)</script>")
    wait(page, said("文件内容不是"))
    assert (arrived(number), kept(page)) == ([], 1)
    page.click(".taken .refused button")
    wait(page, "document.querySelectorAll('.taken li').length === 0")
    assert kept(page) == 0


def test_a_photo_is_sent_in_nobody_elses_name(
    scene: Callable[[str], Opened], phone: BrowserContext, address: str, sign_in: Sign
) -> None:
    number = signed()
    page, _ = scene(number)
    phone.set_offline(offline=True)
    take(page, photo())
    wait(page, said("没有信号"))
    page.close()
    phone.clear_cookies()
    phone.set_offline(offline=False)
    other = sign_in(Role.LIAISON, lead())
    phone.add_cookies([{"name": "jieban", "value": other.cookies["jieban"].value, "url": address}])
    desk, _ = scene(number)
    desk.wait_for_timeout(500)
    assert (arrived(number), kept(desk)) == ([], 1)


def test_one_who_is_no_longer_signed_in_is_told_and_loses_nothing(
    scene: Callable[[str], Opened], phone: BrowserContext
) -> None:
    number = signed()
    page, _ = scene(number)
    page.route("**/desk/live/", lambda route: route.fulfill(status=204))  # the poll might notice it first
    phone.clear_cookies()
    take(page, photo())
    wait(page, said("登录已过期"))
    assert (arrived(number), kept(page)) == ([], 1)


def test_without_a_script_photos_are_sent_by_a_form(browser: Browser, address: str, handler: Client) -> None:
    number = signed()
    context = context_of(browser, address, handler, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/desk/unit/{number}/scene/?handling=1")
    take(page, photo())
    page.locator("[data-kind] noscript button").first.click()
    assert "/scene/" in page.url
    assert arrived(number) == ["photo_before"]
    context.close()


def test_what_a_reply_lacks_is_told_while_it_is_written(phone: BrowserContext, address: str) -> None:
    number = signed()
    page = phone.new_page()
    faults = watched(page)
    page.goto(f"{address}/desk/unit/{number}/")
    page.click("a[href*='/do/reply/']")
    wait(page, "document.querySelector('[data-needs]') && !document.querySelector('[data-needs]').hidden")

    def lacking() -> list[str]:
        return page.locator("[data-needs] li:not([hidden])").all_inner_texts()

    before = lacking()
    assert before
    bar = page.locator("[data-needs]").bounding_box()
    assert bar is not None
    assert bar["height"] < 48, "one line, whatever it names"
    assert page.evaluate("document.querySelector('#act-form').getBoundingClientRect().right <= innerWidth")
    assert not any("照片" in each for each in before)
    page.check("#id_site_visit")
    assert sum("照片" in each for each in lacking()) == 2
    page.uncheck("#id_site_visit")
    for area in page.locator("#act textarea").all():
        area.fill("已到现场更换灯具,路灯恢复照明,居民知悉。" * 3)
    for select in page.locator("#act select").all():
        select.select_option(index=1)
    assert lacking() == []
    assert page.locator("[data-complete]").is_visible()
    page.click("#act button.main")
    wait(page, "document.querySelector('#order [role=status]') !== null")
    assert row(number).state == "handling"
    assert Evidence.objects.count() == 0
    assert faults == []


def test_what_a_reply_lacks_unfolds_for_whoever_works_by_keyboard(
    browser: Browser, address: str, handler: Client
) -> None:
    number = signed()
    context = context_of(browser, address, handler)
    page = context.new_page()
    page.goto(f"{address}/desk/unit/{number}/")
    page.click("a[href*='/do/reply/']")
    listed = page.locator("[data-needs] ul")
    page.check("#id_site_visit")
    folded = listed.evaluate(
        "list => [list.scrollWidth > list.clientWidth, list.tabIndex, list.clientHeight]"
    )
    assert folded[:2] == [True, 0], "it doesn't fit its line, and is a stop on the way"
    listed.focus()
    unfolded = listed.evaluate("list => [list.scrollWidth > list.clientWidth, list.clientHeight]")
    assert not unfolded[0]
    assert unfolded[1] > folded[2]
    context.close()


def test_an_act_done_on_its_own_page_shows_the_order_after_it(phone: BrowserContext, address: str) -> None:
    number, page = signed(), phone.new_page()
    faults = watched(page)
    page.goto(f"{address}/desk/orders/{number}/do/report_progress/?handling=1")
    page.fill("#id_progress", "已派人到现场")
    page.click(".doing button.main")
    wait(page, "document.querySelector('[role=status].told') !== null")
    assert "已派人到现场" in page.inner_text("#order")
    assert faults == []


def test_a_pair_is_seen_large_and_left_by_escape(
    phone: BrowserContext, address: str, scene: Callable[[str], Opened]
) -> None:
    number = signed()
    page, _ = scene(number)
    take(page, photo(1))
    wait(page, sent(1))
    take(page, photo(2), side=1)
    wait(page, sent(2))
    desk = phone.new_page()
    faults = watched(desk)
    desk.goto(f"{address}/desk/unit/{number}/")
    desk.locator(".pair a[data-look]").first.click()
    wait(
        desk,
        "[...document.querySelectorAll('dialog.look img')].filter((e) => e.naturalWidth === 320).length === 2",
    )
    desk.keyboard.press("Escape")
    wait(desk, "!document.querySelector('dialog.look').open")
    assert faults == []
