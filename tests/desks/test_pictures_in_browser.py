"""Pictures of pages (scripts/pictures.py) show what a reader would see: images, lower ends, the state they name."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Page, Route, sync_playwright

from headless import launched

SCRIPTS = Path(__file__).parents[2] / "scripts"
HERE = "http://pictures.test/"
RED, GREEN = (255, 0, 0), (0, 128, 0)

# Once: no city is asked, and no database.
pytestmark = [pytest.mark.slow(2), pytest.mark.once]


@pytest.fixture(scope="module")
def scripts() -> Iterator[tuple[ModuleType, ModuleType]]:
    sys.path.insert(0, str(SCRIPTS))
    try:
        import pictures  # noqa: PLC0415  # beside the package, not in it
        import report_steps  # noqa: PLC0415  # likewise
    finally:
        sys.path.remove(str(SCRIPTS))
    return pictures, report_steps


@pytest.fixture(scope="module")
def pictures(scripts: tuple[ModuleType, ModuleType]) -> ModuleType:
    return scripts[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = launched(playwright)
        yield made
        made.close()


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 400, "height": 300})
    yield page
    page.context.close()


def _answered(page: Page, body: str) -> None:
    red = io.BytesIO()
    Image.new("RGB", (100, 100), RED).save(red, "PNG")

    def answer(route: Route) -> None:
        if route.request.url.endswith(".png"):
            route.fulfill(body=red.getvalue(), content_type="image/png")
        elif "gone" in route.request.url:
            route.fulfill(status=404)
        else:
            route.fulfill(body=f"<!doctype html><body style='margin:0'>{body}", content_type="text/html")

    page.route("**/*", answer)
    page.goto(HERE)


def _opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


def test_an_image_far_down_is_loaded(pictures: ModuleType, window: Page) -> None:
    lazily = "<img src='far.png' loading='lazy' width='100' height='100' style='display:block'>"
    _answered(window, f"<div style='height:12000px'></div>{lazily}")
    picture = _opened(pictures.taken(window, whole=True))
    assert picture.size == (400, 12100)
    assert picture.getpixel((50, 12050)) == RED


def test_an_image_that_is_missing_is_told(
    pictures: ModuleType, window: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    _answered(window, "<img src='gone.jpg'><img src='near.png'>")
    pictures.taken(window, whole=False)
    assert capsys.readouterr().out == f"no image: {HERE}: {HERE}gone.jpg\n"


def test_what_scrolls_within_a_pane_is_shown_to_its_end(pictures: ModuleType, window: Page) -> None:
    pane = "height:100vh; overflow-y:auto"
    end = "<div style='height:2000px'></div><div style='height:40px; background:green'></div>"
    _answered(window, f"<main><div style='{pane}'>{end}</div></main>")
    pictures.grown(window)
    picture = _opened(pictures.taken(window, whole=True))
    assert picture.size == (400, 2040)
    assert picture.getpixel((200, 2030)) == GREEN


def test_a_page_that_grows_with_the_screen_comes_to_an_end(pictures: ModuleType, window: Page) -> None:
    _answered(window, "<main style='height:150vh'></main>")
    pictures.grown(window)
    assert window.viewport_size == {"width": 400, "height": 450}


def test_a_report_that_is_never_published_is_no_picture(
    scripts: tuple[ModuleType, ModuleType], window: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, steps = scripts
    form = "<form action='do/publish/'><button class='main'></button></form>"
    _answered(window, f"<main>{form}<article class='card'>第 1 版</article></main>")
    monkeypatch.setattr(steps, "_LONGEST_WORK", 0)
    with pytest.raises(Error, match="第 2 版 isn't published"):
        steps._publish(window, "", "第 2 版")
