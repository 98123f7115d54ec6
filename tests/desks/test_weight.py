"""What a first visit weighs, by the server that is really there; and that what is too heavy doesn't get in."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsers import OPENED
from full_house import PASSWORD, House, house_in
from playwright.sync_api import Browser, BrowserContext, Page
from served import chromium

from jieban.site.environment import CLOCK_SHIFT, DEMO
from live_database import OpenDatabase

pytestmark = [pytest.mark.slow(1), pytest.mark.once]

MOST = 350 * 1000
"""Bytes of a first visit as they come through the wire, charts left out."""
CHARTS = "echarts"
HASHED = re.compile(r"\.[0-9a-f]{12}\.(css|js|svg|png|woff2)$")
SMALL = 1000
"""Bytes up to which packing a file gains nothing."""
STARTS = {
    "stranger": ("/", "/file/", "/my/", "/answers/", "/reports/", "/account/login/"),
    "operator": ("/desk/intake/", "/desk/knowledge/"),
    "dispatcher": ("/desk/dispatch/", "/desk/search/"),
    "handler": ("/desk/unit/",),
    "reviewer": ("/desk/review/",),
    "callback_agent": ("/desk/callback/",),
    "supervisor": ("/desk/supervision/",),
    "leader": ("/desk/month/?period=2025-04",),
    "analyst": ("/desk/studio/",),
    "administrator": ("/desk/administration/", "/desk/administration/units/", "/desk/administration/topics/"),
}
LONGEST_START = 60
POURED = 512 << 20
"""Bytes that are sent of a file that would be larger: more than any limit lets in."""
MOST_TAKEN = 64 << 20
"""Bytes that may be on their way, or held, before the server is heard: what lies in buffers."""
SUM = re.compile(r"([一二三四五六七八九])加([一二三四五六七八九])等于几")
FIGURES = "零一二三四五六七八九"


@dataclass
class Visit:
    """What came through the wire for a page: bytes by address, and the answers' headers."""

    weight: dict[str, int] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def house(open_database: OpenDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_in("changji", open_database(), tmp_path_factory.mktemp("house")) as filled:
        yield filled


@contextmanager
def _server(house: House) -> Iterator[tuple[str, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shift = str(int((OPENED - datetime.now(UTC)).total_seconds()))
    environ = {**house.environ, CLOCK_SHIFT: shift, DEMO: "1", "JIEBAN_PROFILE": "changji"}
    command = [sys.executable, "-m", "jieban", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE) as server:
        try:
            until = time.monotonic() + LONGEST_START
            while not _answers(port):
                assert server.poll() is None, server.stderr.read().decode() if server.stderr else ""
                assert time.monotonic() < until, "the server doesn't answer"
                time.sleep(0.3)
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.send_signal(signal.SIGTERM)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def server(house: House) -> Iterator[tuple[str, int]]:
    with _server(house) as running:
        yield running


@pytest.fixture
def address(server: tuple[str, int]) -> str:
    return server[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@contextmanager
def _window(
    browser: Browser, house: House, address: str, who: str, *, scripts: bool = True
) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="zh-CN", java_script_enabled=scripts)
    for name, cookie in house.people[who].cookies.items():
        context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
    yield context
    context.close()


def _visit(page: Page, url: str) -> Visit:
    """Open a page and weigh what comes, as the wire carries it."""
    visit, by_id = Visit(), dict[str, str]()
    told = page.context.new_cdp_session(page)
    told.send("Network.enable")

    def answered(event: dict[str, object]) -> None:
        response = event["response"]
        assert isinstance(response, dict)
        where = str(response["url"])
        if not where.startswith("http"):
            return
        by_id[str(event["requestId"])] = where
        visit.headers[where] = {str(k).lower(): str(v) for k, v in response["headers"].items()}
        if response.get("fromDiskCache"):
            visit.again.add(where)

    def finished(event: dict[str, object]) -> None:
        if (where := by_id.get(str(event["requestId"]))) is not None:
            visit.weight[where] = int(str(event["encodedDataLength"]).partition(".")[0])

    told.on("Network.responseReceived", answered)
    told.on("Network.requestServedFromCache", lambda event: visit.again.add(str(event["requestId"])))
    told.on("Network.loadingFinished", finished)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    told.detach()
    return visit


@pytest.mark.parametrize("who", STARTS)
def test_a_first_visit_is_light_and_asks_nobody_else(
    house: House, browser: Browser, address: str, who: str
) -> None:
    for path in STARTS[who]:
        with _window(browser, house, address, who) as context:
            visit = _visit(context.new_page(), f"{address}{path}")
        assert {urlsplit(each).netloc for each in visit.headers} == {urlsplit(address).netloc}
        weights = {each: n for each, n in visit.weight.items() if CHARTS not in each}
        print(f"{who} {path}: {sum(weights.values()) / 1000:.1f} kB")  # noqa: T201  # the figure, for `pytest -rP`
        assert sum(weights.values()) <= MOST, weights
        _check(visit, address)


def _check(visit: Visit, address: str) -> None:
    """What never changes may be kept for good under its hashed name; pages may not; all that is text comes packed."""
    for each, headers in visit.headers.items():
        where = each.removeprefix(address)
        if where.startswith("/static/"):
            assert HASHED.search(where), where
            assert headers["cache-control"] == "max-age=315360000, public, immutable", where
        else:
            assert "immutable" not in headers.get("cache-control", ""), where
        assert headers.get("content-encoding") in {"gzip", "br"} or visit.weight[each] < SMALL, where


def test_a_second_visit_brings_the_page_alone(house: House, browser: Browser, address: str) -> None:
    with _window(browser, house, address, "dispatcher") as context:
        first = _visit(context.new_page(), f"{address}/desk/dispatch/")
        again = _visit(context.new_page(), f"{address}/desk/dispatch/")
    assert any("/static/" in each for each in first.weight)
    came = {each.removeprefix(address) for each in again.headers if each not in again.again}
    assert not {each for each in came if each.startswith("/static/")}


@pytest.mark.parametrize(
    ("who", "path"), [("analyst", "/desk/studio/"), ("administrator", "/desk/administration/")]
)
def test_what_is_asked_for_again_and_again_weighs_nothing_while_nothing_is_new(
    house: House, browser: Browser, address: str, who: str, path: str
) -> None:
    with _window(browser, house, address, who) as context:
        page = context.new_page()
        page.goto(f"{address}{path}")
        wire: list[int] = []
        told = context.new_cdp_session(page)
        told.send("Network.enable")
        # As the wire carries it: scripts are given 200 and what the browser keeps.
        told.on("Network.responseReceivedExtraInfo", lambda event: wire.append(event["statusCode"]))
        for _ in range(5):
            with page.expect_response(lambda one: one.request.headers.get("hx-request") == "true"):
                page.evaluate("document.body.dispatchEvent(new CustomEvent('live-now'))")
            page.wait_for_timeout(200)
        told.detach()
    assert wire[1:] == [304] * (len(wire) - 1), "a 304 that may not be kept is followed by the whole again"
    assert len(wire) >= 5


@pytest.mark.parametrize("who", STARTS)
def test_pages_are_there_before_any_script(house: House, browser: Browser, address: str, who: str) -> None:
    """What came in the first answer is the page: with scripts switched off nothing of it is missing."""
    with _window(browser, house, address, who, scripts=False) as context:
        page = context.new_page()
        for path in STARTS[who]:
            page.goto(f"{address}{path}")
            assert page.locator("h1").count() == 1
            assert page.locator("main").inner_text().strip()
            if path in {
                "/desk/dispatch/",
                "/desk/unit/",
                "/desk/review/",
                "/desk/callback/",
                "/desk/search/",
            }:
                assert page.locator(".entry").count() > 0
                page.locator(".entry").first.click()
                assert page.locator("article.order h1").inner_text()


def test_a_day_without_scripts(house: House, browser: Browser, address: str) -> None:
    """Signing in, opening an order and acting on it are links and forms."""
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/desk/")
    page.get_by_label("账号").fill("dispatcher")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    assert urlsplit(page.url).path == "/desk/dispatch/"
    number = house.orders["new"]
    page.goto(f"{address}/desk/dispatch/{number}/")
    page.locator(".acts a", has_text="派单").first.click()
    page.locator("select[name=lead]").select_option(house.lead)
    page.locator("button.main").click()
    assert "待签收" in page.locator("article.order header").inner_text()
    context.close()


def test_a_request_is_filed_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/file/")
    page.locator("[name=content]").fill("小区门口的路灯三天不亮了,晚上看不见路。")
    page.locator("[name=kind]").first.check()
    page.locator("[name=phone]").fill("13900000077")
    page.locator("[name=agree]").check()
    first, second = SUM.search(page.content()).groups()  # type: ignore[union-attr]  # the form has one
    page.locator("[name=answer]").fill(str(FIGURES.index(first) + FIGURES.index(second)))
    with page.expect_navigation():
        page.locator("button.main").click()
    assert urlsplit(page.url).path == "/file/done/", page.locator("main").inner_text()
    context.close()


def _raw(port: int, head: str) -> socket.socket:
    there = socket.create_connection(("127.0.0.1", port), 20)
    there.sendall(head.replace("\n", "\r\n").encode())
    return there


def _head(house: House, address: str, *more: str) -> str:
    """The beginning of an upload to the own order's page by its handler."""
    jar = house.people["handler"].cookies
    cookies = "; ".join(f"{name}={each.value}" for name, each in jar.items())
    lines = (
        f"POST /desk/orders/{house.orders['own']}/attach/ HTTP/1.1",
        f"Host: {urlsplit(address).netloc}",
        f"Cookie: {cookies}",
        "Content-Type: multipart/form-data; boundary=edge",
        *more,
    )
    return "\n".join((*lines, "", ""))


def _pour(there: socket.socket, most: int, *, chunked: bool) -> int:
    """Send zeros until they aren't taken any more, at most so many; gives how many went."""
    piece = bytes(1 << 16)
    framed = b"10000\r\n" + piece + b"\r\n" if chunked else piece
    went = 0
    try:
        while went < most:
            there.sendall(framed)
            went += len(piece)
    except OSError:
        pass
    return went


def _memory(pid: int) -> int:
    """Bytes that the server and its workers hold."""
    held = 0
    for each in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in each.read_text("utf-8").splitlines() if ":" in line)
        except OSError:
            continue
        if str(pid) in {told["Pid"].strip(), told["PPid"].strip()}:
            held += int(told["VmRSS"].split()[0]) * 1024
    return held


@pytest.mark.parametrize(
    "told", ["Content-Length: 2147483648", "Transfer-Encoding: chunked", "Content-Length: 100"]
)
def test_two_gigabytes_fill_neither_memory_nor_disk(house: House, server: tuple[str, int], told: str) -> None:
    """Whoever announces them is refused at once; whoever doesn't, or announces less, is not read to the end."""
    address, pid = server
    port = urlsplit(address).port or 0
    free, before = shutil.disk_usage(tempfile.gettempdir()).free, _memory(pid)
    with closing(_raw(port, _head(house, address, told))) as there:
        there.settimeout(20)
        went = _pour(there, POURED, chunked="chunked" in told)
        most = _memory(pid) - before
        with suppress(OSError):
            there.shutdown(socket.SHUT_WR)
        try:
            status = there.recv(1 << 16).decode("latin-1").split("\r\n")[0]
        except OSError:
            status = "closed"
    assert status == "closed" or status.split()[1:2] != ["200"]
    assert went < MOST_TAKEN
    assert most < MOST_TAKEN
    assert free - shutil.disk_usage(tempfile.gettempdir()).free < MOST_TAKEN
