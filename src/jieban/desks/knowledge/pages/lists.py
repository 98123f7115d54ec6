"""The lists of the desk: what is found, and what waits for somebody, each article in a line."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from jieban.desks.knowledge.articles.acts import latest_of
from jieban.desks.knowledge.articles.find import valid_on
from jieban.desks.knowledge.articles.text import Line, excerpt, marked
from jieban.desks.knowledge.models import Article, ArticleNote, Done, Making, Objection, Wording
from jieban.desks.knowledge.rights import Right, may_ever, of_the_centre, units_of
from jieban.desks.shell import words
from jieban.desks.shell.visit import Visit
from jieban.desks.shell.words import Due, local
from jieban.kernel.i18n import Later, later, tr, tr_later
from jieban.people.actor import Actor
from jieban.people.city import city

PAGE = 50
PUBLIC = later("公开")


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A list of what waits: `right` says for whom, and whose articles stand in it.

    `task`: somebody has to do something about it.
    """

    id: str
    name: Later
    empty: Later
    right: Right
    of: Callable[[date], Q]
    by: tuple[str, ...]
    task: bool = True


def _due(day: date) -> Q:
    """Published, still valid, and soon to be confirmed or to expire."""
    until = day + timedelta(days=city().workflow.knowledge.remind_days)
    return valid_on(day) & (Q(confirm_by__lte=until) | Q(published__valid_to__lte=until))


def _objected(_day: date) -> Q:
    return Q(Exists(Objection.objects.filter(article=OuterRef("pk"), settled_at__isnull=True)))


WAITING: tuple[Waiting, ...] = (
    Waiting(
        id="review",
        name=later("待审核"),
        empty=later("没有待审核的知识。编写好的知识送审后排在这里,由另一个人审核发布。"),
        right=Right.PUBLISH,
        of=lambda _day: Q(making=Making.SUBMITTED.value),
        by=("changed_at", "pk"),
    ),
    Waiting(
        id="due",
        name=later("到期待核"),
        empty=later("近期没有到期的知识。到期前会排在这里,由责任单位核实是否仍然有效。"),
        right=Right.SETTLE,
        of=_due,
        by=("confirm_by", "pk"),
    ),
    Waiting(
        id="objected",
        name=later("有人指正"),
        empty=later("没有未处理的指正。看到不对或过时的知识,打开它点“指正”。"),
        right=Right.SETTLE,
        of=_objected,
        by=("changed_at", "pk"),
    ),
    Waiting(
        id="drafts",
        name=later("草稿"),
        empty=later("没有写到一半的知识。点“新写一条”开始。"),
        right=Right.WRITE,
        of=lambda _day: Q(making=Making.OPEN.value),
        by=("-changed_at", "pk"),
        task=False,
    ),
    Waiting(
        id="withdrawn",
        name=later("已撤下"),
        empty=later("没有撤下的知识。撤下的留在这里,可以重新编写送审。"),
        right=Right.WITHDRAW,
        of=lambda _day: Q(published__isnull=True, making=Making.NONE.value, confirm_by__isnull=False),
        by=("-changed_at", "pk"),
        task=False,
    ),
)
BY_ID: Mapping[str, Waiting] = {each.id: each for each in WAITING}


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An article in a line; the parts of its texts that were sought are apart."""

    pk: int
    name: str
    latest: int
    title: Line
    excerpt: Line
    unit: str
    version: int
    marks: "tuple[Mark, ...]"
    used: int
    due: Due | None


def waiting_for(actor: Actor) -> tuple[Waiting, ...]:
    """The lists that somebody has."""
    return tuple(each for each in WAITING if may_ever(actor, each.right))


def waits(kind: Waiting, actor: Actor, day: date) -> "QuerySet[Article]":
    """What waits in a list for somebody."""
    found = Article.objects.filter(kind.of(day)).filter(within(actor, kind.right))
    return found.select_related("published", "latest").order_by(*kind.by)


def counts(actor: Actor, day: date) -> list[tuple[Waiting, int]]:
    """The lists that somebody has, with how many stand in each. One query a list."""
    return [(each, waits(each, actor, day).count()) for each in waiting_for(actor)]


def tasks(actor: Actor, day: date) -> int | None:
    """How many articles wait for somebody to review, confirm or mend them; None for who has no such task. One query."""
    kinds = [each for each in waiting_for(actor) if each.task]
    if not kinds:
        return None
    waiting = Q(pk__in=())
    for each in kinds:
        waiting |= each.of(day) & within(actor, each.right)
    return Article.objects.filter(waiting).count()


def within(actor: Actor, right: Right) -> Q:
    """The articles for which somebody has a right."""
    units = units_of(actor, right)
    if units is None:
        return Q()
    mine = Q(unit__in=units)
    return mine | Q(unit__isnull=True) if of_the_centre(actor, right) else mine


def readable(actor: Actor) -> Q:
    """What somebody may open: all that was ever published, and texts that they may write or publish."""
    published = ArticleNote.objects.filter(article=OuterRef("pk"), what=Done.PUBLISHED.value)
    seen = Q(Exists(published)) if may_ever(actor, Right.READ) else Q(pk__in=())
    for right in (Right.WRITE, Right.PUBLISH):
        if not may_ever(actor, right):
            continue
        mine = within(actor, right)
        if not mine:
            # All of them: an empty condition would be lost among others.
            return mine
        seen |= mine
    return seen


def shown_of(article: Article) -> Wording:
    """The text that stands for an article: the published one, else the last that was written."""
    return article.published if article.published is not None else latest_of(article)


def entries(
    articles: Iterable[Article], visit: Visit, sought: tuple[str, ...] = (), *, due: bool = False
) -> list[Entry]:
    """The lines of a list."""
    day = local(visit.now).date()
    return [_entry(each, visit.now, day, sought, due=due) for each in articles]


def _entry(article: Article, now: datetime, day: date, sought: tuple[str, ...], *, due: bool) -> Entry:
    shown = shown_of(article)
    ends = next_day(article)
    return Entry(
        pk=article.pk,
        name=shown.title,
        latest=latest_of(article).number,
        title=marked(shown.title, sought),
        excerpt=excerpt(shown.body, sought),
        unit=unit_name(article.unit, now),
        version=shown.pk,
        marks=marks(article, day),
        used=article.used,
        due=words.due(end_of(ends), now) if due and ends is not None else None,
    )


def next_day(article: Article) -> date | None:
    """The day by which something has to be done with what is published: confirmed, or written anew."""
    last = article.published.valid_to if article.published is not None else None
    days = [each for each in (article.confirm_by, last) if each is not None]
    return min(days) if days and article.published is not None else None


def end_of(day: date) -> datetime:
    """The instant at which a day of the city ends."""
    return datetime.combine(day + timedelta(days=1), time(), city().clock.tz)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A few words of how an article stands; `late` where somebody should have seen to it by now."""

    name: str
    late: bool = False


def marks(article: Article, day: date) -> tuple[Mark, ...]:
    """How an article stands, in a few words; nothing for one that simply holds."""
    holding = article.published
    if holding is None:
        withdrawn = article.confirm_by is not None
        gone = tr("已撤下") if withdrawn else tr("已放弃")
        made = {Making.OPEN: tr("草稿"), Making.SUBMITTED: tr("待审核"), Making.NONE: gone}
        now = made[Making(article.making)]
        both = (gone, now) if withdrawn and now != gone else (now,)
        return tuple(Mark(name=each) for each in both)
    making = {Making.OPEN: tr("修改中"), Making.SUBMITTED: tr("修改待审核")}
    said = [
        (holding.valid_to is not None and holding.valid_to < day, Mark(name=tr("已过期"), late=True)),
        (holding.valid_from is not None and holding.valid_from > day, Mark(name=tr("未生效"))),
        (
            article.confirm_by is not None and article.confirm_by < day,
            Mark(name=tr("超期未核实"), late=True),
        ),
        (article.making != Making.NONE, Mark(name=making.get(Making(article.making), ""))),
        (holding.public, Mark(name=tr_later(PUBLIC))),
    ]
    return tuple(mark for marked_, mark in said if marked_)


def unit_name(unit: str | None, now: datetime, *, short: bool = True) -> str:
    """Who answers for an article: a unit, or the hotline's centre itself."""
    return city().publication.dispatching_centre if unit is None else words.unit(unit, now, short=short)
