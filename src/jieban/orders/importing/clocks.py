"""The clocks of imported orders and handlings: the ledger's deadlines and rules, and those still to be set."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from jieban.ledger.arrow import Bools, Ints, bools, ints, pa, pc, positions, valid
from jieban.ledger.schema import INSTANT
from jieban.orders.clocks import Change, ChangeKind, Run, changes_text, due_or_provisional, rule_for
from jieban.orders.importing.lots import Lot, Rows, take
from jieban.orders.importing.states import States
from jieban.profile.city import Profile
from jieban.profile.model import Level, Stage

IMPORTED = "imported"
"""Why a clock was changed: the ledger said so, without saying when."""

_DONE = {Stage.SIGN: "signed_at", Stage.CLOSE: "closed_at"}


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Clocks by columns. `of` is the place of the order, `handling` that of the handling in the lot, -1 for none."""

    columns: dict[str, Any]
    of: Ints
    handling: Ints
    entity: Any


def clocks_of(lot: Lot, states: States, serials: Any, profile: Profile) -> Clocks:
    """The clocks of a lot."""
    nobody = np.full(lot.count, -1, dtype=np.int64)
    orders = lot.orders | {"signed_at": states.signed_at, "closed_at": states.closed_at}
    handlings, of = lot.handlings, lot.handlings_of
    # A reply to a returned handling was never one: it owes its close no more.
    handlings = handlings | {"closed_at": pc.if_else(pa.array(states.returned), None, handlings["closed_at"])}
    days = ints(handlings["extension_days"], 0)
    on_order = np.zeros(lot.count, dtype=np.int64)
    if profile.extension.extends_order:
        np.maximum.at(on_order, of[~states.returned], days[~states.returned])
    orders = orders | _own_deadlines(lot, states, profile)
    handlings = handlings | _letters_deadlines(lot, states, profile)
    names = pc.binary_join_element_wise("clock:handling:", serials.cast(pa.string()), "")
    common = pa.array(["clock:order"]).take(pa.array(np.zeros(lot.count, dtype=np.int32)))
    parts = []
    for stage in Stage:
        put_off = on_order if stage is Stage.CLOSE else np.zeros_like(on_order)
        parts.append(
            _clocks(
                Level.ORDER,
                stage,
                orders,
                states.ended,
                put_off,
                np.arange(lot.count),
                nobody,
                common,
                profile,
            )
        )
        put_off = days if stage is Stage.CLOSE else np.zeros_like(days)
        gone = states.returned | states.ended[of]
        parts.append(
            _clocks(Level.HANDLING, stage, handlings, gone, put_off, of, np.arange(len(of)), names, profile)
        )
    return Clocks(
        columns={name: pa.concat_arrays([each.columns[name] for each in parts]) for name in parts[0].columns},
        of=np.concatenate([each.of for each in parts]),
        handling=np.concatenate([each.handling for each in parts]),
        entity=pa.concat_arrays([each.entity for each in parts]),
    )


def _clocks(  # noqa: PLR0917  # one kind of clock at a time, all its columns at once
    level: Level,
    stage: Stage,
    rows: Rows,
    gone: Bools,
    put_off: Ints,
    of: Ints,
    handling: Ints,
    names: Any,
    profile: Profile,
) -> Clocks:
    kept = positions(valid(rows[f"{stage}_due_at"]) & valid(rows[f"{stage}_rule"]))
    count, rule = len(kept), rows[f"{stage}_rule"].take(pa.array(kept))
    rules = {each.id: each for each in profile.deadline_rules}
    known = pa.array(list(rules), pa.string())
    which = pc.index_in(rule, value_set=known)
    started_at = pc.coalesce(rows["dispatched_at"], rows.get("received_at", rows["dispatched_at"])).take(
        pa.array(kept)
    )
    stopped_at = rows[_DONE[stage]].take(pa.array(kept))
    provisional = rows.get(f"{stage}_provisional")
    return Clocks(
        columns={
            "level": _all(level.value, count),
            "stage": _all(stage.value, count),
            "rule": rule,
            "amount": pa.array([each.amount for each in rules.values()], pa.int32()).take(which),
            "basis": pa.array([each.basis.value for each in rules.values()], pa.string()).take(which),
            "started_at": started_at,
            "due_at": rows[f"{stage}_due_at"].take(pa.array(kept)),
            "provisional": (
                provisional.take(pa.array(kept))
                if provisional is not None
                else pa.array(np.zeros(count, dtype=bool))
            ),
            "stopped_at": stopped_at,
            "dropped": pa.array(gone[kept] & ~valid(stopped_at)),
            "changes": _changes(
                put_off[kept], started_at, rows[f"{stage}_due_at"].take(pa.array(kept)), rule, profile
            ),
        },
        of=of[kept],
        handling=handling[kept],
        entity=pc.binary_join_element_wise(names.take(pa.array(kept)), f":{stage}:0", ""),
    )


def _changes(days: Ints, started_at: Any, due_at: Any, rule: Any, profile: Profile) -> Any:
    """The column `changes`: an extension, where the deadline holds one. When it was granted the ledger doesn't tell."""
    spans = {each.id: each.span for each in profile.deadline_rules}
    changed, texts = np.zeros(len(days), dtype=bool), []
    for row in positions(days > 0).tolist():
        start, id_ = started_at[row].as_py().astimezone(UTC), rule[row].as_py()
        plain = due_or_provisional(Run(rule=id_, span=spans[id_], started_at=start), profile.clock)
        if plain.at != due_at[row].as_py():
            change = Change(kind=ChangeKind.EXTEND, at=start, days=int(days[row]), why=IMPORTED)
            changed[row] = True
            texts.append(changes_text([change]))
    found: Any = pc.replace_with_mask(_all("[]", len(days)), pa.array(changed), pa.array(texts, pa.string()))
    return found


def told_changes(clocks: Clocks) -> list[tuple[int, list[object]]]:
    """What events tell of changed clocks, as `engine.follow.change_clock` does: the order's place and the fact."""
    told: list[tuple[int, list[object]]] = []
    changed = positions(bools(pc.not_equal(clocks.columns["changes"], "[]")))
    for row in changed.tolist():
        whose, stage, round_ = clocks.entity[row].as_py().removeprefix("clock:").rsplit(":", 2)
        told += [
            (int(clocks.of[row]), [whose, stage, int(round_), change])
            for change in json.loads(clocks.columns["changes"][row].as_py())
        ]
    return told


def _all(value: str, count: int) -> Any:
    found: Any = pa.array([value], pa.string()).take(pa.array(np.zeros(count, dtype=np.int32)))
    return found


def _own_deadlines(lot: Lot, states: States, profile: Profile) -> Rows:
    """Deadlines of open orders for which the ledger has none: nobody has dispatched them yet, or they are letters."""
    orders = lot.orders
    wanting = ~states.ended & ~valid(orders["close_due_at"]) & ~valid(orders["sign_due_at"])
    return _set(Level.ORDER, orders, orders, positions(_unsaid(wanting, orders)), profile)


def _letters_deadlines(lot: Lot, states: States, profile: Profile) -> Rows:
    """Deadlines of the units to which letters were transferred that are open."""
    handlings, of = lot.handlings, lot.handlings_of
    wanting = ~states.ended[of] & ~states.returned & ~valid(handlings["close_due_at"])
    wanting &= ~valid(handlings["sign_due_at"])
    kinds = take(lot.orders, of) if len(of) else lot.orders
    return _set(Level.HANDLING, handlings, kinds, positions(_unsaid(wanting, handlings)), profile)


def _unsaid(wanting: Bools, rows: Rows) -> Bools:
    # A file without a column of signatures doesn't say that nobody signed: no deadline is made up for it.
    absent = rows["absent_columns"]
    silent = bools(pc.is_valid(absent)) & bools(pc.match_substring(absent, "signed_at"))
    return wanting & ~silent


def _set(level: Level, rows: Rows, kinds: Rows, wanting: Ints, profile: Profile) -> Rows:
    if not len(wanting):
        return {}
    made: Rows = {}
    starts = pc.coalesce(rows["dispatched_at"], rows.get("received_at", rows["dispatched_at"]))
    for stage in Stage:
        due: list[Any] = [None] * len(rows["dispatched_at"])
        rule: list[str | None] = list(due)
        guessed = np.zeros(len(due), dtype=bool)
        for row in wanting.tolist():
            start: datetime = starts[row].as_py().astimezone(UTC)
            chosen = rule_for(
                profile,
                level,
                stage,
                request_type=kinds["request_type"][row].as_py(),
                urgency=kinds["urgency"][row].as_py() or "normal",
                channel=kinds["channel"][row].as_py() or "",
                at=start,
            )
            found = due_or_provisional(Run(rule=chosen.id, span=chosen.span, started_at=start), profile.clock)
            due[row], rule[row], guessed[row] = found.at.replace(microsecond=0), chosen.id, found.provisional
        made[f"{stage}_due_at"] = pc.coalesce(rows[f"{stage}_due_at"], _column(due, INSTANT))
        made[f"{stage}_rule"] = pc.coalesce(rows[f"{stage}_rule"], _column(rule, pa.string()))
        made[f"{stage}_provisional"] = pa.array(guessed)
    return made


def _column(values: Sequence[object], kind: Any) -> Any:
    found: Any = pa.array(values, kind)
    return found
