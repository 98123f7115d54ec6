"""Deadlines of many rows at once: each rule is asked once a day, not once a row."""

from datetime import date, datetime, timedelta

import numpy as np

from jieban.ledger.arrow import (
    NO_INSTANT,
    Array,
    Bools,
    Ints,
    bools,
    ints,
    pa,
    pc,
    positions,
    seconds_of,
)
from jieban.ledger.reading.cells import instants_array
from jieban.ledger.reading.links import order_rows
from jieban.ledger.reading.part import Part
from jieban.ledger.schema import CODE
from jieban.ledger.values.zones import local_days
from jieban.profile.city import Profile
from jieban.profile.deadlines import turning_days
from jieban.profile.model import Basis, DeadlineRule, Level, Stage, Urgency
from jieban.worktime import Span, UnknownYear

_EPOCH_DAY = date(1970, 1, 1)
_NO_RULE = -1
_AHEAD_DAYS = 45
"""Days of office hours beyond the last start: more than most spans need; the rest is counted one by one."""
_DONE = {Stage.SIGN: "signed_at", Stage.CLOSE: "closed_at"}


def set_deadlines(orders: Part, handlings: Part, profile: Profile) -> None:
    """Compute when each order and each handling must be signed and closed, and by which rule.

    Clocks start with the dispatch, so what was not dispatched has no deadline. Nor has a stage of which the file
    has no column at all: it doesn't say that nobody signed. An extension puts off the handling's close; where the
    profile says so, its order's by as many working days. Raises UnknownYear rather than guess.
    """
    kinds = ("request_type", "urgency", "channel")
    of_orders = {name: orders.column(name).cast(pa.string()) for name in kinds}
    of_orders["urgency"] = pc.fill_null(of_orders["urgency"], Urgency.NORMAL.value)
    order = order_rows(handlings, orders)
    indices = pa.array(order, mask=order < 0)
    of_handlings = {name: column.take(indices) for name, column in of_orders.items()}
    extension = ints(handlings.column("extension_days"), 0)
    on_order = np.zeros(len(orders), dtype=np.int64)
    if profile.extension.extends_order:
        live = (order >= 0) & ~bools(handlings.column("returned"))
        np.maximum.at(on_order, order[live], extension[live])
    _set(handlings, Level.HANDLING, of_handlings, profile, extension=extension)
    _set(orders, Level.ORDER, of_orders, profile, extension=on_order)


def _set(
    part: Part,
    level: Level,
    kinds: dict[str, Array],
    profile: Profile,
    *,
    extension: Ints,
) -> None:
    start = seconds_of(part.column("dispatched_at"))
    days = local_days(start, profile.clock.tz)
    for stage in Stage:
        rules, chosen = _choose(
            level, stage, kinds, np.where(part.has(_DONE[stage]), days, NO_INSTANT), profile
        )
        due = np.full(len(part), NO_INSTANT, dtype=np.int64)
        for index, rule in enumerate(rules):
            rows = positions(chosen == index)
            due[rows] = _due(rule.span, start[rows], days[rows], profile)
        if stage is Stage.CLOSE:
            due = _extended(due, extension, profile)
        part.columns[f"{stage}_due_at"] = instants_array(due)
        ids = pa.array([rule.id for rule in rules], pa.string())
        part.columns[f"{stage}_rule"] = pa.DictionaryArray.from_arrays(
            pa.array(chosen, pa.int32(), mask=chosen == _NO_RULE), ids
        ).cast(CODE)


def _choose(
    level: Level, stage: Stage, kinds: dict[str, Array], days: Ints, profile: Profile
) -> tuple[list[DeadlineRule], Ints]:
    """The rules in use, and for each row which; rows without a start have none."""
    turns = np.array(
        [(day - _EPOCH_DAY).days for day in turning_days(profile.deadline_rules)], dtype=np.int64
    )
    key = np.searchsorted(turns, days, side="right").astype(np.int64)
    words: dict[str, list[str | None]] = {}
    for name, column in kinds.items():
        encoded = column.dictionary_encode()
        words[name] = [*encoded.dictionary.to_pylist(), None]
        key = key * len(words[name]) + ints(encoded.indices, len(words[name]) - 1)
    key[(days == NO_INSTANT) | ~_known(kinds)] = -1
    distinct, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    rules: dict[str, int] = {}
    used: list[DeadlineRule] = []
    numbers = np.full(len(distinct), _NO_RULE, dtype=np.int64)
    for place, row in enumerate(first.tolist()):
        if distinct[place] < 0:
            continue
        rule = profile.deadline_rule(
            level,
            stage,
            request_type=kinds["request_type"][row].as_py(),
            urgency=Urgency(kinds["urgency"][row].as_py()),
            channel=kinds["channel"][row].as_py(),
            on=_EPOCH_DAY + timedelta(days=int(days[row])),
        )
        if rule.id not in rules:
            rules[rule.id] = len(used)
            used.append(rule)
        numbers[place] = rules[rule.id]
    return used, numbers[inverse]


def _known(kinds: dict[str, Array]) -> Bools:
    """Rows whose order is known; an orphan that was accepted has no request type and so no rule."""
    return bools(pc.is_valid(kinds["request_type"])) & bools(pc.is_valid(kinds["urgency"]))


def _due(span: Span, start: Ints, days: Ints, profile: Profile) -> Ints:
    if len(start) == 0:
        return start
    if span.basis is Basis.WORKING_DAYS:
        distinct, which = np.unique(days, return_inverse=True)
        dates = [_day(day) for day in distinct.tolist()]
        due = np.array(
            [_seconds(profile.clock.due_by_date(day, day, span)[day]) for day in dates], dtype=np.int64
        )
        return due[which]
    if span.basis.by_the_clock:
        return start + int(span.duration.total_seconds())
    due = np.full(len(start), NO_INSTANT, dtype=np.int64)
    years = days.astype("datetime64[D]").astype("datetime64[Y]")
    for year in np.unique(years):
        rows = positions(years == year)
        due[rows] = _work_on(start[rows], days[rows], span, profile)
    return due


def _work_on(start: Ints, days: Ints, span: Span, profile: Profile) -> Ints:
    """Deadlines counted in office time, on a table of the year's office hours."""
    wanted = int(span.duration.total_seconds())
    try:
        segments = profile.clock.open_segments(_day(int(days.min())), _day(int(days.max()) + _AHEAD_DAYS))
    except UnknownYear:
        # The days ahead may not be needed: asked one by one, only what needs the unknown year is refused.
        segments = ()
    if not segments:
        return _one_by_one(start, span, profile)
    opens = np.array([_seconds(segment.opens) for segment in segments], dtype=np.int64)
    lengths = np.array([_seconds(segment.closes) for segment in segments], dtype=np.int64) - opens
    before = np.array([int(segment.before.total_seconds()) for segment in segments], dtype=np.int64)
    index = np.searchsorted(opens, start, side="right") - 1
    worked = np.where(index < 0, 0, before[index] + np.minimum(start - opens[index], lengths[index]))
    target = worked + wanted
    reached = np.searchsorted(before + lengths, target, side="left")
    inside = np.minimum(reached, len(opens) - 1)
    due: Ints = opens[inside] + target - before[inside]
    beyond = positions(reached == len(opens))
    due[beyond] = _one_by_one(start[beyond], span, profile)
    return due


def _one_by_one(start: Ints, span: Span, profile: Profile) -> Ints:
    due = [_seconds(profile.clock.due(_moment(second, profile), span)) for second in start.tolist()]
    return np.array(due, dtype=np.int64)


def _extended(due: Ints, extension: Ints, profile: Profile) -> Ints:
    rows = positions((extension > 0) & (due != NO_INSTANT))
    if not len(rows):
        return due
    pairs, which = np.unique(np.stack([due[rows], extension[rows]]), axis=1, return_inverse=True)
    later = [
        _seconds(
            profile.clock.extend(_moment(moment, profile), Span(amount=amount, basis=Basis.WORKING_DAYS))
        )
        for moment, amount in pairs.T.tolist()
    ]
    extended = due.copy()
    extended[rows] = np.array(later, dtype=np.int64)[which.ravel()]
    return extended


def _day(number: int) -> date:
    return _EPOCH_DAY + timedelta(days=number)


def _moment(second: int, profile: Profile) -> datetime:
    return datetime.fromtimestamp(second, profile.clock.tz)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
