"""Sums, shares, labels, denominators, rows: each check right, and found out when it isn't."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hand_figures import MakeContext, Numbers
from hypothesis import given
from hypothesis import strategies as st

from jieban.indicators.model import Value, Window
from jieban.kernel.numbers import percent
from jieban.profile.city import Profile
from jieban.profile.model import Stage
from jieban.report.checks.explained import check_explained
from jieban.report.checks.labels import check_labels
from jieban.report.checks.model import Check, Result, worst
from jieban.report.checks.rows import check_rows
from jieban.report.checks.sums import SUMS, Sum, check_sums
from jieban.report.context import Context
from jieban.report.details import Details, DissatisfiedOrder, Flag, Intake, LateHandling
from jieban.report.document import plain

OK, NOTE, WARNING, FAILED = Result.OK, Result.NOTE, Result.WARNING, Result.FAILED


def by_id(checks: Iterable[Check]) -> dict[str, Check]:
    listed = list(checks)
    found = {check.id: check for check in listed}
    assert len(found) == len(listed), "every check has an id of its own"
    return found


def said(check: Check) -> str:
    return plain((*check.detail, *check.explanation))


class TestSums:
    def test_parts_that_make_the_whole(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("orders.total", "request_type", complaint=3, help=1)
        check = by_id(check_sums(make_context(numbers)))["sums.orders.total.request_type"]
        assert (check.result, check.title) == (OK, "转派工单按诉求类型的合计")
        assert said(check) == "各项之和4件,与总数4件一致。"

    def test_parts_that_do_not(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("orders.total", "request_type", complaint=3, help=1).count("orders.total", 5)
        check = by_id(check_sums(make_context(numbers)))["sums.orders.total.request_type"]
        assert check.result is FAILED
        assert said(check) == "各项之和4件,与总数5件不一致,请检查台账。"

    def test_parts_without_a_code_are_parts(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 5).count("orders.total", 3, street="sangong")
        assert by_id(check_sums(make_context(numbers)))["sums.orders.total.street"].result is FAILED
        numbers.count("orders.total", 2, street="")
        assert by_id(check_sums(make_context(numbers)))["sums.orders.total.street"].result is OK

    def test_subtopics_make_their_topic(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("orders.total", "topic", housing=3, societies=2)
        numbers.count("orders.total", 3, topic="housing", subtopic="property-management")
        numbers.count("orders.total", 2, topic="societies", subtopic="")
        check = by_id(check_sums(make_context(numbers)))["sums.orders.total.topic.subtopic"]
        assert (check.result, said(check)) == (OK, "逐一核对2项,均与上级数一致。")
        numbers.count("orders.total", 1, topic="societies", subtopic="")
        check = by_id(check_sums(make_context(numbers)))["sums.orders.total.topic.subtopic"]
        assert check.result is FAILED
        assert said(check) == "有1项与上级数不一致,其一为各项之和1件而上级数为2件,请检查台账。"

    def test_units_make_their_groups(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("handlings.total", "unit", housing=3, gas_huanyu=1, sangong=2)
        numbers.parts("handlings.total", "unit_group", municipal=4, township=2)
        assert by_id(check_sums(make_context(numbers)))["sums.handlings.total.unit_group.unit"].result is OK
        numbers.count("handlings.total", 5, unit_group="municipal")
        check = by_id(check_sums(make_context(numbers)))["sums.handlings.total.unit_group.unit"]
        assert check.result is FAILED
        assert "各项之和4件而上级数为5件" in said(check)

    def test_letters_are_transferred_or_answered(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("letters.received", 21).count("letters.transferred", 19).count("letters.answered", 2)
        numbers.count("letters.refused", 0).count("letters.pending", 0)
        assert by_id(check_sums(make_context(numbers)))["sums.letters.ways"].result is OK
        numbers.count("letters.answered", 0).count("letters.refused", 1).count("letters.pending", 1)
        assert by_id(check_sums(make_context(numbers)))["sums.letters.ways"].result is OK
        numbers.count("letters.pending", 0)
        assert by_id(check_sums(make_context(numbers)))["sums.letters.ways"].result is FAILED

    @pytest.mark.parametrize("one", SUMS, ids=lambda one: ".".join((one.indicator, *one.within, one.by)))
    def test_a_single_row_amiss_is_found_in_every_sum(
        self, numbers: Numbers, make_context: MakeContext, one: Sum
    ) -> None:
        cut = dict.fromkeys((*one.within, one.by), "a")
        whole = dict.fromkeys(one.within, "a")
        name = ".".join(("sums", one.indicator, *cut))
        numbers.count(one.indicator, 7).count(one.indicator, 7, **cut)
        numbers.count(one.indicator, 7, **whole)
        assert by_id(check_sums(make_context(numbers)))[name].result is OK
        numbers.count(one.indicator, 6, **cut)
        assert by_id(check_sums(make_context(numbers)))[name].result is FAILED


class TestShares:
    def shares(self, numbers: Numbers, make_context: MakeContext) -> Check:
        return by_id(check_sums(make_context(numbers)))["shares.orders.total.request_type"]

    def test_the_published_types_sum_to_99_99(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts(
            "orders.total",
            "request_type",
            complaint=3751,
            praise=298,
            help=187,
            suggestion=170,
            inquiry=131,
            report=28,
            other=2,
        )
        check = self.shares(numbers, make_context)
        assert check.result is NOTE
        assert plain(check.detail) == "印出的占比之和为99.99%,四舍五入容许的出入为0.035个百分点。"
        assert check.explanation

    def test_an_exact_sum_needs_no_words(self, numbers: Numbers, make_context: MakeContext) -> None:
        check = self.shares(numbers.parts("orders.total", "request_type", complaint=1, help=1), make_context)
        assert (check.result, said(check)) == (OK, "印出的占比之和为100.00%。")

    def test_more_than_rounding_can_do_is_a_fault(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("orders.total", "request_type", complaint=5001, help=5000).count("orders.total", 10_000)
        assert self.shares(numbers, make_context).result is NOTE
        numbers.count("orders.total", 5002, request_type="complaint")
        assert self.shares(numbers, make_context).result is FAILED

    @given(st.lists(st.integers(1, 900), min_size=1, max_size=12))
    def test_rounded_shares_of_real_parts_never_exceed_the_tolerance(self, parts: list[int]) -> None:
        shares = [percent(part, sum(parts)) or Decimal(0) for part in parts]
        assert abs(sum(shares) - 100) <= len(parts) * Decimal("0.005")


class TestLabels:
    def test_a_change_is_computed_again_from_the_other_periods_own_count(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.count("orders.total", 4567).count("orders.total", 4304, Window.PREVIOUS)
        numbers.change("orders.change_previous", 4567, 4304)
        check = by_id(check_labels(make_context(numbers)))["labels.orders.change_previous"]
        assert (check.result, check.title) == (OK, "转派工单的环比")
        assert said(check) == "对比时段为2025年3月1日至3月31日,基数4304件,重新计算为6.11%,称谓与时段相符。"

    @pytest.mark.parametrize("base", [4303, 4305])
    def test_a_change_against_another_base_is_found(
        self, numbers: Numbers, make_context: MakeContext, base: int
    ) -> None:
        numbers.count("orders.total", 4567).count("orders.total", base, Window.YEAR_BEFORE)
        numbers.change("orders.change_year_before", 4567, 4304)
        check = by_id(check_labels(make_context(numbers)))["labels.orders.change_year_before"]
        assert check.result is FAILED
        assert "对比时段为2024年4月1日至4月30日" in said(check)

    def test_a_wrongly_rounded_change_is_found(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 4567)
        numbers.values["orders.change_previous", Window.CURRENT] = {
            (): Value(numerator=263, denominator=4304, value=Decimal("6.12"))
        }
        assert by_id(check_labels(make_context(numbers)))["labels.orders.change_previous"].result is FAILED

    def test_nothing_to_compare_nothing_to_check(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 4567).change("orders.change_previous", 4567, None)
        assert "labels.orders.change_previous" not in by_id(check_labels(make_context(numbers)))

    def test_names(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.parts("orders.total", "channel", phone=2)
        assert by_id(check_labels(make_context(numbers)))["labels.names"].result is OK
        numbers.count("orders.total", 3, channel="")
        check = by_id(check_labels(make_context(numbers)))["labels.names"]
        assert (check.result, said(check)) == (NOTE, "有3件缺少某项分类、渠道或地点,归入“未注明”。")
        numbers.count("handlings.total", 1, unit="ministry-of-magic")
        check = by_id(check_labels(make_context(numbers)))["labels.names"]
        assert check.result is WARNING
        assert "ministry-of-magic" in said(check)

    def test_a_numerator_beyond_its_denominator_is_found(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        numbers.rate("handlings.on_time_sign", 9, 10).rate("handlings.on_time_sign", 1, 1, unit="police")
        check = by_id(check_labels(make_context(numbers)))["denominators.rates"]
        assert (check.result, said(check)) == (OK, "核对比率2项,分子均不大于分母。")
        numbers.rate("handlings.on_time_sign", 2, 1, unit="police")
        check = by_id(check_labels(make_context(numbers)))["denominators.rates"]
        assert check.result is FAILED
        assert said(check) == "有1项的分子大于分母,其一为承办按期签收率,请检查。"

    def test_which_satisfaction_it_is(
        self, numbers: Numbers, make_context: MakeContext, yunting: Profile
    ) -> None:
        numbers.rate("orders.satisfaction", 4565, 4567)
        check = by_id(check_labels(make_context(numbers)))["denominators.satisfaction"]
        assert plain(check.detail) == "分子4565件,分母4567件,满意率99.96%。"
        ours = plain(check.explanation)
        theirs = by_id(check_labels(make_context(numbers, profile=yunting)))["denominators.satisfaction"]
        assert ours == "算法为(本期工单件数-不满意件数)÷本期工单件数。"
        assert plain(theirs.explanation) != ours


class TestExplained:
    def test_more_handlings_than_orders(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 4567).count("handlings.total", 5932)
        numbers.level("handlings.per_order", "1.299")
        check = by_id(check_explained(make_context(numbers)))["explained.handlings"]
        assert check.result is NOTE
        assert said(check).startswith("转派工单4567件与承办量5932件是两个口径")
        assert "平均每件工单由1.30个单位承办" in said(check)
        numbers.count("handlings.total", 4567)
        assert "explained.handlings" not in by_id(check_explained(make_context(numbers)))

    def test_all_in_time_beside_late_handlings(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.rate("orders.on_time_sign", 100, 100).rate("handlings.on_time_sign", 5896, 5932)
        numbers.count("handlings.late_sign", 36)
        check = by_id(check_explained(make_context(numbers)))["explained.levels_sign"]
        assert "工单按期签收率100%与各单位超期签收36件并不矛盾" in said(check)
        assert "按后者计,按期签收率为99.39%" in said(check)
        numbers.count("handlings.late_sign", 0)
        assert not by_id(check_explained(make_context(numbers)))

    def test_one_word_with_two_figures(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.count("orders.total", 298, request_type="praise").count(
            "orders.total", 396, topic="government"
        )
        numbers.count("orders.total", 293, topic="government", subtopic="praise")
        numbers.count("orders.total", 2, request_type="other")
        numbers.count("orders.total", 5, topic="government", subtopic="other")
        (check,) = check_explained(make_context(numbers))
        assert said(check) == (
            "“表扬”有两个数:作为诉求类型为298件,作为“党务政务类”之下的热点分类为293件,两种分类彼此独立。"
        )
        numbers.count("orders.total", 298, topic="government", subtopic="praise")
        assert list(check_explained(make_context(numbers))) == []

    def test_two_rates_of_satisfaction(self, numbers: Numbers, make_context: MakeContext) -> None:
        numbers.rate("orders.satisfaction", 4565, 4567).rate("orders.satisfaction_called_back", 2848, 3260)
        (check,) = check_explained(make_context(numbers))
        assert "群众满意率99.96%与回访口径的满意率87.36%算法不同" in said(check)
        assert "前者分母为4567件,后者只以有效回访的3260件为分母" in said(check)


class TestRows:
    def check(self, ctx: Context, name: str) -> Check:
        return by_id(check_rows(ctx))[name]

    def test_rows_that_were_rejected_are_told(self, numbers: Numbers, make_context: MakeContext) -> None:
        details = Details(intake=(Intake(table="工单", read=10, accepted=8, rejected=1, left_out=1),))
        check = self.check(make_context(numbers, details=details), "rows.intake.工单")
        assert (check.result, said(check)) == (WARNING, "读入10行,接收8行,拒收1行,按规则略去1行。")
        details = Details(intake=(Intake(table="工单", read=10, accepted=8, rejected=0, left_out=2),))
        assert self.check(make_context(numbers, details=details), "rows.intake.工单").result is OK

    def test_rows_that_do_not_add_up_are_a_fault(self, numbers: Numbers, make_context: MakeContext) -> None:
        details = Details(intake=(Intake(table="工单", read=10, accepted=8, rejected=0, left_out=1),))
        assert self.check(make_context(numbers, details=details), "rows.intake.工单").result is FAILED

    def test_doubtful_rows(self, numbers: Numbers, make_context: MakeContext) -> None:
        assert self.check(make_context(numbers), "rows.flags").result is OK
        details = Details(
            flags=(
                Flag(table="工单", code="unknown_street", rows=3),
                Flag(table="承办", code="second_lead", rows=1),
            )
        )
        check = self.check(make_context(numbers, details=details), "rows.flags")
        assert check.result is WARNING
        assert said(check).startswith("存疑情况:工单3行,街道乡镇不在配置中;承办1行,")

    def test_orders_of_other_days(self, numbers: Numbers, make_context: MakeContext) -> None:
        assert self.check(make_context(numbers), "rows.outside").result is OK
        check = self.check(make_context(numbers, details=Details(outside=12)), "rows.outside")
        assert check.result is NOTE
        assert "有12行工单" in said(check)

    @pytest.mark.parametrize(("number", "result"), [(0, OK), (2, WARNING)])
    def test_deadlines_of_the_file_that_say_otherwise(
        self, numbers: Numbers, make_context: MakeContext, number: int, result: Result
    ) -> None:
        numbers.count("orders.deadline_disagreements", number)
        check = self.check(make_context(numbers), "rows.orders.deadline_disagreements")
        assert check.result is result
        assert f"有{number}件" in said(check)
        assert ("以算出的结论为准" in said(check)) is bool(number)

    def test_provisional_data(self, numbers: Numbers, make_context: MakeContext) -> None:
        zone = ZoneInfo("Asia/Shanghai")
        whole = self.check(make_context(numbers), "rows.cutoff")
        assert (whole.result, said(whole)) == (OK, "数据截至2025年5月3日16:00,覆盖整个统计时段。")
        numbers.count("orders.not_due_close", 47).count("orders.without_due_close", 1)
        open_orders = self.check(make_context(numbers), "rows.cutoff")
        assert open_orders.result is NOTE
        assert "在办工单47件,不计入按期办结率;没有办结期限的工单1件" in said(open_orders)
        early = make_context(numbers, cutoff=datetime(2025, 4, 30, 23, 59, tzinfo=zone))
        assert self.check(early, "rows.cutoff").result is WARNING
        assert (
            self.check(make_context(numbers, cutoff=datetime(2025, 5, 1, tzinfo=zone)), "rows.cutoff").result
            is NOTE
        )

    def test_the_annexes_lists_are_as_long_as_their_figures(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        late = LateHandling(
            handling_no="1-1",
            order_no="1",
            unit="police",
            stage=Stage.SIGN,
            deadline=None,
            actual=None,
            over=timedelta(0),
        )
        order = DissatisfiedOrder(
            order_no="1", unit="police", topic="", subtopic="", requester="", content="", reply=""
        )
        numbers.parts("handlings.late_sign", "unit", police=1).count("orders.dissatisfied", 1)
        ctx = make_context(numbers, details=Details(late=(late,), dissatisfied=(order,)))
        assert self.check(ctx, "lists.handlings.late_sign").result is OK
        assert self.check(ctx, "lists.orders.dissatisfied").result is OK
        short = make_context(numbers, details=Details(dissatisfied=(order,)))
        assert self.check(short, "lists.handlings.late_sign").result is FAILED
        assert said(self.check(short, "lists.handlings.late_sign")) == "清单0行,与数字1件不一致,请检查。"


def test_the_gravest_result_is_the_whole_s() -> None:
    def check(result: Result) -> Check:
        return Check(id="x", title="", result=result, detail=())

    assert worst([]) is OK
    assert worst([check(NOTE), check(OK)]) is NOTE
    assert worst([check(WARNING), check(FAILED), check(NOTE)]) is FAILED
