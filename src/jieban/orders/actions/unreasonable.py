"""Unreasonable requests: declared by the unit, signed by its head, decided in review; only then not assessed."""

from dataclasses import dataclass, field
from datetime import datetime

from jieban.kernel.i18n import listed, tr
from jieban.ledger.schema import Role as Part
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.petitions import ask, decide, lapse, need_petition, refuse_second
from jieban.orders.engine.step import Step
from jieban.orders.errors import BadValue, Missing, NotAllowed, WrongState
from jieban.orders.models import PetitionKind, PetitionState
from jieban.orders.states import HandlingState
from jieban.orders.texts import written
from jieban.people.actor import Actor
from jieban.people.acts import Act

_KIND = PetitionKind.UNREASONABLE


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreasonableFile:
    """The file of an unreasonable request: a ground of the profile's list, the inquiry, the policy it rests on."""

    ground: str
    inquiry: str = field(repr=False)
    policy: str = field(repr=False)


def declare_unreasonable(
    *, order: str, handling: int, file: UnreasonableFile, actor: Actor, now: datetime
) -> Done:
    """The lead unit asks to have the request found unreasonable.

    Raises BadValue for a ground that the profile doesn't list or a unit that doesn't lead, Missing for an account of
    the inquiry, a policy or an attachment that the file must have.
    """

    def body(step: Step) -> None:
        if step.handling.part != Part.LEAD:
            raise BadValue(tr("只有主办单位可以申请认定。"), fix=tr("请由主办单位提出。"))
        refuse_second(step, _KIND)
        grounds = {each.code: each for each in step.profile.workflow.unreasonable_grounds}
        if file.ground not in grounds:
            raise BadValue(
                tr("不合理诉求的情形没有“{code}”。", code=file.ground), fix=tr("请从本市公布的情形中选择。")
            )
        lacking = [
            name
            for name, text in ((tr("调查情况"), file.inquiry), (tr("政策依据"), file.policy))
            if not written(text)
        ]
        own = [each for each in step.evidence if each.handling_id == step.handling.pk and not each.removed_at]
        if grounds[file.ground].needs_attachment and not own:
            lacking.append(tr("证明材料"))
        if lacking:
            raise Missing(tr("认定材料还缺:{names}。", names=listed(lacking)), fix=tr("请补齐后再提交。"))
        step.say(inquiry=file.inquiry, policy=file.policy)
        ask(step, _KIND, ground=file.ground)

    return perform(Act.DECLARE_UNREASONABLE, body, order=order, handling=handling, actor=actor, now=now)


def sign_as_head(
    *, order: str, handling: int, actor: Actor, now: datetime, remark: str | None = None
) -> Done:
    """The head of the unit signs the file: somebody else than who wrote it."""

    def body(step: Step) -> None:
        petition = need_petition(step, _KIND)
        if petition.state != PetitionState.ASKED:
            raise WrongState(tr("负责人已经签字。"), fix=tr("请等审核认定。"))
        step.set(petition, state=PetitionState.HEAD_SIGNED.value, head=actor.ref, head_signed_at=step.at)
        step.say(remark=remark)

    return perform(
        Act.SIGN_AS_HEAD, body, order=order, handling=handling, actor=actor, now=now, did=_who_asked
    )


def decide_unreasonable(
    *, order: str, handling: int, granted: bool, reason: str, actor: Actor, now: datetime
) -> Done:
    """Find the request unreasonable, or not. Found so, it is closed as of the declaration and not assessed.

    Raises WrongState before the head has signed, where the profile asks for it, NotAllowed for the head who signed.
    """

    def body(step: Step) -> None:
        petition = need_petition(step, _KIND)
        if petition.head == actor.ref:
            raise NotAllowed(tr("本人以负责人身份签过字,不能再认定。"), fix=tr("请由另一位审核员认定。"))
        signed = petition.state == PetitionState.HEAD_SIGNED
        if granted and not signed and _KIND.value in step.profile.workflow.reviewing.head_signs:
            raise WrongState(tr("负责人还没有签字,不能认定。"), fix=tr("请先由承办单位负责人签字。"))
        need_reason(step, reason)
        decide(step, petition, granted=granted)
        if not granted:
            return
        step.set(
            step.handling,
            state=HandlingState.CLOSED.value,
            replied_at=petition.asked_at,
            replied_by=petition.asked_by,
            replied_in=petition.asked_in,
            closed_at=petition.asked_at,
        )
        lapse(step, step.handling)
        step.set(step.order, excluded=True, excluded_ground=petition.ground)

    return perform(
        Act.DECIDE_UNREASONABLE, body, order=order, handling=handling, actor=actor, now=now, did=_who_asked
    )


def _who_asked(step: Step) -> str | None:
    found = next((each for each in reversed(step.petitions) if each.kind == _KIND), None)
    return found.asked_by if found is not None else None
