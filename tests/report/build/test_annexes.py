"""The annexes: every unit, the late handlings, the dissatisfied orders."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hand_figures import MakeContext, Numbers, halved, told
from hand_sections import made, table

from jieban.profile.city import Profile
from jieban.profile.model import Stage
from jieban.report.details import Details, DissatisfiedOrder, LateHandling
from jieban.report.document import Edition, TableBlock

XINJIANG = ZoneInfo("Asia/Shanghai")


class TestAnnexes:
    def test_every_unit_with_group_share_rates_and_change(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.parts("handlings.total", "unit", housing=3, sangong=1)
        numbers.rate("handlings.on_time_close", 2, 3, unit="housing")
        numbers.change("handlings.change_year_before", 3, 4, unit="housing")
        rows = table(made("annex_units", make_context(numbers), idle=False), "units")
        assert rows == [
            ["1", "住房和城乡建设局", "市直部门", "3", "75.00", "66.67", "—", "-25.00"],
            ["2", "三工镇", "乡镇", "1", "25.00", "—", "—", "—"],
            ["", "合计", "", "4", "100", "—", "—", "—"],
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

    def test_a_long_list_says_its_length_and_begins_with_the_longest(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        deadline = datetime(2025, 4, 3, 19, 30, tzinfo=XINJIANG)
        late = tuple(
            LateHandling(
                handling_no=f"{hours}-1",
                order_no=str(hours),
                unit="finance",
                stage=Stage.CLOSE,
                deadline=deadline,
                actual=deadline + timedelta(hours=hours),
                over=timedelta(hours=hours),
            )
            for hours in (3, 1, 9, 4)
        )
        ctx = make_context(numbers, details=Details(late=late))
        assert told(made("annex_late", ctx, limit=4, shown=2)) == ""
        blocks = made("annex_late", ctx, limit=3, shown=2)
        assert halved(told(blocks)) == ("超期办结工单共4件,此处列出超期最久的2件,全部清单见随附的工作簿。")
        [listed] = [block for block in blocks if isinstance(block, TableBlock)]
        assert listed.shown == 2
        assert [row[1] for row in table(blocks, "late_close")] == ["9", "4", "3", "1"]

    def test_a_long_list_of_dissatisfied_orders(self, numbers: Numbers, make_context: MakeContext) -> None:
        [order] = self.dissatisfied().dissatisfied
        ctx = make_context(numbers, details=Details(dissatisfied=(order, replace(order, order_no="2"))))
        blocks = made("annex_dissatisfied", ctx, limit=1, shown=1)
        assert halved(told(blocks)) == "不满意工单共2件,此处列出前1件,全部清单见随附的工作簿。"
        assert len(table(blocks, "dissatisfied")) == 2
