"""Acts through the pages: what is offered, done, refused, and what somebody else did in the meantime."""

import pytest
from browsers import Sign
from cast import MINUTE, MONDAY, dispatched, handled, lead, recorded, replied, row, signed, units

from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db


def _act(number: str, name: str) -> str:
    return f"/desk/orders/{number}/do/{name}/"


@pytest.mark.usefixtures("each_city")
def test_an_order_goes_from_dispatch_to_its_end_through_the_pages(sign_in: Sign) -> None:
    number, unit = recorded(), lead()
    dispatcher, liaison = sign_in(Role.DISPATCHER), sign_in(Role.LIAISON, unit)
    assert dispatcher.post(_act(number, "dispatch"), {"lead": unit}).status_code == 302
    assert row(number).state == "dispatched"
    assert liaison.post(_act(number, "sign"), {"handling": 1}).status_code == 302
    assert row(number).state == "handling"
    assert (
        liaison.post(_act(number, "report_progress"), {"handling": 1, "progress": "已派人到现场"}).status_code
        == 302
    )
    assert "已派人到现场" in dispatcher.get(f"/desk/orders/{number}/").content.decode()


def test_a_reply_that_lacks_something_comes_back_as_it_was_written(sign_in: Sign) -> None:
    number = signed()
    handler = sign_in(Role.HANDLER, lead())
    form = handler.get(_act(number, "reply") + "?handling=1").content.decode()
    assert "field_" in form
    name = form.split('name="field_', 1)[1].split('"', 1)[0]
    answer = handler.post(_act(number, "reply"), {"handling": 1, f"field_{name}": "已处理"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已处理" in page
    assert 'role="alert"' in page
    assert row(number).state == "handling"


def test_who_may_not_is_told_so_and_nothing_is_written(sign_in: Sign) -> None:
    number = recorded()
    before = row(number).events
    answer = sign_in(Role.REVIEWER).post(_act(number, "dispatch"), {"lead": lead()})
    assert answer.status_code == 403
    assert row(number).events == before


def test_an_act_out_of_turn_is_refused(sign_in: Sign) -> None:
    number = dispatched()
    assert sign_in(Role.DISPATCHER).post(_act(number, "dispatch"), {"lead": lead()}).status_code == 409


def test_whoever_saves_second_is_told_what_changed(sign_in: Sign) -> None:
    number = recorded()
    browser = sign_in(Role.DISPATCHER)
    seen = row(number).events
    other = sign_in(Role.OPERATOR)
    assert other.post(_act(number, "urge"), {"remark": "来电催促"}).status_code == 302
    first = browser.post(_act(number, "dispatch"), {"lead": lead(), "seen": seen})
    assert first.status_code == 409
    assert "催办" in first.content.decode()
    assert row(number).state == "recorded"
    again = browser.post(_act(number, "dispatch"), {"lead": lead(), "seen": row(number).events})
    assert again.status_code == 302
    assert row(number).state == "dispatched"


def test_only_what_is_possible_is_offered(sign_in: Sign) -> None:
    number = replied()
    reviewer = sign_in(Role.REVIEWER).get(f"/desk/orders/{number}/").content.decode()
    handler = sign_in(Role.HANDLER, lead()).get(f"/desk/orders/{number}/").content.decode()
    assert "/do/pass_review/" in reviewer
    assert "/do/pass_review/" not in handler
    assert "/do/withdraw_reply/" in handler
    assert "/do/sign/" not in handler


def test_one_comes_back_only_to_a_page_of_ours(sign_in: Sign) -> None:
    number = recorded()
    browser = sign_in(Role.DISPATCHER)
    for away in ("https://evil.example/", "//evil.example/desk/", "/account/logout/"):
        answer = browser.post(_act(number, "urge"), {"back": away})
        assert answer.headers["Location"] == f"/desk/orders/{number}/", away
    assert units(1)


@pytest.mark.parametrize("given", ["nonsense", "record", "warn"])
def test_an_act_without_a_form_is_not_found(given: str, sign_in: Sign) -> None:
    assert sign_in(Role.DISPATCHER).get(_act(recorded(), given)).status_code == 404


@pytest.mark.usefixtures("each_city")
def test_what_an_order_is_can_be_said_before_dispatch_and_mended_after(sign_in: Sign) -> None:
    number = recorded()
    topic = next(each for each in city().order_topics.values() if each.subtopics)
    street = next(iter(city().streets.values()))
    said = {
        "request_type": row(number).request_type,
        "topic": f"{topic.code}/{topic.subtopics[0].code}",
        "urgency": "urgent",
        "place": street.code,
        "summary": "路灯不亮",
    }
    reviewer = sign_in(Role.REVIEWER)
    form = sign_in(Role.OPERATOR).get(_act(number, "classify")).content.decode()
    assert f'value="{row(number).topic}" selected' in form
    assert reviewer.post(_act(number, "classify"), said).status_code == 403
    assert sign_in(Role.DISPATCHER).post(_act(number, "classify"), said).status_code == 302
    order = row(number)
    assert (order.topic, order.subtopic) == (topic.code, topic.subtopics[0].code)
    assert (order.urgency, order.street, order.community) == ("urgent", street.code, None)
    assert "路灯不亮" in sign_in(Role.SUPERVISOR).get(f"/desk/orders/{number}/").content.decode()

    other = signed()
    mended = {**said, "urgency": "normal", "place": "", "confidential": "yes"}
    assert reviewer.post(_act(other, "correct"), mended).status_code == 422, "it wants a reason"
    assert reviewer.post(_act(other, "correct"), {**mended, "reason": "登记有误"}).status_code == 302
    order = row(other)
    assert (order.topic, order.street, order.confidential) == (topic.code, None, True)


@pytest.mark.usefixtures("each_city")
def test_what_was_written_wrongly_of_a_call_and_of_a_repeat_is_mended(sign_in: Sign) -> None:
    earlier, number = recorded(now=MONDAY - MINUTE), handled()
    caller, reviewer, operator = (
        sign_in(role) for role in (Role.CALLBACK_AGENT, Role.REVIEWER, Role.OPERATOR)
    )
    page = f"/desk/orders/{number}/"
    assert "/do/correct_callback/" not in reviewer.get(page).content.decode(), "there was none"
    happy = city().labels["satisfaction"][0].code
    said = {"reached": "yes", "contacted": "yes", "resolved": "yes", "satisfaction": "dissatisfied"}
    assert caller.post(_act(number, "record_callback"), said).status_code == 302
    mended = {**said, "satisfaction": happy, "call": 1, "reason": "听错了"}
    assert "/do/correct_callback/" in reviewer.get(page).content.decode()
    assert reviewer.post(_act(number, "correct_callback"), mended).status_code == 302
    assert row(number).satisfaction == happy

    assert "/do/unlink_repeat/" not in operator.get(page).content.decode()
    assert operator.post(_act(number, "link_repeat"), {"of": earlier, "by": "matter"}).status_code == 302
    assert row(number).repeat_of_id == row(earlier).pk
    linked = operator.get(page).content.decode()
    assert "/do/link_repeat/" not in linked
    assert "/do/unlink_repeat/" in linked
    assert operator.post(_act(number, "unlink_repeat"), {"reason": "不是一件事"}).status_code == 302
    assert row(number).repeat_of_id is None


@pytest.mark.usefixtures("each_city")
def test_what_is_missing_is_asked_for_in_plain_words(sign_in: Sign) -> None:
    dispatcher, number = sign_in(Role.DISPATCHER), recorded()
    for act, said in (("dispatch", "请选择。"), ("refuse", "请填写。")):
        answer = dispatcher.post(_act(number, act), {})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert "必填项" not in page


def test_the_form_of_an_act_whose_time_is_over_is_not_opened(sign_in: Sign) -> None:
    number, browser = signed(), sign_in(Role.LIAISON, lead())
    answer = browser.get(f"{_act(number, 'sign')}?handling=1&back=/desk/unit/")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "现在不能“签收”" in page
    assert 'id="act-form"' not in page
    assert 'href="/desk/unit/"' in page
    piece = browser.get(f"{_act(number, 'sign')}?handling=1", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in piece
    assert "现在不能“签收”" in piece
