"""Merging on a page: which order it goes into, and how both would stand."""

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect

from jieban.desks.bulk.rehearse import if_unchanged, rehearsed
from jieban.desks.dispatch.queues import QUEUES
from jieban.desks.dispatch.targets import targets_of
from jieban.desks.order.acting.forms import form_class
from jieban.desks.order.origin import came_from
from jieban.desks.order.page import OrderPage, order_context
from jieban.desks.order.since import Since, since
from jieban.desks.presence.here import be_here
from jieban.desks.queues.onward import onward
from jieban.desks.shell.given import number_in
from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.told import tell
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.orders.access import order_for, orders_for
from jieban.orders.actions.merge import merge_order
from jieban.people.acts import Act


@at_desk("dispatch")
def merge(visit: Visit, number: str) -> HttpResponse:
    """Choose, look at the preview, do; sent twice it is done once. Raises NoSuchOrder."""
    order = order_for(visit.actor, number)
    given = visit.request.POST
    kind = form_class(Act.MERGE, order, visit.now)
    posted = visit.request.method == "POST"
    form = kind(given) if posted else kind(initial={"into": visit.request.GET.get("into", "")})
    back = came_from(visit, number)
    before = order_context(visit, number)
    be_here(visit, order, Act.MERGE.value)
    context: dict[str, object] = {
        "number": number,
        "back": back,
        "return_to": back,
        "since": (),
        "form": form,
        "targets": targets_of(visit, order, before.face.matter),
        "order": before,
        "before": before,
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
            onwards = onward(visit, QUEUES, back, order)
            if_unchanged(seen, do)
            tell(visit.request, tr("{number} 已并入", number=number), [into])
            return HttpResponseRedirect(onwards)
        main, merged = rehearsed(do, lambda: (order_context(visit, into), order_context(visit, number)))
    except JiebanError as refused:
        context |= {"refused": refused, "since": _since(visit, {number: "seen", into: "seen_into"})}
        return page(visit, "dispatch/merge.html", context, status=status_of(refused))
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
    known = number_in(given)
    return -1 if known is None else known


def _since(visit: Visit, seen: Mapping[str, str]) -> tuple[Since, ...]:
    """What others did to the orders since they were previewed; `seen` names the fields that say as of when."""
    found: list[Since] = []
    for order in orders_for(visit.actor).filter(number__in=seen):
        events = _seen(visit.request.POST.get(seen[order.number], ""))
        found += since(order, events, visit.actor) if events >= 0 else ()
    return tuple(found)


def _relieved(before: object) -> list[str]:
    """The units that would no longer have it in hand."""
    if not isinstance(before, OrderPage):
        raise TypeError("an order's page was meant")
    return [each.unit for each in before.handlings if not each.gone]
