"""The answers that cite an article: how many, and the orders behind them as far as somebody may see these."""

from django.http import Http404

from jieban.desks.knowledge.models import Article
from jieban.desks.knowledge.pages.lists import shown_of
from jieban.desks.queues.queue import Entry
from jieban.desks.queues.rows import Row, rows_of
from jieban.desks.shell.visit import Visit

PAGE = 50


def used_page(visit: Visit, article: Article, number: int) -> dict[str, object]:
    """A page of citations, the latest first; those in orders that aren't this person's business are only counted."""
    rows = article.citations.select_related("version").order_by("-at", "-pk")
    there = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    if not there and number > 1:
        raise Http404
    shown = there[:PAGE]
    entries = [Entry(order=each.order_id, handling=None, at=each.at) for each in shown]
    known: dict[int, Row] = {each.key: each for each in rows_of(entries, visit.actor, visit.now, due=False)}
    return {
        "article": article,
        "wording": shown_of(article),
        "rows": [(known[each.order_id], each) for each in shown if each.order_id in known],
        "hidden": sum(each.order_id not in known for each in shown),
        "number": number,
        "more": len(there) > PAGE,
    }
