"""The pages of this desk."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.bulk.views import bulk_page
from jieban.desks.queues.queue import PAGE, Entry
from jieban.desks.queues.rows import rows_of
from jieban.desks.queues.views import queue_page
from jieban.desks.shell import words
from jieban.desks.shell.pages import page, page_number
from jieban.desks.shell.visit import Visit, at_desk
from jieban.desks.shell.words import local
from jieban.desks.supervision import hot as hot_places
from jieban.desks.supervision.ledger import STATES, ledger_of
from jieban.desks.supervision.queues import QUEUES, queues_of
from jieban.desks.supervision.units import COLUMNS, rows_by_unit, total_of
from jieban.people.city import city


@require_safe
@at_desk("supervision")
def desk(visit: Visit, number: str | None = None) -> HttpResponse:
    """The queues, of one unit if it is named, and the order that is open beside them."""
    unit = _unit(visit.request)
    return queue_page(
        visit,
        queues_of(unit) if unit is not None else QUEUES,
        number,
        template="supervision/desk.html",
        keep={"unit": unit} if unit is not None else None,
        more={"here": "queues", "unit": unit, "unit_name": words.unit(unit, visit.now) if unit else ""},
    )


@at_desk("supervision")
def bulk(visit: Visit) -> HttpResponse:
    """One act on several orders."""
    return bulk_page(visit, QUEUES)


@require_safe
@at_desk("supervision")
def units(visit: Visit) -> HttpResponse:
    """The units by what they owe."""
    rows = rows_by_unit(visit.now)
    names = {each.id: each.name for each in QUEUES}
    context = {
        "here": "units",
        "rows": rows,
        "columns": [(name, names[name]) for name in COLUMNS],
        "total": total_of(rows),
    }
    return page(visit, "supervision/units.html", context)


@require_safe
@at_desk("supervision")
def ledger(visit: Visit) -> HttpResponse:
    """The ledger of a unit; which, is chosen on the page."""
    unit, state = _unit(visit.request), visit.request.GET.get("state", "open")
    if state not in STATES:
        raise Http404
    context = {
        "here": "ledger",
        "unit": unit,
        "unit_name": words.unit(unit, visit.now, short=False) if unit is not None else "",
        "units": city().units.valid_on(local(visit.now).date()),
        "state": state,
        "ledger": ledger_of(visit, unit, state, page_number(visit.request)) if unit is not None else None,
    }
    return page(visit, "supervision/ledger.html", context)


@require_safe
@at_desk("supervision")
def hot(visit: Visit) -> HttpResponse:
    """Hot places and repeated requests of the last 30 days."""
    context = {
        "here": "hot",
        "places": hot_places.places(visit.now),
        "repeated": hot_places.repeated(visit.now),
    }
    return page(visit, "supervision/hot.html", context)


@require_safe
@at_desk("supervision")
def behind(visit: Visit) -> HttpResponse:
    """The orders behind a number of the page of hot places."""
    asked, number = visit.request.GET, page_number(visit.request)
    street, topic, of = asked.get("street"), asked.get("topic"), asked.get("of")
    if of is not None:
        found, told, keep = hot_places.orders_again(visit.now, of), of, f"of={of}"
    elif street in city().streets and topic in city().order_topics:
        found = hot_places.orders_at(visit.now, str(street), str(topic))
        told = f"{words.street(street)} · {words.topic(None, str(topic), visit.now)}"
        keep = f"street={street}&topic={topic}"
    else:
        raise Http404
    begin = (number - 1) * PAGE
    entries = [Entry(order=order, handling=None, at=at) for order, _, at in found[begin : begin + PAGE + 1]]
    context = {
        "here": "hot",
        "called": told,
        "repeats": of is not None,
        "keep": keep,
        "rows": rows_of(entries[:PAGE], visit.actor, visit.now, due=False),
        "number": number,
        "more": len(entries) > PAGE,
    }
    return page(visit, "supervision/behind.html", context)


def _unit(request: HttpRequest) -> str | None:
    """The unit that is named; 404 for one that the profile doesn't know."""
    unit = request.GET.get("unit") or None
    if unit is not None and unit not in city().units:
        raise Http404
    return unit
