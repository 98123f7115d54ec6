"""Which orders are whose business: all reading of orders by people begins with one of these functions."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from jieban.kernel.i18n import tr
from jieban.orders.engine.perform import no_such_order, numbered
from jieban.orders.engine.transactions import told_of_waiting
from jieban.orders.errors import NotAllowed
from jieban.orders.models import Handling, Order, Petition
from jieban.orders.requesters import requester_of
from jieban.orders.secrets import phone_digits, phone_indexes
from jieban.orders.states import GONE
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.policy import POLICY, SEES_EVERY_ORDER, Relation
from jieban.people.roles import UNIT_ROLES
from jieban.people.units import unit_and_below


def seen_units(actor: Actor) -> frozenset[str]:
    """Codes of the units whose handlings somebody sees: their own and all below. They act for their own only."""
    profile = city()
    return frozenset(code for unit in actor.units_as(*UNIT_ROLES) for code in unit_and_below(profile, unit))


def orders_for(actor: Actor) -> "QuerySet[Order]":
    """The orders that somebody may see: the centre all, units those in their hands, citizens their own.

    What was merged into an order is in the hands of that one's units.
    Leaders, analysts and administrators see figures, and none of the orders one by one.
    """
    if actor.roles & SEES_EVERY_ORDER:
        return Order.objects.all()
    seen = Q(pk__in=())
    for way in _ways(actor):
        seen |= way
    return Order.objects.filter(seen)


def orders_in_ways(actor: Actor) -> "tuple[QuerySet[Order], ...]":
    """`orders_for` in parts that may overlap, each of which a database finds by an index; together it wouldn't."""
    if actor.roles & SEES_EVERY_ORDER:
        return (Order.objects.all(),)
    return tuple(Order.objects.filter(way) for way in _ways(actor))


def orders_besides(actor: Actor) -> "tuple[QuerySet[Order], ...]":
    """`orders_in_ways` without what is in the hands of somebody's units: that is found by `handlings_for`."""
    if actor.roles & SEES_EVERY_ORDER:
        return (Order.objects.all(),)
    return tuple(Order.objects.filter(way) for way in _besides(actor))


def orders_among(actor: Actor, keys: Iterable[int]) -> dict[int, Order]:
    """Those of some orders that `actor` may see, by their keys."""
    wanted = set(keys)
    return {each.pk: each for way in orders_in_ways(actor) for each in way.filter(pk__in=wanted)}


def _ways(actor: Actor) -> list[Q]:
    """How somebody comes to see orders, of whom the centre is none."""
    units = seen_units(actor)
    # Of several kinds that are seen, sets are what databases look orders up in; EXISTS they would ask for each.
    held = [Q(pk__in=Handling.objects.filter(in_hand(units)).values("order"))] if units else []
    return held + _besides(actor)


def _besides(actor: Actor) -> list[Q]:
    units = seen_units(actor)
    ways = [_absorbed(units)] if units else []
    # Whoever has no reference is nobody's requester: a NULL there is not theirs.
    if actor.reference is not None:
        ways.append(_own(actor.reference, actor.ref))
    return ways


def _own(reference: str, ref: str) -> Q:
    """A citizen's own, as `requester_of` says of one order."""
    return Q(requester=ref) | Q(number=reference, requester__isnull=True, anonymous=False)


def _absorbed(units: frozenset[str]) -> Q:
    """Orders that were merged, over any number of steps, into one that is in the hands of these units."""
    quote = connection.ops.quote_name
    order, handling = (quote(each._meta.db_table) for each in (Order, Handling))  # noqa: SLF001  # Django's own name
    among, gone = (", ".join(["%s"] * len(each)) for each in (units, GONE))
    # Django has no query that follows a link until it ends.
    absorbed = RawSQL(  # noqa: S611  # all that comes from outside is a parameter
        f"WITH RECURSIVE absorbed (id) AS ("  # noqa: S608  # names of our own tables
        # Said as well, since it is what the database's statistics know: that few were.
        f"SELECT id FROM {order} WHERE merged_into_id IS NOT NULL AND merged_into_id IN "
        f"(SELECT order_id FROM {handling} WHERE unit IN ({among}) AND state NOT IN ({gone}))"
        f" UNION SELECT away.id FROM {order} away JOIN absorbed ON away.merged_into_id = absorbed.id"
        f") SELECT id FROM absorbed",
        [*sorted(units), *sorted(GONE)],
    )
    return Q(merged_into__isnull=False, pk__in=absorbed)


def handlings_for(actor: Actor) -> "QuerySet[Handling]":
    """The handlings that somebody may see: the centre all, units those of their own and the units below."""
    if actor.roles & SEES_EVERY_ORDER:
        return Handling.objects.all()
    return Handling.objects.filter(in_hand(seen_units(actor)))


def petitions_for(actor: Actor) -> "QuerySet[Petition]":
    """What units ask for, of the handlings that somebody may see."""
    if actor.roles & SEES_EVERY_ORDER:
        return Petition.objects.all()
    return Petition.objects.filter(handling__in=handlings_for(actor))


def order_for(actor: Actor, number: str) -> Order:
    """One order. Raises NoSuchOrder for one that isn't there and for somebody else's, in the same words."""
    with told_of_waiting():
        found = numbered(number)
        if found is None or not _sees(actor, found):
            raise no_such_order(number)
    return found


def _sees(actor: Actor, order: Order) -> bool:
    """What `orders_for` says of one order, without all the others that are in somebody's hands."""
    if actor.roles & SEES_EVERY_ORDER:
        return True
    if actor.reference is not None and requester_of(order) == actor.ref:
        return True
    units = seen_units(actor)
    return bool(units) and Handling.objects.filter(in_hand(units), order=order.goes_on_as).exists()


def may_find_by_phone(actor: Actor) -> bool:
    """Whether somebody may look for requesters by their number: who may read every requester's contact."""
    allowed = {grant.role for grant in POLICY[Act.READ_CONTACT] if grant.relation is Relation.ANY}
    return bool(actor.roles & allowed)


def find_by_phone(actor: Actor, phone: str) -> "QuerySet[Order]":
    """The orders of whoever left this number, however it is written; anonymous and redacted ones are not found.

    Only for those who may read every requester's contact. Raises NotAllowed.
    """
    if not may_find_by_phone(actor):
        raise NotAllowed(
            tr("您的岗位不能按电话查找诉求人。"), fix=tr("请由话务员、派单员、审核员或回访员查找。")
        )
    if not phone_digits(phone):
        return Order.objects.none()
    return orders_for(actor).filter(secret__phone_index__in=phone_indexes(phone, keyring()), anonymous=False)


def in_hand(units: Iterable[str]) -> Q:
    """The handlings of some units that are theirs still, or were to the end."""
    return Q(unit__in=sorted(units)) & ~Q(state__in=sorted(GONE))
