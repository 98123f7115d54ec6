"""Late sign-fors and closes by unit, and dissatisfied orders, with pointers to the annexes that list them."""

from jieban.report.build.blocks import paragraph
from jieban.report.build.phrases import listing, named
from jieban.report.build.section import Builder, Options
from jieban.report.build.sheets import troubled_units
from jieban.report.context import UNKNOWN, Context
from jieban.report.document import Block, Note
from jieban.report.facts import WHOLE
from jieban.report.ordering import falling
from jieban.report.sentences import COMMA, Runs, join, sentence

_LATE = (
    ("late.sign", "handlings.late_sign", "handlings.on_time_sign"),
    ("late.close", "handlings.late_close", "handlings.on_time_close"),
)


def by_unit(ctx: Context, key: str, indicator: str) -> Runs:
    """How many, and whose: none, all of one unit's, or each unit by its short name."""
    facts = ctx.facts
    counts = falling(facts.parts(indicator, "unit"), ctx.profile.units)
    total = facts.number(indicator)
    if not total:
        return sentence([ctx.say(f"{key}.none")])
    count = facts.count(indicator)
    if not counts or (counts[0][0] == UNKNOWN and len(counts) == 1):
        return sentence([ctx.say(f"{key}.whole", count=count)])
    if len(counts) == 1:
        return sentence([ctx.say(f"{key}.one", count=count, unit=ctx.unit_short(counts[0][0]))])
    items = [named(ctx, ctx.unit_short(code), facts.count(indicator, unit=code)) for code, _ in counts]
    units = facts.parts_figure(indicator, len(counts), ctx.word("counter.unit"))
    return sentence([ctx.say(f"{key}.many", count=count, number=units, units=listing(items))])


def _rates(ctx: Context) -> Runs:
    """The two rates at handling level, which are not those of the opening paragraph."""
    rates = join(
        (
            ctx.say(key, rate=figure)
            for key, indicator in (
                ("late.sign_rate", "handlings.on_time_sign"),
                ("late.close_rate", "handlings.on_time_close"),
            )
            if (figure := ctx.facts.figure(indicator)) is not None
        ),
        COMMA,
    )
    return sentence([ctx.say("late.rates", rates=rates)]) if rates else ()


def _explained(ctx: Context) -> list[Block]:
    """Why 100% at order level stands beside late handlings, where it does."""
    facts = ctx.facts
    full = [
        rate
        for rate, late in (
            ("orders.on_time_sign", "handlings.late_sign"),
            ("orders.on_time_close", "handlings.late_close"),
        )
        if facts.level(rate) == WHOLE and facts.number(late)
    ]
    return [Note(ctx.say("late.levels"))] if full else []


def _pointer(ctx: Context, key: str, section: str) -> Runs:
    annex = ctx.annexes.get(section)
    return ctx.say(key, annex=str(annex)) if annex else ()


def make(ctx: Context, options: Options) -> list[Block]:
    """Rates, late sign-fors, late closes and dissatisfied orders, a paragraph each."""
    facts = ctx.facts
    blocks: list[Block] = []
    if facts.number("handlings.total") and any(facts.has(indicator) for _, indicator, _ in _LATE):
        blocks += paragraph(_rates(ctx))
        for key, indicator, rate in _LATE:
            # Where nothing could be judged, "none was late" would be a claim that nobody can make.
            if facts.number(indicator) or facts.figure(rate) is not None:
                blocks += paragraph(by_unit(ctx, key, indicator))
        blocks += paragraph(_pointer(ctx, "late.annex", options.text("late_annex")))
        blocks += _explained(ctx)
    known = facts.has("orders.dissatisfied")
    if known and (facts.number("orders.dissatisfied") or facts.number("orders.called_back")):
        blocks += paragraph(
            join(
                [
                    by_unit(ctx, "dissatisfied", "orders.dissatisfied"),
                    _pointer(ctx, "dissatisfied.annex", options.text("dissatisfied_annex")),
                ]
            )
        )
    return blocks + troubled_units(ctx)


TIMELINESS = Builder(
    make=make, options={"late_annex": "annex-late", "dissatisfied_annex": "annex-dissatisfied"}
)
