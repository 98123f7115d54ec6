"""The forms of acts: which questions each asks, and which act it does with the answers. One table; pages render it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from jieban.desks.knowledge.articles.citing import answer_citing, reply_citing
from jieban.desks.order.acting import calling, coding, fields, questions
from jieban.desks.order.acting.citing import CitingForm, cited_versions
from jieban.desks.order.acting.questions import REPLY_PREFIX
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
from jieban.orders.actions.reply import Reply, withdraw_reply
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
from jieban.orders.states import RepeatBy
from jieban.people.actor import Actor
from jieban.people.acts import Act

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


def _remarked(given: Given) -> str | None:
    return given["remark"] or None


def _do_reply(place: Place, given: Given) -> object:
    said = {
        name.removeprefix(REPLY_PREFIX): str(value)
        for name, value in given.items()
        if name.startswith(REPLY_PREFIX)
    }
    reply = Reply(fields=said, site_visit=given["site_visit"], phone_contact=given["phone_contact"])
    return reply_citing(reply=reply, versions=cited_versions(given), **place.one)


def _do_callback(place: Place, given: Given) -> object:
    outcome = calling.outcome(given)
    if not given["rework"]:
        return record_callback(outcome=outcome, **place.whole)

    def both() -> object:
        # Either both or none: a rework that is refused leaves the call to be written down again, without it.
        record_callback(outcome=outcome, **place.whole)
        return _do_reopen(place, {"reason": given["rework_reason"], "handlings": given["rework_by"]})

    return in_one_transaction(both)


def _do_reopen(place: Place, given: Given) -> object:
    chosen = [int(each) for each in given["handlings"]]
    return reopen_order(reason=given["reason"], handlings=chosen, **place.whole)


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
        ask=questions.answer,
        do=lambda place, given: answer_citing(
            answer=given["answer"],
            unit=given["unit"] or None,
            versions=cited_versions(given),
            **place.whole,
        ),
    ),
    Act.REFUSE: ActForm(
        ask=questions.refuse, do=lambda place, given: refuse_order(**given, **place.whole), grave=True
    ),
    Act.DISPATCH: ActForm(
        ask=questions.dispatch,
        do=lambda place, given: dispatch_order(
            to=Assignment(lead=given["lead"], assisting=given["assisting"]),
            remark=_remarked(given),
            **place.whole,
        ),
    ),
    Act.ADD_UNIT: ActForm(
        ask=questions.add_unit,
        do=lambda place, given: add_unit(unit=given["unit"], remark=_remarked(given), **place.whole),
    ),
    Act.REMOVE_UNIT: ActForm(
        ask=questions.reason, do=lambda place, given: remove_unit(**given, **place.one), grave=True
    ),
    Act.RECALL: ActForm(
        ask=questions.reason, do=lambda place, given: recall_order(**given, **place.whole), grave=True
    ),
    Act.SIGN: ActForm(ask=questions.nothing, do=lambda place, _given: sign_handling(**place.one)),
    Act.ASSIGN: ActForm(
        ask=questions.nothing,
        ask_of=questions.assign,
        do=lambda place, given: assign_handler(account=int(given["account"]), **place.one),
    ),
    Act.ASK_RETURN: ActForm(ask=questions.reason, do=lambda place, given: ask_return(**given, **place.one)),
    Act.DECIDE_RETURN: ActForm(
        ask=questions.decide_return,
        do=lambda place, given: decide_return(
            granted=given["granted"],
            reason=given["reason"],
            next_unit=given["next_unit"] or None,
            **place.one,
        ),
    ),
    Act.ASK_EXTENSION: ActForm(
        ask=questions.ask_extension, do=lambda place, given: ask_extension(**given, **place.one)
    ),
    Act.DECIDE_EXTENSION: ActForm(
        ask=questions.decide_extension, do=lambda place, given: decide_extension(**given, **place.one)
    ),
    Act.PAUSE: ActForm(ask=questions.reason, do=lambda place, given: pause_handling(**given, **place.one)),
    Act.RESUME: ActForm(
        ask=questions.remark, do=lambda place, given: resume_handling(remark=_remarked(given), **place.one)
    ),
    Act.REPORT_PROGRESS: ActForm(
        ask=lambda _order, _now: {"progress": fields.text(tr("进展"))},
        do=lambda place, given: report_progress(**given, **place.one),
    ),
    Act.REPLY: ActForm(ask=questions.reply, do=_do_reply),
    Act.WITHDRAW_REPLY: ActForm(
        ask=questions.reason, do=lambda place, given: withdraw_reply(**given, **place.one)
    ),
    Act.DECLARE_UNREASONABLE: ActForm(
        ask=questions.unreasonable,
        do=lambda place, given: declare_unreasonable(file=UnreasonableFile(**given), **place.one),
    ),
    Act.SIGN_AS_HEAD: ActForm(
        ask=questions.remark, do=lambda place, given: sign_as_head(remark=_remarked(given), **place.one)
    ),
    Act.DECIDE_UNREASONABLE: ActForm(
        ask=questions.decide_unreasonable,
        do=lambda place, given: decide_unreasonable(**given, **place.one),
        grave=True,
    ),
    Act.PASS_REVIEW: ActForm(
        ask=questions.remark, do=lambda place, given: pass_review(remark=_remarked(given), **place.one)
    ),
    Act.REJECT_REVIEW: ActForm(
        ask=questions.reason, do=lambda place, given: reject_review(**given, **place.one)
    ),
    Act.RECORD_CALLBACK: ActForm(ask=questions.callback, do=_do_callback),
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
        ask=questions.remark, do=lambda place, given: close_order(remark=_remarked(given), **place.whole)
    ),
    Act.REOPEN: ActForm(ask=questions.reopen, do=_do_reopen),
    Act.URGE: ActForm(
        ask=questions.remark, do=lambda place, given: urge_order(remark=_remarked(given), **place.whole)
    ),
    Act.SUPERVISE: ActForm(
        ask=questions.reason, do=lambda place, given: supervise_order(**given, **place.whole)
    ),
    Act.ESCALATE: ActForm(
        ask=questions.reason, do=lambda place, given: escalate_order(**given, **place.whole), grave=True
    ),
    Act.LINK_REPEAT: ActForm(
        ask=coding.asked_to_link,
        do=lambda place, given: link_repeat(of=given["of"].strip(), by=RepeatBy(given["by"]), **place.whole),
    ),
    Act.UNLINK_REPEAT: ActForm(
        ask=questions.reason, do=lambda place, given: unlink_repeat(**given, **place.whole)
    ),
    Act.MERGE: ActForm(
        ask=questions.merge, do=lambda place, given: merge_order(**given, **place.whole), grave=True
    ),
    Act.UNMERGE: ActForm(
        ask=questions.reason, do=lambda place, given: unmerge_order(**given, **place.whole), grave=True
    ),
    Act.PUBLISH: ActForm(
        ask=questions.publish, do=lambda place, given: publish_answer(**given, **place.whole)
    ),
    Act.ARCHIVE: ActForm(ask=questions.nothing, do=lambda place, _given: archive_order(**place.whole)),
}
"""Acts with a form that fits in the order's pane; those that need a page of their own (record, split, attach …) have it
at their desk."""

OWN_PAGES: Mapping[Act, str] = {
    Act.SPLIT: "/desk/dispatch/{number}/split/",
    Act.MERGE: "/desk/dispatch/{number}/merge/",
    Act.READ_CONTACT: "/desk/orders/{number}/contact/",
}
"""Where the acts are done that have more to show than a form."""
