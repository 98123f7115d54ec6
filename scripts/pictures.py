"""Pictures of the desks: every page by whom it is for, in both sizes and themes, and the pieces in docs/desks.md.

    python scripts/pictures.py pages DIR [NAME…]   # PNG files: page-size-theme.png, and what the console said
    python scripts/pictures.py pages --whole DIR   # at desk size, too, with all that one would scroll to
    python scripts/pictures.py parts               # docs/desks/*.png

A demonstration of the city that `--profile` names is set up in a temporary place and served on this machine only; with
`--at ADDRESS PASSWORD` the one that is served there is looked at. What is shown, and in which states, stands in
shown.py.
"""

import argparse
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from shown import PAGES, Shown
from steps import settled, signed_in

ROOT = Path(__file__).parent.parent
PARTS = ROOT / "docs" / "desks"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("JIEBAN_")}
SIZES = {"1280": (1280, 800), "390": (390, 844)}
THEMES = ("light", "dark")
HIGHEST = 8000
"""Pixels that a screen grows to, to hold everything."""
LANGUAGE = "zh-CN"
_IN_CHINESE = {"LANG": "zh_CN.UTF-8", "LANGUAGE": "zh_CN"}
"""What the browser takes the order and the words of its date fields from: a window's locale is for scripts only."""
_LOADED = """async () => {
    const all = [...document.images];
    for (const each of all) each.loading = "eager";
    const enough = new Promise((_, refuse) => setTimeout(refuse, 10000));
    enough.catch(() => null);
    const ready = (each) => Promise.race([each.decode(), enough]).then(() => null, () => each.src);
    const there = await Promise.all(all.map(ready));
    return there.filter((each) => each !== null);
}"""
"""Pictures further down are loaded, too, and ready to be shown; gives those that can't be."""
_BELOW = """() => Math.max(0, ...[document.scrollingElement, ...document.querySelectorAll("main, main *")]
    .filter((each) => each === document.scrollingElement || (
        ["auto", "scroll"].includes(getComputedStyle(each).overflowY)
        && !each.matches(".list, textarea, select")
        && each.clientHeight > innerHeight / 3))
    .map((each) => each.scrollHeight - each.clientHeight))"""
"""Pixels of the page, or of a pane, that one would scroll to; a queue is more of the same."""
LONGEST_START = 120
LONGEST_STEP = 45_000
"""Milliseconds that a piece of a page is waited for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A piece of a page for docs/desks.md: the elements that hold it, at desk size in the light theme."""

    name: str
    page: str
    holds: str


PARTS_SHOWN = (
    Part(name="frame", page="unit-order", holds="body"),
    Part(name="queue", page="supervision", holds=".middle"),
    Part(name="clocks", page="unit-order", holds=".order .card:has(.due)"),
    Part(name="acts", page="unit-order", holds=".order .acts"),
    Part(name="card", page="unit-order", holds=".order .card:has(.facts)"),
    Part(name="table", page="supervision-units", holds="table.grid"),
    Part(name="figures", page="month", holds=".tiles"),
    Part(name="sign-in", page="sign-in", holds=".alone .card"),
    Part(name="citizen", page="home", holds="main"),
)


@contextmanager
def served(profile: str | None) -> Iterator[tuple[str, str]]:
    """A demonstration's address and password; of the usual city where none is named."""
    jieban = [sys.executable, "-m", "jieban"]
    with tempfile.TemporaryDirectory() as place, socket.socket() as free:
        told = subprocess.run(
            [
                *jieban,
                "demo",
                "--desks",
                "--json",
                "--out",
                place,
                *(("--profile", profile) if profile else ()),
            ],
            env=CLEAN,
            check=True,
            capture_output=True,
        )
        made = json.loads(told.stdout)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        server = subprocess.Popen(
            [*jieban, "serve", "--demo", made["place"], "--port", str(port), "--workers", "1"], env=CLEAN
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, server)
            yield address, made["password"]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + LONGEST_START
    while True:
        try:
            urllib.request.urlopen(f"{address}/account/login/", timeout=10).close()  # noqa: S310  # our own
        except (urllib.error.URLError, ConnectionError):
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


class Visitors:
    """People's windows: each signs in once for a size and a theme."""

    def __init__(self, browser: Browser, address: str, password: str) -> None:
        self._browser = browser
        self._address = address
        self._password = password
        self._windows: dict[tuple[str | None, str, str], Page] = {}

    def shown(self, page: Shown, size: str, theme: str) -> Page:
        """The page as its reader has it before their eyes."""
        window = self._window(page.who, size, theme)
        width, height = page.size or SIZES[size]
        window.set_viewport_size({"width": width, "height": height})
        window.emulate_media(media="screen")
        window.goto(self._address + page.path)
        for step in page.steps:
            step(window, self._password)
        settled(window)
        if page.paper:
            window.emulate_media(media="print")
        return window

    def _window(self, who: str | None, size: str, theme: str) -> Page:
        known = self._windows.get((who, size, theme))
        if known is not None:
            return known
        context = self._browser.new_context(
            color_scheme="dark" if theme == "dark" else "light",
            locale=LANGUAGE,
        )
        context.set_default_timeout(LONGEST_STEP)
        window = context.new_page()
        window.on("console", lambda said: print(f"console: {window.url}: {said.text}"))
        window.on("pageerror", lambda error: print(f"error: {window.url}: {error}"))
        if who is not None:
            window.goto(f"{self._address}/account/login/")
            signed_in(window, who, self._password)
        self._windows[who, size, theme] = window
        return window


def launched(playwright: Playwright, binary: str) -> Browser:
    """A browser that speaks Chinese; where its words for that aren't installed, that is told."""
    browser = playwright.chromium.launch(
        executable_path=binary, args=["--no-sandbox", f"--lang={LANGUAGE}"], env={**os.environ, **_IN_CHINESE}
    )
    window = browser.new_page()
    if window.evaluate("navigator.language") != LANGUAGE:
        print("date fields won't be in Chinese: apt-get install chromium-l10n", file=sys.stderr)
    window.close()
    return browser


def grown(window: Page) -> None:
    """The screen gets as high as what it shows, so that nothing is left to scroll to."""
    size = window.viewport_size
    while size and (below := window.evaluate(_BELOW)) and size["height"] < HIGHEST:
        size = {"width": size["width"], "height": min(size["height"] + below, HIGHEST)}
        window.set_viewport_size(size)
        if window.evaluate(_BELOW) >= below:
            return  # it grows with the screen


def taken(window: Page, *, whole: bool) -> bytes:
    """The picture of a window's screen, or of the page from top to bottom, its images loaded."""
    for each in window.evaluate(_LOADED):
        print(f"no image: {window.url}: {each}")
    return window.screenshot(full_page=whole)


def take_pages(visitors: Visitors, place: Path, names: Sequence[str], *, whole: bool = False) -> int:
    """Every page, or those named, in both sizes and themes: how many could not be taken.

    Telephones and paper are taken from top to bottom, screens where it is asked.
    """
    place.mkdir(parents=True, exist_ok=True)
    failed = 0
    for page in PAGES:
        if names and page.name not in names:
            continue
        for size in SIZES if page.size is None else (str(page.size[0]),):
            for theme in THEMES:
                try:
                    window = visitors.shown(page, size, theme)
                except Error as error:
                    failed += 1
                    print(f"{page.name} {size} {theme}: {error.message.splitlines()[0]}", file=sys.stderr)
                    continue
                if whole and size != "390":
                    grown(window)
                picture = taken(window, whole=whole or size == "390" or page.paper)
                (place / f"{page.name}-{size}-{theme}.png").write_bytes(picture)
        print(page.name, flush=True)
    return failed


def take_parts(visitors: Visitors) -> None:
    """The pieces that docs/desks.md shows."""
    PARTS.mkdir(parents=True, exist_ok=True)
    pages = {page.name: page for page in PAGES}
    for part in PARTS_SHOWN:
        window = visitors.shown(pages[part.page], "1280", "light")
        window.evaluate(_LOADED)
        piece = window.locator(part.holds).first.screenshot()
        # Few colours are enough for pages, and the pictures lie in the repository.
        Image.open(io.BytesIO(piece)).convert("RGB").quantize(96).save(
            PARTS / f"{part.name}.png", optimize=True
        )
        print(part.name)


def main() -> int:
    """What the module says above."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = asked.add_subparsers(dest="what", required=True)
    pages = what.add_parser("pages")
    pages.add_argument("place", type=Path)
    pages.add_argument("names", nargs="*")
    pages.add_argument(
        "--whole", action="store_true", help="at desk size, too, with all that one would scroll to"
    )
    for each in (pages, what.add_parser("parts")):
        each.add_argument("--at", nargs=2, metavar=("ADDRESS", "PASSWORD"))
        each.add_argument("--profile", metavar="CITY")
    said = asked.parse_args()
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if binary is None:
        print("pictures are taken in chromium: apt-get install chromium chromium-l10n", file=sys.stderr)
        return 1
    standing = nullcontext(tuple(said.at)) if said.at else served(said.profile)
    failed = 0
    with standing as (address, password), sync_playwright() as playwright:
        browser = launched(playwright, binary)
        visitors = Visitors(browser, address, password)
        if said.what == "pages":
            failed = take_pages(visitors, said.place, said.names, whole=said.whole)
        else:
            take_parts(visitors)
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
