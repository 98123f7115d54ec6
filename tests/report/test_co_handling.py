"""What a report says and lists where every unit of an order counts, and where its lead alone does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from hand_figures import APRIL, city, halved
from hand_ledger import ZONE, at, ledger

from jieban.indicators.compute import compute
from jieban.ledger.schema import Ledger
from jieban.profile.city import Profile
from jieban.profile.workflow import Counting
from jieban.report.build import build_report
from jieban.report.checks.model import Check, Result
from jieban.report.details import Details, Tally
from jieban.report.document import Edition, Note, Paragraph, plain
from jieban.report.query import read_details

CUTOFF = datetime(2025, 5, 3, 16, tzinfo=ZONE)
ORDERS = 6


@dataclass(frozen=True)
class Made:
    text: str
    checks: Mapping[str, Check]
    details: Details

    def detail(self, check: str) -> str:
        return halved(plain(self.checks[check].detail))


def counting(profile: Profile, rule: Counting) -> Profile:
    co_handling = replace(profile.workflow.co_handling, counting=rule)
    return replace(profile, workflow=replace(profile.workflow, co_handling=co_handling))


def month(profile: Profile, *, unled: bool = False, held_up: bool = False) -> Ledger:
    """Six orders of one unit, assisted by another: late once, returned once; one merged away; one of unknown part."""
    first, second = (unit.code for unit in profile.units.valid_on(APRIL.last)[:2])
    common = {"request_type": next(iter(profile.request_types)), "topic": next(iter(profile.order_topics))}
    done = {"signed_at": at(1, 11), "closed_at": at(3)}
    due = {"sign_due_at": at(2), "close_due_at": at(8)}
    orders = [
        {"order_no": str(number), **common, **done, "sign_due_at": at(5), "close_due_at": at(20)}
        for number in range(1, ORDERS + 1)
    ]
    orders.append({"order_no": "7", **common, "disposition": "merged"})
    handlings = [
        {"handling_no": f"{number}-1", "order_no": str(number), "unit": first, **done, **due}
        for number in range(1, ORDERS + 2)
    ]
    handlings[2]["role"] = None
    if unled:
        handlings[3]["role"] = "assist"
    helping = {"unit": second, "role": "assist", **done, **due}
    handlings += [
        {"handling_no": "1-2", "order_no": "1", **helping},
        {"handling_no": "2-2", "order_no": "2", **helping, "closed_at": at(9)},
        {"handling_no": "3-2", "order_no": "3", **helping, "returned": True},
        {"handling_no": "7-2", "order_no": "7", **helping},
    ]
    if held_up:
        orders[1]["closed_at"] = handlings[-3]["closed_at"] = at(21)
    return ledger(orders, handlings)


def made(profile: Profile, rows: Ledger) -> Made:
    figures = compute(rows, profile, APRIL, cutoff=CUTOFF, windows=())
    details = read_details(rows, figures)
    report = build_report(
        figures,
        profile,
        APRIL,
        edition=Edition.INTERNAL,
        cutoff=CUTOFF,
        issued=CUTOFF,
        details=details,
        demo=False,
    )
    said = [plain(block.runs) for block in report.document.blocks if isinstance(block, Paragraph | Note)]
    return Made(halved("\n".join(said)), {check.id: check for check in report.checks}, details)


@pytest.fixture(params=["changji", "yunting"])
def profile(request: pytest.FixtureRequest) -> Profile:
    return city(request.param)


@pytest.fixture
def each(profile: Profile) -> Made:
    profile = counting(profile, Counting.EACH_UNIT)
    return made(profile, month(profile))


@pytest.fixture
def leads(profile: Profile) -> Made:
    profile = counting(profile, Counting.LEAD_ONLY)
    return made(profile, month(profile))


def test_every_unit_counts(each: Made) -> None:
    assert "一件工单由几个单位承办的,在各单位分别计数。本月共有2个单位承办工单,办理量合计8件" in each.text
    assert "平均每件工单由1.33个单位承办" in each.text
    assert "转派工单6件与承办量8件是两个口径" in each.text
    assert "本月超期办结工单1件" in each.text
    assert "只计主办" not in each.text
    assert "rows.handlings" not in each.checks
    assert [one.order_no for one in each.details.late] == ["2"]


def test_the_lead_alone_counts_and_the_report_says_so(leads: Made) -> None:
    assert (
        "一件工单由几个单位承办的,只计主办单位,协办的不计。本月共有1个单位主办工单,办理量合计6件"
        in leads.text
    )
    assert (
        "承办量6件只计主办单位:一件工单由几个单位承办的,主办计一件,协办的(本期2行)不计入办理量,"
        "也不计入各单位的其他数字,未注明主办、协办的照计。"
        "工单本身仍以全部承办(含协办)办结为办结。"
    ) in leads.text
    for untrue in (
        "在各单位分别计数",
        "个单位承办工单",
        "派给几个单位即计几件",
        "各单位各计一件",
        "承办环节",
        "不等",
    ):
        assert untrue not in leads.text
    assert "本月无超期办结工单" in leads.text
    assert leads.details.late == ()
    assert leads.checks["explained.handlings"].title == "承办量只计主办"


def test_what_became_of_every_handling_is_told_and_adds_up(leads: Made) -> None:
    # 7 led, 4 helping: of these the merged order's two and the returned one count by no rule.
    assert leads.details.handlings == Tally(rows=11, counted=6, returned=1, void=2, aside=2)
    assert leads.checks["rows.handlings"].result is Result.OK
    assert leads.detail("rows.handlings") == (
        "本期承办11行:计入6行,协办不计2行,获准退单1行,并单、拆单的原单2行;与承办量6件一致。"
    )
    assert Result.FAILED not in {check.result for check in leads.checks.values()}


def test_a_figure_that_is_not_what_the_rows_make_is_found(profile: Profile) -> None:
    leads, each = (counting(profile, rule) for rule in (Counting.LEAD_ONLY, Counting.EACH_UNIT))
    rows = month(profile)
    wrong = compute(rows, each, APRIL, cutoff=CUTOFF, windows=())
    right = compute(rows, leads, APRIL, cutoff=CUTOFF, windows=())
    report = build_report(
        wrong,
        leads,
        APRIL,
        edition=Edition.INTERNAL,
        cutoff=CUTOFF,
        issued=CUTOFF,
        details=read_details(rows, right),
        demo=False,
    )
    checks = {check.id: check for check in report.checks}
    assert checks["rows.handlings"].result is Result.FAILED
    assert checks["lists.handlings.late_close"].result is Result.FAILED


def test_an_order_without_a_lead_counts_at_no_unit_and_the_difference_is_explained(profile: Profile) -> None:
    profile = counting(profile, Counting.LEAD_ONLY)
    found = made(profile, month(profile, unled=True))
    assert "办理量合计5件" in found.text
    assert "没有主办的工单不计,故承办量与转派工单6件不等。" in found.text
    assert found.details.handlings.aside == 3


def test_an_order_that_a_helper_held_up_is_no_contradiction(profile: Profile, leads: Made) -> None:
    profile = counting(profile, Counting.LEAD_ONLY)
    found = made(profile, month(profile, held_up=True))
    assert "工单按期签收率100%,按期办结率83.33%" in found.text
    assert "本月无超期办结工单" in found.text
    sentence = "因此主办单位按期办结的,工单仍可能因协办单位而超期。"
    assert sentence in found.text
    assert sentence not in leads.text
