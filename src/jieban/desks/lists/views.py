"""Having a list as a workbook: at once, or in the background; and the page of one's own."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.views.decorators.http import require_POST, require_safe

from jieban.desks.lists.book import write
from jieban.desks.lists.errors import TooManyLists
from jieban.desks.lists.keeping import opened
from jieban.desks.lists.kinds import address_of, listing, name_of
from jieban.desks.lists.make import KEPT, ask_for, cancel, still_sees, sweep
from jieban.desks.lists.mine import MineLine, lines_of
from jieban.desks.lists.models import Export
from jieban.desks.shell.pages import page, unless_known
from jieban.desks.shell.visit import Visit, at_desk
from jieban.desks.shell.words import local
from jieban.desks.work.ask import ask
from jieban.desks.work.models import Job

AT_ONCE: Final = 2_000
"""Rows that a page waits for: what is longer is made in the background."""
HERE: Final = "/desk/lists/"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@at_desk()
def export(visit: Visit) -> HttpResponseBase:
    """A list as a workbook where it is short; else the page that offers to make it in the background."""
    given = visit.request.GET.dict()
    return export_list(visit, given.pop("kind", ""), given)


def export_list(visit: Visit, kind: str, given: Mapping[str, str]) -> HttpResponseBase:
    """The same for a list whose kind is known. 404 for none, PermissionDenied for who doesn't work there."""
    found = listing(kind, given, visit.actor, visit.now)
    if found.total is None or found.total <= AT_ONCE:
        rows = found.rows()
        first = list(islice(rows, AT_ONCE + 1))
        if len(first) <= AT_ONCE:
            short = BytesIO()
            write(short, found.heads, iter(first))
            return _file(visit, iter((short.getvalue(),)))
    asked = {
        "kind": kind,
        "given": address_of(kind, given),
        "name": name_of(kind, given, visit.actor, visit.now),
        "total": found.total,
    }
    return _page(visit, {"asked": asked, "at_once": AT_ONCE})


@at_desk()
def mine(visit: Visit) -> HttpResponseBase:
    """One's own lists, how far each has come, and asking for another (POST)."""
    sweep(visit.now)
    if visit.request.method != "POST":
        return _page(visit, {})
    given = visit.request.POST.dict()
    kind = given.get("kind", "")
    name_of(
        kind, given, visit.actor, visit.now
    )  # who may not have it is told now, and not by a list that fails
    try:
        ask_for(visit.account, kind, address_of(kind, given), by=visit.actor.ref, now=visit.now)
    except TooManyLists as refused:
        return _page(visit, {"refused": refused}, status=409)
    return HttpResponseRedirect(HERE)


@require_safe
@at_desk()
def fetch(visit: Visit, key: int) -> HttpResponseBase:
    """A list that is ready: for whoever asked for it, as long as they may see all that stands in it."""
    row = _own(visit, key)
    if row.ready_at is None or visit.now >= row.asked_at + KEPT:
        raise Http404
    line = MineLine.of(row, visit)
    if line is None or not still_sees(visit.actor, row.scope):
        raise PermissionDenied
    try:
        return _file(visit, opened(row.pk, row.size))
    except FileNotFoundError as fault:
        raise Http404 from fault


@require_POST
@at_desk()
def give_up(visit: Visit, key: int) -> HttpResponse:
    """Cancel a list that isn't ready, or take away one that is."""
    row = _own(visit, key)
    if row.ended_at is None:
        cancel(row, visit.now)
    return HttpResponseRedirect(HERE)


@require_POST
@at_desk()
def again(visit: Visit, key: int) -> HttpResponse:
    """Go on with a list whose process died."""
    row = _own(visit, key)
    if row.ended_at is None:
        ask(Job.EXPORT, str(row.pk), by=visit.actor.ref, now=visit.now)
    return HttpResponseRedirect(HERE)


def _own(visit: Visit, key: int) -> Export:
    found = Export.objects.filter(pk=key, account=visit.account).first()
    if found is None:
        raise Http404
    return found


def _page(visit: Visit, more: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    lines = lines_of(visit)
    context: dict[str, object] = {
        "lines": lines,
        "moving": any(each.under_way for each in lines),
        "asked": None,
        "refused": None,
        "hours": KEPT.total_seconds() // 3600,
        **more,
    }
    if visit.partial and visit.request.headers.get("HX-Target") == "lists":
        return unless_known(visit.request, page(visit, "lists/lines.html", context))
    return page(visit, "lists/mine.html", context, status=status)


def _file(visit: Visit, pieces: Iterator[bytes]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(pieces, content_type=_XLSX)
    made = local(visit.now)
    answer.headers["Content-Disposition"] = f'attachment; filename="jieban-{made:%Y%m%d-%H%M}.xlsx"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
