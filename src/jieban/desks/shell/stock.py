"""What form fields say of themselves in the desks' words: the framework's 这个字段是必填项 is nobody's Chinese."""

from django import forms
from django.utils.functional import lazy

from jieban.kernel.i18n import tr

_said = lazy(tr, str)


def say_plainly() -> None:
    """For every field that doesn't say it in words of its own."""
    forms.Field.default_error_messages["required"] = _said("请填写。")
    for picked in (forms.ChoiceField, forms.MultipleChoiceField, forms.BooleanField):
        picked.default_error_messages = {**picked.default_error_messages, "required": _said("请选择。")}
    forms.FileField.default_error_messages["required"] = _said("请选文件。")
