"""What is done to an article on its way: written, handed in, published by a second person or returned, withdrawn.

Each writes an `ArticleNote`; texts are rows of their own, so that nothing of the history is overwritten.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from jieban.desks.knowledge.articles.written import Written, checked
from jieban.desks.knowledge.errors import KnowledgeRefused, NoSuchArticle, NotInTurn, Outdated, SecondPerson
from jieban.desks.knowledge.models import MOST_REMARK, Article, ArticleNote, Done, Making, Wording, sought
from jieban.desks.knowledge.rights import Right, check, may
from jieban.desks.shell.words import local
from jieban.kernel.i18n import tr
from jieban.orders.texts import check_text
from jieban.people.actor import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class By:
    """Who does something, and when."""

    actor: Actor
    now: datetime

    @property
    def day(self) -> date:
        """The city's day of that instant."""
        return local(self.now).date()


def write(written: Written, *, actor: Actor, now: datetime) -> Article:
    """Write a new article; it is nobody else's to read until it is published. Raises NotAllowed and BadArticle."""
    by = By(actor=actor, now=now)
    text = checked(written, by.day)
    check(actor, Right.WRITE, text.unit, by.day)
    with transaction.atomic():
        article = Article.objects.create(unit=text.unit, changed_at=now)
        _add(article, text, 1, by)
    return article


def rewrite(article: int, written: Written, *, base: int, actor: Actor, now: datetime) -> Article:
    """Save another text, made from version number `base`. What was handed in is handed in anew.

    A text that says what `base` says is none. Raises NotAllowed, BadArticle and Outdated.
    """
    by = By(actor=actor, now=now)
    text = checked(written, by.day)
    check(actor, Right.WRITE, text.unit, by.day)
    with _locked(article, Right.WRITE, by) as row:
        latest = latest_of(row)
        if latest.number != base:
            raise Outdated(tr("别人已经保存了新的一版。"), fix=tr("请看过新的一版,再改您的;您写的还在下面。"))
        shown = row.published if row.making == Making.NONE and row.published is not None else latest
        ended = row.making == Making.NONE and row.published is None
        if text == written_in(shown) and not ended:
            return row
        if row.published is None:
            row.unit = text.unit
        _add(row, text, latest.number + 1, by)
    return row


def submit(article: int, *, seen: int, remark: str, actor: Actor, now: datetime) -> None:
    """Hand a text in, for a second person to publish. Raises NotAllowed, NotInTurn and Outdated."""
    by = By(actor=actor, now=now)
    with _locked(article, Right.WRITE, by) as row:
        _in_turn(row, Making.OPEN)
        _seen(row, seen)
        _move(row, by, making=Making.SUBMITTED)
        _note(row, Done.SUBMITTED, by, row.latest, remark)


def publish(article: int, *, seen: int, remark: str, actor: Actor, now: datetime) -> None:
    """Let a text hold, in place of the one that did. `seen` is the number of the version that was read.

    Raises NotAllowed, NotInTurn, Outdated, and SecondPerson for whoever wrote it or handed it in.
    """
    by = By(actor=actor, now=now)
    with _locked(article, Right.PUBLISH, by) as row:
        _in_turn(row, Making.SUBMITTED)
        _seen(row, seen)
        latest = latest_of(row)
        check(actor, Right.PUBLISH, latest.unit, by.day)
        if actor.ref in hands(row):
            raise SecondPerson(
                tr("自己编写或送审的知识,不能由自己发布。"),
                fix=tr("请责任单位负责人、审核员或系统管理员中的另一位审核。"),
            )
        if latest.valid_to is not None and latest.valid_to < by.day:
            raise KnowledgeRefused(
                tr("有效期到 {day} 已经过了。", day=latest.valid_to), fix=tr("请退回修改有效期。")
            )
        row.published, row.unit, row.confirm_by = latest, latest.unit, latest.confirm_by
        _move(row, by, making=Making.NONE)
        _note(row, Done.PUBLISHED, by, latest, remark)


def send_back(article: int, *, seen: int, remark: str, actor: Actor, now: datetime) -> None:
    """Return a text to whoever writes it, with the reason. Raises NotAllowed, NotInTurn and Outdated."""
    by = By(actor=actor, now=now)
    with _locked(article, Right.PUBLISH, by) as row:
        _in_turn(row, Making.SUBMITTED)
        _seen(row, seen)
        _move(row, by, making=Making.OPEN)
        _note(row, Done.RETURNED, by, row.latest, needed(remark, tr("退回要写明要改什么。")))


def discard(article: int, *, actor: Actor, now: datetime) -> None:
    """Give up the text that isn't published; what holds goes on holding. Raises NotAllowed and NotInTurn."""
    by = By(actor=actor, now=now)
    with _locked(article, Right.WRITE, by) as row:
        _in_turn(row, Making.OPEN, Making.SUBMITTED)
        _move(row, by, making=Making.NONE)
        _note(row, Done.DISCARDED, by, row.latest)


def withdraw(article: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take what holds away; answers that cite it go on citing it. Raises NotAllowed and NotInTurn."""
    by = By(actor=actor, now=now)
    with _locked(article, Right.WITHDRAW, by) as row:
        if row.published is None:
            raise NotInTurn(tr("这条知识没有发布,不用撤下。"), fix=tr("请刷新页面,看它现在的情况。"))
        was, row.published = row.published, None
        _move(row, by, making=Making(row.making))
        _note(row, Done.WITHDRAWN, by, was, needed(reason, tr("撤下要写明原因。")))


def latest_of(article: Article) -> Wording:
    """The last text that was written."""
    if article.latest is None:
        raise AssertionError("an article is written with its first text")
    return article.latest


def written_in(wording: Wording) -> Written:
    """What a version says, as whoever writes it would."""
    return Written(
        title=wording.title,
        questions=wording.asked,
        body=wording.body,
        unit=wording.unit,
        topics=wording.of_topics,
        valid_from=wording.valid_from,
        valid_to=wording.valid_to,
        confirm_by=wording.confirm_by,
        public=wording.public,
    )


def may_publish(article: Article, actor: Actor, day: date) -> bool:
    """Whether `actor` could publish what was handed in."""
    units = {article.unit, latest_of(article).unit}
    return all(may(actor, Right.PUBLISH, unit, day) for unit in units) and actor.ref not in hands(article)


def hands(article: Article) -> frozenset[str]:
    """Everybody who wrote the unpublished text, or one that it was made from since the last publication."""
    notes = article.notes.order_by("pk").values_list("what", "by")
    found: set[str] = set()
    for what, by in notes:
        if what in {Done.PUBLISHED, Done.DISCARDED}:
            found = set()
        elif what in {Done.WRITTEN, Done.SUBMITTED}:
            found.add(by)
    return frozenset(found)


def needed(text: str, missing: str) -> str:
    """A reason that must be given. Raises KnowledgeRefused with what is missing."""
    said = " ".join(text.split())
    if not said:
        raise KnowledgeRefused(missing, fix=tr("请写好再提交。"))
    return said


def locked(article: int) -> Article:
    """An article that is nobody else's to change meanwhile, within a transaction. Raises NoSuchArticle."""
    found = Article.objects.select_for_update().filter(pk=article).first()
    if found is None:
        raise no_such_article()
    return found


def no_such_article() -> NoSuchArticle:
    """Not there, or not this person's business."""
    return NoSuchArticle(tr("没有这条知识。"), fix=tr("请核对地址;可能它还没有发布,或不在您的权限之内。"))


@contextmanager
def _locked(article: int, right: Right, by: By) -> Iterator[Article]:
    with transaction.atomic():
        row = locked(article)
        check(by.actor, right, row.unit, by.day)
        yield row


def _in_turn(article: Article, *wanted: Making) -> None:
    if article.making not in wanted:
        raise NotInTurn(tr("这条知识现在不能这样做。"), fix=tr("请刷新页面,看它现在的情况。"))


def _seen(article: Article, seen: int) -> None:
    if latest_of(article).number != seen:
        raise Outdated(tr("您看过之后又有了新的一版。"), fix=tr("请看过新的一版再决定。"))


def _add(article: Article, text: Written, number: int, by: By) -> None:
    made = Wording.objects.create(
        article=article,
        number=number,
        title=text.title,
        questions="\n".join(text.questions),
        body=text.body,
        unit=text.unit,
        topics="\n".join(text.topics),
        valid_from=text.valid_from,
        valid_to=text.valid_to,
        confirm_by=text.confirm_by,
        public=text.public,
        made_by=by.actor.ref,
        made_at=by.now,
        sought_title=sought(text.title),
        sought_questions=sought("\n".join(text.questions)),
        sought_body=sought(text.body),
    )
    article.latest = made
    _move(article, by, making=Making.OPEN)
    _note(article, Done.WRITTEN, by, made)


def _move(article: Article, by: By, *, making: Making) -> None:
    article.making = making
    article.changed_at = by.now
    article.save()


def _note(article: Article, what: Done, by: By, wording: Wording | None, remark: str = "") -> None:
    said = " ".join(remark.split())[:MOST_REMARK]
    check_text(said)
    ArticleNote.objects.create(
        article=article, version=wording, what=what.value, by=by.actor.ref, at=by.now, remark=said
    )
