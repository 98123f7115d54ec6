"""Each section's sentences, for none, one and many."""

import pytest
from hand_figures import MakeContext, Numbers, told
from hand_sections import chart, made, table

from jieban.profile.city import BadProfile, Profile
from jieban.report.document import Figure, Heading, Measure


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
        numbers.parts("orders.total", "request_type", complaint=2)
        assert told(made("request_types", make_context(numbers))) == "本月诉求均为投诉类,计2件。"

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
            "本月共有1个单位承办工单,办理量合计5件。承办单位属市直部门。"
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
            "2025年4月1日至4月30日,群众诉求涉及一个方面:1.住房保障类(1件,占比100%)。涉及物业管理1件。"
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
            "本月无超期办结工单。超期工单明细见附件2。"
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

    def test_a_dissatisfied_order_without_a_lead_names_no_unit(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.count("orders.total", 9).count("orders.dissatisfied", 1)
        numbers.count("orders.dissatisfied", 1, unit="")
        assert "本月不满意工单1件。" in told(made("timeliness", make_context(numbers)))


class TestMailboxes:
    @pytest.mark.parametrize(
        ("counts", "said"),
        [
            ((0, 0, 0, 0), "州长信箱:本月未收到来信。"),
            ((73, 73, 73, 0), "州长信箱:本月收到来信73件,均已办结,其中转办73件。"),
            ((21, 21, 19, 2), "州长信箱:本月收到来信21件,均已办结,其中转办19件、直接答复2件。"),
            ((3, 0, 3, 0), "州长信箱:本月收到来信3件,均在办理中,其中转办3件。"),
            ((5, 4, 4, 1), "州长信箱:本月收到来信5件,已办结4件、正在办理1件,其中转办4件、直接答复1件。"),
            ((1, 1, 0, 1), "州长信箱:本月收到来信1件,已办结,直接答复1件。"),
            ((1, 0, 1, 0), "州长信箱:本月收到来信1件,在办理中,转办1件。"),
        ],
    )
    def test_the_sentence_of_a_mailbox(
        self, numbers: Numbers, make_context: MakeContext, counts: tuple[int, ...], said: str
    ) -> None:
        for name, number in zip(("received", "closed", "transferred", "answered"), counts, strict=True):
            numbers.count(f"letters.{name}", number).count(f"letters.{name}", number, mailbox="governor")
        assert told(made("mailboxes", make_context(numbers))).startswith(said)

    @pytest.mark.parametrize(
        ("counts", "said"),
        [
            (
                (5, 2, 2, 1, 0, 2),
                "收到来信5件,已办结2件、正在办理3件,其中转办2件、直接答复1件、尚待转办2件。",
            ),
            ((1, 0, 0, 0, 0, 1), "收到来信1件,在办理中,尚待转办1件。"),
            ((1, 0, 0, 0, 1, 0), "收到来信1件,不予受理1件。"),
            ((4, 3, 3, 0, 1, 0), "收到来信4件,已办结3件,其中转办3件、不予受理1件。"),
            ((4, 0, 3, 0, 1, 0), "收到来信4件,正在办理3件,其中转办3件、不予受理1件。"),
            (
                (6, 2, 3, 1, 1, 1),
                "已办结2件、正在办理3件,其中转办3件、直接答复1件、不予受理1件、尚待转办1件。",
            ),
        ],
    )
    def test_letters_that_were_refused_are_neither_closed_nor_open_and_those_in_hand_are_told(
        self, numbers: Numbers, make_context: MakeContext, counts: tuple[int, ...], said: str
    ) -> None:
        names = ("received", "closed", "transferred", "answered", "refused", "pending")
        for name, number in zip(names, counts, strict=True):
            numbers.count(f"letters.{name}", number).count(f"letters.{name}", number, mailbox="governor")
        assert said in told(made("mailboxes", make_context(numbers)))

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
