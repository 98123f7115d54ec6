"""The reviewer's desk: the reply beside the request, field by field, what it must have, and what is asked."""

import re

import pytest
from browsers import Sign
from cast import (
    MINUTE,
    MONDAY,
    RUTH,
    dispatched,
    handler,
    lead,
    liaison,
    replied,
    reply,
    row,
    signed,
    units,
)
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jieban.desks.order.said import Telling, standing_replies
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.reply import reply_to_order, withdraw_reply
from jieban.orders.actions.returns import ask_return
from jieban.orders.actions.review import reject_review
from jieban.orders.models import Evidence, Petition
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.profile.workflow import Condition

pytestmark = pytest.mark.django_db


def _pane(sign_in: Sign, number: str, role: Role = Role.REVIEWER, desk: str = "review") -> str:
    return str(sign_in(role).get(f"/desk/{desk}/{number}/").content.decode())


def _standing(page: str) -> str:
    """What stands beside the request: the replies, without the trail."""
    found = re.search(r'<div class="beside">(.*?)<h2>(?:时限|承办)</h2>', page, re.DOTALL)
    return found.group(1) if found else ""


@pytest.mark.usefixtures("each_city")
def test_a_reply_stands_beside_the_request_field_by_field(sign_in: Sign) -> None:
    beside = _standing(_pane(sign_in, replied()))
    assert "小区门口的路灯三天不亮了" in beside
    for field in city().workflow.reply:
        assert f"<dt>{field.name}</dt>" in beside
        said = field.choices[0].name if field.choices else "已到现场更换灯具"
        assert said in beside


@pytest.mark.usefixtures("each_city")
def test_what_a_reply_must_have_is_held_against_it(sign_in: Sign) -> None:
    checks = re.findall(r'<li class="(there|missing)"><span>.</span>([^<]+)<', _pane(sign_in, replied()))
    required = [each.name for each in city().workflow.reply if each.required]
    assert [name for _, name in checks][: len(required)] == required
    assert {state for state, _ in checks} == {"there"}


def _pointed_out(sign_in: Sign, said: str) -> dict[str, tuple[str, str]]:
    """By each point of the review, how it stands and what is said of it, for a reply with such words."""
    number = signed()
    first = next(each.code for each in city().workflow.reply if not each.choices)
    given = reply(**{first: said})
    reply_to_order(order=number, handling=1, reply=given, actor=handler(lead()), now=MONDAY + 3 * MINUTE)
    found = re.findall(
        r'<li class="(there|found|look)"><span>.</span>([^<]+)<span class="[^"]*">([^<]+)<',
        _pane(sign_in, number),
    )
    return {name: (state, told) for state, name, told in found}


@pytest.mark.usefixtures("each_city")
def test_what_a_reviewer_looks_for_is_pointed_out(sign_in: Sign) -> None:
    points = {each.code: each.name for each in city().workflow.review_points}
    told = _pointed_out(
        sign_in, "我单位保证三天内彻底解决,如有问题请打电话139 0000 0001,2025-05-06已到现场。"
    )
    assert told[points["no_overpromise"]] == ("found", "查到“保证”“彻底”")
    assert told[points["no_numbers"]] == ("found", "查到“139 0000 0001”")
    assert told[points["no_passing"]] == ("there", "没有查到")
    assert told[points["on_point"]] == ("look", "请对照")


def test_a_reply_in_which_nothing_is_found_says_so(sign_in: Sign) -> None:
    told = _pointed_out(sign_in, "2025-05-06已到现场更换灯具,路灯恢复照明,居民知悉并表示认可。" * 2)
    assert "found" not in {state for state, _ in told.values()}
    listed = [each.name for each in city().workflow.review_points]
    assert [name for name in told if name in listed] == listed


def test_what_a_reply_states_demands_its_evidence() -> None:
    number = replied()
    order, handling = row(number), row(number).handlings.get()
    assert handling.replied_in is not None
    demand = next(each for each in city().workflow.evidence.demands if each.when is Condition.SITE_VISIT)
    names = {each.code: each.name for each in city().workflow.evidence.kinds}
    files = [Evidence(order=order, handling=handling, kind=demand.kinds[0], round=handling.round)]
    told = Telling(order=order, written={handling.replied_in: {"reply": {}}}, names={})
    (found,) = standing_replies([handling], files, told, {handling.replied_in: {"site_visit": True}})
    shown = {each.name: each.there for each in found.checks}
    assert shown[names[demand.kinds[0]]] is True
    assert [shown[names[kind]] for kind in demand.kinds[1:]] == [False] * (len(demand.kinds) - 1)
    assert not any(shown[each.name] for each in city().workflow.reply if each.required)


def test_only_the_reply_that_stands_is_beside_the_request(sign_in: Sign) -> None:
    number = signed()
    for n, text in enumerate(
        (
            "先写的答复内容:到过现场,查看了情况,还没有写明原因,请看第一次。",
            "改过的答复内容:到过现场,查看了情况,已经修好并复查,请看第二次。",
        )
    ):
        at = MONDAY + (5 + 4 * n) * MINUTE
        said = reply(**{city().workflow.reply[0].code: text})
        reply_to_order(order=number, handling=1, reply=said, actor=handler(lead()), now=at)
        if n == 0:
            reject_review(order=number, handling=1, reason="写得不清楚", actor=RUTH, now=at + MINUTE)
    page = _pane(sign_in, number)
    assert "请看第二次" in _standing(page)
    assert "请看第一次" not in _standing(page)
    assert "请看第一次" in page  # in the trail


def test_a_reply_that_was_withdrawn_stands_no_more(sign_in: Sign) -> None:
    number = replied()
    withdraw_reply(order=number, handling=1, reason="写错了", actor=handler(lead()), now=MONDAY + 9 * MINUTE)
    assert _standing(_pane(sign_in, number)) == ""


def test_units_do_not_see_each_others_replies(sign_in: Sign) -> None:
    first, second = units(2)
    number = signed(to=first, assisting=[second])
    said = reply(**{city().workflow.reply[0].code: "主办单位的内部处理情况,只给主办和中心看。"})
    reply_to_order(order=number, handling=1, reply=said, actor=handler(first), now=MONDAY + 9 * MINUTE)
    assert (
        "主办单位的内部处理情况" in sign_in(Role.HANDLER, first).get(f"/desk/unit/{number}/").content.decode()
    )
    assert (
        "主办单位的内部处理情况"
        not in sign_in(Role.HANDLER, second).get(f"/desk/unit/{number}/").content.decode()
    )


def test_what_is_asked_stands_above_its_decision(sign_in: Sign) -> None:
    number = dispatched()
    at = MONDAY + 5 * MINUTE
    ask_return(order=number, handling=1, reason="该路段已移交别的单位", actor=liaison(lead()), now=at)
    petition = Petition.objects.get(order__number=number)
    browser = sign_in(Role.DISPATCHER)
    form = browser.get(f"/desk/orders/{number}/do/decide_return/?handling=1").content.decode()
    assert form.index("该路段已移交别的单位") < form.index('name="granted"')
    assert petition.decide_by is not None
    pane = browser.get(f"/desk/dispatch/{number}/").content.decode()
    assert pane.index("该路段已移交别的单位") < pane.index('id="act"')
    # Who decides nothing of it has it in the trail and among the petitions, and not in the way.
    reviewer = _pane(sign_in, number)
    assert 'class="card asked"' not in reviewer


def test_days_that_are_asked_for_are_shown(sign_in: Sign) -> None:
    number = signed()
    at = MONDAY + 5 * MINUTE
    ask_extension(order=number, handling=1, days=2, reason="配件外地调运", actor=liaison(lead()), now=at)
    pane = sign_in(Role.DISPATCHER).get(f"/desk/dispatch/{number}/").content.decode()
    assert "2 个工作日" in pane
    assert "配件外地调运" in pane


def test_an_order_costs_the_same_however_much_was_done_to_it(sign_in: Sign) -> None:
    browser = sign_in(Role.REVIEWER)
    number = replied()
    counts = []
    for n in (0, 1, 2):
        for again in range(n):
            at = MONDAY + (10 + 8 * (n + again)) * MINUTE
            reject_review(order=number, handling=1, reason="再写清楚", actor=RUTH, now=at)
            reply_to_order(order=number, handling=1, reply=reply(), actor=handler(lead()), now=at + MINUTE)
        browser.get(f"/desk/review/{number}/")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/desk/review/{number}/").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert row(number).state == "handling"
