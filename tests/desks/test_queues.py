"""Queues: who works where, what waits first, whose orders one sees, and what a page costs the database."""

import pytest
from browsers import Sign
from cast import BOB, MINUTE, MONDAY, dispatched, lead, recorded, replied, signed, units
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.desks.queues.rows import title_of
from jieban.desks.shell import words
from jieban.desks.shell.desks import DESKS, Desk
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.models import Clock
from jieban.orders.secrets import Matter
from jieban.people.city import city
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role

pytestmark = pytest.mark.django_db
BUILT = ("dispatch", "unit", "review", "callback", "supervision")


def _unit_of(role: Role) -> str | None:
    return lead() if role in UNIT_ROLES else None


@pytest.mark.parametrize("desk", [desk for desk in DESKS if desk.id in BUILT], ids=lambda desk: desk.id)
def test_a_desk_is_open_to_its_roles_and_to_no_others(desk: Desk, sign_in: Sign) -> None:
    for role in POST_ROLES:
        answer = sign_in(role, _unit_of(role)).get(desk.path)
        assert answer.status_code == (200 if role in desk.roles else 403), role


def test_everything_in_the_rail_is_there(sign_in: Sign) -> None:
    for role in POST_ROLES:
        browser = sign_in(role, _unit_of(role))
        offered = [desk.path for desk in DESKS if role in desk.roles]
        assert {path: browser.get(path).status_code for path in offered} == dict.fromkeys(offered, 200)


def test_a_stranger_is_asked_to_sign_in() -> None:
    number = recorded()
    for path in (
        "/desk/",
        "/desk/dispatch/",
        f"/desk/orders/{number}/",
        f"/desk/orders/{number}/do/dispatch/",
    ):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/login/?next=")


def test_one_begins_at_ones_own_desk(sign_in: Sign) -> None:
    assert sign_in(Role.REVIEWER).get("/desk/").headers["Location"] == "/desk/review/"


def test_somebody_elses_order_is_not_found(sign_in: Sign) -> None:
    mine, other = units(2)
    number = dispatched(to=mine)
    page = f"/desk/orders/{number}/"
    assert sign_in(Role.LIAISON, mine).get(page).status_code == 200
    stranger = sign_in(Role.LIAISON, other)
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"{page}do/sign/?handling=1").status_code == 404
    assert stranger.get(f"/desk/unit/{number}/").status_code == 404
    assert number not in stranger.get("/desk/unit/").content.decode()


@pytest.mark.usefixtures("each_city")
def test_what_waits_with_one_handling_names_its_unit_and_no_other(sign_in: Sign) -> None:
    first, second = units(2)
    number = replied(to=first, assisting=[second])
    page = sign_in(Role.REVIEWER).get("/desk/review/").content.decode()
    for serial, here, elsewhere in ((1, first, second), (2, second, first)):
        entry = page.split(f">{number}-{serial}</span>")[1].split("</a>")[0]
        assert f"<span>{city().units[here].short_name}</span>" in entry
        assert f"<span>{city().units[elsewhere].short_name}</span>" not in entry


@pytest.mark.usefixtures("each_city")
def test_a_streets_own_office_is_not_named_beside_it(sign_in: Sign) -> None:
    named = {unit.short_name: code for code, unit in city().units.items()}
    code, street = next((code, each) for code, each in city().streets.items() if each.short_name in named)
    own, other = named[street.short_name], units(2)[1]
    orders = {recorded(street=code): own, recorded(street=code): other}
    for number, unit in orders.items():
        dispatch_order(order=number, to=Assignment(lead=unit), actor=BOB, now=MONDAY + MINUTE)
    page = sign_in(Role.DISPATCHER).get("/desk/dispatch/?queue=unsigned").content.decode()
    for number, unit in orders.items():
        entry = page[page.index(f">{number}") :].split("</a>")[0]
        said = [street.short_name] if unit == own else [street.short_name, city().units[unit].short_name]
        assert [entry.count(f"<span>{name}</span>") for name in said] == [1] * len(said)


@pytest.mark.usefixtures("each_city")
def test_a_place_does_not_say_a_street_twice() -> None:
    code, street = next(iter(city().streets.items()))
    plain = f"{street.short_name} · 一社区 · 二号楼"
    assert words.place(code, "一社区", "二号楼") == plain
    assert words.place(code, "一社区", f"{street.name}一社区二号楼") == f"{street.name}一社区二号楼"
    assert words.place(code, "一社区", "一社区二号楼") == f"{street.short_name} · 一社区二号楼"
    assert words.place(code, None, None) == street.short_name
    assert words.place(None, None, "二号楼") == "二号楼"
    assert words.place(None, None, None) == ""


def test_an_excerpt_has_no_blank_where_a_mark_brings_its_own() -> None:
    said = "路灯不亮。\n请尽快\n派人, 谢谢 （急）\nYS 1"
    assert title_of(Matter(content=said)) == "路灯不亮。请尽快 派人, 谢谢（急）YS 1"


@pytest.mark.usefixtures("each_city")
def test_what_is_due_first_stands_first(sign_in: Sign) -> None:
    late, early = recorded(now=MONDAY + 30 * MINUTE), recorded(now=MONDAY)
    page = sign_in(Role.DISPATCHER).get("/desk/dispatch/").content.decode()
    assert page.index(early) < page.index(late) or _same_deadline(early, late)


def _same_deadline(*numbers: str) -> bool:
    found = Clock.objects.filter(order__number__in=numbers, level="order", stage="sign")
    return len(set(found.values_list("due_at", flat=True))) == 1


def test_a_page_behind_the_last_says_so_and_not_that_nothing_waits(sign_in: Sign) -> None:
    recorded()
    page = sign_in(Role.DISPATCHER).get("/desk/dispatch/?queue=new&page=2").content.decode()
    assert "没有待派的工单" not in page
    assert "这一页已经没有工单了" in page
    assert 'href="/desk/dispatch/?queue=new">' in page


def test_a_page_costs_the_same_however_long_the_queue(sign_in: Sign) -> None:
    browser = sign_in(Role.REVIEWER)
    browser.get("/desk/review/")  # the first page of a session writes it down
    counts = []
    for more in (2, 20):
        for _ in range(more):
            replied()
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/desk/review/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    # the city, session, account, posts; two counts and the page; orders, secrets, handlings; bookkeeping
    assert counts[0] <= 15


def test_a_queue_that_did_not_change_is_not_sent_again(sign_in: Sign) -> None:
    recorded()
    browser = sign_in(Role.DISPATCHER)
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "queue"}
    first = browser.get("/desk/dispatch/", **asked)
    again = browser.get("/desk/dispatch/", HTTP_IF_NONE_MATCH=first.headers["ETag"], **asked)
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    recorded()
    assert (
        browser.get("/desk/dispatch/", HTTP_IF_NONE_MATCH=first.headers["ETag"], **asked).status_code == 200
    )


def test_no_page_of_a_unit_shows_who_asked_confidentially(sign_in: Sign) -> None:
    open_one, number = signed(), signed(confidential=True)
    browser = sign_in(Role.HANDLER, lead())
    shown, page = (browser.get(f"/desk/orders/{each}/").content.decode() for each in (open_one, number))
    assert "保密" in page
    for masked in ("买*", "139****0001"):
        assert masked in shown
        assert masked not in page
