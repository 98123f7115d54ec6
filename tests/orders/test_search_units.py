"""What units have in hand, searched: whichever way is taken, the same is found as by a plain recount."""

from datetime import datetime, time, timedelta
from itertools import product

import pytest
from cast import ALICE, MINUTE, MONDAY, dispatched, handler, recorded, units
from test_merge import merge
from test_returns import ask, decide

from jieban.orders.access import orders_for, seen_units
from jieban.orders.audit.verify import verify
from jieban.orders.models import Handling, Order, OrderSecret
from jieban.orders.search import plan
from jieban.orders.search.box import Sought
from jieban.orders.search.find import search_orders
from jieban.orders.search.grams import contains
from jieban.orders.secrets import Matter, lock_of, matter_of, matter_texts
from jieban.orders.states import GONE
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.policy import SEES_EVERY_ORDER
from jieban.people.units import unit_and_below
from live_database import LiveDatabase

WORDS = ("路灯不亮", "水管漏水", "路边水管", "楼道灯")


def family() -> tuple[str, str, datetime]:
    """A unit, another that is below it or whose work came to it, and a time at which this one was there."""
    unit = next(each for each in city().units.values() if each.parent or each.successor)
    last = unit.validity.last
    at = MONDAY if last is None else datetime.combine(last, time(11), tzinfo=city().clock.tz)
    return unit.parent or unit.successor, unit.code, at


def played() -> tuple[str, str]:
    """Orders of all kinds in the hands of two units of a family and of others; gives the family."""
    upper, lower, then = family()
    others = [each for each in units(4) if each not in {upper, lower}][:2]
    streets = list(city().streets)[:2]

    def one(at: int, *to: str, now: datetime = MONDAY) -> str:
        told = {"matter": Matter(content=WORDS[at % 4]), "street": streets[at % 2], "now": now + at * MINUTE}
        return dispatched(to=to[0], assisting=to[1:], **told) if to else recorded(**told)

    for at in range(10):
        one(at, upper)
        one(at, lower, now=then)
        one(at, others[at % 2])
    # In the hands of several, of both where both are there; dispatched late, given back, merged, in nobody's hands.
    for at in range(3):
        one(at, others[0], upper)
        if then == MONDAY:
            one(at, lower, upper)
    late = [one(at) for at in range(4)]
    dispatched(to=upper, matter=Matter(content=WORDS[0]), now=MONDAY - timedelta(days=9))
    back = one(2, upper)
    ask(back)
    decide(back, next_unit=others[1])
    away, into = one(1, others[0]), one(2, upper)
    merge(away, into)
    assert Order.objects.get(number=away).merged_into is not None
    assert late
    return upper, lower


def recounted(actor: Actor, sought: Sought, words: list[str]) -> list[int]:
    """The same by looking at every order, one after the other."""
    found = []
    sees = bool(actor.roles & SEES_EVERY_ORDER)
    wanted = {sought.unit} if sought.unit is None else unit_and_below(city(), sought.unit)
    for order in orders_for(actor):
        hands = {each.unit for each in order.handlings.all() if each.state not in GONE}
        hands &= hands if sees else seen_units(actor)
        day = city().clock.local_date(order.received_at)
        told = matter_texts(matter_of(lock_of(order.secret, order.number, keyring()), order.secret))
        if (
            (sought.unit is None or hands & wanted)
            and sought.state in {None, order.state}
            and sought.street in {None, order.street}
            and (sought.since is None or day >= sought.since)
            and (sought.until is None or day <= sought.until)
            and contains(told, words)
        ):
            found.append((order.received_at, order.pk))
    return [pk for _, pk in sorted(found, reverse=True)]


def searched(actor: Actor, sought: Sought, most: int) -> list[int]:
    """The same by pages."""
    found: list[int] = []
    after = None
    while True:
        piece = search_orders(actor, sought, after=after, most=most)
        found += [hit.order for hit in piece.hits]
        if piece.after is None:
            return found
        after = piece.after


@pytest.mark.usefixtures("each_city")
def test_whichever_way_is_taken_the_same_is_found_as_by_a_recount(
    database: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    upper, lower = played()
    street = next(iter(city().streets))
    soughts = [
        Sought(text=text, unit=unit, **more)
        for text, unit, more in product(
            ("", "灯", "水管", "不亮 路灯", "鲸"),
            (None, upper, lower),
            (
                {},
                {"street": street},
                {"state": "dispatched"},
                {"since": MONDAY.date(), "until": MONDAY.date()},
            ),
        )
    ]
    actors = [ALICE, handler(upper), handler(lower)]
    wanted = {
        (at, sought): recounted(actor, sought, sought.text.split())
        for at, actor in enumerate(actors)
        for sought in soughts
    }
    assert max(map(len, wanted.values())) > 30
    assert sum(len(set(each)) != len(each) for each in wanted.values()) == 0
    # Near, walked, passed, gathered: all at once; a walk that stops; the index alone; neither reaches far.
    plans = [(500, 10_000, 20_000, 10_000), (1, 3, 3, 0), (1, 2, 2, 10_000), (2, 4, 5, 1)]
    for near, walked, passed, gathered in plans if database.vendor == "postgresql" else plans[:1]:
        for name, value in (
            ("_NEAR", near),
            ("_WALKED", walked),
            ("_PASSED", passed),
            ("_GATHERED", gathered),
        ):
            monkeypatch.setattr(plan, name, value)
        for (at, sought), pks in wanted.items():
            for most in (50, 3):
                assert searched(actors[at], sought, most) == pks, (at, sought, near, most)


def test_of_two_units_asked_for_both_have_it_in_hand(database: LiveDatabase) -> None:
    one, other = units(2)
    both = dispatched(to=one, assisting=(other,))
    dispatched(to=one)
    dispatched(to=other)
    pk = Order.objects.get(number=both).pk
    name = city().units[other].name
    assert searched(ALICE, Sought(text=name, unit=one), 50) == [pk]
    assert searched(handler(one), Sought(text=name, unit=one), 50) == [], "what others have isn't seen there"
    del database


def test_when_an_order_was_received_stands_beside_its_words_and_handlings_and_is_looked_after(
    database: LiveDatabase,
) -> None:
    number = dispatched()
    held = Handling.objects.get(order__number=number)
    order = Order.objects.get(number=number)
    assert held.order_received_at == order.secret.order_received_at == order.received_at
    assert verify().clean
    Handling.objects.update(order_received_at=MONDAY - MINUTE)
    assert [each.what for each in verify().found] == ["handling:1.order_received_at"]
    Handling.objects.update(order_received_at=order.received_at)
    OrderSecret.objects.update(order_received_at=MONDAY - MINUTE)
    assert [each.what for each in verify().found] == ["secret.order_received_at"]
    del database
