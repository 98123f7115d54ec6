"""The page of an act on several orders: what it asks for, what it would do to each, what it did."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, QueryDict

from jieban.desks.bulk import merging
from jieban.desks.bulk.effect import effect, standing
from jieban.desks.bulk.line import Line
from jieban.desks.bulk.picks import Pick, picks_of
from jieban.desks.bulk.rehearse import ChangedSince, if_unchanged, rehearsed
from jieban.desks.order.acting.forms import FORMS, Place, form_class
from jieban.desks.order.otherwise import filled_otherwise, not_done_otherwise, remember
from jieban.desks.order.since import done_since, since
from jieban.desks.queues.queue import Entry, Queue
from jieban.desks.queues.rows import rows_of
from jieban.desks.shell import words
from jieban.desks.shell.pages import page
from jieban.desks.shell.visit import Visit
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.orders.access import handlings_for, orders_for
from jieban.orders.models import Handling, Order
from jieban.people.acts import Act


def bulk_page(visit: Visit, queues: Sequence[Queue]) -> HttpResponse:
    """The form, then the preview, then what came of it, of one of the acts that a queue offers for several orders.

    404 for an act that none offers. What is refused of one order keeps nothing from being done to the others.
    """
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    act = _act(given.get("act", ""), queues)
    again = given.get("step") == "ask"
    picks = picks_of([*given.getlist("pick"), *(given.getlist("also") if again else ())])
    orders = _orders(visit, picks)
    lines = _lines(visit, picks, orders)
    context: dict[str, object] = {
        "act": act,
        "act_name": words.act(act.value),
        "queue": given.get("queue", "") if given.get("queue") in {each.id for each in queues} else "",
        "lines": lines,
        "step": "ask",
        "form": None,
    }
    first = next((each for each in picks if each.order in orders), None)
    if first is None:
        return page(visit, "bulk/page.html", context)
    if act is Act.MERGE:
        kind = merging.form_of(lines)
    else:
        kind = form_class(act, orders[first.order], visit.now, _handling(visit, orders[first.order], first))
    if visit.request.method != "POST":
        return page(visit, "bulk/page.html", {**context, "form": kind()})
    if again:
        return page(
            visit, "bulk/page.html", {**context, "form": kind(initial=_again(kind, visit.request.POST))}
        )
    form = kind(visit.request.POST)
    if not form.is_valid():
        return page(visit, "bulk/page.html", {**context, "form": form}, status=422)
    if given.get("step") == "do":
        if act is Act.MERGE:
            done = merging.done(visit, lines, orders, form)
        else:
            done = [_done(visit, act, each, orders, form) for each in lines]
        left = {"step": "done", "lines": done, "fields": _filled(form)}
        return page(visit, "bulk/page.html", {**context, **left})
    if act is Act.MERGE:
        tried = merging.tried(visit, lines, orders, form.cleaned_data)
    else:
        tried = [_tried(visit, act, each, orders, form.cleaned_data) for each in lines]
    told = {**context, "step": "preview", "lines": tried, "form": form, "fields": _filled(form)}
    return page(visit, "bulk/page.html", told)


def _act(given: str, queues: Sequence[Queue]) -> Act:
    found = next((act for queue in queues for act in queue.bulk if act.value == given), None)
    if found is None:
        raise Http404
    return found


def _orders(visit: Visit, picks: Iterable[Pick]) -> dict[str, Order]:
    found = orders_for(visit.actor).filter(number__in=[each.order for each in picks])
    return {each.number: each for each in found}


def _handling(visit: Visit, order: Order, pick: Pick) -> Handling | None:
    if pick.handling is None:
        return None
    return handlings_for(visit.actor).filter(order=order, serial=pick.handling).first()


def _lines(visit: Visit, picks: Sequence[Pick], orders: dict[str, Order]) -> tuple[Line, ...]:
    there = [each for each in picks if each.order in orders]
    entries = [Entry(order=orders[each.order].pk, handling=each.handling, at=None) for each in there]
    rows = rows_of(entries, visit.actor, visit.now, due=False)
    shown = dict(zip(there, rows, strict=True))
    return tuple(Line(pick=each, row=shown.get(each)) for each in picks)


def _tried(visit: Visit, act: Act, line: Line, orders: dict[str, Order], given: dict[str, Any]) -> Line:
    number = line.pick.order
    place = Place(order=number, handling=line.pick.handling, actor=visit.actor, now=visit.now)
    seen = orders[number].events if number in orders else None
    pick = Pick(order=number, handling=line.pick.handling, seen=seen)
    try:
        before = standing(number) if seen is not None else None
        after = rehearsed(lambda: FORMS[act].do(place, given), lambda: standing(number))
    except JiebanError as refused:
        return Line(pick=pick, row=line.row, refused=refused)
    told = effect(before, after) if before is not None else ()
    return Line(pick=pick, row=line.row, told=told)


def _done(visit: Visit, act: Act, line: Line, orders: dict[str, Order], form: forms.Form) -> Line:
    pick, number = line.pick, line.pick.order
    if pick.seen is None:
        raise Http404
    place = Place(order=number, handling=pick.handling, actor=visit.actor, now=visit.now)
    order = orders.get(number)
    done = done_since(order, pick.seen, act, pick.handling, visit.actor) if order is not None else ()
    if order is not None and done:
        if filled_otherwise(order, done, visit.actor, form):
            return Line(pick=pick, row=line.row, refused=not_done_otherwise(words.act(act.value)))
        return Line(pick=pick, row=line.row, told=(tr("刚才已经办过"),))

    def do() -> None:
        FORMS[act].do(place, form.cleaned_data)
        if order is not None:
            remember(order, order.events, form)

    before = standing(number) if order is not None else None
    try:
        if_unchanged({number: pick.seen}, do)
    except ChangedSince as changed:
        others = since(order, pick.seen, visit.actor) if order is not None else ()
        return Line(pick=pick, row=line.row, refused=changed, others=others)
    except JiebanError as refused:
        return Line(pick=pick, row=line.row, refused=refused)
    told = effect(before, standing(number)) if before is not None else ()
    return Line(pick=pick, row=line.row, told=told)


def _again(kind: type[forms.Form], given: QueryDict) -> dict[str, object]:
    """What was filled in before the preview, to be filled in otherwise."""
    several = {
        name for name, field in kind.base_fields.items() if isinstance(field, forms.MultipleChoiceField)
    }
    return {
        name: given.getlist(name) if name in several else given[name]
        for name in kind.base_fields
        if name in given
    }


def _filled(form: forms.Form) -> list[tuple[str, str]]:
    """What was filled in, as the hidden fields that carry it on."""
    filled: list[tuple[str, str]] = []
    for name in form.fields:
        filled += [(name, value) for value in form.data.getlist(name)]  # type: ignore[attr-defined]  # a QueryDict, which is what was posted
    return filled
