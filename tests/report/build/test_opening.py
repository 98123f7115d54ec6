"""The opening paragraph in every grammatical case."""

import pytest
from hand_figures import MakeContext, Numbers, told

from jieban.indicators.period import Period
from jieban.report.build.section import Options
from jieban.report.build.sections.opening import OPENING, top_units, volume_changes
from jieban.report.context import Context
from jieban.report.document import plain


def opening(ctx: Context, top: int = 3) -> str:
    return told(OPENING.make(ctx, Options(values={"top": top})))


def test_the_whole_paragraph_of_a_month(numbers: Numbers, make_context: MakeContext) -> None:
    numbers.count("orders.total", 4567).rate("orders.on_time_sign", 4567, 4567)
    numbers.rate("orders.on_time_close", 4566, 4567).rate("orders.satisfaction", 4565, 4567)
    numbers.change("orders.change_previous", 4567, 4304).change("orders.change_year_before", 4567, 4600)
    numbers.parts("handlings.total", "unit", housing=1468, police=770, transport=770, finance=2)
    numbers.change("handlings.change_year_before", 1468, 1203, unit="housing")
    numbers.change("handlings.change_year_before", 770, 713, unit="police")
    assert opening(make_context(numbers)) == (
        "2025年4月1日至4月30日,昌吉州12345政务服务热线中心共转派工单4567件。"
        "工单按期签收率100%,按期办结率99.98%,群众满意率99.96%。"
        "工单量较上月增加263件,环比上升6.11%;较上年同期减少33件,同比下降0.72%。"
        "承办工单较多的单位依次为:住房和城乡建设局1468件(同比上升22.03%)、"
        "公安局770件(同比上升7.99%)、交通局770件。"
    )


def test_a_month_without_orders_says_so_and_nothing_else(numbers: Numbers, make_context: MakeContext) -> None:
    numbers.count("orders.total", 0).rate("orders.on_time_sign", 0, 0)
    assert opening(make_context(numbers)) == (
        "2025年4月1日至4月30日,昌吉州12345政务服务热线中心未向承办单位转派工单。"
    )


def test_rates_that_have_nothing_to_divide_by_leave_no_comma(
    numbers: Numbers, make_context: MakeContext
) -> None:
    numbers.count("orders.total", 3).rate("orders.on_time_sign", 0, 0).rate("orders.satisfaction", 3, 3)
    assert opening(make_context(numbers)).endswith("共转派工单3件。群众满意率100%。")


def test_open_orders_that_are_not_due_are_said_to_be_left_out(
    numbers: Numbers, make_context: MakeContext
) -> None:
    numbers.count("orders.total", 3).count("orders.not_due_sign", 0).count("orders.not_due_close", 2)
    assert "另有在办工单2件,截至统计时尚未到期,不计入按期率。" in opening(make_context(numbers))
    numbers.count("orders.not_due_sign", 1)
    assert "另有待签收工单1件、在办工单2件,截至统计时" in opening(make_context(numbers))


@pytest.mark.parametrize(
    ("previous", "year_before", "said"),
    [
        (90, 110, "工单量较上月增加10件,环比上升11.11%;较上年同期减少10件,同比下降9.09%。"),
        (100, 100, "工单量与上月、上年同期均持平。"),
        (None, 50, "工单量较上年同期增加50件,同比上升100.00%。"),
        (0, 200, "工单量较上年同期减少100件,同比下降50.00%。"),
        (101, None, "工单量较上月减少1件,环比下降0.99%。"),
        (None, None, ""),
    ],
)
def test_changes_up_down_level_and_with_nothing_to_compare(
    numbers: Numbers, make_context: MakeContext, previous: int | None, year_before: int | None, said: str
) -> None:
    numbers.change("orders.change_previous", 100, previous)
    numbers.change("orders.change_year_before", 100, year_before)
    numbers.count("orders.total", 100)
    assert plain(volume_changes(make_context(numbers))) == said


def test_a_change_too_small_for_its_decimals_is_nearly_level(
    numbers: Numbers, make_context: MakeContext
) -> None:
    numbers.count("orders.total", 100_001).change("orders.change_previous", 100_001, 100_000)
    assert plain(volume_changes(make_context(numbers))) == "工单量较上月增加1件,环比基本持平。"
    numbers.change("orders.change_previous", 99_999, 100_000)
    assert plain(volume_changes(make_context(numbers))) == "工单量较上月减少1件,环比基本持平。"


def test_a_year_is_compared_once_with_the_year_before(numbers: Numbers, make_context: MakeContext) -> None:
    numbers.count("orders.total", 110).change("orders.change_previous", 110, 100)
    numbers.change("orders.change_year_before", 110, 100)
    ctx = make_context(numbers, period=Period.year(2024))
    assert plain(volume_changes(ctx)) == "工单量较上年增加10件,同比上升10.00%。"


@pytest.mark.parametrize(
    ("period", "word"),
    [("2025-W15", "较上周"), ("2025-Q2", "较上季度"), ("2025-04-01..2025-04-15", "较上期")],
)
def test_other_periods_are_called_by_their_own_words(
    numbers: Numbers, make_context: MakeContext, period: str, word: str
) -> None:
    numbers.count("orders.total", 11).change("orders.change_previous", 11, 10)
    assert word in plain(volume_changes(make_context(numbers, period=Period.parse(period))))


def test_one_unit_alone_is_not_called_several(numbers: Numbers, make_context: MakeContext) -> None:
    numbers.parts("handlings.total", "unit", police=1)
    assert plain(top_units(make_context(numbers), 5)) == "承办单位为:公安局1件。"


def test_units_fall_by_count_and_ties_keep_the_profiles_order(
    numbers: Numbers, make_context: MakeContext
) -> None:
    numbers.parts("handlings.total", "unit", transport=4, housing=4, police=9, finance=0)
    assert plain(top_units(make_context(numbers), 2)) == (
        "承办单位为:公安局9件、住房和城乡建设局4件、交通局4件。"
    )
    assert "财政局" not in plain(top_units(make_context(numbers), 9))


def test_no_handlings_no_sentence(numbers: Numbers, make_context: MakeContext) -> None:
    assert top_units(make_context(numbers.count("handlings.total", 0)), 5) == ()


def test_an_old_month_uses_that_months_names(numbers: Numbers, make_context: MakeContext) -> None:
    numbers.parts("handlings.total", "unit", agriculture_old=4)
    assert "农业局4件" in plain(top_units(make_context(numbers, period=Period.month(2018, 4)), 5))
