"""Withdrawing evidence that was brought by mistake: another order's photo, somebody's identity card."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from jieban.kernel.i18n import Later, later, tr, tr_later
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import NoSuchOrder, NotAllowed, Redacted, WrongState
from jieban.orders.evidence.withdrawing import Stays, brought_by_citizen, is_side, why_it_stays
from jieban.orders.models import Evidence, Handling, Order, Petition
from jieban.orders.texts import written
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.roles import Role

_STAYS: Mapping[Stays, tuple[Later, Later]] = {
    Stays.OVER: (later("该承办已经结束,它的证据不能再撤下。"), later("请刷新后按工单现状办理。")),
    Stays.EARLIER: (
        later("这件证据属于以前一轮办理,那一轮的答复以它为据,不能撤下。"),
        later("请补传正确的,并在答复中说明。"),
    ),
    Stays.REPLY: (
        later("已提交的答复以这件证据为据,不能撤下。"),
        later("请先撤回答复,再撤下;已在审核的,请审核员退回。"),
    ),
    Stays.DECLARED: (
        later("正在申请认定不合理诉求,这件证据是申请的材料,不能撤下。"),
        later("请等认定作出后再办。"),
    ),
    Stays.ANSWERED: (
        later("已有答复或结论以这件材料为据,不能撤下。"),
        later("它与答复一起留存,到期删除;可以另补正确的。"),
    ),
}


def withdraw_evidence(
    *, order: str, evidence: int, reason: str, actor: Actor, now: datetime, handling: int | None = None
) -> Done:
    """Take back a piece of evidence (its serial), saying why: whoever's side brought it, while nothing rests on it.

    `handling` is the serial of the handling that it belongs to, None for the order's own. From then on nobody is shown
    it, and no rule counts it; its file is kept for as long as the profile says, then retention deletes it. The trail
    keeps its kind and digest. Raises NoSuchOrder for a piece that isn't there, NotAllowed for somebody else's,
    WrongState for one that is withdrawn already or that something rests on, Missing without a reason (a citizen owes
    none for their own), Redacted once the person's term has ended.
    """

    def body(step: Step) -> None:
        piece = _chosen(step, evidence)
        # Of what belongs to the order itself no petition is the file.
        petitions = step.petitions if handling is not None else ()
        check_withdrawal(step.actor, step.order, piece, handlings=step.handlings, petitions=petitions)
        if step.facts.get("role") != Role.CITIZEN or written(reason):
            need_reason(step, reason)
        step.fact(kind=piece.kind)
        until = step.at + timedelta(days=step.profile.workflow.retention.withdrawn_days)
        step.set(piece, removed_at=step.at, held_until=until)

    return perform(Act.WITHDRAW_EVIDENCE, body, order=order, handling=handling, actor=actor, now=now)


def check_withdrawal(
    actor: Actor,
    order: Order,
    piece: Evidence,
    *,
    handlings: Iterable[Handling],
    petitions: Iterable[Petition],
) -> None:
    """Raises NotAllowed, Redacted or WrongState for what can't be withdrawn as the order stands. No query.

    `actor` has the posts of units carried on; handlings and petitions are the order's.
    """
    own = next((each for each in handlings if each.pk == piece.handling_id), None)
    if not is_side(actor, piece, own):
        raise NotAllowed(_whose(piece), fix=tr("请由上传的一方办理。"))
    if order.redacted_at is not None:
        raise Redacted(
            tr("工单 {number} 的个人信息已按保存期限销毁。", number=order.number),
            fix=tr("只能查看统计所需的内容,不能再补写。"),
        )
    if piece.removed_at is not None:
        raise WrongState(tr("这件证据已经撤下。"), fix=tr("无需再办,请刷新后查看。"))
    stays = why_it_stays(piece, order, handlings, petitions)
    if stays is not None:
        what, fix = _STAYS[stays]
        raise WrongState(tr_later(what), fix=tr_later(fix))


def _chosen(step: Step, serial: int) -> Evidence:
    whose = step.handling.pk if step.handling_serial is not None else None
    for each in step.evidence:
        if each.serial == serial and each.handling_id == whose:
            return each
    raise NoSuchOrder(
        tr("工单 {number} 没有这件证据。", number=step.order.number), fix=tr("请刷新后按工单现状办理。")
    )


def _whose(piece: Evidence) -> str:
    if brought_by_citizen(piece):
        return tr("这件材料是诉求人交来的,只能由本人撤下。")
    return tr("这件证据不是您这一方上传的,不能撤下。")
