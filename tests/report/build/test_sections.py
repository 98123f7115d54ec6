"""Each section's sentences, for none, one and many."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hand_figures import MakeContext, Numbers, told

from jieban.indicators.model import Window
from jieban.indicators.period import Period
from jieban.profile.city import BadProfile, Profile
from jieban.profile.model import Section, Stage
from jieban.report.build.registry import BUILDERS
from jieban.report.context import Context
from jieban.report.details import Details, DissatisfiedOrder, LateHandling
from jieban.report.document import Block, ChartBlock, Edition, Figure, Heading, Measure, TableBlock, plain

XINJIANG = ZoneInfo("Asia/Shanghai")


def made(name: str, ctx: Context, **options: object) -> list[Block]:
    builder = BUILDERS[name]
    section = Section(id=name, builder=name, title="", level=1, options=options, editions=())
    return builder.make(ctx, builder.read(section))


def table(blocks: list[Block], name: str) -> list[list[str]]:
    found = next(block for block in blocks if isinstance(block, TableBlock) and block.id == name)
    return [[plain([cell]) for cell in row] for row in (*found.rows, *found.total_rows)]


def chart(blocks: list[Block], name: str) -> ChartBlock:
    return next(block for block in blocks if isinstance(block, ChartBlock) and block.id == name)


class TestRequestTypes:
    def test_many_types_fall_by_count_and_their_shares_stand_behind(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.parts("orders.total", "request_type", inquiry=1, complaint=7, help=1)
        blocks = made("request_types", make_context(numbers))
        assert told(blocks) == (
            "按诉求性质划分,本月诉求构成如下:投诉7件,占比77.78%;求助1件,占比11.11%;咨询1件,占比11.11%。"
        )
        assert chart(blocks, "types").categories == ("投诉", "求助", "咨询")

    def test_the_table_has_every_type_and_the_whole(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.parts("orders.total", "request_type", complaint=3, help=1)
        rows = table(made("request_types", make_context(numbers)), "types")
        assert rows[:3] == [["投诉", "3", "75.00"], ["求助", "1", "25.00"], ["表扬", "0", "0"]]
        assert rows[-1] == ["合计", "4", "100"]

    def test_one_type_alone_has_no_share(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("orders.total", "request_type", complaint=1)
        assert told(made("request_types", make_context(numbers))) == "本月诉求均为投诉类,计1件。"

    def test_no_orders_no_section(self, numbers: Numbers, make_context: MakeContext) -> None:
        assert made("request_types", make_context(numbers.count("orders.total", 0))) == []


class TestUnitGroups:
    def test_groups_keep_the_profiles_order(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("handlings.total", "unit", housing=5, sangong=3, jianguo_road=1)
        numbers.parts("handlings.total", "unit_group", township=3, street=1, municipal=5)
        numbers.level("handlings.per_order", "1.3")
        blocks = made("unit_groups", make_context(numbers, annexes={"annex-units": 1}))
        assert told(blocks) == (
            "一件工单由几个单位承办的,在各单位分别计数。本月共有3个单位承办工单,办理量合计9件,"
            "平均每件工单由1.30个单位承办。其中:市直部门5件,占比55.56%;街道1件,占比11.11%;"
            "乡镇3件,占比33.33%。各单位办理量详见附件1。"
        )

    def test_one_group_and_no_annex(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("handlings.total", "unit", housing=5).parts(
            "handlings.total", "unit_group", municipal=5
        )
        assert told(made("unit_groups", make_context(numbers))).endswith(
            "本月共有1个单位承办工单,办理量合计5件。承办单位均属市直部门。"
        )

    def test_changes_stand_in_the_table_with_their_sign(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.parts("handlings.total", "unit_group", municipal=9)
        numbers.change("handlings.change_previous", 9, 10, unit_group="municipal")
        rows = table(made("unit_groups", make_context(numbers)), "groups")
        assert rows[0] == ["市直部门", "9", "100", "-10.00", "—"]


class TestTopics:
    def test_topics_and_subtopics_fall_by_count_with_the_rest_last(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.parts("orders.total", "topic", traffic=9, housing=12, societies=3)
        for subtopic, count in {"buses": 3, "taxis": 1, "other": 5}.items():
            numbers.count("orders.total", count, topic="traffic", subtopic=subtopic)
        numbers.count("orders.total", 12, topic="housing", subtopic="property-management")
        blocks = made("topics", make_context(numbers))
        assert told(blocks) == (
            "2025年4月1日至4月30日,群众诉求按数量由多到少,集中在以下方面:"
            "1.住房保障类(12件,占比50.00%)。均为物业管理12件。"
            "2.交通出行类(9件,占比37.50%)。主要涉及公交车相关3件、出租车相关投诉1件、其他5件。"
            "3.社会团体(3件,占比12.50%)。"
        )

    def test_a_single_order_of_a_single_subtopic(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("orders.total", "topic", housing=1)
        numbers.count("orders.total", 1, topic="housing", subtopic="property-management")
        assert told(made("topics", make_context(numbers))) == (
            "2025年4月1日至4月30日,群众诉求集中在一个方面:1.住房保障类(1件,占比100%)。涉及物业管理1件。"
        )

    def test_orders_without_a_subtopic_are_counted_apart(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.parts("orders.total", "topic", housing=5)
        numbers.count("orders.total", 2, topic="housing", subtopic="property-management")
        numbers.count("orders.total", 3, topic="housing", subtopic="")
        assert told(made("topics", make_context(numbers))).endswith("主要涉及物业管理2件、未细分3件。")

    def test_another_citys_topics(
        self, numbers: Numbers, make_context: MakeContext, yunting: Profile
    ) -> None:
        numbers.parts("orders.total", "topic", home=2, way=3)
        numbers.count("orders.total", 2, topic="home", subtopic="other")
        numbers.count("orders.total", 2, topic="way", subtopic="ferries")
        numbers.count("orders.total", 1, topic="way", subtopic="buses")
        assert "1.出行(3件,占比60.00%)。主要涉及渡船2件、公交班次1件。2.安居(2件" in told(
            made("topics", make_context(numbers, profile=yunting))
        )


class TestTimeliness:
    def late(self, numbers: Numbers, **units: int) -> Numbers:
        numbers.parts("handlings.late_sign", "unit", **units).count("handlings.late_close", 0)
        numbers.rate("handlings.on_time_close", 100, 100)
        return numbers.count("handlings.total", 100)

    def test_none(self, numbers: Numbers, make_context: MakeContext) -> None:
        assert told(made("timeliness", make_context(self.late(numbers)))) == (
            "承办环节按期办结率100%。本月无超期办结工单。"
        )

    def test_where_nothing_could_be_judged_nothing_is_claimed(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        self.late(numbers).rate("handlings.on_time_close", 0, 0).count("orders.total", 9)
        numbers.count("orders.dissatisfied", 0).count("orders.called_back", 0)
        assert told(made("timeliness", make_context(numbers))) == ""

    def test_one_unit(self, numbers: Numbers, make_context: MakeContext) -> None:
        said = told(made("timeliness", make_context(self.late(numbers, finance=7))))
        assert said.startswith("承办环节按期办结率100%。本月超期签收工单7件,承办单位为财政局。")

    def test_many_units_by_short_name_with_the_annex(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        self.late(numbers, yanan_north_road=2, human_resources=15, dianba=2)
        numbers.rate("handlings.on_time_sign", 81, 100)
        said = told(made("timeliness", make_context(numbers, annexes={"annex-late": 2})))
        assert said == (
            "承办环节按期签收率81.00%,按期办结率100%。"
            "本月超期签收工单19件,涉及3个单位:人社局15件、延北街道2件、佃坝镇2件。"
            "本月无超期办结工单。超期签收、超期办结工单明细见附件2。"
        )

    def test_a_full_rate_beside_late_handlings_is_explained(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        self.late(numbers, finance=1).rate("orders.on_time_sign", 100, 100)
        assert "仍可能有个别单位超期" in told(made("timeliness", make_context(numbers)))
        numbers.rate("orders.on_time_sign", 99, 100)
        assert "仍可能有个别单位超期" not in told(made("timeliness", make_context(numbers)))

    @pytest.mark.parametrize(
        ("units", "said"),
        [
            ({}, "本月无不满意工单。"),
            ({"housing": 1}, "本月不满意工单1件,主办单位为住建局。不满意工单内容见附件3。"),
            (
                {"urban_management": 1, "housing": 1},
                "本月不满意工单2件,涉及2个主办单位:住建局1件、城管局1件。不满意工单内容见附件3。",
            ),
        ],
    )
    def test_dissatisfied(
        self, numbers: Numbers, make_context: MakeContext, units: dict[str, int], said: str
    ) -> None:
        numbers.count("orders.total", 9).parts("orders.dissatisfied", "unit", **units)
        numbers.count("orders.called_back", 9)
        annexes = {"annex-dissatisfied": 3} if units else {}
        assert told(made("timeliness", make_context(numbers, annexes=annexes))) == said

    def test_a_dissatisfied_order_without_a_lead_is_somebodys(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.count("orders.total", 9).count("orders.dissatisfied", 1)
        numbers.count("orders.dissatisfied", 1, unit="")
        assert "主办单位为未注明" in told(made("timeliness", make_context(numbers)))


class TestMailboxes:
    @pytest.mark.parametrize(
        ("counts", "said"),
        [
            ((0, 0, 0, 0), "州长信箱:本月未收到来信。"),
            ((73, 73, 73, 0), "州长信箱:本月收到来信73件,均已办结,其中转办73件。"),
            ((21, 21, 19, 2), "州长信箱:本月收到来信21件,均已办结,其中转办19件、直接答复2件。"),
            ((3, 0, 3, 0), "州长信箱:本月收到来信3件,均在办理中,其中转办3件。"),
            ((5, 4, 4, 1), "州长信箱:本月收到来信5件,已办结4件、正在办理1件,其中转办4件、直接答复1件。"),
            ((1, 1, 0, 1), "州长信箱:本月收到来信1件,已办结,为直接答复1件。"),
            ((1, 0, 1, 0), "州长信箱:本月收到来信1件,在办理中,为转办1件。"),
        ],
    )
    def test_the_sentence_of_a_mailbox(
        self, numbers: Numbers, make_context: MakeContext, counts: tuple[int, ...], said: str
    ) -> None:
        for name, number in zip(("received", "closed", "transferred", "answered"), counts, strict=True):
            numbers.count(f"letters.{name}", number).count(f"letters.{name}", number, mailbox="governor")
        assert told(made("mailboxes", make_context(numbers))).startswith(said)

    def test_topics_under_each_mailboxs_own_name(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("letters.received", "mailbox", governor=7, mayor=1)
        numbers.count("letters.received", 5, mailbox="governor", topic="construction")
        numbers.count("letters.received", 2, mailbox="governor", topic="labour")
        numbers.count("letters.received", 5, mailbox="governor", topic="construction", subtopic="utilities")
        numbers.count("letters.received", 2, mailbox="governor", topic="labour", subtopic="unpaid-wages")
        numbers.count("letters.received", 1, mailbox="mayor", topic="labour")
        numbers.count("letters.received", 1, mailbox="mayor", topic="labour", subtopic="unpaid-wages")
        blocks = made("mailboxes", make_context(numbers))
        assert [block.text for block in blocks if isinstance(block, Heading)] == ["州长信箱", "市长信箱"]
        assert "1.城乡建设类(5件)。均为水电气暖服务不佳5件。2.劳动维权类(2件)。均为拖欠薪资2件。" in told(
            blocks
        )
        assert told(blocks).endswith("1.劳动维权类(1件)。涉及拖欠薪资1件。")

    def test_letters_by_unit_received_and_closed(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("letters.received", "unit", housing=3, police=1).count("letters.closed", 3)
        numbers.count("letters.closed", 3, unit="housing")
        shown = chart(made("mailboxes", make_context(numbers)), "mailbox_units")
        assert shown.categories == ("住建局", "公安局")
        assert [series.values for series in shown.series] == [(3, 1), (3, 0)]

    def test_a_city_without_mailboxes_has_no_section(
        self, numbers: Numbers, make_context: MakeContext, yunting: Profile
    ) -> None:
        numbers.count("letters.received", 0)
        assert made("mailboxes", make_context(numbers, profile=yunting)) == []


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
            "从时段看,11时至12时最为集中(10件,占比100%);从星期看,周三最多(7件,占比70.00%)。"
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
        numbers.parts("orders.total", "street", sangong=1)
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
            "上升的有1个单位,升幅居前的为住建局30件(同比上升50.00%);"
            "下降的有1个单位,降幅居前的为公安局20件(同比下降33.33%);"
            "持平的有1个单位,为财政局25件(同比持平)。"
        )
        assert chart(blocks, "unit_changes").categories == ("住建局", "财政局", "公安局")

    def test_the_month_before_where_the_year_before_is_unknown(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.count("handlings.total", 30, unit="housing")
        numbers.change("handlings.change_year_before", 30, None, unit="housing")
        numbers.change("handlings.change_previous", 30, 20, unit="housing")
        assert "与上月相比,上升的有1个单位,升幅居前的为住建局30件(环比上升50.00%)。" in told(
            made("unit_changes", make_context(numbers))
        )

    def test_nothing_to_compare_no_section(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("handlings.total", 30, unit="housing")
        numbers.change("handlings.change_year_before", 30, None, unit="housing")
        assert made("unit_changes", make_context(numbers)) == []


class TestAnnexes:
    def test_every_unit_with_group_share_rates_and_change(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.parts("handlings.total", "unit", housing=3, sangong=1)
        numbers.rate("handlings.on_time_close", 2, 3, unit="housing")
        numbers.change("handlings.change_year_before", 3, 4, unit="housing")
        rows = table(made("annex_units", make_context(numbers), idle=False), "units")
        assert rows == [
            ["1", "住房和城乡建设局", "市直部门", "3", "75.00", "—", "66.67", "—", "-25.00"],
            ["2", "三工镇", "乡镇", "1", "25.00", "—", "—", "—", "—"],
            ["", "合计", "", "4", "100", "—", "—", "—", "—"],
        ]

    def test_units_without_handlings_that_existed_then_stand_below(
        self, numbers: Numbers, make_context: MakeContext, changji: Profile
    ) -> None:
        numbers.parts("handlings.total", "unit", sangong=1)
        rows = table(made("annex_units", make_context(numbers)), "units")
        names = [row[1] for row in rows]
        assert names[:2] == ["三工镇", "住房和城乡建设局"]
        assert "工商行政管理局" not in names
        assert len(rows) == 1 + sum(
            u.validity.covers(make_context(numbers).period.last) for u in changji.units.values()
        )

    def test_late_handlings_say_how_late(self, numbers: Numbers, make_context: MakeContext) -> None:
        deadline = datetime(2025, 4, 3, 19, 30, tzinfo=XINJIANG)

        def late(number: int, over: timedelta, *, done: bool = True) -> LateHandling:
            return LateHandling(
                handling_no=f"{number}-1",
                order_no=f"20250401{number:05}",
                unit="finance",
                stage=Stage.SIGN,
                deadline=deadline,
                actual=deadline + over if done else None,
                over=over,
            )

        details = Details(
            late=(
                late(1, timedelta(days=2, hours=3, minutes=5)),
                late(2, timedelta(minutes=20)),
                late(3, timedelta(hours=5), done=False),
                late(4, timedelta(seconds=20)),
            )
        )
        blocks = made("annex_late", make_context(numbers, details=details))
        rows = table(blocks, "late_sign")
        assert rows[0] == ["1", "2025040100001", "财政局", "2025-04-03 19:30", "2025-04-05 22:35", "2天3小时"]
        assert [row[-1] for row in rows[1:]] == ["20分", "5小时(未办)", "1分"]
        assert rows[2][4] == "—"
        assert not [block for block in blocks if isinstance(block, TableBlock) and block.id == "late_close"]

    def dissatisfied(self) -> Details:
        return Details(
            dissatisfied=(
                DissatisfiedOrder(
                    order_no="2025040100001",
                    unit="housing",
                    topic="housing",
                    subtopic="property-management",
                    requester="买买提·艾力",
                    content="买买提·艾力来电,电话13800001234,反映电梯停用。",
                    reply="已联系买买提·艾力。",
                ),
            )
        )

    def test_dissatisfied_orders_in_full_internally(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        ctx = make_context(numbers, details=self.dissatisfied())
        row = table(made("annex_dissatisfied", ctx), "dissatisfied")[0]
        assert row[2:5] == ["住建局", "物业管理", "买买提·艾力来电,电话13800001234,反映电梯停用。"]

    def test_persons_are_masked_in_public(self, numbers: Numbers, make_context: MakeContext) -> None:
        ctx = make_context(numbers, details=self.dissatisfied(), edition=Edition.PUBLIC)
        row = table(made("annex_dissatisfied", ctx), "dissatisfied")[0]
        assert row[4] == "买*****来电,电话138****1234,反映电梯停用。"
        assert row[5] == "已联系买*****。"


def test_an_unknown_option_is_the_profiles_fault(numbers: Numbers, make_context: MakeContext) -> None:
    with pytest.raises(BadProfile, match="没有选项“height”"):
        made("opening", make_context(numbers), height=3)
    with pytest.raises(BadProfile, match="类型不对"):
        made("opening", make_context(numbers), top="5")


def test_a_share_knows_what_it_is_a_share_of(numbers: Numbers, make_context: MakeContext) -> None:
    ctx = make_context(numbers.parts("orders.total", "topic", housing=1, traffic=2))
    assert ctx.facts.share("orders.total", topic="housing") == Figure(
        text="33.33",
        unit="%",
        value=ctx.facts.share("orders.total", topic="housing").value,  # type: ignore[union-attr]  # it is there
        indicator="orders.total",
        cut=(("topic", "housing"),),
        measure=Measure.SHARE,
    )
