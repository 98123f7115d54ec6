"""At the desk: what a request is, an answer at once, a lawful refusal."""

from datetime import timedelta

import pytest
from cast import (
    ALICE,
    BOB,
    LEO,
    MINUTE,
    MONDAY,
    RUTH,
    at,
    clock,
    dispatched,
    last_event,
    lead,
    liaison,
    plain_type,
    recorded,
    refused,
    request,
    row,
    words,
)
from django.test import override_settings

from jieban.orders.actions.callback import Outcome
from jieban.orders.actions.correct import Correction, correct_order
from jieban.orders.actions.desk import Classification, answer_order, classify_order, refuse_order
from jieban.orders.actions.reply import Reply
from jieban.orders.actions.split import SplitPart, split_order
from jieban.orders.actions.unreasonable import UnreasonableFile
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.face import face_of
from jieban.orders.models import Event
from jieban.orders.secrets import Contact, Matter, lock_of, matter_of
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.profile.model import Urgency

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=3)


def classify(order: str, **what: object) -> None:
    classify_order(order=order, classification=Classification(**what), actor=ALICE, now=LATER)


@pytest.mark.usefixtures("each_city")
def test_another_urgency_counts_from_the_recording_and_not_from_the_change() -> None:
    order = recorded()
    classify(order, urgency=Urgency.URGENT)
    assert row(order).urgency == "urgent"
    assert clock(order, "close").due_at == MONDAY + timedelta(hours=48)
    assert clock(order, "sign").due_at == MONDAY + timedelta(hours=4)
    classify(order, urgency=Urgency.EMERGENCY)
    assert clock(order, "close").due_at == MONDAY + timedelta(hours=4), "the deadline has passed already"


def test_another_type_has_another_deadline(each_city: str) -> None:
    # From Friday 18 April: 21 to 25, Sunday 27 (worked), 28 and 29. Help takes 8 working days, advice 7.
    code, due = {"changji": ("help", "2025-04-29 19:30"), "yunting": ("advise", "2025-04-28 17:30")}[
        each_city
    ]
    order = recorded(now=at("2025-04-18 16:00"))
    classify(order, request_type=code)
    assert clock(order).due_at == at(due)
    assert last_event(order)["changes"]["order"]["request_type"][1] == code


@pytest.mark.usefixtures("each_city")
def test_a_new_topic_takes_no_subtopic_of_the_old() -> None:
    profile = city()
    (first, _), (second, _) = list(profile.order_topics.items())[:2]
    sub = next(iter(profile.subtopics(profile.order_scheme, first)))
    order = recorded(topic=first, subtopic=sub)
    classify(order, topic=second)
    assert (row(order).topic, row(order).subtopic) == (second, None)
    with refused(BadValue):
        classify(order, subtopic="no-such")


@pytest.mark.usefixtures("each_city")
def test_the_summary_is_kept_sealed_and_what_the_citizen_said_stays() -> None:
    order = recorded()
    classify(order, summary="路灯损坏,请求维修")
    found = row(order)
    matter = matter_of(lock_of(found.secret, order, keyring()), found.secret)
    assert (matter.summary, matter.content) == ("路灯损坏,请求维修", "小区门口的路灯三天不亮了。")
    told = "".join(Event.objects.values_list("data", flat=True))
    assert "路灯" not in told
    assert "matter/summary" in last_event(order)["commitments"]


@pytest.mark.usefixtures("each_city")
def test_a_classification_that_changes_nothing_is_refused() -> None:
    order = recorded()
    with refused(Missing):
        classify(order)
    with refused(Missing):
        classify(order, urgency=Urgency.NORMAL, confidential=False, summary="路灯不亮")


@pytest.mark.parametrize(
    "what", [{"request_type": "x"}, {"topic": "x"}, {"street": "x"}, {"subtopic": "x"}], ids=str
)
@pytest.mark.usefixtures("each_city")
def test_a_code_that_the_city_lacks_is_refused(what: dict[str, str]) -> None:
    order = recorded()
    with refused(BadValue):
        classify(order, **what)


def test_units_dont_classify_and_dispatched_orders_arent_classified_any_more() -> None:
    order, gone = recorded(), dispatched()
    change = Classification(urgency=Urgency.URGENT)
    with refused(NoSuchOrder):
        classify_order(order=order, classification=change, actor=liaison(lead()), now=LATER)
    with refused(NotAllowed):
        classify_order(order=order, classification=change, actor=RUTH, now=LATER)
    with refused(WrongState):
        classify(gone, urgency=Urgency.URGENT)


def test_a_tip_made_confidential_at_the_desk_is_so() -> None:
    order = recorded()
    classify(order, confidential=True)
    assert row(order).confidential


@pytest.mark.usefixtures("each_city")
def test_what_is_found_to_be_a_report_is_confidential_from_then_on() -> None:
    report = next(code for code, each in city().request_types.items() if each.confidential)
    order = recorded()
    assert not row(order).confidential
    classify(order, request_type=report)
    assert row(order).confidential
    assert last_event(order)["changes"]["order"]["confidential"] == [False, True]
    # Who says at the desk that it isn't is heard, and found otherwise it is still not told to units by itself.
    open_one = recorded()
    classify(open_one, request_type=report, confidential=False)
    assert not row(open_one).confidential
    classify(order, request_type=plain_type())
    assert row(order).confidential


@pytest.mark.usefixtures("each_city")
def test_what_is_corrected_to_or_split_off_as_a_report_is_confidential_too() -> None:
    report = next(code for code, each in city().request_types.items() if each.confidential)
    corrected = dispatched()
    wanted = Correction(request_type=report)
    correct_order(order=corrected, correction=wanted, reason="实为举报", actor=BOB, now=LATER)
    assert row(corrected).confidential
    assert face_of(liaison(lead()), corrected).requester is None
    topic = next(iter(city().order_topics))
    parts = [SplitPart(request_type=code, topic=topic, summary="其一") for code in (report, plain_type())]
    for confidential, becomes in ((None, [True, False]), (True, [True, True])):
        parent = recorded(confidential=confidential)
        children = split_order(order=parent, parts=parts, actor=BOB, now=LATER).children
        assert [row(child).confidential for child in children] == becomes


def test_nobodys_words_are_in_what_is_printed_of_an_act() -> None:
    said = (
        Classification(summary="张三欠薪"),
        Matter(content="张三欠薪", address="张三家"),
        request(matter=Matter(content="张三欠薪"), contact=Contact(name="张三", phone="10012341234")),
        UnreasonableFile(ground="untrue", inquiry="张三所述不实", policy="张三不符合条件"),
        Correction(summary="张三欠薪", address="张三家", contact=Contact(name="张三")),
        SplitPart(request_type="help", topic="x", summary="张三欠薪"),
        Outcome(reached=False, remark="张三未接"),
        Reply(fields={"done": "已告知张三"}),
    )
    assert all("张三" not in repr(each) and "1001234" not in repr(each) for each in said)


@pytest.mark.usefixtures("each_city")
def test_an_answer_at_the_desk_ends_the_case_at_once() -> None:
    order = recorded()
    done = answer_order(order=order, answer=" 请拨打供电服务热线报修。 ", actor=ALICE, now=LATER)
    found = row(order)
    assert (found.state, found.disposition) == ("closed", "answered")
    assert found.closed_at == found.concluded_at == LATER
    assert found.answer_in == done.seq
    assert words(order, done.seq) == {"answer": "请拨打供电服务热线报修。"}
    assert found.dispatched_at is None
    close, sign = clock(order, "close"), clock(order, "sign")
    assert (close.stopped_at, close.dropped) == (LATER, False)
    assert (sign.stopped_at, sign.dropped) == (None, True), "nobody will ever sign for it"


@override_settings(JIEBAN_PROFILE="changji")
def test_a_letter_is_answered_directly() -> None:
    box = city().mailboxes["mayor"]
    order = recorded(mailbox="mayor", channel="mayor", topic=next(iter(city().schemes[box.scheme])))
    answer_order(order=order, answer="已转有关部门研究。", actor=BOB, now=LATER)
    assert (row(order).mailbox, row(order).disposition) == ("mayor", "answered")


@pytest.mark.usefixtures("each_city")
def test_an_empty_answer_is_none() -> None:
    order = recorded()
    with refused(Missing):
        answer_order(order=order, answer=" \n", actor=ALICE, now=LATER)
    with refused(BadValue):
        answer_order(order=order, answer="长" * 20_001, actor=ALICE, now=LATER)


@pytest.mark.usefixtures("each_city")
def test_each_lawful_ground_refuses_and_nothing_is_owed_then() -> None:
    for ground in city().workflow.refusal_grounds:
        order = recorded()
        done = refuse_order(order=order, ground=ground.code, explanation="请走诉讼。", actor=BOB, now=LATER)
        found = row(order)
        assert (found.state, found.disposition, found.refused_ground) == ("refused", "refused", ground.code)
        assert found.closed_at is None
        assert words(order, done.seq) == {"explanation": "请走诉讼。"}
        for stage in ("sign", "close"):
            assert clock(order, stage).dropped
            assert clock(order, stage).stopped_at is None


@pytest.mark.usefixtures("each_city")
def test_no_refusal_without_a_lawful_ground_and_a_word_on_it() -> None:
    order, ground = recorded(), city().workflow.refusal_grounds[0].code
    with refused(BadValue):
        refuse_order(order=order, ground="too_much_work", explanation="忙", actor=BOB, now=LATER)
    with refused(Missing):
        refuse_order(order=order, ground=ground, explanation="  ", actor=BOB, now=LATER)
    with refused(NotAllowed):
        refuse_order(order=order, ground=ground, explanation="不收", actor=RUTH, now=LATER)
    with refused(NoSuchOrder):
        refuse_order(order=order, ground=ground, explanation="不收", actor=LEO, now=LATER)


def test_what_was_refused_stays_refused() -> None:
    order = recorded()
    ground = city().workflow.refusal_grounds[0].code
    refuse_order(order=order, ground=ground, explanation="请走诉讼。", actor=BOB, now=LATER)
    with refused(WrongState):
        answer_order(order=order, answer="答复", actor=ALICE, now=LATER + MINUTE)
