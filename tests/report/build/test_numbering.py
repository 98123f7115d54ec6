"""Numerals of headings, figures as text, and the words of days."""

from datetime import date
from decimal import Decimal

import pytest
from hand_figures import MakeContext, Numbers
from hypothesis import given
from hypothesis import strategies as st

from jieban.indicators.model import Window
from jieban.indicators.registry import REGISTRY
from jieban.profile.model import Subtopic
from jieban.profile.register import Register
from jieban.report.build.numbering import chinese, number_headings
from jieban.report.calendar_words import span_words, subtitle_words
from jieban.report.context import bare
from jieban.report.document import Heading, Measure, Text
from jieban.report.facts import Direction, Facts
from jieban.report.ordering import falling, in_order, is_last


@pytest.mark.parametrize(
    ("number", "numeral"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四"), (99, "九十九")]
)
def test_chinese_numerals(number: int, numeral: str) -> None:
    assert chinese(number) == numeral


@pytest.mark.parametrize("number", [0, -1, 100])
def test_numerals_beyond_the_headings_of_a_report(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        chinese(number)


def test_headings_count_within_the_one_above() -> None:
    levels = [1, 2, 2, 3, 1, 2, 3]
    numbered = number_headings(Heading(level, "", "", "") for level in levels)
    assert [block.number for block in numbered if isinstance(block, Heading)] == [
        "一、",
        "(一)",
        "(二)",
        "1.",
        "二、",
        "(一)",
        "1.",
    ]


@pytest.mark.parametrize(
    ("first", "last", "span", "subtitle"),
    [
        (date(2025, 4, 1), date(2025, 4, 30), "2025年4月1日至4月30日", "4月1日-4月30日"),
        (date(2024, 12, 30), date(2025, 1, 5), "2024年12月30日至2025年1月5日", "2024年12月30日-2025年1月5日"),
        (date(2025, 4, 1), date(2025, 4, 1), "2025年4月1日", "4月1日"),
    ],
)
def test_days_in_words(first: date, last: date, span: str, subtitle: str) -> None:
    assert (span_words(first, last), subtitle_words(first, last)) == (span, subtitle)


SUBTOPICS = Register(
    Subtopic(code=code, name=code, short_name=code, last=code == "other") for code in ("a", "other", "b", "c")
)


def test_falling_counts_ties_in_profile_order_the_rest_last() -> None:
    counts = {"c": 3, "other": 9, "b": 3, "zz": 3, "a": 1}
    assert [code for code, _ in falling(counts, SUBTOPICS, last=is_last(SUBTOPICS))] == [
        "b",
        "c",
        "zz",
        "a",
        "other",
    ]
    assert in_order(["zz", "c", "a"], SUBTOPICS) == ["a", "c", "zz"]


class TestFacts:
    @pytest.mark.parametrize(
        ("part", "whole", "text"),
        [
            (4567, 4567, "100"),
            (0, 4567, "0"),
            (4565, 4567, "99.96"),
            (99_999, 100_000, "100.00"),
            (1, 100_000, "0.00"),
        ],
    )
    def test_a_hundred_percent_means_every_row(
        self, numbers: Numbers, make_context: MakeContext, part: int, whole: int, text: str
    ) -> None:
        facts = make_context(numbers.rate("orders.satisfaction", part, whole)).facts
        figure = facts.figure("orders.satisfaction")
        assert figure is not None
        assert (figure.text, figure.unit) == (text, "%")

    def test_a_share_of_nothing_is_none(self, numbers: Numbers, make_context: MakeContext) -> None:
        facts = make_context(numbers.count("orders.total", 0)).facts
        assert facts.share("orders.total", topic="housing") is None

    @given(st.integers(0, 50_000), st.integers(1, 50_000))
    def test_a_changes_direction_follows_its_difference(self, now: int, before: int) -> None:
        facts = make_facts(now, before)
        found = facts.change("orders.change_previous")
        assert found is not None
        assert found.against is Window.PREVIOUS
        assert found.difference.value == now - before
        assert "-" not in found.difference.text + found.percent.text
        expected = {
            (True, True): Direction.UP,
            (True, False): Direction.NEARLY_UP,
            (False, True): Direction.DOWN,
            (False, False): Direction.NEARLY_DOWN,
        }
        wanted = (
            Direction.LEVEL if now == before else expected[now > before, found.percent.value != Decimal(0)]
        )
        assert found.direction is wanted

    def test_a_table_cell_shows_the_sign_and_no_unit(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        facts = make_context(numbers.change("orders.change_previous", 9, 10)).facts
        cell = bare(facts.figure("orders.change_previous"))
        assert (cell.text, getattr(cell, "unit", None)) == ("-10.00", "")
        assert bare(None) == Text("—")

    def test_what_was_not_computed_is_none_and_never_zero(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        facts = make_context(numbers).facts
        assert facts.figure("orders.total") is None
        assert facts.value("orders.total") is None
        with pytest.raises(KeyError):
            facts.count("orders.total")

    def test_numerator_and_denominator_of_a_rate(self, numbers: Numbers, make_context: MakeContext) -> None:
        facts = make_context(numbers.rate("orders.satisfaction", 3, 4)).facts
        assert facts.part("orders.satisfaction", Measure.NUMERATOR).value == 3
        assert facts.part("orders.satisfaction", Measure.DENOMINATOR).value == 4


def make_facts(now: int, before: int) -> Facts:
    numbers = Numbers().change("orders.change_previous", now, before)
    return Facts(numbers.figures(), REGISTRY)
