"""Articles beside what somebody is answering: those that its words are about, or that were asked for, to be cited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from jieban.desks.knowledge.articles.find import Asked, alike, found, valid_on, words_of
from jieban.desks.knowledge.articles.text import Block, Line, blocks, marked, plain
from jieban.desks.knowledge.models import Article
from jieban.desks.knowledge.pages.lists import PUBLIC, Mark, marks, unit_name
from jieban.desks.shell.pages import page
from jieban.desks.shell.visit import Visit, at_desk
from jieban.desks.shell.words import local
from jieban.kernel.i18n import tr_later
from jieban.orders.access import order_for
from jieban.orders.face import face_of
from jieban.orders.models import Order

MOST = 5
"""Articles that are offered: more nobody reads during a call."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """An article that may be cited: `answer` is its text as it goes into an answer."""

    article: int
    version: int
    number: int
    title: Line
    name: str
    body: tuple[Block, ...]
    answer: str
    unit: str
    used: int
    marks: tuple[Mark, ...]


@require_POST
@at_desk("knowledge")
def offers(visit: Visit, number: str) -> HttpResponse:
    """The articles that an order is about, or that its form asks for. Raises NoSuchOrder."""
    order = order_for(visit.actor, number)
    matter = face_of(visit.actor, number).matter
    said = " ".join(text for text in (matter.content, matter.summary) if text) if matter is not None else ""
    context = {
        "offered": offered(visit.request.POST.get("sought", ""), said, topics_of(order), visit.now),
        "form_id": "act-form",
    }
    return page(visit, "knowledge/offers.html", context)


def topics_of(order: Order) -> tuple[str, ...]:
    """An order's topic as articles have it; letters' topics are their mailbox's, and no article's."""
    if order.mailbox is not None:
        return ()
    return (order.topic if order.subtopic is None else f"{order.topic}/{order.subtopic}",)


def offered(sought: str, said: str, topics: Iterable[str], now: datetime) -> tuple[Offered, ...]:
    """What may be cited: by the words that are sought, else by what was said and what it is about."""
    day, words = local(now).date(), words_of(sought)
    there = found(Asked(words=words), day).filter(valid_on(day))[:MOST] if words else ()
    articles = there if words else alike(said, topics, day, most=MOST)
    return tuple(made for each in articles if (made := _offered(each, words, day, now)) is not None)


def _offered(article: Article, words: tuple[str, ...], day: date, now: datetime) -> Offered | None:
    holding = article.published
    if holding is None:
        return None
    return Offered(
        article=article.pk,
        version=holding.pk,
        number=holding.number,
        title=marked(holding.title, words),
        name=holding.title,
        body=blocks(holding.body, words),
        answer=plain(holding.body),
        unit=unit_name(article.unit, now),
        used=article.used,
        # Whether citizens read it, too, is nothing to whoever answers.
        marks=tuple(each for each in marks(article, day) if each.name != tr_later(PUBLIC)),
    )
