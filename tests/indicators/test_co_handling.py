"""The profile says whether every unit of a co-handled order counts, or its lead alone: each city by both rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from indicator_ledgers import Row, ledger_of, random_rows
from indicator_recount import Recount, Recounted

from jieban.indicators.compute import Computation, compute
from jieban.indicators.errors import BadSnapshot
from jieban.indicators.explain import docs_markdown, explain
from jieban.indicators.model import Value
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY, indicator, words
from jieban.indicators.snapshot import freeze, open_snapshot
from jieban.kernel.typography import fullwidth
from jieban.ledger.parquet import write_parquet
from jieban.profile.city import Profile
from jieban.profile.load import load_profile
from jieban.profile.workflow import Counting

APRIL = Period.parse("2025-04")
CITIES = ("changji", "yunting")


def counting(profile: Profile, rule: Counting) -> Profile:
    """The city with one rule changed."""
    co_handling = replace(profile.workflow.co_handling, counting=rule)
    return replace(profile, workflow=replace(profile.workflow, co_handling=co_handling))


@pytest.fixture(params=CITIES)
def city(request: pytest.FixtureRequest) -> Profile:
    return load_profile(request.param)


def values(computed: Computation) -> Recounted:
    return {(name, window, cut): value for name, window, cut, value in computed.items()}


def test_the_cities_have_their_own_rule() -> None:
    rules = [load_profile(name).workflow.co_handling.counting for name in CITIES]
    assert rules == [Counting.EACH_UNIT, Counting.LEAD_ONLY]


@pytest.mark.parametrize("rule", Counting)
def test_by_either_rule_every_value_is_what_plain_counting_gives(
    city: Profile, rule: Counting, tmp_path: Path
) -> None:
    profile = counting(city, rule)
    rows = random_rows(profile, APRIL, seed=41, orders=400)
    computed = compute(ledger_of(rows), profile, APRIL)
    assert values(computed) == Recount(rows, profile, APRIL, computed.cutoff).run()
    write_parquet(ledger_of(rows), tmp_path)
    assert values(compute(tmp_path, profile, APRIL, engine="spark")) == values(computed)


def test_only_the_leads_count_as_if_the_others_were_not_in_the_ledger(city: Profile) -> None:
    rows = random_rows(city, APRIL, seed=42, orders=400)
    alone = {**rows, "handlings": [row for row in rows["handlings"] if row["role"] != "assist"]}
    each, leads = counting(city, Counting.EACH_UNIT), counting(city, Counting.LEAD_ONLY)
    # Known up to the middle of the month: some are not yet due.
    until = APRIL.instants(city.clock.tz)[0] + timedelta(days=15)
    of_all, of_leads, without = (
        values(compute(ledger_of(of), profile, APRIL, cutoff=until))
        for of, profile in ((rows, each), (rows, leads), (alone, each))
    )
    per_order = {key for key in without if key[0] == "handlings.per_order"}
    assert per_order
    assert of_leads == {key: value for key, value in without.items() if key not in per_order}
    # The order's own figures are the same by either rule: its units are all asked when it closes.
    orders = {key: value for key, value in of_all.items() if not key[0].startswith("handlings.")}
    assert orders == {key: value for key, value in of_leads.items() if not key[0].startswith("handlings.")}
    counted = {name for name in REGISTRY if name.startswith("handlings.")} - {"handlings.per_order"}
    # Every indicator of handlings is seen to move somewhere.
    still = {
        name for name in counted if all(of_all[key] == of_leads.get(key) for key in of_all if key[0] == name)
    }
    assert still == set()


def _order(number: int, at: datetime, **more: object) -> Row:
    return {
        "order_no": str(number),
        "disposition": "dispatched",
        "received_at": at,
        "dispatched_at": at,
        "request_type": "any",
        "topic": "any",
        "excluded": False,
        "reopen_count": 0,
        "closed_at": at + timedelta(days=3),
        "close_due_at": at + timedelta(days=2),
    } | more


def _handling(no: str, unit: str, role: str | None, at: datetime, days: int, **more: object) -> Row:
    return {
        "handling_no": no,
        "order_no": no.partition("-")[0],
        "unit": unit,
        "role": role,
        "dispatched_at": at,
        "signed_at": at,
        "closed_at": at + timedelta(days=days),
        "close_due_at": at + timedelta(days=1),
        "returned": False,
        "extension_days": 0,
        "rework_count": 0,
    } | more


@pytest.fixture
def by_eye(city: Profile) -> Mapping[str, list[Row]]:
    """Four orders: a late assisting unit, a returned and an extended one, one of unknown part, and no lead at all."""
    at = APRIL.instants(city.clock.tz)[0]
    first, second = list(city.units)[:2]
    return {
        "orders": [_order(number, at) for number in range(1, 5)],
        "handlings": [
            _handling("1-1", first, "lead", at, 1),
            _handling("1-2", second, "assist", at, 3),
            _handling("2-1", first, "lead", at, 1),
            _handling("2-2", second, "assist", at, 1, returned=True),
            _handling("2-3", second, "assist", at, 1, extension_days=3, rework_count=1),
            _handling("3-1", second, None, at, 3),
            _handling("4-1", second, "assist", at, 3),
        ],
    }


WHOLE = {
    "handlings.total": (6, 3),
    "handlings.late_close": (3, 1),
    "handlings.returns": (1, 0),
    "handlings.extensions": (1, 0),
    "handlings.rework": (1, 0),
    "orders.total": (4, 4),
    "orders.late_close": (4, 4),
}
"""What each rule counts of these, by eye: every unit, the lead alone."""


def test_what_counts_can_be_counted_by_eye(city: Profile, by_eye: Mapping[str, list[Row]]) -> None:
    each, leads = (compute(ledger_of(by_eye), counting(city, rule), APRIL) for rule in Counting)
    assert {name: (each.get(name).value, leads.get(name).value) for name in WHOLE} == WHOLE
    first, second = list(city.units)[:2]
    for unit, counts in ((first, (2, 2)), (second, (4, 1))):
        found = tuple(figures.get("handlings.total", unit=unit).value for figures in (each, leads))
        assert found == counts
    assert [leads.get("handlings.total", role=role).value for role in ("lead", "assist", "")] == [2, 0, 1]
    assert each.get("handlings.per_order").value is not None
    assert not leads.has("handlings.per_order")
    assert leads.get("handlings.return_rate") == Value(numerator=0, denominator=3, value=0)


def test_assisting_units_alone_say_nothing_of_leads(city: Profile, by_eye: Mapping[str, list[Row]]) -> None:
    assisting = [row for row in by_eye["handlings"] if row["role"] == "assist"]
    rows = {**by_eye, "handlings": assisting}
    assert not compute(ledger_of(rows), counting(city, Counting.LEAD_ONLY), APRIL).has("handlings.total")
    assert compute(ledger_of(rows), counting(city, Counting.EACH_UNIT), APRIL).has("handlings.total")


def test_a_snapshot_keeps_every_row_and_the_rule(
    city: Profile, by_eye: Mapping[str, list[Row]], tmp_path: Path
) -> None:
    each, leads = (counting(city, rule) for rule in Counting)
    freeze(ledger_of(by_eye), leads, APRIL, tmp_path / "frozen")
    frozen = open_snapshot(tmp_path / "frozen")
    assert dict(frozen.rows)["handlings"] == len(by_eye["handlings"])
    assert compute(frozen, leads, APRIL).get("handlings.total").value == WHOLE["handlings.total"][1]
    with pytest.raises(BadSnapshot, match="协办计数"):
        compute(frozen, each, APRIL)


@pytest.mark.parametrize("rule", Counting)
def test_the_counting_rule_is_told_as_the_city_has_it(city: Profile, rule: Counting) -> None:
    profile = counting(city, rule)
    other = next(words.CO_HANDLED_AS[each] for each in Counting if each is not rule)
    page = docs_markdown(profile)
    assert words.CO_HANDLED not in page
    assert other not in page
    for name, declared in REGISTRY.items():
        if declared.table != "handlings" or declared.of:
            continue
        assert words.CO_HANDLED in declared.definition
        assert words.CO_HANDLED_AS[rule] in indicator(name, profile).definition
        assert fullwidth(words.CO_HANDLED_AS[rule]) in explain(name, profile)
        assert words.CO_HANDLED_AS[rule] in page
    assert words.CO_HANDLED in docs_markdown()
