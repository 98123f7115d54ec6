"""What waits for a dispatcher."""

from jieban.desks.queues.find import disputes, orders_by_clock, petitions
from jieban.desks.queues.queue import Queue
from jieban.kernel.i18n import later
from jieban.orders.models import PetitionKind
from jieban.orders.states import OrderState
from jieban.people.acts import Act
from jieban.profile.model import Stage

QUEUES = (
    Queue(
        id="new",
        name=later("待派单"),
        empty=later("没有待派的工单。新登记的诉求会自动出现在这里。"),
        find=lambda _actor, _now: orders_by_clock(Stage.SIGN, (OrderState.RECORDED,)),
        bulk=(Act.DISPATCH, Act.MERGE),
    ),
    Queue(
        id="returns",
        name=later("退单申请"),
        empty=later("没有待审批的退单申请。承办单位申请退单后会出现在这里。"),
        find=lambda _actor, now: disputes(now),
        bulk=(Act.DECIDE_RETURN,),
    ),
    Queue(
        id="extensions",
        name=later("延期申请"),
        empty=later("没有待审批的延期申请。承办单位申请延期后会出现在这里。"),
        find=lambda _actor, _now: petitions(PetitionKind.EXTENSION),
        due=False,
        bulk=(Act.DECIDE_EXTENSION,),
    ),
    Queue(
        id="unsigned",
        name=later("已派未签"),
        empty=later("派出的工单都已签收。新派出的先在这里,签收后离开。"),
        find=lambda _actor, _now: orders_by_clock(Stage.SIGN, (OrderState.DISPATCHED,)),
        bulk=(Act.URGE, Act.RECALL, Act.MERGE),
    ),
)
