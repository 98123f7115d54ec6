"""The same values as one hand-written DuckDB SQL, and with pandas: what the registry's computation is measured against.

Both are written for this one profile's choices (computed deadlines first, fixed offset from UTC, no renamed codes)
and for this one period, as somebody would who needs these figures once; both rules on co-handled orders are known.
The made month has no letters, and the SQL leaves them out: with a fifth branch DuckDB 1.5.6 stands still for ever on
two threads.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from jieban.indicators.model import MISSING, Cut, Figures, Window
from jieban.indicators.period import Period
from jieban.profile.city import Profile
from jieban.profile.workflow import Counting

Row = dict[str, Any]
NOW = Window.CURRENT

Found = dict[tuple[str, Window, Cut], tuple[object, object]]
"""Exact parts by indicator, window and cut: numerator and denominator; of quantiles the seconds and the rows."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """What both compute."""

    folder: Path
    profile: Profile
    period: Period
    cutoff: datetime

    def edges(self, period: Period) -> tuple[datetime, datetime]:
        """A period's beginning and end."""
        return period.instants(self.profile.clock.tz)

    @property
    def lead_only(self) -> bool:
        """Whether assisting handlings don't count."""
        return self.profile.workflow.co_handling.counting is Counting.LEAD_ONLY

    @property
    def offset(self) -> int:
        """Seconds east of UTC."""
        begin, _ = self.edges(self.period)
        return int((begin.astimezone(self.profile.clock.tz).utcoffset() or timedelta()).total_seconds())


STAGES = {"sign": "signed_at", "close": "closed_at"}


def _finding(stage: str) -> str:
    """0 nothing to judge by, 1 kept, 2 late, 3 not yet due: the computed deadline, else what the file says."""
    at = STAGES[stage]

    def against(due: str) -> str:
        return f"""CASE WHEN {at} <= $cutoff THEN CASE WHEN {at} <= {due} THEN 1 ELSE 2 END
                    WHEN {due} <= $cutoff THEN 2 ELSE 3 END"""

    stated = f"""CASE WHEN stated_{stage}_on_time IS NOT NULL AND ({at} <= $cutoff OR stated_{stage}_due_at IS NULL)
                 THEN CASE WHEN NOT stated_{stage}_on_time THEN 2 WHEN {at} <= $cutoff THEN 1 ELSE 3 END
                 WHEN stated_{stage}_due_at IS NOT NULL THEN {against(f"stated_{stage}_due_at")} ELSE 0 END"""
    return f"""
        CASE WHEN {stage}_due_at IS NOT NULL THEN {against(f"{stage}_due_at")} ELSE 0 END AS {stage}_ours,
        {stated} AS {stage}_theirs,
        CASE WHEN {stage}_ours <> 0 THEN {stage}_ours ELSE {stage}_theirs END AS {stage}_found,
        {stage}_ours IN (1, 2) AND {stage}_theirs IN (1, 2) AND {stage}_ours <> {stage}_theirs AS {stage}_disputed,
        CASE WHEN {at} <= $cutoff
             THEN (epoch_us({at}) // 1000000 - epoch_us(dispatched_at) // 1000000)::INT END AS {stage}_seconds"""


def _timeliness(rows: str) -> str:
    return ",\n".join(
        f"""count(*) FILTER ({rows} AND {s}_found = 1) AS on_time_{s},
            count(*) FILTER ({rows} AND {s}_found IN (1, 2)) AS judged_{s},
            count(*) FILTER ({rows} AND {s}_found = 2) AS late_{s},
            count(*) FILTER ({rows} AND {s}_found = 3) AS not_due_{s},
            count(*) FILTER ({rows} AND {s}_found = 0) AS without_due_{s},
            quantile_cont({s}_seconds, [0.5, 0.9]) FILTER ({rows}) AS {s}_hours,
            count({s}_seconds) FILTER ({rows}) AS done_{s}"""
        for s in STAGES
    )


_COUNTS = "NOT coalesce(void, false)"
_LEADS_COUNT = f"{_COUNTS} AND role IS DISTINCT FROM 'assist'"

SQL = f"""
WITH orders AS NOT MATERIALIZED (
    SELECT *,
        received_at >= $begin AND received_at < $end AS came,
        dispatched_at >= $begin AND dispatched_at < $end AND disposition = 'dispatched' AS sent,
        sent AND NOT excluded AS assessed,
        assessed AND called_back AS called,
        {_finding("sign")},
        {_finding("close")}
    FROM read_parquet($orders)
),
whole AS (
    SELECT
        count(*) FILTER (came AND disposition IN ('dispatched', 'answered', 'refused')) AS received,
        count(*) FILTER (came AND disposition = 'answered') AS answered,
        count(*) FILTER (came AND disposition = 'refused') AS refused,
        count(*) FILTER (came AND disposition = 'merged') AS merged,
        count(*) FILTER (came AND disposition = 'split') AS split,
        count(*) FILTER (sent) AS total,
        count(*) FILTER (sent AND excluded) AS excluded,
        count(*) FILTER (sent AND reopen_count > 0) AS reopened,
        count(*) FILTER (sent AND repeat_of <> '') AS repeat,
        count(*) FILTER (disposition = 'dispatched' AND dispatched_at < $end
            AND (closed_at IS NULL OR closed_at >= $end OR closed_at > $cutoff)) AS in_hand,
        count(*) FILTER (assessed AND (sign_disputed OR close_disputed)) AS deadline_disagreements,
        count(*) FILTER (assessed) AS assessed,
        count(*) FILTER (assessed AND satisfaction = 'dissatisfied') AS dissatisfied,
        count(*) FILTER (called) AS called_back,
        count(*) FILTER (called AND satisfaction IN ('satisfied', 'very_satisfied')) AS satisfied,
        count(*) FILTER (called AND satisfaction = 'basically_satisfied') AS basically_satisfied,
        count(*) FILTER (called AND contacted) AS contacted,
        count(*) FILTER (called AND resolved) AS resolved,
        count(*) FILTER (assessed AND closed_at <= $cutoff) AS closed,
        count(*) FILTER (assessed AND closed_at <= $cutoff AND reopen_count = 0) AS closed_once,
        {_timeliness("assessed")}
    FROM orders
),
cuts AS (
    SELECT request_type, topic, subtopic, channel, street, urgency,
        grouping(request_type, channel, urgency, topic, subtopic, street, day, hour, weekday) AS grouped,
        (epoch_us(dispatched_at) // 1000000 + $offset) // 86400 AS day,
        (epoch_us(dispatched_at) // 1000000 + $offset) // 3600 % 24 AS hour,
        ((epoch_us(dispatched_at) // 1000000 + $offset) // 86400 + 3) % 7 + 1 AS weekday,
        count(*) AS total
    FROM read_parquet($orders)
    WHERE dispatched_at >= $begin AND dispatched_at < $end AND disposition = 'dispatched'
    GROUP BY GROUPING SETS ((request_type), (topic), (topic, subtopic), (channel), (street), (topic, street),
        (urgency), (day), (hour), (weekday))
),
before AS (
    SELECT topic,
        count(*) FILTER (dispatched_at >= $previous_begin AND dispatched_at < $previous_end) AS previous,
        count(*) FILTER (dispatched_at >= $year_begin AND dispatched_at < $year_end) AS year_before
    FROM read_parquet($orders)
    WHERE (dispatched_at >= $previous_begin AND dispatched_at < $previous_end
        OR dispatched_at >= $year_begin AND dispatched_at < $year_end) AND disposition = 'dispatched'
    GROUP BY GROUPING SETS ((), (topic))
),
noted AS (
    SELECT order_no, excluded, disposition IN ('merged', 'split') AS void,
        disposition = 'dispatched' AND NOT excluded AND satisfaction = 'dissatisfied'
            AND dispatched_at >= $begin AND dispatched_at < $end AS dissatisfied
    FROM read_parquet($orders)
    WHERE excluded OR disposition IN ('merged', 'split') OR satisfaction = 'dissatisfied'
),
handlings AS NOT MATERIALIZED (
    SELECT unit, role,
        dispatched_at >= $begin AND dispatched_at < $end AND {_COUNTS} AS sent,
        sent AND NOT returned AS handled,
        handled AND NOT coalesce(excluded, false) AS assessed,
        dispatched_at < $end AND (closed_at IS NULL OR closed_at >= $end OR closed_at > $cutoff)
            AND NOT returned AND {_COUNTS} AS in_hand,
        dispatched_at >= $previous_begin AND dispatched_at < $previous_end AND NOT returned
            AND {_COUNTS} AS previous,
        dispatched_at >= $year_begin AND dispatched_at < $year_end AND NOT returned
            AND {_COUNTS} AS year_before,
        coalesce(dissatisfied, false) AND role = 'lead' AND NOT returned AS leads_dissatisfied,
        returned, extension_days > 0 AS extended, rework_count > 0 AS reworked,
        {_finding("sign")},
        {_finding("close")}
    FROM read_parquet($handlings) AS h LEFT JOIN noted USING (order_no)
),
by_unit AS (
    SELECT unit,
        count(*) FILTER (handled) AS total,
        count(*) FILTER (handled AND role = 'lead') AS lead,
        count(*) FILTER (handled AND role = 'assist') AS assist,
        count(*) FILTER (previous) AS previous,
        count(*) FILTER (year_before) AS year_before,
        count(*) FILTER (sent) AS sent,
        count(*) FILTER (sent AND returned) AS returns,
        count(*) FILTER (handled AND extended) AS extensions,
        count(*) FILTER (handled AND reworked) AS rework,
        count(*) FILTER (in_hand) AS in_hand,
        count(*) FILTER (assessed AND (sign_disputed OR close_disputed)) AS deadline_disagreements,
        count(*) FILTER (leads_dissatisfied) AS dissatisfied,
        {_timeliness("assessed")}
    FROM handlings GROUP BY GROUPING SETS ((), (unit))
)
SELECT 'whole' AS part, * FROM whole
UNION ALL BY NAME SELECT 'cuts' AS part, * FROM cuts
UNION ALL BY NAME SELECT 'before' AS part, * FROM before
UNION ALL BY NAME SELECT 'by_unit' AS part, * FROM by_unit
"""  # noqa: S608 - made of the words above only


def with_sql(task: Task) -> Found:
    """Every value by the SQL."""
    begin, end = task.edges(task.period)
    previous_begin, previous_end = task.edges(task.period.previous())
    year_begin, year_end = task.edges(task.period.year_before())
    values = {
        "begin": begin,
        "end": end,
        "previous_begin": previous_begin,
        "previous_end": previous_end,
        "year_begin": year_begin,
        "year_end": year_end,
        "cutoff": task.cutoff,
        "offset": task.offset,
        **{name: f"{task.folder}/{name}/*.parquet" for name in ("orders", "handlings")},
    }
    with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        sql = SQL.replace(_COUNTS, _LEADS_COUNT) if task.lead_only else SQL
        rows = connection.execute(sql, values).to_arrow_table().to_pylist()
    parts: dict[str, list[Row]] = {name: [] for name in ("whole", "cuts", "before", "by_unit")}
    for row in rows:
        parts[row["part"]].append(row)
    return named(parts, task)


_CUT_COLUMNS = ("request_type", "channel", "urgency", "topic", "subtopic", "street", "day", "hour", "weekday")
_COUNTED = {
    "orders": (
        *("received", "answered", "refused", "merged", "split", "total", "excluded", "reopened", "repeat"),
        *("in_hand", "deadline_disagreements", "dissatisfied", "called_back"),
    ),
    "handlings": ("total", "returns", "extensions", "rework", "in_hand", "deadline_disagreements"),
}
_OF_STAGE = ("late", "not_due", "without_due")


def named(parts: dict[str, list[Row]], task: Task) -> Found:
    """Rows of counts as indicators: what the registry calls them, with numerators and denominators."""
    found: Found = {}
    whole = parts["whole"][0]
    _counts(found, "orders", whole, ())
    rates = {
        "repeat_rate": ("repeat", "total"),
        "satisfaction_called_back": ("satisfied", "called_back"),
        "response": ("contacted", "called_back"),
        "resolution": ("resolved", "called_back"),
        "first_time_close": ("closed_once", "closed"),
    }
    for name, (numerator, denominator) in rates.items():
        found[f"orders.{name}", NOW, ()] = (whole[numerator], whole[denominator])
    pleased = whole["assessed"] - whole["dissatisfied"]
    found["orders.satisfaction_all", NOW, ()] = (pleased, whole["assessed"])
    for suffix, weight in (("06", Decimal("0.6")), ("09", Decimal("0.9"))):
        weighted = whole["satisfied"] + weight * whole["basically_satisfied"]
        found[f"orders.satisfaction_weighted_{suffix}", NOW, ()] = (weighted, whole["called_back"])
    for row in parts["cuts"]:
        names = [name for index, name in enumerate(reversed(_CUT_COLUMNS)) if not row["grouped"] >> index & 1]
        cut = tuple((name, _key(name, row[name])) for name in sorted(names, key=_CUT_COLUMNS.index))
        found["orders.total", NOW, cut] = (row["total"], None)
    for row in parts["before"]:
        cut = () if row["topic"] is None else (("topic", row["topic"]),)
        for window in (Window.PREVIOUS, Window.YEAR_BEFORE):
            if row[window.value]:
                found["orders.total", window, cut] = (row[window.value], None)
    _handlings(found, parts["by_unit"], task)
    led = sum(row["dissatisfied"] for row in parts["by_unit"] if row["unit"] is not None)
    found["orders.dissatisfied", NOW, (("unit", MISSING),)] = (whole["dissatisfied"] - led, None)
    return found


def _handlings(found: Found, rows: list[Row], task: Task) -> None:
    groups: dict[str, int] = {}
    for row in rows:
        unit = row["unit"]
        cut = () if unit is None else (("unit", unit),)
        _counts(found, "handlings", row, cut)
        found["handlings.return_rate", NOW, cut] = (row["returns"], row["sent"])
        found["handlings.extension_rate", NOW, cut] = (row["extensions"], row["total"])
        for window in (Window.PREVIOUS, Window.YEAR_BEFORE):
            if row[window.value]:
                found["handlings.total", window, cut] = (row[window.value], None)
        if unit is None:
            for role in ("lead", "assist"):
                found["handlings.total", NOW, (("role", role),)] = (row[role], None)
        else:
            found["orders.dissatisfied", NOW, cut] = (row["dissatisfied"], None)
            group = task.profile.units[unit].group
            groups[group] = groups.get(group, 0) + row["total"]
    for group, total in groups.items():
        found["handlings.total", NOW, (("unit_group", group),)] = (total, None)


def _counts(found: Found, table: str, row: Row, cut: Cut) -> None:
    by_unit = {"deadline_disagreements"} if cut else set()
    for name in set(_COUNTED[table]) - by_unit:
        found[f"{table}.{name}", NOW, cut] = (row[name], None)
    for stage in STAGES:
        found[f"{table}.on_time_{stage}", NOW, cut] = (row[f"on_time_{stage}"], row[f"judged_{stage}"])
        for name in _OF_STAGE:
            found[f"{table}.{name}_{stage}", NOW, cut] = (row[f"{name}_{stage}"], None)
        hours = row[f"{stage}_hours"] or (0, 0)
        for suffix, seconds in zip(("median", "p90"), hours, strict=True):
            exact = Decimal(round(seconds * 10)) / 10
            found[f"{table}.{stage}_hours_{suffix}", NOW, cut] = (exact, row[f"done_{stage}"])


def _key(name: str, value: Any) -> str:
    if value is None:
        return MISSING
    if name == "day":
        return str(date(1970, 1, 1) + timedelta(days=value))
    return f"{value:02}" if name == "hour" else str(value)


def by_registry(figures: Figures) -> Found:
    """The same of what the registry computed, without what only follows from other values and empty parts."""
    derived = {"orders.satisfaction", "handlings.per_order"}
    return {
        (name, window, cut): (value.numerator, value.denominator)
        for name, window, cut, value in figures.items()
        if name not in derived and ".change_" not in name
    }


def compare(ours: Found, theirs: Found) -> int:
    """How many values were compared; fails on the first that differs. A part that isn't there counts nothing."""
    for key in ours.keys() | theirs.keys():
        mine, other = ours.get(key), theirs.get(key)
        nothing = {None, 0, Decimal(0)}
        if mine != other and not (set(mine or ()) <= nothing and set(other or ()) <= nothing):
            raise SystemExit(f"{key}: {mine} and {other}")
    return len(ours)
