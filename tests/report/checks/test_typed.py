"""Numbers typed into the recommendations are told; the rules' own figures and names with digits are not."""

from dataclasses import replace

from hand_figures import MakeContext, Numbers

from jieban.report.checks.model import Result
from jieban.report.checks.typed import check_typed
from jieban.report.document import Figure, Text, plain
from jieban.report.recommend.model import Advice

LATE = Figure(text="36", unit="件", value=36, indicator="handlings.late_sign")


def test_only_an_analysts_own_numbers_are_told(numbers: Numbers, make_context: MakeContext) -> None:
    ctx = make_context(numbers)
    edited = Advice(
        rule="", theme="甲", runs=(Text("12345热线提醒:"), LATE, Text("超期,限3个工作日、降至1.5%以内。"))
    )
    (check,) = check_typed(replace(ctx, advice=(edited,)))
    assert check.result is Result.WARNING
    assert "2处" in plain(check.detail)
    assert "3个、1.5%" in plain(check.detail)


def test_edited_words_alone_are_in_order(numbers: Numbers, make_context: MakeContext) -> None:
    edited = Advice(rule="", theme="甲", runs=(Text("请12345热线成员单位加强值班。"), LATE))
    (check,) = check_typed(replace(make_context(numbers), advice=(edited,)))
    assert check.result is Result.OK


def test_the_rules_own_advice_needs_no_check(numbers: Numbers, make_context: MakeContext) -> None:
    own = Advice(rule="late-sign", theme="甲", runs=(Text("3个"),))
    assert list(check_typed(replace(make_context(numbers), advice=(own,)))) == []
