"""People at desks in a real browser: they sign in, open a queue, take an order, fill in the form that the page shows.

A `Town` is a city's platform as its people have it: one database, one server, one browser, a clock that tests move.
Whatever a page complains of, in its console or of what it loads, is kept with whose page it was.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from unittest import mock
from zoneinfo import ZoneInfo

from browsers import OPENED
from playwright.sync_api import BrowserContext, Download, Locator, Page, Request, Response
from served import chromium, served

from jieban.people.accounts import add_account, give_post
from jieban.people.city import city
from jieban.people.roles import Role
from live_database import OpenDatabase, override_settings, settings

PASSWORD = "qiu-gao-qi-shuang-9"  # noqa: S105  # made up
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
EVERYWHERE = "--host-resolver-rules=MAP *.localhost 127.0.0.1"
"""Sign-ins are kept by the name of a host: whoever signs in has another name for this machine."""
LEFT = "net::ERR_ABORTED"
"""What chromium calls a request whose page was left before it was answered."""
FORM = "#act form.fields"
"""The form of an act, beside which others may stand that look things up."""
KEYS = frozenset({"Enter", "Tab", "Escape", *(f"F{n}" for n in range(1, 13))})
PATIENCE, LONG = 60_000, 180_000
"""Milliseconds until a test gives up: on a page, and on work that takes long."""
Filled = Mapping[str, str | bool | tuple[str, ...]]
"""What is filled in, by the names that the page shows: a text, an item of a list or several, a tick."""


def at(text: str) -> datetime:
    """`2025-04-21 10:30` on the city's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(kw_only=True)
class Town:
    """Where all this takes place, and what its pages complained of."""

    port: str
    context: BrowserContext
    pictures: Path | None
    faults: list[str] = field(default_factory=list)
    people: dict[str, "Person"] = field(default_factory=dict)
    windows: int = 0

    def clock(self, text: str) -> None:
        """It is now so late, for every page and every program that one starts."""
        shift = at(text) - datetime.now(UTC)
        settings.JIEBAN_CLOCK_SHIFT = shift
        os.environ["JIEBAN_CLOCK_SHIFT"] = str(int(shift.total_seconds()))

    def later(self, **span: int) -> None:
        """So much time passes."""
        settings.JIEBAN_CLOCK_SHIFT += timedelta(**span)
        os.environ["JIEBAN_CLOCK_SHIFT"] = str(int(settings.JIEBAN_CLOCK_SHIFT.total_seconds()))

    def person(self, name: str, role: Role, unit: str | None = None, *, phone: bool = False) -> "Person":
        """Somebody with a post, who has signed in by the form; the same one whenever they are asked for."""
        if name not in self.people:
            username = f"p{len(self.people) + 1:02}"
            account = add_account(username=username, display_name=name, now=OPENED)
            account.set_password(PASSWORD)
            account.save()
            first = OPENED.date()
            give_post(account=account, role=role, unit=unit, first=first, last=None, profile=city())
            made = Person.in_window(self, name, phone=phone)
            self.people[name] = made
            made.sign_in(username)
        return self.people[name]

    def window(self, name: str, *, phone: bool = False) -> Page:
        """Another page, on a desk or a telephone: what goes wrong in it is told of `name`."""
        page = self.context.new_page()
        page.set_viewport_size(PHONE if phone else DESK)  # type: ignore[arg-type]  # width and height
        self._watch(name, page)
        return page

    def _watch(self, name: str, page: Page) -> None:
        def note(what: str) -> None:
            self.faults.append(f"{name} {page.url}: {what}")

        def failed(request: Request) -> None:
            if request.failure != LEFT:
                note(f"{request.url} {request.failure}")

        def answered(response: Response) -> None:
            if response.status >= 400:
                note(f"{response.url} {response.status}")

        page.on("console", lambda said: note(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: note(str(error)))
        page.on("requestfailed", failed)
        page.on("response", answered)


@dataclass(kw_only=True)
class Person:
    """Somebody with a browser in which they are signed in, or a citizen with a telephone."""

    town: Town
    name: str
    home: str
    page: Page

    @classmethod
    def in_window(cls, town: Town, name: str, *, phone: bool = False) -> Self:
        """Somebody who opens a browser: the platform has a name of their own there, and so their sign-in."""
        town.windows += 1
        home = f"http://w{town.windows}.localhost:{town.port}"
        made = cls(town=town, name=name, home=home, page=town.window(name, phone=phone))
        made.page.on("dialog", lambda dialog: dialog.accept())
        return made

    def picture(self, name: str) -> Self:
        """Keep how the page looks, where somebody wants to look at it (JIEBAN_PICTURES names a directory)."""
        if self.town.pictures is not None:
            self.page.screenshot(path=self.town.pictures / f"{name}.png", full_page=True)
        return self

    def keys(self, *pressed: str) -> Self:
        """Keys by their names (`F3`, `Control+Enter`), and whatever else as it is typed."""
        for each in pressed:
            if each in KEYS or "+" in each:
                self.page.keyboard.press(each)
            else:
                self.page.keyboard.type(each)
        return self

    # Coming and going.

    def goes(self, path: str) -> Self:
        """By an address."""
        self.page.goto(f"{self.home}{path}")
        return self

    def sign_in(self, username: str) -> None:
        """By the form and the keyboard, to the desk where one begins."""
        self.goes("/desk/").page.locator("#id_login:focus").wait_for()
        for text, key in ((username, "Tab"), (PASSWORD, "Enter")):
            self.page.keyboard.type(text)
            self.page.keyboard.press(key)
        self.page.wait_for_url(re.compile(r"/desk/\w+/$"))

    def at(self, desk: str, queue: str | None = None) -> Self:
        """To a desk by the rail, to a queue by its tab."""
        # Beside its name stands how much waits there.
        rail = self.page.locator(".rail nav a").filter(has_text=re.compile(rf"^\s*{desk}[\d\s+]*$"))
        there = self.page.locator(".rail nav [aria-current=page]", has_text=desk)
        if queue is None or not there.count():
            self.follow(rail)
        if queue is not None:
            self.follow(self.page.locator(".tabs a").filter(has_text=queue).first)
        return self

    def follow(self, link: Locator) -> None:
        """A link that leads to another page, until that is there."""
        with self.page.expect_navigation():
            link.click()

    def queued(self) -> list[str]:
        """The numbers in the queue, in its order."""
        entries = self.page.locator(".entry").all()
        return [each.get_attribute("data-number") or "" for each in entries]

    def there(self) -> Self:
        """Until the page is whole: what is clicked before its scripts have run leads to a page of its own."""
        self.page.wait_for_load_state()
        return self

    def takes(self, number: str) -> Self:
        """An order from the queue into the pane beside it."""
        self.there()
        self.page.locator(f'.entry[data-number="{number}"]').first.click()
        self.page.locator(f'#order [data-order="{number}"]').wait_for()
        return self

    def opens(self, number: str) -> Self:
        """An order's own page, as a link leads there."""
        return self.goes(f"/desk/orders/{number}/")

    # What the order's pane shows.

    @property
    def pane(self) -> Locator:
        """The order that is open."""
        return self.page.locator("#order")

    def offered(self) -> list[str]:
        """What can be done now, as the buttons say."""
        return self.pane.locator(".acts[aria-label] a").all_text_contents()

    def clocks(self) -> dict[str, str]:
        """How each clock is shown, by whose it is and what it measures: late, soon or calm."""
        card = self._card("时限")
        shown = {}
        for line in card.locator(".line").all():
            whose = line.locator("> .quiet").inner_text()
            for clock in line.locator(".clocks > .apart").all():
                name = clock.locator("> span").first.inner_text().split()[0]
                tone = clock.locator(".due").get_attribute("class") or ""
                shown[f"{whose} {name}"] = tone.replace("due", "").strip()
        return shown

    def shown(self) -> dict[str, object]:
        """How an order stands, as its page says: its state, what can be done, its clocks and handlings."""
        handlings = self._card("承办").inner_text() if self._card("承办").count() else ""
        state = self.pane.locator("header .mark").inner_text()
        return {"state": state, "offered": self.offered(), "clocks": self.clocks(), "handlings": handlings}

    def trail(self) -> list[tuple[str, str]]:
        """Who did what, the first first."""
        lines = self._card("留痕").locator(".line > div").all()
        told = [
            (line.locator("strong").first.inner_text(), line.locator(".quiet").first.inner_text())
            for line in lines
        ]
        return [(act, who) for act, who in reversed(told)]

    def _card(self, name: str) -> Locator:
        return self.pane.locator(".card", has=self.page.get_by_role("heading", name=name, exact=True))

    # Figures.

    def counts(self, period: str) -> Self:
        """Have a period's figures counted, and wait until they are there."""
        self.at("总览")
        self.page.get_by_label("时段").select_option(label=period)
        self.page.get_by_role("button", name="查看").click()
        self.page.get_by_role("heading", name=period).wait_for()
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="统计最新数字").click()
        done = self.page.locator(".counted:not(:has([role=status]))", has_text="统计于")
        done.wait_for(timeout=LONG)
        return self

    def tiles(self) -> dict[str, str]:
        """The large figures by their names."""
        return {
            each.get_by_role("heading").inner_text(): each.locator(".value").inner_text()
            for each in self.page.locator(".tile").all()
        }

    # Acts.

    def does(self, act: str, filled: Filled | None = None, *, handling: int | None = None) -> Self:
        """An act by its button: its form opens, is filled in and sent, and the pane says that it was done."""
        return self.opens_form(act, handling=handling).completes(act, filled)

    def completes(self, act: str, filled: Filled | None = None) -> Self:
        """An act whose form is open."""
        form = self.page.locator(FORM)
        self.fills(form, filled or {})
        self.sends(form)
        said = self.pane.get_by_role("status")
        said.filter(has_text=re.compile(rf"已完成.{re.escape(act)}")).wait_for()
        return self

    def opens_form(self, act: str, *, handling: int | None = None) -> Self:
        """The form of an act, beside the order."""
        self.there()
        # Of several handlings the unit's name stands behind the act's.
        which, more = ("", "") if handling is None else (f'[href*="handling={handling}"]', r"\s.*")
        link = self.pane.locator(f".acts[aria-label] a{which}").filter(
            has_text=re.compile(rf"^\s*{act}{more}\s*$", re.DOTALL)
        )
        if not link.is_visible() and link.count():
            self.pane.locator("summary", has_text="更多").click()
        link.click()
        self.page.locator(FORM).wait_for()
        return self

    def sends(self, form: Locator) -> Self:
        """A form by its main button."""
        form.locator("button.main").click()
        return self

    def fills(self, form: Locator, filled: Filled) -> Self:
        """A form's fields, by their names."""
        self.there()
        for name, value in filled.items():
            self._fill(form, name, value)
        return self

    def _fill(self, form: Locator, name: str, value: str | bool | tuple[str, ...]) -> None:
        group = form.get_by_role("group", name=name)
        if group.count():
            group.get_by_label(str(value), exact=True).check(force=True)
            return
        one = form.get_by_label(re.compile(rf"^\s*{re.escape(name)}")).first
        kind = one.evaluate("e => e.getAttribute('role') || (e.tagName === 'INPUT' ? e.type : e.tagName)")
        match kind, value:
            case "combobox", _:
                for each in (value,) if isinstance(value, str) else tuple(value):  # type: ignore[arg-type]  # names
                    one.fill(each)
                    one.press("Enter")
            case "SELECT", _:
                one.select_option(label=value)  # type: ignore[arg-type]  # a name or several
            case "checkbox", _:
                one.set_checked(bool(value))
            case _:
                one.fill(str(value))

    # Files.

    def attaches(self, kind: str, file: Mapping[str, Any], *, handling: int | None = None) -> Self:
        """Evidence by the form in the order's pane."""
        self.there()
        link = self.pane.get_by_role("link", name="上传证据")
        (link.nth(handling - 1) if handling is not None else link.first).click()
        form = self.page.locator(FORM)
        choice = form.locator("select[name=kind]")
        choice.select_option(value=choice.locator("option", has_text=kind).get_attribute("value"))
        form.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # playwright's own shape
        self.sends(form)
        form.wait_for(state="detached")
        return self

    def downloads(self, link: Locator) -> bytes:
        """What a link gives, as it lies on the disk afterwards."""
        with self.page.expect_download() as waited:
            link.click()
        download: Download = waited.value
        return Path(download.path()).read_bytes()


@contextmanager
def town(open_database: OpenDatabase, profile: str) -> Iterator[Town]:
    """A city's platform with its doors open until the block ends."""
    pictures = os.environ.get("JIEBAN_PICTURES")
    # Only a demonstration's clock may be moved.
    more = {"JIEBAN_PROFILE": profile, "JIEBAN_DEMO": "1"}
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with (
        open_database() as database,
        mock.patch.dict(os.environ, {**database.environ, **more}),
        override_settings(
            JIEBAN_PROFILE=profile, PASSWORD_HASHERS=quick, STATIC_ROOT=database.environ["JIEBAN_VAR"]
        ),
        served() as address,
        # Windows ask for news between two tests, too.
        override_settings(ALLOWED_HOSTS=[".localhost"]),
        chromium(EVERYWHERE) as browser,
    ):
        # One for all: a context of its own for each would take half of the browser's time.
        context = browser.new_context(locale="zh-CN", accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        yield Town(
            port=address.rpartition(":")[2], context=context, pictures=Path(pictures) if pictures else None
        )


@contextmanager
def visited(opened: Town) -> Iterator[Town]:
    """A test in it: in the end nobody's page has complained of anything."""
    del opened.faults[:]
    yield opened
    for each in opened.people.values():
        each.picture(f"last-{each.name}")
    assert not opened.faults, "\n".join(opened.faults)
