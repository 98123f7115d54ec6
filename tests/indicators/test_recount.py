"""Every indicator, every cut, every window: computed by the engine and counted again in plain Python."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from indicator_ledgers import ledger_of, random_rows, without_columns
from indicator_recount import Recount, Recounted

from jieban.indicators.compute import Computation, compute
from jieban.indicators.model import Kind, Value
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY
from jieban.profile.city import Profile

PERIODS = [
    "2025-04",
    "2025-03",
    "2024-11",
    "2025-W14",
    "2025-Q1",
    "2024",
    "2025-03-01..2025-03-17",
    "2024-02-29",
]


def everything(computed: Computation) -> Recounted:
    return {(name, window, cut): value for name, window, cut, value in computed.items()}


def same(computed: Computation, recounted: Recounted) -> None:
    ours = everything(computed)
    differing = {
        key: (ours.get(key), recounted.get(key))
        for key in {*ours, *recounted}
        if ours.get(key) != recounted.get(key)
    }
    assert differing == {}


@pytest.mark.parametrize("text", PERIODS)
def test_every_value_is_what_plain_counting_gives(profile: Profile, text: str) -> None:
    period = Period.parse(text)
    rows = random_rows(profile, period, seed=len(text) * 7 + period.length, orders=500)
    computed = compute(ledger_of(rows), profile, period)
    same(computed, Recount(rows, profile, period, computed.cutoff).run())
    counting = profile.workflow.co_handling.counting
    known = {
        declared.id
        for declared in REGISTRY.values()
        if (profile.mailboxes or declared.table != "letters") and declared.counting in {None, counting}
    }
    assert {name for name, *_ in everything(computed)} == known
    soon = period.instants(profile.clock.tz)[1] + timedelta(days=5)
    same(compute(ledger_of(rows), profile, period, cutoff=soon), Recount(rows, profile, period, soon).run())


@pytest.mark.parametrize("seed", range(5))
def test_small_and_empty_ledgers_with_any_cutoff(profile: Profile, seed: int) -> None:
    period = Period.parse("2025-03")
    rows = random_rows(profile, period, seed=seed, orders=seed**2)
    cutoff = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(days=25 * seed, hours=seed)
    computed = compute(ledger_of(rows), profile, period, cutoff=cutoff)
    same(computed, Recount(rows, profile, period, cutoff).run())


@pytest.mark.parametrize("files", [1, 2])
@pytest.mark.parametrize("seed", range(6))
def test_what_files_had_no_column_for_is_not_computed(profile: Profile, seed: int, files: int) -> None:
    period = Period.parse("2025-03")
    rows = without_columns(random_rows(profile, period, seed=seed, orders=120), seed=seed, files=files)
    computed = compute(ledger_of(rows), profile, period)
    same(computed, Recount(rows, profile, period, computed.cutoff).run())


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana", "Pacific/Apia"])
def test_days_and_hours_are_local_whatever_the_clocks_do(inland: Profile, zone: str) -> None:
    profile = replace(inland, clock=replace(inland.clock, tz=ZoneInfo(zone)))
    for text in ("2011", "2025-11-02..2025-11-02"):
        period = Period.parse(text)
        rows = random_rows(profile, period, seed=5, orders=150)
        computed = compute(ledger_of(rows), profile, period)
        same(computed, Recount(rows, profile, period, computed.cutoff).run())


def test_a_rates_numerator_never_exceeds_its_denominator(profile: Profile) -> None:
    period = Period.parse("2025-04")
    computed = compute(ledger_of(random_rows(profile, period, seed=3, orders=800)), profile, period)
    rates = [
        value
        for name, _, _, value in computed.items()
        if REGISTRY[name].kind in {Kind.RATE, Kind.WEIGHTED_RATE, Kind.CHOSEN}
    ]
    assert len(rates) > 50
    for value in rates:
        assert value.denominator is not None
        assert 0 <= value.numerator <= value.denominator
        assert (value.value is None) == (value.denominator == 0)


def test_the_parts_of_a_cut_add_up_to_the_whole(profile: Profile) -> None:
    period = Period.parse("2025-04")
    computed = compute(ledger_of(random_rows(profile, period, seed=4, orders=800)), profile, period)
    summed = 0
    for indicator in REGISTRY.values():
        if indicator.kind is not Kind.COUNT or not computed.has(indicator.id):
            continue
        whole = computed.get(indicator.id).numerator
        for cut in indicator.cuts:
            parts = [value.numerator for _, value in computed.rows(indicator.id, *cut)]
            assert sum(parts) == whole, (indicator.id, cut)
            summed += 1
    assert summed > 50


def test_an_empty_ledger_counts_nothing_and_divides_by_nothing(profile: Profile) -> None:
    computed = compute(ledger_of({}), profile, Period.parse("2025-04"))
    for name, _, cut, value in computed.items():
        if cut and cut[0][0] not in {"day", "hour", "weekday"}:
            pytest.fail(f"{name} has a part without rows")
        wanted = 0 if REGISTRY[name].kind is Kind.COUNT else None
        assert value.value == wanted, name
    assert computed.get("orders.total", topic="never") == Value(numerator=0, denominator=None, value=0)
    assert computed.get("handlings.on_time_sign", unit="never").value is None
