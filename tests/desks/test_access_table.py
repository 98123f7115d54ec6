"""Every address answers everybody as the table says; each request is undone before the next."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from urllib.parse import parse_qsl

import pytest
from access_table import TABLE, Cell, all_cells, named, names_of, route_of, rows_of_acts
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from full_house import House, house_in

from jieban.desks.order.acting.forms import FORMS
from jieban.people.models import Account
from jieban.people.roles import Role
from live_database import OpenDatabase, override_settings

pytestmark = [pytest.mark.slow(5), pytest.mark.once]

ASKED_IN_BOTH = ("open", "orders", "sign-in")
"""What might lean on one city's lists."""


@pytest.fixture(scope="module")
def house(open_database: OpenDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_in("changji", open_database(), tmp_path_factory.mktemp("house")) as filled:
        yield filled


@pytest.fixture(scope="module")
def other_house(
    house: House, open_database: OpenDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """In the other city. From here on everything leads there, so whoever asks for it comes last."""
    del house
    with house_in("yunting", open_database(), tmp_path_factory.mktemp("house")) as filled:
        yield filled


def _told(browser: Client, cell: Cell, names: Mapping[str, str]) -> str:
    path = named(cell.path, names)
    sent = dict(parse_qsl(named(cell.sent, names)))
    kept = copy(browser.cookies)
    with transaction.atomic():
        answer = browser.get(path) if cell.method == "GET" else browser.post(path, sent)
        # The others are closed, and a connection made anew for each takes a tenth of the time.
        if answer.streaming:
            answer.close()
        transaction.set_rollback(True)
    browser.cookies = kept
    where = answer.headers.get("Location", "")
    # Of a form with something typed in it a page holds that and leads to the sign-in (401).
    asked = where.startswith("/account/login/?next=") or answer.status_code == 401
    return "in" if asked else str(answer.status_code)


def _hold(house: House, group: str) -> None:
    names, faults = names_of(house), []
    for cell in TABLE[group]:
        if "BOX" in cell.path and not house.boxes:
            continue  # a city without mailboxes
        told = _told(house.people[cell.who], cell, names)
        if told != cell.answer:
            sent = f" [{cell.sent}]" if cell.sent else ""
            faults.append(f"{cell.method} {cell.path}{sent} by {cell.who}: {told}, and not {cell.answer}")
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("group", TABLE)
def test_every_address_answers_everybody_as_the_table_says(house: House, group: str) -> None:
    _hold(house, group)


def test_whoever_was_given_a_password_comes_nowhere_before_they_chose_their_own(house: House) -> None:
    names, browser = names_of(house), house.people["supervisor"]
    open_to = ("/account/password/change/", "/account/logout/")
    cells = [each for each in all_cells() if each.who == "supervisor" and each.path not in open_to]
    assert cells
    with _changed("supervisor", password_once=True):
        told = {cell.path: _where(browser, cell, names) for cell in cells if cell.method == "GET"}
    assert set(told.values()) == {"/account/password/change/"}, told


def test_of_whom_codes_are_required_comes_to_no_desk_without(house: House) -> None:
    names, browser = names_of(house), house.people["administrator"]
    with override_settings(JIEBAN_TWO_STEP_ROLES=frozenset({Role.ADMINISTRATOR})):
        cells = [
            each
            for each in (*TABLE["administration"], *TABLE["figures"], *TABLE["orders"])
            if each.who == "administrator" and each.answer != "405"
        ]
        told = {f"{cell.method} {cell.path}": _where(browser, cell, names) for cell in cells}
    assert set(told.values()) == {"/account/2fa/totp/activate/"}, told


def test_whose_account_is_switched_off_is_a_stranger(house: House) -> None:
    names, browser = names_of(house), house.people["dispatcher"]
    strangers = {
        (each.method, each.path, each.sent): each.answer for each in all_cells() if each.who == "stranger"
    }
    with _changed("dispatcher", is_active=False):
        for cell in TABLE["centre"]:
            if cell.who == "dispatcher":
                assert _told(browser, cell, names) == strangers[cell.method, cell.path, cell.sent], cell


@pytest.mark.parametrize("group", ASKED_IN_BOTH)
def test_in_the_other_city_every_address_answers_as_well(other_house: House, group: str) -> None:
    _hold(other_house, group)


def test_no_address_is_missing_from_the_table() -> None:
    """Each pattern has rows for looking and for sending; each act that has a form has its own."""
    asked = {(route_of(each.path), each.method) for each in all_cells()}
    there = {(route, method) for route in _routes() for method in ("GET", "POST")}
    assert not there - asked, sorted(there - asked)
    assert set(rows_of_acts()) == {act.value for act in FORMS}


def _where(browser: Client, cell: Cell, names: Mapping[str, str]) -> str:
    path, sent = named(cell.path, names), dict(parse_qsl(named(cell.sent, names)))
    answer = browser.get(path) if cell.method == "GET" else browser.post(path, sent)
    return answer.headers.get("Location", str(answer.status_code))


@contextmanager
def _changed(username: str, **to: object) -> Iterator[None]:
    """An account otherwise than it was, until the block ends."""
    found = Account.objects.filter(username=username)
    before = found.values(*to).get()
    found.update(**to)
    yield
    found.update(**before)


def _routes(of: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for each in (of or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from _routes(each, route)
