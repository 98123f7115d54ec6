"""What pages say of what was typed and refused is said in plain words, and stands well in its line."""

import re
from html import unescape

import pytest
from django import forms
from django.template import engines

from jieban.desks.shell.environment import whole_moments
from jieban.kernel.errors import JiebanError


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


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("每行一段，如 10:00-14:00。", ["10:00-14:00"]),
        ("夏季 05-01 09-30 10:00-14:00、16:00-20:00", ["09-30 10:00-14:00", "16:00-20:00"]),
        ("2025-05-21 10:30 到 <b>", ["2025-05-21 10:30"]),
    ],
)
def test_instants_and_hours_are_not_broken_at_a_lines_end(said: str, whole: list[str]) -> None:
    made = whole_moments(said)
    assert re.findall(r'<span class="unbroken">(.*?)</span>', made) == whole
    assert unescape(re.sub("</?span[^>]*>", "", made)) == said


@pytest.mark.parametrize(
    ("what", "fix", "says"),
    [
        ("现在不能派单。", "请先签收。", "现在不能派单。</strong>请先签收。"),
        ("Not now", "请先签收。", "Not now</strong> 请先签收。"),
        ("现在不能派单。", None, "现在不能派单。</strong></div>"),
    ],
)
def test_a_full_stop_is_its_own_space(what: str, fix: str | None, says: str) -> None:
    parts = engines["pages"].env.get_template("shell/parts.html").module
    assert says in parts.refusal(JiebanError(what, fix=fix))
