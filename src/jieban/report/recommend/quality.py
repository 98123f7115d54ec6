"""Strategies on quality: satisfaction, solution, repeats, returns, extensions, rework, exemptions."""

from jieban.report.build.phrases import listing, named
from jieban.report.context import UNKNOWN, Context
from jieban.report.ordering import falling, leading
from jieban.report.recommend.strategy import Decide, Findings, Strategy, Thresholds, strategy

ORDERS = "orders.total"
_NAMED = 3


def _rate_low(indicator: str) -> Decide:
    def decide(ctx: Context, limits: Thresholds) -> Findings | None:
        """Fires when the rate is below its target."""
        level, rate = ctx.facts.level(indicator), ctx.facts.figure(indicator)
        if (
            level is None
            or rate is None
            or level >= limits["target"]
            or not _rests_on(ctx, indicator, limits)
        ):
            return None
        return {"rate": rate, "target": limits.percent("target")}

    return decide


def _rests_on(ctx: Context, rate: str, limits: Thresholds) -> bool:
    """Whether the rate is one of rows enough to say anything."""
    value = ctx.facts.value(rate)
    return value is not None and (value.denominator or 0) >= limits.whole("minimum")


def _rate_high(indicator: str, counted: str, by_unit: str = "") -> Decide:
    def decide(ctx: Context, limits: Thresholds) -> Findings | None:
        """Fires when the rate reaches its limit; names the units that have most of it."""
        facts = ctx.facts
        level, rate = facts.level(indicator), facts.figure(indicator)
        if level is None or rate is None or level < limits["limit"] or not facts.number(counted):
            return None
        if not _rests_on(ctx, indicator, limits):
            return None
        findings = {"rate": rate, "count": facts.count(counted)}
        return {**findings, **_most(ctx, by_unit)} if by_unit else findings

    return decide


def _part_high(counted: str, whole: str, by_unit: str = "") -> Decide:
    def decide(ctx: Context, limits: Thresholds) -> Findings | None:
        """Fires when one count makes a great part of another."""
        facts = ctx.facts
        share = facts.ratio(counted, whole)
        if facts.number(whole) < limits.whole("minimum"):
            return None
        if share is None or (share.value or 0) < limits["limit"] or not facts.number(counted):
            return None
        findings = {"count": facts.count(counted), "rate": share}
        return {**findings, **_most(ctx, by_unit)} if by_unit else findings

    return decide


def _most(ctx: Context, indicator: str) -> Findings:
    counts = ctx.facts.parts(indicator, "unit")
    known = {code: count for code, count in counts.items() if code != UNKNOWN}
    every = falling(known or counts, ctx.profile.units)
    units, equal = leading(every, _NAMED)
    items = [named(ctx, ctx.unit_short(code), ctx.facts.count(indicator, unit=code)) for code, _ in units]
    if not items and equal:
        number = ctx.facts.parts_figure(indicator, equal, ctx.word("counter.unit"))
        count = ctx.facts.count(indicator, unit=every[0][0])
        items = [ctx.say("advice.equal", number=number, count=count)]
    return {"units": listing(items)}


def _dissatisfied(ctx: Context, limits: Thresholds) -> Findings | None:
    """Some citizens were dissatisfied."""
    facts, indicator = ctx.facts, "orders.dissatisfied"
    if facts.number(indicator) < max(limits.whole("minimum"), 1):
        return None
    units = falling(facts.parts(indicator, "unit"), ctx.profile.units)
    if all(code == UNKNOWN for code, _ in units):
        return None
    said = [named(ctx, ctx.unit_short(code), facts.count(indicator, unit=code)) for code, _ in units]
    alone = len(units) == 1
    return {
        "count": facts.count(indicator),
        "units": ctx.unit_short(units[0][0]) if alone else listing(said),
    }


QUALITY: dict[str, Strategy] = {
    "satisfaction_low": strategy(
        _rate_low("orders.satisfaction"), thresholds="minimum target", places="rate target"
    ),
    "response_low": strategy(_rate_low("orders.response"), thresholds="minimum target", places="rate target"),
    "resolution_low": strategy(
        _rate_low("orders.resolution"), thresholds="minimum target", places="rate target"
    ),
    "first_time_close_low": strategy(
        _rate_low("orders.first_time_close"), thresholds="minimum target", places="rate target"
    ),
    "dissatisfied": strategy(_dissatisfied, thresholds="minimum", places="count units"),
    "repeat_high": strategy(
        _rate_high("orders.repeat_rate", "orders.repeat"), thresholds="minimum limit", places="rate count"
    ),
    "return_high": strategy(
        _rate_high("handlings.return_rate", "handlings.returns", "handlings.returns"),
        thresholds="minimum limit",
        places="rate count units",
    ),
    "extension_high": strategy(
        _rate_high("handlings.extension_rate", "handlings.extensions", "handlings.extensions"),
        thresholds="minimum limit",
        places="rate count units",
    ),
    "rework_high": strategy(
        _part_high("handlings.rework", "handlings.total", "handlings.rework"),
        thresholds="minimum limit",
        places="rate count units",
    ),
    "excluded_high": strategy(
        _part_high("orders.excluded", ORDERS), thresholds="minimum limit", places="rate count"
    ),
}
