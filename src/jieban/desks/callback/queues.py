"""Whom to call."""

from jieban.desks.queues.find import orders_in
from jieban.desks.queues.queue import Queue
from jieban.kernel.i18n import later
from jieban.orders.states import OrderState

QUEUES = (
    Queue(
        id="handled",
        name=later("待回访"),
        empty=later("没有待回访的工单。审核通过的工单会出现在这里。"),
        find=lambda _actor, _now: orders_in(OrderState.HANDLED, "closed_at"),
        due=False,
    ),
)
