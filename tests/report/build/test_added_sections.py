"""The sections beyond the published report's: intake, rhythm, places, durations, quality, changes of units."""

from hand_figures import MakeContext, Numbers, told
from hand_sections import chart, made, table

from jieban.indicators.model import Window
from jieban.indicators.period import Period
from jieban.report.document import ChartBlock


class TestIntake:
    def test_three_volumes_and_the_channels(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.received", 12).count("orders.answered", 2).count("orders.refused", 1)
        numbers.parts("orders.total", "channel", phone=6, web=2).count("orders.total", 9)
        numbers.count("orders.total", 1, channel="")
        assert told(made("intake", make_context(numbers))) == (
            "本月热线共受理诉求12件,其中直接答复2件、不予受理1件、转派承办单位9件。"
            "按受理渠道划分,转派工单来自电话6件(占比66.67%)、网站2件(占比22.22%),另有1件未注明渠道。"
        )

    def test_one_channel_and_nothing_but_dispatched(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.count("orders.received", 6).parts("orders.total", "channel", phone=6)
        assert told(made("intake", make_context(numbers))) == "转派工单均来自电话渠道。"

    def test_no_channel_known(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 6).count("orders.total", 6, channel="")
        assert told(made("intake", make_context(numbers))) == ""


class TestRhythm:
    def test_peaks_of_days_hours_and_weekdays(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 10)
        for day, count in {"2025-04-01": 2, "2025-04-02": 7, "2025-04-03": 1}.items():
            numbers.count("orders.total", count, day=day)
        for hour in range(24):
            numbers.count("orders.total", 10 if hour == 11 else 0, hour=f"{hour:02}")
        for weekday, count in enumerate((0, 2, 7, 1, 0, 0, 0), start=1):
            numbers.count("orders.total", count, weekday=str(weekday))
        blocks = made("rhythm", make_context(numbers))
        assert told(blocks) == (
            "从日期看,4月2日转派工单最多(7件),4月3日最少(1件);"
            "从时段看,均在11时至12时;从星期看,周三最多(7件,占比70.00%)。"
        )
        assert chart(blocks, "days").categories == ("1日", "2日", "3日")
        assert len(chart(blocks, "hours").categories) == 24

    def test_level_days(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 2)
        numbers.count("orders.total", 1, day="2025-04-01").count("orders.total", 1, day="2025-04-02")
        assert told(made("rhythm", make_context(numbers))) == "从日期看,各日转派工单均为1件。"

    def test_a_single_day_has_no_daily_peak(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 3).count("orders.total", 3, day="2025-04-01")
        blocks = made("rhythm", make_context(numbers, period=Period.parse("2025-04-01")))
        assert told(blocks) == ""
        assert not [block for block in blocks if isinstance(block, ChartBlock)]

    def test_days_across_a_year_say_their_year(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 3)
        numbers.count("orders.total", 2, day="2024-12-31").count("orders.total", 1, day="2025-01-01")
        ctx = make_context(numbers, period=Period.parse("2024-12-31..2025-01-01"))
        assert told(made("rhythm", ctx)).startswith(
            "从日期看,2024年12月31日转派工单最多(2件),2025年1月1日最少"
        )


class TestPlaces:
    def test_streets_and_the_hottest_cell(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("orders.total", "street", sangong=1, jianguo_road=3, zhongshan_road=2)
        numbers.count("orders.total", 7).count("orders.total", 1, street="")
        numbers.count("orders.total", 4, topic="housing").count("orders.total", 2, topic="traffic")
        numbers.count("orders.total", 3, topic="housing", street="jianguo-road")
        numbers.count("orders.total", 1, topic="housing", street="")
        numbers.count("orders.total", 2, topic="traffic", street="zhongshan-road")
        blocks = made("places", make_context(numbers), top=2)
        assert told(blocks) == (
            "按事发地划分,工单较多的依次为建国路街道3件、中山路街道2件,另有1件未注明事发地。"
            "同一地点、同一类别最集中的是建国路街道的住房保障类工单,共3件,占该类工单的75.00%。"
        )
        heat = chart(blocks, "heat")
        assert heat.categories == ("建国路街道", "中山路街道", "三工镇")
        assert [(one.name, one.values) for one in heat.series] == [
            ("住房保障类", (3, 0, 0)),
            ("交通出行类", (0, 2, 0)),
        ]

    def test_few_streets_are_all_named(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("orders.total", "street", sangong=1, jianguo_road=3)
        assert told(made("places", make_context(numbers))).startswith(
            "按事发地划分,工单分布为建国路街道3件、三工镇1件。"
        )

    def test_one_street(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("orders.total", "street", sangong=2)
        assert told(made("places", make_context(numbers))) == "工单反映的事项均发生在三工镇。"

    def test_no_street_known_no_section(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 4).count("orders.total", 4, street="")
        assert made("places", make_context(numbers)) == []


class TestDurations:
    def test_orders_and_the_slowest_units(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.level("orders.sign_hours_median", "1.25").level("orders.sign_hours_p90", "9")
        numbers.parts("handlings.total", "unit", housing=50, police=9, finance=12, transport=40)
        for unit, hours in {"housing": "20", "police": "90", "finance": "30", "transport": "30"}.items():
            numbers.level("handlings.close_hours_median", "10", unit=unit)
            numbers.level("handlings.close_hours_p90", hours, unit=unit)
        blocks = made("durations", make_context(numbers), minimum=10)
        assert told(blocks) == "从派单到签收,半数工单在1.3小时以内,九成在9.0小时以内。"
        assert chart(blocks, "durations").categories == ("交通局", "财政局", "住建局")

    def test_nothing_signed_nothing_said(self, numbers: Numbers, make_context: MakeContext) -> None:
        assert made("durations", make_context(numbers)) == []


class TestQuality:
    def test_rates_and_the_table(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 10).count("orders.called_back", 8).rate("orders.response", 7, 8)
        numbers.rate("orders.resolution", 6, 8).rate("orders.repeat_rate", 0, 10)
        blocks = made("quality", make_context(numbers))
        assert told(blocks) == "经有效回访8件,响应率87.50%,解决率75.00%。重复诉求率0%。"
        assert table(blocks, "quality")[0] == ["响应率", "87.50%"]

    def test_other_periods_stand_beside_where_they_are_known(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.count("orders.total", 10).count("orders.repeat", 3)
        numbers.count("orders.repeat", 4, Window.PREVIOUS)
        assert table(made("quality", make_context(numbers)), "quality") == [["重复诉求", "3件", "4件"]]

    def test_nobody_called_back(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 10).count("orders.called_back", 0).rate("orders.response", 0, 0)
        assert told(made("quality", make_context(numbers))) == ""


class TestUnitChanges:
    def test_rising_falling_and_level(self, numbers: Numbers, make_context: MakeContext) -> None:
        for unit, (now, before) in {
            "housing": (30, 20),
            "police": (20, 30),
            "finance": (25, 25),
            "transport": (5, 1),
        }.items():
            numbers.count("handlings.total", now, unit=unit)
            numbers.change("handlings.change_year_before", now, before, unit=unit)
        blocks = made("unit_changes", make_context(numbers), minimum=20)
        assert told(blocks) == (
            "以办理量不少于20件的单位计,与上年同期相比,"
            "上升的有1个单位,为住建局30件(同比上升50.00%);"
            "下降的有1个单位,为公安局20件(同比下降33.33%);"
            "持平的有1个单位,为财政局25件(同比持平)。"
        )
        assert chart(blocks, "unit_changes").categories == ("住建局", "财政局", "公安局")
        assert chart(blocks, "unit_changes").cut is None

    def test_a_unit_that_had_had_hardly_any_leaves_the_others_their_length(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        for unit, (now, before) in {
            "transport": (90, 10),
            "housing": (36, 20),
            "police": (20, 30),
            "finance": (25, 25),
        }.items():
            numbers.count("handlings.total", now, unit=unit)
            numbers.change("handlings.change_year_before", now, before, unit=unit)
        drawn = chart(made("unit_changes", make_context(numbers), minimum=20), "unit_changes")
        assert drawn.cut == 120
        assert max(value or 0 for value in drawn.series[0].values) == 800
        assert "未按比例画完" in drawn.caption
        assert "未按比例画完" not in drawn.alt

    def test_the_month_before_where_the_year_before_is_unknown(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.count("handlings.total", 30, unit="housing")
        numbers.change("handlings.change_year_before", 30, None, unit="housing")
        numbers.change("handlings.change_previous", 30, 20, unit="housing")
        assert "与上月相比,上升的有1个单位,为住建局30件(环比上升50.00%)。" in told(
            made("unit_changes", make_context(numbers))
        )

    def test_nothing_to_compare_no_section(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("handlings.total", 30, unit="housing")
        numbers.change("handlings.change_year_before", 30, None, unit="housing")
        assert made("unit_changes", make_context(numbers)) == []


def test_the_cutoff_is_said_of_what_it_holds_back_and_not_of_ratings(
    numbers: Numbers, make_context: MakeContext
) -> None:
    numbers.count("orders.total", 3).count("orders.called_back", 3)
    said = told(made("definitions", make_context(numbers)))
    assert "其后的签收、办结视为尚未发生;回访和评价以台账导出时所记为准。" in said
