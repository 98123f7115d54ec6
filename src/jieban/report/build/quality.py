"""How well orders were handled: response, resolution, repeats, returns, extensions, in hand, over the windows."""

from jieban.indicators.model import Window
from jieban.report.build.blocks import TEXT, Col, cell, paragraph, table
from jieban.report.build.phrases import comparisons
from jieban.report.build.section import Builder, Options
from jieban.report.context import Context
from jieban.report.document import Align, Block, Run, Text
from jieban.report.sentences import sentence

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
_SAID = (
    ("quality.response", "orders.response"),
    ("quality.resolution", "orders.resolution"),
    ("quality.first_time_close", "orders.first_time_close"),
    ("quality.repeat_rate", "orders.repeat_rate"),
)


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """A sentence with the main rates, and a table that sets every figure beside the other periods'."""
    facts = ctx.facts
    if not facts.number("orders.total"):
        return []
    blocks = paragraph(
        sentence(
            ctx.say(key, rate=figure)
            for key, indicator in _SAID
            if (figure := facts.figure(indicator)) is not None
        )
    )
    windows = [Window.CURRENT, *comparisons(ctx)]
    rows: list[tuple[Run, ...]] = []
    for indicator in INDICATORS:
        figures = [facts.figure(indicator, window) for window in windows]
        if figures[0] is not None:
            rows.append((cell(facts.registry[indicator].label), *(f or Text("—") for f in figures)))
    return blocks + table(
        ctx,
        "quality",
        (
            Col("col.indicator", width=2),
            *(Col(f"col.window.{window.value}", TEXT, align=Align.RIGHT) for window in windows),
        ),
        rows,
    )


QUALITY = Builder(make=make, options={})
