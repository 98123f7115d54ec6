"""What waits for a unit: its own and those below it."""

from datetime import datetime, timedelta

from jieban.desks.queues.find import handlings_by_clock, handlings_by_wait, petitions
from jieban.desks.queues.queue import Entries, Queue
from jieban.kernel.i18n import later
from jieban.orders.access import seen_units
from jieban.orders.models import PetitionKind
from jieban.orders.states import HandlingState
from jieban.people.actor import Actor
from jieban.profile.model import Stage

_WORKING = (HandlingState.HANDLING, HandlingState.PAUSED)
_SOON = timedelta(hours=48)


def _near(actor: Actor, now: datetime) -> Entries:
    return handlings_by_clock(Stage.CLOSE, _WORKING, units=seen_units(actor), until=now + _SOON)


QUEUES = (
    Queue(
        id="awaiting",
        name=later("待签收"),
        empty=later("没有待签收的工单。可到“办理中”继续办理。"),
        find=lambda actor, _now: handlings_by_clock(
            Stage.SIGN, (HandlingState.AWAITING,), units=seen_units(actor)
        ),
    ),
    Queue(
        id="near",
        name=later("48 小时内到期"),
        empty=later("48 小时内没有到期的工单。"),
        find=_near,
    ),
    Queue(
        id="handling",
        name=later("办理中"),
        empty=later("没有在办的工单。请看“待签收”。"),
        find=lambda actor, _now: handlings_by_clock(Stage.CLOSE, _WORKING, units=seen_units(actor)),
    ),
    Queue(
        id="paused",
        name=later("待补充"),
        empty=later("没有等待诉求人补充的工单。"),
        find=lambda actor, _now: handlings_by_wait(
            HandlingState.PAUSED, "dispatched_at", units=seen_units(actor)
        ),
        due=False,
    ),
    Queue(
        id="asked",
        name=later("已申请"),
        empty=later("没有在等审批的退单、延期或认定申请。"),
        find=lambda actor, _now: petitions(*PetitionKind, units=seen_units(actor)),
        due=False,
    ),
    Queue(
        id="replied",
        name=later("待审核"),
        empty=later("没有等待审核的答复。"),
        find=lambda actor, _now: handlings_by_wait(
            HandlingState.REPLIED, "replied_at", units=seen_units(actor)
        ),
        due=False,
    ),
)
