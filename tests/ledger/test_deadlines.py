"""Deadlines of many rows at once, against the clock asked row by row."""

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ledger_files import CUTOFF, WIDE, Read, make_csv, wide_row

from jieban.ledger.read import Reading, read_ledger
from jieban.profile.city import Profile
from jieban.profile.model import Basis, Level, Policy, Stage, Urgency
from jieban.worktime import Span, UnknownYear

ORDERS = ("工单编号", "受理时间", "派单时间", "诉求类型", "一级分类", "来源渠道", "紧急程度")
HANDLINGS = ("工单编号", "承办单位", "派单时间", "延期天数", "是否退单", "签收时间", "办结时间")
Row = dict[str, Any]


def many(tmp_path: Path, profile: Profile, first: dt.date, days: int, count: int = 400) -> Reading:
    """Orders with handlings at random times, of every kind that deadlines hang on."""
    chance = random.Random(7)  # noqa: S311 - test data
    units = [unit.name for unit in profile.units.values() if unit.validity.covers(first)]
    topics = [topic.name for topic in profile.order_topics.values() if topic.validity.covers(first)]
    urgencies = ["一般", "一般", "紧急", "特急"]
    orders: list[list[Any]] = [list(ORDERS)]
    handlings: list[list[Any]] = [list(HANDLINGS)]
    for number in range(count):
        start = dt.datetime.combine(first, dt.time()) + dt.timedelta(seconds=chance.randrange(days * 86_400))
        orders.append([
            str(number), f"{start}", f"{start}",
            chance.choice([r.name for r in profile.request_types.values()]), chance.choice(topics),
            chance.choice([c.name for c in profile.channels.values()]), chance.choice(urgencies),
        ])  # fmt: skip
        for unit in chance.sample(units, chance.choice([1, 1, 2])):
            later = start + dt.timedelta(minutes=chance.randrange(3000))
            extension, returned = chance.choice(["0", "0", "3", "10"]), chance.choice(["否", "否", "是"])
            handlings.append([str(number), unit, f"{later}", extension, returned, "", ""])
    paths = [make_csv(tmp_path / "工单.csv", orders), make_csv(tmp_path / "承办.csv", handlings)]
    return read_ledger(paths, profile, cutoff=CUTOFF)


def recomputed(
    row: Row, order: Row, level: Level, stage: Stage, *, profile: Profile, days: int
) -> tuple[dt.datetime, str]:
    rule = profile.deadline_rule(
        level,
        stage,
        request_type=order["request_type"],
        urgency=Urgency(order["urgency"]),
        channel=order["channel"],
        on=row["dispatched_at"].astimezone(profile.clock.tz).date(),
    )
    due = profile.clock.due(row["dispatched_at"], rule.span)
    if stage is Stage.CLOSE and days:
        due = profile.clock.extend(due, Span(amount=days, basis=Basis.WORKING_DAYS))
    return due.astimezone(dt.UTC), rule.id


@pytest.mark.parametrize("zone", [None, "America/New_York"])
@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("changji", dt.date(2025, 4, 1)),
        ("yunting", dt.date(2024, 12, 1)),
        ("yunting", dt.date(2025, 6, 20)),
    ],
)
def test_every_deadline_is_the_clock_s(
    tmp_path: Path, request: pytest.FixtureRequest, name: str, first: dt.date, zone: str | None
) -> None:
    profile: Profile = request.getfixturevalue(name)
    if zone is not None:
        profile = replace(profile, clock=replace(profile.clock, tz=ZoneInfo(zone)))
    reading = many(tmp_path, profile, first, 75)
    assert reading.accounting.rejected == 0
    orders = {order["order_no"]: order for order in reading.ledger.orders.to_pylist()}
    handlings = reading.ledger.handlings.to_pylist()
    extensions: dict[str, int] = {}
    rules = set()
    for handling in handlings:
        order = orders[handling["order_no"]]
        if not handling["returned"]:
            extensions[order["order_no"]] = max(
                extensions.get(order["order_no"], 0), handling["extension_days"]
            )
        for stage in Stage:
            expected = recomputed(
                handling, order, Level.HANDLING, stage, profile=profile, days=handling["extension_days"]
            )
            assert (handling[f"{stage}_due_at"], handling[f"{stage}_rule"]) == expected
            rules.add(expected[1])
    for order in orders.values():
        days = extensions.get(order["order_no"], 0) if profile.extension.extends_order else 0
        for stage in Stage:
            expected = recomputed(order, order, Level.ORDER, stage, profile=profile, days=days)
            assert (order[f"{stage}_due_at"], order[f"{stage}_rule"]) == expected
            rules.add(expected[1])
    assert len(rules) >= 12


def test_an_order_whose_extension_is_not_its_own_keeps_its_deadline(tmp_path: Path, changji: Profile) -> None:
    profile = replace(changji, extension=replace(changji.extension, extends_order=False))
    moved = many(tmp_path, changji, dt.date(2025, 4, 1), 20, 60).ledger
    kept = many(tmp_path, profile, dt.date(2025, 4, 1), 20, 60).ledger
    assert moved.handlings.equals(kept.handlings)
    pairs = list(
        zip(moved.orders["close_due_at"].to_pylist(), kept.orders["close_due_at"].to_pylist(), strict=True)
    )
    assert all(a >= b for a, b in pairs)
    assert any(a > b for a, b in pairs)


def test_what_the_file_states_stands_beside_what_was_computed(read: Read) -> None:
    headings = (*WIDE, "签收期限", "办理时限", "是否按期签收", "是否按期办结")
    reading = read([headings, [*wide_row("1"), "2025-04-02 12:00", "2025-04-04 12:00", "按时", "超期"]])
    order = reading.ledger.orders.to_pylist()[0]
    assert order["stated_sign_due_at"] == dt.datetime(2025, 4, 2, 4, tzinfo=dt.UTC)
    assert order["stated_close_due_at"] == dt.datetime(2025, 4, 4, 4, tzinfo=dt.UTC)
    assert (order["stated_sign_on_time"], order["stated_close_on_time"]) == (True, False)
    assert order["close_due_at"] not in {None, order["stated_close_due_at"]}


def test_a_year_without_a_calendar_is_refused_not_guessed(read: Read) -> None:
    row = wide_row("1", 受理时间="1995-04-03", 派单时间="1995-04-03", 签收时间=None, 办结时间=None)
    with pytest.raises(UnknownYear, match="1995"):
        read([WIDE, row])
    # Urgent orders are timed by the clock, which needs no calendar.
    urgent = read([(*WIDE, "紧急程度"), [*row, "紧急"]])
    assert urgent.ledger.orders["close_due_at"].null_count == 0


def test_an_accepted_handling_without_an_order_has_no_deadline(tmp_path: Path, changji: Profile) -> None:
    profile = replace(changji, policies={**changji.policies, "orphan_handling": Policy.FLAG})
    orders = make_csv(
        tmp_path / "工单.csv", [ORDERS, ["1", "2025-04-01", "2025-04-01", "投诉", "住房保障类", "", ""]]
    )
    rows = [HANDLINGS, ["1", "住建局", "2025-04-01", *4 * [""]], ["9", "住建局", "2025-04-01", *4 * [""]]]
    reading = read_ledger([orders, make_csv(tmp_path / "承办.csv", rows)], profile, cutoff=CUTOFF)
    assert reading.ledger.handlings["flags"].to_pylist() == [None, "orphan_handling"]
    assert reading.ledger.handlings["close_due_at"].null_count == 1


def test_a_stage_that_the_file_says_nothing_of_has_no_deadline(read: Read) -> None:
    rows = [
        [cell for cell, heading in zip(row, WIDE, strict=True) if heading != "签收时间"]
        for row in (WIDE, wide_row("1"))
    ]
    ledger = read(rows).ledger
    for table in (ledger.orders, ledger.handlings):
        assert table["sign_due_at"].null_count == 1
        assert table["close_due_at"].null_count == 0


def test_another_system_s_deadlines_are_stated_ones(read: Read) -> None:
    reading = read([(*WIDE, "应办结时间"), [*wide_row("1"), "2025-04-30"]])
    order = reading.ledger.orders.to_pylist()[0]
    assert order["stated_close_due_at"] == dt.datetime(2025, 4, 29, 16, tzinfo=dt.UTC)
    assert order["close_due_at"] is not None
    assert order["close_due_at"] != order["stated_close_due_at"]
