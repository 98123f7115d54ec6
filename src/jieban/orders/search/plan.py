"""How a way is looked through for the latest that have some words: walked along, gathered by the index, or sorted.

Which it is the database's statistics tell, but not always truly, so that neither goes on for ever: what had to stop
says where (docs/adr/0018). SQLite is left to itself.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import connection

from jieban.orders.models import Order
from jieban.orders.search.walk import Walked, estimated, gather, last_of, latest, sorted_afterwards, walk
from jieban.orders.search.way import Hit, Way

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jieban.orders.models import OrderSecret

_NEAR, _WALKED, _FARTHER = 500, 10_000, 4
"""The latest orders that are gone through one by one: of every search, of one for a frequent word; how much farther."""
_PASSED = 20_000
"""Orders that such a walk comes by, where only some are wanted."""
_FEW = 10_000
"""Orders that are rather found by what they are wanted by, and sorted then."""
_OFTEN, _FREQUENT = 3, 10_000
"""Of the nearest orders, and of all by the database's belief: so many with a word make it a frequent one."""
_GATHERED, _AHEAD = 10_000, 150
"""Orders that are gathered by the index, to be sorted; and of these how many are given, whatever was asked for.

To gather costs hardly more for them: should tokens have deceived about some of the first, it isn't done again.
"""


def looked_through(way: Way, secrets: "QuerySet[OrderSecret] | None", most: int, *, few: bool) -> Walked:
    """The first `most` orders of a way whose secret is one of `secrets`, if given; more where they come for nothing.

    `few`: something tells that they are few, whatever the statistics say.
    """
    if connection.vendor != "postgresql":
        orders = way.whole
        orders = orders.filter(pk__in=secrets.values("order_id")) if secrets is not None else orders
        return _found(latest(orders, most), most)
    if way.units is not None and not few:
        return _along_units(way, secrets, most)
    if way.few and (found := sorted_afterwards(way.whole, secrets, most=most)) is not None:
        return _found(found, most)
    if secrets is None:
        found = sorted_afterwards(way.whole, None, most=most) if few else None
        return _found(latest(way.whole, most) if found is None else found, most)
    return _along_all(way, secrets, most, few=few)


def _found(hits: Sequence[Hit], most: int) -> Walked:
    """Found wherever they are: there are no more, or `most`."""
    return Walked(hits=tuple(hits), upto=hits[-1] if len(hits) == most else None)


def _gathered(way: Way, secrets: "QuerySet[OrderSecret]", most: int) -> Walked | None:
    """All that there are, or `most` and more; None where they are too many to be gathered."""
    ahead = max(most, _AHEAD)
    hits = gather(way, secrets, gathered=_GATHERED, most=ahead)
    return None if hits is None else _found(hits, ahead)


def _along_all(way: Way, secrets: "QuerySet[OrderSecret]", most: int, *, few: bool) -> Walked:
    """Of all orders, or of those with some columns."""
    wanted = estimated(way.whole) if way.whole.query.has_filters() else None
    # Of words that often stand together the statistics know nothing, so that a rare one may turn out to be frequent.
    rare = estimated(secrets) <= _FREQUENT
    if wanted is None:
        return _with_words(way, secrets, _WALKED, most, rare=rare, too_many=False)
    if rare and (gathered := _gathered(way, secrets, most)) is not None:
        return gathered
    if few or wanted <= _FEW:
        found = sorted_afterwards(way.whole, secrets, most=most)
        if found is not None:
            return _found(found, most)
    # Looking whether an order is wanted costs nearly as much as looking at its words.
    share = wanted / max(wanted, 1, estimated(Order.objects.all()))
    looked = max(_NEAR, min(_WALKED, int(_PASSED * share)))
    return _with_words(way, secrets, looked, most, rare=False, too_many=rare)


def _with_words(
    way: Way, secrets: "QuerySet[OrderSecret]", looked: int, most: int, *, rare: bool, too_many: bool
) -> Walked:
    """`too_many`: they are more than are gathered, as was found out."""
    # A few orders are looked at in any case.
    found = walk(way, secrets, looked=_NEAR, most=most)
    if len(found) < most and (not rare or len(found) >= _OFTEN):
        found = walk(way, secrets, looked=looked, most=most)
    if len(found) == most:
        return _found(found, most)
    if not too_many and (gathered := _gathered(way, secrets, most)) is not None:
        return gathered
    # A frequent word that was rare of late: farther back, and then somebody is asked whether to go on.
    far = _FARTHER * looked
    return _as_far_as(way, walk(way, secrets, looked=far, most=most), far, most)


def _as_far_as(way: Way, hits: Sequence[Hit], looked: int, most: int) -> Walked:
    """What a walk found: enough, or all that there are among the latest `looked` of the way."""
    if len(hits) == most:
        return _found(hits, most)
    return Walked(hits=tuple(hits), upto=last_of(way, looked))


def _along_units(way: Way, secrets: "QuerySet[OrderSecret] | None", most: int) -> Walked:
    """What some units have in hand: to come by one costs next to nothing, to look at its words or columns does."""
    if secrets is None:
        found = walk(way, None, looked=_PASSED, most=most)
        if len(found) < most and last_of(way, _PASSED) is not None:
            # Of all that they have so little is what is asked for that it is found by that.
            found = latest(way.whole, most)
        return _found(found, most)
    found = walk(way, secrets, looked=_NEAR, most=most)
    if len(found) == most:
        return _found(found, most)
    # A walk goes on until it has enough, if the words are as frequent as in the nearest, or there are no more.
    ahead = min(estimated(way.held()), _WALKED, _NEAR * most // max(len(found), 1))
    rare = estimated(secrets) <= min(_GATHERED, ahead)
    if rare and (gathered := _gathered(way, secrets, most)) is not None:
        return gathered
    walked = _as_far_as(way, walk(way, secrets, looked=_WALKED, most=most), _WALKED, most)
    short = len(walked.hits) < most and walked.upto is not None
    if short and not rare and (gathered := _gathered(way, secrets, most)) is not None:
        return gathered
    return walked
