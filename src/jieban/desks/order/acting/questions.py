"""What the form of each act asks for."""

from datetime import datetime

from django import forms

from jieban.desks.order.acting import calling, fields
from jieban.desks.order.acting.citing import CITES, cites
from jieban.desks.order.acting.suggest import suggested_units
from jieban.desks.shell import words
from jieban.kernel.i18n import listed, tr
from jieban.orders.actions.reply import reply_fields
from jieban.orders.models import Handling, Order
from jieban.orders.states import HandlingState
from jieban.people.city import city
from jieban.profile.workflow import Condition

REPLY_PREFIX = "field_"
"""What the names of a reply's own fields begin with in its form."""


def reason(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """Why it is done."""
    return {"reason": fields.text(tr("原因"))}


def remark(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """Something to say, or nothing."""
    return {"remark": fields.text(tr("备注"), required=False, rows=2)}


def nothing(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """Nothing: the act is all that is said."""
    return {}


def answer(_order: Order, now: datetime) -> dict[str, forms.Field]:
    """An answer at the desk, what it rests on with it."""
    return {
        "answer": fields.text(tr("答复内容"), rows=5),
        "unit": fields.unit(tr("以哪个单位的口径答复"), now, required=False),
        CITES: cites(),
    }


def refuse(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """The ground that the city names, and what the requester is told."""
    grounds = [(each.code, each.name) for each in city().workflow.refusal_grounds]
    return {
        "ground": fields.choice(tr("不予受理的情形"), grounds),
        "explanation": fields.text(tr("向诉求人说明")),
    }


def dispatch(order: Order, now: datetime) -> dict[str, forms.Field]:
    """Who leads and who assists, the likely ones first."""
    return {
        "lead": fields.unit(tr("主办单位"), now, suggested=suggested_units(order, now)),
        "assisting": fields.several_units(tr("协办单位(可多选)"), now),
        "remark": fields.text(tr("派单意见"), required=False, rows=2),
    }


def add_unit(_order: Order, now: datetime) -> dict[str, forms.Field]:
    """One more unit to assist."""
    return {
        "unit": fields.unit(tr("协办单位"), now),
        "remark": fields.text(tr("派单意见"), required=False, rows=2),
    }


def assign(handling: Handling, now: datetime) -> dict[str, forms.Field]:
    """Which of the unit's people of the day."""
    return {
        "account": fields.choice(
            tr("经办人"), fields.people_of(handling.unit, now), hint=tr("本单位今日在岗的人员。")
        )
    }


def decide_return(_order: Order, now: datetime) -> dict[str, forms.Field]:
    """Whether it is taken back, and who is next."""
    return {
        "granted": fields.verdict(tr("是否同意退单"), tr("同意"), tr("不同意")),
        "next_unit": fields.unit(tr("改派到(同意时可选)"), now, required=False),
        "reason": fields.text(tr("理由")),
    }


def ask_extension(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """How many days more, and why."""
    return {"days": fields.days(city().extension.working_days), "reason": fields.text(tr("原因"))}


def decide_extension(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """Whether there are more days, and how many."""
    most = city().extension.working_days
    return {
        "granted": fields.verdict(tr("是否同意延期"), tr("同意"), tr("不同意")),
        "days": forms.IntegerField(
            label=tr("批准的工作日(不填则照申请)"), min_value=1, max_value=most, required=False
        ),
        "reason": fields.text(tr("理由")),
    }


def unreasonable(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """The ground, the account of the inquiry, and the policy it rests on."""
    grounds = [(each.code, each.name) for each in city().workflow.unreasonable_grounds]
    return {
        "ground": fields.choice(tr("认定的情形"), grounds),
        "inquiry": fields.text(tr("调查情况"), rows=5),
        "policy": fields.text(tr("政策依据")),
    }


def decide_unreasonable(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """Whether it is found to be so."""
    return {
        "granted": fields.verdict(tr("是否认定"), tr("认定"), tr("不认定")),
        "reason": fields.text(tr("理由")),
    }


def reply(order: Order, _now: datetime) -> dict[str, forms.Field]:
    """The fields of the city's template, and what was done besides writing."""
    asked: dict[str, forms.Field] = {}
    for each in reply_fields(order, city().workflow.reply):
        # What is missing is refused by the act, by name and all at once: no field is required here.
        asked[REPLY_PREFIX + each.code] = (
            fields.choice(each.name, fields.labels(each.choices), required=False, hint=each.hint)
            if each.choices
            else fields.text(each.name, required=False, hint=each.hint)
        )
        asked[REPLY_PREFIX + each.code].widget.attrs["data-needed"] = "yes" if each.required else "no"
    asked["site_visit"] = fields.yes(tr("到过现场"), hint=_demanded(order, Condition.SITE_VISIT))
    asked["phone_contact"] = fields.yes(
        tr("电话联系过诉求人"), hint=_demanded(order, Condition.PHONE_CONTACT)
    )
    asked[CITES] = cites()
    return asked


def _demanded(order: Order, when: Condition) -> str:
    """What the city wants to see of it."""
    demanded = city().workflow.evidence.demanded(order.request_type)
    kinds = [kind.name for condition, kind in demanded if condition is when]
    return tr("须有{kinds}。", kinds=listed(kinds)) if kinds else ""


def callback(order: Order, _now: datetime) -> dict[str, forms.Field]:
    """What came of the call, and whether the work begins anew."""
    return {
        **calling.asked(),
        "rework": fields.yes(tr("重新办理"), hint=tr("诉求人不满意时勾选:记录回访的同时重新办理。")),
        "rework_reason": fields.text(tr("重新办理的原因"), required=False, rows=2),
        "rework_by": fields.several(tr("由哪些单位重新办理(不选则由主办单位)"), _who_closed(order)),
    }


def _who_closed(order: Order) -> fields.Choices:
    """The handlings that can be reopened, by their serials."""
    closed = Handling.objects.filter(order=order, state=HandlingState.CLOSED.value).order_by("serial")
    return [(str(each.serial), words.unit(each.unit, each.dispatched_at)) for each in closed]


def reopen(order: Order, _now: datetime) -> dict[str, forms.Field]:
    """Why, and by whom."""
    return {
        "reason": fields.text(tr("原因")),
        "handlings": fields.several(tr("由哪些单位重新办理(不选则由主办单位)"), _who_closed(order)),
    }


def merge(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """Into which order."""
    return {
        "into": fields.OrderNumber(tr("并入的工单编号")),
        "reason": fields.text(tr("原因")),
    }


def publish(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """Whether everybody may read the answer."""
    return {"published": fields.verdict(tr("答复是否公开"), tr("公开"), tr("不公开"))}
