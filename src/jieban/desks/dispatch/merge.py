"""Merging on a page: which order it goes into, and how both would stand."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect

from jieban.desks.bulk.rehearse import if_unchanged, rehearsed
from jieban.desks.order.forms import form_class
from jieban.desks.order.page import OrderPage, order_context
from jieban.desks.queues.queue import Entry
from jieban.desks.queues.rows import Row, rows_of
from jieban.desks.shell import words
from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.errors import JiebanError
from jieban.orders.access import order_for, orders_for
from jieban.orders.actions.merge import merge_order
from jieban.orders.models import Order
from jieban.orders.moves import MOVES
from jieban.orders.repeats import earlier_by_person, earlier_on_matter
from jieban.people.acts import Act

_MOST = 10
"""Orders that are offered to be merged into, the latest: a number can be typed as well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """An order into which this one may be merged, and why it is offered."""

    row: Row
    why: str


@at_desk("dispatch")
def merge(visit: Visit, number: str) -> HttpResponse:
    """Choose, look at the preview, do; sent twice it is done once. Raises NoSuchOrder."""
    order = order_for(visit.actor, number)
    given = visit.request.POST
    kind = form_class(Act.MERGE, order, visit.now)
    posted = visit.request.method == "POST"
    form = kind(given) if posted else kind(initial={"into": visit.request.GET.get("into", "")})
    context: dict[str, object] = {
        "number": number,
        "form": form,
        "targets": _targets(visit, order),
        "before": order_context(visit, number),
        "main": None,
        "refused": None,
    }
    if not posted:
        return page(visit, "dispatch/merge.html", context)
    if not form.is_valid():
        return page(visit, "dispatch/merge.html", context, status=422)
    into, reason = form.cleaned_data["into"].strip(), form.cleaned_data["reason"]

    def do() -> object:
        return merge_order(order=number, into=into, reason=reason, actor=visit.actor, now=visit.now)

    try:
        if given.get("step") == "do":
            seen = {number: _seen(given.get("seen", "")), into: _seen(given.get("seen_into", ""))}
            if_unchanged(seen, do)
            return HttpResponseRedirect(f"/desk/dispatch/{into}/")
        main, merged = rehearsed(do, lambda: (order_context(visit, into), order_context(visit, number)))
    except JiebanError as refused:
        return page(visit, "dispatch/merge.html", {**context, "refused": refused}, status=status_of(refused))
    target = orders_for(visit.actor).get(number=into)
    shown = {
        "main": main,
        "merged": merged,
        "relieved": _relieved(context["before"]),
        "into": into,
        "seen": order.events,
        "seen_into": target.events,
    }
    return page(visit, "dispatch/merge.html", {**context, **shown})


def _seen(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() else -1


def _relieved(before: object) -> list[str]:
    """The units that would no longer have it in hand."""
    if not isinstance(before, OrderPage):
        raise TypeError("an order's page was meant")
    return [each.unit for each in before.handlings if not each.gone]


def _targets(visit: Visit, order: Order) -> list[Target]:
    """Earlier orders by the same person or on the same matter, into which an order can still be merged."""
    found = [
        *earlier_by_person(of=order.number, actor=visit.actor, now=visit.now),
        *earlier_on_matter(of=order.number, actor=visit.actor, now=visit.now),
    ]
    open_to = MOVES[Act.ABSORB].order
    fit = {each.order: each for each in reversed(found) if each.state in open_to}
    latest = sorted(fit.values(), key=lambda each: each.received_at, reverse=True)[:_MOST]
    keys = dict(orders_for(visit.actor).filter(number__in=fit).values_list("number", "pk"))
    entries = [Entry(order=keys[each.order], handling=None, at=each.received_at) for each in latest]
    rows = rows_of(entries, visit.actor, visit.now, due=False)
    return [Target(row=row, why=words.repeat_by(fit[row.number].by)) for row in rows]
