"""Every page that opens to somebody has its picture taken (scripts/pictures.py), so that somebody looks at it."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from access_table import all_cells, route_of
from django.urls import URLPattern, URLResolver, get_resolver, resolve

SCRIPTS = Path(__file__).parents[2] / "scripts"
FILES = {
    "search-export",
    "lists-export",
    "lists-fetch",
    "administration-files",
    "evidence",
    "studio-file",
    "knowledge-export",
    "mfa_download_recovery_codes",
    "report-file",
    "reports-feed",
    "studio-words",
}
NOT_SHOWN = dict.fromkeys(FILES, "a file") | {
    "start": "leads on to the first desk",
    "live": "pieces of pages that stand elsewhere",
    "order": "the same pane as at every desk",
    "studio-page": "the report's own page, seen within the draft's",
    "report-latest": "leads to the version that holds",
}
"""Addresses without a picture of their own, and why."""


@pytest.fixture(scope="module")
def shown() -> set[str]:
    sys.path.insert(0, str(SCRIPTS))
    try:
        from shown import PAGES  # noqa: PLC0415  # beside the package, not in it
    finally:
        sys.path.remove(str(SCRIPTS))
    names = [each.name for each in PAGES]
    assert len(names) == len(set(names)), "two pictures of one name"
    return {
        each.view or resolve(urlsplit(each.path).path).url_name or "" for each in PAGES if not each.refused
    }


def _names(patterns: list[URLPattern | URLResolver], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found |= _names(each.url_patterns, route)
        elif each.name is not None:
            found[route] = each.name
    return found


def test_every_page_that_opens_has_its_picture(shown: set[str]) -> None:
    named = _names(get_resolver().url_patterns)
    opened = {route_of(each.path) for each in all_cells() if (each.method, each.answer) == ("GET", "200")}
    pages = {named[route] for route in opened}
    missing = pages - shown - set(NOT_SHOWN)
    assert not missing, f"pages that nobody looks at: {sorted(missing)}"
    twice = set(NOT_SHOWN) & shown
    assert not twice, f"said to have no picture: {sorted(twice)}"
    assert set(NOT_SHOWN) <= set(named.values()), "addresses that are no more"
    assert shown <= set(named.values())
