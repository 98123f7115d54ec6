"""`search_orders`: the orders that somebody may see and that are what they seek, the latest received first.

Words are looked for by blind tokens, and what these bring is opened and looked at. Many orders have a frequent word:
the latest are gone through one by one until a page is full. Few have a rare one: those are gathered by the index. Which
it is the database's statistics tell, but not always truly, so that neither goes on for ever: a page that had to stop
says so, and the next goes on from there (docs/adr/0018).
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import product
from math import ceil
from operator import and_, or_

from django.db import connection
from django.db.models import Q, QuerySet

from jieban.orders.access import handlings_for, may_find_by_phone, orders_in_ways
from jieban.orders.models import Order, OrderSecret
from jieban.orders.search.box import Box, Name, Sought, Term, read_box
from jieban.orders.search.grams import contains, search_key, tokens_of_word
from jieban.orders.search.walk import (
    Hit,
    Walked,
    estimated,
    gather,
    last_of,
    latest,
    read_mark,
    sorted_afterwards,
    walk,
)
from jieban.orders.secrets import lock_of, matter_of, matter_texts, phone_digits, phone_indexes
from jieban.orders.states import GONE
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.units import unit_and_below

__all__ = ["PAGE", "Hit", "Piece", "all_orders", "read_mark", "search_orders"]

PAGE = 50
MOST_OPENED = 500
"""Orders that are opened for one page: should most of them be none of those sought, the page ends before it is full."""

_NEAR, _WALKED, _FARTHER = 500, 10_000, 4
"""The latest orders that are gone through one by one: of every search, of one for a frequent word; how much farther."""
_PASSED = 20_000
"""Orders that such a walk comes by, where only some are wanted."""
_FEW = 10_000
"""Orders that are rather found by what they are wanted by, and sorted then."""
_OFTEN, _FREQUENT = 3, 10_000
"""Of the nearest orders, and of all by the database's belief: so many with a word make it a frequent one."""
_GATHERED = 10_000
"""Orders that are gathered by the index, to be sorted."""
_LEAST_DIGITS = 7
_MARGIN = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A page of what was found; `after` is the last that was looked at, None when there is nothing behind it.

    `cut` marks a page that ends before it is full, since enough was looked at: what is sought may lie behind `after`.
    """

    hits: tuple[Hit, ...]
    after: Hit | None
    cut: bool = False


def search_orders(actor: Actor, sought: Sought, *, after: Hit | None = None, most: int = PAGE) -> Piece:
    """At most `most` orders that `actor` may see and that are what they seek, those behind `after`.

    A number finds orders whose number begins so; if there are none it is a telephone number for whoever may look for
    those, and a word. Of redacted orders nothing is found by words. A page may be short and yet not the last.
    """
    box = read_box(sought.text)
    if box.nothing:
        return Piece(hits=(), after=None)
    numbered, terms = _numbered(actor, box.terms)
    ways = tuple(way.filter(numbered) for way in _filtered(actor, sought, box))
    may_phone = may_find_by_phone(actor)
    secrets = OrderSecret.objects.filter(_blind(terms, may_phone=may_phone)) if terms else None
    hits: list[Hit] = []
    opened, last, wanted = 0, after, most + 1
    while True:
        found, upto = _candidates(ways, secrets, last, wanted, few=bool(numbered))
        for hit in _true(found, terms, may_phone=may_phone) if terms else found:
            if len(hits) == most:
                return Piece(hits=tuple(hits), after=hits[-1])
            hits.append(hit)
        opened += len(found)
        if len(found) < wanted:
            return Piece(hits=tuple(hits), after=upto, cut=upto is not None and len(hits) < most)
        if opened >= MOST_OPENED:
            return Piece(hits=tuple(hits), after=found[-1], cut=len(hits) < most)
        # Where tokens deceived, as many more are asked for as by what was opened will do.
        share = max(len(hits), 1) / opened
        last, wanted = found[-1], min(MOST_OPENED - opened, ceil(_MARGIN * (most + 1 - len(hits)) / share))


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


def _numbered(actor: Actor, terms: Sequence[Term]) -> tuple[Q, tuple[Term, ...]]:
    """How the number begins, as some terms say, and the terms that are left."""
    found, left = Q(), []
    for term in terms:
        begins = reduce(
            or_, (Q(number__startswith=each) for each in sorted({term.typed, term.typed.upper()}))
        )
        if term.number and any(way.filter(begins).exists() for way in orders_in_ways(actor)):
            found &= begins
        else:
            left.append(term)
    return found, tuple(left)


def _candidates(
    ways: Ways, secrets: "QuerySet[OrderSecret] | None", after: Hit | None, most: int, *, few: bool
) -> tuple[list[Hit], Hit | None]:
    """The first orders behind `after` that by their tokens may be sought, and where looking for them stopped.

    That is None if there are `most`, or no more.
    """
    if after is not None:
        begin = Q(received_at=after.received_at, pk__lt=after.order) | Q(received_at__lt=after.received_at)
        ways = tuple(way.filter(begin, received_at__lte=after.received_at) for way in ways)
    walked = [_walked(way, secrets, most, few=few) for way in ways]
    found = sorted({hit for each in walked for hit in each.hits}, key=lambda hit: hit.place, reverse=True)
    # One way was looked at no farther than so: what another has behind it comes in its turn.
    stopped = [each.upto for each in walked if each.upto is not None]
    upto = max(stopped, key=lambda hit: hit.place, default=None)
    if upto is not None:
        found = [hit for hit in found if hit.place >= upto.place]
    return found[:most], upto if len(found) < most else None


def _walked(
    way: "QuerySet[Order]", secrets: "QuerySet[OrderSecret] | None", most: int, *, few: bool
) -> Walked:
    if connection.vendor != "postgresql":
        way = way.filter(pk__in=secrets.values("order_id")) if secrets is not None else way
        return Walked(hits=tuple(latest(way, most)), upto=None)
    wanted = estimated(way) if way.query.has_filters() and (few or secrets is not None) else None
    if secrets is None:
        found = sorted_afterwards(way, None, most=most) if few else None
        return Walked(hits=tuple(latest(way, most) if found is None else found), upto=None)
    # Of words that often stand together the statistics know nothing, so that a rare one may turn out to be frequent.
    rare = estimated(secrets) <= _FREQUENT
    if wanted is None:
        return _with_words(way, secrets, _WALKED, most, rare=rare)
    found = gather(way, secrets, gathered=_GATHERED, most=most) if rare else None
    if found is None and (few or wanted <= _FEW):
        found = sorted_afterwards(way, secrets, most=most)
    if found is not None:
        return Walked(hits=tuple(found), upto=None)
    # Looking whether an order is wanted costs nearly as much as looking at its words.
    share = wanted / max(wanted, 1, estimated(Order.objects.all()))
    return _with_words(way, secrets, max(_NEAR, min(_WALKED, int(_PASSED * share))), most, rare=False)


def _with_words(
    way: "QuerySet[Order]", secrets: "QuerySet[OrderSecret]", looked: int, most: int, *, rare: bool
) -> Walked:
    # A few orders are looked at in any case.
    found = walk(way, secrets, looked=_NEAR, most=most)
    if len(found) < most and (not rare or len(found) >= _OFTEN):
        found = walk(way, secrets, looked=looked, most=most)
    if len(found) == most:
        return Walked(hits=tuple(found), upto=None)
    gathered = gather(way, secrets, gathered=_GATHERED, most=most)
    if gathered is not None:
        return Walked(hits=tuple(gathered), upto=None)
    # A frequent word that was rare of late: farther back, and then somebody is asked whether to go on.
    far = _FARTHER * looked
    found = walk(way, secrets, looked=far, most=most)
    return Walked(hits=tuple(found), upto=last_of(way, far) if len(found) < most else None)


def _blind(terms: Sequence[Term], *, may_phone: bool) -> Q:
    """What the tokens (or the phone's index) of an order must be, under any master key that is there."""
    ring = keyring()
    plain = [term for term in terms if not _is_phone(term, may_phone=may_phone)]
    found = Q()
    for version in ring.keys:
        key = search_key(ring, version)
        tokens = {token for term in plain for token in tokens_of_word(term.word, key)}
        under = Q(search__has=sorted(tokens)) if tokens else Q()
        for term in terms:
            if term not in plain:
                said = Q(search__has=tokens_of_word(term.word, key))
                called = Q(phone_index__in=phone_indexes(term.typed, ring))
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
