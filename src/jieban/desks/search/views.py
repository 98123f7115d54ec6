"""The page of the search, what it keeps, and the list as a workbook."""

from urllib.parse import parse_qsl

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from jieban.desks.lists.views import export_list
from jieban.desks.order.page import opened
from jieban.desks.queues.queue import Entry
from jieban.desks.queues.rows import rows_of
from jieban.desks.search.asked import address_of, choices_of, not_understood, sought_of
from jieban.desks.search.models import LONGEST_NAME, LONGEST_QUERY, SavedView
from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.visit import Visit, at_desk
from jieban.orders.access import may_find_by_phone
from jieban.orders.errors import TooBroad
from jieban.orders.search import limit
from jieban.orders.search.box import MOST_LETTERS, Sought, read_box
from jieban.orders.search.find import Hit, Piece, read_mark, search_orders

MOST_VIEWS = 30
"""Views that somebody keeps: more nobody finds one among."""


@require_safe
@at_desk("search")
def desk(visit: Visit, number: str | None = None) -> HttpResponse:
    """The box, what is found, and the order that is open beside it."""
    given = visit.request.GET
    sought = sought_of(given.dict())
    order = opened(visit, number) if number is not None else None
    if visit.partial and visit.request.headers.get("HX-Target") == "order":
        pane = {"order": order, "number": number, "return_to": visit.request.get_full_path()}
        return page(visit, "order/pane.html", pane)
    piece, refused = _piece(visit, sought, _after(given.get("after", "")))
    entries = [Entry(order=hit.order, handling=None, at=hit.received_at) for hit in piece.hits]
    address, box = address_of(sought), read_box(sought.text)
    context: dict[str, object] = {
        "sought": sought,
        "not_understood": not_understood(given.dict(), sought),
        "too_long": len(given.get("q", "").strip()) > MOST_LETTERS,
        "asked": sought != Sought(),
        "narrowed": sought != Sought(text=sought.text),
        "address": address,
        "here": _joined(address, f"after={given['after']}" if given.get("after") else ""),
        "choices": choices_of(visit),
        "names": box.names,
        "no_phones": any(term.phone for term in box.terms) and not may_find_by_phone(visit.actor),
        "rows": rows_of(entries, visit.actor, visit.now, due=False),
        "older": _joined(address, f"after={piece.after.mark}") if piece.after is not None else None,
        "first": not given.get("after"),
        "looked_to": piece.after.received_at if piece.cut and piece.after is not None else None,
        "views": list(SavedView.objects.filter(account=visit.account)),
        "longest_name": LONGEST_NAME,
        "most_views": MOST_VIEWS,
        "number": number,
        "order": order,
        "return_to": visit.request.get_full_path(),
        "refused": refused,
    }
    if visit.partial and visit.request.headers.get("HX-Target") == "found":
        return page(visit, "search/found.html", context)
    return page(visit, "search/desk.html", context, status=200 if refused is None else status_of(refused))


def _piece(visit: Visit, sought: Sought, after: Hit | None) -> tuple[Piece, TooBroad | None]:
    try:
        return search_orders(visit.actor, sought, after=after, seconds=limit.MOST_SECONDS), None
    except TooBroad as refused:
        return Piece(hits=(), after=None), refused


@require_safe
@at_desk("search")
def export(visit: Visit) -> HttpResponseBase:
    """What is found as a workbook."""
    return export_list(visit, "search", visit.request.GET.dict())


@require_POST
@at_desk("search")
def keep(visit: Visit) -> HttpResponse:
    """Keep a search under a name; the same name again means the new one."""
    name = " ".join(visit.request.POST.get("name", "").split())[:LONGEST_NAME]
    address = address_of(sought_of(dict(parse_qsl(visit.request.POST.get("query", "")))))
    mine = SavedView.objects.filter(account=visit.account)
    if name and address and len(address) <= LONGEST_QUERY:
        with transaction.atomic():
            if mine.filter(name=name).exists() or mine.count() < MOST_VIEWS:
                SavedView.objects.update_or_create(
                    account=visit.account, name=name, defaults={"query": address}
                )
    return HttpResponseRedirect(f"{visit.desk.path if visit.desk else ''}?{address}")


@require_POST
@at_desk("search")
def forget(visit: Visit, pk: int) -> HttpResponse:
    """Give up a view of one's own."""
    if not SavedView.objects.filter(account=visit.account, pk=pk).delete()[0]:
        raise Http404
    return HttpResponseRedirect(visit.desk.path if visit.desk else "/desk/")


def _after(mark: str) -> Hit | None:
    if not mark:
        return None
    try:
        return read_mark(mark)
    except ValueError as fault:
        raise Http404 from fault


def _joined(*parts: str) -> str:
    return "&".join(part for part in parts if part)
