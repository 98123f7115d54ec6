"""Strategies on load: which units carry much, whose load grew, when it comes."""

from jieban.indicators.model import Window
from jieban.report.build.phrases import change, change_short, listing, named
from jieban.report.build.sections.opening import UNIT_CHANGES
from jieban.report.build.sections.unit_changes import changes, window_of
from jieban.report.context import UNKNOWN, Context
from jieban.report.facts import Direction
from jieban.report.ordering import falling
from jieban.report.recommend.strategy import Findings, Strategy, Thresholds, strategy

HANDLINGS = "handlings.total"
ORDERS = "orders.total"
_ORDER_CHANGES = {Window.YEAR_BEFORE: "orders.change_year_before", Window.PREVIOUS: "orders.change_previous"}


def _unit_growth(ctx: Context, limits: Thresholds) -> Findings | None:
    """Units whose handlings grew steeply."""
    window = window_of(ctx)
    if window is None:
        return None
    grown = [
        one
        for one in changes(ctx, window, limits.whole("minimum"))
        if (one.change.percent.value or 0) >= limits["percent"]
    ]
    if not grown:
        return None
    facts = ctx.facts
    return {
        "units": listing(
            named(
                ctx,
                ctx.unit_short(one.unit),
                facts.count(HANDLINGS, unit=one.unit),
                change_short(ctx, one.change),
            )
            for one in grown
        ),
        "number": facts.parts_figure(UNIT_CHANGES[window], len(grown), ctx.word("counter.unit")),
        "percent": limits.percent("percent"),
    }


def _unit_share(ctx: Context, limits: Thresholds) -> Findings | None:
    """Units that carry a great part of all handlings."""
    facts = ctx.facts
    if facts.number(HANDLINGS) < limits.whole("minimum"):
        return None
    items = []
    for code, _ in falling(facts.parts(HANDLINGS, "unit"), ctx.profile.units):
        share = facts.share(HANDLINGS, unit=code)
        if code != UNKNOWN and share is not None and (share.value or 0) >= limits["share"]:
            items.append(
                ctx.say(
                    "advice.share",
                    name=ctx.unit_short(code),
                    count=facts.count(HANDLINGS, unit=code),
                    share=share,
                )
            )
    if not items:
        return None
    return {
        "units": listing(items),
        "number": facts.parts_figure(HANDLINGS, len(items), ctx.word("counter.unit")),
    }


def _volume_growth(ctx: Context, limits: Thresholds) -> Findings | None:
    """The whole volume grew, on the year before if that is known, else on the period before."""
    if ctx.facts.number(ORDERS) < limits.whole("minimum"):
        return None
    for indicator in _ORDER_CHANGES.values():
        found = ctx.facts.change(indicator)
        if found is None:
            continue
        if found.direction is not Direction.UP or (found.percent.value or 0) < limits["percent"]:
            return None
        return {"total": ctx.facts.count(ORDERS), "change": change(ctx, found)}
    return None


def _peak_hour(ctx: Context, limits: Thresholds) -> Findings | None:
    """One hour of the day alone brings a great part of all orders."""
    facts = ctx.facts
    hours = facts.parts(ORDERS, "hour")
    if facts.number(ORDERS) < limits.whole("minimum") or not hours:
        return None
    most = max(hours.values())
    peak = next(hour for hour, count in hours.items() if count == most)
    if sum(1 for count in hours.values() if count == most) > 1:
        return None
    share = facts.share(ORDERS, hour=peak)
    if share is None or (share.value or 0) < limits["share"]:
        return None
    return {
        "hours": f"{int(peak)}时至{int(peak) + 1}时",
        "count": facts.count(ORDERS, hour=peak),
        "share": share,
    }


WORKLOAD: dict[str, Strategy] = {
    "unit_growth": strategy(_unit_growth, thresholds="minimum percent", places="units number percent"),
    "unit_share": strategy(_unit_share, thresholds="minimum share", places="units number"),
    "volume_growth": strategy(_volume_growth, thresholds="minimum percent", places="total change"),
    "peak_hour": strategy(_peak_hour, thresholds="minimum share", places="hours count share"),
}
