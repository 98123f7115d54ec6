"""Sums of the parts against the whole, and shares against 100%."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from jieban.report.checks.model import Check, Result
from jieban.report.context import UNKNOWN, Context
from jieban.report.document import Figure, Measure
from jieban.report.facts import PERCENT, WHOLE, printed

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Sum:
    """The parts of an indicator by a dimension make the whole; with `within`, in each part of that dimension."""

    indicator: str
    by: str
    within: tuple[str, ...] = ()


_WAYS = ("transferred", "answered", "refused", "pending")
"""What a letter that counts can have become."""

SUMS = (
    *(
        Sum("orders.total", by)
        for by in ("request_type", "topic", "channel", "street", "urgency", "day", "hour", "weekday")
    ),
    Sum("orders.total", "subtopic", ("topic",)),
    Sum("orders.total", "street", ("topic",)),
    Sum("orders.dissatisfied", "unit"),
    *(Sum("handlings.total", by) for by in ("unit", "unit_group", "role")),
    *(
        Sum(f"handlings.{name}", "unit")
        for name in ("late_sign", "late_close", "returns", "extensions", "rework", "in_hand")
    ),
    *(Sum(f"letters.{name}", "mailbox") for name in ("received", "closed", *_WAYS)),
    *(Sum(f"letters.{name}", "unit") for name in ("received", "closed")),
    Sum("letters.received", "topic", ("mailbox",)),
    Sum("letters.received", "subtopic", ("mailbox", "topic")),
)
"""Every sum that must hold. Parts without a code are parts too."""

SHARES = (
    ("orders.total", "request_type"),
    ("orders.total", "topic"),
    ("orders.total", "channel"),
    ("orders.total", "street"),
    ("handlings.total", "unit_group"),
    ("handlings.total", "unit"),
)
"""Every set of shares that the report may print side by side."""


def _derived(ctx: Context, indicator: str, number: int, **cut: str) -> Figure:
    return ctx.facts.derived(indicator, number, Measure.NUMERATOR, **cut)


def _mismatches(ctx: Context, one: Sum) -> tuple[int, list[dict[str, str]]]:
    """How many wholes were compared, and the cuts of those that their parts don't make."""
    facts = ctx.facts
    sums: dict[tuple[str, ...], int] = {}
    for keys, value in facts.rows(one.indicator, *one.within, one.by):
        sums[keys[:-1]] = sums.get(keys[:-1], 0) + int(value.value or 0)
    wholes = {keys: int(value.value or 0) for keys, value in facts.rows(one.indicator, *one.within)}
    wrong = [
        dict(zip(one.within, keys, strict=True))
        for keys in sorted(wholes.keys() | sums.keys())
        if wholes.get(keys, 0) != sums.get(keys, 0)
    ]
    return len(wholes), wrong


def _check_sum(ctx: Context, one: Sum) -> Iterator[Check]:
    facts = ctx.facts
    rows = facts.rows(one.indicator, *one.within, one.by)
    if all(keys[-1] == UNKNOWN for keys, _ in rows):
        # No rows, or nobody told of this dimension.
        return
    label = facts.registry[one.indicator].label
    names = [ctx.word(f"dimension.{name}") for name in (*one.within, one.by)]
    title = ctx.word("check.sums.title", whole=label, by="、".join(names))
    compared, wrong = _mismatches(ctx, one)
    check_id = ".".join(("sums", one.indicator, *one.within, one.by))
    if not one.within:
        whole = facts.count(one.indicator)
        parts = _derived(ctx, one.indicator, sum(int(value.value or 0) for _, value in rows))
        key = "check.sums.differ" if wrong else "check.sums.equal"
        detail = ctx.say(key, parts=parts, whole=whole)
    elif wrong:
        first = wrong[0]
        parts = _derived(
            ctx,
            one.indicator,
            sum(
                int(value.value or 0)
                for keys, value in rows
                if keys[:-1] == tuple(first[name] for name in one.within)
            ),
        )
        detail = ctx.say(
            "check.sums.some_differ",
            number=facts.parts_figure(one.indicator, len(wrong), ctx.word("counter.item")),
            parts=parts,
            whole=facts.count(one.indicator, **first),
        )
    else:
        detail = ctx.say(
            "check.sums.all_equal",
            number=facts.parts_figure(one.indicator, compared, ctx.word("counter.item")),
        )
    yield Check(id=check_id, title=title, result=Result.FAILED if wrong else Result.OK, detail=detail)


def _check_groups(ctx: Context) -> Iterator[Check]:
    """The units of each group make the group's figure."""
    facts, indicator = ctx.facts, "handlings.total"
    groups = facts.parts(indicator, "unit_group")
    if not groups:
        return
    sums = dict.fromkeys(groups, 0)
    for code, count in facts.parts(indicator, "unit").items():
        unit = ctx.profile.units.get(code)
        group = unit.group if unit else ""
        sums[group] = sums.get(group, 0) + count
    wrong = [group for group in sums if sums[group] != groups.get(group, 0)]
    number = facts.parts_figure(indicator, len(wrong) or len(groups), ctx.word("counter.item"))
    if wrong:
        detail = ctx.say(
            "check.sums.some_differ",
            number=number,
            parts=_derived(ctx, indicator, sums[wrong[0]], unit_group=wrong[0]),
            whole=facts.count(indicator, unit_group=wrong[0]),
        )
    else:
        detail = ctx.say("check.sums.all_equal", number=number)
    yield Check(
        id="sums.handlings.total.unit_group.unit",
        title=ctx.word(
            "check.sums.title",
            whole=facts.registry[indicator].label,
            by=f"{ctx.word('dimension.unit_group')}、{ctx.word('dimension.unit')}",
        ),
        result=Result.FAILED if wrong else Result.OK,
        detail=detail,
    )


def _check_letters(ctx: Context) -> Iterator[Check]:
    """Every letter was transferred, answered or refused, or is still to be."""
    facts = ctx.facts
    ways = tuple(f"letters.{name}" for name in _WAYS)
    if not all(facts.has(name) for name in ("letters.received", *ways)):
        return
    total = sum(facts.number(name) for name in ways)
    same = total == facts.number("letters.received")
    yield Check(
        id="sums.letters.ways",
        title=ctx.word("check.letters.title"),
        result=Result.OK if same else Result.FAILED,
        detail=ctx.say(
            "check.sums.equal" if same else "check.sums.differ",
            parts=_derived(ctx, "letters.received", total),
            whole=facts.count("letters.received"),
        ),
    )


def share_sum(ctx: Context, indicator: str, by: str) -> tuple[Decimal, int] | None:
    """The sum of the printed shares, and how many there are; None when none is printed."""
    parts = ctx.facts.parts(indicator, by)
    if parts.keys() == {UNKNOWN}:
        return None
    shares = [
        share.value
        for key in parts
        if (share := ctx.facts.share(indicator, **{by: key})) is not None and share.value is not None
    ]
    return (sum((Decimal(value) for value in shares), Decimal(0)), len(shares)) if shares else None


def _percent(indicator: str, value: Decimal, measure: Measure) -> Figure:
    return Figure(text=printed(value), unit=PERCENT, value=value, indicator=indicator, measure=measure)


def _check_shares(ctx: Context) -> Iterator[Check]:
    """That n shares rounded to the same decimals sum to 100% within n halves of the last one (ruling 4)."""
    step = Decimal(1).scaleb(-ctx.facts.share_places)
    for indicator, by in SHARES:
        found = share_sum(ctx, indicator, by)
        if found is None:
            continue
        total, number = found
        tolerance = number * step * HALF
        within = abs(total - WHOLE) <= tolerance
        exact = total == WHOLE
        yield Check(
            id=f"shares.{indicator}.{by}",
            title=ctx.word(
                "check.shares.title",
                whole=ctx.facts.registry[indicator].label,
                by=ctx.word(f"dimension.{by}"),
            ),
            result=Result.FAILED if not within else Result.OK if exact else Result.NOTE,
            detail=ctx.say(
                "check.shares.exact" if exact else "check.shares.detail",
                sum=_percent(indicator, total, Measure.SHARE),
                tolerance=replace(
                    _percent("checks.share_tolerance", tolerance, Measure.THRESHOLD),
                    unit=ctx.word("counter.point"),
                ),
            ),
            explanation=() if exact else ctx.say("explain.shares"),
        )


def check_sums(ctx: Context) -> Iterator[Check]:
    """Every sum and every set of shares for which there are figures."""
    for one in SUMS:
        yield from _check_sum(ctx, one)
    yield from _check_groups(ctx)
    yield from _check_letters(ctx)
    yield from _check_shares(ctx)
