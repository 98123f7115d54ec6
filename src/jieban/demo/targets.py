"""What the demo data must add up to: a month's figures, read from the profile's `demo/` folder.

`figures.json` holds the published figures of one month by their printed names; other months are given by totals
and take the spread of the month that they are `like`.
"""

import json
import math
import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from jieban.demo.allocate import proportional
from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import tr
from jieban.kernel.numbers import change_percent
from jieban.profile.city import Profile, Register
from jieban.profile.workflow import Counting

K = TypeVar("K")


class BadDemo(JiebanError):
    """Demo data that can't be made, with the file and the name at fault."""

    code = "demo.bad"
    exit_code = Exit.BAD_PROFILE


Matter = tuple[str, str]
"""Topic and subtopic code; "" for a topic without subtopics."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailboxTarget:
    """A mailbox's month: letters answered directly, the rest transferred, and letters by topic and subtopic."""

    mailbox: str
    received: int
    answered: int
    matters: Mapping[Matter, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthTarget:
    """The counts of one month, by the profile's codes.

    `exact` months have all their margins given; in others the request types follow from the matters. `unit_groups`,
    `units` and the late ones are what counts by the profile's rule on co-handled orders: every unit's handlings, or
    the leads' alone. `assisting` is how many assisting handlings there are, counted or not.
    """

    first: date
    exact: bool
    orders: int
    assisting: int
    request_types: Mapping[str, int]
    matters: Mapping[Matter, int]
    unit_groups: Mapping[str, int]
    units: Mapping[str, int]
    late_sign: Mapping[str, int]
    late_close: Mapping[str, int]
    dissatisfied: Mapping[str, int]
    mailboxes: tuple[MailboxTarget, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoPlan:
    """Everything `demo.toml` says: the months with their targets, and the invented shares and rhythms.

    `place_units` weighs the kinds of units that handle only what lies in their own street, `street_weights` the
    kinds of streets; `place_kinds` says which kinds of streets a `place` in the texts means.
    """

    directory: Path
    seed: int
    banner: str
    report_month: str
    as_of: datetime
    months: Mapping[str, MonthTarget]
    shares: Mapping[str, float]
    weekday_weights: tuple[float, ...]
    holiday_weight: float
    hour_weights: tuple[float, ...]
    channels: Mapping[str, int]
    place_units: Mapping[str, float]
    street_weights: Mapping[str, float]
    place_kinds: Mapping[str, tuple[str, ...]]


def standing_for(register: Register[Any], code: str, on: date) -> tuple[str, ...]:
    """The codes under which `code` went on a day: itself while valid, else those it came from or went into."""
    if register[code].validity.covers(on):
        return (code,)
    before = tuple(m.code for m in register.predecessors(code) if m.validity.covers(on))
    after = register.carried_on_by(code, on)
    return before or ((after,) if after != code else ())


def nearest_base(count: int, percent: Decimal) -> int:
    """The whole number a year earlier whose change to `count` prints nearest to `percent`."""
    guess = round(count / (1 + float(percent) / 100))

    def miss(base: int) -> Decimal:
        changed = change_percent(count, base)
        return abs(changed - percent) if changed is not None else Decimal("Infinity")

    return min((guess + step for step in range(-2, 3) if guess + step > 0), key=miss)


class _Names:
    """Looks printed names up in the profile's registers on the month's first day."""

    def __init__(self, profile: Profile, file: Path, on: date) -> None:
        self.profile, self.file, self.on = profile, file, on

    def code(self, register: Register[Any], name: str) -> str:
        found = register.find(name, on=self.on)
        if found is None:
            raise BadDemo(
                tr("演示数字里的名称“{name}”在配置中找不到。", name=name), where=Where(file=str(self.file))
            )
        return str(found.code)

    def matters(self, scheme: str, topics: list[dict[str, Any]]) -> dict[Matter, int]:
        counts: dict[Matter, int] = {}
        for entry in topics:
            topic = self.code(self.profile.schemes[scheme], entry["name"])
            subtopics = entry["subtopics"]
            pairs = (
                subtopics.items()
                if isinstance(subtopics, dict)
                else [(s["name"], s["count"]) for s in subtopics]
            )
            for name, count in pairs:
                counts[topic, self.code(self.profile.subtopics(scheme, topic), name)] = count
            if not subtopics:
                counts[topic, ""] = entry["count"]
            elif sum(count for _, count in pairs) != entry["count"]:
                raise BadDemo(
                    tr("“{name}”的二级分类之和不等于 {count}。", name=entry["name"], count=entry["count"]),
                    where=Where(file=str(self.file)),
                )
        return counts


def leads_alone(profile: Profile) -> bool:
    """Whether of an order that several units handle the lead's handling alone counts."""
    return profile.workflow.co_handling.counting is Counting.LEAD_ONLY


def read_figures(profile: Profile, file: Path) -> tuple[MonthTarget, Mapping[str, Decimal]]:
    """The month that `file` describes and the printed change on the year before, in percent, by unit code."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    first = date.fromisoformat(raw["period"]["from"])
    names = _Names(profile, file, first)
    groups = {label.name: label.code for label in profile.unit_groups}

    def by_unit(counts: Mapping[str, int]) -> dict[str, int]:
        return {names.code(profile.units, name): count for name, count in counts.items()}

    unit_groups = {groups[group["name"]]: group["handlings"] for group in raw["unit_groups"]}
    orders, counted = raw["totals"]["orders"], sum(unit_groups.values())
    if leads_alone(profile) and counted != orders:
        raise BadDemo(
            tr(
                "只计主办时,各类单位的办理量之和应等于工单数 {orders},现为 {counted}。",
                orders=orders,
                counted=counted,
            ),
            where=Where(file=str(file)),
        )
    month = MonthTarget(
        first=first,
        exact=True,
        orders=orders,
        assisting=raw["totals"]["assisting"] if leads_alone(profile) else counted - orders,
        request_types={
            names.code(profile.request_types, t["name"]): t["count"] for t in raw["request_types"]
        },
        matters=names.matters(profile.order_scheme, raw["topics"]),
        unit_groups=unit_groups,
        units={names.code(profile.units, unit["name"]): unit["count"] for unit in raw["top_units"]},
        late_sign=by_unit(raw["overdue_sign"]["by_unit"]),
        late_close=by_unit(raw["overdue_close"]["by_unit"]),
        dissatisfied=by_unit(raw["dissatisfied"]["by_unit"]),
        mailboxes=tuple(
            MailboxTarget(
                mailbox=(code := names.code(profile.mailboxes, box["name"])),
                received=box["received"],
                answered=box["answered_directly"],
                matters=names.matters(profile.mailboxes[code].scheme, box["topics"]),
            )
            for box in raw["mailboxes"]
        ),
    )
    changes = {
        names.code(profile.units, unit["name"]): Decimal(str(unit["yoy_pct"]))
        for unit in raw["top_units"]
        if "yoy_pct" in unit
    }
    return month, changes


def read_plan(profile: Profile, directory: Path) -> DemoPlan:
    """The plan in a profile's `demo/` folder. Raises BadDemo when there is none or it doesn't add up."""
    file = directory / "demo.toml"
    if not file.is_file():
        raise BadDemo(
            tr("配置“{name}”没有演示数据。", name=profile.name),
            where=Where(file=str(file)),
            fix=tr("请在该配置的 demo 目录中提供 demo.toml、figures.json 和 texts。"),
        )
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    months: dict[str, MonthTarget] = {}
    changes: Mapping[str, Decimal] = {}
    for entry in raw["month"]:
        if "figures" in entry:
            months[entry["period"]], changes = read_figures(profile, directory / entry["figures"])
            continue
        pattern = months[entry["like"]]
        wanted = entry.get("units_from_change", False)
        fixed = (
            {u: nearest_base(pattern.units[u], percent) for u, percent in changes.items()} if wanted else {}
        )
        first = date.fromisoformat(f"{entry['period']}-01")
        months[entry["period"]] = _scaled(
            pattern,
            first,
            matters=_matters_on(profile, pattern.matters, first),
            orders=entry["orders"],
            assisting=round(entry["orders"] * Decimal(entry["handlings_per_order"])) - entry["orders"],
            units=fixed,
            leads_only=leads_alone(profile),
        )
    rhythm, places = raw["rhythm"], raw["places"]
    for kind in sorted({street.kind for street in profile.streets.values()} - set(places["streets"])):
        raise BadDemo(
            tr("演示数据没有给出街道类型“{kind}”的比重。", kind=kind),
            where=Where(file=str(file), column="places.streets"),
        )
    return DemoPlan(
        directory=directory,
        seed=raw["seed"],
        banner=raw["banner"],
        report_month=raw["report"],
        as_of=raw["as_of"],
        months=months,
        shares={name: float(share) for name, share in raw["shares"].items()},
        weekday_weights=tuple(rhythm["weekdays"]),
        holiday_weight=rhythm["holiday"],
        hour_weights=tuple(rhythm["hours"]),
        channels=raw["channels"],
        place_units=places["units"],
        street_weights=places["streets"],
        place_kinds={place: tuple(kinds) for place, kinds in places["kinds"].items()},
    )


def _scaled(
    pattern: MonthTarget,
    first: date,
    *,
    matters: Mapping[Matter, float],
    orders: int,
    assisting: int,
    units: Mapping[str, int],
    leads_only: bool,
) -> MonthTarget:
    counted = orders if leads_only else orders + assisting
    return MonthTarget(
        first=first,
        exact=False,
        orders=orders,
        assisting=assisting,
        request_types=proportional(orders, pattern.request_types),
        matters=proportional(orders, _wavering(matters, first, 0.2)),
        unit_groups=proportional(counted, _wavering(pattern.unit_groups, first, 0.05)),
        units=units,
        late_sign={},
        late_close={},
        dissatisfied={},
        mailboxes=(),
    )


def _matters_on(profile: Profile, matters: Mapping[Matter, int], on: date) -> dict[Matter, float]:
    """The counts under the topics and subtopics then in force; what did not exist then is left out."""
    counts: dict[Matter, float] = {}
    for (topic, subtopic), count in matters.items():
        then = [
            (earlier, code)
            for earlier in standing_for(profile.order_topics, topic, on)
            for code in _subtopics_on(profile.subtopics(profile.order_scheme, earlier), subtopic, on)
        ]
        for matter in then:
            counts[matter] = counts.get(matter, 0.0) + count / len(then)
    return counts


def _subtopics_on(register: Register[Any], subtopic: str, on: date) -> tuple[str, ...]:
    if not subtopic:
        return ("",)
    return standing_for(register, subtopic, on) if subtopic in register else ()


def _wavering(counts: Mapping[K, float], first: date, most: float) -> dict[K, float]:
    """The counts moved by up to `most` either way, so that an invented month isn't a small copy of another."""
    rng = random.Random(first.toordinal())  # noqa: S311  # demo data, no secret
    return {key: count * rng.uniform(1 - most, 1 + most) for key, count in counts.items()}


@cache
def busyness(code: str, first: date) -> float:
    """How busy a unit or street is beside its like: some always are, and every month differs a little."""
    always = random.Random(code).gauss(0, 0.3)  # noqa: S311  # demo data, no secret
    this_month = random.Random(f"{code}/{first}").gauss(0, 0.08)  # noqa: S311
    return math.exp(always + this_month)
