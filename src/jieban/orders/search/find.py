"""`search_orders`: the orders that somebody may see and that are what they seek, the latest received first.

Words are looked for by blind tokens, and what these bring is opened and looked at. Looking stops somewhere (`plan`):
a page that had to stop says so, and the next goes on from there (docs/adr/0018).
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import product
from math import ceil
from operator import and_, or_

from django.db.models import Q, QuerySet

from jieban.orders.access import in_hand, may_find_by_phone, orders_besides, orders_in_ways, seen_units
from jieban.orders.models import Handling, Order, OrderSecret
from jieban.orders.nameless import keeps_person_from, nameless
from jieban.orders.search.box import Box, Name, Sought, Term, read_box
from jieban.orders.search.grams import contains, search_key, tokens_of_word
from jieban.orders.search.limit import limited
from jieban.orders.search.plan import looked_through
from jieban.orders.search.way import Hit, Span, Way, read_mark
from jieban.orders.secrets import contact_of, lock_of, matter_of, matter_texts, phone_digits, phone_indexes
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.policy import SEES_EVERY_ORDER
from jieban.people.units import unit_and_below

__all__ = ["PAGE", "Hit", "Piece", "all_orders", "read_mark", "search_orders"]

PAGE = 50
MOST_OPENED = 500
"""Orders that are opened for one page: should most of them be none of those sought, the page ends before it is full."""

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


def search_orders(
    actor: Actor,
    sought: Sought,
    *,
    after: Hit | None = None,
    most: int = PAGE,
    seconds: float | None = None,
) -> Piece:
    """At most `most` orders that `actor` may see and that are what they seek, those behind `after`.

    A number finds orders whose number begins so; if there are none it is a telephone number for whoever may look for
    those, and a word. Of redacted orders nothing is found by words. A page may be short and yet not the last.
    With `seconds` raises TooBroad where looking takes longer.
    """
    with limited(seconds):
        return _searched(actor, sought, after, most)


def _searched(actor: Actor, sought: Sought, after: Hit | None, most: int) -> Piece:
    box = read_box(sought.text)
    if box.nothing:
        return Piece(hits=(), after=None)
    numbered, terms = _numbered(actor, box.terms)
    ways = [replace(way, orders=way.orders.filter(numbered)) for way in _ways(actor, sought, box)]
    may_phone = may_find_by_phone(actor)
    secrets = OrderSecret.objects.filter(_blind(terms, may_phone=may_phone)) if terms else None
    hits: list[Hit] = []
    found: list[Hit] = []
    opened, upto, wanted, enough = 0, after, most + 1, True
    while True:
        if not found:
            found, upto = _candidates(ways, secrets, upto, wanted, few=bool(numbered))
            enough = upto is not None and len(found) >= wanted
        looked_at, found = found[:wanted], found[wanted:]
        for hit in _true(actor, looked_at, terms, may_phone=may_phone) if terms else looked_at:
            if len(hits) == most:
                return Piece(hits=tuple(hits), after=hits[-1])
            hits.append(hit)
        opened += len(looked_at)
        if not found and not enough:
            return Piece(hits=tuple(hits), after=upto, cut=upto is not None and len(hits) < most)
        if opened >= MOST_OPENED:
            return Piece(hits=tuple(hits), after=looked_at[-1], cut=len(hits) < most)
        # Where tokens deceived, as many more are looked at as by what was opened will do.
        share = max(len(hits), 1) / opened
        wanted = min(MOST_OPENED - opened, ceil(_MARGIN * (most + 1 - len(hits)) / share))


def all_orders(actor: Actor, sought: Sought) -> Iterator[Hit]:
    """Every order that `search_orders` finds, page by page."""
    after: Hit | None = None
    while True:
        piece = search_orders(actor, sought, after=after, most=MOST_OPENED)
        yield from piece.hits
        if piece.after is None:
            return
        after = piece.after


def _ways(actor: Actor, sought: Sought, box: Box) -> tuple[Way, ...]:
    """The orders that `actor` may see, by what stands in columns; ways may overlap.

    Each is looked along by itself, since of all together no index tells.
    """
    plain = Q()
    for column in ("state", "topic", "street"):
        if code := getattr(sought, column):
            plain &= Q(**{column: code})
    span = Span(
        since=_midnight(sought.since) if sought.since is not None else None,
        until=_midnight(sought.until + timedelta(days=1))
        if sought.until is not None and sought.until < date.max
        else None,
    )
    asked = [_below({sought.unit})] if sought.unit else []
    found = []
    for meant in product(*(_so_called(name) for name in box.names)):
        columns = reduce(and_, (each for each in meant if isinstance(each, Q)), plain)
        units = [*asked, *(each for each in meant if not isinstance(each, Q))]
        found += [replace(way, span=span) for way in _ways_to(actor, columns, units)]
    return tuple(found)


def _ways_to(actor: Actor, columns: Q, units: Sequence[frozenset[str]]) -> list[Way]:
    """The orders with such columns that `actor` may see and that units of each of these sets have in hand."""
    if not actor.roles & SEES_EVERY_ORDER:
        seen = seen_units(actor)
        # What units of theirs have in hand they see; what others have they don't see there.
        units = [each & seen for each in units]
        ways = [] if units else [Way(orders=way.filter(columns), few=True) for way in orders_besides(actor)]
        if not units and seen:
            units = [seen]
    else:
        ways = [] if units else [Way(orders=Order.objects.filter(columns))]
    if units and all(units):
        first, *others = units
        for each in others:
            columns &= Q(pk__in=Handling.objects.filter(in_hand(each)).values("order"))
        ways.append(Way(orders=Order.objects.filter(columns), units=first))
    return ways


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=city().clock.tz)


def _so_called(name: Name) -> list[Q | frozenset[str]]:
    """What a name may mean, one by one: conditions on columns, or units."""
    columns = (("state", name.states), ("street", name.streets), ("community", name.communities))
    meant: list[Q | frozenset[str]] = [Q(**{f"{column}__in": codes}) for column, codes in columns if codes]
    return [_below(name.units), *meant] if name.units else meant


def _below(units: AbstractSet[str]) -> frozenset[str]:
    """These units and those below."""
    profile = city()
    return frozenset(
        each for unit in units if unit in profile.units for each in unit_and_below(profile, unit)
    )


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
    ways: Sequence[Way], secrets: "QuerySet[OrderSecret] | None", after: Hit | None, most: int, *, few: bool
) -> tuple[list[Hit], Hit | None]:
    """The first orders behind `after` that by their tokens may be sought, and where looking for them stopped.

    That is None if there are no more. There are fewer than `most` only if there are no more, or enough was looked at.
    """
    behind = [replace(way, span=replace(way.span, after=after)) for way in ways]
    walked = [looked_through(way, secrets, most, few=few) for way in behind]
    found = sorted({hit for each in walked for hit in each.hits}, key=lambda hit: hit.place, reverse=True)
    # One way was looked at no farther than so: what another has behind it comes in its turn.
    stopped = [each.upto for each in walked if each.upto is not None]
    upto = max(stopped, key=lambda hit: hit.place, default=None)
    if upto is not None:
        found = [hit for hit in found if hit.place >= upto.place]
    return found, upto


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


def _true(actor: Actor, found: Sequence[Hit], terms: Sequence[Term], *, may_phone: bool) -> list[Hit]:
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
        matter = matter_of(lock, secret)
        if keeps_person_from(actor, secret.order):
            # Else whoever may not know who asked would learn it by looking for their name.
            matter = nameless(matter, contact_of(lock, secret))
        texts = matter_texts(matter)
        # Who is anonymous isn't found by their number.
        called = [
            term
            for term, index in indexes.items()
            if secret.phone_index in index and not secret.order.anonymous
        ]
        return contains(texts, [term.word for term in terms if term not in called])

    return [hit for hit in found if true(secrets.get(hit.order))]
