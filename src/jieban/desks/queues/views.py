"""The page of a desk that works from queues: the rail, the queue in the middle, the order on the right."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse

from jieban.desks.live.counts import said
from jieban.desks.live.pieces import pieces
from jieban.desks.order.page import opened
from jieban.desks.queues.queue import Queue, count_of, piece_of
from jieban.desks.queues.rows import rows_of
from jieban.desks.shell.pages import page, page_number, unless_known
from jieban.desks.shell.visit import Visit


def queue_page(
    visit: Visit,
    queues: Sequence[Queue],
    number: str | None = None,
    *,
    template: str = "queues/desk.html",
    keep: Mapping[str, str] | None = None,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """The desk's page, with the order of this number open if one is named: it opens on the first queue with entries.

    `keep` is what all its links carry on, beside the queue; `more` is for a template of the desk's own. Raises
    NoSuchOrder.
    """
    counts = [count_of(each, visit.actor, visit.now) for each in queues]
    queue = _chosen(visit.request, queues, counts)
    at_page = page_number(visit.request)
    piece = piece_of(queue, visit.actor, visit.now, at_page)
    context: dict[str, object] = {
        "queues": [(each, said(count)) for each, count in zip(queues, counts, strict=True)],
        "queue": queue,
        "rows": rows_of(piece.entries, visit.actor, visit.now, due=queue.due),
        "notes": queue.notes({each.order for each in piece.entries}, visit.now) if queue.notes else {},
        "piece": piece,
        "number": number,
        "order": opened(visit, number) if number is not None else None,
        "return_to": visit.request.get_full_path(),
        "keep": "".join(f"&{name}={quote(value)}" for name, value in (keep or {}).items()),
        **(more or {}),
    }
    wanted = visit.request.headers.get("HX-Target", "")
    if visit.partial and wanted == "order":
        return page(visit, "order/pane.html", context)
    if visit.partial and wanted == "queue":
        known = {visit.desk.id: said(counts[0])} if visit.desk is not None and not keep else None
        return unless_known(
            visit.request, page(visit, "queues/refreshed.html", {**context, **pieces(visit, known)})
        )
    return page(visit, template, context)


def _chosen(request: HttpRequest, queues: Sequence[Queue], counts: Sequence[int]) -> Queue:
    wanted = request.GET.get("queue")
    if wanted is None:
        return next((each for each, count in zip(queues, counts, strict=True) if count), queues[0])
    found = next((each for each in queues if each.id == wanted), None)
    if found is None:
        raise Http404
    return found
