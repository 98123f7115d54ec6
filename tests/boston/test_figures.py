"""Every indicator of a real month, by every cut and window, against plain pandas on the raw file."""

import pandas as pd
import pytest
from boston_recount import UNTOLD, ZONE, Recount

from jieban.indicators.compute import Computation
from jieban.indicators.model import Kind, Window
from jieban.indicators.registry import REGISTRY

pytestmark = pytest.mark.needs_shared

Key = tuple[str, str]


def _computed(figures: Computation) -> dict[Key, dict[tuple[tuple[str, str], ...], tuple[object, ...]]]:
    found: dict[Key, dict[tuple[tuple[str, str], ...], tuple[object, ...]]] = {}
    for name, window, cut, value in figures.items():
        parts = (value.numerator, value.denominator, value.value)
        found.setdefault((name, window.value), {})[cut] = parts
    return found


def _differences(figures: Computation, recount: Recount) -> list[object]:
    """Where the two differ. What one of them has no row of counts as none there."""
    computed, differing = _computed(figures), []
    for name, window in {*computed, *recount.results}:
        ours, theirs = computed.get((name, window), {}), recount.results.get((name, window), {})
        absent = (0, None, 0) if REGISTRY[name].kind is Kind.COUNT else (0, 0, None)
        differing += [
            (name, window, cut, ours.get(cut), theirs.get(cut))
            for cut in {*ours, *theirs}
            if ours.get(cut, absent) != theirs.get(cut, absent)
        ]
    return differing


def test_every_figure_is_what_pandas_counts(figures: Computation, recount: Recount) -> None:
    assert _differences(figures, recount) == []


@pytest.fixture
def untold(leads_alone: bool) -> set[str]:
    """What isn't computed: where the leads alone count, nobody knows how many units an order has."""
    return UNTOLD | {"handlings.per_order"} if leads_alone else UNTOLD


def test_no_indicator_and_no_cut_is_left_uncompared(
    figures: Computation, recount: Recount, untold: set[str]
) -> None:
    declared = {
        (name, "current"): set(indicator.cuts) for name, indicator in REGISTRY.items() if name not in untold
    }
    compared_with = {
        (indicator.of, indicator.against.value): set(indicator.cuts)
        for indicator in REGISTRY.values()
        if indicator.against is Window.PREVIOUS
    }
    assert recount.shapes == declared | compared_with
    # Nothing is known of the year before, so that window is not there at all.
    assert set(_computed(figures)) == set(recount.shapes)
    for key, values in _computed(figures).items():
        assert {tuple(name for name, _ in cut) for cut in values} <= recount.shapes[key]


def test_nothing_is_said_of_what_the_file_has_no_column_for(figures: Computation, untold: set[str]) -> None:
    assert {name for name in REGISTRY if not figures.has(name)} == untold


def test_every_cut_with_rows_was_computed(figures: Computation, recount: Recount) -> None:
    computed = _computed(figures)
    missing = [
        (key, cut)
        for key, results in recount.results.items()
        for cut, (numerator, denominator, _) in results.items()
        if (numerator or denominator) and cut not in computed[key]
    ]
    assert missing == []
    assert sum(map(len, computed.values())) > 700


@pytest.mark.parametrize(
    "change",
    [
        ("closed", pd.NaT),
        ("unit", "bha"),
        ("street", "allston"),
        ("received", pd.Timestamp("2011-07-31 23:59:59", tz=ZONE)),
    ],
    ids=lambda change: change[0],
)
def test_one_changed_request_is_noticed(
    figures: Computation,
    requests: pd.DataFrame,
    stated_first: bool,
    leads_alone: bool,
    change: tuple[str, object],
) -> None:
    column, value = change
    closed_soon = requests[(requests["day"] > "2011-08-01") & (requests["closed"] < "2011-08-09")]
    changed = requests.copy()
    changed.loc[closed_soon.index[closed_soon[column] != value][0], column] = value
    again = Recount(changed, cutoff=figures.cutoff, stated_first=stated_first, leads_alone=leads_alone)
    assert _differences(figures, again) != []


@pytest.mark.parametrize("figures", ["all that is recorded"], indirect=True)
def test_the_data_end_with_the_last_closing_that_the_file_records(
    figures: Computation, requests: pd.DataFrame
) -> None:
    assert figures.cutoff == requests["closed"].max()


@pytest.mark.parametrize("figures", ["a week later"], indirect=True)
def test_what_is_open_and_due_later_is_not_late_whatever_the_file_came_to_say(
    figures: Computation, requests: pd.DataFrame
) -> None:
    """The file was written years later and marks as overdue what a week after the month was not yet due."""
    august = requests[requests["day"].str.startswith("2011-08")]
    still_open = august[~(august["closed"] <= figures.cutoff)]
    ahead = still_open[still_open["stated_due"] > figures.cutoff]
    assert (ahead["said"] == "OVERDUE").sum() == 696
    # The others that aren't late have no deadline (one of 2059 is none), and a mark of being in time.
    without = still_open[still_open["stated_due"].isna()]
    assert set(without["said"]) == {"ONTIME"}
    assert figures.get("orders.not_due_close").value == len(ahead) + len(without) == 1_705
