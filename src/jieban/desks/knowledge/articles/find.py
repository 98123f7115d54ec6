"""Finding articles: by words of any length, from one character on; and those that a citizen's words are about.

There are a few thousand of them at most, and none is a secret: words are looked for in the texts themselves.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from itertools import islice
from math import log
from typing import Any

from django.db.models import BooleanField, Case, IntegerField, Q, QuerySet, Value, When

from jieban.desks.knowledge.models import Article
from jieban.orders.search.grams import normal
from jieban.orders.texts import storable

MOST_WORDS = 8
MOST_LETTERS = 100
MOST_READ = 2000
"""Characters of a citizen's words that are read for what they are about."""
_TITLE, _QUESTION, _BODY = 100, 10, 1
_BREAK = re.compile(r"[\s,，、;；]+")
MOST_PAIRS = 100
_LEAST_SHARED = 2
"""Pairs of characters that must stand in both where none of them is a title's: one alone is chance."""
_SAYS_NOTHING = re.compile(
    "怎么办|怎么|怎样|如何|什么|哪里|哪个|哪些|多少|时候|请问|为何|可以|能不能|不能|是否|应该|需要|没有|不是|有人|找谁|反映|投诉|"
    "举报|咨询|求助|来电|市民|居民|诉求人?|希望|要求|核实|处理|解决|办理|答复|部门|单位|人员|问题|情况|相关|有关|目前|现在|一直|"
    "已经|多次|至今|一个|小区|附近|位于|坏了|没人修?|派人修?|人修|尽快|及时|影响|严重|联系"
)
"""What stands in the words of most who call, and in the questions of most articles."""
_ABOUT = 4.0
"""What it weighs that an article is about the very topic."""
_OF_TITLE, _OF_QUESTION = 2.0, 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is sought: all of it holds at once. `words` are as `normal` gives them."""

    words: tuple[str, ...] = ()
    unit: str | None = None
    topic: str | None = None
    public: bool = False


def words_of(typed: str) -> tuple[str, ...]:
    """The words of a box, each as it is compared; signs that no database holds are none."""
    kept = "".join(sign for sign in typed[:MOST_LETTERS] if storable(sign))
    found = (normal(each) for each in _BREAK.split(kept))
    return tuple(dict.fromkeys(each for each in found if each))[:MOST_WORDS]


def found(asked: Asked, day: date) -> "QuerySet[Article]":
    """Published articles in which each word stands: in titles before questions before bodies, what holds first.

    Of those the ones that are used most.
    """
    rank: Any = Value(0, output_field=IntegerField())
    articles = Article.objects.filter(published__isnull=False).select_related("published", "latest")
    for word in asked.words:
        places = {
            Q(published__sought_title__contains=word): _TITLE,
            Q(published__sought_questions__contains=word): _QUESTION,
            Q(published__sought_body__contains=word): _BODY,
        }
        somewhere = Q()
        for place in places:
            somewhere |= place
        articles = articles.filter(somewhere)
        rank = rank + Case(
            *(When(place, then=Value(weight)) for place, weight in places.items()),
            default=Value(0),
            output_field=IntegerField(),
        )
    if asked.unit is not None:
        articles = articles.filter(unit=asked.unit)
    if asked.topic is not None:
        articles = articles.filter(about(asked.topic))
    if asked.public:
        articles = articles.filter(valid_on(day), published__public=True)
    return articles.annotate(
        rank=rank,
        valid=Case(When(valid_on(day), then=Value(True)), default=Value(False), output_field=BooleanField()),
    ).order_by("-valid", "-rank", "-used", "-published__made_at", "pk")


def valid_on(day: date) -> Q:
    """The published text is valid on a day."""
    begun = Q(published__valid_from__isnull=True) | Q(published__valid_from__lte=day)
    not_over = Q(published__valid_to__isnull=True) | Q(published__valid_to__gte=day)
    return Q(published__isnull=False) & begun & not_over


def about(topic: str) -> Q:
    """The published text is about a topic, or about one of its subtopics."""
    below = "(\\n|$)" if "/" in topic else "(/|\\n|$)"
    return Q(published__topics__regex="(^|\\n)" + re.escape(topic) + below)


def alike(
    said: str, topics: Iterable[str], day: date, *, most: int, public: bool = False
) -> tuple[Article, ...]:
    """The articles that hold and that words are about, the likeliest first.

    `topics` are those that were chosen or that the words name. Two queries.
    """
    pairs, chosen = _pairs(_SAYS_NOTHING.sub("\n", normal(said[:MOST_READ]))), set(topics)
    if not pairs and not chosen:
        return ()
    there = Article.objects.filter(valid_on(day))
    if public:
        there = there.filter(published__public=True)
    rows = list(
        there.values_list(
            "pk", "published__sought_title", "published__sought_questions", "published__topics", "used"
        )
    )
    shared = [_shared(pairs, title, questions) for _, title, questions, _, _ in rows]
    common = Counter(pair for weights in shared for pair in weights)
    scored: list[tuple[float, int, int]] = []
    for (pk, _, _, of, used), weights in zip(rows, shared, strict=True):
        score = 0.0
        if len(weights) >= _LEAST_SHARED or _OF_TITLE in weights.values():
            score = sum(weight * log(1 + len(rows) / common[pair]) for pair, weight in weights.items())
        if chosen and any(_same(each, topic) for each in of.split() for topic in chosen):
            score += _ABOUT
        if score:
            scored.append((-score, -used, pk))
    best = [pk for _, _, pk in nsmallest(most, scored)]
    known = {each.pk: each for each in Article.objects.filter(pk__in=best).select_related("published")}
    return tuple(known[pk] for pk in best if pk in known)


def _shared(pairs: Iterable[str], title: str, questions: str) -> dict[str, float]:
    """The pairs that stand in a title or in questions, with what they weigh there."""
    return {
        pair: _OF_TITLE if pair in title else _OF_QUESTION
        for pair in pairs
        if pair in title or pair in questions
    }


def _same(one: str, other: str) -> bool:
    """Whether an article's topic is the chosen one, or the whole of it."""
    return one == other or one == other.partition("/")[0]


def _pairs(text: str) -> tuple[str, ...]:
    """Neighbouring characters that say something, each once, of a long text the first."""
    found = dict.fromkeys(text[at : at + 2] for at in range(len(text) - 1))
    kept = (pair for pair in found if pair.isalnum())
    return tuple(islice(kept, MOST_PAIRS))
