"""The forms of the open pages, in the words of whoever has something to say."""

from datetime import datetime
from typing import Any, Final

from django import forms

from jieban.desks.citizen.guess import offered_topics, topic_of_others
from jieban.desks.order.acting import fields
from jieban.desks.shell.telephones import doubt
from jieban.desks.shell.words import local
from jieban.kernel.i18n import tr
from jieban.ledger.schema import Satisfaction
from jieban.orders.checks import MOST_ADDRESS, MOST_NAME
from jieban.people.city import city
from jieban.profile.model import Mailbox

MOST_SAID: Final = 4000
MOST_PHOTOS: Final = 4
_LEAST_SAID: Final = 5


class FilingForm(forms.Form):
    """What somebody asks for. Its choices are the profile's of the day; a letter's topics are its mailbox's."""

    content = forms.CharField(
        max_length=MOST_SAID,
        min_length=_LEAST_SAID,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={
            "required": tr("请写明发生了什么事。"),
            "min_length": tr("请写得具体一些,至少五个字。"),
        },
    )
    kind = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": tr("请选一项。")})
    topic = forms.ChoiceField(required=False)
    street = forms.ChoiceField(required=False)
    address = forms.CharField(required=False, max_length=MOST_ADDRESS)
    anonymous = forms.BooleanField(required=False)
    name = forms.CharField(
        required=False, max_length=MOST_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    agree = forms.BooleanField(error_messages={"required": tr("请先同意,才能提交。")})
    # A person doesn't see it; what fills in every field does.
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )
    form = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    nonce = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    answer = forms.CharField(
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, now: datetime, mailbox: Mailbox | None, known: bool | None = None, **more: Any
    ) -> None:
        """`known` says of a request that is asked again whether its requester is known; None leaves it to be chosen."""
        super().__init__(*args, **more)
        profile, day = city(), local(now).date()
        scheme = profile.order_scheme if mailbox is None else mailbox.scheme
        topics = fields.named(offered_topics(scheme, now))
        self._set("kind", fields.named(profile.request_types.valid_on(day)))
        # A mailbox need not have a topic for all others: then whoever writes says of which it is.
        self.topic_needed = mailbox is not None and topic_of_others(scheme, now) is None
        self.fields["topic"].required = self.topic_needed
        self.fields["topic"].error_messages["required"] = tr("请选最接近的一项。")
        blank = tr("请选择最接近的一项") if self.topic_needed else tr("不清楚,由热线判断")
        self._set("topic", [("", blank), *topics])
        self._set("street", [("", tr("不清楚")), *fields.named(profile.streets.valid_on(day))])
        self.known = known
        # A browser would cut off without a word what is too long: it is told, and then whole.
        said = self.fields["content"].widget.attrs
        said["data-most"] = str(said.pop("maxlength"))

    def _set(self, name: str, choices: fields.Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A number by which whoever isn't anonymous can be reached."""
        given: dict[str, Any] = super().clean() or {}
        if self.known is not None:
            given["anonymous"] = not self.known
        if not given.get("anonymous") and "phone" in given:
            if not given["phone"].strip():
                self.add_error("phone", tr("请留一个电话,或者选择匿名。"))
            elif said := doubt(given["phone"]):
                self.add_error("phone", said)
        return given


class FindForm(forms.Form):
    """A number, and what proves that the order is one's own."""

    number = forms.CharField(
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": tr("请填写受理编号。")},
    )
    proof = forms.CharField(
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
        error_messages={"required": tr("请填写登记时留的电话,或者匿名提交时给您的查询码。")},
    )


class RatingForm(forms.Form):
    """Three questions, each answered by one touch."""

    contacted = fields.verdict(tr("承办单位联系过您吗?"), tr("联系过"), tr("没有"))
    resolved = fields.verdict(tr("问题解决了吗?"), tr("解决了"), tr("没有解决"))
    satisfaction = forms.ChoiceField(label=tr("您对办理结果满意吗?"), widget=forms.RadioSelect)
    remark = fields.text(tr("还想说的话"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = city().labels.get("satisfaction", ())
        field = self.fields["satisfaction"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(each.code, each.name) for each in known if each.code != Satisfaction.NOT_RATED]


class SupplementForm(forms.Form):
    """What was asked of the citizen, answered."""

    handling = forms.IntegerField(min_value=1, max_value=9999, widget=forms.HiddenInput)
    remark = fields.text(tr("您的答复"), rows=4)


class UrgeForm(forms.Form):
    """Pressing for an answer, with or without a word."""

    remark = fields.text(tr("想对承办单位说的话"), required=False, rows=2)


class WithdrawForm(forms.Form):
    """Taking back one of one's own photos; nobody owes a reason for that."""

    photo = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)
    reason = fields.text(tr("为什么撤下"), required=False, rows=2)


class PhotosForm(forms.Form):
    """Photos of one's own order; the files themselves are taken from the request."""
