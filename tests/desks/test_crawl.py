"""Everybody follows every link from where they begin: none is broken, and none leads where they may not go."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from access_table import Cell, all_cells, route_of
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from full_house import House, house_in
from reading import Reading, Sending

from live_database import OpenDatabase

pytestmark = [pytest.mark.slow(4), pytest.mark.once]

PEOPLE = (
    *(
        "stranger",
        "citizen",
        "caller",
        "jobless",
        "operator",
        "dispatcher",
        "liaison",
        "handler",
        "head",
        "helper",
    ),
    *("foreign handler", "reviewer", "callback_agent", "supervisor", "leader", "analyst", "administrator"),
)
OUTSIDE = ("stranger", "citizen", "caller")
REDIRECTS = {"desk/"}
NOT_LINKED = {
    "account/inactive/": "where a sign-in leads whose account was switched off",
    "account/logout/": "the rail has the button itself",
    "account/login/": "where whoever isn't signed in is led",
    "file/done/": "what filing leads to",
    "desk/callback/bulk/": "beside orders that can be closed, of which the house has none",
    "desk/live/": "what the script of every page asks for",
    "desk/orders/<str:number>/": "units open orders at their desk; an address that was given to them leads here",
    "reports/<str:period>/": "the report that holds, whatever its number: to be given out",
}
"""Pages that are open and that no page leads to, and why."""
MOST_ALIKE = 3
"""Of addresses that differ in nothing but a number or a choice, so many are followed; each order's page at one desk."""


@dataclass
class Crawl:
    """What somebody came to see: each page by its address, and everything that was wrong."""

    browser: Client
    seen: set[str] = field(default_factory=set)
    kinds: Counter[object] = field(default_factory=Counter)
    routes: set[str] = field(default_factory=set)
    titles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    faults: set[str] = field(default_factory=set)
    sent: int = 0
    assets: set[str] = field(default_factory=set)

    def follow(self, start: str) -> None:
        """Every link and form from here on."""
        waiting = [(start, "")]
        while waiting:
            url, where = waiting.pop(0)
            if not urlsplit(url).netloc and self._new(url):
                waiting += [(link, url) for link in self._look(url, where)]

    def _new(self, url: str) -> bool:
        """Whether it was not seen yet, nor enough of its kind."""
        address, kind, order = _plain(url)
        enough = self.kinds[kind] >= MOST_ALIKE and (not order or self.kinds[order])
        if address in self.seen or enough:
            return False
        self.seen.add(address)
        self.kinds.update({kind, order})
        return True

    def _look(self, url: str, where: str) -> Iterator[str]:
        answer = self.browser.get(url)
        if answer.status_code == 302:
            yield answer.headers["Location"]
            return
        if answer.status_code != 200:
            self.faults.add(f"{url} answers {answer.status_code}, and {where} leads there")
            return
        self.routes.add(resolve(urlsplit(url).path).route)
        kind = answer.headers["Content-Type"]
        if (
            answer.streaming
            or not kind.startswith("text/html")
            or "sandbox" in answer.headers["Content-Security-Policy"]
        ):
            answer.close()
            return
        page = Reading(url, answer.content)
        self._check(page, answer)
        yield from sorted(page.links())
        for piece in sorted(page.pieces()):
            self._ask_for(piece, url)
        for form in page.forms():
            if form.method == "dialog":
                continue  # closes what the page has put over itself, and sends nothing
            if form.method == "get":
                yield form.address
            else:
                self._send(form, url)

    def _ask_for(self, piece: str, where: str) -> None:
        """As htmx does, which a link beside it needn't do."""
        if self._new(f"piece:{piece}"):
            status = self.browser.get(piece, HTTP_HX_REQUEST="true").status_code
            if status not in {200, 204}:
                self.faults.add(f"{where} asks for {piece}, which answers {status}")

    def _send(self, form: Sending, where: str) -> None:
        """As it stands, and undone at once: whoever is shown a form may send it."""
        match = resolve(urlsplit(form.action).path)
        kind = ("sent", match.route, match.kwargs.get("name", match.kwargs.get("what")), form.fields[-1:])
        if self.kinds[kind] >= MOST_ALIKE:
            return
        self.kinds[kind] += 1
        kept = copy(self.browser.cookies)
        data: dict[str, list[str]] = defaultdict(list)
        for name, value in form.fields:
            data[name].append(value)
        with transaction.atomic():
            answer = self.browser.post(form.action, dict(data))
            transaction.set_rollback(True)
        self.browser.cookies = kept
        self.sent += 1
        if answer.status_code not in {200, 302, 409, 422}:
            self.faults.add(f"{where} has a form for {form.action}, which answers {answer.status_code}")

    def _check(self, page: Reading, answer: HttpResponse) -> None:
        path = urlsplit(page.url).path
        self.titles[page.title].add(resolve(path).route)
        self.assets |= page.assets()
        self.faults |= {
            f"{resolve(path).route}: {fault}" for fault in (*page.faults(), *_unguarded(path, answer))
        }


def _plain(url: str) -> tuple[str, object, str]:
    """An address without where somebody came from, what it has in common with others of its kind, and whose page it is.

    An order's page is another one in each state, whatever desk stands around it; the form of an act is not.
    """
    how, where = ("piece ", url.removeprefix("piece:")) if url.startswith("piece:") else ("", url)
    parts = urlsplit(where)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return url, url, ""
    query = dict(parse_qsl(parts.query))
    if "number" in match.kwargs:
        for name in ("queue", "page", "back", "unit"):
            query.pop(name, None)
    whole = set(match.kwargs) == {"number"} and not query
    order = f"{how}{match.kwargs['number']}" if whole else ""
    kind = (how, match.route, match.kwargs.get("name"), frozenset(query))
    return f"{how}{parts.path}?{urlencode(sorted(query.items()))}", kind, order


def _unguarded(path: str, answer: HttpResponse) -> Iterator[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "script-src 'self';" not in f"{policy};" or "unsafe" in policy:
        yield f"its policy is {policy!r}"
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
    ):
        if answer.headers.get(name) != value:
            yield f"its {name} is {answer.headers.get(name)}"
    if path.startswith(("/desk/", "/my/")) and "private" not in answer.headers.get("Cache-Control", ""):
        yield "a cache may keep it for others"


@pytest.fixture(scope="module")
def house(open_database: OpenDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_in("changji", open_database(), tmp_path_factory.mktemp("house")) as filled:
        yield filled


@pytest.mark.parametrize("who", PEOPLE)
def test_every_link_leads_somewhere_and_every_page_is_found(house: House, who: str) -> None:
    crawl = Crawl(house.people[who])
    for start in _starts(house, who):
        crawl.follow(start)
    missing = {each for each in crawl.assets if not finders.find(each.removeprefix("/static/"))}
    assert not missing
    assert not crawl.faults, "\n" + "\n".join(sorted(crawl.faults))
    shared = {title: sorted(routes) for title, routes in crawl.titles.items() if len(routes) > 1}
    assert not shared, "different pages that are called the same"
    open_to = _open_to(who)
    shut = crawl.routes - open_to - REDIRECTS
    assert not shut, "pages that the table keeps shut"
    lost = {route for route in open_to - crawl.routes - set(NOT_LINKED) if _is_theirs(route, who)}
    assert not lost, "pages to which nothing leads"


def _starts(house: House, who: str) -> tuple[str, ...]:
    """Where somebody begins, and where typing their number or sending their request led them."""
    led = {
        "citizen": ("/file/done/", f"/my/{house.orders['of citizen']}/"),
        "caller": (f"/my/{house.orders['handled']}/",),
    }
    return ("/" if who in OUTSIDE else "/desk/", *led.get(who, ()))


def _open_to(who: str) -> set[str]:
    """The patterns of what the table opens; where it has no column for somebody, by who is like them there."""
    of_all = {"stranger", "citizen"} if who in {"citizen", "caller"} else {"stranger"}
    own = {
        route_of(each.path)
        for each in all_cells()
        if _opens(each, {who} | (of_all if who in OUTSIDE else set()))
    }
    if who in OUTSIDE:
        return own
    inside = {route_of(each.path) for each in all_cells() if _opens(each, {"operator"}) and _of_all(each)}
    outside = {
        route_of(each.path) for each in all_cells() if _opens(each, {"dispatcher"}) and not _at_desk(each)
    }
    return own | inside | outside


def _opens(cell: Cell, people: AbstractSet[str]) -> bool:
    return cell.method == "GET" and cell.answer == "200" and cell.who in people


def _of_all(cell: Cell) -> bool:
    return cell.path.startswith("/account/")


def _at_desk(cell: Cell) -> bool:
    return cell.path.startswith("/desk/")


def _is_theirs(route: str, who: str) -> bool:
    """Whether somebody should come there from where they begin: from a desk nobody is led to the open pages."""
    return (who in OUTSIDE) != route.startswith(("desk/", "account/"))
