"""The orders that one hangs together with, for whom every order may be shown to: repeats, merges, parts."""

from dataclasses import dataclass

from django.db.models import Q

from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.orders.models import Order
from jieban.orders.states import RepeatBy
from jieban.people.actor import Actor
from jieban.people.policy import SEES_EVERY_ORDER

_MOST = 20
"""Of more than these the latest are shown: a hot place brings repeats by the dozen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """Another order, how it hangs together with this one and why it is held to, and how it stands."""

    how: str
    why: str
    number: str
    state: str


def related_to(order: Order, actor: Actor) -> tuple[Related, ...]:
    """Nothing for units, to whom others' orders are nobody's business. One query."""
    if actor.roles.isdisjoint(SEES_EVERY_ORDER):
        return ()
    above = [pk for pk in (order.repeat_of_id, order.merged_into_id, order.parent_id) if pk is not None]
    wanted = Q(pk__in=above) | Q(repeat_of=order) | Q(merged_into=order) | Q(parent=order)
    found = Order.objects.filter(wanted).order_by("-pk")[:_MOST]
    return tuple(
        Related(
            how=_how(order, each),
            why=_why(order, each),
            number=each.number,
            state=words.order_state(each.state),
        )
        for each in found
    )


def _how(order: Order, other: Order) -> str:
    if other.pk == order.merged_into_id:
        return tr("已并入")
    if other.merged_into_id == order.pk:
        return tr("并来的")
    if other.pk == order.parent_id:
        return tr("拆自")
    if other.parent_id == order.pk:
        return tr("拆出的")
    return tr("先前反映") if other.pk == order.repeat_of_id else tr("再次反映")


def _why(order: Order, other: Order) -> str:
    later = order if other.pk == order.repeat_of_id else other if other.repeat_of_id == order.pk else None
    return words.repeat_by(later.repeat_by or RepeatBy.NAMED) if later is not None else ""
