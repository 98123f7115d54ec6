"""Printed changes held against what whole numbers allow."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hand_figures import MakeContext, Numbers
from hypothesis import given
from hypothesis import strategies as st

from jieban.kernel.numbers import change_percent
from jieban.profile.city import Profile
from jieban.profile.model import PrintedChange
from jieban.report.checks.model import Check, Result
from jieban.report.checks.printed import bases, check_printed
from jieban.report.context import Context
from jieban.report.document import Figure, plain


def test_no_number_of_orders_a_year_earlier_gives_the_printed_8_06_percent() -> None:
    found = bases(770, Decimal("8.06"))
    assert found is not None
    assert found.exact == ()
    assert (found.nearest, found.nearest_percent) == (713, Decimal("7.99"))


@pytest.mark.parametrize(
    ("count", "percent", "base"),
    [
        (1468, "22.03", 1203),
        (1076, "63.03", 660),
        (411, "-3.07", 424),
        (306, "18.60", 258),
        (4567, "6.11", 4304),
    ],
)
def test_the_other_printed_changes_come_of_one_base(count: int, percent: str, base: int) -> None:
    found = bases(count, Decimal(percent))
    assert found is not None
    assert found.exact == (base,)


@given(count=st.integers(1, 400), hundredths=st.integers(-10_200, 30_000), places=st.integers(0, 2))
def test_bases_are_all_that_a_search_through_every_number_finds(
    count: int, hundredths: int, places: int
) -> None:
    percent = (Decimal(hundredths) / 100).quantize(Decimal(1).scaleb(-places))
    found = bases(count, percent)
    searched = [base for base in range(1, 2000) if change_percent(count, base, places) == percent]
    if found is None:
        assert not searched
        return
    assert [base for base in found.exact if base < 2000] == searched
    if not found.exact:
        away = abs(found.nearest_percent - percent)
        others = (change_percent(count, base, places) for base in range(1, 2000))
        assert away <= min(abs(other - percent) for other in others if other is not None)


@given(count=st.integers(1, 5000), base=st.integers(1, 5000))
def test_the_base_that_a_change_came_of_is_always_found(count: int, base: int) -> None:
    percent = change_percent(count, base)
    assert percent is not None
    found = bases(count, percent)
    assert found is not None
    assert base in found.exact


def test_a_fall_by_everything_leaves_nothing() -> None:
    assert bases(3, Decimal("-100.00")) is None
    assert bases(0, Decimal("5.00")) is None


class TestVerdicts:
    """The published report of April 2025, against figures as they could be."""

    def checks(self, ctx: Context) -> dict[str, Check]:
        return {check.title.removeprefix("已发布报告中的"): check for check in check_printed(ctx)}

    def april(self, numbers: Numbers) -> Numbers:
        numbers.count("orders.total", 4567).change("orders.change_previous", 4567, 4304)
        numbers.change("orders.change_year_before", 4567, 3896)
        for unit, now, before in (
            ("housing", 1468, 1203),
            ("urban-management", 1076, 660),
            ("police", 770, 713),
            ("market-regulation", 411, 424),
            ("transport", 306, 258),
        ):
            numbers.count("handlings.total", now, unit=unit)
            numbers.change("handlings.change_year_before", now, before, unit=unit)
        return numbers

    def test_each_is_told_for_what_it_is(self, numbers: Numbers, make_context: MakeContext) -> None:
        checks = self.checks(make_context(self.april(numbers)))
        assert [check.result for check in checks.values()] == [
            Result.NOTE,
            Result.OK,
            Result.OK,
            Result.NOTE,
            Result.OK,
            Result.OK,
        ]
        assert plain(checks["转派工单"].detail) == ("印为4567件、同比6.11%,按数据这是环比,本报告以环比称之。")
        assert "没有任何整数基数能得出这一变化,最接近的基数为713件,变化为7.99%" in plain(
            checks["公安局承办量"].detail
        )
        assert "同比-3.07%,与计算一致" in plain(checks["市场监督管理局承办量"].detail)

    def test_every_number_is_a_figure(self, numbers: Numbers, make_context: MakeContext) -> None:
        police = self.checks(make_context(self.april(numbers)))["公安局承办量"]
        assert [run.value for run in police.detail if isinstance(run, Figure)] == [
            770,
            Decimal("8.06"),
            713,
            Decimal("7.99"),
        ]

    def test_another_count_makes_the_change_idle(self, numbers: Numbers, make_context: MakeContext) -> None:
        self.april(numbers).count("handlings.total", 771, unit="police")
        police = self.checks(make_context(numbers))["公安局承办量"]
        assert police.result is Result.WARNING
        assert "而台账为771件" in plain(police.detail)

    def test_a_change_that_could_be_but_isnt_so_is_a_warning(
        self, numbers: Numbers, make_context: MakeContext
    ) -> None:
        self.april(numbers).change("handlings.change_year_before", 306, 300, unit="transport")
        transport = self.checks(make_context(numbers))["交通局承办量"]
        assert transport.result is Result.WARNING
        assert "按台账计算为2.00%" in plain(transport.detail)
        numbers.change("handlings.change_year_before", 306, None, unit="transport")
        assert "按台账计算为无可比数据" in plain(self.checks(make_context(numbers))["交通局承办量"].detail)

    def test_an_impossible_fall(self, numbers: Numbers, make_context: MakeContext, changji: Profile) -> None:
        document = changji.publication.documents["2025-04"]
        fallen = PrintedChange(
            of="orders.total", cut={"topic": "housing"}, count=3, percent="-100.00", called="previous"
        )
        publication = replace(
            changji.publication, documents={"2025-04": replace(document, printed=(fallen,))}
        )
        numbers.count("orders.total", 3, topic="housing")
        ctx = make_context(numbers, profile=replace(changji, publication=publication))
        (check,) = check_printed(ctx)
        assert check.title == "已发布报告中的住房保障类转派工单"
        assert "没有任何基数能得出" in plain(check.detail)

    def test_a_month_that_was_not_published_has_none(
        self, numbers: Numbers, make_context: MakeContext, yunting: Profile
    ) -> None:
        assert list(check_printed(make_context(numbers, profile=yunting))) == []
