"""Labels: that a change is called what it is, that every code has a name, that a rate's parts fit."""

from collections.abc import Collection, Iterator, Mapping

from jieban.indicators.model import Kind, Window
from jieban.indicators.registry import words
from jieban.kernel.numbers import change_percent
from jieban.report.calendar_words import span_words
from jieban.report.checks.model import Check, Result
from jieban.report.context import UNKNOWN, Context
from jieban.report.document import Measure
from jieban.report.sentences import STOP

_NAMED = (
    ("orders.total", "request_type"),
    ("orders.total", "topic"),
    ("orders.total", "channel"),
    ("orders.total", "street"),
    ("handlings.total", "unit"),
    ("letters.received", "mailbox"),
)


def _check_change(ctx: Context, indicator: str) -> Iterator[Check]:
    """The change of the whole, computed again from the other period's own count, under the word it is called by."""
    facts = ctx.facts
    declared, value = facts.registry[indicator], facts.value(indicator)
    window = declared.against
    if value is None or value.value is None or window is None:
        return
    now = facts.number(declared.of)
    before = facts.number(declared.of, window) if facts.has(declared.of, window) else value.denominator
    right = (
        before == value.denominator
        and value.numerator == now - int(before or 0)
        and value.value == change_percent(now, int(before or 0), declared.places)
    )
    days = ctx.period.previous() if window is Window.PREVIOUS else ctx.period.year_before()
    yield Check(
        id=f"labels.{indicator}",
        title=ctx.word(
            "check.change.title",
            whole=facts.registry[declared.of].label,
            label=ctx.word(f"label.{window.value}"),
        ),
        result=Result.OK if right else Result.FAILED,
        detail=ctx.say(
            "check.change.right" if right else "check.change.wrong",
            days=span_words(days.first, days.last),
            base=facts.derived(declared.of, int(before or 0), Measure.DENOMINATOR),
            percent=facts.signed(indicator) or "",
        ),
    )


def _check_names(ctx: Context) -> Iterator[Check]:
    """Codes that the profile has no name for are printed as they are, and so must be found here."""
    registers: Mapping[str, Collection[str]] = {
        "request_type": ctx.profile.request_types,
        "topic": ctx.profile.order_topics,
        "channel": ctx.profile.channels,
        "street": ctx.profile.streets,
        "unit": ctx.profile.units,
        "mailbox": ctx.profile.mailboxes,
    }
    unknown: list[str] = []
    empty = 0
    for indicator, dimension in _NAMED:
        parts = ctx.facts.parts(indicator, dimension)
        if parts.keys() == {UNKNOWN}:
            # Nobody told of this dimension: the report doesn't speak of it either.
            continue
        for code, count in parts.items():
            if code == UNKNOWN:
                empty += count
            elif code not in registers[dimension]:
                unknown.append(code)
    if unknown:
        detail = ctx.say("check.names.unknown", names="、".join(unknown))
    elif empty:
        detail = ctx.say(
            "check.names.empty", count=ctx.facts.derived("orders.total", empty, Measure.REMAINDER)
        )
    else:
        detail = ctx.say("check.names.right")
    result = Result.WARNING if unknown else Result.NOTE if empty else Result.OK
    yield Check(id="labels.names", title=ctx.word("check.names.title"), result=result, detail=detail)


def _check_rates(ctx: Context) -> Iterator[Check]:
    """A rate's numerator is among its denominator, in every cut."""
    rates = wrong = 0
    worst = ""
    for indicator, _, _, value in ctx.facts.figures.items():
        declared = ctx.facts.registry.get(indicator)
        if declared is None or declared.kind not in {Kind.RATE, Kind.WEIGHTED_RATE, Kind.CHOSEN}:
            continue
        rates += 1
        if value.denominator is not None and not 0 <= value.numerator <= value.denominator:
            wrong += 1
            worst = worst or declared.label
    if not rates:
        return
    number = ctx.facts.parts_figure("checks.rates", wrong or rates, ctx.word("counter.item"))
    yield Check(
        id="denominators.rates",
        title=ctx.word("check.rates.title"),
        result=Result.FAILED if wrong else Result.OK,
        detail=ctx.say("check.rates.wrong", number=number, rate=worst)
        if wrong
        else ctx.say("check.rates.right", number=number),
    )


def _check_satisfaction(ctx: Context) -> Iterator[Check]:
    """Which of the published variants 满意率 is, with the numbers behind it."""
    facts, indicator = ctx.facts, "orders.satisfaction"
    way = words.clauses(facts.registry[indicator].definition)[0]  # the others stand under 统计口径
    way = way.replace(words.ORDERS_OF_PERIOD, ctx.word("definitions.orders"))
    value = facts.value(indicator)
    if value is None or value.value is None or value.denominator is None:
        return
    yield Check(
        id="denominators.satisfaction",
        title=ctx.word("check.satisfaction.title"),
        result=Result.OK,
        detail=ctx.say(
            "check.satisfaction.detail",
            numerator=facts.part(indicator, Measure.NUMERATOR),
            denominator=facts.part(indicator, Measure.DENOMINATOR),
            rate=facts.figure(indicator) or "",
        ),
        explanation=ctx.say("check.satisfaction.variant", definition=way + STOP),
    )


def check_labels(ctx: Context) -> Iterator[Check]:
    """Changes, names, rates and the variant of satisfaction."""
    for indicator, declared in ctx.facts.registry.items():
        if declared.kind is Kind.CHANGE:
            yield from _check_change(ctx, indicator)
    yield from _check_names(ctx)
    yield from _check_rates(ctx)
    yield from _check_satisfaction(ctx)
