"""Which lists there are, who may have them, and how each is found."""

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404

from jieban.desks.lists.listing import Cells, Keys, Listing, order_heads, order_rows, pieces
from jieban.desks.live.counts import WITH_QUEUES, queues_of
from jieban.desks.month.behind import DIMENSIONS, LISTED, numbers_behind
from jieban.desks.month.count import behind_of
from jieban.desks.month.spans import chosen
from jieban.desks.queues.queue import Entry, Queue
from jieban.desks.search.asked import sought_of, words_of
from jieban.desks.shell import words
from jieban.desks.shell.desks import BY_ID
from jieban.desks.supervision import hot
from jieban.desks.supervision.ledger import STATES, handlings_of, ledger_cells, ledger_heads
from jieban.desks.supervision.queues import queues_of as queues_of_unit
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY
from jieban.kernel.i18n import tr, tr_later
from jieban.orders.models import Handling, Order
from jieban.orders.search.find import all_orders
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.policy import SEES_EVERY_ORDER

Given = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of list: at which desk it stands, what its address may say, what it is called, how it is found.

    `desk` gives its desk by the address; None for no desk that there is. `name` is 404 for an address of no list.
    `every`: only for who sees every order.
    """

    desk: Callable[[Given], str | None]
    says: tuple[str, ...]
    name: Callable[[Given, Actor, datetime], str]
    make: Callable[[Given, Actor, datetime], Listing]
    every: bool = False


def listing(kind: str, given: Given, actor: Actor, now: datetime) -> Listing:
    """The list of an address as `actor` may have it now. Raises what `name_of` does."""
    name_of(kind, given, actor, now)
    return KINDS[kind].make(address_of(kind, given), actor, now)


def name_of(kind: str, given: Given, actor: Actor, now: datetime) -> str:
    """What a list is called. 404 for none, PermissionDenied for who may not have it; nothing of it is looked for."""
    found = KINDS.get(kind)
    desk = found.desk(given) if found is not None else None
    if found is None or desk is None:
        raise Http404
    if not actor.roles & BY_ID[desk].roles or (found.every and not actor.roles & SEES_EVERY_ORDER):
        raise PermissionDenied
    return found.name(address_of(kind, given), actor, now)


def address_of(kind: str, given: Given) -> dict[str, str]:
    """What an address says that its kind of list reads, and nothing else."""
    return {name: given[name] for name in KINDS[kind].says if given.get(name)}


def _search_name(given: Given, actor: Actor, now: datetime) -> str:
    del actor, now
    asked = words_of(sought_of(given))
    return tr("查询 {what}", what=asked) if asked else tr("查询结果")


def _search(given: Given, actor: Actor, now: datetime) -> Listing:
    entries = (Entry(order=hit.order, handling=None, at=None) for hit in all_orders(actor, sought_of(given)))
    return Listing(
        heads=order_heads(None),
        total=None,
        rows=lambda: order_rows(entries, actor, now, instant=False),
    )


def _queue_desk(given: Given) -> str | None:
    desk = given.get("desk")
    return desk if desk in WITH_QUEUES else None


def _queue_of(given: Given, actor: Actor) -> Queue:
    unit = given.get("unit")
    if unit is not None and (given["desk"] != "supervision" or unit not in city().units):
        raise Http404
    queues = queues_of(given["desk"])(actor) if unit is None else queues_of_unit(unit)
    queue = next((each for each in queues if each.id == given.get("queue")), None)
    if queue is None:
        raise Http404
    return queue


def _queue_name(given: Given, actor: Actor, now: datetime) -> str:
    queue, unit = _queue_of(given, actor), given.get("unit")
    name = tr("{desk}:{queue}", desk=tr_later(BY_ID[given["desk"]].name), queue=tr_later(queue.name))
    return name if unit is None else f"{name} · {words.unit(unit, now)}"


def _queue(given: Given, actor: Actor, now: datetime) -> Listing:
    queue = _queue_of(given, actor)
    keys = Keys(queue.find(actor, now).iterator())
    return Listing(
        heads=order_heads(tr("期限") if queue.due else tr("进入时间")),
        total=len(keys),
        rows=lambda: order_rows(keys, actor, now, instant=True, due=queue.due),
    )


def _ledger_name(given: Given, _actor: Actor, now: datetime) -> str:
    if given.get("unit") not in city().units or given.get("state", "open") not in STATES:
        raise Http404
    return tr("承办台账:{unit}", unit=words.unit(given["unit"], now))


def _ledger(given: Given, actor: Actor, now: datetime) -> Listing:
    found = handlings_of(given["unit"], given.get("state", "open"))
    keys = array("q", found.values_list("pk", flat=True).iterator())

    def rows() -> Iterator[Cells]:
        for piece in pieces(keys):
            there = {each.pk: each for each in Handling.objects.filter(pk__in=piece)}
            yield from ledger_cells([there[key] for key in piece if key in there], actor, now)

    return Listing(heads=ledger_heads(), total=len(keys), rows=rows)


def _hot_name(given: Given, _actor: Actor, now: datetime) -> str:
    street, topic, of = given.get("street"), given.get("topic"), given.get("of")
    if of is not None:
        return tr("重复 {number} 的诉求", number=of)
    if street not in city().streets or topic not in city().order_topics:
        raise Http404
    return f"{words.street(street)} · {words.topic(None, str(topic), now)}"


def _hot(given: Given, actor: Actor, now: datetime) -> Listing:
    of = given.get("of")
    found = hot.orders_again(now, of) if of else hot.orders_at(now, given["street"], given["topic"])
    keys = Keys(found.iterator())
    return Listing(
        heads=order_heads(None),
        total=len(keys),
        rows=lambda: order_rows(keys, actor, now, instant=False),
    )


def _figure(given: Given, now: datetime) -> tuple[Period, str]:
    period, of = chosen(given.get("period"), now), given.get("of")
    if period is None or of not in LISTED:
        raise Http404
    return period, str(of)


def _month_name(given: Given, _actor: Actor, now: datetime) -> str:
    period, of = _figure(given, now)
    return tr("{period}{title}", period=period.label, title=REGISTRY[of].label)


def _month(given: Given, actor: Actor, now: datetime) -> Listing:
    period, of = _figure(given, now)
    cut = {name: given[name] for name in DIMENSIONS if name in given}
    try:
        numbers = numbers_behind(behind_of(period), of, cut)
    except FileNotFoundError as fault:
        raise Http404 from fault

    def entries() -> Iterator[Entry]:
        for piece in pieces(numbers):
            keys = dict(Order.objects.filter(number__in=piece).values_list("number", "pk"))
            yield from (Entry(order=keys[each], handling=None, at=None) for each in piece if each in keys)

    return Listing(
        heads=order_heads(None),
        total=len(numbers),
        rows=lambda: order_rows(entries(), actor, now, instant=False),
    )


def _at(desk: str) -> Callable[[Given], str | None]:
    return lambda _given: desk


KINDS: Final[Mapping[str, Kind]] = {
    "search": Kind(
        desk=_at("search"),
        says=("q", "unit", "state", "topic", "street", "since", "until"),
        name=_search_name,
        make=_search,
    ),
    "queue": Kind(desk=_queue_desk, says=("desk", "queue", "unit"), name=_queue_name, make=_queue),
    "ledger": Kind(desk=_at("supervision"), says=("unit", "state"), name=_ledger_name, make=_ledger),
    "hot": Kind(desk=_at("supervision"), says=("street", "topic", "of"), name=_hot_name, make=_hot),
    "month": Kind(
        desk=_at("month"), says=("period", "of", *DIMENSIONS), name=_month_name, make=_month, every=True
    ),
}
"""Every list of orders that a desk shows."""
