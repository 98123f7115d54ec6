"""The demo ledger, counted in plain Python, against the published figures and against common sense."""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jieban.demo.ledger import make_ledger
from jieban.demo.targets import DemoPlan
from jieban.indicators.period import Period
from jieban.kernel.typography import fullwidth
from jieban.ledger.schema import TABLES, Ledger
from jieban.profile.city import Profile
from jieban.profile.load import load_profile, profile_directory
from jieban.worktime import Basis, Span

Row = dict[str, Any]
MOMENTS = {"orders": "dispatched_at", "handlings": "dispatched_at", "letters": "received_at"}
"""By what a row belongs to a month."""


@dataclass(frozen=True)
class Made:
    profile: Profile
    plan: DemoPlan
    ledger: Ledger
    figures: Any
    read: dict[str, tuple[list[Row], Mapping[str, list[Row]]]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return self.profile.clock.tz

    def rows(self, table: str, period: str | None = None) -> list[Row]:
        """The table's rows, or those of a month; the same ones to every test, so none changes them."""
        if table not in self.read:
            rows: list[Row] = getattr(self.ledger, table).to_pylist()
            self.read[table] = rows, _by_month(table, rows, self.zone)
        every, months = self.read[table]
        return list(every if period is None or table not in MOMENTS else months[period])

    def month(self, table: str) -> list[Row]:
        return self.rows(table, self.plan.report_month)

    def kept(self, period: str | None = None) -> list[Row]:
        return [
            row for row in self.rows("handlings", period or self.plan.report_month) if not row["returned"]
        ]

    def counted(self, period: str | None = None) -> list[Row]:
        leads_alone = self.profile.workflow.co_handling.counting == "lead_only"
        return [row for row in self.kept(period) if row["role"] == "lead" or not leads_alone]

    def unit(self, name: str) -> str:
        found = self.profile.units.find(name)
        assert found is not None
        return found.code


def _by_month(table: str, rows: list[Row], zone: ZoneInfo) -> Mapping[str, list[Row]]:
    months: defaultdict[str, list[Row]] = defaultdict(list)
    if table in MOMENTS:
        for row in rows:
            months[row[MOMENTS[table]].astimezone(zone).strftime("%Y-%m")].append(row)
    return months


@pytest.fixture(scope="module", params=["changji", "yunting"])
def made(request: pytest.FixtureRequest) -> Made:
    profile = load_profile(request.param)
    ledger, plan = make_ledger(profile)
    figures = json.loads((plan.directory / "figures.json").read_text(encoding="utf-8"))
    return Made(profile, plan, ledger, figures)


def test_the_projects_figures_are_the_published_ones(shared: Path) -> None:
    published = json.loads((shared / "reference" / "changji-2025-04.json").read_text(encoding="utf-8"))
    own = json.loads((profile_directory("changji") / "demo" / "figures.json").read_text(encoding="utf-8"))
    for remark in ("about", "known_inconsistencies"):
        published.pop(remark)
    own.pop("about")
    assert own == published


def test_tables_have_the_canonical_schema(made: Made) -> None:
    for schema in TABLES:
        assert getattr(made.ledger, schema.name).schema.equals(schema.arrow)


def test_orders_by_request_type_and_in_all(made: Made) -> None:
    counts = Counter(row["request_type"] for row in made.month("orders"))
    assert sum(counts.values()) == made.figures["totals"]["orders"]
    assert {made.profile.request_types[code].name: n for code, n in counts.items()} == {
        entry["name"]: entry["count"] for entry in made.figures["request_types"]
    }


def test_orders_by_topic_and_subtopic(made: Made) -> None:
    scheme = made.profile.order_scheme
    counts = Counter((row["topic"], row["subtopic"]) for row in made.month("orders"))
    named: dict[str, dict[str | None, int]] = defaultdict(dict)
    for (topic, subtopic), n in counts.items():
        name = made.profile.subtopics(scheme, topic)[subtopic].name if subtopic else None
        named[made.profile.schemes[scheme][topic].name][name] = n
    expected = {
        entry["name"]: {sub["name"]: sub["count"] for sub in entry["subtopics"]} or {None: entry["count"]}
        for entry in made.figures["topics"]
    }
    assert dict(named) == expected


def test_handlings_by_group_and_by_the_published_units(made: Made) -> None:
    by_unit = Counter(row["unit"] for row in made.counted())
    groups: Counter[str] = Counter()
    names = {label.code: label.name for label in made.profile.unit_groups}
    for unit, n in by_unit.items():
        groups[names[made.profile.units[unit].group]] += n
    assert dict(groups) == {entry["name"]: entry["handlings"] for entry in made.figures["unit_groups"]}
    top = made.figures["top_units"]
    assert [(made.unit(entry["name"]), entry["count"]) for entry in top] == by_unit.most_common(len(top))


def test_assisting_units_are_there_whether_they_count_or_not(made: Made) -> None:
    totals = made.figures["totals"]
    handlings = sum(group["handlings"] for group in made.figures["unit_groups"])
    assisting = [row for row in made.kept() if row["role"] == "assist"]
    assert len(assisting) == totals.get("assisting", handlings - totals["orders"]) > 100
    assert len(made.counted()) == handlings
    assert len(made.kept()) == totals["orders"] + len(assisting)


def test_late_handlings_by_unit(made: Made) -> None:
    for stage, key in (("sign", "overdue_sign"), ("close", "overdue_close")):
        done = {"sign": "signed_at", "close": "closed_at"}[stage]
        late = Counter(row["unit"] for row in made.counted() if row[done] > row[f"{stage}_due_at"])
        assert late == Counter({made.unit(name): n for name, n in made.figures[key]["by_unit"].items()})
        assert late.total() == made.figures[key]["total"]


def moved(orders: list[Row], handlings: list[Row], profile: Profile) -> list[tuple[Row, int, datetime]]:
    """The orders that were extended, by how many working days at most, and what their rule alone comes to."""
    days: Counter[str] = Counter()
    for row in handlings:
        if not row["returned"]:
            days[row["order_no"]] = max(days[row["order_no"]], row["extension_days"])
    spans = {rule.id: rule.span for rule in profile.deadline_rules}
    return [
        (row, days[row["order_no"]], profile.clock.due(row["dispatched_at"], spans[row["close_rule"]]))
        for row in orders
        if days[row["order_no"]]
    ]


def test_an_extension_moves_the_orders_deadline_as_the_city_says(made: Made) -> None:
    found = moved(made.month("orders"), made.month("handlings"), made.profile)
    assert found
    assert made.profile.extension.extends_order
    for row, days, due in found:
        later = made.profile.clock.extend(due, Span(amount=days, basis=Basis.WORKING_DAYS))
        assert row["close_due_at"] == later > due


def test_where_extensions_are_the_units_own_the_orders_deadline_stays(made: Made) -> None:
    own = replace(made.profile, extension=replace(made.profile.extension, extends_order=False))
    ledger, _ = make_ledger(own, [made.plan.report_month])
    rows, handlings = ledger.orders.to_pylist(), ledger.handlings.to_pylist()
    found = moved(rows, handlings, own)
    assert found
    assert all(row["close_due_at"] == due for row, _, due in found)
    assert [{**row, "close_due_at": None} for row in rows] == [
        {**row, "close_due_at": None} for row in made.month("orders")
    ], "nothing else of them changes"


def test_every_order_is_signed_and_closed_in_time_by_its_own_limits(made: Made) -> None:
    for row in made.month("orders"):
        assert row["signed_at"] <= row["sign_due_at"], row["order_no"]
        assert row["closed_at"] <= row["close_due_at"], row["order_no"]


def test_no_late_or_dissatisfied_order_is_left_out_of_assessment(made: Made) -> None:
    excluded = {row["order_no"] for row in made.month("orders") if row["excluded"]}
    late = {
        row["order_no"]
        for row in made.counted()
        if row["signed_at"] > row["sign_due_at"] or row["closed_at"] > row["close_due_at"]
    }
    unhappy = {row["order_no"] for row in made.month("orders") if row["satisfaction"] == "dissatisfied"}
    assert not excluded & (late | unhappy)


def test_dissatisfied_orders_by_lead_unit(made: Made) -> None:
    lead = {row["order_no"]: row["unit"] for row in made.counted() if row["role"] == "lead"}
    unhappy = Counter(
        lead[row["order_no"]] for row in made.month("orders") if row["satisfaction"] == "dissatisfied"
    )
    expected = made.figures["dissatisfied"]["by_unit"]
    assert unhappy == Counter({made.unit(name): n for name, n in expected.items()})


def test_mailbox_letters(made: Made) -> None:
    letters = made.month("letters")
    assert len(letters) == sum(box["received"] for box in made.figures["mailboxes"])
    for box in made.figures["mailboxes"]:
        mailbox = made.profile.mailboxes.find(box["name"])
        assert mailbox is not None
        own = [row for row in letters if row["mailbox"] == mailbox.code]
        ways = Counter(row["disposition"] for row in own)
        assert len(own) == box["received"] == sum(row["closed_at"] is not None for row in own)
        assert (ways["transferred"], ways["answered"]) == (box["transferred"], box["answered_directly"])
        counts = Counter((row["topic"], row["subtopic"]) for row in own)
        for entry in box["topics"]:
            topic = made.profile.schemes[mailbox.scheme].find(entry["name"])
            assert topic is not None
            for name, n in entry["subtopics"].items():
                subtopic = made.profile.subtopics(mailbox.scheme, topic.code).find(name)
                assert subtopic is not None
                assert counts[topic.code, subtopic.code] == n


def test_the_other_months_give_the_published_changes(made: Made) -> None:
    year, month = map(int, made.plan.report_month.split("-"))
    before = f"{year - (month == 1)}-{(month - 2) % 12 + 1:02d}"
    increase = made.figures["totals"]["increase_on_previous_month"]
    assert len(made.rows("orders", before)) == made.figures["totals"]["orders"] - increase
    year_ago = Counter(row["unit"] for row in made.counted(f"{year - 1}-{month:02d}"))
    for entry in made.figures["top_units"]:
        base = year_ago[made.unit(entry["name"])]
        change = (entry["count"] - base) / base * 100
        nearer = [(entry["count"] - b) / b * 100 for b in (base - 1, base + 1)]
        assert abs(change - entry["yoy_pct"]) == min(abs(c - entry["yoy_pct"]) for c in (change, *nearer))


def test_everything_happens_in_order_and_before_the_report(made: Made) -> None:
    end = made.plan.as_of.astimezone(UTC)
    orders = {row["order_no"]: row for row in made.rows("orders")}
    assert len(orders) == len(made.rows("orders"))
    handlings = defaultdict(list)
    for row in made.rows("handlings"):
        order = orders[row["order_no"]]
        handlings[row["order_no"]].append(row)
        assert order["received_at"] <= order["dispatched_at"] <= row["dispatched_at"] < row["signed_at"]
        if row["returned"]:
            assert row["closed_at"] is None
        else:
            assert row["signed_at"] < row["closed_at"] <= end
    for number, rows in handlings.items():
        counted = [row for row in rows if not row["returned"]]
        leads = [row for row in counted if row["role"] == "lead"]
        assert len(leads) == 1
        assert len({row["unit"] for row in counted}) == len(counted), "a unit has an order once"
        assert orders[number]["signed_at"] == leads[0]["signed_at"]
        assert orders[number]["closed_at"] == max(row["closed_at"] for row in counted)
    for row in made.rows("callbacks"):
        assert orders[row["order_no"]]["closed_at"] < row["called_at"] <= end
    for row in orders.values():
        if row["repeat_of"]:
            first = orders[row["repeat_of"]]
            assert first["received_at"] < row["received_at"]
            assert (first["phone"], first["topic"], first["street"]) == (
                row["phone"],
                row["topic"],
                row["street"],
            )


def test_what_is_in_hand_at_a_months_end_is_as_much_as_a_hotline_has(made: Made) -> None:
    made_at = made.plan.as_of - Period.parse(made.plan.report_month).instants(made.zone)[1]
    for period in made.plan.months:
        _, end = Period.parse(period).instants(made.zone)
        rows = made.rows("orders", period)
        in_hand = sum(row["closed_at"] >= end for row in rows)
        assert 0.07 < in_hand / len(rows) < 0.18, period
        assert max(row["closed_at"] for row in rows) <= end + made_at, "each month is closed by its report"


def test_places_are_real_and_the_streets_own_units_handle_only_what_lies_there(made: Made) -> None:
    streets = {
        unit: street for street in made.profile.streets.values() for unit in _units_named(made, street.name)
    }
    known = {(c.street, c.name) for c in made.profile.communities}
    orders = {row["order_no"]: row for row in made.rows("orders")}
    for row in orders.values():
        assert any(street == row["street"] and name.startswith(row["community"]) for street, name in known)
        assert row["community"] in row["address"]
    for row in made.kept():
        if row["unit"] in streets and made.profile.units[row["unit"]].kind in made.plan.place_units:
            assert orders[row["order_no"]]["street"] == streets[row["unit"]].code


def _units_named(made: Made, name: str) -> list[str]:
    unit = made.profile.units.find(name)
    return [unit.code] if unit is not None else []


def test_texts_are_many_and_recur_at_most_three_times(made: Made) -> None:
    for period in made.plan.months:
        said = Counter(row["content"] for row in made.rows("orders", period))
        assert max(said.values()) <= 3
        assert not any("{" in text or "}" in text for text in said)


def test_replies_have_every_text_of_the_citys_template(made: Made) -> None:
    must = [each for each in made.profile.workflow.reply if each.required and not each.choices]
    replies = [row["reply"] for row in made.kept()]
    replies += [row["reply"] for row in made.month("letters") if row["disposition"] == "transferred"]
    assert len(replies) > len(set(replies)) > len(replies) / 4, "many, and no two alike by rule"
    for reply in replies:
        said = reply.split("\n")
        assert len(said) == len(must), reply
        for text, each in zip(said, must, strict=True):
            assert sum(not sign.isspace() for sign in text) >= each.min_chars, reply
            assert "{" not in text
            assert text.endswith("。")
            assert fullwidth(text) == text


def test_who_is_not_content_is_said_to_be_so(made: Made) -> None:
    named = {row["order_no"] for row in made.month("orders") if row["satisfaction"] == "dissatisfied"}
    assert named
    for row in made.kept():
        assert ("不满意" in row["reply"]) == (row["order_no"] in named), row["reply"]


def test_nobody_real_can_be_called(made: Made) -> None:
    for row in made.rows("orders"):
        assert (row["phone"] is None) == row["anonymous"]
        assert row["phone"] is None or row["phone"].startswith("1009")


def test_the_same_seed_gives_the_same_ledger(made: Made) -> None:
    again, _ = make_ledger(made.profile)
    for name, table in made.ledger.tables().items():
        assert table.equals(again.tables()[name])


def test_another_process_makes_the_same_ledger() -> None:
    say = (
        "from jieban.demo.ledger import make_ledger; from jieban.profile.load import load_profile;"
        "from jieban.kernel.digest import sm3;"
        "tables = make_ledger(load_profile('yunting'), ['2025-04'])[0].tables();"
        "print(sm3(repr({n: t.to_pylist() for n, t in tables.items()}).encode()))"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", say],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


def test_every_month_uses_the_units_topics_and_streets_of_its_time(made: Made) -> None:
    profile = made.profile
    for period in made.plan.months:
        first = datetime.fromisoformat(f"{period}-01").date()
        for row in made.rows("orders", period):
            topic = profile.order_topics[row["topic"]]
            assert topic.validity.covers(first)
            assert profile.streets[row["street"]].validity.covers(first)
            if row["subtopic"]:
                subtopic = profile.subtopics(profile.order_scheme, topic.code)[row["subtopic"]]
                assert subtopic.validity.covers(first)
        for row in made.rows("handlings", period):
            assert profile.units[row["unit"]].validity.covers(first)


def test_no_extended_handling_ends_late(made: Made) -> None:
    extended = [row for row in made.rows("handlings") if row["extension_days"]]
    assert extended
    assert all(row["closed_at"] <= row["close_due_at"] for row in extended)


def test_calls_follow_the_week_and_the_day(made: Made) -> None:
    moments = [row["received_at"].astimezone(made.zone) for row in made.month("orders")]
    days: Counter[datetime] = Counter(m.replace(hour=0, minute=0, second=0) for m in moments)
    working = [n for day, n in days.items() if made.profile.clock.calendar.is_workday(day.date())]
    resting = [n for day, n in days.items() if not made.profile.clock.calendar.is_workday(day.date())]
    assert sum(working) / len(working) > 1.2 * sum(resting) / len(resting)
    night = sum(m.hour < 6 for m in moments)
    assert 0 < night < 0.05 * len(moments)
