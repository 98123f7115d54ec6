"""What an administrator fills in."""

from datetime import date, datetime
from typing import Any

from django import forms

from jieban.kernel.i18n import later, tr, tr_later
from jieban.people.city import city
from jieban.people.models import NAME_LENGTH, USERNAME_LENGTH
from jieban.people.roles import POST_ROLES, ROLE_NAMES, UNIT_ROLES, Role
from jieban.profile.model import Urgency

NOBODY = ("", "—")
URGENCY_NAMES = {
    Urgency.NORMAL: later("一般"),
    Urgency.URGENT: later("紧急"),
    Urgency.EMERGENCY: later("特急"),
}


def _day(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


class AddForm(forms.Form):
    """A new account."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        plain = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        self.fields["username"] = forms.CharField(
            label=tr("账号"),
            max_length=USERNAME_LENGTH,
            help_text=tr("小写字母、数字和 . _ -,登录时用,以后不能改。"),
            widget=forms.TextInput(attrs=plain),
        )
        self.fields["display_name"] = forms.CharField(
            label=tr("姓名"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "off"})
        )


class PostForm(forms.Form):
    """A post to be given: units are those of the day."""

    def __init__(self, *given: Any, today: date, **named: Any) -> None:
        super().__init__(*given, **named)
        roles = [(role.value, tr_later(ROLE_NAMES[role])) for role in POST_ROLES]
        units = [(unit.code, unit.name) for unit in city().units.valid_on(today)]
        self.fields["role"] = forms.ChoiceField(label=tr("角色"), choices=[NOBODY, *roles])
        self.fields["unit"] = forms.ChoiceField(
            label=tr("单位"),
            choices=[NOBODY, *units],
            required=False,
            help_text=tr("联络员、经办人、负责人必填;中心的岗位不填。"),
        )
        self.fields["first"] = _day(tr("起始日"))
        self.fields["first"].initial = today
        self.fields["last"] = _day(tr("最后一日"), required=False, hint=tr("不填则不限。"))

    def clean(self) -> dict[str, Any]:
        """A role in units wants one, the others none."""
        said: dict[str, Any] = super().clean() or {}
        if "role" in said and "unit" in said:
            within = Role(said["role"]) in UNIT_ROLES
            if within and not said["unit"]:
                self.add_error("unit", tr("这个角色要写明所在单位。"))
            if not within and said["unit"]:
                self.add_error("unit", tr("这个角色是中心的岗位,不选单位。"))
        return said


class EndForm(forms.Form):
    """The last day of a post."""

    def __init__(self, *given: Any, today: date, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["last"] = _day(tr("最后一日"), hint=tr("含当日。"))
        self.fields["last"].initial = today


class PreviewForm(forms.Form):
    """What a deadline is asked for."""

    def __init__(self, *given: Any, at: datetime, **named: Any) -> None:
        super().__init__(*given, **named)
        profile = city()
        day = profile.clock.local_date(at)
        types = [(each.code, each.name) for each in profile.request_types.valid_on(day)]
        channels = [(each.code, each.name) for each in profile.channels.valid_on(day)]
        urgencies = [(each.value, tr_later(URGENCY_NAMES[each])) for each in Urgency]
        self.fields["type"] = forms.ChoiceField(label=tr("诉求类型"), choices=types)
        self.fields["urgency"] = forms.ChoiceField(label=tr("紧急程度"), choices=urgencies)
        self.fields["channel"] = forms.ChoiceField(label=tr("渠道"), choices=channels)
        self.fields["at"] = forms.DateTimeField(
            label=tr("登记时刻"),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        )

    def clean_at(self) -> datetime:
        """The wall time that was typed, in the city."""
        typed: datetime = self.cleaned_data["at"]
        return typed.replace(tzinfo=city().clock.tz)
