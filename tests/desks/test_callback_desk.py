"""The callback agent's desk: whom to call, whom again, what is ended; rework in one flow."""

from datetime import UTC, datetime, timedelta

import pytest
from browsers import OPENED, Sign
from cast import CARL, MINUTE, at, footprint, handled, row, units
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from jieban.desks.callback.queues import last_to_try_again, next_try, to_call, tried
from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.models import Callback
from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
DESK = "/desk/callback/"
_SOON = OPENED - 10 * MINUTE


def _call(number: str, *, reached: bool, rating: Satisfaction | None = None, now: datetime = _SOON) -> None:
    outcome = Outcome(reached=reached, satisfaction=rating, resolved=None)
    record_callback(order=number, outcome=outcome, actor=CARL, now=now)


def _queue(sign_in: Sign, queue: str) -> str:
    return str(sign_in(Role.CALLBACK_AGENT).get(f"{DESK}?queue={queue}").content.decode())


@pytest.mark.usefixtures("each_city")
def test_each_order_waits_where_its_next_step_is(sign_in: Sign) -> None:
    new, unreached, unhappy, content = (handled() for _ in range(4))
    _call(unreached, reached=False)
    _call(unhappy, reached=True, rating=Satisfaction.DISSATISFIED)
    _call(content, reached=True, rating=Satisfaction.SATISFIED)
    anonymous = handled(anonymous=True)
    waiting = {
        "handled": {new},
        "tried": {unreached},
        "unhappy": {unhappy},
        "settled": {content, anonymous},
    }
    browser = sign_in(Role.CALLBACK_AGENT)
    for queue, expected in waiting.items():
        page = browser.get(f"{DESK}?queue={queue}").content.decode()
        shown = {each for each in (new, unreached, unhappy, content, anonymous) if each in page}
        assert shown == expected, queue


def test_whoever_was_not_reached_yesterday_is_to_be_called_today(sign_in: Sign) -> None:
    number = handled(now=OPENED - timedelta(days=4))
    _call(number, reached=False, now=OPENED - timedelta(days=3))
    page = _queue(sign_in, "handled")
    assert number in page
    assert f"已试 1/{city().workflow.callbacks.tries} 次" in page


def test_one_tried_as_often_as_the_profile_says_can_be_ended(sign_in: Sign) -> None:
    number = handled()
    for n in range(city().workflow.callbacks.tries):
        _call(number, reached=False, now=_SOON + n * MINUTE)
    assert number in _queue(sign_in, "settled")
    much_later = _SOON + timedelta(days=20)
    assert not list(to_call(much_later)), "nobody calls once more than the profile says"
    assert not list(tried(much_later))


def test_the_next_try_is_on_the_next_working_day() -> None:
    friday, again = at("2025-04-30 16:00"), next_try(at("2025-04-30 16:00"))
    assert again is not None
    assert again.astimezone(friday.tzinfo).date().isoformat() == "2025-05-06"  # after the May holiday
    assert next_try(at("2099-04-30 16:00")) is None


@pytest.mark.usefixtures("each_city")
@pytest.mark.parametrize(
    "moment", ["2025-04-21 11:30", "2025-04-27 09:00", "2025-05-03 12:00", "2025-05-06 03:00"]
)
def test_a_queue_and_what_is_told_of_the_next_try_are_one_rule(moment: str) -> None:
    now = at(moment)
    last = last_to_try_again(now)
    before, after = next_try(last), next_try(last + timedelta(seconds=2))
    assert before is not None
    assert after is not None
    assert before <= now < after


def test_hours_of_the_office_are_counted_in_another_city(sign_in: Sign) -> None:
    with override_settings(JIEBAN_PROFILE="yunting"):
        number = handled(now=OPENED - timedelta(days=4))
        friday = at("2025-04-18 17:00")
        _call(number, reached=False, now=friday)
        browser = sign_in(Role.CALLBACK_AGENT)
        again = next_try(friday)
        assert again is not None
        assert again > friday + timedelta(days=2), "a weekend lies between"
        for now, queue in ((again - MINUTE, "tried"), (again, "handled")):
            with override_settings(JIEBAN_CLOCK_SHIFT=now - datetime.now(UTC) + timedelta(seconds=5)):
                assert number in browser.get(f"{DESK}?queue={queue}").content.decode(), queue


def test_without_a_calendar_who_was_not_reached_comes_back_the_next_day(sign_in: Sign) -> None:
    number = handled()
    _call(number, reached=False)
    far = at("2099-04-30 16:00")
    assert last_to_try_again(far) < at("2099-04-30 00:00") <= last_to_try_again(far) + timedelta(seconds=2)
    assert number in _queue(sign_in, "tried")


def _outcome(**changes: object) -> dict[str, object]:
    return {
        "reached": "yes",
        "contacted": "yes",
        "resolved": "no",
        "satisfaction": "dissatisfied",
        "remark": "说仍未修好",
        "rework": "on",
        "rework_reason": "诉求人反映问题仍在",
        **changes,
    }


@pytest.mark.usefixtures("each_city")
def test_who_is_not_content_is_written_down_and_handled_again_in_one_go(sign_in: Sign) -> None:
    number = handled()
    answer = sign_in(Role.CALLBACK_AGENT).post(f"/desk/orders/{number}/do/record_callback/", _outcome())
    assert answer.status_code == 302
    assert (row(number).state, row(number).round) == ("handling", 1)
    assert Callback.objects.get(order__number=number).satisfaction == "dissatisfied"


def test_a_rework_without_a_reason_writes_nothing_and_keeps_what_was_filled_in(sign_in: Sign) -> None:
    number = handled()
    before = footprint()
    form = _outcome(rework_reason="")
    answer = sign_in(Role.CALLBACK_AGENT).post(f"/desk/orders/{number}/do/record_callback/", form)
    assert answer.status_code == 422
    assert "说仍未修好" in answer.content.decode()
    assert footprint() == before


def test_units_to_handle_it_again_can_be_chosen(sign_in: Sign) -> None:
    lead, other = units(2)
    number = handled(to=lead, assisting=[other])
    form = {"reason": "协办部分没有办完", "handlings": ["2"]}
    assert sign_in(Role.CALLBACK_AGENT).post(f"/desk/orders/{number}/do/reopen/", form).status_code == 302
    states = dict(row(number).handlings.values_list("serial", "state"))
    assert states == {1: "closed", 2: "handling"}


def test_calls_are_shown_with_what_came_of_them(sign_in: Sign) -> None:
    number = handled()
    _call(number, reached=False)
    page = sign_in(Role.CALLBACK_AGENT).get(f"/desk/orders/{number}/").content.decode()
    assert "未接通" in page


def test_what_is_settled_is_ended_together(sign_in: Sign) -> None:
    numbers = [handled(), handled()]
    for each in numbers:
        _call(each, reached=True, rating=Satisfaction.SATISFIED)
    browser = sign_in(Role.CALLBACK_AGENT)
    picks = [f"{each}::{row(each).events}" for each in numbers]
    browser.post(f"{DESK}bulk/", {"act": "close", "step": "do", "pick": picks, "remark": ""})
    assert [row(each).state for each in numbers] == ["closed", "closed"]


def test_a_page_costs_the_same_however_long_the_queue(sign_in: Sign) -> None:
    browser = sign_in(Role.CALLBACK_AGENT)
    browser.get(DESK)
    counts = []
    for more in (1, 6):
        for _ in range(more):
            _call(handled(), reached=False)
            handled()
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(DESK).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 18
