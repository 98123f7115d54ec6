"""`similar_orders`: earlier orders whose matter reads like a text that somebody is just typing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import TYPE_CHECKING

from django.db import connection

from jieban.orders.access import orders_for
from jieban.orders.models import Order, OrderSecret
from jieban.orders.search.grams import normal, search_key, tokens_of_word
from jieban.orders.search.walk import latest, walk
from jieban.orders.search.way import Way
from jieban.orders.secrets import lock_of, matter_of, matter_texts
from jieban.orders.texts import storable
from jieban.people.actor import Actor
from jieban.people.keys import keyring

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST = 8
"""Similar orders that are given."""
LEAST_LIKENESS = 0.25
"""Of the weight of a text's pairs the part that another must have to be called similar."""
MOST_LETTERS = 300
"""Characters of the text that are compared: the beginning tells the matter."""

_NEAR = 2000
_MOST_GATHERED = 500
_LATEST = 500
"""The latest orders, by which is reckoned how frequent a pair is."""
_BESIDES = 50
"""Orders without any of the pairs that are reckoned to the latest: of three, what all say may tell much."""
_RAREST = 12
"""Pairs of the text that the latest orders have, by which candidates are gathered: those that tell most."""
_STRANGE = 6
"""Pairs that none of the latest has, by which some more are gathered: a name that an older order has, too."""
_MOST_OPENED = 120
_MOST_OPENED_STRANGE = 40
_WEIGHT_OF_STRANGE = 0.25
"""What a pair that none of the latest has counts: people say the same thing in other words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Similar:
    """An order that reads alike; `likeness` from 0 to 1 is the part of the weight of the text's pairs that it has."""

    order: int
    number: str
    received_at: datetime
    likeness: float


def similar_orders(
    actor: Actor, text: str, since: datetime, *, most: int = MOST, but: int | None = None
) -> list[Similar]:
    """The orders received from `since` on that `actor` may see and whose matter reads most alike, the most alike first.

    `but` is the order whose text it is, if it is one: what no other says would count in full for its sake.

    A pair of characters weighs the more the fewer of the latest orders have it; one that none of them has tells
    little, or nothing would be like what a caller says in words of their own. None for a text of less than two
    characters.
    """
    shown = normal(text[:MOST_LETTERS]) if storable(text) else ""
    # Pairs across a comma say nothing.
    pairs = sorted({pair for at in range(len(shown) - 1) if (pair := shown[at : at + 2]).isalnum()})
    if not pairs:
        return []
    recent = orders_for(actor).filter(received_at__gte=since)
    if but is not None:
        recent = recent.exclude(pk=but)
    weights, known = _weights(recent, pairs)
    telling = sorted(known, key=lambda pair: (-weights[pair], pair))[:_RAREST]
    strange = [pair for pair in pairs if pair not in known][:_STRANGE]
    orders = _candidates(recent, _tokens(telling), _tokens(strange))
    likeness = _likeness(orders, weights)
    best = sorted(likeness, key=lambda pk: (-likeness[pk], -orders[pk].received_at.timestamp(), -pk))
    return [
        Similar(order=pk, number=orders[pk].number, received_at=orders[pk].received_at, likeness=likeness[pk])
        for pk in best[:most]
        if likeness[pk] >= LEAST_LIKENESS
    ]


def _tokens(pairs: Iterable[str]) -> list[int]:
    ring = keyring()
    keys = [search_key(ring, version) for version in ring.keys]
    return sorted({token for key in keys for pair in pairs for token in tokens_of_word(pair, key)})


def _candidates(
    recent: "QuerySet[Order]", telling: Sequence[int], strange: Sequence[int]
) -> dict[int, Order]:
    """Those that have one of some tokens, as many as are opened: of the latest, then of all.

    Of those with `strange` tokens, which none of the latest has, some of all.
    """
    keys = _of_all(recent, strange, _MOST_OPENED_STRANGE)
    alike, most = OrderSecret.objects.filter(search__any=telling), _MOST_OPENED - len(keys)
    if not telling:
        found = []
    elif connection.vendor == "postgresql":
        found = walk(Way(orders=recent), alike, looked=_NEAR, most=most)
    else:
        found = latest(recent.filter(pk__in=alike.values("order_id")), most)
    keys |= {hit.order for hit in found}
    if len(found) < most:
        keys |= _of_all(recent, telling, _MOST_OPENED - len(keys))
    return {each.pk: each for each in Order.objects.filter(pk__in=keys)}


def _of_all(recent: "QuerySet[Order]", tokens: Sequence[int], most: int) -> set[int]:
    if not tokens:
        return set()
    some = OrderSecret.objects.filter(search__any=tokens).values("order_id")[:_MOST_GATHERED]
    return {hit.order for hit in latest(recent.filter(pk__in=some), most)}


def _weights(recent: "QuerySet[Order]", pairs: Sequence[str]) -> tuple[Mapping[str, float], AbstractSet[str]]:
    """How much each pair tells: the logarithm of how many times rarer than a pair that all orders have.

    And which pairs some of the latest orders have; the others tell less.
    """
    near = recent.order_by("-received_at", "-pk").values("pk")[:_LATEST]
    rows = OrderSecret.objects.filter(order__in=near, search__isnull=False)
    count, has = 0, Counter[int]()
    ring = keyring()
    known = {
        token: pair
        for version in ring.keys
        for pair in pairs
        for token in tokens_of_word(pair, search_key(ring, version))
    }
    for tokens in rows.values_list("search", flat=True):
        count += 1
        has.update(known.keys() & set(tokens or ()))
    told = Counter[str]()
    for token, times in has.items():
        told[known[token]] += times
    tells = {pair: log((count + _BESIDES) / (told[pair] + 1)) for pair in pairs}
    return {pair: tells[pair] * (1 if pair in told else _WEIGHT_OF_STRANGE) for pair in pairs}, frozenset(
        told
    )


def _likeness(orders: Mapping[int, Order], weights: Mapping[str, float]) -> dict[int, float]:
    ring, whole = keyring(), sum(weights.values())
    found: dict[int, float] = {}
    for secret in OrderSecret.objects.filter(order__in=orders):
        lock = lock_of(secret, orders[secret.order_id].number, ring)
        if lock is None:
            continue
        texts = [normal(each) for each in matter_texts(matter_of(lock, secret)) if each]
        has = sum(weight for pair, weight in weights.items() if any(pair in each for each in texts))
        found[secret.order_id] = has / whole
    return found
