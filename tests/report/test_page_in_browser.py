"""The web page in a real browser: both cities, on a desk and on a phone, light, dark and printed."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hand_figures import city
from playwright.sync_api import Browser, Page, sync_playwright

import headless
from jieban.demo.ledger import make_ledger
from jieban.indicators.period import Period
from jieban.report.document import Edition
from jieban.report.publish import Wanted, publish

pytestmark = pytest.mark.slow(1)

CITIES = ("changji", "yunting")
PATIENCE = 30
"""Seconds that something may take on a busy machine."""
DESK, PHONE = (1280, 900), (390, 844)
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
Open = Callable[..., Any]

DRAWN = """() => [...document.querySelectorAll("[data-chart]")].map((place) => {
  const svg = place.querySelector("svg");
  const box = svg && svg.getBoundingClientRect();
  return {
    id: place.dataset.chart,
    shapes: svg ? svg.querySelectorAll("path, text").length : 0,
    wide: box ? box.width : 0,
    still: getComputedStyle(place.closest("figure").querySelector(".still")).display,
  };
})"""

# Every visible run of words with its colour, and the first ground behind it that is not transparent.
COLOURS = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const words = walk.currentNode.data.trim();
    const element = walk.currentNode.parentElement;
    if (!words || element.closest("svg, script, style, .unseen, [hidden]") || !element.checkVisibility()) continue;
    let ground = "";
    for (let at = element; at && !ground; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(colour)) ground = colour;
    }
    found.push([words.slice(0, 20), getComputedStyle(element).color, ground || "rgb(255, 255, 255)"]);
  }
  for (const text of document.querySelectorAll(".live svg text")) {
    // Words within bars and cells have the colour that suits their own ground; a test of the charts holds that.
    const kind = text.closest("[data-chart]").dataset.chart;
    if (kind === "heat" && /^\\d+$/.test(text.textContent)) continue;
    const ground = getComputedStyle(document.body).backgroundColor;
    found.push([text.textContent, getComputedStyle(text).fill, ground]);
  }
  return found;
}"""


def internal_name(name: str) -> str:
    return f"{name}, internal"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The public page of both demo cities, and the internal one, by `internal_name`."""
    made = {}
    for name in CITIES:
        profile, directory = city(name), tmp_path_factory.mktemp(name)
        ledger, plan = make_ledger(profile)
        publish(
            ledger,
            profile,
            Period.month(2025, 4),
            directory,
            Wanted(
                forms=("html",), editions=(Edition.PUBLIC, Edition.INTERNAL), cutoff=plan.as_of, demo=True
            ),
        )
        made[name] = directory / f"{name}-2025-04-public.html"
        made[internal_name(name)] = directory / f"{name}-2025-04-internal.html"
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = headless.launched(playwright)
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Browser, pages: dict[str, Path]) -> Open:
    """Opens a city's page, and in the end finds it without an error and without having asked for anything."""

    @contextmanager
    def open_page(
        name: str,
        size: tuple[int, int] = DESK,
        scheme: str = "light",
        *,
        file: Path | None = None,
        **more: Any,
    ) -> Iterator[Page]:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]  # one of playwright's words
            reduced_motion="reduce",
            **more,
        )
        page = context.new_page()
        faults: list[str] = []
        page.on(
            "console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        own = (file or pages[name]).as_uri()
        page.on(
            "request", lambda asked: faults.append(asked.url) if asked.url.partition("#")[0] != own else None
        )
        page.goto(own)
        yield page
        context.close()
        assert faults == []

    return open_page


def read_through(page: Page) -> None:
    """Scroll from the top to the end, a screen at a time, as a reader would: charts are drawn when they come near."""
    page.evaluate(
        """async () => {
          for (let at = 0; at < document.body.scrollHeight; at += innerHeight / 2) {
            scrollTo(0, at);
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));
          }
        }"""
    )


def wait(page: Page, condition: str) -> None:
    """Until the script's condition holds; playwright's own way is refused by the page's policy, as eval is."""
    until = time.monotonic() + PATIENCE
    while not page.evaluate(condition):
        assert time.monotonic() < until, condition
        page.wait_for_timeout(20)


def luminance(colour: str) -> float:
    """Relative luminance of a CSS colour (WCAG 2.2)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_of_contrast_is_the_standards() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(
    ("name", "size", "scheme"),
    [
        ("changji", DESK, "light"),
        ("changji", PHONE, "dark"),
        ("yunting", DESK, "dark"),
        ("yunting", PHONE, "light"),
    ],
)
def test_charts_are_drawn_words_can_be_read_and_nothing_is_too_wide(
    opened: Open, name: str, size: tuple[int, int], scheme: str
) -> None:
    with opened(name, size, scheme) as page:
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (scheme == "dark")
        read_through(page)
        charts = page.evaluate(DRAWN)
        assert len(charts) >= 8
        for chart in charts:
            assert chart["shapes"] > 5, chart
            assert chart["wide"] > 200, chart
            assert chart["still"] == "none", chart
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        poor = {
            tuple(found) for found in page.evaluate(COLOURS) if contrast(found[1], found[2]) < LEAST_CONTRAST
        }
        assert poor == set()


@pytest.mark.parametrize(("name", "size"), [("changji", DESK), ("yunting", PHONE)])
def test_the_contents_lead_to_every_chapter_and_mark_where_one_is(
    opened: Open, name: str, size: tuple[int, int]
) -> None:
    with opened(name, size) as page:
        contents = page.locator(".contents details")
        assert contents.evaluate("(one) => one.open") is (size is DESK)
        if size is PHONE:
            page.locator(".contents summary").click()
        links = page.locator(".contents a")
        assert links.count() > 10
        for at in range(links.count()):
            links.nth(at).click()
            target = (links.nth(at).get_attribute("href") or "").removeprefix("#")
            top = page.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top", target)
            assert 0 <= top < size[1], target
            under = page.evaluate("document.querySelector('.banner').getBoundingClientRect().bottom")
            assert top >= under - 1 or size is PHONE, target
        page.evaluate("(id) => document.getElementById(id).scrollIntoView()", "s-definitions")
        wait(page, "document.querySelector('.contents [aria-current]')?.hash === '#s-definitions'")
        assert page.locator(".contents [aria-current]").count() == 1


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_figure_tells_its_counting_rule(opened: Open, size: tuple[int, int]) -> None:
    with opened("changji", size, has_touch=size is PHONE) as page:
        figure = page.locator('main p data[data-indicator="orders.total"]').first
        tip = page.locator(".tip")
        assert tip.is_hidden()
        figure.hover() if size is DESK else figure.tap()
        assert tip.is_visible()
        assert "转派" in tip.inner_text()
        box = tip.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        page.mouse.wheel(0, 400) if size is DESK else page.evaluate("scrollBy(0, 400)")
        wait(page, "document.querySelector('.tip').hidden")


def test_a_bar_that_is_pointed_at_tells_its_value(opened: Open) -> None:
    with opened("changji") as page:
        page.locator("#chart-topics").scroll_into_view_if_needed()
        wait(page, "document.querySelector('[data-chart=topics] svg path')")
        box = page.locator("[data-chart=topics]").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 34)
        wait(page, "document.querySelector('[data-chart=topics]').innerText.includes('793')")


def test_charts_follow_the_theme_and_the_width(opened: Open) -> None:
    with opened("yunting") as page:
        place = page.locator("[data-chart=topics]")
        place.scroll_into_view_if_needed()
        wait(page, "document.querySelector('[data-chart=topics] svg text')")
        words = "getComputedStyle(document.querySelector('[data-chart=topics] svg text')).fill"
        wide = "document.querySelector('[data-chart=topics] svg').getBoundingClientRect().width"
        light, before = page.evaluate(words), page.evaluate(wide)
        page.emulate_media(color_scheme="dark")
        wait(page, f"{words} !== '{light}'")
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        wait(page, f"{wide} < {before} && {wide} > 200")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_heat_map_scrolls_within_itself_on_a_phone_and_by_keyboard(opened: Open) -> None:
    with opened("changji", PHONE) as page:
        page.locator("#chart-heat").scroll_into_view_if_needed()
        page.wait_for_selector("#chart-heat .scroll svg")
        scroll = page.locator("#chart-heat .scroll")
        assert scroll.evaluate("(one) => one.scrollWidth > one.clientWidth")
        scroll.focus()
        page.keyboard.press("ArrowRight")
        wait(page, "document.querySelector('#chart-heat .scroll').scrollLeft > 0")


@pytest.mark.parametrize("name", CITIES)
def test_the_tables_of_a_report_fit_a_desk_s_screen(opened: Open, name: str) -> None:
    with opened(internal_name(name)) as page:
        tables = page.locator("main .table:visible")
        assert tables.count() >= 8
        for table in tables.all():
            wide, room = table.evaluate("it => [it.scrollWidth, it.clientWidth]")
            assert wide <= room + 1, table.get_attribute("id")
        # Short words stay whole: 市直部门 and 序号 on one line, as the heading of their column is.
        lines = page.locator(
            "#table-units tbody tr:first-child td:first-child, #table-units tbody td:nth-child(3)"
        )
        assert all(cell.evaluate("it => it.clientHeight") < 70 for cell in lines.all())
        broken = page.locator("#table-units thead th").first.evaluate(
            "it => { const r = document.createRange(); r.selectNodeContents(it); return r.getClientRects().length }"
        )
        assert broken == 1


def test_a_caption_begins_in_sight_however_wide_its_table_is(opened: Open) -> None:
    asked = """() => {
        const shown = [...document.querySelectorAll("div.table table")].filter(t => t.offsetParent);
        const outside = shown.map(t => t.caption).filter(c => {
            const words = document.createRange();
            words.selectNodeContents(c);
            const box = words.getBoundingClientRect();
            return box.width > 1 && (box.left < 0 || box.left > innerWidth / 2);
        });
        return [outside.map(c => c.textContent), shown.filter(t => t.offsetWidth > innerWidth).length];
    }"""
    with opened("changji", PHONE) as page:
        outside, wider = page.evaluate(asked)
    assert wider
    assert not outside


@pytest.mark.parametrize("name", CITIES)
def test_each_chart_s_figures_are_there_for_keyboard_and_screen_reader(opened: Open, name: str) -> None:
    with opened(name) as page:
        for at in range(page.locator("figure.chart").count()):
            figure = page.locator("figure.chart").nth(at)
            assert figure.locator("[role=img]").first.get_attribute("aria-label")
            summary = figure.locator(".chart-data > summary")
            summary.focus()
            assert summary.evaluate("(one) => one === document.activeElement")
            page.keyboard.press("Enter")
            table = figure.locator(".chart-data table")
            assert table.is_visible()
            assert table.locator("tbody tr").count() > 0
            assert table.locator("caption").inner_text()
            assert table.locator("th[scope=row]").count() == table.locator("tbody tr").count()


def test_the_first_key_leads_past_the_contents(opened: Open) -> None:
    with opened("changji") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("name", CITIES)
def test_without_scripts_the_page_has_its_charts_and_its_contents(opened: Open, name: str) -> None:
    with opened(name, PHONE, java_script_enabled=False) as page:
        stills = page.locator(".still svg")
        assert stills.count() >= 8
        for at in range(stills.count()):
            box = stills.nth(at).bounding_box()
            assert box is not None
            assert 200 < box["width"] <= PHONE[0]
        assert page.locator(".contents a").first.is_visible()


@pytest.mark.parametrize(("name", "scheme"), [("changji", "dark"), ("yunting", "light")])
def test_printed_it_is_a_document(opened: Open, tmp_path: Path, name: str, scheme: str) -> None:
    with opened(name, DESK, scheme) as page:
        read_through(page)
        page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]  # as above
        assert page.locator(".contents").is_hidden()
        assert page.locator("[data-chart]").first.is_hidden()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "printed.pdf") as printed:
        texts = [re.sub(r"\s", "", sheet.get_textpage().get_text_range()) for sheet in printed]
        assert len(texts) > 5
        for number, words in enumerate(texts, start=1):
            assert "演示数据" in words, number
            assert f"—{number}—" in words, number
            assert len(words) > 60, number
        said = "".join(texts)
        assert "图1" in said
        assert "表1" in said


@pytest.mark.parametrize(
    ("broken", "with_"),
    [
        ("instance.setOption(option);", "instance.setOptions(option);"),
        (
            "const near = new IntersectionObserver",
            "fetch('https://example.org/'); const near = new IntersectionObserver",
        ),
    ],
)
def test_a_broken_script_is_seen(
    opened: Open, pages: dict[str, Path], tmp_path: Path, broken: str, with_: str
) -> None:
    """That these tests can fail: an altered script is refused by the page's own policy, and said on the console."""
    source = pages["yunting"].read_text(encoding="utf-8")
    assert source.count(broken) == 1
    copy = tmp_path / "broken.html"
    copy.write_text(source.replace(broken, with_), encoding="utf-8")
    with pytest.raises(AssertionError, match="Content Security Policy"), opened("yunting", file=copy) as page:
        read_through(page)
