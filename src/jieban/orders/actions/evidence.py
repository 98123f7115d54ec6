"""Evidence: files that show what was done, and what a rule of the profile demands before a reply passes."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from jieban.kernel.i18n import listed, tr
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.engine.write import ADDED
from jieban.orders.errors import AlreadyThere, Missing, NotAllowed, Redacted, TooLate, WrongState
from jieban.orders.evidence.files import received
from jieban.orders.models import Event, Evidence, Handling
from jieban.orders.states import GONE, HandlingState, OrderState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.profile.workflow import Condition

OVER = frozenset({OrderState.CLOSED, OrderState.REFUSED})
"""States in which an order takes evidence, though its case has ended."""

_TELEPHONE = frozenset({Role.OPERATOR, Role.CALLBACK_AGENT})


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file as it arrives, and what it is said to show: a kind of the profile's."""

    stream: BinaryIO
    kind: str


def attach_evidence(
    *, order: str, upload: Upload, actor: Actor, now: datetime, handling: int | None = None
) -> Done:
    """Keep a file with the order, or with one handling. The same file twice is kept once and refused the second time.

    The file is stored before the act: a refused act leaves at most a file that nothing names, which
    `jieban evidence sweep` takes away. A closed or refused order still takes what the profile says may come after the
    end (the recording of a call), from those of the centre who telephone; a unit's handling that has ended takes
    nothing. Raises BadValue for size or type, TooLate beyond the number allowed, NotAllowed for a citizen who names a
    handling, WrongState for what comes too late, Redacted once the person's term has ended.
    """
    rules = city().workflow.evidence

    def body(step: Step) -> None:
        target = step.handling if handling is not None else None
        if target is not None and step.facts.get("role") == Role.CITIZEN:
            raise NotAllowed(
                tr("诉求人的材料归入工单,不归入某个单位的承办。"), fix=tr("请不要指定承办单位。")
            )
        over = OrderState(step.order.state) in OVER
        if over:
            _check_after_close(step, upload.kind)
        if target is not None and (over or HandlingState(target.state) in GONE | {HandlingState.CLOSED}):
            raise WrongState(tr("该承办已经结束,不能再补证据。"), fix=tr("请刷新后按工单现状办理。"))
        own = _held(step, target)
        count = len(own) + _taken_back(step, actor)
        if count >= rules.per_handling_max:
            raise TooLate(tr("证据已有 {n} 件,达到上限。", n=count), fix=tr("请合并材料,或与审核员联系。"))
        same = next((each for each in own if (each.digest, each.kind) == (file.digest, upload.kind)), None)
        if same is not None:
            raise AlreadyThere(tr("同一文件已经上传过。"), fix=tr("不必重复上传。"), at=same.added_at)
        file.hold()
        step.add(
            Evidence(
                order=step.order,
                handling=target,
                serial=step.serial(step.evidence),
                kind=upload.kind,
                digest=file.digest,
                media_type=file.media_type,
                size=file.size,
                added_at=step.at,
                added_by=actor.ref,
                held_until=_held_until(step) if over else None,
                round=step.order.round,
            )
        )

    with received(upload.stream, upload.kind, rules) as file:
        return perform(Act.ATTACH, body, order=order, handling=handling, actor=actor, now=now)


def evidence_of(done: Done) -> int:
    """The serial of the piece that an act of attaching made."""
    data = Event.objects.filter(order__number=done.order, seq=done.seq).values_list("data", flat=True).get()
    return next(int(name.partition(":")[2]) for name in json.loads(data)[ADDED])


def _check_after_close(step: Step, kind: str) -> None:
    if step.order.redacted_at is not None:
        raise Redacted(
            tr("工单 {number} 的个人信息已按保存期限销毁。", number=step.order.number),
            fix=tr("只能查看统计所需的内容,不能再补写。"),
        )
    if step.facts.get("role") not in _TELEPHONE:
        raise WrongState(tr("工单已经结束,不能再补证据。"), fix=tr("如需继续办理,请先重新办理。"))
    rules = step.profile.workflow.evidence
    if kind not in rules.after_close:
        names = [each.name for each in rules.kinds if each.code in rules.after_close]
        raise WrongState(
            tr("工单已经结束,不能再补这一类证据。"),
            fix=tr("可以补的:{names}。", names=listed(names)) if names else tr("如需继续办理,请先重新办理。"),
        )


def _held_until(step: Step) -> datetime:
    """As long as what was there when the case ended, which may have been some time ago."""
    ended = step.order.concluded_at or step.order.closed_at or step.at
    return ended + timedelta(days=step.profile.workflow.retention.evidence_days)


def _taken_back(step: Step, actor: Actor) -> int:
    """What a citizen brought and withdrew: it goes on taking room, and anybody may be a citizen."""
    if step.facts.get("role") != Role.CITIZEN:
        return 0
    return sum(each.added_by == actor.ref and each.removed_at is not None for each in step.evidence)


def _held(step: Step, handling: Handling | None) -> list[Evidence]:
    whose = handling.pk if handling is not None else None
    return [each for each in step.evidence if each.handling_id == whose and each.removed_at is None]


def check_demands(step: Step, *, site_visit: bool, phone_contact: bool) -> None:
    """Raises Missing that names every piece of evidence which a rule demands of this reply and which isn't there."""
    holds = {
        Condition.ALWAYS: True,
        Condition.SITE_VISIT: site_visit,
        Condition.PHONE_CONTACT: phone_contact,
    }
    there = {each.kind for each in _held(step, step.handling) if each.round == step.handling.round}
    lacking = [
        kind.name
        for when, kind in step.profile.workflow.evidence.demanded(step.order.request_type)
        if holds[when] and kind.code not in there
    ]
    if lacking:
        raise Missing(
            tr("答复还缺证据:{names}。", names=listed(dict.fromkeys(lacking))),
            fix=tr("请上传后再提交答复。"),
        )
