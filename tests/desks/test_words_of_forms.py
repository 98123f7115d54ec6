"""What a field says of what was typed is said in plain words, not in the framework's."""

import pytest
from django import forms


class _Form(forms.Form):
    name = forms.CharField(max_length=3)
    kind = forms.ChoiceField(choices=[("a", "甲")])
    kinds = forms.MultipleChoiceField(choices=[("a", "甲")])
    day = forms.DateField()
    file = forms.FileField()


@pytest.mark.parametrize(
    ("field", "given", "says"),
    [
        ("name", "", "请填写。"),
        ("name", "太长的名字", "最多 3 个字，现在有 5 个。"),
        ("kind", "", "请选择。"),
        ("kind", "b", "请从给出的里面选。"),
        ("kinds", ["b"], "请从给出的里面选。"),
        ("day", "2025-02-30", "没有这样的日期，请重新填写。"),
        ("file", "", "请选文件。"),
    ],
)
def test_each_mistake_has_its_words(field: str, given: object, says: str) -> None:
    assert _Form({field: given}).errors[field] == [says]
