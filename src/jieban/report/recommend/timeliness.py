"""Strategies on time: who signs and closes late, who is slow, what is still in hand."""

from jieban.report.build.phrases import FEW, listing, named
from jieban.report.build.sections.durations import slowest
from jieban.report.context import UNKNOWN, Context
from jieban.report.facts import WHOLE
from jieban.report.ordering import falling, in_order
from jieban.report.recommend.strategy import Decide, Findings, Strategy, Thresholds, strategy

HANDLINGS = "handlings.total"
LATE_SIGN = "handlings.late_sign"
LATE_CLOSE = "handlings.late_close"
_P90 = "handlings.close_hours_p90"


def _concentrated(indicator: str) -> Decide:
    def decide(ctx: Context, limits: Thresholds) -> Findings | None:
        facts = ctx.facts
        units = falling(facts.parts(indicator, "unit"), ctx.profile.units)
        total = facts.number(indicator)
        if total < max(limits.whole("minimum"), 1) or not units:
            return None
        first = [
            (code, share)
            for code, count in units
            if count == units[0][1]
            if (share := facts.share(indicator, unit=code))
        ]
        if len(first) > FEW or any((share.value or 0) < limits["share"] for _, share in first):
            return None
        items = [
            ctx.say(
                "advice.share",
                name=ctx.unit_short(code),
                count=facts.count(indicator, unit=code),
                share=share,
            )
            for code, share in first
        ]
        return {"units": listing(items), "total": facts.count(indicator)}

    return decide


def _late_both(ctx: Context, limits: Thresholds) -> Findings | None:
    """Units that are late at both stages."""
    facts = ctx.facts
    sign, close = (facts.parts(name, "unit") for name in (LATE_SIGN, LATE_CLOSE))
    units = in_order(
        (code for code in sign if code in close and sign[code] + close[code] >= limits.whole("minimum")),
        ctx.profile.units,
    )
    if not units:
        return None
    items = [
        ctx.say(
            "advice.late_both",
            unit=ctx.unit_short(code),
            sign=facts.count(LATE_SIGN, unit=code),
            close=facts.count(LATE_CLOSE, unit=code),
        )
        for code in sorted(units, key=lambda code: -(sign[code] + close[code]))
    ]
    return {
        "units": listing(items),
        "number": facts.parts_figure(LATE_SIGN, len(units), ctx.word("counter.unit")),
    }


def _late_behind_full_rate(ctx: Context, limits: Thresholds) -> Findings | None:
    """Every order in time while handlings were late: the order's clock hides the unit's."""
    facts = ctx.facts
    rates = [facts.figure(name) for name in ("orders.on_time_sign", "orders.on_time_close")]
    late = facts.number(LATE_SIGN) + facts.number(LATE_CLOSE)
    if any(rate is None or rate.value != WHOLE or rate.text != str(WHOLE) for rate in rates):
        return None
    if late < max(limits.whole("minimum"), 1):
        return None
    found = (("advice.late_sign", LATE_SIGN), ("advice.late_close", LATE_CLOSE))
    return {
        "rate": rates[1] or "",
        "late": listing(ctx.say(key, count=facts.count(name)) for key, name in found if facts.number(name)),
    }


def _below_target(ctx: Context, limits: Thresholds) -> Findings | None:
    """Units whose on-time close rate is below the target."""
    facts, rate = ctx.facts, "handlings.on_time_close"
    low = [
        (code, level)
        for code, count in facts.parts(HANDLINGS, "unit").items()
        if code != UNKNOWN
        and count >= limits.whole("minimum")
        and (level := facts.level(rate, unit=code)) is not None
        and level < limits["target"]
    ]
    if not low:
        return None
    position = ctx.profile.units.position
    units = [code for code, _ in sorted(low, key=lambda item: (item[1], position(item[0])))]
    return {
        "units": listing(
            named(ctx, ctx.unit_short(code), facts.figure(rate, unit=code) or "") for code in units
        ),
        "number": facts.parts_figure(rate, len(units), ctx.word("counter.unit")),
        "target": limits.percent("target"),
    }


def _slow(ctx: Context, limits: Thresholds) -> Findings | None:
    """Units whose ninth decile of the time to close is long."""
    slow = [code for code, level in slowest(ctx, limits.whole("minimum")) if level >= limits["hours"]]
    if not slow:
        return None
    facts = ctx.facts
    return {
        "units": listing(
            named(ctx, ctx.unit_short(code), facts.figure(_P90, unit=code) or "") for code in slow
        ),
        "number": facts.parts_figure(_P90, len(slow), ctx.word("counter.unit")),
        "hours": limits.like("hours", _P90),
    }


def _in_hand(ctx: Context, limits: Thresholds) -> Findings | None:
    """Much is still open at the end, held against what the period brought."""
    facts = ctx.facts
    share = facts.ratio("orders.in_hand", "orders.total")
    if facts.number("orders.total") < limits.whole("minimum"):
        return None
    if share is None or (share.value or 0) < limits["share"]:
        return None
    return {"count": facts.count("orders.in_hand"), "share": share}


TIMELINESS: dict[str, Strategy] = {
    "late_sign_concentrated": strategy(
        _concentrated(LATE_SIGN), thresholds="minimum share", places="units total"
    ),
    "late_close_concentrated": strategy(
        _concentrated(LATE_CLOSE), thresholds="minimum share", places="units total"
    ),
    "late_both": strategy(_late_both, thresholds="minimum", places="units number"),
    "late_behind_full_rate": strategy(_late_behind_full_rate, thresholds="minimum", places="rate late"),
    "below_target": strategy(_below_target, thresholds="minimum target", places="units number target"),
    "slow_units": strategy(_slow, thresholds="minimum hours", places="units number hours"),
    "in_hand": strategy(_in_hand, thresholds="minimum share", places="count share"),
}
