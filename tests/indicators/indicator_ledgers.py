"""Random ledgers, as plain rows and as Arrow: every state that a row can be in, often."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from jieban.indicators.period import Period
from jieban.ledger.schema import TABLES, Ledger, Role, Satisfaction
from jieban.profile.city import Profile

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]

_RATINGS = [None, *(rating.value for rating in Satisfaction)]
_FLAG = [True, False, None]


def ledger_of(rows: Rows) -> Ledger:
    """The rows as a ledger in the canonical schema; absent cells are empty."""
    tables = {}
    for schema in TABLES:
        columns = {
            column.name: pa.array([row.get(column.name) for row in rows.get(schema.name, ())]).cast(
                column.kind.value
            )
            if rows.get(schema.name)
            else pa.array([], type=column.kind.value)
            for column in schema.columns
        }
        tables[schema.name] = pa.table(columns, schema=schema.arrow)
    return Ledger(**tables)


def random_rows(profile: Profile, period: Period, *, seed: int, orders: int) -> dict[str, list[Row]]:
    """Orders, handlings and letters around a period, the one before and the year before, edges included."""
    chance = random.Random(seed)  # noqa: S311 - a test's data
    spans = [span.instants(profile.clock.tz) for span in (period, period.previous(), period.year_before())]
    topics = [
        (topic.code, subtopic)
        for topic in profile.order_topics.values()
        for subtopic in (*topic_subtopics(profile, topic.code), None)
    ]
    units = list(profile.units)[:7] + list(profile.units)[-4:]
    made: dict[str, list[Row]] = {"orders": [], "handlings": [], "letters": []}
    for number in range(orders):
        begin, end = chance.choices(spans, (6, 2, 2))[0]
        received = begin + (end - begin) * chance.uniform(-0.1, 1.1)
        if chance.random() < 0.05:
            received = chance.choice([begin, end, begin - timedelta(seconds=1), end - timedelta(seconds=1)])
        received = received.replace(microsecond=0)
        topic, subtopic = chance.choice(topics)
        order: Row = {
            "order_no": f"N{number:06}",
            "channel": chance.choice([*profile.channels, None]),
            "disposition": chance.choices(
                ["dispatched", "answered", "refused", "merged", "split"], (80, 8, 4, 4, 4)
            )[0],
            "received_at": received,
            "request_type": chance.choice(list(profile.request_types)),
            "topic": topic,
            "subtopic": subtopic,
            "urgency": chance.choice(["normal", "normal", "urgent", "emergency"]),
            "street": chance.choice([*profile.streets, None]),
            "contacted": chance.choice(_FLAG),
            "called_back": chance.choice(_FLAG),
            "resolved": chance.choice(_FLAG),
            "satisfaction": chance.choice(_RATINGS),
            "repeat_of": chance.choice([None, None, "", "N000000"]),
            "reopen_count": chance.choice([0, 0, 0, 1, 2]),
            "excluded": chance.choice([True, False, False, False]),
        }
        if order["disposition"] in {"dispatched", "merged", "split"}:
            order["dispatched_at"] = received + timedelta(seconds=chance.choice([0, 59, 3600, 90000]))
            _progress(chance, order, spans[0][1])
        made["orders"].append(order)
        if "dispatched_at" in order:
            made["handlings"] += _handlings(chance, order, units, spans[0][1])
    for number in range(orders // 10 if profile.mailboxes else 0):
        begin, end = chance.choice(spans)
        made["letters"].append(
            _letter(chance, profile, units, number, begin + (end - begin) * chance.random())
        )
    return made


def without_columns(rows: Rows, *, seed: int, files: int) -> dict[str, list[Row]]:
    """The rows as if they came from several files, each of which lacks a few columns of its own."""
    chance = random.Random(seed)  # noqa: S311 - a test's data
    made: dict[str, list[Row]] = {}
    for schema in TABLES:
        recorded = list(schema.recorded)
        lacking = [chance.sample(recorded, chance.randrange(min(4, len(recorded)) + 1)) for _ in range(files)]
        lacking.append([])
        made[schema.name] = []
        for row in rows.get(schema.name, ()):
            absent = chance.choice(lacking)
            emptied = dict.fromkeys(name for name in absent if name != "disposition")
            made[schema.name].append(row | emptied | {"absent_columns": ",".join(sorted(absent)) or None})
    for order in made["orders"]:
        if "disposition" in (order["absent_columns"] or "").split(","):
            order["disposition"] = "dispatched"
    return made


def topic_subtopics(profile: Profile, topic: str) -> list[str]:
    """Subtopic codes of a topic of ordinary orders."""
    return list(profile.subtopics(profile.order_scheme, topic))


def _progress(chance: random.Random, row: Row, end: datetime) -> None:
    start: datetime = row["dispatched_at"]
    if chance.random() < 0.9:
        row["signed_at"] = start + timedelta(seconds=chance.randrange(0, 400_000))
        if chance.random() < 0.85:
            row["closed_at"] = row["signed_at"] + timedelta(seconds=chance.randrange(0, 3_000_000))
    if chance.random() < 0.02:
        # A mistyped year, and the very instant at which the period ends.
        row["closed_at"] = chance.choice([datetime(2059, 1, 1, tzinfo=UTC), end])
    for stage, longest in (("sign", 400_000), ("close", 3_000_000)):
        for name in (f"{stage}_due_at", f"stated_{stage}_due_at"):
            if chance.random() < 0.7:
                row[name] = start + timedelta(seconds=chance.randrange(0, longest))
        if chance.random() < 0.02 and f"{stage}_due_at" in row:
            row["signed_at" if stage == "sign" else "closed_at"] = row[f"{stage}_due_at"]
        row[f"stated_{stage}_on_time"] = chance.choice([None, None, True, False])


def _handlings(chance: random.Random, order: Row, units: list[str], end: datetime) -> list[Row]:
    made = []
    lead = chance.random() < 0.97
    for index in range(chance.choice([1, 1, 1, 2, 3])):
        handling: Row = {
            "handling_no": f"{order['order_no']}-{index}",
            "order_no": order["order_no"],
            "unit": chance.choice(units),
            "role": None
            if chance.random() < 0.05
            else Role.LEAD.value
            if index == 0 and lead
            else Role.ASSIST.value,
            "dispatched_at": order["dispatched_at"] + timedelta(seconds=chance.choice([0, 0, 7200, 200_000])),
            "returned": chance.random() < 0.1,
            "extension_days": chance.choice([0, 0, 0, 5]),
            "rework_count": chance.choice([0, 0, 0, 1, 2]),
        }
        _progress(chance, handling, end)
        made.append(handling)
    return made


def _letter(chance: random.Random, profile: Profile, units: list[str], number: int, at: datetime) -> Row:
    box = chance.choice(list(profile.mailboxes))
    scheme = profile.mailboxes[box].scheme
    topic = chance.choice(list(profile.schemes[scheme]))
    subtopics = [*profile.subtopics(scheme, topic), None]
    received = at.replace(microsecond=0)
    letter: Row = {
        "letter_no": f"L{number:05}",
        "mailbox": box,
        "received_at": received,
        "topic": topic,
        "subtopic": chance.choice(subtopics),
        "disposition": chance.choice(
            [*["transferred"] * 4, "answered", "refused", "merged", "split", "pending"]
        ),
        "unit": chance.choice([*units, None]),
    }
    if chance.random() < 0.8:
        letter["closed_at"] = received + timedelta(hours=chance.randrange(0, 900))
    return letter
