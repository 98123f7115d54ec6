"""Phrases filled and joined: what is empty leaves nothing behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.profile.city import BadProfile
from jieban.report.build.phrases import numbered
from jieban.report.document import Figure, Text, plain
from jieban.report.sentences import fill, join, phrase, sentence, strong

SIX = Figure(text="6", unit="件", value=6, indicator="orders.total")


def test_a_figure_stays_a_run_of_its_own_between_the_words() -> None:
    runs = fill("共{count},其中{name}最多", "x", count=SIX, name="住建局")
    assert runs == (Text("共"), SIX, Text(",其中住建局最多"))
    assert plain(runs) == "共6件,其中住建局最多"


def test_a_phrase_that_is_missing_or_asks_for_too_much_is_the_profiles_fault() -> None:
    with pytest.raises(BadProfile, match=r"缺少措辞“opening\.total”"):
        phrase({}, "opening.total")
    with pytest.raises(BadProfile, match="没有的占位“sum”") as refused:
        phrase({"a": "共{sum}"}, "a", count=SIX, name="")
    assert "count、name" in str(refused.value)


def test_doubled_braces_are_braces() -> None:
    assert plain(fill("{{{name}}}", "x", name="住建局")) == "{住建局}"


def test_an_empty_clause_takes_its_comma_with_it() -> None:
    assert plain(sentence(["甲", (), "", "乙"])) == "甲,乙。"
    assert plain(sentence([(), "乙"], separator=";")) == "乙。"
    assert sentence([(), ""]) == ()


def test_strong_leaves_figures_as_they_are() -> None:
    assert strong((Text("甲"), SIX)) == (Text("甲", strong=True), SIX)


@given(st.lists(st.sampled_from(["", "甲", "乙丙"]), max_size=6))
def test_joined_parts_never_stand_beside_an_empty_one(parts: list[str]) -> None:
    assert plain(join(parts, "、")) == "、".join(part for part in parts if part)


def test_a_numeral_is_as_strong_as_the_words_behind_it() -> None:
    assert numbered(2, (Text("数据截至"), SIX))[0] == Text("2.")
    assert numbered(2, (Text("住房", strong=True), SIX))[0] == Text("2.", strong=True)
    assert numbered(2, (SIX,))[0] == Text("2.")
