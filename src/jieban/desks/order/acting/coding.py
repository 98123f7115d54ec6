"""What an order is, in codes, as forms ask for it: filled in as it stands, so that only what is wrong is changed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms

from jieban.desks.order.acting import fields
from jieban.desks.queues.rows import city_scheme
from jieban.desks.shell import words
from jieban.desks.shell.words import local
from jieban.kernel.i18n import tr
from jieban.orders.actions.correct import Correction
from jieban.orders.actions.desk import Classification
from jieban.orders.models import Order
from jieban.orders.states import RepeatBy
from jieban.people.city import city
from jieban.profile.model import Urgency

_WITHIN = "/"
"""Between a topic and its subtopic, a street and its community. Codes have no such sign."""


def asked(order: Order, now: datetime) -> dict[str, forms.Field]:
    """Type, topic, urgency and place of an order as they stand, and a summary for those who read it in a queue."""
    topic = _joined(order.topic, order.subtopic)
    place = _joined(order.street or "", order.community)
    types = _with(
        fields.named(city().request_types.valid_on(local(now).date())),
        order.request_type,
        words.request_type(order.request_type),
    )
    return {
        "request_type": _of(tr("诉求类型"), types, order.request_type),
        "topic": _of(tr("分类"), _with(_topics(order, now), topic, _topic_name(order)), topic, typed=True),
        "urgency": _of(tr("紧急程度"), fields.urgencies(), order.urgency),
        "place": _of(tr("地点"), _with(_places(now), place, order.community or ""), place, typed=True),
        "summary": fields.text(tr("摘要"), required=False, rows=2, hint=tr("不填则不变。")),
    }


def asked_to_correct(order: Order, now: datetime) -> dict[str, forms.Field]:
    """The same of an order that went on since, and what units may see of who asked; why is to be said."""
    unchanged: fields.Choices = [("yes", tr("是")), ("no", tr("否"))]
    return {
        **asked(order, now),
        "address": fields.text(tr("具体位置"), required=False, rows=1, hint=tr("不填则不变。")),
        "anonymous": fields.choice(tr("匿名"), unchanged, required=False, hint=tr("不选则不变。")),
        "confidential": fields.choice(tr("保密"), unchanged, required=False, hint=tr("不选则不变。")),
        "reason": fields.text(tr("原因")),
    }


def asked_to_link(_order: Order, _now: datetime) -> dict[str, forms.Field]:
    """Which earlier order it repeats, and why that is thought so."""
    ways = [(each.value, words.repeat_by(each)) for each in (RepeatBy.PERSON, RepeatBy.MATTER)]
    return {
        "of": fields.OrderNumber(tr("重复的是哪一件(较早的工单编号)")),
        "by": fields.choice(tr("为何认为重复"), ways),
    }


def correction(given: Mapping[str, Any]) -> Correction:
    """What was filled in to stand instead."""
    said = {"yes": True, "no": False, "": None}
    return Correction(
        **codes(given),
        address=given["address"] or None,
        anonymous=said[given["anonymous"]],
        confidential=said[given["confidential"]],
    )


def classification(given: Mapping[str, Any]) -> Classification:
    """What was filled in for an order that nobody has in hand yet."""
    return Classification(**codes(given))


def codes(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, in codes: an empty one takes away what stood there."""
    topic, _, subtopic = given["topic"].partition(_WITHIN)
    street, _, community = given["place"].partition(_WITHIN)
    return {
        "request_type": given["request_type"],
        "topic": topic,
        "subtopic": subtopic,
        "urgency": Urgency(given["urgency"]),
        "street": street,
        "community": community,
        "summary": given["summary"] or None,
    }


def _of(name: str, choices: fields.Choices, stands: str, *, typed: bool = False) -> forms.ChoiceField:
    """One of a list, what stands chosen; only a place may be unknown."""
    field = fields.choice(name, choices, required=bool(stands) or not typed)
    field.initial = stands
    if typed:
        if not field.required:
            field.choices = [("", tr("不清楚")), *choices]
        field.widget.attrs["data-choose"] = tr("输入名称")
    return field


def _joined(outer: str, inner: str | None) -> str:
    return f"{outer}{_WITHIN}{inner}" if inner else outer


def _with(choices: fields.Choices, stands: str, name: str) -> fields.Choices:
    """The choices of the day, and what stands, which the city may have given up since."""
    return choices if not stands or stands in dict(choices) else [(stands, name or stands), *choices]


def _topic_name(order: Order) -> str:
    scheme, at = city_scheme(order), order.received_at
    name = words.topic(scheme, order.topic, at)
    return f"{name} · {words.subtopic(scheme, order.topic, order.subtopic, at)}" if order.subtopic else name


def _topics(order: Order, now: datetime) -> fields.Choices:
    """The topics of the order's scheme, a letter's of its mailbox's, each followed by its subtopics."""
    day, scheme = local(now).date(), city_scheme(order) or city().order_scheme

    def each() -> Iterator[tuple[str, str]]:
        for topic in city().schemes[scheme].valid_on(day):
            yield topic.code, topic.name
            for one in topic.subtopics:
                if one.validity.covers(day):
                    yield _joined(topic.code, one.code), f"{topic.name} · {one.name}"

    return list(each())


def _places(now: datetime) -> fields.Choices:
    """The streets of the day, each followed by its communities, which orders know by name."""

    def each() -> Iterator[tuple[str, str]]:
        day = local(now).date()
        for street in city().streets.valid_on(day):
            yield street.code, street.name
            for one in city().communities_of(street.code, day):
                yield _joined(street.code, one.name), f"{street.short_name} · {one.name}"

    return list(each())
