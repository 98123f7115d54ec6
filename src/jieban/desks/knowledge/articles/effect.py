"""What it would do to change an article or to take it away: which answers rest on it, which topics would have none."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jieban.desks.knowledge.articles.find import valid_on
from jieban.desks.knowledge.articles.written import known_topics
from jieban.desks.knowledge.models import Article, Wording

LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """`used` answers cite the article, `lately` of them in the last 90 days; `bare` topics would be without an article.

    `hidden`: citizens read it now, and would no longer.
    """

    used: int
    lately: int
    bare: tuple[str, ...]
    hidden: bool


def effect_of(article: Article, after: Wording | None, now: datetime, day: date) -> Effect:
    """What comes of `after` in place of what is published; None takes it away. Two queries."""
    holding = article.published
    lost = set(holding.of_topics if holding is not None else ()) - set(after.of_topics if after else ())
    others = Article.objects.filter(valid_on(day)).exclude(pk=article.pk)
    kept = (
        {each for topics in others.values_list("published__topics", flat=True) for each in topics.split()}
        if lost
        else set()
    )
    # An article on a whole topic is one on each of its subtopics.
    bare = {each for each in lost if each not in kept and each.partition("/")[0] not in kept}
    names = dict(known_topics())
    return Effect(
        used=article.used,
        lately=article.citations.filter(at__gte=now - LOOKED_BACK).count() if article.used else 0,
        bare=tuple(names.get(each, each) for each in sorted(bare)),
        hidden=holding is not None and holding.public and (after is None or not after.public),
    )
