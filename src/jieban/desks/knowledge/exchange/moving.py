"""Taking a file of articles in: what is new, what changes one that is there, what is the same.

A second person publishes them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from jieban.desks.knowledge.articles import acts
from jieban.desks.knowledge.articles.acts import latest_of
from jieban.desks.knowledge.articles.written import Written
from jieban.desks.knowledge.exchange.files import Filed, State
from jieban.desks.knowledge.models import Article
from jieban.desks.knowledge.pages.lists import shown_of
from jieban.people.actor import Actor


class Becomes(StrEnum):
    """What becomes of an article of a file."""

    NEW = "new"
    VERSION = "version"
    SAME = "same"


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """An article of a file, and the one that it changes."""

    filed: Filed
    becomes: Becomes
    article: int | None


def moves(filed: Iterable[Filed]) -> tuple[Move, ...]:
    """What would become of each: an article of the same title and unit is the same article. One query."""
    there = Article.objects.select_related("published", "latest").order_by("pk")
    known = {(each.unit, shown_of(each).title): each for each in there}
    return tuple(_move(each, known.get((each.written.unit, each.written.title))) for each in filed)


def take_in(filed: Iterable[Filed], *, actor: Actor, now: datetime) -> tuple[Move, ...]:
    """Write them all, or none; all but drafts wait for a second person. Raises what writing them raises."""
    with transaction.atomic():
        done = moves(filed)
        for each in done:
            if each.becomes is not Becomes.SAME:
                _take(each, actor, now)
    return done


def _move(filed: Filed, article: Article | None) -> Move:
    if article is None:
        return Move(filed=filed, becomes=Becomes.NEW, article=None)
    same = _plain(acts.written_in(shown_of(article))) == _plain(filed.written)
    return Move(filed=filed, becomes=Becomes.SAME if same else Becomes.VERSION, article=article.pk)


def _plain(written: Written) -> tuple[object, ...]:
    """What of a text makes it another one: the day on which it is confirmed doesn't."""
    return (
        *(written.title, written.body, written.questions, written.unit, written.topics),
        *(written.valid_from, written.valid_to, written.public),
    )


def _take(move: Move, actor: Actor, now: datetime) -> None:
    if move.article is None:
        article = acts.write(move.filed.written, actor=actor, now=now)
    else:
        base = latest_of(Article.objects.select_related("latest").get(pk=move.article)).number
        article = acts.rewrite(move.article, move.filed.written, base=base, actor=actor, now=now)
    if move.filed.state is not State.DRAFT:
        acts.submit(article.pk, seen=latest_of(article).number, remark="", actor=actor, now=now)
