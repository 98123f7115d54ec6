"""Evidence as people see it: which pieces of an order are shown to whom, and which only as a bare copy."""

from collections.abc import Collection
from dataclasses import dataclass

from jieban.kernel.i18n import tr
from jieban.orders.access import handlings_for, order_for
from jieban.orders.errors import NoSuchOrder
from jieban.orders.evidence.copies import COPIED
from jieban.orders.models import Evidence, Order
from jieban.people.actor import Actor
from jieban.people.policy import SEES_EVERY_ORDER


@dataclass(frozen=True, kw_only=True, slots=True)
class Exhibit:
    """A piece of evidence that somebody sees. `handling` is the serial of its handling, None for the order's own.

    `bare`: only as a copy that tells nothing but the picture (`copies.bare_copy`).
    """

    evidence: Evidence
    handling: int | None
    bare: bool


def exhibits_for(actor: Actor, order: Order, handlings: Collection[int]) -> tuple[Exhibit, ...]:
    """What `actor` sees of the evidence of an order that is theirs to see, with these handlings. One query.

    Whoever brought something with a confidential or anonymous request can be known by it: units see its pictures as
    bare copies, and no recording or paper. A citizen sees what they brought.
    """
    held = (
        Evidence.objects.filter(order=order, removed_at__isnull=True)
        .select_related("handling")
        .order_by("serial")
    )
    found = (
        _exhibit(actor, order, each, each.handling.serial if each.handling is not None else None, handlings)
        for each in held
    )
    return tuple(each for each in found if each is not None)


def exhibit_for(actor: Actor, number: str, serial: int) -> Exhibit:
    """One piece of evidence. Raises NoSuchOrder for one that isn't there and for one that isn't theirs to see."""
    order = order_for(actor, number)
    seen = frozenset(handlings_for(actor).filter(order=order).values_list("serial", flat=True))
    found = (each for each in exhibits_for(actor, order, seen) if each.evidence.serial == serial)
    exhibit = next(found, None)
    if exhibit is None:
        raise NoSuchOrder(
            tr("工单 {number} 没有这件证据。", number=number), fix=tr("请刷新后按工单现状办理。")
        )
    return exhibit


def _exhibit(
    actor: Actor, order: Order, evidence: Evidence, handling: int | None, handlings: Collection[int]
) -> Exhibit | None:
    if actor.roles & SEES_EVERY_ORDER or (actor.reference is not None and evidence.added_by == actor.ref):
        return Exhibit(evidence=evidence, handling=handling, bare=False)
    if actor.reference is not None:
        return None
    if handling is not None:
        return Exhibit(evidence=evidence, handling=handling, bare=False) if handling in handlings else None
    hidden = order.confidential or order.anonymous
    if hidden and evidence.media_type not in COPIED:
        return None
    return Exhibit(evidence=evidence, handling=None, bare=hidden)
