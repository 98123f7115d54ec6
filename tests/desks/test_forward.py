"""What an order's page offers first: what whoever opens it most likely does next, and nothing where they wait."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from browsers import OPENED, Sign
from cast import (
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    dispatched,
    handled,
    handler,
    head,
    lead,
    liaison,
    recorded,
    replied,
    signed,
)
from django.test import Client
from test_twice import WHY, _called, _declared, _then

from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.actions.returns import ask_return
from jieban.orders.actions.supervise import urge_order
from jieban.orders.actions.unreasonable import sign_as_head
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role

pytestmark = pytest.mark.django_db
_R = Role
UNIT = (_R.LIAISON, _R.HANDLER)


def _rated(*, reached: bool = True, happy: bool = True) -> str:
    said = Satisfaction.SATISFIED if happy else Satisfaction.DISSATISFIED
    told = Outcome(
        reached=reached,
        contacted=True if reached else None,
        resolved=happy if reached else None,
        satisfaction=said if reached else None,
    )
    return _then(handled(), record_callback, outcome=told, actor=CARL)


def _concluded() -> str:
    order = _called()
    close_order(order=order, actor=CARL, now=MONDAY + 20 * MINUTE)
    return order


CASES: Mapping[str, tuple[Callable[[], str], Mapping[Role, str]]] = {
    "recorded": (recorded, {_R.DISPATCHER: "派单"}),
    "dispatched": (dispatched, dict.fromkeys((*UNIT, _R.HEAD), "签收")),
    "signed": (signed, dict.fromkeys(UNIT, "答复")),
    "paused": (
        lambda: _then(signed(), pause_handling, handling=1, reason=WHY, actor=handler(lead())),
        dict.fromkeys(UNIT, "恢复计时"),
    ),
    "return asked": (
        lambda: _then(dispatched(), ask_return, handling=1, reason=WHY, actor=liaison(lead())),
        {_R.DISPATCHER: "审批退单"},
    ),
    "extension asked": (
        lambda: _then(signed(), ask_extension, handling=1, days=1, reason=WHY, actor=liaison(lead())),
        {**dict.fromkeys(UNIT, "答复"), _R.DISPATCHER: "审批延期", _R.SUPERVISOR: "审批延期"},
    ),
    "declared unreasonable": (_declared, {_R.HEAD: "负责人签字"}),
    "signed by the head": (
        lambda: _then(_declared(), sign_as_head, handling=1, actor=head(lead())),
        {_R.REVIEWER: "认定不合理诉求"},
    ),
    "replied": (replied, {_R.REVIEWER: "审核通过"}),
    "handled": (handled, {_R.CALLBACK_AGENT: "登记回访"}),
    "not reached": (lambda: _rated(reached=False), {_R.CALLBACK_AGENT: "登记回访"}),
    "content": (_rated, dict.fromkeys((_R.CALLBACK_AGENT, _R.REVIEWER), "结案")),
    "not content": (lambda: _rated(happy=False), {_R.CALLBACK_AGENT: "重新办理"}),
    "closed": (_concluded, {}),
}


def _main(browser: Client, number: str) -> list[str]:
    page = browser.get(f"/desk/orders/{number}/")
    return re.findall(r'class="button main" href[^>]*>([^<]*)', page.content.decode())


@pytest.mark.parametrize("name", CASES)
def test_each_is_offered_what_they_do_next(name: str, sign_in: Sign) -> None:
    make, wanted = CASES[name]
    number = make()
    pressing = {_R.SUPERVISOR: "催办"} if name in {"recorded", "dispatched", "return asked"} else {}
    expected = {**pressing, **wanted}
    found = {
        role: _main(sign_in(role, lead() if role in UNIT_ROLES else None), number) for role in POST_ROLES
    }
    assert found == {role: [expected[role]] if role in expected else [] for role in POST_ROLES}


def test_who_presses_goes_up_the_ladder_as_the_day_comes_near(sign_in: Sign) -> None:
    calm, late, browser = signed(), signed(now=MONDAY - timedelta(days=28)), sign_in(_R.SUPERVISOR)
    assert _main(browser, calm) == []
    assert _main(browser, late) == ["催办"]
    urge_order(order=late, actor=BOB, now=OPENED - MINUTE)
    assert _main(browser, late) == ["督办"]


def test_a_dispatcher_presses_who_has_not_signed_in_time(sign_in: Sign) -> None:
    early, late, browser = dispatched(), dispatched(now=MONDAY - timedelta(days=7)), sign_in(_R.DISPATCHER)
    assert _main(browser, early) == []
    assert _main(browser, late) == ["催办"]
    assert _main(sign_in(_R.OPERATOR), late) == []
