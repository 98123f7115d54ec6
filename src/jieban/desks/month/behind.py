"""The orders behind each figure: their numbers, kept with the figures, so that a list is as long as its figure says.

Numbers and codes only. Who may open the list is the view's to ask: leaders see figures and never orders one by one.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet

from jieban.indicators.model import Cohort
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY
from jieban.indicators.slices.facts import Carried, carried_codes
from jieban.indicators.slices.flags import Flags, HandlingFlags, LetterFlags, OrderFlags
from jieban.indicators.slices.rules import Rules
from jieban.ledger.arrow import Bools, Table, bools, pa, pc
from jieban.profile.city import Profile
from jieban.report.rows import RowReader, plain_codes

_pq: Any = pyarrow.parquet

OF_ORDERS = (
    *("orders.total", "orders.received", "orders.dissatisfied", "orders.late_sign", "orders.late_close"),
    *("orders.in_hand", "orders.repeat", "orders.reopened"),
)
OF_HANDLINGS = (
    *("handlings.total", "handlings.late_sign", "handlings.late_close"),
    *("handlings.returns", "handlings.extensions"),
)
OF_LETTERS = ("letters.received",)
LISTED = (*OF_ORDERS, *OF_HANDLINGS, *OF_LETTERS)
"""The indicators whose orders can be listed."""
DIMENSIONS = ("request_type", "topic", "subtopic", "channel", "street", "unit", "unit_group")
"""By what a list can be narrowed."""
_OF_ORDER = DIMENSIONS[:-2]
_VOID = ("merged", "split")


def write_behind(ledger: Path, profile: Profile, period: Period, cutoff: datetime, path: Path) -> None:
    """Write the numbers behind the period's figures, from the ledger that these were counted from."""
    begin, end = period.instants(profile.clock.tz)
    rules = Rules.of(profile)
    carried = carried_codes(profile, period.last)
    orders = _pq.read_table(ledger / "orders.parquet")
    handlings = _pq.read_table(ledger / "handlings.parquet")

    def within(rows: Table, column: str) -> Table:
        return rows.filter(
            pc.and_(pc.greater_equal(rows[column], _instant(begin)), pc.less(rows[column], _instant(end)))
        )

    parts = []
    for name in OF_ORDERS:
        cohort = REGISTRY[name].cohort
        rows = _open_at(orders, end, cutoff) if cohort is Cohort.OPEN_AT_END else within(orders, cohort)
        flags = OrderFlags(RowReader(rows, cutoff), rules=rules)
        leads = _leads(handlings, profile, period) if name == "orders.dissatisfied" else {}
        parts.append(_part(name, rows.filter(pa.array(_counted(name, flags))), leads, carried))
    sent = within(handlings, "dispatched_at")
    flags_of_sent = HandlingFlags(RowReader(sent, cutoff, _of_orders(sent, orders)), rules=rules)
    for name in OF_HANDLINGS:
        counted = sent.filter(pa.array(_counted(name, flags_of_sent)))
        parts.append(_handling_part(name, counted, profile, period))
    letters = within(_pq.read_table(ledger / "letters.parquet"), "received_at")
    flags_of_letters = LetterFlags(RowReader(letters, cutoff), rules=rules)
    for name in OF_LETTERS:
        counted = letters.filter(pa.array(_counted(name, flags_of_letters)))
        parts.append(_plain_part(name, [str(number) for number in counted["letter_no"].to_pylist()]))
    path.parent.mkdir(parents=True, exist_ok=True)
    _pq.write_table(pa.concat_tables(parts), path, compression="zstd")


def numbers_behind(path: Path, of: str, cut: Mapping[str, str]) -> list[str]:
    """The order numbers behind a figure, in order, each once. `cut` names dimensions of `DIMENSIONS`."""
    return sorted(set(_found(path, of, cut)))


def counted_behind(path: Path, of: str, cut: Mapping[str, str]) -> int:
    """The figure itself: where it is of handlings an order may stand behind it several times."""
    return len(_found(path, of, cut))


def _found(path: Path, of: str, cut: Mapping[str, str]) -> list[str]:
    wanted = [("of", "=", of), *((name, "=", code) for name, code in cut.items())]
    found: list[str] = _pq.read_table(path, columns=["order_no"], filters=wanted)["order_no"].to_pylist()
    return found


def _part(name: str, rows: Table, leads: Mapping[str, str], carried: Mapping[str, Carried]) -> Table:
    numbers = [str(number) for number in rows["order_no"].to_pylist()]
    codes = {each: [code or "" for code in plain_codes(rows[each]).to_pylist()] for each in _OF_ORDER}
    keys: dict[str, list[tuple[str, ...]]] = {each: [(code,) for code in codes[each]] for each in _OF_ORDER}
    keys["subtopic"] = list(zip(codes["topic"], codes["subtopic"], strict=True))
    told = {
        each: [carried[each].get(key, code) for key, code in zip(keys[each], codes[each], strict=True)]
        for each in _OF_ORDER
    }
    return _plain_part(name, numbers, unit=[leads.get(number, "") for number in numbers], **told)


def _plain_part(name: str, numbers: list[str], **told: list[str]) -> Table:
    """Numbers of which only what is `told` can narrow the list."""
    empty = [""] * len(numbers)
    columns = {"of": [name] * len(numbers), "order_no": numbers, **dict.fromkeys(DIMENSIONS, empty), **told}
    made: Table = pa.table({column: pa.array(cells, pa.string()) for column, cells in columns.items()})
    return made


def _handling_part(name: str, rows: Table, profile: Profile, period: Period) -> Table:
    units = [profile.units.carried_on_by(str(code), period.last) for code in rows["unit"].to_pylist()]
    groups = {code: unit.group for code, unit in profile.units.items()}
    numbers = [str(number) for number in rows["order_no"].to_pylist()]
    return _plain_part(name, numbers, unit=units, unit_group=[groups.get(unit, "") for unit in units])


def _open_at(orders: Table, end: datetime, cutoff: datetime) -> Table:
    """Dispatched before the period ends and not closed by then, as far as is known at the cut-off."""
    closed = orders["closed_at"]
    still = pc.or_(
        pc.is_null(closed),
        pc.or_(pc.greater_equal(closed, _instant(end)), pc.greater(closed, _instant(cutoff))),
    )
    return orders.filter(pc.and_(pc.less(orders["dispatched_at"], _instant(end)), pc.fill_null(still, True)))


def _counted(name: str, flags: Flags) -> Bools:
    condition = REGISTRY[name].counts
    if condition is None:
        raise ValueError(f"{name} counts no rows")
    return bools(pa.array(condition(flags)))


def _of_orders(handlings: Table, orders: Table) -> dict[str, Bools]:
    """What handlings are told by their orders: whether these were merged or split, or are not assessed."""
    dispositions = plain_codes(orders["disposition"])
    void = orders["order_no"].filter(pc.is_in(dispositions, value_set=pa.array(_VOID)))
    excluded = orders["order_no"].filter(pc.fill_null(orders["excluded"], False))

    def among(numbers: Any) -> Bools:
        return bools(pc.is_in(handlings["order_no"], value_set=numbers.combine_chunks()))

    return {"order_void": among(void), "order_excluded": among(excluded)}


def _leads(handlings: Table, profile: Profile, period: Period) -> dict[str, str]:
    return dict(_lead_pairs(handlings, profile, period))


def _lead_pairs(handlings: Table, profile: Profile, period: Period) -> Iterator[tuple[str, str]]:
    for row in handlings.select(["order_no", "unit", "role", "returned"]).to_pylist():
        if row["role"] == "lead" and not row["returned"]:
            yield str(row["order_no"]), profile.units.carried_on_by(str(row["unit"]), period.last)


def _instant(moment: datetime) -> Any:
    return pa.scalar(moment, pa.timestamp("s", tz="UTC"))
