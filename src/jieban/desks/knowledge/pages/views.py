"""The desk of the knowledge base: finding, reading, writing, and what is done to articles."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from jieban.desks.knowledge.articles import acts, upkeep
from jieban.desks.knowledge.articles.difference import difference
from jieban.desks.knowledge.articles.find import Asked, found, words_of
from jieban.desks.knowledge.articles.written import holds_unconfirmed, known_topics
from jieban.desks.knowledge.errors import NoSuchArticle
from jieban.desks.knowledge.models import Objection
from jieban.desks.knowledge.pages.address import address_of, kept_of, status_for
from jieban.desks.knowledge.pages.lists import BY_ID, PAGE, counts, entries, waiting_for, waits
from jieban.desks.knowledge.pages.page import article_for, article_page, rights_of, shown, told
from jieban.desks.knowledge.pages.used import used_page
from jieban.desks.knowledge.rights import Right, may_ever
from jieban.desks.order.acting import fields
from jieban.desks.shell.given import number_in
from jieban.desks.shell.pages import page, page_number
from jieban.desks.shell.visit import Visit, at_desk
from jieban.desks.shell.words import local
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.people.city import city

_CONFLICT = 409
_MOST_ALIKE = 4


@require_safe
@at_desk("knowledge")
def desk(visit: Visit, pk: int | None = None) -> HttpResponse:
    """A list, and the article that is open beside it."""
    return _desk(visit, pk)


@require_POST
@at_desk("knowledge")
def act(visit: Visit, pk: int, name: str) -> HttpResponse:
    """Do something to an article; what is refused is said above it. 404 for what can't be done at all."""
    if name not in _ACTS:
        raise Http404
    try:
        article_for(visit.actor, pk)
        _ACTS[name](visit, pk)
    except NoSuchArticle as fault:
        raise Http404 from fault
    except JiebanError as refused:
        return _desk(visit, pk, refused=refused)
    return HttpResponseRedirect(f"{address_of(pk)}?{kept_of(visit)}")


@require_safe
@at_desk("knowledge")
def version(visit: Visit, pk: int, number: int) -> HttpResponse:
    """A version as it was, and what it changed in the one before it (or `against` which one likes)."""
    try:
        article = article_for(visit.actor, pk)
    except NoSuchArticle as fault:
        raise Http404 from fault
    wordings = list(article.wordings.order_by("number"))
    published = {each.version_id for each in article.notes.filter(what="published")}
    if not rights_of(article, visit.actor, local(visit.now).date()) & {Right.WRITE, Right.PUBLISH}:
        # What was never published is for those who write and publish.
        wordings = [each for each in wordings if each.pk in published]
    known = {each.number: each for each in wordings}
    if number not in known:
        raise Http404
    earlier = [each for each in known if each < number]
    given = number_in(visit.request.GET.get("against", ""))
    against = given if given in known else max(earlier, default=None)
    context = {
        "article": article,
        "shown": shown(known[number], visit.now),
        "number": number,
        "numbers": [(each.number, each.pk in published) for each in wordings],
        "against": against,
        "changed": difference(told(known[against], visit.now), told(known[number], visit.now))
        if against is not None
        else (),
    }
    return page(visit, "knowledge/version.html", context)


@require_safe
@at_desk("knowledge")
def used(visit: Visit, pk: int) -> HttpResponse:
    """The answers that cite an article, as far as this person may see their orders."""
    try:
        article = article_for(visit.actor, pk)
    except NoSuchArticle as fault:
        raise Http404 from fault
    return page(visit, "knowledge/used.html", used_page(visit, article, page_number(visit.request)))


def _desk(visit: Visit, pk: int | None, *, refused: JiebanError | None = None) -> HttpResponse:
    given = visit.request.GET
    sought, day = words_of(given.get("q", "")), local(visit.now).date()
    context: dict[str, object] = {"pk": pk, "refused": refused, "here": kept_of(visit), "opened": None}
    status = 200 if refused is None else status_for(refused)
    if pk is not None:
        try:
            context["opened"] = article_page(visit, pk, sought)
        except NoSuchArticle as fault:
            raise Http404 from fault
        context["confirm_until"] = day + holds_unconfirmed()
        if visit.partial and visit.request.headers.get("HX-Target") == "order":
            return page(visit, "knowledge/article.html", context, status=status)
    queue = BY_ID.get(given.get("queue", ""))
    if given.get("queue") and queue not in waiting_for(visit.actor):
        raise Http404
    number = page_number(visit.request)
    unit, topic = given.get("unit", ""), given.get("topic", "")
    asked = Asked(
        words=sought,
        unit=unit if unit in city().units else None,
        topic=topic if topic in dict(known_topics()) else None,
    )
    wanted = ((tr("责任单位"), unit, asked.unit), (tr("分类"), topic, asked.topic))
    there = found(asked, day) if queue is None else waits(queue, visit.actor, day)
    rows = list(there[(number - 1) * PAGE : number * PAGE + 1])
    context |= {
        "queue": queue,
        "queues": counts(visit.actor, day),
        "typed": {name: given.get(name, "") for name in ("q", "unit", "topic")},
        "not_understood": [name for name, code, known in wanted if code and known is None],
        "units": fields.units(visit.now),
        "topics": list(known_topics()),
        "centre": city().publication.dispatching_centre,
        "rows": entries(rows[:PAGE], visit, sought, due=queue is not None and queue.id == "due"),
        "number": number,
        "more": len(rows) > PAGE,
        "may_write": may_ever(visit.actor, Right.WRITE),
        "may_move": may_ever(visit.actor, Right.MOVE),
    }
    return page(visit, "knowledge/desk.html", context, status=status)


def _seen(visit: Visit) -> int:
    return number_in(visit.request.POST.get("seen", "")) or 0


def _said(visit: Visit) -> str:
    return visit.request.POST.get("remark", "")


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        # Refused as any day that is past.
        return date.min + timedelta(days=1)


def _settle(visit: Visit, pk: int) -> None:
    given = number_in(visit.request.POST.get("objection", ""))
    if given is None or not Objection.objects.filter(article=pk, pk=given).exists():
        raise Http404
    upkeep.settle(given, outcome=_said(visit), actor=visit.actor, now=visit.now)


_ACTS: Mapping[str, Callable[[Visit, int], object]] = {
    "submit": lambda visit, pk: acts.submit(
        pk, seen=_seen(visit), remark=_said(visit), actor=visit.actor, now=visit.now
    ),
    "publish": lambda visit, pk: acts.publish(
        pk, seen=_seen(visit), remark=_said(visit), actor=visit.actor, now=visit.now
    ),
    "return": lambda visit, pk: acts.send_back(
        pk, seen=_seen(visit), remark=_said(visit), actor=visit.actor, now=visit.now
    ),
    "discard": lambda visit, pk: acts.discard(pk, actor=visit.actor, now=visit.now),
    "withdraw": lambda visit, pk: acts.withdraw(pk, reason=_said(visit), actor=visit.actor, now=visit.now),
    "confirm": lambda visit, pk: upkeep.confirm(
        pk,
        until=_day(visit.request.POST.get("until", "")),
        remark=_said(visit),
        actor=visit.actor,
        now=visit.now,
    ),
    "object": lambda visit, pk: upkeep.object_to(pk, text=_said(visit), actor=visit.actor, now=visit.now),
    "settle": _settle,
}
