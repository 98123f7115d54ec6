"""What form fields say of themselves in the desks' words: the framework's 这个字段是必填项 is nobody's Chinese."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import lazy

from jieban.kernel.i18n import tr

_said = lazy(tr, str)


def say_plainly() -> None:
    """For every field that doesn't say it in words of its own."""
    forms.Field.default_error_messages["required"] = _said("请填写。")
    for picked in (forms.ChoiceField, forms.MultipleChoiceField, forms.BooleanField):
        said = {"required": _said("请选择。"), "invalid_choice": _said("请从给出的里面选。")}
        picked.default_error_messages = {**picked.default_error_messages, **said}
    forms.FileField.default_error_messages["required"] = _said("请选文件。")
    for dated in (forms.DateField, forms.DateTimeField):
        dated.default_error_messages = {
            **dated.default_error_messages,
            "invalid": _said("没有这样的日期,请重新填写。"),
        }
    # The framework fills in the numbers.
    MaxLengthValidator.message = _said(
        "最多 {n} 个字,现在有 {m} 个。", n="%(limit_value)d", m="%(show_value)d"
    )
