"""`search_orders`: the orders that somebody may see and that are what they seek, the latest received first.

Words are looked for by blind tokens, and what these bring is opened and looked at. Many orders have a frequent word:
the latest are gone through one by one until a page is full. Few have a rare one: those are gathered by the index. Which
it is the database's statistics tell, but not always truly, so that neither way goes on for ever (docs/adr/0018).
"""

import json
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from itertools import product
from operator import and_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from jieban.orders.access import handlings_for, may_find_by_phone, orders_in_ways
from jieban.orders.models import Order, OrderSecret
from jieban.orders.search.box import Box, Name, Sought, Term, read_box
from jieban.orders.search.grams import contains, search_key, tokens_of_word
from jieban.orders.secrets import lock_of, matter_of, matter_texts, phone_digits, phone_indexes
from jieban.orders.states import GONE
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.policy import SEES_EVERY_ORDER
from jieban.people.units import unit_and_below

PAGE = 50
MOST_OPENED = 500
"""Orders that are opened for one page: should most of them be none of those sought, the page ends before it is full."""

_LATEST, _LATEST_OF_A_UNIT = 3000, 1000
"""The latest orders that are gone through one by one; of a unit's fewer, since they lie farther apart."""
_FREQUENT = 4000
"""Orders that have a word, from which on it is looked for in the latest first."""
_MOST_GATHERED = 15_000
"""Orders that are gathered by the index, to be sorted."""
_LEAST_DIGITS = 7
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An order that was found."""

    order: int
    received_at: datetime

    @property
    def mark(self) -> str:
        """Where the next page begins, for an address."""
        return f"{(self.received_at - _EPOCH) // timedelta(microseconds=1)}-{self.order}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A page of what was found; `after` is the last that was looked at, None when there is nothing behind it."""

    hits: tuple[Hit, ...]
    after: Hit | None


def read_mark(mark: str) -> Hit:
    """The place that `Hit.mark` wrote. Raises ValueError for anything else."""
    at, _, order = mark.partition("-")
    if not (mark.isascii() and at.isdigit() and order.isdigit() and len(mark) < 40):  # noqa: PLR2004  # two numbers
        raise ValueError(f"no mark: {mark!r}")
    try:
        return Hit(order=int(order), received_at=_EPOCH + timedelta(microseconds=int(at)))
    except OverflowError as fault:
        raise ValueError(f"no mark: {mark!r}") from fault


def search_orders(actor: Actor, sought: Sought, *, after: Hit | None = None, most: int = PAGE) -> Piece:
    """At most `most` orders that `actor` may see and that are what they seek, those behind `after`.

    A number finds orders whose number begins so; if there are none it is a telephone number for whoever may look for
    those, and a word. Of redacted orders nothing is found by words. A page may be short and yet not the last.
    """
    box = read_box(sought.text)
    if box.nothing:
        return Piece(hits=(), after=None)
    ways, terms = _named(actor, _filtered(actor, sought, box), box.terms)
    may_phone = may_find_by_phone(actor)
    hits: list[Hit] = []
    opened, last = 0, after
    while True:
        found = _candidates(actor, ways, terms, last, most + 1, may_phone=may_phone)
        for hit in _true(found, terms, may_phone=may_phone) if terms else found:
            if len(hits) == most:
                return Piece(hits=tuple(hits), after=hits[-1])
            hits.append(hit)
        opened += len(found)
        if len(found) <= most:
            return Piece(hits=tuple(hits), after=None)
        if opened >= MOST_OPENED:
            return Piece(hits=tuple(hits), after=found[-1])
        last = found[-1]


def all_orders(actor: Actor, sought: Sought) -> Iterator[Hit]:
    """Every order that `search_orders` finds, page by page."""
    after: Hit | None = None
    while True:
        piece = search_orders(actor, sought, after=after, most=MOST_OPENED)
        yield from piece.hits
        if piece.after is None:
            return
        after = piece.after


Ways = tuple[QuerySet[Order], ...]
"""Orders in parts that may overlap: each is looked for by itself, since of all together no index tells."""


def _filtered(actor: Actor, sought: Sought, box: Box) -> Ways:
    """The orders that `actor` may see, by what stands in columns."""
    plain = Q()
    if sought.unit:
        plain &= _held(actor, {sought.unit})
    for column in ("state", "topic", "street"):
        if code := getattr(sought, column):
            plain &= Q(**{column: code})
    if sought.since is not None:
        plain &= Q(received_at__gte=_midnight(sought.since))
    if sought.until is not None and sought.until < date.max:
        plain &= Q(received_at__lt=_midnight(sought.until + timedelta(days=1)))
    named = product(*(_so_called(actor, name) for name in box.names))
    called = [reduce(and_, each, plain) for each in named]
    return tuple(way.filter(each) for way in orders_in_ways(actor) for each in called)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=city().clock.tz)


def _so_called(actor: Actor, name: Name) -> list[Q]:
    """What a name may mean, one by one."""
    columns = (("state", name.states), ("street", name.streets), ("community", name.communities))
    meant = [Q(**{f"{column}__in": codes}) for column, codes in columns if codes]
    return [_held(actor, name.units), *meant] if name.units else meant


def _held(actor: Actor, units: AbstractSet[str]) -> Q:
    """Orders in the hands of these units or those below, as far as `actor` sees them there."""
    profile = city()
    whole = {each for unit in units if unit in profile.units for each in unit_and_below(profile, unit)}
    held = handlings_for(actor).filter(unit__in=whole).exclude(state__in=sorted(GONE))
    return Q(pk__in=held.values("order"))


def _named(actor: Actor, ways: Ways, terms: Sequence[Term]) -> tuple[Ways, tuple[Term, ...]]:
    """The orders whose number begins as some terms say, and the terms that are left."""
    left = []
    for term in terms:
        begins = Q(number__startswith=term.typed) | Q(number__startswith=term.typed.upper())
        if term.number and any(way.filter(begins).exists() for way in orders_in_ways(actor)):
            ways = tuple(way.filter(begins) for way in ways)
        else:
            left.append(term)
    return ways, tuple(left)


def _candidates(
    actor: Actor, ways: Ways, terms: Sequence[Term], after: Hit | None, most: int, *, may_phone: bool
) -> list[Hit]:
    """The first orders behind `after` that by their tokens may be sought; fewer than `most` when there are no more."""
    if after is not None:
        begin = Q(received_at=after.received_at, pk__lt=after.order) | Q(received_at__lt=after.received_at)
        ways = tuple(way.filter(begin, received_at__lte=after.received_at) for way in ways)
    latest = _LATEST if actor.roles & SEES_EVERY_ORDER else _LATEST_OF_A_UNIT
    found = {hit for way in ways for hit in _candidates_of(way, terms, most, latest, may_phone=may_phone)}
    return sorted(found, key=lambda hit: (hit.received_at, hit.order), reverse=True)[:most]


def _candidates_of(
    way: "QuerySet[Order]", terms: Sequence[Term], most: int, latest: int, *, may_phone: bool
) -> list[Hit]:
    way = way.order_by("-received_at", "-pk")
    if not terms:
        return _hits(way, most)
    gathered = OrderSecret.objects.filter(_blind(terms, "", may_phone=may_phone)).values("order_id")
    if connection.vendor != "postgresql":
        return _hits(way.filter(pk__in=gathered), most)
    blind = _blind(terms, "secret__", may_phone=may_phone)
    # Of words that often stand together the statistics know nothing: a few orders are looked at in any case.
    for near in (latest // 10, latest):
        if near < latest or estimated(gathered) > _FREQUENT:
            found = _hits(nearest(way, near).filter(blind), most)
            if len(found) == most:
                return found
    keys = list(gathered.values_list("order_id", flat=True)[: _MOST_GATHERED + 1])
    if len(keys) <= _MOST_GATHERED:
        return _hits(way.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [keys])), most)
    # A frequent word that was rare of late: farther and farther back.
    for wider in (10 * latest, 100 * latest):
        found = _hits(nearest(way, wider).filter(blind), most)
        if len(found) == most:
            return found
    return _hits(way.filter(blind), most)


def estimated(found: "QuerySet[OrderSecret, Any]") -> int:
    """How many rows PostgreSQL believes that there are, by its statistics: at once, and often wrongly."""
    statement, parameters = found.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        (plan,) = cursor.fetchone()
    told = json.loads(plan) if isinstance(plan, str) else plan
    return int(told[0]["Plan"]["Plan Rows"])


def nearest(way: "QuerySet[Order]", latest: int) -> "QuerySet[Order]":
    """The latest of some sorted orders, as a set within which other conditions are looked at one by one."""
    return Order.objects.filter(pk__in=way.values("pk")[:latest]).order_by("-received_at", "-pk")


def _hits(found: "QuerySet[Order]", most: int) -> list[Hit]:
    rows = found.values_list("pk", "received_at")[:most]
    return [Hit(order=pk, received_at=received_at) for pk, received_at in rows]


def _blind(terms: Sequence[Term], prefix: str, *, may_phone: bool) -> Q:
    """What the tokens (or the phone's index) of an order must be, under any master key that is there."""
    ring = keyring()
    plain = [term for term in terms if not _is_phone(term, may_phone=may_phone)]
    found = Q()
    for version in ring.keys:
        key = search_key(ring, version)
        tokens = {token for term in plain for token in tokens_of_word(term.word, key)}
        under = Q(**{f"{prefix}search__has": sorted(tokens)}) if tokens else Q()
        for term in terms:
            if term not in plain:
                said = Q(**{f"{prefix}search__has": tokens_of_word(term.word, key)})
                called = Q(**{f"{prefix}phone_index__in": phone_indexes(term.typed, ring)})
                under &= said | called
        found |= under
    return found


def _is_phone(term: Term, *, may_phone: bool) -> bool:
    return may_phone and term.phone and len(phone_digits(term.typed)) >= _LEAST_DIGITS


def _true(found: Sequence[Hit], terms: Sequence[Term], *, may_phone: bool) -> list[Hit]:
    """Those that are sought indeed, opened and looked at."""
    ring = keyring()
    rows = OrderSecret.objects.filter(order__in=[hit.order for hit in found]).select_related("order")
    secrets = {each.order_id: each for each in rows}
    indexes = {
        term: phone_indexes(term.typed, ring) for term in terms if _is_phone(term, may_phone=may_phone)
    }

    def true(secret: OrderSecret | None) -> bool:
        lock = lock_of(secret, secret.order.number, ring) if secret is not None else None
        if secret is None or lock is None:
            return False
        texts = matter_texts(matter_of(lock, secret))
        # Who is anonymous isn't found by their number.
        called = [
            term
            for term, index in indexes.items()
            if secret.phone_index in index and not secret.order.anonymous
        ]
        return contains(texts, [term.word for term in terms if term not in called])

    return [hit for hit in found if true(secrets.get(hit.order))]
