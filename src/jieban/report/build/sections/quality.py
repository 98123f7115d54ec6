"""How well orders were handled: response, resolution, repeats, returns, extensions, in hand, over the windows."""

from collections.abc import Iterable

from jieban.indicators.model import Window
from jieban.report.build.blocks import TEXT, Col, cell, paragraph, table
from jieban.report.build.phrases import comparisons
from jieban.report.build.section import Builder, Options
from jieban.report.context import Context
from jieban.report.document import Align, Block, Run, Text
from jieban.report.sentences import COMMA, Runs, join, sentence

INDICATORS = (
    "orders.response",
    "orders.resolution",
    "orders.satisfaction",
    "orders.satisfaction_called_back",
    "orders.called_back",
    "orders.first_time_close",
    "orders.repeat",
    "orders.repeat_rate",
    "orders.reopened",
    "orders.excluded",
    "orders.in_hand",
    "handlings.returns",
    "handlings.return_rate",
    "handlings.extensions",
    "handlings.extension_rate",
    "handlings.rework",
)
_AT_CALLBACK = (("quality.response", "orders.response"), ("quality.resolution", "orders.resolution"))
_OF_ORDERS = (
    ("quality.first_time_close", "orders.first_time_close"),
    ("quality.repeat_rate", "orders.repeat_rate"),
)


def _rates(ctx: Context, said: Iterable[tuple[str, str]]) -> Runs:
    return join(
        (
            ctx.say(key, rate=figure)
            for key, indicator in said
            if (figure := ctx.facts.figure(indicator)) is not None
        ),
        COMMA,
    )


def _at_callback(ctx: Context) -> Runs:
    """What citizens said when they were called back."""
    rates = _rates(ctx, _AT_CALLBACK)
    if not rates or not ctx.facts.number("orders.called_back"):
        return ()
    return ctx.say("quality.called_back", count=ctx.facts.count("orders.called_back"), rates=rates)


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """A sentence with the main rates, and a table that sets each figure beside those of other periods, if known."""
    facts = ctx.facts
    if not facts.number("orders.total"):
        return []
    blocks = paragraph(_at_callback(ctx), sentence([_rates(ctx, _OF_ORDERS)]))
    known = [
        window
        for window in (Window.CURRENT, *comparisons(ctx))
        if any(facts.figure(indicator, window) for indicator in INDICATORS)
    ]
    rows: list[tuple[Run, ...]] = []
    for indicator in INDICATORS:
        figures = [facts.figure(indicator, window) for window in known]
        if figures and figures[0] is not None:
            rows.append((cell(facts.registry[indicator].label), *(f or Text("—") for f in figures)))
    return blocks + table(
        ctx,
        "quality",
        (
            Col("col.indicator", width=2),
            *(Col(f"col.window.{window.value}", TEXT, align=Align.RIGHT) for window in known),
        ),
        rows,
    )


QUALITY = Builder(make=make, options={})
