"""`similar_orders`: earlier orders whose matter reads like a text that somebody is just typing."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
_MOST_GATHERED = 2000
_LATEST = 500
"""The latest orders, by which is reckoned how frequent a pair is."""
_RAREST = 6
"""Pairs of the text by which candidates are gathered: those that tell most."""
_MOST_OPENED = 150


@dataclass(frozen=True, kw_only=True, slots=True)
class Similar:
    """An order that reads alike; `likeness` from 0 to 1 is the weight of the text's pairs that it has."""

    order: int
    number: str
    received_at: datetime
    likeness: float


def similar_orders(actor: Actor, text: str, since: datetime, *, most: int = MOST) -> list[Similar]:
    """The orders received from `since` on that `actor` may see and whose matter reads most alike, the most alike first.

    A pair of characters weighs the more the fewer of the latest orders have it. None for a text of less than two
    characters.
    """
    shown = normal(text[:MOST_LETTERS]) if storable(text) else ""
    pairs = sorted({shown[at : at + 2] for at in range(len(shown) - 1)})
    if not pairs:
        return []
    weights = _weights(actor, pairs, since)
    telling = sorted(pairs, key=lambda pair: (-weights[pair], pair))[:_RAREST]
    ring = keyring()
    tokens = {
        token
        for version in ring.keys
        for pair in telling
        for token in tokens_of_word(pair, search_key(ring, version))
    }
    orders = _candidates(orders_for(actor).filter(received_at__gte=since), sorted(tokens))
    likeness = _likeness(orders, weights)
    best = sorted(likeness, key=lambda pk: (-likeness[pk], -orders[pk].received_at.timestamp(), -pk))
    return [
        Similar(order=pk, number=orders[pk].number, received_at=orders[pk].received_at, likeness=likeness[pk])
        for pk in best[:most]
        if likeness[pk] >= LEAST_LIKENESS
    ]


def _candidates(recent: "QuerySet[Order]", tokens: Sequence[int]) -> dict[int, Order]:
    """Those that have one of some tokens, as many as are opened: of the latest, then of all."""
    alike = OrderSecret.objects.filter(search__any=tokens)
    if connection.vendor == "postgresql":
        found = walk(Way(orders=recent), alike, looked=_NEAR, most=_MOST_OPENED)
    else:
        found = latest(recent.filter(pk__in=alike.values("order_id")), _MOST_OPENED)
    keys = {hit.order for hit in found}
    if len(keys) < _MOST_OPENED:
        some = alike.values("order_id")[:_MOST_GATHERED]
        keys |= {hit.order for hit in latest(recent.filter(pk__in=some), _MOST_OPENED - len(keys))}
    return {each.pk: each for each in Order.objects.filter(pk__in=keys)}


def _weights(actor: Actor, pairs: list[str], since: datetime) -> Mapping[str, float]:
    """How much each pair tells: the logarithm of how many times rarer than a pair that all orders have."""
    latest = orders_for(actor).filter(received_at__gte=since).order_by("-received_at", "-pk")
    rows = OrderSecret.objects.filter(order__in=latest.values("pk")[:_LATEST], search__isnull=False)
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
    return {pair: log((count + 2) / (told[pair] + 1)) for pair in pairs}


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
