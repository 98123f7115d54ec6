"""Which canonical table a sheet is, and which column each heading fills."""

from collections.abc import Sequence
from dataclasses import dataclass

from jieban.ledger.mapping.headings import Target, targets_of
from jieban.ledger.mapping.model import ASSISTING_UNITS, Rows
from jieban.ledger.mapping.needs import required
from jieban.ledger.schema import ABSENT, CALLBACKS, HANDLINGS, LETTERS, ORDERS, TABLES, TableSchema
from jieban.ledger.values.text import squeeze

_ENOUGH = 0.5
_BOTH_LEVELS = ("dispatched_at", "signed_at", "closed_at")
_LEAD, _ASSIST = ("主办单位", "牵头单位"), ("协办单位", "配合单位")
_ORDER_ONLY = "工单"


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A table and what its headings fill, as in SheetMapping."""

    table: str
    rows: Rows
    columns: dict[str, tuple[str, ...]]


def match_table(names: Sequence[str], sheet: str) -> TableSchema | None:
    """The canonical table that headings speak of; None if they speak of none."""
    best: tuple[bool, int, float] = (False, 0, 0.0)
    found: TableSchema | None = None
    for schema in (ORDERS, HANDLINGS, LETTERS, CALLBACKS):
        filled = _best_names(names, schema)
        wanted = required(schema)
        share = sum(column.name in filled for column in wanted) / len(wanted)
        named = schema.heading in sheet
        score = (named, len(filled), share)
        if share >= _ENOUGH and _key_there(schema, filled) and score > best:
            best, found = score, schema
    return found


def _key_there(schema: TableSchema, filled: dict[str, str]) -> bool:
    if schema is CALLBACKS:
        return "called_at" in filled
    if schema is LETTERS:
        return "mailbox" in filled
    return "order_no" in filled


def _best_names(names: Sequence[str], schema: TableSchema) -> dict[str, str]:
    """For each column of a table the heading that means it best: by rank, then by place."""
    found: dict[str, tuple[int, int]] = {}
    for place, name in enumerate(names):
        for target in targets_of(name):
            if target.schema is schema:
                key = (target.rank, place)
                found[target.column.name] = min(found.get(target.column.name, key), key)
                break
    for stage in ("sign", "close"):
        # Only we compute deadlines, and say by which rule; anybody else's are stated.
        if f"{stage}_rule" not in found and (own := found.pop(f"{stage}_due_at", None)):
            found.setdefault(f"stated_{stage}_due_at", own)
    return {column: names[place] for column, (_, place) in found.items()}


def match_columns(names: Sequence[str], schema: TableSchema, rows: Rows) -> Match:
    """What each heading fills in a sheet of `schema`; sheets of orders may say of handlings too."""
    filled: dict[str, tuple[str, ...]] = {
        name: (column,) for column, name in _best_names(names, schema).items()
    }
    if schema is ORDERS and (units := _unit_headings(names)):
        filled = _with_handlings(names, filled, units, rows)
    order = {name: place for place, name in enumerate(names)}
    return Match(
        table=schema.name,
        rows=rows,
        columns=dict(sorted(filled.items(), key=lambda item: order[item[0]])),
    )


def _unit_headings(names: Sequence[str]) -> dict[str, str]:
    """The headings that hold units, with the target each fills."""
    found: dict[str, str] = {}
    by_rank: list[tuple[int, str]] = []
    for name in names:
        plain = squeeze(name.rpartition("/")[2])
        if plain in _ASSIST:
            found[name] = ASSISTING_UNITS
        elif plain in _LEAD:
            by_rank.append((-1, name))
        else:
            by_rank += [(t.rank, name) for t in targets_of(name) if _is(t, HANDLINGS, "unit")]
    if not by_rank:
        return {}
    return {min(by_rank)[1]: f"{HANDLINGS.name}.unit"} | found


def _is(target: Target, schema: TableSchema, column: str) -> bool:
    return target.schema is schema and target.column.name == column


def _with_handlings(
    names: Sequence[str], orders: dict[str, tuple[str, ...]], units: dict[str, str], rows: Rows
) -> dict[str, tuple[str, ...]]:
    filled = {name: columns for name, columns in orders.items() if name not in units}
    filled |= {name: (target,) for name, target in units.items()}
    handlings = _best_names(names, HANDLINGS)
    for column, name in handlings.items():
        target = f"{HANDLINGS.name}.{column}"
        if name in units or column in {"order_no", ABSENT, "flags", "source_row"}:
            continue
        own = next((t.rank for t in targets_of(name) if _is(t, HANDLINGS, column)), 0)
        taken = next((t.rank for t in targets_of(name) if t.schema is ORDERS), None)
        if name not in filled or (rows is Rows.HANDLINGS and _per_handling(column)):
            filled[name] = (target,)
        elif column in _BOTH_LEVELS and not name.startswith(_ORDER_ONLY):
            filled[name] = (*filled[name], target)
        elif taken is not None and own < taken:
            filled[name] = (target,)
    return filled


def _per_handling(column: str) -> bool:
    return column in _BOTH_LEVELS or column.startswith("stated_")


def canonical_names() -> frozenset[str]:
    """Every target that a mapping may name, as `table.column`."""
    return frozenset(f"{s.name}.{c.name}" for s in TABLES for c in s.columns) | {ASSISTING_UNITS}
