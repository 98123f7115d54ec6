"""The same values with pandas, reading only the columns that are needed: what an analyst's notebook would do."""

from typing import Any

import pandas as pd

from indicators_by_hand import STAGES, Found, Row, Task, named

_DUE = [
    name
    for stage in STAGES
    for name in (f"{stage}_due_at", f"stated_{stage}_due_at", f"stated_{stage}_on_time")
]
_ORDERS = [
    "order_no",
    "channel",
    "disposition",
    "received_at",
    "dispatched_at",
    "signed_at",
    "closed_at",
    "request_type",
    "topic",
    "subtopic",
    "urgency",
    "street",
    "contacted",
    "called_back",
    "resolved",
    "satisfaction",
    "repeat_of",
    "reopen_count",
    "excluded",
    *_DUE,
]
_HANDLINGS = [
    "order_no",
    "unit",
    "role",
    "dispatched_at",
    "signed_at",
    "closed_at",
    "returned",
    "extension_days",
    "rework_count",
    *_DUE,
]


def with_pandas(task: Task) -> Found:
    """Every value."""
    orders = pd.read_parquet(task.folder / "orders", columns=_ORDERS)
    handlings = pd.read_parquet(task.folder / "handlings", columns=_HANDLINGS)
    parts: dict[str, list[Row]] = {"before": []}
    parts["whole"] = [_whole(orders, task)]
    parts["cuts"] = _cuts(orders, task)
    parts["by_unit"] = _by_unit(orders, handlings, task)
    return named(parts, task)


def _within(column: Any, edges: tuple[Any, Any]) -> Any:
    return (column >= edges[0]) & (column < edges[1])


def _findings(frame: Any, task: Task) -> None:
    """Adds `{stage}_found`: 0 nothing to judge by, 1 kept, 2 late, 3 not yet due; and whether the sources differ."""
    disputed = None
    for stage, at in STAGES.items():
        done = frame[at] <= task.cutoff

        def against(due: Any, done: Any = done, at: str = at) -> Any:
            found = pd.Series(3, index=frame.index, dtype="int8")
            found[due <= task.cutoff] = 2
            found[done] = 2
            found[done & (frame[at] <= due)] = 1
            found[due.isna()] = 0
            return found

        ours, theirs = against(frame[f"{stage}_due_at"]), against(frame[f"stated_{stage}_due_at"])
        flag = frame[f"stated_{stage}_on_time"]
        said = flag.notna() & (done | (theirs == 0))
        if said.any():
            on_time = flag.fillna(False).astype(bool)
            theirs[said & ~on_time] = 2
            theirs[said & on_time & done] = 1
            theirs[said & on_time & ~done] = 3
        frame[f"{stage}_found"] = ours.where(ours != 0, theirs)
        differ = ours.isin([1, 2]) & theirs.isin([1, 2]) & (ours != theirs)
        disputed = differ if disputed is None else disputed | differ
        seconds = (frame[at] - frame["dispatched_at"]).dt.total_seconds()
        frame[f"{stage}_seconds"] = seconds.where(done)
    frame["disputed"] = disputed


def _timeliness(frame: Any) -> Row:
    row: Row = {}
    for stage in STAGES:
        found = frame[f"{stage}_found"].value_counts()
        kept, late, pending, nothing = (int(found.get(code, 0)) for code in (1, 2, 3, 0))
        seconds = frame[f"{stage}_seconds"].dropna()
        row |= {
            f"on_time_{stage}": kept,
            f"judged_{stage}": kept + late,
            f"late_{stage}": late,
            f"not_due_{stage}": pending,
            f"without_due_{stage}": nothing,
            f"{stage}_hours": seconds.quantile([0.5, 0.9]).tolist() if len(seconds) else None,
            f"done_{stage}": len(seconds),
        }
    return row


def _whole(orders: Any, task: Task) -> Row:
    _findings(orders, task)
    now = task.edges(task.period)
    came = orders.loc[_within(orders["received_at"], now), "disposition"].value_counts()
    orders["sent"] = (orders["disposition"] == "dispatched") & _within(orders["dispatched_at"], now)
    sent = orders[orders["sent"]]
    assessed = sent[~sent["excluded"]]
    called = assessed[assessed["called_back"]]
    ratings = called["satisfaction"].value_counts()
    closed = assessed[assessed["closed_at"] <= task.cutoff]
    still = orders["closed_at"].isna() | (orders["closed_at"] >= now[1]) | (orders["closed_at"] > task.cutoff)
    return {
        "received": int(came.get("dispatched", 0) + came.get("answered", 0) + came.get("refused", 0)),
        **{name: int(came.get(name, 0)) for name in ("answered", "refused", "merged", "split")},
        "total": len(sent),
        "excluded": int(sent["excluded"].sum()),
        "reopened": int((sent["reopen_count"] > 0).sum()),
        "repeat": int(sent["repeat_of"].notna().sum()),
        "in_hand": int(
            ((orders["disposition"] == "dispatched") & (orders["dispatched_at"] < now[1]) & still).sum()
        ),
        "deadline_disagreements": int(assessed["disputed"].sum()),
        "assessed": len(assessed),
        "dissatisfied": int((assessed["satisfaction"] == "dissatisfied").sum()),
        "called_back": len(called),
        "satisfied": int(ratings.get("satisfied", 0) + ratings.get("very_satisfied", 0)),
        "basically_satisfied": int(ratings.get("basically_satisfied", 0)),
        "contacted": int(called["contacted"].sum()),
        "resolved": int(called["resolved"].sum()),
        "closed": len(closed),
        "closed_once": int((closed["reopen_count"] == 0).sum()),
        **_timeliness(assessed),
    }


def _cuts(orders: Any, task: Task) -> list[Row]:
    sent = orders[orders["sent"]]
    local = sent["dispatched_at"].dt.tz_convert(task.profile.clock.tz)
    keys = {
        "request_type": sent["request_type"],
        "channel": sent["channel"],
        "urgency": sent["urgency"],
        "topic": sent["topic"],
        "subtopic": sent["subtopic"],
        "street": sent["street"],
        "day": (local.dt.tz_localize(None).dt.normalize() - pd.Timestamp(0)).dt.days,
        "hour": local.dt.hour,
        "weekday": local.dt.dayofweek + 1,
    }
    names = list(keys)
    rows = []
    for cut in (
        *((name,) for name in names if name != "subtopic"),
        ("topic", "subtopic"),
        ("topic", "street"),
    ):
        # GROUPING's bits: one for each column that isn't grouped by, the last column lowest.
        grouped = sum(1 << index for index, name in enumerate(reversed(names)) if name not in cut)
        counts = sent.groupby([keys[name] for name in cut], observed=True, dropna=False).size()
        for found, total in counts.items():
            key = found if isinstance(found, tuple) else (found,)
            plain = (None if isinstance(part, float) else part for part in key)
            rows.append({"grouped": grouped, "total": int(total), **dict(zip(cut, plain, strict=True))})
    return rows


def _by_unit(orders: Any, handlings: Any, task: Task) -> list[Row]:
    now = task.edges(task.period)
    assessed = orders["sent"] & ~orders["excluded"]
    excluded = set(orders.loc[orders["excluded"], "order_no"])
    void = set(orders.loc[orders["disposition"].isin(["merged", "split"]), "order_no"])
    unhappy = set(orders.loc[assessed & (orders["satisfaction"] == "dissatisfied"), "order_no"])
    _findings(handlings, task)
    number = handlings["order_no"]
    counts = ~number.isin(void)
    if task.lead_only:
        counts &= handlings["role"] != "assist"
    handlings["sent"] = counts & _within(handlings["dispatched_at"], now)
    handlings["handled"] = handlings["sent"] & ~handlings["returned"]
    handlings["assessed"] = handlings["handled"] & ~number.isin(excluded)
    closed = handlings["closed_at"]
    still = closed.isna() | (closed >= now[1]) | (closed > task.cutoff)
    handlings["in_hand"] = counts & ~handlings["returned"] & (handlings["dispatched_at"] < now[1]) & still
    lead = handlings["role"] == "lead"
    handlings["leads"] = number.isin(unhappy) & lead & ~handlings["returned"]
    handlings["by_lead"] = lead
    rows = [_of_unit(None, handlings)]
    rows += [_of_unit(str(unit), part) for unit, part in handlings.groupby("unit", observed=True)]
    return rows


def _of_unit(unit: str | None, part: Any) -> Row:
    handled = part[part["handled"]]
    assessed = part[part["assessed"]]
    return {
        "unit": unit,
        "total": len(handled),
        "lead": int(handled["by_lead"].sum()),
        "assist": int((~handled["by_lead"]).sum()),
        "previous": 0,
        "year_before": 0,
        "sent": int(part["sent"].sum()),
        "returns": int((part["sent"] & part["returned"]).sum()),
        "extensions": int((handled["extension_days"] > 0).sum()),
        "rework": int((handled["rework_count"] > 0).sum()),
        "in_hand": int(part["in_hand"].sum()),
        "deadline_disagreements": int(assessed["disputed"].sum()),
        "dissatisfied": int(part["leads"].sum()),
        **_timeliness(assessed),
    }
