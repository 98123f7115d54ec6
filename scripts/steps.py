"""What somebody does on a page before a picture of it is taken (`pictures.py`)."""

import hashlib
import hmac
import re
import time
from base64 import b32decode
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir

from PIL import Image
from playwright.sync_api import Page

Step = Callable[[Page, str], object]
"""Something done on a page; the second is the demonstration's password."""
_CODE = re.compile(r"[A-Z2-7]{16,}")
_HALF_MINUTE = 30
_THERE = "() => document.querySelector('#act > *') || !document.querySelector('.order > .acts')"
"""An act's form stands below the buttons, or on a page of its own."""
_QUIET = "() => document.readyState === 'complete' && !document.querySelector('.htmx-request')"
_LONGEST_WORK = 120_000
"""Milliseconds that a report may take to be made."""


def settled(page: Page) -> None:
    """What was asked of the server has come."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    page.wait_for_function(_QUIET)


def click(what: str) -> Step:
    """The first such piece is clicked, and what comes of it awaited."""

    def done(page: Page, _password: str) -> None:
        page.locator(what).first.click()
        settled(page)

    return done


def fill(**words: str) -> Step:
    """Words are typed into fields by name; a double underscore stands for a dash."""

    def done(page: Page, _password: str) -> None:
        for name, said in words.items():
            page.locator(f"[name='{name.replace('__', '-')}']:visible").first.fill(said)

    return done


def chosen(name: str, index: int = 1) -> Step:
    """Of a list, what stands there so many lines down; the list may be hidden behind a field to type into."""

    def done(page: Page, _password: str) -> None:
        page.locator(f"select[name='{name}']").first.evaluate(
            "(list, at) => { list.selectedIndex = at; list.dispatchEvent(new Event('change', {bubbles: true})); }",
            index,
        )

    return done


def pressed(*keys: str) -> Step:
    """Keys, one after the other."""

    def done(page: Page, _password: str) -> None:
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(400)
        settled(page)

    return done


def unhindered(page: Page, _password: str) -> None:
    """The browser lets forms go as they are, so that the server's words are seen."""
    page.evaluate("() => { for (const each of document.forms) each.noValidate = true; }")


def unfolded(page: Page, _password: str) -> None:
    """Everything that folds stands open."""
    page.evaluate("() => { for (const each of document.querySelectorAll('details')) each.open = true; }")


def unless(there: str, *steps: Step) -> Step:
    """Only where such a piece isn't there yet: of what the first window does for all."""

    def done(page: Page, password: str) -> None:
        if not page.locator(there).count():
            for step in steps:
                step(page, password)

    return done


def ticked(count: int) -> Step:
    """So many of a queue are ticked."""

    def done(page: Page, _password: str) -> None:
        for box in page.locator("input[name=pick]").all()[:count]:
            box.check()

    return done


def act(name: str) -> Step:
    """An act of the order that is open; the seldom ones stand folded."""

    def done(page: Page, password: str) -> None:
        unfolded(page, password)
        # Some are for one size only.
        page.locator(f".order .acts a[href*='{name}']").first.evaluate("each => each.click()")
        page.wait_for_function(_THERE)
        settled(page)

    return done


def photographed(page: Page, _password: str) -> None:
    """A photo is picked for the first place that takes one."""
    place = Path(gettempdir()) / "jieban-picture.jpg"
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(place)
    page.locator("input[type=file]").first.set_input_files(place)
    page.wait_for_timeout(1200)


def to(where: str) -> Step:
    """On to another address of this place."""

    def done(page: Page, _password: str) -> None:
        page.goto(_root(page) + where)

    return done


def signed_in(page: Page, who: str, password: str) -> None:
    """The sign-in is filled in and sent."""
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", password)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    settled(page)


def signed_out(page: Page, _password: str) -> None:
    """As somebody who never was here."""
    page.context.clear_cookies()


def followed(page: Page, password: str) -> None:
    """The citizen of the first answered order looks at it: its number and telephone are read at a desk."""
    root = _root(page)
    page.goto(f"{root}/account/login/")
    signed_in(page, "callback-agent", password)
    page.goto(f"{root}/desk/callback/")
    number = page.locator(".entry").first.get_attribute("data-number")
    page.goto(f"{root}/desk/orders/{number}/contact/")
    page.locator("select[name=purpose]").select_option(index=1)
    page.click("button.main")
    phone = page.locator("a[href^='tel:']").inner_text()
    signed_out(page, password)
    page.goto(f"{root}/my/")
    page.fill("[name=number]", str(number))
    page.fill("[name=proof]", phone)
    page.press("[name=proof]", "Enter")
    settled(page)


def confirmed(page: Page, password: str) -> None:
    """The password once more, where a page asks for it."""
    if "reauthenticate" in page.url:
        page.fill("[name=password]", password)
        with page.expect_navigation():
            page.press("[name=password]", "Enter")
        settled(page)


class SecondStep:
    """Somebody's second step of signing in: set up by the first window, kept for the others."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._codes: list[str] = []

    def asked(self, page: Page, password: str) -> None:
        """Up to the question for the code."""
        root = _root(page)
        if not self._codes:
            self.inside(page, password)
        signed_out(page, password)
        page.goto(f"{root}/account/login/")
        signed_in(page, self._who, password)

    def inside(self, page: Page, password: str) -> None:
        """Signed in with it, on the page about it."""
        root = _root(page)
        page.goto(f"{root}/account/login/")
        if "login" in page.url:
            signed_in(page, self._who, password)
        if not self._codes:
            page.goto(f"{root}/account/2fa/totp/activate/")
            confirmed(page, password)
            secret = _CODE.search(page.locator("ol code").inner_text())
            page.fill("[name=code]", _code(secret[0] if secret else ""))
            with page.expect_navigation():
                page.press("[name=code]", "Enter")
            page.goto(f"{root}/account/2fa/recovery-codes/")
            self._codes = [each.strip() for each in page.locator(".codes code").all_inner_texts()]
        elif page.locator("[name=code]").count():
            page.fill("[name=code]", self._codes.pop())
            with page.expect_navigation():
                page.press("[name=code]", "Enter")
        settled(page)


def _root(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def _code(secret: str) -> str:
    """What an authenticator shows now (RFC 6238)."""
    counted = (int(time.time()) // _HALF_MINUTE).to_bytes(8, "big")
    digest = hmac.new(b32decode(secret), counted, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def begun(page: Page, _password: str) -> None:
    """The studio's report on the first period offered: opened, or frozen and waited for."""
    known = page.locator("main table a[href^='/desk/studio/']")
    if known.count():
        known.first.click()
    else:
        page.click("form.begin button.main")
    page.wait_for_selector("iframe", timeout=_LONGEST_WORK)
    settled(page)


def _as(page: Page, who: str, password: str, where: str) -> None:
    root = _root(page)
    signed_out(page, password)
    page.goto(f"{root}/account/login/")
    signed_in(page, who, password)
    page.goto(root + where)


def judged(page: Page, password: str) -> None:
    """The studio's report as the leader has it who is to approve it; the analyst finished it."""
    _as(page, "analyst", password, "/desk/studio/")
    begun(page, password)
    where = page.url.removeprefix(_root(page))
    if page.locator("form[action$='/propose/']").count():
        page.click("form[action$='/propose/'] button.main")
    _as(page, "leader", password, where)


def published(page: Page, password: str) -> None:
    """Approved, made public, and found on the list of reports."""
    root = _root(page)
    page.goto(f"{root}/reports/")
    if not page.locator("article.card a").count():
        judged(page, password)
        where = page.url.removeprefix(root)
        page.click("button[formaction$='/approve/']")
        _as(page, "analyst", password, where)
        page.click("form[action$='/publish/'] button.main")
        settled(page)
        signed_out(page, password)
        page.goto(f"{root}/reports/")
        until = time.monotonic() + _LONGEST_WORK / 1000
        while not page.locator("article.card a").count() and time.monotonic() < until:
            page.wait_for_timeout(2000)
            page.reload()
    settled(page)
