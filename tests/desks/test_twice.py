"""A form that is sent twice (a double click, a slow line, a second Enter) is done once, whatever the act."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from browsers import OPENED, Sign
from cast import (
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    RUTH,
    dispatched,
    handled,
    handler,
    handlings,
    head,
    lead,
    liaison,
    plain_type,
    recorded,
    replied,
    reply,
    row,
    signed,
    units,
)
from citizens import Citizen
from django.conf import settings
from django.test import Client, override_settings

from jieban.desks.order.acting.forms import FORMS
from jieban.desks.order.acting.questions import REPLY_PREFIX
from jieban.desks.shell.moment import now as moment
from jieban.desks.shell.words import unit as unit_name
from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.links import link_repeat
from jieban.orders.actions.merge import merge_order
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.returns import ask_return
from jieban.orders.actions.review import pass_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.actions.unreasonable import UnreasonableFile, declare_unreasonable, sign_as_head
from jieban.orders.models import Event
from jieban.orders.states import RepeatBy
from jieban.people.accounts import add_account, give_post
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.roles import UNIT_ROLES, Role

pytestmark = pytest.mark.django_db
WHY = "经核实,情况如此。" * 3
_LATER = MONDAY + 10 * MINUTE


def _then(order: str, act: Callable[..., object], **given: object) -> str:
    act(order=order, now=_LATER, **given)
    return order


def _ground() -> str:
    return city().workflow.unreasonable_grounds[0].code


def _inquired() -> str:
    order = signed()
    upload = Upload(stream=io.BytesIO(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"), kind="document")
    return _then(order, attach_evidence, upload=upload, handling=1, actor=handler(lead()))


def _declared() -> str:
    file = UnreasonableFile(ground=_ground(), inquiry=WHY, policy=WHY)
    return _then(_inquired(), declare_unreasonable, handling=1, file=file, actor=handler(lead()))


def _called() -> str:
    told = Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED)
    return _then(handled(), record_callback, outcome=told, actor=CARL)


def _closed() -> str:
    order = _called()
    close_order(order=order, actor=CARL, now=_LATER + MINUTE)
    return order


def _earlier() -> str:
    return recorded(now=MONDAY - timedelta(days=1))


def _colleague() -> str:
    account = add_account(username="hana", display_name="Hana", now=OPENED)
    first = (OPENED - timedelta(days=30)).date()
    give_post(account=account, role=Role.HANDLER, unit=lead(), first=first, last=None, profile=city())
    return str(account.pk)


def _coded() -> dict[str, Any]:
    order = row(recorded())
    topic = f"{order.topic}/{order.subtopic}" if order.subtopic else order.topic
    types = [each for each in city().request_types if each != order.request_type]
    written = {"summary": "路灯三天不亮", "address": "一号楼东侧"}
    told = {"topic": topic, "urgency": order.urgency, "place": order.street or ""}
    return {"request_type": types[0], **told, **written}


@pytest.fixture(autouse=True)
def _memory() -> Iterator[None]:
    there = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "evidence": there}):
        yield


Case = tuple[Callable[[], str], Role, Callable[[], dict[str, Any]]]
_D, _L, _R, _C, _S = Role.DISPATCHER, Role.LIAISON, Role.REVIEWER, Role.CALLBACK_AGENT, Role.SUPERVISOR


def _why() -> dict[str, Any]:
    return {"reason": WHY}


def _granted() -> dict[str, Any]:
    return {"granted": "yes", "reason": WHY}


CASES: dict[Act, Case] = {
    Act.CLASSIFY: (recorded, _D, _coded),
    Act.CORRECT: (signed, _D, lambda: {**_coded(), "reason": WHY}),
    Act.ANSWER: (recorded, Role.OPERATOR, lambda: {"answer": WHY}),
    Act.REFUSE: (recorded, _D, lambda: {"ground": city().workflow.refusal_grounds[0].code, "explanation": WHY}),
    Act.DISPATCH: (recorded, _D, lambda: {"lead": lead()}),
    Act.ADD_UNIT: (dispatched, _D, lambda: {"unit": units(2)[1]}),
    Act.REMOVE_UNIT: (lambda: dispatched(assisting=[units(2)[1]]), _D, lambda: {"reason": WHY, "handling": 2}),
    Act.RECALL: (dispatched, _D, _why),
    Act.SIGN: (dispatched, _L, dict),
    Act.ASSIGN: (signed, _L, lambda: {"account": _colleague()}),
    Act.ASK_RETURN: (dispatched, _L, _why),
    Act.DECIDE_RETURN: (
        lambda: _then(dispatched(), ask_return, handling=1, reason=WHY, actor=liaison(lead())), _D, _granted,
    ),
    Act.ASK_EXTENSION: (signed, _L, lambda: {"days": 1, "reason": WHY}),
    Act.DECIDE_EXTENSION: (
        lambda: _then(signed(), ask_extension, handling=1, days=1, reason=WHY, actor=liaison(lead())),
        _D,
        _granted,
    ),
    Act.PAUSE: (signed, _L, _why),
    Act.RESUME: (
        lambda: _then(signed(), pause_handling, handling=1, reason=WHY, actor=handler(lead())), _L, dict,
    ),
    Act.REPORT_PROGRESS: (signed, _L, lambda: {"progress": WHY}),
    Act.REPLY: (signed, _L, lambda: {f"{REPLY_PREFIX}{name}": said for name, said in reply().fields.items()}),
    Act.WITHDRAW_REPLY: (replied, _L, _why),
    Act.DECLARE_UNREASONABLE: (
        _inquired,
        _L,
        lambda: {"ground": _ground(), "inquiry": WHY, "policy": WHY},
    ),
    Act.SIGN_AS_HEAD: (_declared, Role.HEAD, dict),
    Act.DECIDE_UNREASONABLE: (
        lambda: _then(_declared(), sign_as_head, handling=1, actor=head(lead())), _R, _granted,
    ),
    Act.PASS_REVIEW: (replied, _R, dict),
    Act.REJECT_REVIEW: (replied, _R, _why),
    Act.RECORD_CALLBACK: (handled, _C, lambda: {"reached": "yes", "satisfaction": "satisfied"}),
    Act.CORRECT_CALLBACK: (
        _called,
        _R,
        lambda: {
            "call": "1", "reached": "yes", "resolved": "no", "satisfaction": "dissatisfied", "reason": WHY,
        },
    ),
    Act.LINK_REPEAT: (recorded, _D, lambda: {"of": _earlier(), "by": RepeatBy.PERSON.value}),
    Act.UNLINK_REPEAT: (
        lambda: _then(recorded(), link_repeat, of=_earlier(), by=RepeatBy.PERSON, actor=BOB), _D, _why,
    ),
    Act.CLOSE: (_called, _C, dict),
    Act.REOPEN: (_called, _D, lambda: {"reason": WHY, "handlings": ["1"]}),
    Act.URGE: (dispatched, _D, dict),
    Act.SUPERVISE: (dispatched, _S, _why),
    Act.ESCALATE: (dispatched, _S, _why),
    Act.MERGE: (dispatched, _D, lambda: {"into": recorded(), "reason": WHY}),
    Act.UNMERGE: (lambda: _then(recorded(), merge_order, into=recorded(), reason=WHY, actor=BOB), _D, _why),
    Act.PUBLISH: (_closed, _R, lambda: {"published": "yes"}),
    Act.ARCHIVE: (_closed, _R, dict),
}  # fmt: skip
"""Of every act with a form: an order that waits for it, who does it, and what they fill in."""

_HANDLING = frozenset(
    act for act, case in CASES.items() if case[1] in UNIT_ROLES
) | {Act.DECIDE_RETURN, Act.DECIDE_EXTENSION, Act.DECIDE_UNREASONABLE, Act.PASS_REVIEW, Act.REJECT_REVIEW}  # fmt: skip


def test_every_act_with_a_form_is_looked_at() -> None:
    assert set(CASES) == set(FORMS)


def _form(browser: Client, act: Act, number: str, given: dict[str, Any]) -> dict[str, Any]:
    """The form as it was opened: with what it says that was seen."""
    handling = given.get("handling", 1 if act in _HANDLING else None)
    where = f"/desk/orders/{number}/do/{act.value}/"
    page = browser.get(where if handling is None else f"{where}?handling={handling}")
    assert page.status_code == 200, act
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.content.decode())
    return {**{name: value for name, value in hidden if name != "csrfmiddlewaretoken"}, **given}


@pytest.mark.parametrize("act", CASES, ids=lambda act: act.value)
def test_sent_twice_it_is_one_event(act: Act, sign_in: Sign) -> None:
    make, role, fill = CASES[act]
    number, given = make(), fill()
    browser = sign_in(role, lead() if role in UNIT_ROLES else None)
    form = _form(browser, act, number, given)
    assert "seen" in form
    before = Event.objects.filter(act=act.value).count()
    answers = [browser.post(f"/desk/orders/{number}/do/{act.value}/", form) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302], answers[0].content.decode()
    assert Event.objects.filter(act=act.value).count() == before + 1


OTHERWISE: dict[Act, Callable[[], dict[str, Any]]] = {
    Act.CLASSIFY: lambda: {"request_type": list(city().request_types)[2]},
    Act.CORRECT: lambda: {"confidential": "yes"},
    Act.ANSWER: lambda: {"unit": lead()},
    Act.REFUSE: lambda: {"ground": city().workflow.refusal_grounds[1].code},
    Act.DISPATCH: lambda: {"lead": units(2)[1]},
    Act.ADD_UNIT: lambda: {"unit": units(3)[2]},
    Act.ASSIGN: lambda: {"account": ""},
    Act.DECIDE_RETURN: lambda: {"granted": "no"},
    Act.ASK_EXTENSION: lambda: {"days": 2},
    Act.DECIDE_EXTENSION: lambda: {"granted": "no"},
    Act.REPLY: lambda: {"phone_contact": "on"},
    Act.DECLARE_UNREASONABLE: lambda: {"ground": city().workflow.unreasonable_grounds[1].code},
    Act.DECIDE_UNREASONABLE: lambda: {"granted": "no"},
    Act.RECORD_CALLBACK: lambda: {"satisfaction": "dissatisfied"},
    Act.CORRECT_CALLBACK: lambda: {"resolved": "yes"},
    Act.LINK_REPEAT: lambda: {"by": RepeatBy.MATTER.value},
    Act.REOPEN: lambda: {"handlings": []},
    Act.MERGE: lambda: {"into": recorded()},
    Act.PUBLISH: lambda: {"published": "no"},
}
"""Of every act whose form asks for more than words: something else to choose."""


@pytest.mark.parametrize("act", OTHERWISE, ids=lambda act: act.value)
def test_something_else_chosen_in_another_tab_is_not_said_to_be_done(act: Act, sign_in: Sign) -> None:
    make, role, fill = CASES[act]
    number, given = make(), fill()
    browser = sign_in(role, lead() if role in UNIT_ROLES else None)
    form = _form(browser, act, number, given)
    before = Event.objects.filter(act=act.value).count()
    where = f"/desk/orders/{number}/do/{act.value}/"
    assert browser.post(where, form).status_code == 302
    answer = browser.post(where, {**form, **OTHERWISE[act]()})
    assert (answer.status_code, Event.objects.filter(act=act.value).count()) == (409, before + 1)
    assert "与这次填的不同" in answer.content.decode()
    assert browser.post(where, form).status_code == 302, "the first once more is done still"
    assert Event.objects.filter(act=act.value).count() == before + 1


def test_who_chooses_another_unit_in_another_tab_is_told_what_was_done(sign_in: Sign) -> None:
    number, (first, second) = recorded(), units(2)
    browser, where = sign_in(Role.DISPATCHER), f"/desk/orders/{number}/do/dispatch/"
    form = _form(browser, Act.DISPATCH, number, {"lead": first})
    assert browser.post(where, form).status_code == 302
    names = [unit_name(each, moment()) for each in (first, second)]
    page = browser.post(where, {**form, "lead": second}).content.decode()
    told = re.search(r'role="alert"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert told is not None
    assert f"您刚才已经办过“派单”（主办：{names[0]}" in told[1]
    assert names[1] not in told[1]
    assert "现在不能再“派单”" in told[1]
    assert re.search(rf'<option value="{second}"[^>]* selected', page), "what was chosen is there still"
    assert [each.unit for each in handlings(number)] == [first]
    assert "看工单现状</a>" in page
    assert '<button class="main">派单' not in page, "nothing is offered that would be refused"


def test_of_several_orders_those_that_went_elsewhere_from_another_tab_are_told_apart(sign_in: Sign) -> None:
    number, other, (first, second) = recorded(), recorded(), units(2)
    browser, bulk = sign_in(Role.DISPATCHER), "/desk/dispatch/bulk/"
    form = _form(browser, Act.DISPATCH, number, {"lead": first})
    picks = [f"{each}::{row(each).events}" for each in (number, other)]
    together = {"act": "dispatch", "queue": "", "step": "do", "pick": picks}
    assert browser.post(f"/desk/orders/{number}/do/dispatch/", form).status_code == 302
    page = browser.post(bulk, {**together, "lead": second}).content.decode()
    assert [each.unit for each in (*handlings(number), *handlings(other))] == [first, second]
    assert page.count("与这次填的不同") == 1
    again = browser.post(bulk, {**together, "lead": second}).content.decode()
    assert (again.count("与这次填的不同"), again.count("刚才已经办过；")) == (1, 0)
    assert "刚才已经办过<" in re.sub(r"\s*<", "<", again)


@pytest.mark.parametrize("act", CASES, ids=lambda act: act.value)
def test_going_back_to_it_and_sending_it_anew_is_answered_by_a_page(act: Act, sign_in: Sign) -> None:
    make, role, fill = CASES[act]
    number, given = make(), fill()
    browser = sign_in(role, lead() if role in UNIT_ROLES else None)
    form = _form(browser, act, number, given)
    where = f"/desk/orders/{number}/do/{act.value}/"
    assert browser.post(where, form).status_code == 302
    handling = form.get("handling")
    back = browser.get(where if handling is None else f"{where}?handling={handling}")
    anew = browser.post(where, {name: value for name, value in form.items() if name != "seen"})
    for answer in (back, anew):
        page = answer.content.decode()
        assert answer.status_code in {200, 302, 404, 409, 422}
        assert answer.status_code == 302 or "<h1" in page
        if answer.status_code in {404, 409, 422}:
            assert re.search(r'role="alert"|class="wrong"|<h1>[^<]*没有', page), "it says why"
            assert re.search(r'href="/desk/', page), "and leads on"


def test_a_second_form_is_a_second_act(sign_in: Sign) -> None:
    number, browser = dispatched(), sign_in(Role.DISPATCHER)
    for _ in range(2):
        browser.post(f"/desk/orders/{number}/do/urge/", _form(browser, Act.URGE, number, {"remark": ""}))
    assert row(number).urged == 2


def test_another_text_in_another_tab_is_not_said_to_be_done(sign_in: Sign) -> None:
    order = signed()
    browser, address = sign_in(Role.HANDLER, lead()), f"/desk/orders/{order}/do/report_progress/"
    given = {"seen": row(order).events, "handling": 1}
    told = Event.objects.filter(act="report_progress")
    for text in ("已到现场,\r\n正在修。", "已到现场,\n正在修。  "):
        assert browser.post(address, {**given, "progress": text}).status_code == 302
    assert told.count() == 1, "the same, sent twice"
    answer = browser.post(address, {**given, "progress": "配件后天到货,届时换好。"})
    page = answer.content.decode()
    assert (answer.status_code, told.count()) == (409, 1)
    assert "这次的没有保存" in page
    assert "配件后天到货,届时换好。</textarea>" in page, "what was written is there to be sent again"
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    again = {**given, "seen": seen[1], "progress": "配件后天到货,届时换好。"}
    assert (browser.post(address, again).status_code, told.count()) == (302, 2)


def test_the_second_of_two_people_is_told_who_did_what_and_when(sign_in: Sign) -> None:
    number = signed()
    mine, other = sign_in(Role.LIAISON, lead()), sign_in(Role.HANDLER, lead())
    form = _form(mine, Act.REPORT_PROGRESS, number, {"progress": "我写的进展"})
    theirs = _form(other, Act.REPORT_PROGRESS, number, {"progress": "别人写的"})
    assert other.post(f"/desk/orders/{number}/do/report_progress/", theirs).status_code == 302
    answer = mine.post(f"/desk/orders/{number}/do/report_progress/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"<li>04-21 11:3\d handler 报告进展</li>", page), "when, who, what"
    assert "我写的进展" in page, "what was typed stays"


def test_who_cannot_see_what_another_unit_did_is_not_stopped_by_it(sign_in: Sign) -> None:
    first, second = units(2)
    number = signed(to=first, assisting=[second])
    mine, other = sign_in(Role.LIAISON, first), sign_in(Role.LIAISON, second)
    form = _form(mine, Act.REPORT_PROGRESS, number, {"progress": WHY})
    other.post(f"/desk/orders/{number}/do/report_progress/", {"handling": 2, "progress": WHY})
    assert mine.post(f"/desk/orders/{number}/do/report_progress/", form).status_code == 302
    assert "liaison" not in str(form)


def _contact(browser: Client, number: str, purpose: str) -> None:
    where = f"/desk/orders/{number}/contact/"
    answer = browser.post(where, {"purpose": purpose})
    assert answer.status_code == 200
    assert "13900000001" in answer.content.decode()


def test_a_contact_that_is_asked_for_twice_is_read_once(sign_in: Sign) -> None:
    number, browser = recorded(), sign_in(Role.CALLBACK_AGENT)
    readings = Event.objects.filter(act="read_contact")
    for _ in range(2):
        _contact(browser, number, "call_back")
    assert readings.count() == 1
    _contact(browser, number, "clarify")
    assert readings.count() == 2, "for another purpose it is another reading"
    _contact(sign_in(Role.REVIEWER), number, "clarify")
    assert readings.count() == 3, "and somebody else's is"
    with override_settings(JIEBAN_CLOCK_SHIFT=settings.JIEBAN_CLOCK_SHIFT + timedelta(seconds=40)):
        _contact(browser, number, "clarify")
    assert readings.count() == 4, "and a later one"


def test_citizens_forms_are_done_once_however_often_they_are_touched() -> None:
    writer = Citizen()
    number, at = writer.file(kind=plain_type()), moment()
    dispatch_order(order=number, to=Assignment(lead=lead()), actor=BOB, now=at)
    sign_handling(order=number, handling=1, actor=liaison(lead()), now=at)
    _touched(writer, number, "urge", {"remark": ""})
    pause_handling(order=number, handling=1, reason=WHY, actor=handler(lead()), now=at)
    _touched(writer, number, "supplement", {"remark": WHY, "handling": "1"})
    reply_to_order(order=number, handling=1, reply=reply(), actor=handler(lead()), now=moment())
    pass_review(order=number, handling=1, actor=RUTH, now=moment())
    rated = {"contacted": "yes", "resolved": "yes", "satisfaction": city().labels["satisfaction"][0].code}
    _touched(writer, number, "rate", rated)


def _touched(writer: Citizen, number: str, name: str, given: dict[str, str]) -> None:
    """A form sent twice as it was opened, which says both times that it was taken, and is one event."""
    page = writer.page(number)
    seen = re.search(rf'action="/my/{number}/{name}/".*?name="seen" value="(\d+)"', page, re.DOTALL)
    assert seen is not None
    before = Event.objects.count()
    for _ in range(2):
        answer = writer.browser.post(f"/my/{number}/{name}/", {**given, "seen": seen[1]})
        assert answer.status_code == 302, answer.content.decode()
        assert answer.headers["Location"] == f"/my/{number}/?done={name}"
    assert Event.objects.count() == before + 1
