"""What an operator fills in during a call, and the request that it makes."""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django import forms

from jieban.desks.intake import choices
from jieban.desks.intake.choices import Choice
from jieban.desks.knowledge.articles.citing import keys_of
from jieban.desks.order.acting import fields
from jieban.desks.order.acting.fields import Choices
from jieban.desks.shell.words import local
from jieban.kernel.i18n import tr
from jieban.orders.actions.record import Request
from jieban.orders.checks import MOST_ADDRESS, MOST_NAME
from jieban.orders.secrets import Contact, Matter, phone_digits
from jieban.orders.states import RepeatBy
from jieban.people.city import city
from jieban.profile.model import Urgency

_FORM_ID = re.compile(r"[0-9a-f]{24}")
_MOST_SUMMARY = 200
_MOST_SOUGHT = 100


class Course(StrEnum):
    """What becomes of the request once it is recorded."""

    DISPATCH = "dispatch"
    ANSWER = "answer"
    REFUSE = "refuse"


def new_form_id() -> str:
    """The name of an empty form: sent twice it is one order, whatever happened to the first answer."""
    return secrets.token_hex(12)


def _line(name: str, most: int) -> forms.CharField:
    return forms.CharField(label=name, max_length=most, required=False)


def _chosen_of(name: str, given: Choices, *, missing: str | None = None) -> forms.ChoiceField:
    field = forms.ChoiceField(label=name, choices=given, required=missing != "")
    if missing:
        field.error_messages["required"] = missing
    return field


def _chosen(name: str, given: Iterable[Choice], *, missing: str = "") -> forms.ChoiceField:
    # What is missing has a sentence where it must not be.
    return _chosen_of(name, [(each.value, each.name) for each in given], missing=missing)


class CallForm(forms.Form):
    """One call. Without data it is the form of the next one, with a name of its own."""

    def __init__(self, now: datetime, data: Mapping[str, Any] | None = None) -> None:
        day = local(now).date()
        self.topics, self.places, self.units = choices.topics(day), choices.places(day), choices.units(day)
        channels = fields.named(city().channels.valid_on(day))
        first = {
            "form_id": new_form_id(),
            # The profile lists first the door by which most come.
            "channel": channels[0][0],
            "urgency": Urgency.NORMAL.value,
            "course": Course.DISPATCH.value,
        }
        super().__init__(data, initial=first)
        self.fields["form_id"] = forms.CharField()
        self.fields["channel"] = forms.ChoiceField(label=tr("渠道"), choices=channels)
        self._person()
        self._matter(day)
        self._course()
        self.fields["sought"] = _line(tr("在知识库里查"), _MOST_SOUGHT)
        self.fields["cites"] = _line(tr("引用的知识"), _MOST_SUMMARY)
        self.fields["repeat_of"] = _line(tr("重复诉求"), MOST_NAME)
        by = [(each.value, "") for each in RepeatBy]
        self.fields["repeat_by"] = forms.ChoiceField(choices=by, required=False)

    def _person(self) -> None:
        self.fields["phone"] = _line(tr("来电号码"), MOST_NAME)
        self.fields["name"] = _line(tr("称呼"), MOST_NAME)
        self.fields["anonymous"] = fields.yes(tr("匿名"))
        self.fields["confidential"] = fields.yes(tr("保密"))

    def _matter(self, day: date) -> None:
        self.fields["content"] = fields.text(tr("诉求内容"), rows=5)
        self.fields["content"].error_messages["required"] = tr("请写明诉求人说了什么。")
        self.fields["summary"] = _line(tr("一句话摘要"), _MOST_SUMMARY)
        topics = tuple(choices.all_of(self.topics))
        self.fields["topic"] = _chosen(tr("分类"), topics, missing=tr("请选择分类:打字即可查找。"))
        types = fields.named(city().request_types.valid_on(day))
        self.fields["request_type"] = _chosen_of(tr("诉求类型"), types, missing=tr("请选择诉求类型。"))
        self.fields["place"] = _chosen(tr("街道乡镇、社区"), tuple(choices.all_of(self.places)))
        self.fields["address"] = _line(tr("具体位置"), MOST_ADDRESS)
        self.fields["urgency"] = _chosen_of(tr("紧急程度"), fields.urgencies())

    def _course(self) -> None:
        courses = [
            (Course.DISPATCH.value, tr("交派单员转派")),
            (Course.ANSWER.value, tr("直接答复")),
            (Course.REFUSE.value, tr("不予受理")),
        ]
        self.fields["course"] = _chosen_of(tr("处理"), courses)
        self.fields["answer"] = fields.text(tr("答复内容"), required=False)
        self.fields["unit"] = _chosen(tr("以哪个单位的口径"), self.units)
        grounds = [(each.code, each.name) for each in city().workflow.refusal_grounds]
        self.fields["ground"] = fields.choice(tr("不予受理的情形"), grounds, required=False)
        self.fields["explanation"] = fields.text(tr("向诉求人说明"), required=False, rows=2)

    def clean_form_id(self) -> str:
        """A name that `new_form_id` gave out, or one like it."""
        given = str(self.cleaned_data["form_id"])
        if not _FORM_ID.fullmatch(given):
            raise forms.ValidationError(tr("表单编号不对。请按 F2 换一张空表,再登记。"))
        return given

    def clean_phone(self) -> str:
        """A number has digits."""
        given = str(self.cleaned_data["phone"]).strip()
        if given and not phone_digits(given):
            raise forms.ValidationError(tr("号码里没有数字。"))
        return given

    def clean(self) -> dict[str, Any]:
        """What one field can't tell by itself."""
        given = self.cleaned_data
        if not (given.get("phone") or given.get("name") or given.get("anonymous")) and not self.has_error(
            "phone"
        ):
            self.add_error("phone", tr("请填写号码或称呼;不愿透露的勾选“匿名”。"))
        course = given.get("course")
        if course == Course.ANSWER and not given.get("answer"):
            self.add_error("answer", tr("请写明怎样答复的。"))
        if course == Course.REFUSE:
            for name, said in (
                ("ground", tr("请选择情形。")),
                ("explanation", tr("请写明怎样向诉求人说明。")),
            ):
                if not given.get(name):
                    self.add_error(name, said)
        return given

    @property
    def cites(self) -> tuple[int, ...]:
        """The versions of articles that the answer cites, by their keys."""
        return keys_of(self.cleaned_data.get("cites", ""))

    def request(self) -> Request:
        """The request as far as it is filled in: complete once the form is valid."""
        given = self.cleaned_data
        topic, subtopic = choices.parted(given.get("topic", ""))
        street, community = choices.parted(given.get("place", ""))
        return Request(
            channel=given.get("channel", ""),
            request_type=given.get("request_type", ""),
            topic=topic,
            subtopic=subtopic,
            urgency=Urgency(given.get("urgency") or Urgency.NORMAL),
            matter=Matter(
                # Browsers send two signs for each new line.
                content=given.get("content", "").replace("\r\n", "\n") or None,
                summary=given.get("summary") or None,
                address=given.get("address") or None,
            ),
            contact=Contact(name=given.get("name") or None, phone=given.get("phone") or None),
            anonymous=bool(given.get("anonymous")),
            # What isn't ticked is left to the request type.
            confidential=True if given.get("confidential") else None,
            channel_ref=f"desk-{given['form_id']}" if "form_id" in given else None,
            street=street or None,
            community=community,
        )
