"""The opening paragraph: how many orders, how timely, how satisfied, how changed, and who had most."""

from jieban.indicators.model import Window
from jieban.report.build.blocks import paragraph
from jieban.report.build.phrases import change, change_short, comparisons, listing, named
from jieban.report.build.section import Builder, Options
from jieban.report.build.sheets import key_figures, leading_units
from jieban.report.context import Context
from jieban.report.document import Block, Figure
from jieban.report.facts import Direction
from jieban.report.ordering import falling, leading
from jieban.report.sentences import SEMICOLON, Runs, join, sentence

_CHANGES = {Window.PREVIOUS: "orders.change_previous", Window.YEAR_BEFORE: "orders.change_year_before"}
UNIT_CHANGES = {
    Window.PREVIOUS: "handlings.change_previous",
    Window.YEAR_BEFORE: "handlings.change_year_before",
}
HANDLINGS = "handlings.total"
_RATES = (
    ("opening.sign_rate", "orders.on_time_sign"),
    ("opening.close_rate", "orders.on_time_close"),
    ("opening.satisfaction", "orders.satisfaction"),
)


def volume_changes(ctx: Context) -> Runs:
    """The sentence 工单量较上月…;较上年同期…; nothing with nothing to compare."""
    found = [ctx.facts.change(_CHANGES[window]) for window in comparisons(ctx)]
    if len(found) > 1 and all(one is not None and one.direction is Direction.LEVEL for one in found):
        return sentence([ctx.say("opening.change_level")])
    compared = join([change(ctx, one) for one in found], SEMICOLON)
    return sentence([ctx.say("opening.change", changes=compared)]) if compared else ()


def _rates(ctx: Context) -> Runs:
    return sentence(
        ctx.say(key, rate=figure)
        for key, indicator in _RATES
        if (figure := ctx.facts.figure(indicator)) is not None
    )


def _not_due(ctx: Context) -> Runs:
    """Which open orders the rates leave out, while the period's last deadlines are still running."""
    left_out = [
        ctx.say(key, count=ctx.facts.count(indicator))
        for key, indicator in (
            ("opening.not_due_sign", "orders.not_due_sign"),
            ("opening.not_due_close", "orders.not_due_close"),
        )
        if ctx.facts.number(indicator)
    ]
    return ctx.say("opening.not_due", orders=listing(left_out)) if left_out else ()


def top_units(ctx: Context, top: int) -> Runs:
    """The units with most handlings, each with its change on the year before where there is one.

    Of units with as many, all are named or counted: the profile's order is no reason to leave one out.
    """
    every = falling(ctx.facts.parts(HANDLINGS, "unit"), ctx.profile.units)
    if not every:
        return ()
    counts, equal = leading(every, top)
    rest = equal_units(ctx, every, len(counts), equal)
    if not counts:
        key = "opening.units_level" if equal == len(every) else "opening.units_equal"
        return sentence([ctx.say(key, **rest)])
    against = Window.YEAR_BEFORE if Window.YEAR_BEFORE in comparisons(ctx) else Window.PREVIOUS
    items = [
        named(
            ctx,
            ctx.unit(code),
            ctx.facts.count(HANDLINGS, unit=code),
            change_short(ctx, ctx.facts.change(UNIT_CHANGES[against], unit=code)),
        )
        for code, _ in counts
    ]
    key = "opening.top_unit" if len(items) == len(every) else "opening.top_units"
    return sentence(
        [ctx.say(key, units=listing(items)), ctx.say("opening.more_equal", **rest) if rest else ()]
    )


def equal_units(
    ctx: Context, every: list[tuple[str, int]], named_units: int, equal: int
) -> dict[str, Figure]:
    """How many units have as many as the next one behind those that are named, and how many that is."""
    if not equal:
        return {}
    return {
        "number": ctx.facts.parts_figure(HANDLINGS, equal, ctx.word("counter.unit")),
        "count": ctx.facts.count(HANDLINGS, unit=every[named_units][0]),
    }


def make(ctx: Context, options: Options) -> list[Block]:
    """The opening paragraph, and in a period without orders the sentence that says so."""
    if not ctx.facts.number("orders.total"):
        return paragraph(ctx.say("opening.none"))
    top = options.number("top")
    told = paragraph(
        ctx.say("opening.total", total=ctx.facts.count("orders.total")),
        _rates(ctx),
        _not_due(ctx),
        volume_changes(ctx),
        top_units(ctx, top),
    )
    return [*told, *key_figures(ctx), *leading_units(ctx, top)]


OPENING = Builder(make=make, options={"top": 5})
