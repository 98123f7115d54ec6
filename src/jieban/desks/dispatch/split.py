"""Splitting on a page: a part for each matter of the call."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect

from jieban.desks.bulk.rehearse import if_unchanged
from jieban.desks.dispatch.queues import QUEUES
from jieban.desks.intake.choices import WITHIN
from jieban.desks.intake.choices import topics as topics_of
from jieban.desks.order.acting import fields
from jieban.desks.order.origin import came_from
from jieban.desks.order.page import order_context
from jieban.desks.order.since import since
from jieban.desks.presence.here import be_here
from jieban.desks.queues.onward import onward
from jieban.desks.shell.given import number_in
from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.told import tell
from jieban.desks.shell.visit import Visit, at_desk
from jieban.desks.shell.words import local
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.orders.access import order_for
from jieban.orders.actions.split import SplitPart, split_order
from jieban.orders.models import Order
from jieban.people.acts import Act
from jieban.people.city import city

_LEAST, _MOST = 2, 8


@at_desk("dispatch")
def split(visit: Visit, number: str) -> HttpResponse:
    """The parts, one below the other; sent twice it is done once. Raises NoSuchOrder."""
    order = order_for(visit.actor, number)
    given = visit.request.POST
    posted = visit.request.method == "POST"
    count = _count(given.get("parts", "")) + (1 if "more" in given else 0)
    kind = _form(visit)
    data = given if posted else None
    parts = [kind(data, prefix=f"part{n}", initial=_initial(order)) for n in range(min(count, _MOST))]
    back = came_from(visit, number)
    be_here(visit, order, Act.SPLIT.value)
    context: dict[str, object] = {
        "number": number,
        "back": back,
        "return_to": back,
        "since": (),
        "parts": parts,
        "room": len(parts) < _MOST,
        "seen": _digits(given.get("seen", "")) if posted else order.events,
        "order": order_context(visit, number),
        "refused": None,
    }
    if not posted:
        return page(visit, "dispatch/split.html", context)
    if "more" in given:
        # What was written stays; the new part is empty and nothing is wrong with it yet.
        parts[-1] = kind(prefix=f"part{len(parts) - 1}", initial=_initial(order))
        return page(visit, "dispatch/split.html", context)
    if not all([each.is_valid() for each in parts]):  # noqa: C419  # every part tells what is wrong with it
        return page(visit, "dispatch/split.html", context, status=422)
    onwards = onward(visit, QUEUES, back, order)
    try:
        made = if_unchanged(
            {number: _digits(given.get("seen", ""))},
            lambda: split_order(
                order=number,
                parts=[_part(each.cleaned_data) for each in parts],
                actor=visit.actor,
                now=visit.now,
            ),
        )
    except JiebanError as refused:
        return page(
            visit,
            "dispatch/split.html",
            {**context, "refused": refused, **_as_it_stands(visit, number, given.get("seen", ""))},
            status=status_of(refused),
        )
    tell(
        visit.request,
        tr("{number} 已拆成 {n} 件:", number=number, n=len(made.children)),
        made.children,
    )
    return HttpResponseRedirect(onwards)


def _as_it_stands(visit: Visit, number: str, seen: str) -> dict[str, object]:
    """What others did since the page was opened, and the order as whoever saves again has seen it then."""
    order = order_for(visit.actor, number)
    known = number_in(seen)
    others = since(order, known, visit.actor) if known is not None else ()
    return {"since": others, "seen": order.events, "order": order_context(visit, number)}


def _digits(given: str) -> int:
    """What a form says it has seen; nothing else than a number can have been seen."""
    known = number_in(given)
    return -1 if known is None else known


def _count(given: str) -> int:
    return min(max(_digits(given), _LEAST), _MOST)


def _initial(order: Order) -> dict[str, Any]:
    return {"request_type": order.request_type, "street": order.street or ""}


def _form(visit: Visit) -> type[forms.Form]:
    profile, day = city(), local(visit.now).date()
    named = [(group.name, [(each.value, each.name) for each in group.choices]) for group in topics_of(day)]
    asked: dict[str, forms.Field] = {
        "summary": fields.text(tr("这一件的事项"), rows=2),
        "request_type": fields.choice(
            tr("诉求类型"), fields.named(profile.request_types.valid_on(day)), required=True
        ),
        "topic": forms.ChoiceField(label=tr("分类"), choices=[("", tr("请选择")), *named]),
        "street": fields.choice(tr("街道乡镇"), fields.named(profile.streets.valid_on(day)), required=False),
    }
    return type("part_form", (forms.Form,), asked)


def _part(given: dict[str, Any]) -> SplitPart:
    topic, _, subtopic = given["topic"].partition(WITHIN)
    return SplitPart(
        request_type=given["request_type"],
        topic=topic,
        subtopic=subtopic or None,
        street=given["street"] or None,
        summary=given["summary"],
    )
