"""Recording: a request enters once, as it was said, under a number that can be read out."""

import json
import re
from datetime import UTC, date, timedelta

import pytest
from cast import (
    ALICE,
    ANNA,
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    STRANGER,
    SYSTEM,
    at,
    clock,
    handler,
    last_event,
    lead,
    recorded,
    refused,
    request,
    row,
)
from django.apps import apps
from django.test import override_settings

from jieban.orders.actions.record import Recorded, record_order
from jieban.orders.audit.verify import verify
from jieban.orders.errors import BadValue, Missing, NoSuchOrder, NotAllowed
from jieban.orders.face import face_of
from jieban.orders.models import Event, Order, OrderSecret
from jieban.orders.replay.cast import of_centre
from jieban.orders.secrets import (
    Contact,
    Delivery,
    Matter,
    contact_of,
    delivery_of,
    lock_of,
    matter_of,
    phone_index,
)
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.roles import Role
from jieban.profile.model import Urgency
from live_database import LiveDatabase

live = pytest.mark.django_db
cities = pytest.mark.usefixtures("each_city")


def record(**changes: object) -> Recorded:
    return record_order(request=request(**changes), actor=ALICE, now=MONDAY)


def said_of(order: str) -> tuple[Contact, Matter]:
    secret = row(order).secret
    lock = lock_of(secret, order, keyring())
    assert lock is not None
    return contact_of(lock, secret), matter_of(lock, secret)


NUMBERS = {"changji": r"250421\d{4}\d", "yunting": r"YT2025-\d{5}\d"}


@live
def test_the_number_is_of_the_citys_pattern_counts_up_and_its_check_digit_holds(each_city: str) -> None:
    first, second = recorded(), recorded()
    assert re.fullmatch(NUMBERS[each_city], first)
    serials = [int(each[:-1][-4:]) for each in (first, second)]
    assert serials[1] == serials[0] + 1
    for number in (first, second):
        assert city().workflow.numbering.holds(number)


@live
@cities
def test_a_number_misread_in_a_digit_or_with_two_swapped_is_no_number() -> None:
    number, pattern = recorded(), city().workflow.numbering
    for place in [i for i, each in enumerate(number) if each.isdigit()][-5:]:
        for digit in "0123456789":
            if digit != number[place]:
                assert not pattern.holds(number[:place] + digit + number[place + 1 :])
        swapped = number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]
        assert swapped == number or not pattern.holds(swapped)


@live
def test_the_number_is_of_the_day_in_the_city_on_which_it_was_received() -> None:
    with override_settings(JIEBAN_PROFILE="changji"):
        night = at("2025-04-22 00:30").astimezone(UTC)
        assert night.date() == date(2025, 4, 21)
        assert recorded(now=night).startswith("250422")


@live
@cities
@override_settings(JIEBAN_DEMO=True)
def test_orders_of_a_demonstration_carry_its_mark() -> None:
    assert recorded().startswith("YS")


@live
@cities
def test_what_the_citizen_said_stands_unchanged_beside_the_summary() -> None:
    words = "  俺家门口路灯\n三天不亮了!!!\u3000买买提·艾力 "
    order = recorded(matter=Matter(content=words, summary="路灯不亮"))
    _, matter = said_of(order)
    assert (matter.content, matter.summary) == (words, "路灯不亮")


@live
@cities
def test_person_and_words_are_in_no_table_in_the_clear() -> None:
    order = recorded(contact=Contact(name="买买提·艾力", phone="13900000001"))
    secret = OrderSecret.objects.get(order__number=order)
    told = "".join(Event.objects.values_list("data", flat=True)) + repr(row(order).__dict__)
    for word in ("买买提", "13900000001", "路灯"):
        assert word not in told
        assert word.encode() not in bytes(secret.contact) + bytes(secret.matter)
    assert set(last_event(order)["commitments"]) == {
        "contact/name",
        "contact/phone",
        "matter/content",
        "matter/summary",
        "matter/address",
    }
    assert secret.phone_index == phone_index("+86 139-0000-0001", keyring())


@live
@cities
def test_the_same_delivery_is_one_order_and_another_channels_id_is_another() -> None:
    first, other = list(city().channels)[:2]
    one = record(channel=first, channel_ref="A-7")
    again = record(channel=first, channel_ref="A-7", matter=Matter(content="又打来一遍"))
    assert (one.new, again.new, again.order) == (True, False, one.order)
    assert Event.objects.filter(order__number=one.order).count() == 1
    assert record(channel=other, channel_ref="A-7").new
    assert record(channel_ref=None).order != record(channel_ref=None).order


@live
@cities
def test_a_channels_own_id_is_sealed_since_it_may_name_somebody() -> None:
    order = record(channel_ref="张三-13900000009").order
    told = json.dumps([each.data for each in Event.objects.filter(order__number=order)], ensure_ascii=False)
    for each in apps.get_app_config("orders").get_models():
        told += repr(list(each._default_manager.values()))
    assert "13900000009" not in told
    assert "张三" not in told
    secret = OrderSecret.objects.get(order__number=order)
    lock = lock_of(secret, order, keyring())
    assert delivery_of(lock, secret) == Delivery(channel=request().channel, ref="张三-13900000009")
    assert face_of(ALICE, order).channel_ref == "张三-13900000009"
    assert verify().clean


@live
def test_an_altered_id_or_index_of_a_delivery_is_found() -> None:
    one, other = record(channel_ref="A-1").order, record(channel_ref="A-2").order
    held = OrderSecret.objects.get(order__number=other)
    OrderSecret.objects.filter(order__number=one).update(delivery=held.delivery)
    OrderSecret.objects.filter(order__number=other).update(delivery_index="0" * 32)
    found = {(each.order, each.what) for each in verify().found}
    assert found == {(one, "secret.delivery"), (other, "secret.delivery_index")}


def test_the_same_delivery_at_the_same_time_is_one_order(database: LiveDatabase) -> None:
    found = database.in_threads(6, lambda _: record(channel_ref="T-1"))
    assert all(isinstance(each, Recorded) for each in found), found
    assert len({each.order for each in found}) == 1
    assert sum(each.new for each in found) == 1
    assert Order.objects.count() == OrderSecret.objects.count() == Event.objects.count() == 1


def test_no_number_twice_when_many_record_at_once(database: LiveDatabase) -> None:
    found = database.in_threads(6, lambda _: [record().order for _ in range(5)])
    numbers = [number for each in found for number in each]
    assert len(set(numbers)) == 30
    serials = sorted(int(each[:-1][-4:]) for each in numbers)
    assert serials == list(range(1, 31)), "and none is missing"


@live
@cities
def test_an_anonymous_request_needs_nobody_and_a_named_one_somebody() -> None:
    order = recorded(anonymous=True, contact=Contact())
    assert row(order).anonymous
    assert row(order).secret.contact is None
    with refused(Missing):
        record(contact=Contact())
    assert said_of(recorded(contact=Contact(phone="13900000001")))[0].name is None


@live
def test_confidential_by_type_and_by_choice(each_city: str) -> None:
    tips = [code for code, kind in city().request_types.items() if kind.confidential]
    assert tips, f"{each_city} has a type for tips"
    assert row(recorded(request_type=tips[0])).confidential
    assert row(recorded(confidential=True)).confidential
    assert not row(recorded()).confidential
    assert not row(recorded(request_type=tips[0], confidential=False)).confidential


@live
@cities
def test_the_centre_sees_a_masked_person() -> None:
    shown = face_of(ALICE, recorded(contact=Contact(name="买买提·艾力", phone="13900000001"))).requester
    assert shown is not None
    assert "13900000001" not in str(shown.phone)


CODES = [
    {"channel": "x"},
    {"request_type": "x"},
    {"topic": "x"},
    {"subtopic": "x"},
    {"street": "x"},
    {"mailbox": "x"},
    {"community": "长" * 101},
    {"community": "一\x00村"},
    {"channel_ref": "9" * 300},
    {"contact": Contact(name="名" * 101)},
    {"contact": Contact(phone="1" * 101)},
    {"matter": Matter(content="长" * 20_001)},
    {"matter": Matter(content="路灯", summary="长" * 20_001)},
    {"matter": Matter(content="路灯", address="长" * 501)},
    {"matter": Matter(content="路灯", longitude="87.3", latitude="北纬44度")},
    {"matter": Matter(content="路灯", longitude="187.3", latitude="44")},
    {"matter": Matter(content="路灯", longitude="87.3", latitude="nan")},
    {"matter": Matter(content="路灯", longitude="87.3")},
]


@live
@cities
@pytest.mark.parametrize("what", CODES, ids=lambda what: next(iter(what)))
def test_what_the_city_or_a_column_doesnt_hold_is_refused(what: dict[str, object]) -> None:
    with refused(BadValue):
        record(**what)


@live
@cities
def test_a_place_may_have_coordinates() -> None:
    done = record(matter=Matter(content="路灯", longitude="87.304112", latitude="44.01"))
    assert said_of(done.order)[1].longitude == "87.304112"


@live
@cities
@pytest.mark.parametrize("reference", ["", "  "])
def test_a_delivery_without_an_id_is_none(reference: str) -> None:
    with refused(Missing):
        record(channel_ref=reference)


@live
@cities
@pytest.mark.parametrize("content", [None, "", " \n\u3000"])
def test_a_request_without_words_is_refused(content: str | None) -> None:
    with refused(Missing):
        record(matter=Matter(content=content))


@live
@cities
def test_received_before_is_told_so_and_received_tomorrow_is_refused() -> None:
    order = recorded(received_at=MONDAY - timedelta(days=2))
    assert row(order).received_at == MONDAY - timedelta(days=2)
    assert clock(order).started_at == MONDAY, "the centre's clock begins when it knows"
    with refused(BadValue):
        record(received_at=MONDAY + MINUTE)


@live
@cities
def test_a_year_without_a_calendar_is_recorded_with_a_provisional_deadline() -> None:
    order = recorded(now=at("2031-03-03 10:00"))
    close = clock(order)
    assert close.provisional
    assert close.due_at > at("2031-03-04 10:00")
    urgent = clock(recorded(now=at("2031-03-03 10:00"), urgency=Urgency.EMERGENCY))
    assert not urgent.provisional, "hours by the clock need no calendar"
    assert not clock(recorded()).provisional


@live
def test_who_records() -> None:
    for actor in (ALICE, BOB, SYSTEM, NUR):
        assert record_order(request=request(), actor=actor, now=MONDAY).new
    for actor in (RUTH, CARL, ANNA, handler(lead())):
        with refused(NotAllowed):
            record_order(request=request(), actor=actor, now=MONDAY)


@live
def test_a_citizens_order_is_theirs() -> None:
    order = record_order(request=request(), actor=NUR, now=MONDAY).order
    assert row(order).requester == NUR.ref
    with pytest.raises(NoSuchOrder):
        face_of(STRANGER, order)
    assert row(recorded()).requester is None
    played = record_order(request=request(), actor=of_centre(Role.OPERATOR), now=MONDAY).order
    assert row(played).requester is None


@live
@cities
def test_a_named_earlier_order_is_linked_and_an_unknown_one_refused() -> None:
    first = recorded()
    again = row(recorded(repeat_of=first, now=MONDAY + MINUTE))
    assert (again.repeat_of.number, again.repeat_by) == (first, "named")
    with refused(NoSuchOrder):
        record(repeat_of="nosuch")
    with refused(NoSuchOrder):
        record_order(request=request(repeat_of=first), actor=NUR, now=MONDAY + MINUTE)


@live
@cities
def test_order_clocks_run_from_the_recording() -> None:
    order = recorded()
    for stage in ("sign", "close"):
        assert clock(order, stage).started_at == MONDAY
        assert clock(order, stage).rule
    assert row(order).profile_version == city().version
