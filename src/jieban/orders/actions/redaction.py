"""Redaction: when its term has ended, an order's key is destroyed, and with it the person and every word (ruling 9)."""

from datetime import datetime, timedelta

from jieban.kernel.i18n import tr
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import WrongState
from jieban.orders.models import Evidence, Order, Words
from jieban.orders.states import OrderState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.workflow import Retention

_OVER = frozenset({OrderState.CLOSED, OrderState.ARCHIVED, OrderState.REFUSED})


def redact_order(*, order: str, actor: Actor, now: datetime) -> Done:
    """Destroy what of an order has outlived its term: the key with all that is sealed under it, its evidence, or both.

    Codes, times and counts stay for statistics; the trail stays whole. Evidence is only marked: its files are removed
    by `orders.retention`, once no other order holds them. Raises WrongState when nothing has outlived its term.
    """

    def body(step: Step) -> None:
        rules = step.profile.workflow.retention
        person = step.order.redacted_at is None and person_due(step.order, rules, step.at)
        evidence = [each for each in step.evidence if evidence_due(step.order, each, rules, step.at)]
        if not person and not evidence:
            raise WrongState(
                tr("工单 {number} 没有已满保存期限的内容。", number=step.order.number),
                fix=tr("无需操作:期限届满后由系统清除。"),
            )
        if person:
            _destroy(step)
        for each in evidence:
            step.set(each, removed_at=step.at)

    return perform(Act.REDACT, body, order=order, actor=actor, now=now)


def _destroy(step: Step) -> None:
    # The delivery's index stays: what came once is one order, however late it comes again. Nobody reads an id from it
    # without the master key, which ends when that is retired.
    step.set_secret(wrapped_key=None, contact=None, matter=None, delivery=None, phone_index=None, search=None)
    Words.objects.filter(order=step.order).update(sealed=None)
    step.set(step.order, redacted_at=step.at)


def ended_at(order: Order) -> datetime | None:
    """When a case ended, as far as retention goes; None while it goes on.

    A merged order's lasts as long as the one that it was merged into, a split one's as long as its last child's.
    """
    state = OrderState(order.state)
    if order.merged_into is not None:
        return ended_at(order.merged_into)
    children = list(order.children.all())
    if state is OrderState.SPLIT or children:
        ends = [ended_at(child) for child in children]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None
    if state not in _OVER:
        return None
    return order.concluded_at or order.closed_at or order.archived_at or order.last_at


def person_due(order: Order, rules: Retention, at: datetime) -> bool:
    """Whether a person's term has ended."""
    end = ended_at(order)
    return end is not None and at >= end + timedelta(days=rules.person_days)


def evidence_due(order: Order, evidence: Evidence, rules: Retention, at: datetime) -> bool:
    """Whether a piece of evidence is still there and has outlived its term."""
    if evidence.removed_at is not None:
        return False
    end = ended_at(order)
    if end is None:
        return False
    held_until = evidence.held_until or end + timedelta(days=rules.evidence_days)
    return at >= max(held_until, end + timedelta(days=rules.evidence_days))
