"""What somebody fills in to write an article."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms

from jieban.desks.knowledge.articles.written import Written, holds_unconfirmed, known_topics
from jieban.desks.knowledge.models import MOST_BODY, MOST_TITLE, Wording
from jieban.desks.knowledge.rights import Right, of_the_centre, units_of
from jieban.desks.order.acting import fields
from jieban.desks.shell.words import local
from jieban.kernel.i18n import tr
from jieban.people.actor import Actor
from jieban.people.city import city

_MOST_LINES = 2000


def _day(name: str, *, hint: str = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=name, required=False, help_text=hint, widget=widget)


class WriteForm(forms.Form):
    """An article as it is written. The units are those for which its writer may write."""

    def __init__(
        self,
        given: Mapping[str, Any] | None = None,
        *,
        actor: Actor,
        now: datetime,
        before: Wording | None = None,
    ) -> None:
        day = local(now).date()
        super().__init__(given, initial=_initial(before, day))
        self.day = day
        self.fields["title"] = forms.CharField(
            label=tr("标题"), max_length=MOST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"})
        )
        self.fields["questions"] = forms.CharField(
            label=tr("常见问法"),
            required=False,
            max_length=_MOST_LINES,
            help_text=tr("市民会怎么问,一行一种。查找时同样能找到。"),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["body"] = forms.CharField(
            label=tr("内容"),
            max_length=MOST_BODY,
            strip=False,
            help_text=tr("照着就能答复。空一行另起一段;“- ”或“1. ”开头的行是列表;网址会成为链接。"),
            widget=forms.Textarea(attrs={"rows": 14}),
        )
        self.fields["unit"] = forms.ChoiceField(
            label=tr("责任单位"),
            required=False,
            choices=_units(actor, day),
            help_text=tr("不填就由热线中心自己负责。") if of_the_centre(actor, Right.WRITE) else "",
            widget=fields.UnitSelect(attrs={"data-choose": tr("输入单位名称、简称或别名")}),
        )
        self.fields["topics"] = forms.MultipleChoiceField(
            label=tr("分类"),
            required=False,
            choices=list(known_topics()),
            widget=forms.SelectMultiple(attrs={"size": 8, "data-choose": tr("输入分类名称,可选多个")}),
        )
        self.fields["valid_from"] = _day(tr("有效期自"))
        self.fields["valid_to"] = _day(tr("有效期至"), hint=tr("含当日;政策有期限的才填。"))
        self.fields["confirm_by"] = _day(tr("核实日期"), hint=tr("到这一天责任单位要核实是否仍然有效。"))
        self.fields["public"] = fields.yes(tr("向市民公开"), hint=tr("显示在“办事指南”里。"))
        self.fields["base"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def written(self) -> Written:
        """The text, once the form is valid."""
        given = self.cleaned_data
        return Written(
            title=given["title"],
            questions=tuple(given["questions"].splitlines()),
            body=given["body"],
            unit=given["unit"] or None,
            topics=tuple(given["topics"]),
            valid_from=given["valid_from"],
            valid_to=given["valid_to"],
            confirm_by=given["confirm_by"] or self.day + holds_unconfirmed(),
            public=given["public"],
        )


def _initial(before: Wording | None, day: date) -> dict[str, object]:
    if before is None:
        return {"confirm_by": day + holds_unconfirmed()}
    return {
        "title": before.title,
        "questions": before.questions,
        "body": before.body,
        "unit": before.unit or "",
        "topics": list(before.of_topics),
        "valid_from": before.valid_from,
        "valid_to": before.valid_to,
        # A day that is past says nothing any more.
        "confirm_by": max(before.confirm_by, day + holds_unconfirmed()),
        "public": before.public,
        "base": before.number,
    }


def _units(actor: Actor, day: date) -> fields.Choices:
    may = units_of(actor, Right.WRITE)
    units = [(unit.code, unit.name) for unit in city().units.valid_on(day) if may is None or unit.code in may]
    if of_the_centre(actor, Right.WRITE):
        return [("", city().publication.dispatching_centre), *units]
    return units
