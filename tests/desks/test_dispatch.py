"""The dispatcher's desk: what hurts first, units that one types or is offered, several orders at once."""

import re

import pytest
from browsers import OPENED, Sign
from cast import (
    BOB,
    MINUTE,
    MONDAY,
    dispatched,
    footprint,
    handled,
    handlings,
    lead,
    liaison,
    recorded,
    row,
    units,
)
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.orders.actions.returns import ask_return, open_disputes
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.profile.model import Urgency

pytestmark = pytest.mark.django_db
BULK = "/desk/dispatch/bulk/"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def _hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of the form that does what was previewed."""
    form = page[page.rindex('<form class="acts"') :]
    found: dict[str, list[str]] = {}
    for name, value in _HIDDEN.findall(form):
        found.setdefault(name, []).append(value)
    return found


def test_the_urgent_stand_before_what_is_due_earlier(sign_in: Sign) -> None:
    calm, urgent = recorded(), recorded(urgency=Urgency.EMERGENCY, now=MONDAY + 40 * MINUTE)
    page = sign_in(Role.DISPATCHER).get("/desk/dispatch/").content.decode()
    assert page.index(urgent) < page.index(calm)


def test_returns_stand_as_the_acts_sort_disputes(sign_in: Sign) -> None:
    for minutes, urgency in ((0, Urgency.NORMAL), (5, Urgency.NORMAL), (10, Urgency.URGENT)):
        number = dispatched(now=MONDAY + minutes * MINUTE, urgency=urgency)
        asked_at = MONDAY + (minutes + 3) * MINUTE
        ask_return(order=number, handling=1, reason="不属本单位职责", actor=liaison(lead()), now=asked_at)
    page = sign_in(Role.DISPATCHER).get("/desk/dispatch/?queue=returns").content.decode()
    shown = re.findall(r'data-number="([^"]+)"', page)
    assert shown == [each.order for each in open_disputes(BOB, OPENED)]


def test_a_desk_opens_on_its_first_queue_that_is_not_empty(sign_in: Sign) -> None:
    number = dispatched()
    page = sign_in(Role.DISPATCHER).get("/desk/dispatch/").content.decode()
    assert number in page
    assert re.search(r'queue=unsigned"\s+aria-current="page"', page)


def test_units_that_were_given_the_like_are_offered_first(sign_in: Sign) -> None:
    street = next(iter(city().streets))
    other = units(3)[2]
    for _ in range(2):
        dispatched(to=other, street=street, now=MONDAY - 60 * MINUTE)
    number = recorded(street=street)
    form = sign_in(Role.DISPATCHER).get(f"/desk/orders/{number}/do/dispatch/").content.decode()
    group = form.index("近期办过同类诉求")
    assert group < form.index(f'value="{other}"') < form.index("全部单位")
    assert "（2 件）" in form
    assert (
        form.count(f'<option value="{other}"') == 2
    )  # once as lead, once as assisting: never twice in a list


def test_a_unit_answers_to_its_aliases_where_one_types(sign_in: Sign) -> None:
    form = sign_in(Role.DISPATCHER).get(f"/desk/orders/{recorded()}/do/dispatch/").content.decode()
    unit = next(each for each in city().units.values() if each.aliases)
    assert f'data-names="{"|".join((unit.short_name, *unit.aliases))}"' in form


def test_a_preview_tells_what_would_be_done_and_writes_nothing(sign_in: Sign) -> None:
    good, gone = recorded(), dispatched()
    before = footprint()
    page = _preview(sign_in, [good, gone])
    assert footprint() == before
    assert "待派单 → 待签收" in page
    assert "现为“待签收”" in page
    assert _hidden(page)["pick"] == [f"{good}::{row(good).events}"]


def _preview(sign_in: Sign, picks: list[str]) -> str:
    given = {"act": "dispatch", "step": "preview", "pick": picks, "lead": lead(), "queue": "new"}
    answer = sign_in(Role.DISPATCHER).post(BULK, given)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_was_previewed_is_done_once_however_often_it_is_sent(sign_in: Sign) -> None:
    numbers = [recorded(), recorded()]
    browser = sign_in(Role.DISPATCHER)
    given = {"act": "dispatch", "step": "preview", "pick": numbers, "lead": lead(), "remark": "请尽快"}
    form = _hidden(browser.post(BULK, given).content.decode())
    assert "已办 2 件" in browser.post(BULK, form).content.decode()
    assert [row(each).state for each in numbers] == ["dispatched", "dispatched"]
    before = footprint()
    again = browser.post(BULK, form).content.decode()
    assert again.count("刚才已经办过") == 2
    assert footprint() == before


def test_urging_twice_by_a_second_click_counts_once(sign_in: Sign) -> None:
    number = dispatched()
    browser = sign_in(Role.DISPATCHER)
    given = {"act": "urge", "step": "preview", "pick": [number], "remark": ""}
    form = _hidden(browser.post(BULK, given).content.decode())
    for _ in range(2):
        browser.post(BULK, form)
    assert row(number).urged == 1


def test_what_was_previewed_can_be_filled_in_otherwise(sign_in: Sign) -> None:
    good, gone = recorded(), dispatched()
    browser = sign_in(Role.DISPATCHER)
    first, second = units(2)
    asked = {"act": "dispatch", "step": "preview", "pick": [good, gone], "lead": first, "assisting": [second]}
    form = _hidden(browser.post(BULK, {**asked, "remark": "请尽快"}).content.decode())
    before = footprint()
    page = browser.post(BULK, {**form, "step": [*form["step"], "ask"]}).content.decode()
    assert footprint() == before
    assert "返回修改" not in page
    assert re.findall(r'name="pick" value="([^":]+)', page) == [good, gone]
    assert re.findall(r'<option value="([^"]+)"[^>]* selected', page) == [first, second]
    assert "请尽快" in page


def test_what_one_order_refuses_keeps_nothing_from_the_others(sign_in: Sign) -> None:
    first, second = recorded(), recorded()
    browser = sign_in(Role.DISPATCHER)
    given = {"act": "dispatch", "step": "preview", "pick": [first, second], "lead": lead()}
    form = _hidden(browser.post(BULK, given).content.decode())
    sign_in(Role.OPERATOR).post(f"/desk/orders/{first}/do/urge/", {"remark": "来电"})
    page = browser.post(BULK, form).content.decode()
    assert "已办 1 件，1 件没有办成" in page
    assert "预览之后" in page
    assert (row(first).state, row(second).state) == ("recorded", "dispatched")


@pytest.mark.parametrize(
    "given",
    [
        {"act": "redact", "pick": ["1"]},
        {"act": "nonsense", "pick": ["1"]},
        {"act": "urge", "pick": ["1:x"]},
        {"act": "urge", "pick": [":1"]},
        {"act": "urge", "pick": ["1:1:1:1"]},
        {"act": "urge", "pick": [str(n) for n in range(51)]},
    ],
)
def test_what_no_queue_offers_is_not_found(given: dict[str, object], sign_in: Sign) -> None:
    browser = sign_in(Role.DISPATCHER)
    assert browser.get(BULK, given).status_code == 404
    assert browser.post(BULK, given).status_code == 404


def test_several_that_are_not_there_are_told_so(sign_in: Sign) -> None:
    browser = sign_in(Role.DISPATCHER)
    assert "没有勾选工单" in browser.get(BULK, {"act": "urge"}).content.decode()
    number = dispatched()
    given = {"act": "urge", "step": "preview", "pick": ["250101000099", number], "remark": ""}
    page = browser.post(BULK, given).content.decode()
    assert "1 件可以办理，1 件办不成" in page
    assert len(handlings(number)) == 1


def test_a_queue_with_ticks_costs_the_same_however_long(sign_in: Sign) -> None:
    browser = sign_in(Role.DISPATCHER)
    browser.get("/desk/dispatch/")
    counts = []
    for more in (2, 12):
        for _ in range(more):
            recorded()
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/desk/dispatch/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 17


def _merge(browser: Client, numbers: list[str], into: str, **more: str) -> str:
    given = {"act": "merge", "step": "preview", "pick": numbers, "into": into, "reason": "同一事项", **more}
    return str(browser.post(BULK, given).content.decode())


@pytest.mark.usefixtures("each_city")
def test_several_orders_go_into_the_one_that_remains(sign_in: Sign) -> None:
    main, second, third = recorded(now=MONDAY), recorded(now=MONDAY + MINUTE), dispatched()
    browser = sign_in(Role.DISPATCHER)
    asked = browser.get(f"{BULK}?act=merge&pick={second}&pick={main}&pick={third}").content.decode()
    assert f'<option value="{main}" selected>' in asked, "the one that is there longest"
    before = footprint()
    shown = _merge(browser, [second, main, third], main)
    assert footprint() == before
    assert "2 件都可以办理" in shown
    assert "保留，其余的并入这一件" in shown
    assert "待派单 → 已并单" in shown
    assert "待签收 → 已并单" in shown
    form = _hidden(shown)
    done = browser.post(BULK, form).content.decode()
    assert "已办 2 件。" in done
    assert [row(each).merged_into for each in (second, third)] == [row(main)] * 2
    assert row(main).merged_into is None
    events = footprint()
    assert browser.post(BULK, form).content.decode().count("刚才已经办过") == 2
    assert footprint() == events
    unmerged = browser.post(f"/desk/orders/{second}/do/unmerge/", {"reason": "不是一件事"})
    assert unmerged.status_code == 302
    assert row(second).state == "recorded"


def test_what_cannot_be_merged_is_told_beforehand_and_left_alone(sign_in: Sign) -> None:
    main, good, closed = recorded(), recorded(), handled()
    browser = sign_in(Role.DISPATCHER)
    shown = _merge(browser, [main, good, closed], main)
    assert "1 件可以办理，1 件办不成" in shown
    browser.post(BULK, _hidden(shown))
    assert row(good).state == "merged"
    assert row(closed).state == "handled"


def test_an_order_that_somebody_changed_after_the_preview_is_not_merged(sign_in: Sign) -> None:
    main, first, second = recorded(), recorded(), recorded()
    browser, other = sign_in(Role.DISPATCHER), sign_in(Role.OPERATOR)
    form = _hidden(_merge(browser, [main, first, second], main))
    other.post(f"/desk/orders/{first}/do/urge/", {"remark": ""})
    page = browser.post(BULK, form).content.decode()
    assert "operator 催办" in page
    assert "再预览" in page
    assert (row(first).state, row(second).state) == ("recorded", "merged")
    form = _hidden(_merge(browser, [main, first], main))
    other.post(f"/desk/orders/{main}/do/urge/", {"remark": ""})
    browser.post(BULK, form)
    assert row(first).state == "recorded", "what remains isn't what was looked at"


def test_nothing_is_merged_into_what_was_not_ticked(sign_in: Sign) -> None:
    main, other, elsewhere = recorded(), recorded(), recorded()
    given = {"act": "merge", "step": "preview", "pick": [main, other], "into": elsewhere, "reason": "同一"}
    assert sign_in(Role.DISPATCHER).post(BULK, given).status_code == 422
