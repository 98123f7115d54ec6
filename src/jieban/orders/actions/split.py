"""Splitting: one call about several matters becomes an order for each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.ledger.schema import Disposition
from jieban.orders.actions.record import Request, open_order
from jieban.orders.checks import check_codes
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import BadValue
from jieban.orders.secrets import contact_of, matter_of
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.roles import Role
from jieban.profile.model import Urgency

_LEAST_PARTS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitPart:
    """One matter of a call: its own classification and summary. The citizen's words stay as they are."""

    request_type: str
    topic: str
    summary: str = field(repr=False)
    subtopic: str | None = None
    street: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """A split order, and the orders that took its place."""

    parent: Done
    children: tuple[str, ...]


def split_order(*, order: str, parts: Sequence[SplitPart], actor: Actor, now: datetime) -> Split:
    """Open an order for each part, with the same requester, words and files, and end the one that held them all.

    Raises BadValue for fewer than two parts, or codes that the profile doesn't have.
    """
    children: list[str] = []

    def body(step: Step) -> None:
        if len(parts) < _LEAST_PARTS:
            raise BadValue(tr("拆单至少要拆成两件。"), fix=tr("请补充其余事项。"))
        requests = [_request(step, part) for part in parts]
        children.clear()
        children.extend(_open(step, request) for request in requests)
        step.set(step.order, disposition=Disposition.SPLIT.value)
        step.fact(children=children)

    done = perform(Act.SPLIT, body, order=order, actor=actor, now=now)
    return Split(parent=done, children=tuple(children))


def _request(step: Step, part: SplitPart) -> Request:
    order = step.order
    request = Request(
        channel=order.channel,
        request_type=part.request_type,
        topic=part.topic,
        subtopic=part.subtopic,
        urgency=Urgency(order.urgency),
        matter=replace(matter_of(step.lock, step.secret), summary=part.summary),
        contact=contact_of(step.lock, step.secret),
        anonymous=order.anonymous,
        # What is confidential stays so in every part; a part that is a report becomes so.
        confidential=True if order.confidential else None,
        mailbox=order.mailbox,
        street=part.street or order.street,
        community=order.community if part.street in {None, order.street} else None,
        received_at=order.received_at,
    )
    check_codes(step.profile, request, step.at)
    return request


def _open(step: Step, request: Request) -> str:
    role = Role(str(step.facts["role"]))
    child = open_order(
        request,
        actor=step.actor,
        now=step.at,
        role=role,
        parent=step.order,
        evidence=[each for each in step.evidence if each.handling_id is None and each.removed_at is None],
    )
    return child.number
