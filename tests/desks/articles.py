"""Articles in tests: written by one, published by another."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from browsers import OPENED

from jieban.desks.knowledge.articles.acts import latest_of, publish, submit, write
from jieban.desks.knowledge.articles.written import Written
from jieban.desks.knowledge.models import Article, Wording
from jieban.people.actor import Actor
from jieban.people.roles import Role

TODAY = OPENED.date()


def actor(role: Role, unit: str | None = None, *, account: int = 1) -> Actor:
    """Somebody with one post."""
    return Actor(account=account, name=role.value, posts=frozenset({(role, unit)}))


WRITER = actor(Role.OPERATOR, account=901)
REVIEWER = actor(Role.REVIEWER, account=902)
ADMINISTRATOR = actor(Role.ADMINISTRATOR, account=903)

PLAIN = Written(
    title="水费怎么查",
    questions=("水费多少钱", "在哪里看水费单"),
    body="拨打供水热线，报户号即可查询。\n\n- 微信公众号也能查\n- 窗口：https://example.org/water",
    confirm_by=TODAY + timedelta(days=100),
)


def draft(written: Written = PLAIN, *, now: datetime = OPENED, by: Actor = WRITER) -> Article:
    """An article that is being written."""
    return write(written, actor=by, now=now)


def submitted(written: Written = PLAIN, *, now: datetime = OPENED, by: Actor = WRITER) -> Article:
    """An article that waits for a second person."""
    article = draft(written, now=now, by=by)
    submit(article.pk, seen=1, remark="", actor=by, now=now)
    return fresh(article)


def published(written: Written = PLAIN, *, now: datetime = OPENED, **changes: object) -> Article:
    """An article that holds; `changes` replace what is written in it."""
    article = submitted(replace(written, **changes), now=now)  # type: ignore[arg-type]  # the fields of `Written`
    publish(article.pk, seen=1, remark="", actor=REVIEWER, now=now)
    return fresh(article)


def fresh(article: Article) -> Article:
    """The article as it stands in the database."""
    return Article.objects.select_related("published", "latest").get(pk=article.pk)


def version(article: Article) -> Wording:
    """The version that holds, else the last one."""
    found = fresh(article)
    return found.published or latest_of(found)


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)
