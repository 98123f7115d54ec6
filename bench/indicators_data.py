"""A province's month: orders and handlings in Parquet, made vectorised and kept under .build/bench."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from figures import CACHE
from jieban.indicators.period import Period
from jieban.ledger.schema import HANDLINGS, LETTERS, ORDERS, SCHEMA_VERSION, TableSchema
from jieban.profile.city import Profile, Register

HANDLINGS_PER_ORDER = 1.3
PART = 1_000_000
DAY = 86_400

Columns = dict[str, pa.Array]


def scale_ledger(profile: Profile, period: Period, orders: int) -> Path:
    """The directory of a ledger of `orders` orders, all dispatched in the period; made when not there."""
    folder = CACHE / f"scale-{orders}-{SCHEMA_VERSION}"
    if (folder / "done").exists():
        return folder
    rng = np.random.default_rng(20250401)
    for name in ("orders", "handlings", "letters"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for part in range(-(-orders // PART)):
        rows = min(PART, orders - part * PART)
        _write_part(rng, profile, period, folder=folder, part=part, rows=rows)
    pq.write_table(LETTERS.arrow.empty_table(), folder / "letters" / "part-000.parquet")
    (folder / "done").touch()
    return folder


def _write_part(
    rng: np.random.Generator, profile: Profile, period: Period, *, folder: Path, part: int, rows: int
) -> None:
    begin, end = (int(edge.timestamp()) for edge in period.instants(profile.clock.tz))
    day = rng.integers(0, (end - begin) // DAY, rows)
    dispatched = begin + day * DAY + (rng.beta(4, 4, rows) * DAY).astype(np.int64)
    dispatched = np.sort(dispatched)
    number = pa.array([f"{part:03}{index:015}" for index in range(rows)])
    topics = [
        (topic.code, subtopic)
        for topic in profile.order_topics.valid_on(period.last)
        for subtopic in (_valid(profile.subtopics(profile.order_scheme, topic.code), period) or [None])
    ]
    topic = rng.choice(len(topics), rows, p=_falling(len(topics)))
    orders: Columns = {
        "order_no": number,
        "channel": _coded(rng, _valid(profile.channels, period), rows),
        "disposition": _chosen(
            rng, ["dispatched", "answered", "refused", "merged"], (0.97, 0.02, 0.005, 0.005), rows
        ),
        "received_at": _instants(dispatched - rng.integers(0, 3600, rows)),
        "dispatched_at": _instants(dispatched),
        "request_type": _coded(rng, _valid(profile.request_types, period), rows),
        "topic": pa.array([topics[index][0] for index in topic]).dictionary_encode(),
        "subtopic": pa.array([topics[index][1] for index in topic]).dictionary_encode(),
        "urgency": _chosen(rng, ["normal", "urgent", "emergency"], (0.95, 0.04, 0.01), rows),
        "street": _coded(rng, _valid(profile.streets, period), rows),
        "contacted": _flags(rng, 0.95, rows),
        "called_back": _flags(rng, 0.7, rows),
        "resolved": _flags(rng, 0.85, rows),
        "satisfaction": _chosen(
            rng,
            ["very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "not_rated"],
            (0.5, 0.35, 0.08, 0.005, 0.065),
            rows,
        ),
        "repeat_of": pa.array(np.where(rng.random(rows) < 0.05, "000000000000000000", None)),
        "reopen_count": pa.array((rng.random(rows) < 0.02).astype(np.int32)),
        "excluded": _flags(rng, 0.01, rows),
        **_progress(rng, dispatched, rows, sign=(0.4, 48), close=(30.0, 240)),
    }
    _write(folder / "orders" / f"part-{part:03}.parquet", ORDERS, orders, rows)
    path = folder / "handlings" / f"part-{part:03}.parquet"
    _write_handlings(rng, profile, period, path=path, number=number, dispatched=dispatched)


def _write_handlings(
    rng: np.random.Generator,
    profile: Profile,
    period: Period,
    *,
    path: Path,
    number: pa.Array,
    dispatched: np.ndarray,
) -> None:
    extra = rng.random(len(dispatched)) < HANDLINGS_PER_ORDER - 1
    of = np.sort(np.concatenate([np.arange(len(dispatched)), np.nonzero(extra)[0]]))
    lead = np.concatenate([[True], of[1:] != of[:-1]])
    rows = len(of)
    sent = dispatched[of]
    order_no = number.take(pa.array(of))
    handlings: Columns = {
        "handling_no": pa.array(
            [f"{no}-{1 if first else 2}" for no, first in zip(order_no.to_pylist(), lead, strict=True)]
        ),
        "order_no": order_no,
        "unit": _coded(rng, _valid(profile.units, period), rows),
        "role": pa.array(np.where(lead, "lead", "assist")).dictionary_encode(),
        "returned": _flags(rng, 0.03, rows),
        "return_requests": pa.array((rng.random(rows) < 0.04).astype(np.int32)),
        "extension_days": pa.array(np.where(rng.random(rows) < 0.05, 5, 0).astype(np.int32)),
        "rework_count": pa.array((rng.random(rows) < 0.03).astype(np.int32)),
        "dispatched_at": _instants(sent),
        **_progress(rng, sent, rows, sign=(0.35, 24), close=(25.0, 120)),
    }
    _write(path, HANDLINGS, handlings, rows)


def _progress(
    rng: np.random.Generator,
    start: np.ndarray,
    rows: int,
    *,
    sign: tuple[float, int],
    close: tuple[float, int],
) -> Columns:
    signed = start + (rng.exponential(sign[0], rows) * 3600).astype(np.int64)
    closed = signed + (rng.exponential(close[0], rows) * 3600).astype(np.int64)
    open_still = rng.random(rows) < 0.02
    stated = rng.random(rows) < 0.5
    close_due = start + close[1] * 3600
    return {
        "signed_at": _instants(signed, rng.random(rows) < 0.002),
        "closed_at": _instants(closed, open_still),
        "sign_due_at": _instants(start + sign[1] * 3600),
        "close_due_at": _instants(close_due),
        "stated_close_due_at": _instants(close_due + rng.integers(-1, 2, rows) * DAY, ~stated),
        "sign_rule": pa.array(np.full(rows, "sign")).dictionary_encode(),
        "close_rule": pa.array(np.full(rows, "close")).dictionary_encode(),
    }


def _valid(register: Register[Any], period: Period) -> list[str]:
    return [member.code for member in register.valid_on(period.last)]


def _falling(count: int) -> np.ndarray:
    weights = 1 / np.arange(1, count + 1)
    return weights / weights.sum()


def _coded(rng: np.random.Generator, codes: Sequence[str], rows: int) -> pa.Array:
    picked = rng.choice(len(codes), rows, p=_falling(len(codes))).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(picked), pa.array(codes))


def _chosen(rng: np.random.Generator, codes: Sequence[str], shares: Sequence[float], rows: int) -> pa.Array:
    picked = rng.choice(len(codes), rows, p=shares).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(picked), pa.array(codes))


def _flags(rng: np.random.Generator, share: float, rows: int) -> pa.Array:
    return pa.array(rng.random(rows) < share)


def _instants(seconds: np.ndarray, empty: np.ndarray | None = None) -> pa.Array:
    return pa.array(seconds, mask=empty).cast(pa.timestamp("s", tz="UTC"))


def _write(path: Path, schema: TableSchema, columns: Columns, rows: int) -> None:
    table = pa.table(
        {
            column.name: columns[column.name].cast(column.kind.value)
            if column.name in columns
            else pa.nulls(rows, column.kind.value)
            for column in schema.columns
        },
        schema=schema.arrow,
    )
    pq.write_table(table, path, compression="zstd")


def latest() -> datetime:
    """The data cut-off that the benchmark uses for all that it compares."""
    return datetime(2025, 5, 3, 8, tzinfo=UTC)
