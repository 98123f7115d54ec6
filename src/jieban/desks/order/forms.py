"""The forms of acts: what each asks for, and which act it does with that. One table; pages render whatever is in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from jieban.desks.knowledge.articles.citing import answer_citing, reply_citing
from jieban.desks.order import calling, coding, fields
from jieban.desks.order.citing import CITES, CitingForm, cited_versions, cites
from jieban.desks.order.suggest import suggested_units
from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.orders.actions.callback import correct_callback, record_callback
from jieban.orders.actions.closing import archive_order, close_order, publish_answer, reopen_order
from jieban.orders.actions.correct import correct_order
from jieban.orders.actions.desk import classify_order, refuse_order
from jieban.orders.actions.dispatch import Assignment, add_unit, dispatch_order, recall_order, remove_unit
from jieban.orders.actions.extensions import ask_extension, decide_extension
from jieban.orders.actions.links import link_repeat, unlink_repeat
from jieban.orders.actions.merge import merge_order, unmerge_order
from jieban.orders.actions.pauses import pause_handling, resume_handling
from jieban.orders.actions.progress import report_progress
from jieban.orders.actions.reply import Reply, reply_fields, withdraw_reply
from jieban.orders.actions.returns import ask_return, decide_return
from jieban.orders.actions.review import pass_review, reject_review
from jieban.orders.actions.sign import assign_handler, sign_handling
from jieban.orders.actions.supervise import escalate_order, supervise_order, urge_order
from jieban.orders.actions.unreasonable import (
    UnreasonableFile,
    decide_unreasonable,
    declare_unreasonable,
    sign_as_head,
)
from jieban.orders.engine.transactions import in_one_transaction
from jieban.orders.models import Handling, Order
from jieban.orders.states import HandlingState, RepeatBy
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city

Given = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where an act is done: which order and handling, by whom, when."""

    order: str
    handling: int | None
    actor: Actor
    now: datetime

    @property
    def whole(self) -> dict[str, Any]:
        """The arguments of an act on the whole order."""
        return {"order": self.order, "actor": self.actor, "now": self.now}

    @property
    def one(self) -> dict[str, Any]:
        """The arguments of an act on a handling."""
        return {**self.whole, "handling": self.handling}


@dataclass(frozen=True, kw_only=True, slots=True)
class ActForm:
    """`ask` gives the form's fields by name; `do` does the act with what was filled in. `grave`: asked about twice.

    `ask_of` gives fields that depend on the handling acted on, too.
    """

    ask: Callable[[Order, datetime], Mapping[str, forms.Field]]
    do: Callable[[Place, Given], object]
    grave: bool = False
    ask_of: Callable[[Handling, datetime], Mapping[str, forms.Field]] | None = None


def form_class(act: Act, order: Order, now: datetime, handling: Handling | None = None) -> type[CitingForm]:
    """The form of an act on this order. Raises KeyError for one that has none, or none without a handling."""
    kind = FORMS[act]
    asked = dict(kind.ask(order, now))
    if kind.ask_of is not None:
        if handling is None:
            raise KeyError(act)
        asked |= kind.ask_of(handling, now)
    return type(f"{act.value}_form", (CitingForm,), asked)


def _reason(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    return {"reason": fields.text(tr("原因"))}


def _remark(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    return {"remark": fields.text(tr("备注"), required=False, rows=2)}


def _nothing(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    return {}


def _remarked(given: Given) -> str | None:
    return given["remark"] or None


def _answer(_order: Order, now: datetime) -> dict[str, forms.Field]:
    return {
        "answer": fields.text(tr("答复内容"), rows=5),
        "unit": fields.unit(tr("以哪个单位的口径答复"), now, required=False),
        CITES: cites(),
    }


def _refuse(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    grounds = [(each.code, each.name) for each in city().workflow.refusal_grounds]
    return {
        "ground": fields.choice(tr("不予受理的情形"), grounds),
        "explanation": fields.text(tr("向诉求人说明")),
    }


def _dispatch(order: Order, now: datetime) -> dict[str, forms.Field]:
    return {
        "lead": fields.unit(tr("主办单位"), now, suggested=suggested_units(order, now)),
        "assisting": fields.several_units(tr("协办单位(可多选)"), now),
        "remark": fields.text(tr("派单意见"), required=False, rows=2),
    }


def _add_unit(_order: Order, now: datetime) -> dict[str, forms.Field]:
    return {
        "unit": fields.unit(tr("协办单位"), now),
        "remark": fields.text(tr("派单意见"), required=False, rows=2),
    }


def _assign(handling: Handling, now: datetime) -> dict[str, forms.Field]:
    return {
        "account": fields.choice(
            tr("经办人"), fields.people_of(handling.unit, now), hint=tr("本单位今日在岗的人员")
        )
    }


def _decide_return(_order: Order, now: datetime) -> dict[str, forms.Field]:
    return {
        "granted": fields.verdict(tr("是否同意退单"), tr("同意"), tr("不同意")),
        "next_unit": fields.unit(tr("改派到(同意时可选)"), now, required=False),
        "reason": fields.text(tr("理由")),
    }


def _ask_extension(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    return {"days": fields.days(city().extension.working_days), "reason": fields.text(tr("原因"))}


def _decide_extension(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    most = city().extension.working_days
    return {
        "granted": fields.verdict(tr("是否同意延期"), tr("同意"), tr("不同意")),
        "days": forms.IntegerField(
            label=tr("批准的工作日(不填则照申请)"), min_value=1, max_value=most, required=False
        ),
        "reason": fields.text(tr("理由")),
    }


def _unreasonable(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    grounds = [(each.code, each.name) for each in city().workflow.unreasonable_grounds]
    return {
        "ground": fields.choice(tr("认定的情形"), grounds),
        "inquiry": fields.text(tr("调查情况"), rows=5),
        "policy": fields.text(tr("政策依据")),
    }


def _decide_unreasonable(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    return {
        "granted": fields.verdict(tr("是否认定"), tr("认定"), tr("不认定")),
        "reason": fields.text(tr("理由")),
    }


REPLY_PREFIX = "field_"


def _reply(order: Order, _now: datetime) -> dict[str, forms.Field]:
    asked: dict[str, forms.Field] = {}
    for each in reply_fields(order, city().workflow.reply):
        # What is missing is refused by the act, by name and all at once: no field is required here.
        asked[REPLY_PREFIX + each.code] = (
            fields.choice(each.name, fields.labels(each.choices), required=False, hint=each.hint)
            if each.choices
            else fields.text(each.name, required=False, hint=each.hint)
        )
        asked[REPLY_PREFIX + each.code].widget.attrs["data-needed"] = "yes" if each.required else "no"
    asked["site_visit"] = fields.yes(tr("到过现场"), hint=tr("须有处置前后的照片"))
    asked["phone_contact"] = fields.yes(tr("电话联系过诉求人"), hint=tr("须有通话录音"))
    asked[CITES] = cites()
    return asked


def _do_reply(place: Place, given: Given) -> object:
    said = {
        name.removeprefix(REPLY_PREFIX): str(value)
        for name, value in given.items()
        if name.startswith(REPLY_PREFIX)
    }
    reply = Reply(fields=said, site_visit=given["site_visit"], phone_contact=given["phone_contact"])
    return reply_citing(reply=reply, versions=cited_versions(given), **place.one)


def _callback(order: Order, _now: datetime) -> dict[str, forms.Field]:
    return {
        **calling.asked(),
        "rework": fields.yes(tr("退回重新办理"), hint=tr("诉求人不满意时勾选:记录回访的同时重新办理")),
        "rework_reason": fields.text(tr("重新办理的原因"), required=False, rows=2),
        "rework_by": fields.several(tr("由哪些单位重办(不选则由主办单位)"), _who_closed(order)),
    }


def _do_callback(place: Place, given: Given) -> object:
    outcome = calling.outcome(given)
    if not given["rework"]:
        return record_callback(outcome=outcome, **place.whole)

    def both() -> object:
        # Either both or none: a rework that is refused leaves the call to be written down again, without it.
        record_callback(outcome=outcome, **place.whole)
        return _do_reopen(place, {"reason": given["rework_reason"], "handlings": given["rework_by"]})

    return in_one_transaction(both)


def _who_closed(order: Order) -> fields.Choices:
    """The handlings that can be reopened, by their serials."""
    closed = Handling.objects.filter(order=order, state=HandlingState.CLOSED.value).order_by("serial")
    return [(str(each.serial), words.unit(each.unit, each.dispatched_at)) for each in closed]


def _reopen(order: Order, _now: datetime) -> dict[str, forms.Field]:
    return {
        "reason": fields.text(tr("原因")),
        "handlings": fields.several(tr("由哪些单位重办(不选则由主办单位)"), _who_closed(order)),
    }


def _do_reopen(place: Place, given: Given) -> object:
    chosen = [int(each) for each in given["handlings"]]
    return reopen_order(reason=given["reason"], handlings=chosen, **place.whole)


def _merge(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    return {
        "into": forms.CharField(label=tr("并入的工单编号"), max_length=64),
        "reason": fields.text(tr("原因")),
    }


def _publish(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    return {"published": fields.verdict(tr("答复是否公开"), tr("公开"), tr("不公开"))}


FORMS: Mapping[Act, ActForm] = {
    Act.CLASSIFY: ActForm(
        ask=coding.asked,
        do=lambda place, given: classify_order(classification=coding.classification(given), **place.whole),
    ),
    Act.CORRECT: ActForm(
        ask=coding.asked_to_correct,
        do=lambda place, given: correct_order(
            correction=coding.correction(given), reason=given["reason"], **place.whole
        ),
    ),
    Act.ANSWER: ActForm(
        ask=_answer,
        do=lambda place, given: answer_citing(
            answer=given["answer"],
            unit=given["unit"] or None,
            versions=cited_versions(given),
            **place.whole,
        ),
    ),
    Act.REFUSE: ActForm(
        ask=_refuse, do=lambda place, given: refuse_order(**given, **place.whole), grave=True
    ),
    Act.DISPATCH: ActForm(
        ask=_dispatch,
        do=lambda place, given: dispatch_order(
            to=Assignment(lead=given["lead"], assisting=given["assisting"]),
            remark=_remarked(given),
            **place.whole,
        ),
    ),
    Act.ADD_UNIT: ActForm(
        ask=_add_unit,
        do=lambda place, given: add_unit(unit=given["unit"], remark=_remarked(given), **place.whole),
    ),
    Act.REMOVE_UNIT: ActForm(
        ask=_reason, do=lambda place, given: remove_unit(**given, **place.one), grave=True
    ),
    Act.RECALL: ActForm(
        ask=_reason, do=lambda place, given: recall_order(**given, **place.whole), grave=True
    ),
    Act.SIGN: ActForm(ask=_nothing, do=lambda place, _given: sign_handling(**place.one)),
    Act.ASSIGN: ActForm(
        ask=_nothing,
        ask_of=_assign,
        do=lambda place, given: assign_handler(account=int(given["account"]), **place.one),
    ),
    Act.ASK_RETURN: ActForm(ask=_reason, do=lambda place, given: ask_return(**given, **place.one)),
    Act.DECIDE_RETURN: ActForm(
        ask=_decide_return,
        do=lambda place, given: decide_return(
            granted=given["granted"],
            reason=given["reason"],
            next_unit=given["next_unit"] or None,
            **place.one,
        ),
    ),
    Act.ASK_EXTENSION: ActForm(
        ask=_ask_extension, do=lambda place, given: ask_extension(**given, **place.one)
    ),
    Act.DECIDE_EXTENSION: ActForm(
        ask=_decide_extension, do=lambda place, given: decide_extension(**given, **place.one)
    ),
    Act.PAUSE: ActForm(ask=_reason, do=lambda place, given: pause_handling(**given, **place.one)),
    Act.RESUME: ActForm(
        ask=_remark, do=lambda place, given: resume_handling(remark=_remarked(given), **place.one)
    ),
    Act.REPORT_PROGRESS: ActForm(
        ask=lambda _order, _now: {"progress": fields.text(tr("进展"))},
        do=lambda place, given: report_progress(**given, **place.one),
    ),
    Act.REPLY: ActForm(ask=_reply, do=_do_reply),
    Act.WITHDRAW_REPLY: ActForm(ask=_reason, do=lambda place, given: withdraw_reply(**given, **place.one)),
    Act.DECLARE_UNREASONABLE: ActForm(
        ask=_unreasonable,
        do=lambda place, given: declare_unreasonable(file=UnreasonableFile(**given), **place.one),
    ),
    Act.SIGN_AS_HEAD: ActForm(
        ask=_remark, do=lambda place, given: sign_as_head(remark=_remarked(given), **place.one)
    ),
    Act.DECIDE_UNREASONABLE: ActForm(
        ask=_decide_unreasonable,
        do=lambda place, given: decide_unreasonable(**given, **place.one),
        grave=True,
    ),
    Act.PASS_REVIEW: ActForm(
        ask=_remark, do=lambda place, given: pass_review(remark=_remarked(given), **place.one)
    ),
    Act.REJECT_REVIEW: ActForm(ask=_reason, do=lambda place, given: reject_review(**given, **place.one)),
    Act.RECORD_CALLBACK: ActForm(ask=_callback, do=_do_callback),
    Act.CORRECT_CALLBACK: ActForm(
        ask=calling.asked_to_mend,
        do=lambda place, given: correct_callback(
            callback=int(given["call"]),
            outcome=calling.outcome(given),
            reason=given["reason"],
            **place.whole,
        ),
    ),
    Act.CLOSE: ActForm(
        ask=_remark, do=lambda place, given: close_order(remark=_remarked(given), **place.whole)
    ),
    Act.REOPEN: ActForm(ask=_reopen, do=_do_reopen),
    Act.URGE: ActForm(
        ask=_remark, do=lambda place, given: urge_order(remark=_remarked(given), **place.whole)
    ),
    Act.SUPERVISE: ActForm(ask=_reason, do=lambda place, given: supervise_order(**given, **place.whole)),
    Act.ESCALATE: ActForm(
        ask=_reason, do=lambda place, given: escalate_order(**given, **place.whole), grave=True
    ),
    Act.LINK_REPEAT: ActForm(
        ask=coding.asked_to_link,
        do=lambda place, given: link_repeat(of=given["of"].strip(), by=RepeatBy(given["by"]), **place.whole),
    ),
    Act.UNLINK_REPEAT: ActForm(ask=_reason, do=lambda place, given: unlink_repeat(**given, **place.whole)),
    Act.MERGE: ActForm(ask=_merge, do=lambda place, given: merge_order(**given, **place.whole), grave=True),
    Act.UNMERGE: ActForm(
        ask=_reason, do=lambda place, given: unmerge_order(**given, **place.whole), grave=True
    ),
    Act.PUBLISH: ActForm(ask=_publish, do=lambda place, given: publish_answer(**given, **place.whole)),
    Act.ARCHIVE: ActForm(ask=_nothing, do=lambda place, _given: archive_order(**place.whole)),
}
"""Acts with a form that fits in the order's pane; those that need a page of their own (record, split, attach …) have it
at their desk."""

OWN_PAGES: Mapping[Act, str] = {
    Act.SPLIT: "/desk/dispatch/{number}/split/",
    Act.MERGE: "/desk/dispatch/{number}/merge/",
    Act.READ_CONTACT: "/desk/orders/{number}/contact/",
}
"""Where the acts are done that have more to show than a form."""
