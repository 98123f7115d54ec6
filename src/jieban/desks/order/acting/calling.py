"""What came of calling somebody back, as forms ask for it: when it is written down, and when that was wrong."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from jieban.desks.order.acting import fields
from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome
from jieban.orders.models import Callback, Order
from jieban.people.city import city
from jieban.people.roles import Role


def asked() -> dict[str, forms.Field]:
    """Whether somebody answered, and what they said; what is needed of that, the act knows."""
    either: fields.Choices = [("yes", tr("是")), ("no", tr("否"))]
    rated = fields.labels(city().labels["satisfaction"])
    return {
        "reached": fields.verdict(tr("是否接通"), tr("已接通"), tr("未接通")),
        "contacted": fields.choice(tr("承办单位是否联系过"), either, required=False),
        "resolved": fields.choice(tr("问题是否解决"), either, required=False),
        "satisfaction": fields.choice(tr("满意度"), rated, required=False),
        "remark": fields.text(tr("诉求人意见"), required=False),
    }


def outcome(given: Mapping[str, Any]) -> Outcome:
    """What was filled in."""
    said = {"yes": True, "no": False, "": None}
    return Outcome(
        reached=given["reached"],
        contacted=said[given["contacted"]],
        resolved=said[given["resolved"]],
        satisfaction=Satisfaction(given["satisfaction"]) if given["satisfaction"] else None,
        remark=given["remark"] or None,
    )


def asked_to_mend(order: Order, _now: datetime) -> dict[str, forms.Field]:
    """Which call, what came of it in truth, and why that is known now. A citizen's own rating is nobody's to mend."""
    own = f"{Role.CITIZEN.value}:"
    calls = Callback.objects.filter(order=order).exclude(called_by__startswith=own).order_by("-serial")
    choices = [
        (str(each.serial), tr("{at} 第 {n} 次", at=words.short_moment(each.called_at), n=each.serial))
        for each in calls
    ]
    return {
        "call": fields.choice(tr("更正哪一次回访"), choices),
        **asked(),
        "reason": fields.text(tr("原因")),
    }
