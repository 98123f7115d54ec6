"""What waits for a unit: its own, those below it, and those of units whose work it carries on."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from django.db.models import Q

from jieban.desks.queues.find import handlings_by_clock, handlings_by_wait, petitions, running
from jieban.desks.queues.queue import Entries, Queue
from jieban.desks.shell.words import local
from jieban.kernel.i18n import later
from jieban.orders.access import seen_units
from jieban.orders.models import Petition, PetitionKind, PetitionState
from jieban.orders.states import OPEN, HandlingState
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.people.units import answering
from jieban.profile.model import Level, Stage

_WORKING = (HandlingState.HANDLING, HandlingState.PAUSED)
_ONE_DAY = timedelta(days=1)


def _owed(actor: Actor, until: datetime) -> Entries:
    """What is due until an instant, and what was due before: signatures and answers, the nearest deadline first."""
    clocks = running(Level.HANDLING, Stage.SIGN) | running(Level.HANDLING, Stage.CLOSE)
    unsigned = Q(stage=Stage.SIGN.value, handling__state=HandlingState.AWAITING.value)
    unanswered = Q(stage=Stage.CLOSE.value, handling__state__in=_values(_WORKING))
    found = clocks.filter(
        unsigned | unanswered, handling__unit__in=sorted(seen_units(actor)), due_at__lte=until
    )
    return found.order_by("due_at", "order_id").values_list("order_id", "handling__serial", "due_at")


def _today(actor: Actor, now: datetime) -> Entries:
    begins = datetime.combine(local(now).date(), time(), tzinfo=local(now).tzinfo)
    return _owed(actor, (begins + _ONE_DAY).astimezone(UTC))


def _sent_back(actor: Actor, _now: datetime) -> Entries:
    found = running(Level.HANDLING, Stage.CLOSE).filter(
        handling__state__in=_values(_WORKING),
        handling__reworks__gt=0,
        handling__unit__in=sorted(seen_units(actor)),
    )
    return found.order_by("due_at", "order_id").values_list("order_id", "handling__serial", "due_at")


def _mine(actor: Actor, _now: datetime) -> Entries:
    found = running(Level.HANDLING, Stage.CLOSE).filter(
        handling__assignee=actor.account,
        handling__state__in=_values(OPEN),
        handling__unit__in=sorted(seen_units(actor)),
    )
    return found.order_by("due_at", "order_id").values_list("order_id", "handling__serial", "due_at")


def _to_sign(actor: Actor, now: datetime) -> Entries:
    acting = answering(actor, city(), local(now).date())
    found = Petition.objects.filter(
        kind=PetitionKind.UNREASONABLE.value,
        state=PetitionState.ASKED.value,
        handling__unit__in=sorted(acting.units_as(Role.HEAD)),
    )
    return found.order_by("asked_at", "order_id").values_list("order_id", "handling__serial", "asked_at")


def _values(states: Iterable[HandlingState]) -> list[str]:
    return sorted(each.value for each in states)


_EVERYBODY = (
    Queue(
        id="today",
        name=later("今日"),
        empty=later("今天没有到期或超期的工单。可到“待签收”“办理中”看看后面的。"),
        find=_today,
    ),
    Queue(
        id="awaiting",
        name=later("待签收"),
        empty=later("没有待签收的工单。可到“办理中”继续办理。"),
        find=lambda actor, _now: handlings_by_clock(
            Stage.SIGN, (HandlingState.AWAITING,), units=seen_units(actor)
        ),
    ),
    Queue(
        id="handling",
        name=later("办理中"),
        empty=later("没有在办的工单。请看“待签收”。"),
        find=lambda actor, _now: handlings_by_clock(Stage.CLOSE, _WORKING, units=seen_units(actor)),
    ),
    Queue(
        id="mine",
        name=later("我经办"),
        empty=later("没有指定由您经办的工单。联络员指定经办人后,工单会出现在这里。"),
        find=_mine,
    ),
    Queue(
        id="late",
        name=later("超期"),
        empty=later("没有超期的工单。快到期的在“今日”。"),
        find=_owed,
    ),
    Queue(
        id="sent_back",
        name=later("退回"),
        empty=later("没有审核退回、重新办理的工单。退回的会连同原因出现在这里。"),
        find=_sent_back,
    ),
    Queue(
        id="asked",
        name=later("已申请"),
        empty=later("没有在等审批的退单、延期或认定申请。申请在工单上提出。"),
        find=lambda actor, _now: petitions(*PetitionKind, units=seen_units(actor)),
        due=False,
    ),
    Queue(
        id="paused",
        name=later("待补充"),
        empty=later("没有等待诉求人补充的工单。情况说不清、要诉求人补充的,可在工单上暂停计时。"),
        find=lambda actor, _now: handlings_by_wait(
            HandlingState.PAUSED, "dispatched_at", units=seen_units(actor)
        ),
        due=False,
    ),
    Queue(
        id="replied",
        name=later("待审核"),
        empty=later("没有等待审核的答复。答复后先在这里,审核通过后离开。"),
        find=lambda actor, _now: handlings_by_wait(
            HandlingState.REPLIED, "replied_at", units=seen_units(actor)
        ),
        due=False,
    ),
)
_HEADS = Queue(
    id="to_sign",
    name=later("待签字"),
    empty=later("没有等您签字的不合理诉求认定材料。本单位提出申请后会出现在这里。"),
    find=_to_sign,
    due=False,
)


def queues_of(actor: Actor) -> tuple[Queue, ...]:
    """The queues of somebody in a unit; a head has what waits for a signature, too."""
    return (*_EVERYBODY, _HEADS) if actor.has(Role.HEAD) else _EVERYBODY
