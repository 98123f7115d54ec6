"""Into which orders one may be merged: those by the same person, on the same matter, and those that read alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from jieban.desks.queues.queue import Entry
from jieban.desks.queues.rows import Row, rows_of
from jieban.desks.shell import words
from jieban.desks.shell.visit import Visit
from jieban.kernel.i18n import tr
from jieban.orders.access import orders_for
from jieban.orders.models import Order
from jieban.orders.moves import MOVES
from jieban.orders.repeats import earlier_by_person, earlier_on_matter
from jieban.orders.search.similar import similar_orders
from jieban.orders.secrets import Matter
from jieban.people.acts import Act

_MOST = 10
"""Orders that are offered to be merged into, the latest: a number can be typed as well."""
_MOST_ALIKE = 5
_MOST_READ = 50
"""Of orders that read alike: most of them may be over."""
_LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """An order into which this one may be merged, and why it is offered."""

    row: Row
    why: str


def targets_of(visit: Visit, order: Order, matter: Matter | None) -> list[Target]:
    """Orders on what may be the same matter into which an order can still be merged; `matter` is what it says."""
    open_to = sorted(MOVES[Act.ABSORB].order)
    why = {each: tr("文字相近") for each in _alike(visit, order, matter, open_to)}
    for each in reversed(
        [
            *earlier_by_person(of=order.number, actor=visit.actor, now=visit.now),
            *earlier_on_matter(of=order.number, actor=visit.actor, now=visit.now),
        ]
    ):
        why[each.order] = words.repeat_by(each.by)
    fit = orders_for(visit.actor).filter(number__in=why, state__in=open_to)
    latest = fit.order_by("-received_at", "-pk").values_list("pk", "received_at")[:_MOST]
    entries = [Entry(order=pk, handling=None, at=received_at) for pk, received_at in latest]
    rows = rows_of(entries, visit.actor, visit.now, due=False)
    return [Target(row=row, why=why[row.number]) for row in rows]


def _alike(visit: Visit, order: Order, matter: Matter | None, open_to: Sequence[str]) -> list[str]:
    """Those that read most alike, of those that are open."""
    said = " ".join(text for text in (matter.content, matter.summary) if text) if matter is not None else ""
    alike = similar_orders(visit.actor, said, visit.now - _LOOKED_BACK, most=_MOST_READ, but=order.pk)
    there = orders_for(visit.actor).filter(pk__in=[each.order for each in alike], state__in=open_to)
    fit = set(there.values_list("pk", flat=True))
    return [each.number for each in alike if each.order in fit][:_MOST_ALIKE]
