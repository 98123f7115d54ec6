"""Keeping articles true: the unit confirms that they hold, readers say what is wrong, somebody looks at that."""

from datetime import date, datetime

from django.db import transaction

from jieban.desks.knowledge.articles.acts import By, locked, needed, no_such_article
from jieban.desks.knowledge.articles.written import longest_unconfirmed
from jieban.desks.knowledge.errors import KnowledgeRefused, NotInTurn
from jieban.desks.knowledge.models import MOST_REMARK, ArticleNote, Done, Objection
from jieban.desks.knowledge.rights import Right, check
from jieban.kernel.i18n import tr
from jieban.orders.texts import check_text
from jieban.people.actor import Actor


def confirm(article: int, *, until: date, remark: str = "", actor: Actor, now: datetime) -> None:
    """Say that the published text still holds, and until when that needs no saying.

    Raises NotAllowed, NotInTurn, and KnowledgeRefused for a day that is past or too far away.
    """
    by = By(actor=actor, now=now)
    with transaction.atomic():
        row = locked(article)
        check(actor, Right.CONFIRM, row.unit, by.day)
        if row.published is None:
            raise NotInTurn(tr("这条知识没有发布,不用核实。"), fix=tr("请刷新页面,看它现在的情况。"))
        if not by.day < until <= by.day + longest_unconfirmed():
            raise KnowledgeRefused(
                tr("下次核实的日期要在明天以后,最多 {n} 天。", n=longest_unconfirmed().days),
                fix=tr("请把日期定在 {day} 以前。", day=by.day + longest_unconfirmed()),
            )
        row.confirm_by, row.changed_at = until, now
        row.save()
        said = _short(remark)
        ArticleNote.objects.create(
            article=row,
            version=row.published,
            what=Done.CONFIRMED.value,
            by=actor.ref,
            at=now,
            remark=tr("有效,下次核实 {day}。{said}", day=until, said=said),
        )


def object_to(article: int, *, text: str, actor: Actor, now: datetime) -> Objection:
    """Say what is wrong or outdated in the published text: a task of its unit. Raises NotAllowed and NotInTurn.

    The same words of the same person, not yet settled, are one task.
    """
    by = By(actor=actor, now=now)
    with transaction.atomic():
        row = locked(article)
        check(actor, Right.OBJECT, row.unit, by.day)
        if row.published is None:
            raise NotInTurn(tr("这条知识没有发布,不能指正。"), fix=tr("请刷新页面,看它现在的情况。"))
        said = _short(needed(text, tr("请写明哪里不对,正确的是什么。")))
        known = row.objections.filter(by=actor.ref, text=said, settled_at__isnull=True).first()
        return known or Objection.objects.create(
            article=row, version=row.published, text=said, by=actor.ref, at=now
        )


def settle(objection: int, *, outcome: str, actor: Actor, now: datetime) -> None:
    """Say what came of an objection. Raises NotAllowed, NoSuchArticle and NotInTurn."""
    by = By(actor=actor, now=now)
    with transaction.atomic():
        row = Objection.objects.select_for_update().filter(pk=objection).first()
        if row is None:
            raise no_such_article()
        check(actor, Right.SETTLE, row.article.unit, by.day)
        if row.settled_at is not None:
            raise NotInTurn(tr("这条指正已经处理过了。"), fix=tr("请刷新页面,看处理的结果。"))
        row.outcome = _short(needed(outcome, tr("请写明怎样处理的。")))
        row.settled_by, row.settled_at = actor.ref, now
        row.save()


def _short(text: str) -> str:
    said = " ".join(text.split())
    check_text(said)
    if len(said) > MOST_REMARK:
        raise KnowledgeRefused(tr("超过 {n} 字。", n=MOST_REMARK), fix=tr("请写要点。"))
    return said
