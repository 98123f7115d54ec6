"""What a supervisor watches."""

from datetime import datetime, timedelta

from jieban.desks.queues.find import handlings_by_clock, running
from jieban.desks.queues.queue import Entries, Queue
from jieban.kernel.i18n import later
from jieban.orders.states import HandlingState
from jieban.people.actor import Actor
from jieban.profile.model import Level, Stage

_OPEN = (HandlingState.AWAITING, HandlingState.HANDLING, HandlingState.PAUSED)
_AHEAD = timedelta(hours=48)


def _late(_actor: Actor, now: datetime) -> Entries:
    return handlings_by_clock(Stage.CLOSE, _OPEN, until=now)


def _soon(_actor: Actor, now: datetime) -> Entries:
    found = running(Level.HANDLING, Stage.CLOSE).filter(
        handling__state__in=[each.value for each in _OPEN], due_at__gt=now, due_at__lte=now + _AHEAD
    )
    return found.order_by("due_at", "order_id").values_list("order_id", "handling__serial", "due_at")


def _unsigned(_actor: Actor, now: datetime) -> Entries:
    return handlings_by_clock(Stage.SIGN, (HandlingState.AWAITING,), until=now)


QUEUES = (
    Queue(id="late", name=later("已超期"), empty=later("没有超期的承办。"), find=_late),
    Queue(id="soon", name=later("48 小时内到期"), empty=later("48 小时内没有到期的承办。"), find=_soon),
    Queue(id="unsigned", name=later("超时未签"), empty=later("派出的工单都按时签收了。"), find=_unsigned),
)
