"""Rows as their events tell them: the fold of all changes, to be compared with what the tables hold."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.db.models import Model

from jieban.orders.audit.findings import Finding, Kind
from jieban.orders.engine.step import BEHIND, HANDLING, PROFILE_VERSION, named, plain
from jieban.orders.engine.write import ADDED, CONFIG
from jieban.orders.models import Callback, Clock, Evidence, Handling, Order, OrderSecret, Petition

Row = Mapping[str, Any]
Values = dict[str, object]

CHILDREN: Final[tuple[type[Model], ...]] = (Handling, Clock, Petition, Callback, Evidence)
_ROOTS: Final[tuple[type[Model], ...]] = (Order, *CHILDREN)
_MODELS: Final = {model.__name__.lower(): model for model in _ROOTS}
_CLOCK_CHANGES: Final = "changes"
_REPEATED: Final = "order_received_at"


@dataclass(slots=True)
class Folded:
    """What events say is there: rows by entity, the changes of clocks, and what was committed to, slot by slot."""

    rows: dict[str, Values] = field(default_factory=dict)
    clock_changes: dict[str, list[object]] = field(default_factory=dict)
    commitments: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def fold(number: str, events: Sequence[Row]) -> Folded:
    """The fold of an order's events, in their order; `findings` has what can't be read or doesn't follow."""
    folded = Folded()
    for event in events:
        try:
            data = json.loads(event["data"])
            for entity, columns in data.get(ADDED, {}).items():
                if entity in folded.rows:
                    found = Finding(kind=Kind.ROW_INSERTED, order=number, seq=event["seq"], what=entity)
                    folded.findings.append(found)
                folded.rows[entity] = _made(entity, columns, data[CONFIG])
            changes = dict(data.get("changes", {}))
            for entity, columns in changes.items():
                _apply(folded, number, event["seq"], entity, columns)
            for whose, stage, round_, change in data.get("facts", {}).get("clocks", ()):
                folded.clock_changes.setdefault(f"clock:{whose}:{stage}:{round_}", []).append(change)
            folded.commitments |= data.get("commitments", {})
        except (AttributeError, KeyError, TypeError, ValueError):
            folded.findings.append(Finding(kind=Kind.EVENT_CHANGED, order=number, seq=event["seq"]))
    return folded


def _apply(
    folded: Folded, number: str, seq: int, entity: str, columns: Mapping[str, Sequence[object]]
) -> None:
    row = folded.rows.setdefault(entity, _new(entity))
    for column, (old, value) in columns.items():
        if old != row.get(column):
            folded.findings.append(_changed(number, entity, column, seq))
        row[column] = value


def _made(entity: str, columns: Mapping[str, object], version: str) -> Values:
    """A row that an event made under a version of the profile."""
    row = _new(entity)
    if PROFILE_VERSION in row:
        row[PROFILE_VERSION] = version
    return row | dict(columns)


def _new(entity: str) -> Values:
    """A row of which only the name is known."""
    return dict(_blank(_MODELS[entity.partition(":")[0]])) | named(entity)


@cache
def _blank(model: type[Model]) -> Values:
    return {
        each.attname: plain(each.get_default()) if each.has_default() else None
        for each in model._meta.concrete_fields  # noqa: SLF001  # the public name of Django's own
        if each.attname not in BEHIND
    }


def compare(
    order: Row, children: Mapping[type[Model], Sequence[Row]], secret: OrderSecret | None, folded: Folded
) -> Iterator[Finding]:
    """Where the tables differ from the fold."""
    number: str = order["number"]
    serials = {each["id"]: each["serial"] for each in children[Handling]}
    there = {"order"}
    yield from _compare_row(number, "order", order, folded, _blank(Order))
    received = folded.rows.get("order", {}).get("received_at")
    # What no event repeats: it is the order's, and stands elsewhere for the search alone.
    if secret is not None and received not in {None, plain(secret.order_received_at)}:
        yield _changed(number, "secret", _REPEATED)
    for model, rows in children.items():
        for row in rows:
            entity = _entity(model, row, serials)
            there.add(entity)
            if entity not in folded.rows:
                yield Finding(kind=Kind.ROW_INSERTED, order=number, what=entity)
                continue
            if model is Handling and received not in {None, plain(row[_REPEATED])}:
                yield _changed(number, entity, _REPEATED)
            shown = dict(row)
            if model is not Handling and model is not Clock and "handling_id" in row:
                shown[HANDLING] = serials.get(row["handling_id"])
            yield from _compare_row(number, entity, shown, folded, _blank(model))
            if model is Clock and _changes(row) != folded.clock_changes.get(entity, []):
                yield _changed(number, entity, _CLOCK_CHANGES)
    for entity in sorted(folded.rows.keys() - there):
        yield Finding(kind=Kind.ROW_MISSING, order=number, what=entity)


def _compare_row(number: str, entity: str, row: Row, folded: Folded, blank: Values) -> Iterator[Finding]:
    told = folded.rows.get(entity, blank)
    columns = [*blank, HANDLING] if HANDLING in row or HANDLING in told else blank
    for column in columns:
        if plain(row.get(column)) != told.get(column):
            yield _changed(number, entity, column)


def _changes(row: Row) -> object:
    try:
        return json.loads(row[_CLOCK_CHANGES])
    except ValueError:
        return None


def _entity(model: type[Model], row: Row, serials: Mapping[int, int]) -> str:
    if model is Clock:
        whose = "order" if row["handling_id"] is None else f"handling:{serials.get(row['handling_id'])}"
        return f"clock:{whose}:{row['stage']}:{row['round']}"
    return f"{model.__name__.lower()}:{row['serial']}"


def _changed(number: str, entity: str, column: str, seq: int | None = None) -> Finding:
    return Finding(kind=Kind.ROW_CHANGED, order=number, seq=seq, what=f"{entity}.{column}")
