"""At the desk, before dispatch: what the request is, and what needs no unit: an answer, or a lawful refusal."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.ledger.schema import Disposition
from jieban.orders.actions.links import unlink_if_it_betrays
from jieban.orders.checks import known
from jieban.orders.engine.classify import set_codes
from jieban.orders.engine.needs import need_text
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import Missing
from jieban.orders.secrets import matter_of
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.model import Urgency

ANSWER_SLOT = "answer"
EXPLANATION_SLOT = "explanation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Classification:
    """What a request is, in codes of the profile, and the operator's summary; None leaves a thing as it is.

    What follows from codes, `set_codes` says.
    """

    request_type: str | None = None
    topic: str | None = None
    subtopic: str | None = None
    urgency: Urgency | None = None
    street: str | None = None
    community: str | None = None
    confidential: bool | None = None
    summary: str | None = field(default=None, repr=False)


def classify_order(*, order: str, classification: Classification, actor: Actor, now: datetime) -> Done:
    """Say what the request is. Another type or urgency counts the clocks anew, from where they began.

    Raises BadValue for codes that the profile doesn't have, Missing when nothing would change.
    """

    def body(step: Step) -> None:
        set_codes(step, classification)
        unlink_if_it_betrays(step)
        if classification.summary is not None:
            _set_summary(step, classification.summary)
        if not step.changed and not step.dirty_secret:
            raise Missing(tr("分类没有变化。"), fix=tr("请选择新的分类后再提交。"))

    return perform(Act.CLASSIFY, body, order=order, actor=actor, now=now)


def _set_summary(step: Step, summary: str) -> None:
    matter = matter_of(step.lock, step.secret)
    text = need_text(summary, tr("摘要"))
    if text == matter.summary:
        return
    step.set_matter(replace(matter, summary=text))
    step.commit(**{"matter/summary": text})


def answer_order(*, order: str, answer: str, actor: Actor, now: datetime, unit: str | None = None) -> Done:
    """Answer at once, without dispatch: the case is closed. A letter is so answered directly.

    `unit` is whose answer the desk passes on, if it isn't its own. Raises Missing without an answer, BadValue for an
    unknown unit.
    """

    def body(step: Step) -> None:
        if unit is not None:
            known(unit in step.profile.units, tr("单位"), unit)
        step.say(**{ANSWER_SLOT: need_text(answer, tr("答复内容"))})
        step.set(
            step.order,
            disposition=Disposition.ANSWERED.value,
            answer_in=step.seq,
            answer_unit=unit,
            closed_at=step.at,
            concluded_at=step.at,
        )

    return perform(Act.ANSWER, body, order=order, actor=actor, now=now)


def refuse_order(*, order: str, ground: str, explanation: str, actor: Actor, now: datetime) -> Done:
    """Don't take the request, on a lawful ground, and say so to the citizen in words. Nothing is owed any more.

    Raises BadValue for a ground that the profile doesn't list, Missing without an explanation, or without
    the attachment that the ground needs.
    """

    def body(step: Step) -> None:
        grounds = {each.code: each for each in step.profile.workflow.refusal_grounds}
        known(ground in grounds, tr("不予受理的情形"), ground)
        if grounds[ground].needs_attachment and all(each.removed_at for each in step.evidence):
            raise Missing(
                tr("“{name}”须附材料。", name=grounds[ground].name), fix=tr("请先上传附件,再不予受理。")
            )
        step.say(**{EXPLANATION_SLOT: need_text(explanation, tr("不予受理的说明"))})
        step.set(
            step.order,
            disposition=Disposition.REFUSED.value,
            refused_ground=ground,
            concluded_at=step.at,
        )

    return perform(Act.REFUSE, body, order=order, actor=actor, now=now)
