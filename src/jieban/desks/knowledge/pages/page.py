"""An article on a page: the text that holds, what is being changed in it, what can be done, who did what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from jieban.desks.knowledge.articles.acts import latest_of, may_publish, no_such_article
from jieban.desks.knowledge.articles.citing import holds
from jieban.desks.knowledge.articles.difference import DifferentLine, difference
from jieban.desks.knowledge.articles.effect import Effect, effect_of
from jieban.desks.knowledge.articles.text import Block, Line, blocks, marked, plain
from jieban.desks.knowledge.articles.written import known_topics
from jieban.desks.knowledge.models import Article, ArticleNote, Done, Making, Objection, Wording
from jieban.desks.knowledge.pages.lists import Mark, end_of, marks, readable, shown_of, unit_name
from jieban.desks.knowledge.rights import Right, may
from jieban.desks.shell import words
from jieban.desks.shell.names import names_of
from jieban.desks.shell.visit import Visit
from jieban.desks.shell.words import Due, local
from jieban.kernel.i18n import Later, later, tr, tr_later
from jieban.people.actor import Actor

DONE_NAMES: dict[Done, Later] = {
    Done.WRITTEN: later("写成一版"),
    Done.SUBMITTED: later("送审"),
    Done.RETURNED: later("退回修改"),
    Done.PUBLISHED: later("审核发布"),
    Done.DISCARDED: later("放弃修改"),
    Done.WITHDRAWN: later("撤下"),
    Done.CONFIRMED: later("核实"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A version in words."""

    version: int
    number: int
    title: Line
    questions: tuple[Line, ...]
    body: tuple[Block, ...]
    answer: str
    unit: str
    topics: tuple[str, ...]
    valid: str
    public: bool
    who: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteLine:
    """A step of the history in words."""

    at: datetime
    what: str
    who: str
    number: int | None
    remark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectionLine:
    """What somebody says is wrong, and what came of it."""

    pk: int
    at: datetime
    who: str
    number: int
    text: str
    settled: datetime | None
    settled_by: str
    outcome: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticlePage:
    """An article as one person sees it. `making` is a text that isn't published yet, for those who may see it.

    `rights` is what they may do now; `gone` what would come of taking it away, `change` of publishing what is made.
    """

    article: Article
    shown: Shown
    holding: bool
    marks: tuple[Mark, ...]
    confirm: Due | None
    making: Wording | None
    difference: tuple[DifferentLine, ...]
    rights: frozenset[Right]
    own_hand: bool
    gone: Effect | None
    change: Effect | None
    notes: tuple[NoteLine, ...]
    objections: tuple[ObjectionLine, ...]


def article_for(actor: Actor, pk: int) -> Article:
    """An article that somebody may open. Raises NoSuchArticle."""
    found = (
        Article.objects.filter(readable(actor), pk=pk)
        .select_related("published__article", "latest__article")
        .first()
    )
    if found is None:
        raise no_such_article()
    return found


def article_page(visit: Visit, pk: int, sought: tuple[str, ...] = ()) -> ArticlePage:
    """The page of an article. Raises NoSuchArticle."""
    article, day = article_for(visit.actor, pk), local(visit.now).date()
    rights = rights_of(article, visit.actor, day)
    notes = list(article.notes.select_related("version").order_by("-pk"))
    held = article.published or _held_last(notes)
    wording = held or shown_of(article)
    in_the_making = article.making != Making.NONE and rights & {Right.WRITE, Right.PUBLISH}
    making = latest_of(article) if in_the_making else None
    objections = list(article.objections.select_related("version").order_by("-pk"))
    names = names_of(
        [each.by for each in notes]
        + [wording.made_by]
        + [ref for each in objections for ref in (each.by, each.settled_by or None)]
    )
    submitted = article.making == Making.SUBMITTED and Right.PUBLISH in rights
    return ArticlePage(
        article=article,
        shown=shown(wording, visit.now, names.get(wording.made_by, ""), sought),
        holding=article.published is not None and holds(article.published, day),
        marks=marks(article, day),
        confirm=words.due(end_of(article.confirm_by), visit.now)
        if article.confirm_by is not None and article.published is not None
        else None,
        making=making,
        difference=_difference(held, making),
        rights=rights,
        own_hand=submitted and not may_publish(article, visit.actor, day),
        gone=effect_of(article, None, visit.now, day)
        if article.published is not None and Right.WITHDRAW in rights
        else None,
        change=effect_of(article, latest_of(article), visit.now, day)
        if article.published is not None and submitted
        else None,
        notes=tuple(
            NoteLine(
                at=each.at,
                what=tr_later(DONE_NAMES[Done(each.what)]),
                who=names.get(each.by, each.by),
                number=each.version.number if each.version is not None else None,
                remark=each.remark,
            )
            for each in notes
        ),
        objections=tuple(_objection(each, names) for each in objections),
    )


def _held_last(notes: Iterable[ArticleNote]) -> Wording | None:
    """The text that was published last: of an article that was withdrawn it is what people look for."""
    return next((each.version for each in notes if each.what == Done.PUBLISHED), None)


def rights_of(article: Article, actor: Actor, day: date) -> frozenset[Right]:
    """What somebody may do with an article, whatever state it is in."""
    return frozenset(each for each in Right if may(actor, each, article.unit, day))


def shown(wording: Wording, now: datetime, who: str = "", sought: tuple[str, ...] = ()) -> Shown:
    """A version in words, with what was sought marked."""
    names = dict(known_topics())
    return Shown(
        version=wording.pk,
        number=wording.number,
        title=marked(wording.title, sought),
        questions=tuple(marked(each, sought) for each in wording.asked),
        body=blocks(wording.body, sought),
        answer=plain(wording.body),
        unit=unit_name(wording.unit, now, short=False),
        topics=tuple(names.get(each, each) for each in wording.of_topics),
        valid=days_said(wording.valid_from, wording.valid_to),
        public=wording.public,
        who=who,
        at=wording.made_at,
    )


def days_said(first: date | None, last: date | None) -> str:
    """From when to when something holds."""
    match first, last:
        case None, None:
            return tr("长期有效")
        case _, None:
            return tr("{first} 起", first=first)
        case None, _:
            return tr("至 {last}", last=last)
        case _:
            return tr("{first} 至 {last}", first=first, last=last)


def told(wording: Wording, now: datetime) -> str:
    """All that a version says, a line each, as two of them are held side by side."""
    names = dict(known_topics())
    head = [
        tr("标题:{title}", title=wording.title),
        *(tr("问法:{said}", said=each) for each in wording.asked),
        tr("责任单位:{unit}", unit=unit_name(wording.unit, now, short=False)),
        tr("分类:{topics}", topics="、".join(names.get(each, each) for each in wording.of_topics)),
        tr("有效期:{days}", days=days_said(wording.valid_from, wording.valid_to)),
        tr("核实日期:{day}", day=wording.confirm_by),
        tr("公开:是") if wording.public else tr("公开:否"),
    ]
    return "\n".join([*head, wording.body])


def _difference(held: Wording | None, making: Wording | None) -> tuple[DifferentLine, ...]:
    if making is None or held is None:
        return ()
    return difference(told(held, making.made_at), told(making, making.made_at))


def _objection(objection: Objection, names: Mapping[str, str]) -> ObjectionLine:
    return ObjectionLine(
        pk=objection.pk,
        at=objection.at,
        who=names.get(objection.by, objection.by),
        number=objection.version.number,
        text=objection.text,
        settled=objection.settled_at,
        settled_by=names.get(objection.settled_by, ""),
        outcome=objection.outcome,
    )
