"""The one box over orders, and orders that read alike: what is found is what a plain scan finds."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from cast import ADAM, ALICE, BOB, LEO, MINUTE, MONDAY, NUR, SUE, dispatched, handler, recorded, row, units
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_keys import both_keys
from test_retention import after, closed

from jieban.ledger.schema import DEMO_PREFIX
from jieban.orders.access import orders_for
from jieban.orders.actions.redaction import redact_order
from jieban.orders.keyring import rotate_keys
from jieban.orders.models import Order
from jieban.orders.search import find, plan, similar
from jieban.orders.search.box import Sought, read_box
from jieban.orders.search.find import all_orders, read_mark, search_orders
from jieban.orders.search.grams import contains
from jieban.orders.search.similar import similar_orders
from jieban.orders.secrets import Contact, Matter, lock_of, matter_of, matter_texts
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from live_database import LiveDatabase, OpenDatabase, override_settings


def numbers(actor: Actor, text: str = "", **sought: object) -> list[str]:
    """What is found, the latest first."""
    pks = [hit.order for hit in search_orders(actor, Sought(text=text, **sought)).hits]
    known = dict(Order.objects.filter(pk__in=pks).values_list("pk", "number"))
    return [known[pk] for pk in pks]


def said(text: str, **changes: object) -> str:
    """An order about which this was said, and nothing else."""
    return recorded(matter=Matter(content=text), **changes)


LETTERS = "路灯不亮水管ａA１1ßئ𠮷\n "
words = st.lists(st.text(st.sampled_from(LETTERS), min_size=1, max_size=4), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def spoken(open_database: OpenDatabase) -> Iterator[LiveDatabase]:
    """Orders with all kinds of words, some in a unit's hands."""
    texts = [
        "路灯不亮",
        "灯亮不亮路",
        "不亮的是路灯",
        "水管 A1",
        "ａ１水\n管",
        "ßss",
        "ئا𠮷",
        "路",
        "亮灯",
        "管不亮水灯",
        "1A1a",
    ]
    with open_database() as opened:
        for at, text in enumerate(texts * 2):
            about = Matter(content=text, summary=texts[at % 5], address=texts[at % 3] if at % 2 else None)
            now = MONDAY + at * MINUTE
            if at % 3:
                recorded(matter=about, now=now)
            else:
                dispatched(matter=about, now=now, to=units(2)[at % 2])
        yield opened


@pytest.mark.parametrize("who", ["centre", "unit", "leader", "citizen"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(asked=words)
def test_what_is_found_is_what_a_plain_scan_finds(spoken: LiveDatabase, who: str, asked: list[str]) -> None:
    actor = {"centre": ALICE, "unit": handler(units(2)[1]), "leader": LEO, "citizen": NUR}[who]
    text = " ".join(asked)
    looked_for = [term.word for term in read_box(text).terms]
    wanted = [
        each.number
        for each in orders_for(actor).order_by("-received_at", "-pk")
        if contains(
            matter_texts(matter_of(lock_of(each.secret, each.number, keyring()), each.secret)), looked_for
        )
    ]
    assert numbers(actor, text) == wanted
    del spoken


@pytest.mark.parametrize(
    "sought", [Sought(text="亮"), Sought(text="亮", state="recorded")], ids=["all", "some"]
)
def test_pages_join_without_gap_or_double(
    spoken: LiveDatabase, monkeypatch: pytest.MonkeyPatch, sought: Sought
) -> None:
    whole = [hit.order for hit in all_orders(ALICE, sought)]
    assert len(whole) == len(set(whole)) > 10
    for near, walked, farther, few, frequent, gathered in (
        (1, 2, 2, -1, 3000, 10_000),
        (1, 2, 2, -1, 3000, 0),
        (1, 2, 2, -1, -1, 0),
        (2, 300, 1, -1, -1, 0),
        (300, 300, 1, -1, -1, 10_000),
        (1, 2, 2, 15_000, 3000, 0),
    ):
        monkeypatch.setattr(plan, "_NEAR", near)
        monkeypatch.setattr(plan, "_WALKED", walked)
        monkeypatch.setattr(plan, "_FARTHER", farther)
        monkeypatch.setattr(plan, "_FEW", few)
        monkeypatch.setattr(plan, "_FREQUENT", frequent)
        monkeypatch.setattr(plan, "_GATHERED", gathered)
        monkeypatch.setattr(plan, "_AHEAD", near)
        found, after_ = [], None
        while True:
            piece = search_orders(ALICE, sought, after=after_, most=3)
            found += [hit.order for hit in piece.hits]
            assert piece.cut == (piece.after is not None and len(piece.hits) < 3), "it says that it stopped"
            if piece.after is None:
                break
            after_ = read_mark(piece.after.mark)
            assert after_ == piece.after
        assert found == whole
    del spoken


def test_a_page_that_tokens_deceive_ends_and_goes_on(
    spoken: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "MOST_OPENED", 2)
    assert [hit.order for hit in all_orders(ALICE, Sought(text="路灯不亮"))] == [
        each.pk
        for each in Order.objects.order_by("-received_at", "-pk")
        if contains(
            matter_texts(matter_of(lock_of(each.secret, each.number, keyring()), each.secret)), ["路灯不亮"]
        )
    ]
    del spoken


def test_what_the_index_gathered_is_not_gathered_again_where_tokens_deceived(
    database: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "_NEAR", 1)
    for at in range(12):
        said("路灯亮" if at % 2 else "路灯,灯亮", now=MONDAY + at * MINUTE)
    with CaptureQueriesContext(connection) as asked:
        piece = search_orders(ALICE, Sought(text="路灯亮"), most=5)
    assert (len(piece.hits), piece.after) == (5, piece.hits[-1])
    gathered = [each for each in asked.captured_queries if "few (id, received_at)" in each["sql"]]
    assert len(gathered) == (1 if database.vendor == "postgresql" else 0)


def test_what_was_too_much_to_be_gathered_is_not_tried_twice(
    database: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("_NEAR", 1), ("_WALKED", 2), ("_FARTHER", 1), ("_FEW", -1), ("_GATHERED", 2)):
        monkeypatch.setattr(plan, name, value)
    for at in range(12):
        said("路灯亮", now=MONDAY + at * MINUTE)
    with CaptureQueriesContext(connection) as asked:
        piece = search_orders(ALICE, Sought(text="路灯亮", state="recorded"), most=5)
    gathered = [each for each in asked.captured_queries if "few (id, received_at)" in each["sql"]]
    # SQLite is left to itself, and finds them all.
    wanted = (2, True, 1) if database.vendor == "postgresql" else (5, False, 0)
    assert (len(piece.hits), piece.cut, len(gathered)) == wanted


@pytest.mark.parametrize("mark", ["", "1", "1-", "-1", "a-1", "1-2-3", "9" * 30 + "-1", "１-1"])
def test_a_mark_that_is_none_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match="no mark"):
        read_mark(mark)


def test_by_number_whole_or_as_it_begins(database: LiveDatabase) -> None:
    one, other = recorded(), recorded(now=MONDAY + timedelta(days=400))
    assert numbers(ALICE, one) == numbers(ALICE, one.lower()) == [one]
    assert one in numbers(ALICE, one[:8])
    assert other not in numbers(ALICE, one[:8])
    quoting = said(f"我的工单{one}没人办")
    assert numbers(ALICE, one) == [one]
    assert numbers(ALICE, f"“{one}”") == [quoting]
    assert numbers(handler(units()[0]), one) == [], "somebody else's"
    del database


@pytest.mark.usefixtures("each_city")
@pytest.mark.parametrize("mark", ["", DEMO_PREFIX])
def test_by_number_as_it_is_read_out(database: LiveDatabase, mark: str) -> None:
    with override_settings(JIEBAN_DEMO=bool(mark)):
        one, other = recorded(), recorded()
        read_out = f"{mark} {city().workflow.numbering.spoken(one.removeprefix(mark))}"
        split = f"{mark} {one.removeprefix(mark)[:4]} {one.removeprefix(mark)[4:]}"
        for typed in (read_out, f" {read_out.lower()} ", split):
            assert numbers(ALICE, typed) == [one], typed
        assert other not in numbers(ALICE, read_out)
    del database


@pytest.mark.parametrize("typed", ["13900000001", "+86 139 0000 0001", "139-0000-0001"])
def test_by_phone_for_whoever_may(database: LiveDatabase, typed: str) -> None:
    one, quoting = recorded(), said("请打13900000001", contact=Contact(name="李四", phone="13700000002"))
    anonymous = recorded(anonymous=True)
    assert set(numbers(ALICE, typed)) == {one} | ({quoting} if typed == "13900000001" else set())
    assert anonymous not in numbers(ALICE, typed)
    assert numbers(SUE, "13900000001") == [quoting], "a supervisor reads no contacts"
    assert numbers(ADAM, "13900000001") == []
    del database


def test_by_unit_state_and_place(database: LiveDatabase) -> None:
    mine, other = units(2)
    street, away = list(city().streets)[:2]
    a, b = dispatched(to=mine, street=street), dispatched(to=other, street=away)
    c = recorded(street=street, now=MONDAY + MINUTE)
    assert numbers(ALICE, city().units[mine].name) == [a]
    assert numbers(ALICE, unit=mine) == [a]
    assert numbers(ALICE, "待派单") == [c]
    assert set(numbers(ALICE, city().streets[street].name)) == {a, c}
    assert numbers(ALICE, "路灯", street=away, state="dispatched") == [b]
    assert numbers(handler(mine), unit=other) == []
    assert numbers(handler(mine)) == [a]
    day = MONDAY.date()
    assert set(numbers(ALICE, since=day, until=day)) == {a, b, c}
    assert (
        numbers(ALICE, since=day + timedelta(days=1)) == numbers(ALICE, until=day - timedelta(days=1)) == []
    )
    del database


def test_a_name_in_quotation_marks_is_a_word(database: LiveDatabase) -> None:
    name = city().units[units()[0]].name
    one = said(f"找过{name}了")
    assert numbers(ALICE, name) == []
    assert numbers(ALICE, f"“{name}”") == [one]
    assert [each.typed for each in read_box(name).names] == [name]
    del database


def test_what_was_redacted_is_found_by_its_number_alone(database: LiveDatabase) -> None:
    number = closed()
    redact_order(order=number, actor=Actor.system(), now=after())
    assert numbers(ALICE, "路灯") == numbers(ALICE, "13900000001") == []
    assert numbers(ALICE, number) == [number]
    del database


def test_while_master_keys_change_all_are_found(database: LiveDatabase) -> None:
    old = recorded()
    with both_keys:
        new = recorded(now=MONDAY + MINUTE)
        assert numbers(ALICE, "路灯") == [new, old]
        assert numbers(ALICE, "13900000001") == [new, old]
        rotate_keys(keyring())
        assert numbers(ALICE, "路灯") == [new, old]
    del database


@pytest.mark.parametrize("text", ["\ud800", "\0", "%", "_", '"', "' OR 1=1", "路 " * 60, "…", "*"])
def test_nothing_that_is_typed_breaks_it(database: LiveDatabase, text: str) -> None:
    number = recorded()
    assert numbers(ALICE, text) == ([number] if text.startswith("路") else [])
    del database


@override_settings(JIEBAN_PROFILE="changji")
@pytest.mark.parametrize("typed", ["柳树巷社区", "柳树巷社区居民委员会"])
def test_a_community_is_found_by_both_its_names(typed: str, database: LiveDatabase) -> None:
    street = "yanan-north-road"
    official = said("围墙倒了", street=street, community="柳树巷社区居民委员会")
    spoken = said("围墙倒了", street=street, community="柳树巷社区", now=MONDAY + MINUTE)
    said("围墙倒了", street=street, community="园丁社区居民委员会")
    assert numbers(ALICE, typed) == [spoken, official]
    del database


def test_what_is_told_at_length_in_other_words_is_similar(database: LiveDatabase) -> None:
    water = said("来电人反映兴业小区26号楼自来水水压低，高层住户用水困难，希望有关部门介入协调解决。")
    grill = said("楼下烧烤店每天营业到凌晨两点，油烟和吵闹声影响休息，多次劝说没有用。")
    lift = said("市民反映同心家园33号楼5单元电梯近两个月内停运三次，老人和孩子上下楼十分不便。")
    since = MONDAY - timedelta(days=90)
    for told, meant in (
        ("我家楼下有个烧烤摊，天天晚上吵到凌晨，还有油烟味，管一管吧", grill),
        ("我们楼的电梯老是坏，老人和孩子上上下下都害怕", lift),
        ("我住十八楼，自来水到我们高层就没有水压，洗澡都洗不了", water),
    ):
        assert [each.number for each in similar_orders(BOB, told, since)] == [meant], told
    assert similar_orders(BOB, "喂你好,我想问一问你们几点下班", since) == []
    del database


def test_a_name_that_only_an_old_order_has_finds_it(
    database: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similar, "_LATEST", 3)
    old = said("碧水云庭的围墙倒了")
    for at in range(1, 4):
        said(f"路边停车收费{at}元", now=MONDAY + at * MINUTE)
    assert [each.number for each in similar_orders(BOB, "碧水云庭围墙", MONDAY - timedelta(days=90))] == [old]
    del database


def test_a_message_in_the_same_matter_is_similar(database: LiveDatabase) -> None:
    alike = said("小区门口的路灯坏了好几天,晚上漆黑一片")
    same = said("人民路小区路灯不亮,晚上看不见")
    for at in range(6):
        said(f"{at}号楼的水管漏水,请物业来修")
    old = said("小区路灯不亮", now=MONDAY - timedelta(days=120))
    found = similar_orders(BOB, "小区路灯坏了,晚上很黑", MONDAY - timedelta(days=90))
    assert [each.number for each in found][:2] == [alike, same]
    assert old not in [each.number for each in found]
    assert all(0 < each.likeness <= 1 for each in found)
    assert similar_orders(handler(units()[0]), "小区路灯坏了", MONDAY - timedelta(days=90)) == []
    assert similar_orders(BOB, "噪", MONDAY - timedelta(days=90)) == []
    assert row(alike).number == alike
    with transaction.atomic():
        assert similar_orders(BOB, "\ud800", MONDAY) == []
    del database
