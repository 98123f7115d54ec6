"""Addresses with nonsense in them: every page answers plainly, none falls over."""

import re
from collections.abc import Iterator

import pytest
from browsers import Sign
from cast import dispatched, lead, recorded, signed
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from jieban.people.roles import UNIT_ROLES, Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow(60)]

VALUES = (
    *("", "nonsense", "-1", "0", "1.5", "1e9", "9" * 30, "١", "x" * 3000, "中" * 3000),
    *(
        "%00",
        "%ED%A0%80",
        "' OR 1=1 --",
        "<script>",
        "../..",
        "2025-13",
        "2025-04-31",
        "9999-12-31",
        "0001-01-01",
    ),
)
"""What somebody, or a script, may put where a page or a unit belongs; the last before dates can't be stored."""
NAMES = (
    *("queue", "page", "unit", "state", "street", "topic", "of", "period", "kind", "desk", "after", "since"),
    *(
        "until",
        "q",
        "shown",
        "year",
        "handling",
        "against",
        "into",
        "again",
        "done",
        "day",
        "act",
        "pick",
        "span",
    ),
)
"""All that pages read from addresses."""
WHO = (
    Role.DISPATCHER,
    Role.LIAISON,
    Role.OPERATOR,
    Role.REVIEWER,
    Role.CALLBACK_AGENT,
    Role.SUPERVISOR,
    Role.ANALYST,
    Role.ADMINISTRATOR,
)
KEYS = {
    "int": ("0", "9" * 30),
    "str": ("nonsense", "-1", "%00", "%ED%A0%80", "中" * 300),
    "slug": ("x" * 300, "9" * 30),
    "part": ("doors", "nonsense"),
    "listing": ("streets", "communities", "nonsense"),
}
_ARGUMENT = re.compile(r"<(\w+):\w+>")
_PLAIN = {200, 302, 400, 404, 405, 422}


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for each in patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, here)
        else:
            yield here


@pytest.fixture
def browsers(sign_in: Sign) -> list[Client]:
    """Everybody, a stranger first."""
    recorded()
    dispatched()
    signed()
    return [Client(), *(sign_in(role, lead() if role in UNIT_ROLES else None) for role in WHO)]


def _whose(browsers: list[Client], path: str, likely: Client | None = None) -> Client:
    """Whoever may open a page, or would if there were such a thing; `likely` are those who opened its like."""
    for browser in (*([likely] if likely else ()), *browsers):
        answer = browser.get(path)
        if answer.status_code not in {302, 403, 405}:
            return browser
    return browsers[0]


def _held(browser: Client, address: str) -> str | None:
    """What is wrong with an answer, if something is."""
    browser.raise_request_exception = False
    answer = browser.get(address)
    if answer.status_code not in _PLAIN:
        return f"{answer.status_code} {address[:120]}"
    return None


def test_nonsense_in_a_query_never_fails(browsers: list[Client]) -> None:
    faults = []
    for turn, route in enumerate(_routes(get_resolver().url_patterns)):
        if _ARGUMENT.search(route):
            continue
        browser = _whose(browsers, f"/{route}")
        for value in VALUES:
            query = "&".join(f"{name}={value}" for name in NAMES)
            faults.append(_held(browser, f"/{route}?{query}"))
        # Each alone, too: another may have been refused first.
        faults += [
            _held(browser, f"/{route}?{name}={VALUES[(turn + at) % len(VALUES)]}")
            for at, name in enumerate(NAMES)
        ]
    assert [each for each in faults if each] == []


def test_nonsense_in_a_path_is_not_found(browsers: list[Client]) -> None:
    faults = []
    for route in _routes(get_resolver().url_patterns):
        whose = None
        for at in range(5 if _ARGUMENT.search(route) else 0):
            path = _ARGUMENT.sub(lambda kind: KEYS[kind[1]][at % len(KEYS[kind[1]])], route)  # noqa: B023  # used at once
            whose = _whose(browsers, f"/{path}", whose)
            faults.append(_held(whose, f"/{path}?handling={VALUES[at]}"))
    assert [each for each in faults if each] == []
