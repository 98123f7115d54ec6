"""The month at a glance, its face for the wall, and the orders behind a figure."""

from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from jieban.desks.month.behind import DIMENSIONS, LISTED, counted_behind, numbers_behind
from jieban.desks.month.count import behind_of, state_of_orders, summary_of
from jieban.desks.month.spans import chosen, next_of, offered
from jieban.desks.month.summary import Chart
from jieban.desks.queues.queue import PAGE, Entry, Piece
from jieban.desks.queues.rows import rows_of
from jieban.desks.shell import words
from jieban.desks.shell.pages import page, page_number, unless_known
from jieban.desks.shell.visit import Visit, at_desk
from jieban.desks.work.ask import ask, standing
from jieban.desks.work.models import Job
from jieban.desks.work.rights import Right, may
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY
from jieban.orders.models import Order
from jieban.people.city import city
from jieban.people.policy import SEES_EVERY_ORDER

_ADDRESS = "/desk/month/"
_PIECE = "figures"


@require_safe
@at_desk("month")
def glance(visit: Visit) -> HttpResponse:
    """A period's figures as they were counted last; never counts by itself."""
    period = _period(visit, visit.request.GET.get("period"))
    return _shown(visit, period, "month/month.html")


@require_safe
@at_desk("month")
def wall(visit: Visit) -> HttpResponse:
    """The same in large, for a screen on the wall, which asks for news by itself."""
    period = _period(visit, visit.request.GET.get("period"))
    return _shown(visit, period, "month/wall.html")


@require_safe
@at_desk("month")
def listed(visit: Visit) -> HttpResponse:
    """The orders behind a figure, for whoever may see orders one by one; 403 for leaders and analysts."""
    if not _sees_orders(visit):
        raise PermissionDenied
    asked = visit.request.GET
    period, of = _period(visit, asked.get("period")), asked.get("of", "")
    if of not in LISTED:
        raise Http404
    cut = {name: asked[name] for name in DIMENSIONS if name in asked}
    try:
        numbers = numbers_behind(behind_of(period), of, cut)
    except FileNotFoundError as fault:
        raise Http404 from fault
    at = page_number(visit.request)
    shown = numbers[(at - 1) * PAGE : at * PAGE]
    keys = dict(Order.objects.filter(number__in=shown).values_list("number", "pk"))
    entries = [Entry(order=keys[number], handling=None, at=None) for number in shown if number in keys]
    query = urlencode({"period": period.code, "of": of, **cut})
    context = {
        "period": period,
        "title": REGISTRY[of].label,
        "cut": [_cut_name(period, name, code, cut) for name, code in cut.items()],
        "whole": len(numbers),
        "counted": counted_behind(behind_of(period), of, cut),
        "piece": Piece(entries=tuple(entries), number=at, more=len(numbers) > at * PAGE),
        "rows": rows_of(entries, visit.actor, visit.now, due=False),
        "query": query,
        "address": f"{_ADDRESS}orders/?{query}",
        "back": f"{_ADDRESS}?period={period.code}",
    }
    return page(visit, "month/orders.html", context)


@require_POST
@at_desk("month")
def count(visit: Visit) -> HttpResponse:
    """Have the figures counted again; the page says when they are there."""
    if not may(visit.actor, Right.COUNT_FIGURES):
        raise PermissionDenied
    period = _period(visit, visit.request.POST.get("period"))
    ask(Job.FIGURES, period.code, by=visit.actor.ref, now=visit.now)
    return HttpResponseRedirect(f"{_ADDRESS}?period={period.code}")


def _period(visit: Visit, given: str | None) -> Period:
    period = chosen(given, visit.now)
    if period is None:
        raise Http404
    return period


def _shown(visit: Visit, period: Period, template: str) -> HttpResponse:
    summary = summary_of(period)
    links = _sees_orders(visit)
    context = {
        "period": period,
        "summary": summary,
        "task": standing(Job.FIGURES, period.code, visit.now),
        "may_count": may(visit.actor, Right.COUNT_FIGURES),
        "current": summary is not None and summary.state == state_of_orders(),
        "previous": period.previous(),
        "following": next_of(period, visit.now),
        "offered": offered(visit.now, period),
        "charts": _options(summary.charts) if summary is not None else {},
        "orders": f"{_ADDRESS}orders/?period={period.code}&" if links else "",
        "piece_id": _PIECE,
    }
    if visit.partial and visit.request.headers.get("HX-Target") == _PIECE:
        name = "month/wall_figures.html" if template == "month/wall.html" else "month/figures.html"
        return unless_known(visit.request, page(visit, name, context))
    return page(visit, template, context)


def _options(charts: tuple[Chart, ...]) -> Mapping[str, object]:
    return {chart.id: {key: asdict(chart)[key] for key in ("light", "dark")} for chart in charts}


def _sees_orders(visit: Visit) -> bool:
    return not visit.actor.roles.isdisjoint(SEES_EVERY_ORDER)


def _cut_name(period: Period, name: str, code: str, cut: Mapping[str, str]) -> str:
    at = period.instants(city().clock.tz)[1]
    match name:
        case "topic":
            return words.topic(None, code, at)
        case "subtopic":
            return words.subtopic(None, cut.get("topic", ""), code, at)
        case "unit":
            return words.unit(code, at)
        case "street":
            return words.street(code)
        case "unit_group":
            return next((each.name for each in city().unit_groups if each.code == code), code)
        case _:
            return words.request_type(code) if name == "request_type" else words.channel(code)
