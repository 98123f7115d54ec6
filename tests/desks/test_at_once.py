"""The same form from two threads at the same instant: one event, on either database."""

from typing import Any

import pytest
from browsers import Sign
from cast import dispatched, row

from jieban.people.roles import Role

pytestmark = pytest.mark.live


def test_two_clicks_at_the_same_instant_are_one_act(database: Any, sign_in: Sign) -> None:
    number = dispatched()
    browser = sign_in(Role.DISPATCHER)
    where, form = f"/desk/orders/{number}/do/urge/", {"seen": row(number).events, "remark": "请尽快"}
    answers = database.in_threads(4, lambda _index: browser.post(where, form).status_code)
    assert answers == [302] * 4
    assert row(number).urged == 1
