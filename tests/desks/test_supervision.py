"""The supervisor's desk: numbers that open what they count, the ledger of units, pressing, hot places."""

import re
from datetime import timedelta

import pytest
from browsers import OPENED, Sign
from cast import (
    ALICE,
    MINUTE,
    MONDAY,
    dispatched,
    handled,
    handler,
    lead,
    recorded,
    replied,
    row,
    signed,
    units,
)
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.desks.supervision.units import COLUMNS, rows_by_unit
from jieban.orders.actions.links import link_repeat
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.models import Clock
from jieban.orders.states import RepeatBy
from jieban.people.accounts import add_account, give_post
from jieban.people.city import city
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role

pytestmark = pytest.mark.django_db
DESK = "/desk/supervision/"
PAGES = ("", "units/", "ledger/", "hot/", "ledger/?unit={unit}")


def _shown(browser: Client, **asked: str) -> list[str]:
    page = browser.get(DESK, asked).content.decode()
    return re.findall(r'data-number="([^"]+)"', page)


def _spread() -> None:
    """Orders whose handlings stand before and behind their deadlines, of three units."""
    for days in range(0, 12, 2):
        for unit in units(3):
            signed(to=unit, now=MONDAY - timedelta(days=days))
    for unit in units(2):
        dispatched(to=unit, now=MONDAY - timedelta(days=10))


@pytest.mark.usefixtures("each_city")
def test_each_number_is_what_its_list_shows(sign_in: Sign) -> None:
    _spread()
    browser = sign_in(Role.SUPERVISOR)
    rows = rows_by_unit(OPENED)
    assert rows
    assert any(row.counts["late"] for row in rows)
    for each in rows:
        for queue in COLUMNS:
            assert len(_shown(browser, queue=queue, unit=each.code)) == each.counts[queue], (each.code, queue)


def test_numbers_are_counted_as_the_clocks_stand(sign_in: Sign) -> None:
    _spread()
    expected: dict[str, int] = {}
    for clock in Clock.objects.filter(level="handling", stage="close").select_related("handling"):
        if clock.stopped_at is None and clock.due_at <= OPENED:
            unit = clock.handling.unit  # type: ignore[union-attr]  # of this level all have one
            expected[unit] = expected.get(unit, 0) + 1
    assert {row.code: row.counts["late"] for row in rows_by_unit(OPENED) if row.counts["late"]} == expected
    page = sign_in(Role.SUPERVISOR).get(f"{DESK}units/").content.decode()
    for unit, n in expected.items():
        assert f'unit={unit}">{n}</a>' in page


@pytest.mark.parametrize(
    ("ahead", "counted"),
    [
        (timedelta(0), {"late": 1, "day": 0, "soon": 0}),
        (timedelta(seconds=1), {"late": 0, "day": 1, "soon": 1}),
        (timedelta(hours=24), {"late": 0, "day": 1, "soon": 1}),
        (timedelta(hours=24, seconds=1), {"late": 0, "day": 0, "soon": 1}),
        (timedelta(hours=48), {"late": 0, "day": 0, "soon": 1}),
        (timedelta(hours=48, seconds=1), {}),
    ],
)
def test_what_will_be_late_is_seen_a_day_and_two_days_ahead(
    ahead: timedelta, counted: dict[str, int]
) -> None:
    signed()
    due = Clock.objects.get(level="handling", stage="close").due_at
    rows = rows_by_unit(due - ahead)
    assert [{name: row.counts[name] for name in counted} for row in rows] == ([counted] if counted else [])


def test_the_ladder_goes_up_by_urging_and_supervising(sign_in: Sign) -> None:
    number = signed(now=MONDAY - timedelta(days=12))
    browser = sign_in(Role.SUPERVISOR)
    for act, queue in (("urge", "urged"), ("supervise", "supervised"), ("escalate", "escalated")):
        given = {"act": act, "step": "do", "pick": [f"{number}:1:{row(number).events}"]}
        words = {"remark": "请抓紧"} if act == "urge" else {"reason": "久拖不决"}
        browser.post(f"{DESK}bulk/", given | words)
        for other in ("urged", "supervised", "escalated"):
            assert (number in _shown(browser, queue=other)) == (other == queue), (act, other)


def _named(username: str, name: str, role: Role, unit: str) -> None:
    account = add_account(username=username, display_name=name, now=OPENED)
    give_post(account=account, role=role, unit=unit, first=MONDAY.date(), last=None, profile=city())


def test_the_ledger_names_who_and_when(sign_in: Sign) -> None:
    unit = lead()
    number = recorded()
    browsers = {
        role: sign_in(role, unit if role in UNIT_ROLES else None) for role in (Role.DISPATCHER, Role.LIAISON)
    }
    browsers[Role.DISPATCHER].post(f"/desk/orders/{number}/do/dispatch/", {"lead": unit})
    browsers[Role.LIAISON].post(f"/desk/orders/{number}/do/sign/", {"handling": 1})
    _named("hana", "哈娜", Role.HANDLER, unit)
    _named("away", "阿依努尔", Role.HANDLER, units(2)[1])
    page = sign_in(Role.SUPERVISOR).get(f"{DESK}ledger/", {"unit": unit}).content.decode()
    line = page[page.index(number) :]
    # accounts of these tests are called by their role
    assert line.index("dispatcher") < line.index("liaison")
    assert "哈娜" in page
    assert "阿依努尔" not in page, "she is another unit's"


def test_the_ledger_marks_what_was_late(sign_in: Sign) -> None:
    late = dispatched(now=MONDAY - timedelta(days=10))
    page = sign_in(Role.SUPERVISOR).get(f"{DESK}ledger/", {"unit": lead()}).content.decode()
    assert late in page
    assert 'class="tight late"' in page


@pytest.mark.usefixtures("each_city")
def test_the_ledger_marks_what_is_due_soon_and_whose_clock_stands(sign_in: Sign) -> None:
    soon, paused, calm = signed(), signed(), signed()
    pause_handling(
        order=paused, handling=1, reason="等指认灯杆", actor=handler(lead()), now=MONDAY + 3 * MINUTE
    )
    Clock.objects.filter(order__number=soon, stage="close").update(due_at=MONDAY + timedelta(hours=5))
    page = sign_in(Role.SUPERVISOR).get(f"{DESK}ledger/", {"unit": lead()}).content.decode()
    lines = {number: page[page.index(f">{number}-1<") :].split("</tr>")[0] for number in (soon, paused, calm)}
    marked = {number: ('class="due soon"' in line, "计时暂停" in line) for number, line in lines.items()}
    assert marked == {soon: (True, False), paused: (False, True), calm: (False, False)}
    assert lines[paused].count("限 ") == 1, "the deadline of its signature alone"


def test_the_ledger_holds_the_closed_ones_apart(sign_in: Sign) -> None:
    open_one, done = signed(), handled()
    browser = sign_in(Role.SUPERVISOR)
    for state, there, away in (("open", open_one, done), ("closed", done, open_one)):
        page = browser.get(f"{DESK}ledger/", {"unit": lead(), "state": state}).content.decode()
        assert there in page
        assert away not in page


def test_hot_places_count_what_their_list_shows(sign_in: Sign) -> None:
    street, topic = next(iter(city().streets)), next(iter(city().order_topics))
    for n in range(3):
        recorded(street=street, topic=topic, now=MONDAY - n * timedelta(days=1))
    recorded(street=street, topic=topic, now=MONDAY - timedelta(days=40))
    browser = sign_in(Role.SUPERVISOR)
    page = browser.get(f"{DESK}hot/").content.decode()
    assert f'street={street}&amp;topic={topic}">3</a>' in page
    behind = browser.get(f"{DESK}hot/orders/", {"street": street, "topic": topic}).content.decode()
    assert behind.count("/desk/orders/") == 3


def test_repeated_requests_lead_to_those_that_repeat(sign_in: Sign) -> None:
    first, again = recorded(), recorded()
    link_repeat(order=again, of=first, by=RepeatBy.NAMED, actor=ALICE, now=MONDAY + 5 * MINUTE)
    browser = sign_in(Role.SUPERVISOR)
    assert f'of={first}">1</a>' in browser.get(f"{DESK}hot/").content.decode()
    assert again in browser.get(f"{DESK}hot/orders/", {"of": first}).content.decode()


def test_of_those_repeated_as_often_the_latest_stands_first(sign_in: Sign) -> None:
    old, late = recorded(now=MONDAY - timedelta(days=3)), recorded(now=MONDAY - timedelta(days=1))
    for first in (old, late):
        again = recorded()
        link_repeat(order=again, of=first, by=RepeatBy.NAMED, actor=ALICE, now=MONDAY + 5 * MINUTE)
    page = sign_in(Role.SUPERVISOR).get(f"{DESK}hot/").content.decode()
    assert page.index(late) < page.index(old)


@pytest.mark.parametrize("page", PAGES)
def test_only_supervisors_see_these_pages(page: str, sign_in: Sign) -> None:
    path = DESK + page.format(unit=lead())
    for role in POST_ROLES:
        answer = sign_in(role, lead() if role in UNIT_ROLES else None).get(path)
        assert answer.status_code == (200 if role is Role.SUPERVISOR else 403), role


@pytest.mark.parametrize(
    "page",
    [
        "?unit=nowhere",
        "ledger/?unit=nowhere",
        "ledger/?state=odd",
        "hot/orders/",
        "hot/orders/?street=x&topic=y",
        "ledger/?unit={unit}&page=0",
    ],
)
def test_what_is_not_there_is_not_found(page: str, sign_in: Sign) -> None:
    assert sign_in(Role.SUPERVISOR).get(DESK + page.format(unit=lead())).status_code == 404


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("", 24),
        ("units/", 11),
        ("ledger/?unit={unit}", 17),
        ("ledger/?unit={unit}&state=closed", 17),
        ("hot/", 11),
    ],
)
def test_a_page_costs_the_same_however_many_orders(page: str, most: int, sign_in: Sign) -> None:
    browser = sign_in(Role.SUPERVISOR)
    browser.get(DESK)
    counts = []
    for more in (1, 5):
        for _ in range(more):
            replied()
            handled()
            signed(now=MONDAY - timedelta(days=10), street=next(iter(city().streets)))
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(DESK + page.format(unit=lead())).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= most


def test_a_supervisor_sees_how_far_an_order_has_come_on_the_ladder(sign_in: Sign) -> None:
    number = signed(now=MONDAY - timedelta(days=12))
    browser = sign_in(Role.SUPERVISOR)
    browser.post(f"/desk/orders/{number}/do/urge/", {"remark": ""})
    page = browser.get(f"{DESK}{number}/").content.decode()
    rungs = re.findall(r'<li class="(come|ahead)"><span>([^<]+)</span>', page)
    (handling,) = row(number).handlings.all()
    due = Clock.objects.get(handling=handling, stage="close").due_at
    steps = [
        each
        for each in city().workflow.ladder
        if (each.level, each.stage) == ("handling", "close")
        and due - timedelta(hours=each.hours) >= handling.dispatched_at
    ]
    assert steps
    assert [name for _, name in rungs][: len(steps)] == [each.name for each in steps]
    assert {state for state, _ in rungs[: len(steps)]} == {"come"}
    assert [state for state, _ in rungs[-3:]] == ["come", "ahead", "ahead"]
    browser.post(f"/desk/orders/{number}/do/supervise/", {"reason": "久拖不决"})
    assert "/do/supervise/" not in browser.get(f"{DESK}{number}/").content.decode()
    assert "督办阶梯" not in sign_in(Role.DISPATCHER).get(f"/desk/orders/{number}/").content.decode()
