"""What pages cost the database: as much among many orders as among few, whatever they show of them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from browsers import Sign
from cast import (
    ALICE,
    CARL,
    MINUTE,
    MONDAY,
    SUE,
    dispatched,
    handled,
    handler,
    lead,
    liaison,
    recorded,
    replied,
    signed,
)
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.desks.callback.queues import QUEUES as CALLBACK
from jieban.desks.dispatch.queues import QUEUES as DISPATCH
from jieban.desks.month.count import count
from jieban.desks.review.queues import QUEUES as REVIEW
from jieban.desks.supervision.queues import QUEUES as SUPERVISION
from jieban.desks.unit.queues import queues_of
from jieban.indicators.period import Period
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.links import link_repeat
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.actions.returns import ask_return
from jieban.orders.actions.supervise import escalate_order, supervise_order, urge_order
from jieban.orders.states import RepeatBy
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
NOW = MONDAY + 10 * MINUTE
LATE = MONDAY - timedelta(days=14)
CENTRE = (Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK_AGENT, Role.SUPERVISOR, Role.OPERATOR)
SHELL = 9
"""Session, account, posts, the session's own bookkeeping, and what of the account is shown."""
ROWS = 4
"""Orders, secrets and handlings of rows, and what is told of them."""
Visit = tuple[str, int, Callable[[], Any]]
"""A page's name, the most statements that it may take, and visiting it."""


def _work(street: str) -> str:
    """Something in every queue of every desk; gives an order under way."""
    recorded(street=street)
    dispatched(now=LATE, street=street)
    ask_return(
        order=signed(street=street), handling=1, reason="不是本单位的事", actor=liaison(lead()), now=NOW
    )
    ask_extension(
        order=signed(street=street), handling=1, days=1, reason="等灯具", actor=liaison(lead()), now=NOW
    )
    pause_handling(
        order=signed(street=street), handling=1, reason="等诉求人指认", actor=handler(lead()), now=NOW
    )
    late, pressed, higher = (signed(now=LATE, street=street) for _ in range(3))
    urge_order(order=late, actor=SUE, now=NOW)
    for order in (pressed, higher):
        supervise_order(order=order, reason="拖得太久", actor=SUE, now=NOW)
    escalate_order(order=higher, reason="仍没有办", actor=SUE, now=NOW + MINUTE)
    replied(street=street)
    handled(street=street)
    missed = handled(street=street)
    record_callback(order=missed, outcome=Outcome(reached=False), actor=CARL, now=NOW)
    again = recorded(street=street, now=NOW)
    link_repeat(order=again, of=late, by=RepeatBy.MATTER, actor=ALICE, now=NOW + MINUTE)
    return late


def _visits(sign_in: Sign, street: str, number: str) -> Iterator[Visit]:
    """Every page whose orders could make it dear."""
    unit = lead()
    head = Actor(account=1, name="", posts=frozenset({(Role.HEAD, unit)}))
    browsers = {role: sign_in(role) for role in CENTRE} | {Role.HEAD: sign_in(Role.HEAD, unit)}

    def got(role: Role, path: str, most: int) -> Visit:
        return f"{role} {path}", most, lambda: browsers[role].get(path)

    for role, desk, queues in (
        (Role.DISPATCHER, "dispatch", DISPATCH),
        (Role.REVIEWER, "review", REVIEW),
        (Role.CALLBACK_AGENT, "callback", CALLBACK),
        (Role.SUPERVISOR, "supervision", SUPERVISION),
        (Role.HEAD, "unit", queues_of(head)),
    ):
        for queue in queues:
            yield got(role, f"/desk/{desk}/?queue={queue.id}", SHELL + len(queues) + 1 + ROWS)
    topic = next(iter(city().order_topics))
    supervision = "/desk/supervision"
    for path, most in (
        (f"{supervision}/?unit={unit}&queue=late", len(SUPERVISION) + 1 + ROWS),
        (f"{supervision}/units/", 2),
        (f"{supervision}/ledger/?unit={unit}&state=open", 9),
        (f"{supervision}/ledger/?unit={unit}&state=closed", 9),
        (f"{supervision}/hot/", 2),
        (f"{supervision}/hot/orders/?street={street}&topic={topic}", 1 + ROWS),
        (f"{supervision}/hot/orders/?of={number}", 1 + ROWS),
        ("/desk/month/orders/?period=2025-04&of=orders.total", 2 + ROWS),
    ):
        yield got(Role.SUPERVISOR, path, SHELL + most)
    word = quote("路灯")
    for asked in ("", f"q={word}", "q=1", f"unit={unit}", f"street={street}&state=handling&q={word}"):
        yield got(Role.REVIEWER, f"/desk/search/?{asked}", SHELL + 6 + ROWS)
        yield got(Role.HEAD, f"/desk/search/?{asked}", SHELL + 12 + ROWS)
    yield got(Role.REVIEWER, f"/desk/orders/{number}/", 30)
    yield got(Role.HEAD, f"/desk/unit/{number}/", 46)
    told = {"content": "小区门口的路灯不亮", "topic": topic, "place": street, "phone": "13900000001"}
    for panel, most in (("caller", 4 + ROWS), ("similar", 8 + ROWS), ("preview", 1)):
        path = f"/desk/intake/{panel}/"
        yield path, SHELL + most, lambda path=path: browsers[Role.OPERATOR].post(path, told)
    yield "answers", 4, lambda: Client().get("/answers/")


def test_every_page_costs_the_same_among_many_orders(sign_in: Sign) -> None:
    street = next(iter(city().streets))
    number = _work(street)
    _work(street)  # of a caller with many orders the number is counted beside those that are shown
    count(Period.parse("2025-04"), NOW)
    visits = list(_visits(sign_in, street, number))

    def costs() -> dict[str, int]:
        found = {}
        for name, _, visit in visits:
            with CaptureQueriesContext(connection) as queries:
                assert visit().status_code == 200, name
            found[name] = len(queries)
        return found

    costs()  # the first page of a session writes it down
    few = costs()
    for _ in range(2):
        _work(street)
    assert costs() == few
    assert {name: (few[name], most) for name, most, _ in visits if few[name] > most} == {}
