"""The registry as declarations: complete, consistent, explained, and printed on the page in docs."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from indicator_ledgers import Row, ledger_of

from jieban.indicators.compute import compute
from jieban.indicators.errors import BadSource, UnknownIndicator
from jieban.indicators.explain import as_dict, docs_markdown, explain
from jieban.indicators.grains import assign, conditions_of
from jieban.indicators.model import Figures, Indicator, Kind, Value, Window
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY, indicator
from jieban.indicators.wanted import wanted_measures
from jieban.kernel.typography import fullwidth
from jieban.ledger.parquet import write_parquet
from jieban.ledger.schema import Satisfaction
from jieban.profile.city import Profile

APRIL = Period.parse("2025-04")
BEIJING = ZoneInfo("Asia/Shanghai")

BRIEFED = [
    "orders.received",
    "orders.answered",
    "orders.refused",
    "orders.total",
    "orders.change_previous",
    "orders.change_year_before",
    "orders.on_time_sign",
    "orders.on_time_close",
    "orders.not_due_sign",
    "orders.not_due_close",
    "orders.satisfaction",
    "orders.satisfaction_all",
    "orders.satisfaction_called_back",
    "orders.satisfaction_weighted_06",
    "orders.satisfaction_weighted_09",
    "orders.dissatisfied",
    "orders.called_back",
    "orders.response",
    "orders.resolution",
    "orders.first_time_close",
    "orders.repeat",
    "orders.repeat_rate",
    "orders.sign_hours_median",
    "orders.sign_hours_p90",
    "orders.close_hours_median",
    "orders.close_hours_p90",
    "orders.in_hand",
    "orders.excluded",
    "orders.reopened",
    "orders.deadline_disagreements",
    "handlings.deadline_disagreements",
    "handlings.total",
    "handlings.change_previous",
    "handlings.change_year_before",
    "handlings.per_order",
    "handlings.on_time_sign",
    "handlings.on_time_close",
    "handlings.late_sign",
    "handlings.late_close",
    "handlings.returns",
    "handlings.return_rate",
    "handlings.extensions",
    "handlings.extension_rate",
    "handlings.rework",
    "handlings.sign_hours_median",
    "handlings.sign_hours_p90",
    "handlings.close_hours_median",
    "handlings.close_hours_p90",
    "handlings.in_hand",
    "letters.received",
    "letters.closed",
    "letters.transferred",
    "letters.answered",
    "letters.refused",
    "letters.pending",
]


def test_what_the_report_counts_on_is_there() -> None:
    assert set(BRIEFED) <= set(REGISTRY)


@pytest.mark.parametrize("declared", REGISTRY.values(), ids=lambda declared: declared.id)
def test_every_declaration_is_complete(declared: Indicator) -> None:
    assert declared.id.startswith(f"{declared.table}.")
    assert re.search(r"[\u4e00-\u9fff]", declared.label)
    assert declared.definition.endswith("。")
    assert declared.source
    assert declared.version >= 1
    assert () in declared.cuts
    divides = declared.kind in {Kind.RATE, Kind.WEIGHTED_RATE, Kind.QUANTILE, Kind.CHANGE, Kind.RATIO}
    assert bool(declared.denominator) == divides
    assert bool(declared.numerator) == (declared.kind is not Kind.CHOSEN)
    assert (declared.among is not None) == (declared.kind in {Kind.RATE, Kind.WEIGHTED_RATE, Kind.QUANTILE})
    assert (declared.unit == "%") == (
        declared.kind in {Kind.RATE, Kind.WEIGHTED_RATE, Kind.CHANGE, Kind.CHOSEN}
    )
    assert (declared.against is not None) == (declared.kind is Kind.CHANGE)
    for named in (declared.of, declared.per, *dict(declared.choices).values()):
        assert not named or named in REGISTRY
    if declared.kind is Kind.CHANGE:
        word = {Window.PREVIOUS: "环比", Window.YEAR_BEFORE: "同比"}[declared.against or Window.CURRENT]
        assert declared.label.endswith(word)
        assert set(declared.cuts) <= set(REGISTRY[declared.of].cuts)
    if declared.kind not in {Kind.CHANGE, Kind.RATIO, Kind.CHOSEN}:
        assert not (
            declared.table != "letters" and "信箱" in declared.definition.replace("信箱来信不计入", "")
        )


def test_every_cut_is_counted_by_some_grain() -> None:
    plans = assign(wanted_measures(tuple(Window)))
    counted = {(m.indicator.id, m.cut) for plan in plans for m in plan.measures if m.window is Window.CURRENT}
    for declared in REGISTRY.values():
        if any(True for _ in conditions_of(declared)) and declared.kind is not Kind.QUANTILE:
            assert {(declared.id, cut) for cut in declared.cuts} <= counted


def test_a_condition_reads_anything_that_has_flags() -> None:
    row = SimpleNamespace(
        dispatched=np.array([True, True]),
        excluded=np.array([False, True]),
        called_back=np.array([True, True]),
    )
    called_back = REGISTRY["orders.called_back"].counts
    assert called_back is not None
    assert called_back(row).tolist() == [True, False]


def test_the_page_in_docs_is_up_to_date(repo: Path) -> None:
    assert (repo / "docs" / "indicators.md").read_text("utf-8") == docs_markdown(), "run `make docs`"


def test_the_page_explains_every_indicator() -> None:
    page = docs_markdown()
    for declared in REGISTRY.values():
        assert f"### {declared.label} `{declared.id}`" in page
        assert declared.definition in page


def test_an_explanation_gives_the_whole_counting_rule(inland: Profile) -> None:
    text = explain("handlings.on_time_close")
    declared = REGISTRY["handlings.on_time_close"]
    for part in (declared.definition, declared.denominator, declared.open_rows, declared.source, "单位", "%"):
        assert fullwidth(part) in text
    chosen = explain("orders.satisfaction", inland)
    assert fullwidth(REGISTRY["orders.satisfaction_all"].definition) in chosen
    assert "满意率" in chosen.splitlines()[0]
    assert "orders.satisfaction" in chosen.splitlines()[0]
    assert "weighted_09" in explain("orders.satisfaction")


def test_a_declaration_is_plain_json() -> None:
    for declared in REGISTRY.values():
        plain = as_dict(declared)
        assert json.loads(json.dumps(plain, ensure_ascii=False)) == plain


def test_an_unknown_id_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownIndicator, match=r"orders\.total"):
        indicator("order.total")
    with pytest.raises(UnknownIndicator, match="indicators list"):
        explain("x")


# ---- figures published elsewhere


def _called_back(number: int, rating: Satisfaction) -> Row:
    return {
        "order_no": f"{rating}-{number}",
        "disposition": "dispatched",
        "received_at": APRIL.instants(BEIJING)[0],
        "dispatched_at": APRIL.instants(BEIJING)[0],
        "request_type": "complaint",
        "topic": "housing",
        "called_back": True,
        "satisfaction": rating.value,
        "reopen_count": 0,
        "excluded": False,
    }


def test_the_satisfaction_variants_give_the_published_figures(inland: Profile) -> None:
    ratings = {
        Satisfaction.VERY_SATISFIED: 300,
        Satisfaction.SATISFIED: 314,
        Satisfaction.BASICALLY_SATISFIED: 34,
        Satisfaction.DISSATISFIED: 22,
    }
    rows = [_called_back(n, rating) for rating, count in ratings.items() for n in range(count)]
    figures = compute(ledger_of({"orders": rows}), inland, APRIL)
    assert figures.get("orders.satisfaction_weighted_06") == Value(
        numerator=Decimal("634.4"), denominator=670, value=Decimal("94.69")
    )
    assert figures.get("orders.satisfaction_weighted_09").numerator == Decimal("644.6")
    assert figures.get("orders.satisfaction_called_back").value == Decimal("91.64")
    assert figures.get("orders.satisfaction_all").value == Decimal("96.72")

    unasked = [dict(_called_back(n, Satisfaction.NOT_RATED), called_back=False) for n in range(4565)]
    unhappy = [_called_back(n, Satisfaction.DISSATISFIED) for n in range(2)]
    seed = compute(ledger_of({"orders": [*unasked, *unhappy]}), inland, APRIL)
    assert seed.get("orders.satisfaction") == Value(numerator=4565, denominator=4567, value=Decimal("99.96"))
    named = {name: f"orders.satisfaction_{name}" for name in ("called_back", "weighted_06", "weighted_09")}
    for name, variant in named.items():
        profile = replace(inland, counting=replace(inland.counting, satisfaction=name))
        chosen = compute(ledger_of({"orders": rows}), profile, APRIL)
        assert chosen.get("orders.satisfaction") == chosen.get(variant)


# ---- figures as a value


def test_a_figure_is_found_with_its_dimensions_in_any_order() -> None:
    value = Value(numerator=3, denominator=None, value=3)
    cut = (("topic", "a"), ("street", "b"))
    figures = Figures({("x", Window.CURRENT): {cut: value}}, counts=["x"])
    assert figures.get("x", topic="a", street="b") == figures.get("x", street="b", topic="a") == value
    assert figures.get("x", topic="a").value == 0
    assert list(figures.rows("x", "topic", "street")) == [(("a", "b"), value)]
    assert not figures.has("x", Window.PREVIOUS)
    with pytest.raises(KeyError):
        figures.get("x", Window.PREVIOUS)


# ---- sources


def test_a_directory_without_a_table_or_a_column_is_refused_by_name(inland: Profile, tmp_path: Path) -> None:
    write_parquet(ledger_of({}), tmp_path)
    assert compute(tmp_path, inland, APRIL).get("orders.total").value == 0
    (tmp_path / "letters.parquet").unlink()
    with pytest.raises(BadSource, match=r"letters\.parquet"):
        compute(tmp_path, inland, APRIL)
    ledger = ledger_of({})
    lacking = replace(ledger, orders=ledger.orders.drop_columns(["sign_due_at"]))
    with pytest.raises(BadSource, match="应签收时间"):
        compute(lacking, inland, APRIL)


def test_a_comparison_without_data_is_left_open(inland: Profile) -> None:
    rows = [_called_back(n, Satisfaction.SATISFIED) for n in range(3)]
    figures = compute(ledger_of({"orders": rows}), inland, APRIL)
    assert not figures.has("orders.total", Window.PREVIOUS)
    for name in ("orders.change_previous", "orders.change_year_before"):
        assert figures.get(name) == Value(numerator=0, denominator=None, value=None)
    alone = compute(ledger_of({"orders": rows}), inland, APRIL, windows=())
    assert alone.get("orders.change_previous").value is None


def test_dates_that_cannot_be_make_nobody_late(inland: Profile) -> None:
    begin, end = APRIL.instants(inland.clock.tz)
    order = _called_back(1, Satisfaction.SATISFIED) | {
        "close_due_at": end,
        "signed_at": begin,
        "closed_at": end.replace(year=2059),
    }
    figures = compute(ledger_of({"orders": [order]}), inland, APRIL)
    assert figures.cutoff == begin
    assert figures.get("orders.not_due_close").value == 1
    assert figures.get("orders.in_hand").value == 1


def test_a_callback_is_the_latest_that_is_known(inland: Profile) -> None:
    begin, end = APRIL.instants(inland.clock.tz)
    order = _called_back(1, Satisfaction.SATISFIED) | {"dispatched_at": begin, "close_due_at": end}
    call = {"callback_no": "C1", "order_no": order["order_no"], "reached": True}
    days = timedelta(days=1)
    for called_at, cutoff in ((end + days, end + days), (end.replace(year=2059), begin)):
        rows = {"orders": [order], "callbacks": [call | {"called_at": called_at}]}
        figures = compute(ledger_of(rows), inland, APRIL)
        assert figures.cutoff == cutoff
        assert figures.get("orders.not_due_close").value == (cutoff == begin)
