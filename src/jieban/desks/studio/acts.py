"""What is done to a report on its way: begun, edited, proposed, approved or sent back, published, discarded.

Each writes a `Step`; wordings and versions are rows of their own, so that nothing of the history is overwritten.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction

from jieban.desks.studio.earlier import chain, decided, open_doubts, settle, source_of
from jieban.desks.studio.errors import FourEyes, NotInTurn, Outdated, StudioRefused
from jieban.desks.studio.issue import check_issue, day_words, issued_of
from jieban.desks.studio.models import ENDED, Draft, Edit, Stage, Step, Verdict, Version
from jieban.desks.studio.periods import check_ended
from jieban.desks.studio.place import preview
from jieban.desks.studio.preview import failed_checks, persons_named
from jieban.desks.studio.sentences import in_table, rewordings_in, same_words
from jieban.desks.studio.wording import Passage, draft_of, passages_of
from jieban.desks.work.ask import ask
from jieban.desks.work.models import Job
from jieban.desks.work.rights import Right, may
from jieban.indicators.period import Period
from jieban.kernel.i18n import tr
from jieban.orders.errors import NotAllowed
from jieban.people.actor import Actor
from jieban.report.rewording import Rewording


def begin(period: Period, *, correction: str, carry: bool = False, actor: Actor, now: datetime) -> Draft:
    """Begin the report of a period; freezing and the first preview follow by themselves.

    `correction` says what was wrong with the version that is published already; without one there is none. With
    `carry` it goes on with the words of the last one of that period, if there was one. Raises NotAllowed, and
    StudioRefused for a period that isn't over.
    """
    _check(actor, Right.MAKE_REPORT)
    check_ended(period, now)
    said = " ".join(correction.split())
    with transaction.atomic():
        published = Version.objects.filter(period=period.code).order_by("-number").first()
        if published is not None and not said:
            raise StudioRefused(
                tr("{period}的报告已经发布。", period=period.label),
                fix=tr("要发布更正的一版,请写明更正了什么。"),
            )
        try:
            with transaction.atomic():
                draft = Draft.objects.create(
                    period=period.code,
                    made_by=actor.ref,
                    made_at=now,
                    corrects=published,
                    correction=said if published is not None else "",
                    carries=source_of(period.code) if carry else None,
                )
        except IntegrityError as fault:
            raise StudioRefused(
                tr("{period}的报告正在编写。", period=period.label), fix=tr("请打开列表中的那一份。")
            ) from fault
        _note(draft, "begin", actor, now)
    ask(Job.PREVIEW, str(draft.pk), by=actor.ref, now=now)
    return draft


def freeze_again(draft: int, *, actor: Actor, now: datetime) -> Draft:
    """Freeze the period of a report in the making anew, and go on with its words in another one.

    The one that was stays as it is, to be looked at. Raises NotAllowed and NotInTurn, which it is before there is
    anything to go on with.
    """
    _check(actor, Right.MAKE_REPORT)
    with _locked(draft, Stage.OPEN, Stage.PROPOSED, Stage.APPROVED) as row:
        latest = _latest(row)
        _move(row, Stage.REFROZEN)
        _note(row, "refreeze", actor, now, edit=latest.serial)
        made = Draft.objects.create(
            period=row.period,
            made_by=actor.ref,
            made_at=now,
            corrects=row.corrects,
            correction=row.correction,
            carries=row,
        )
        _note(made, "begin", actor, now)
    ask(Job.PREVIEW, str(made.pk), by=actor.ref, now=now)
    return made


def edit(
    draft: int,
    passages: tuple[Passage, ...],
    rewordings: tuple[Rewording, ...],
    *,
    issue_on: date | None = None,
    chosen: Mapping[int, str] | None = None,
    base: int,
    actor: Actor,
    now: datetime,
) -> Edit:
    """Save another wording, made from the one of serial `base`. What was approved has to be approved again.

    `issue_on` is the day that is printed as that of publication, None for the day of approval; `chosen` is what was
    decided of earlier words, by their keys. Raises NotAllowed, NotInTurn, Outdated, and StudioRefused for a day or a
    choice that can't be.
    """
    _check(actor, Right.MAKE_REPORT)
    with _locked(draft, Stage.OPEN, Stage.PROPOSED, Stage.APPROVED) as row:
        latest = _latest(row)
        if latest.serial != base:
            raise Outdated(tr("别人已经保存了新的一稿。"), fix=tr("请看过新的一稿,再改您的;您写的还在下面。"))
        passages, rewordings = decided(row, chosen or {}, passages, rewordings)
        settled = settle(row, chosen or {}, by=actor.ref, now=now)
        text = latest.text if passages == passages_of(latest.text) else draft_of(passages)
        same = text == latest.text and same_words(rewordings, rewordings_in(latest))
        if same and issue_on == latest.issue_on and not settled:
            return latest
        if issue_on is not None and issue_on != latest.issue_on:
            check_issue(row, issue_on, now)
        made = Edit.objects.create(
            draft=row,
            serial=base + 1,
            text=text,
            rewordings=in_table(rewordings),
            issue_on=issue_on,
            made_by=actor.ref,
            made_at=now,
        )
        _move(row, Stage.OPEN)
        remark = tr("决定了 {n} 处原来的文字。", n=settled) if settled else ""
        _note(row, "edit", actor, now, edit=made.serial, remark=remark)
    ask(Job.PREVIEW, str(draft), by=actor.ref, now=now)
    return made


def propose(draft: int, *, remark: str, actor: Actor, now: datetime) -> None:
    """Ask somebody else to approve. Raises NotAllowed, NotInTurn, and StudioRefused where a check failed."""
    _check(actor, Right.MAKE_REPORT)
    with _locked(draft, Stage.OPEN) as row:
        latest = _latest(row)
        if doubts := len(open_doubts(row)):
            raise StudioRefused(
                tr("还有 {n} 处原来的文字没有决定是否沿用。", n=doubts), fix=tr("请逐处选好,保存后再送审。")
            )
        _check_whole(row, latest)
        _move(row, Stage.PROPOSED)
        _note(row, "propose", actor, now, edit=latest.serial, remark=remark)


def judge(draft: int, verdict: Verdict, *, remark: str, actor: Actor, now: datetime) -> None:
    """Approve a proposed report, or send it back. Raises NotAllowed, NotInTurn, FourEyes; a return wants a reason."""
    _check(actor, Right.APPROVE_REPORT)
    with _locked(draft, Stage.PROPOSED) as row:
        if actor.ref in _hands(row):
            raise FourEyes(
                tr("自己编写或修改过的报告,不能由自己批准。"), fix=tr("请领导或另一位数据分析员批准。")
            )
        if verdict is Verdict.RETURNED and not remark.strip():
            raise StudioRefused(tr("退回要写明原因。"), fix=tr("请写明要改什么。"))
        latest = _latest(row)
        _check_whole(row, latest)
        _move(row, Stage.APPROVED if verdict is Verdict.APPROVED else Stage.OPEN)
        _note(row, verdict.value, actor, now, edit=latest.serial, remark=remark)


def publish(draft: int, *, persons_seen: bool = False, actor: Actor, now: datetime) -> None:
    """Have an approved report's files made and published.

    Where its words look as if they named a person, `persons_seen` says that somebody looked. Raises NotAllowed,
    NotInTurn, and StudioRefused before its day, or where nobody looked.
    """
    _check(actor, Right.PUBLISH_REPORT)
    with _locked(draft, Stage.APPROVED) as row:
        latest = _latest(row)
        issued = issued_of(row, latest, now)
        if issued > now:
            raise StudioRefused(
                tr("发布日期 {day} 还没有到。", day=day_words(issued.date())),
                fix=tr("请到那天再发布,或者改发布日期后重新送审。"),
            )
        if not persons_seen and (named := persons_named(preview(row.pk, latest.serial))):
            raise StudioRefused(
                tr("改写的文字里可能有个人信息。{said}", said=named),
                fix=tr("请核对后勾选“已核对”再发布,或者修改文字。"),
            )
        _note(row, "publish", actor, now, edit=latest.serial)
    ask(Job.PUBLISH, str(draft), by=actor.ref, now=now)


def withdraw(version: int, *, why: str, actor: Actor, now: datetime) -> None:
    """Take a published version back, so that nobody outside reads it any more. Raises NotAllowed and StudioRefused."""
    _check(actor, Right.WITHDRAW_REPORT)
    said = " ".join(why.split())
    if not said:
        raise StudioRefused(tr("撤下要写明原因。"), fix=tr("请写明为什么撤下,公开的页面会显示。"))
    with transaction.atomic():
        row = Version.objects.select_for_update().get(pk=version)
        if row.withdrawn_at is not None:
            raise NotInTurn(tr("这一版已经撤下了。"), fix=tr("请刷新页面,看它现在的情况。"))
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = now, actor.ref, said
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
        _note(row.draft, "withdrawn", actor, now, remark=said)


def discard(draft: int, *, actor: Actor, now: datetime) -> None:
    """Give a report up before it is published; it stays to be looked at. Raises NotAllowed and NotInTurn."""
    _check(actor, Right.MAKE_REPORT)
    with _locked(draft, Stage.OPEN, Stage.PROPOSED, Stage.APPROVED) as row:
        _move(row, Stage.DISCARDED)
        _note(row, "discard", actor, now)


def again(draft: int, *, actor: Actor, now: datetime) -> None:
    """Ask once more for the work that failed or was interrupted. Raises NotAllowed and NotInTurn."""
    _check(actor, Right.MAKE_REPORT)
    with _locked(draft, Stage.OPEN, Stage.PROPOSED, Stage.APPROVED) as row:
        approved = row.stage == Stage.APPROVED
    ask(Job.PUBLISH if approved else Job.PREVIEW, str(draft), by=actor.ref, now=now)


def may_judge(draft: Draft, actor: Actor) -> bool:
    """Whether `actor` could approve this report."""
    return may(actor, Right.APPROVE_REPORT) and actor.ref not in _hands(draft)


def _hands(draft: Draft) -> set[str]:
    """Everybody who made or edited it or those whose words it goes on with, or asked for one to be approved."""
    drafts = chain(draft)
    edits = Edit.objects.filter(draft__in=drafts).values_list("made_by", flat=True)
    asked = Step.objects.filter(draft__in=drafts, what="propose").values_list("by", flat=True)
    return {*(each.made_by for each in drafts), *edits, *asked}


@contextmanager
def _locked(draft: int, *stages: Stage) -> Iterator[Draft]:
    """The draft, nobody else's to change meanwhile. Raises NotInTurn in another stage."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft)
        if row.stage not in stages:
            ended = row.stage in ENDED
            raise NotInTurn(
                tr("这份报告已经结束。") if ended else tr("这份报告现在不能这样做。"),
                fix=tr("请刷新页面,看它现在的情况。"),
            )
        yield row


def _latest(draft: Draft) -> Edit:
    found = draft.edits.order_by("-serial").first()
    if found is None:
        raise NotInTurn(tr("数据还没有冻结好。"), fix=tr("请稍候,完成后页面会自动显示。"))
    return found


def _check_whole(draft: Draft, latest: Edit) -> None:
    """A preview of this very wording, and no check that failed."""
    failed = failed_checks(preview(draft.pk, latest.serial))
    if failed is None:
        raise NotInTurn(tr("这一稿的预览还没有生成。"), fix=tr("请稍候,看过预览再送审。"))
    if failed:
        raise StudioRefused(
            tr("有 {n} 项校核不符:{titles}。", n=len(failed), titles="、".join(failed)),
            fix=tr("请改正数据后重新冻结,文字会沿用。"),
        )


def _check(actor: Actor, right: Right) -> None:
    if not may(actor, right):
        raise NotAllowed(tr("您的岗位不能这样做。"), fix=tr("请数据分析员或领导办理。"))


def _move(draft: Draft, to: Stage) -> None:
    draft.stage = to
    draft.save(update_fields=["stage"])


def _note(
    draft: Draft, what: str, actor: Actor, now: datetime, *, edit: int | None = None, remark: str = ""
) -> None:
    Step.objects.create(
        draft=draft, what=what, by=actor.ref, at=now, edit=edit, remark=" ".join(remark.split())
    )
