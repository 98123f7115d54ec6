"""Every page of every desk in a real browser, by light and in the dark: axe finds nothing, the console says nothing.

The pages are those of the table of addresses that open to somebody, so that a new one is looked at as soon as it has
its rows; and the order's own in each of its states.
"""

from collections.abc import Iterator

import pytest
from access_table import Cell, all_cells, named, names_of, route_of
from axe import violations
from full_house import House, house_in
from playwright.sync_api import Browser, Page, ViewportSize
from served import chromium, served, wait, watched

from live_database import OpenDatabase

pytestmark = [pytest.mark.slow(4), pytest.mark.once]

PEOPLE = (
    *("stranger", "citizen", "caller", "jobless", "operator", "dispatcher", "liaison", "handler", "head"),
    *("reviewer", "callback_agent", "supervisor", "leader", "analyst", "administrator"),
)
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
NO_PAGES = {
    "desk/search/list.xlsx",
    "desk/lists/export/",
    "desk/lists/<int:key>.xlsx",
    "desk/live/",
    "desk/administration/profile/files/",
    "desk/orders/<str:number>/evidence/<int:serial>/",
    "desk/studio/files/<int:key>/",
    "desk/studio/<int:key>/pages/<slug:edition>/",
    "desk/studio/<int:key>/wording.toml",
    "reports/feed.xml",
    "reports/<str:period>/<int:number>/<slug:form>/",
    "desk/knowledge/files/export.toml",
    "account/2fa/recovery-codes/download/",
}
"""Files, and the report's own web page, which stands apart in its frame."""
ON_PHONES = ("stranger", "citizen", "caller", "handler")
"""Who comes with a telephone: citizens, and who stands at the place. Their pages are looked at on one, too."""
_TOO_SMALL = """() => {
  const seen = (box) => box.width > 1 && box.height > 1 && box.right > 0 && box.bottom > 0;
  const inText = (each) => each.tagName === "A" && each.parentElement.innerText.trim() !== each.innerText.trim();
  return [...document.querySelectorAll("a[href], button, summary, select, input, textarea")]
    .filter((each) => each.checkVisibility() && !each.matches(".skip, .visually-hidden") && !inText(each))
    .map((each) => [each, (each.closest("label") || each).getBoundingClientRect()])
    .filter(([, box]) => seen(box) && box.height < 43.5)
    .map(([each, box]) => `${each.outerHTML.slice(0, 120)}: ${Math.round(box.height)} px high`);
}"""
"""What one touches is 44 px high, with its label; links within a text are as high as it."""
SEEN_BY = {
    "dispatcher": ("new", "return", "extension", "merged", "split", "main", "letter", "of citizen"),
    "reviewer": ("replied", "unreasonable", "archived", "published"),
    "callback_agent": ("handled", "unhappy", "not reached", "closed"),
    "supervisor": ("late", "undispatched", "reopened"),
    "liaison": ("sent", "paused", "sealed", "nameless", "sent back", "unsigned"),
    "head": ("unsigned file",),
    "handler": ("own",),
    "operator": ("answered", "refused", "part"),
}
"""By whom the order's page is opened in each state: who has something to do there."""


def pages_of(house: House) -> dict[str, list[str]]:
    """By whom which addresses are opened: each page once.

    The open pages and those of the sign-in by the first whom the table names; at the desks by the last, who may most.
    """
    names, own = names_of(house), f"/desk/unit/{house.orders['own']}/"
    found: dict[str, list[str]] = {
        "caller": [f"/my/{house.orders['handled']}/"],
        "handler": ["/desk/unit/", own],
        "leader": ["/desk/month/?period=2025-04", f"/desk/studio/{house.reports['open']}/"],
    }
    whose: dict[str, dict[str, Cell]] = {}
    for cell in all_cells():
        if cell.method == "GET" and cell.answer == "200" and cell.who in PEOPLE:
            whose.setdefault(route_of(cell.path), {})[cell.who] = cell
    for route, cells in whose.items():
        if route not in NO_PAGES:
            cell = next(iter(cells.values() if "stranger" in cells else reversed(cells.values())))
            found.setdefault(cell.who, []).append(named(cell.path, names))
    for who, states in SEEN_BY.items():
        found.setdefault(who, []).extend(f"/desk/orders/{house.orders[each]}/" for each in states)
    return found


@pytest.fixture(scope="module")
def house(open_database: OpenDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_in("changji", open_database(), tmp_path_factory.mktemp("house")) as filled:
        yield filled


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def address(house: House) -> Iterator[str]:
    del house
    with served() as where:
        yield where


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_is_kept_out_by_how_a_page_is_made(
    house: House, browser: Browser, address: str, who: str
) -> None:
    context = browser.new_context(viewport=DESK, locale="zh-CN")
    for name, cookie in house.people[who].cookies.items():
        context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
    page = context.new_page()
    said, faults = watched(page), []
    for path in pages_of(house)[who]:
        page.goto(f"{address}{path}")
        wait(page, "document.readyState === 'complete'")
        faults += [f"{path}: {each}" for each in _wrong(page, on_phone=who in ON_PHONES)]
        faults += [f"{path}: the console says {each}" for each in said]
        said.clear()
    context.close()
    assert not faults, "\n".join(faults)


def _wrong(page: Page, *, on_phone: bool) -> Iterator[str]:
    """With everything open that opens; colours again in the dark, and all once more as wide as a telephone."""
    page.evaluate("() => { for (const each of document.querySelectorAll('details')) each.open = true; }")
    yield from (f"{each}" for each in violations(page))
    page.emulate_media(color_scheme="dark")
    yield from (f"in the dark {each}" for each in violations(page, only=("color-contrast",)))
    page.emulate_media(color_scheme="light")
    if not on_phone:
        return
    page.set_viewport_size(PHONE)
    yield from (f"on a telephone {each}" for each in violations(page))
    if (wide := page.evaluate("() => document.documentElement.scrollWidth")) > PHONE["width"]:
        yield f"on a telephone it is {wide} wide"
    yield from (f"a finger doesn't find {each}" for each in page.evaluate(_TOO_SMALL))
    page.set_viewport_size(DESK)


def test_every_page_has_somebody_who_looks_at_it(house: House) -> None:
    assert set(pages_of(house)) <= set(PEOPLE)
