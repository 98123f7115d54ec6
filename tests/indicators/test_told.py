"""An indicator that no column tells of is left out; one that is told of is not."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from indicator_ledgers import Row, ledger_of, random_rows

from jieban.indicators.compute import Computation, compute
from jieban.indicators.model import Indicator, Kind, Window
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY, chosen
from jieban.indicators.snapshot import freeze
from jieban.ledger.schema import table
from jieban.profile.city import Profile

PERIOD = Period.parse("2025-04")


@pytest.fixture(scope="module")
def rows(inland: Profile) -> dict[str, list[Row]]:
    return random_rows(inland, PERIOD, seed=9, orders=200)


def lacking(rows: Mapping[str, Sequence[Row]], name: str, columns: Sequence[str]) -> dict[str, list[Row]]:
    """The rows as a file without some columns of one table gives them."""
    emptied = {**dict.fromkeys(c for c in columns if c != "disposition"), "absent_columns": ",".join(columns)}
    return {**{table: list(own) for table, own in rows.items()}, name: [row | emptied for row in rows[name]]}


def known(computed: Computation) -> set[str]:
    return {name for name in REGISTRY if computed.has(name)}


def computed_from(rows: Mapping[str, Sequence[Row]], profile: Profile) -> Computation:
    return compute(ledger_of(rows), profile, PERIOD)


def needing(name: str, columns: set[str], profile: Profile) -> set[str]:
    """The indicators that can't be known without any of some columns of a table."""

    def needs(declared: Indicator) -> bool:
        of = chosen(declared, profile) if declared.kind is Kind.CHOSEN else declared
        return of.table == name and any(columns.issuperset(group) for group in of.needs)

    return {declared.id for declared in REGISTRY.values() if needs(declared)}


COLUMNS = [(name, column) for name in ("orders", "handlings", "letters") for column in table(name).recorded]


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_without_one_column_exactly_what_needs_it_is_left_out(
    inland: Profile, rows: dict[str, list[Row]], name: str, column: str
) -> None:
    computed = computed_from(lacking(rows, name, [column]), inland)
    assert known(computed) == set(REGISTRY) - needing(name, {column}, inland)
    # The windows compared know of it no more than the period does.
    for indicator, _, _, _ in computed.items():
        assert computed.has(indicator)


def test_a_file_with_nothing_but_what_is_required_tells_of_volumes_only(
    inland: Profile, rows: dict[str, list[Row]]
) -> None:
    for name in ("orders", "handlings", "letters"):
        rows = lacking(rows, name, table(name).recorded)
    assert known(computed_from(rows, inland)) == {
        "orders.total",
        "orders.change_previous",
        "orders.change_year_before",
        "handlings.total",
        "handlings.change_previous",
        "handlings.change_year_before",
        "handlings.per_order",
        "letters.received",
        "letters.transferred",
        "letters.answered",
        "letters.refused",
        "letters.pending",
    }


def test_what_a_file_said_of_being_on_time_is_taken_at_its_word(inland: Profile) -> None:
    at = PERIOD.instants(inland.clock.tz)[0]
    order = {"order_no": "1", "disposition": "dispatched", "received_at": at, "dispatched_at": at}
    order |= {"request_type": next(iter(inland.request_types)), "topic": next(iter(inland.order_topics))}
    order |= {"absent_columns": "closed_at", "excluded": False}
    stated = {"stated_close_due_at": at}
    orders = [
        order | {"order_no": str(number), "stated_close_on_time": said} | due
        for number, (said, due) in enumerate(
            [(True, {}), (True, stated), (False, stated), (None, stated), (None, {})]
        )
    ]
    computed = computed_from({"orders": orders}, inland)
    rate = computed.get("orders.on_time_close")
    assert (rate.numerator, rate.denominator) == (2, 3)
    assert computed.get("orders.late_close").value == 1
    assert computed.get("orders.not_due_close").value == 0
    assert computed.get("orders.without_due_close").value == 2
    assert not computed.has("orders.in_hand")


def test_one_row_from_a_file_without_the_column_makes_a_count_unknown(
    inland: Profile, rows: dict[str, list[Row]]
) -> None:
    first = next(row for row in rows["orders"] if row.get("dispatched_at") and within(row, inland))
    told = [row | {"absent_columns": "repeat_of"} if row is first else row for row in rows["orders"]]
    computed = computed_from({**rows, "orders": told}, inland)
    assert not computed.has("orders.repeat")
    assert not computed.has("orders.repeat_rate")
    assert computed.has("orders.reopened")


def test_an_older_file_without_the_column_takes_nothing_from_this_period(
    inland: Profile, rows: dict[str, list[Row]]
) -> None:
    told = [
        row if within(row, inland) else row | {"absent_columns": "repeat_of,excluded"}
        for row in rows["orders"]
    ]
    computed = computed_from({**rows, "orders": told}, inland)
    assert known(computed) == set(REGISTRY)
    assert computed.get("orders.repeat") == computed_from(rows, inland).get("orders.repeat")


def within(row: Row, profile: Profile) -> bool:
    begin, end = PERIOD.instants(profile.clock.tz)
    return any(begin <= row[name] < end for name in ("received_at", "dispatched_at") if name in row)


def test_orders_without_any_handling_say_nothing_of_units(
    inland: Profile, rows: dict[str, list[Row]]
) -> None:
    computed = computed_from({**rows, "handlings": []}, inland)
    assert not {name for name in known(computed) if name.startswith("handlings.")}
    earlier = [row for row in rows["handlings"] if not within(row, inland)]
    assert earlier
    computed = computed_from({**rows, "handlings": earlier}, inland)
    assert not {name for name in known(computed) if name.startswith("handlings.")}
    assert not computed.has("handlings.total", Window.PREVIOUS)


def test_no_letter_in_any_window_says_nothing_of_letters_and_one_says_that_there_was_none(
    inland: Profile, rows: dict[str, list[Row]]
) -> None:
    without = computed_from({**rows, "letters": []}, inland)
    assert not {name for name in known(without) if name.startswith("letters.")}
    begin, _ = PERIOD.previous().instants(inland.clock.tz)
    letter = next(iter(rows["letters"])) | {"received_at": begin}
    before = ledger_of({**rows, "letters": [letter]})
    for windows in ((), (Window.PREVIOUS,)):
        assert compute(before, inland, PERIOD, windows=windows).get("letters.received").value == 0


def test_a_snapshot_knows_what_its_ledger_knew(
    tmp_path: Path, inland: Profile, rows: dict[str, list[Row]]
) -> None:
    rows = lacking(rows, "handlings", ["returned", "signed_at"])
    ledger = ledger_of({**rows, "letters": []})
    frozen = freeze(ledger, inland, PERIOD, tmp_path / "snapshot")
    computed = compute(frozen, inland, PERIOD)
    assert list(computed.items()) == list(compute(ledger, inland, PERIOD).items())
    assert not computed.has("handlings.returns")
