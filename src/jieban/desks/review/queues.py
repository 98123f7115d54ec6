"""What waits for a reviewer."""

from jieban.desks.queues.find import handlings_by_wait, petitions
from jieban.desks.queues.queue import Queue
from jieban.kernel.i18n import later
from jieban.orders.models import PetitionKind
from jieban.orders.states import HandlingState

QUEUES = (
    Queue(
        id="replies",
        name=later("待审核"),
        empty=later("没有待审核的答复。承办单位答复后会出现在这里。"),
        find=lambda _actor, _now: handlings_by_wait(HandlingState.REPLIED, "replied_at"),
        due=False,
    ),
    Queue(
        id="unreasonable",
        name=later("不合理诉求认定"),
        empty=later("没有待认定的申请。承办单位申请认定不合理诉求后会出现在这里。"),
        find=lambda _actor, _now: petitions(PetitionKind.UNREASONABLE),
        due=False,
    ),
)
