"""Steps of signing in and of being refused (part of steps.py)."""

import hashlib
import hmac
import re
import time
from base64 import b32decode

from playwright.sync_api import Page

from steps import confirmed, root_of, settled, signed_in, signed_out

_CODE = re.compile(r"[A-Z2-7]{16,}")
_HALF_MINUTE = 30
_TRIES = 8
_OVERFULL = """() => {
    const form = document.querySelector("form.fields");
    const more = document.createElement("textarea");
    more.name = "more";
    more.value = "x".repeat(5 << 20);
    more.hidden = true;
    form.append(more);
    form.noValidate = true;
    form.submit();
}"""


def locked_out(page: Page, _password: str) -> None:
    """Too many wrong passwords for one account."""
    for _ in range(_TRIES):
        if "暂停" in page.inner_text("main"):
            break  # or everybody at this address would be locked out
        page.fill("[name=login]", "nobody-at-all")
        page.fill("[name=password]", "wrong")
        with page.expect_navigation():
            page.press("[name=password]", "Enter")
    settled(page)


def expired(page: Page, password: str) -> None:
    """A form that was sent after the sign-in ended, as one has it after the next."""
    root = root_of(page)
    if page.locator("[name=password]").count():
        signed_in(page, "administrator", password)
    page.goto(f"{root}/desk/administration/add/")
    page.fill("[name=username]", "guli")
    page.fill("[name=display_name]", "古丽")
    signed_out(page, password)
    page.click("form.fields button.main")
    page.wait_for_selector("[name=login]")
    signed_in(page, "administrator", password)


def overfull(page: Page, _password: str) -> None:
    """A form that brings more than is taken."""
    with page.expect_navigation():
        page.evaluate(_OVERFULL)
    settled(page)


class SecondStep:
    """Somebody's second step of signing in: set up by the first window, kept for the others."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._codes: list[str] = []
        self._inside: set[Page] = set()
        """Windows in which they are signed in: others may be somebody else's by now."""

    def asked(self, page: Page, password: str) -> None:
        """Up to the question for the code."""
        if not self._codes:
            self.inside(page, password)
        self._anew(page, password)
        self._inside.discard(page)

    def inside(self, page: Page, password: str) -> None:
        """Signed in with it, on the page about it."""
        root = root_of(page)
        if page in self._inside:
            return
        self._anew(page, password)
        self._inside.add(page)
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

    def _anew(self, page: Page, password: str) -> None:
        signed_out(page, password)
        page.goto(f"{root_of(page)}/account/login/")
        signed_in(page, self._who, password)


def _code(secret: str) -> str:
    """What an authenticator shows now (RFC 6238)."""
    counted = (int(time.time()) // _HALF_MINUTE).to_bytes(8, "big")
    digest = hmac.new(b32decode(secret), counted, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"
