"""Tables that only the workbook has: the figures that the text says in sentences, for those who reckon on."""

from jieban.indicators.model import Kind, Window
from jieban.report.build.blocks import COUNT, PERCENT, TEXT, Col, cell, table
from jieban.report.build.phrases import comparisons
from jieban.report.context import UNKNOWN, Context, bare
from jieban.report.document import Align, Block, Run, Text
from jieban.report.ordering import falling, leading

HANDLED = "handlings.total"
CHANGES = {Window.PREVIOUS: "change_previous", Window.YEAR_BEFORE: "change_year_before"}

_KEY = (
    "orders.total",
    "handlings.total",
    "orders.on_time_sign",
    "orders.on_time_close",
    "orders.satisfaction",
    "handlings.on_time_sign",
    "handlings.on_time_close",
    "handlings.late_sign",
    "handlings.late_close",
    "orders.dissatisfied",
    "letters.received",
)
_TROUBLES = ("handlings.late_sign", "handlings.late_close", "orders.dissatisfied")
_LETTERS = ("letters.received", "letters.closed", "letters.transferred", "letters.answered")
_SELDOM = ("letters.refused", "letters.pending")
"""Told where there are any."""


def key_figures(ctx: Context) -> list[Block]:
    """The month's main figures, a row each, with the change where one is computed."""
    facts, windows = ctx.facts, comparisons(ctx)
    rows: list[tuple[Run, ...]] = []
    for name in _KEY:
        figure = facts.figure(name)
        if figure is None or name not in facts.registry:
            continue
        changes: list[Run] = []
        for window in windows:
            changed = f"{name.partition('.')[0]}.{CHANGES[window]}"
            compared = facts.registry.get(changed)
            found = facts.change(changed) if compared is not None and compared.of == name else None
            if found is None or compared is None or compared.kind is not Kind.CHANGE:
                changes += [Text("—"), Text("—")]
            else:
                changes += [bare(found.difference), bare(facts.figure(changed))]
        unit = facts.registry[name].unit
        rows.append((cell(facts.registry[name].label), cell(unit), bare(figure), *changes))
    return table(
        ctx,
        "key",
        (
            Col("col.indicator", width=2.4),
            Col("col.measured_in", width=0.8, align=Align.CENTRE),
            Col("col.window.current", TEXT, align=Align.RIGHT),
            *(
                column
                for window in windows
                for column in (
                    Col(f"col.difference.{window.value}", TEXT, align=Align.RIGHT),
                    Col(f"col.change.{window.value}", PERCENT),
                )
            ),
        ),
        rows,
        in_body=False,
    )


def leading_units(ctx: Context, top: int) -> list[Block]:
    """The units with most handlings, as the opening paragraph names them."""
    facts, windows = ctx.facts, comparisons(ctx)
    counts, _ = leading(falling(facts.parts(HANDLED, "unit"), ctx.profile.units), top)
    return table(
        ctx,
        "leading_units",
        (
            Col("col.unit", width=2.4),
            Col("col.handlings", COUNT),
            Col("col.share", PERCENT),
            *(Col(f"col.change.{window.value}", PERCENT) for window in windows),
        ),
        (
            (
                cell(ctx.unit(code)),
                bare(facts.count(HANDLED, unit=code)),
                bare(facts.share(HANDLED, unit=code)),
                *(bare(facts.figure(f"handlings.{CHANGES[window]}", unit=code)) for window in windows),
            )
            for code, _ in counts
        ),
        in_body=False,
    )


def troubled_units(ctx: Context) -> list[Block]:
    """Late sign-fors, late closes and dissatisfied orders by unit; nothing where there are none."""
    facts = ctx.facts
    told = [name for name in _TROUBLES if facts.has(name)]
    counts: dict[str, int] = {}
    for name in told:
        for code, count in facts.parts(name, "unit").items():
            counts[code] = counts.get(code, 0) + count
    if counts.keys() == {UNKNOWN}:
        return []

    def figures(**cut: str) -> tuple[Run, ...]:
        return tuple(bare(facts.count(name, **cut)) for name in told)

    return table(
        ctx,
        "troubled_units",
        (Col("col.unit", width=2.4), *(Col(f"col.{name.partition('.')[2]}", COUNT) for name in told)),
        ((cell(ctx.unit(code)), *figures(unit=code)) for code, _ in falling(counts, ctx.profile.units)),
        total=(cell(ctx.word("total")), *figures()),
        in_body=False,
    )


def mailboxes_there(ctx: Context) -> tuple[str, ...]:
    """The mailboxes that there are at the period's end, and those that had letters in it."""
    return tuple(
        code
        for code, box in ctx.profile.mailboxes.items()
        if box.validity.covers(ctx.period.last) or ctx.facts.number("letters.received", mailbox=code)
    )


def mailbox_figures(ctx: Context) -> list[Block]:
    """What became of each mailbox's letters."""
    facts = ctx.facts
    told = [name for name in _LETTERS if facts.has(name)]
    told += [name for name in _SELDOM if facts.number(name)]
    return table(
        ctx,
        "mailboxes",
        (Col("col.mailbox", width=1.6), *(Col(f"col.{name}", COUNT) for name in told)),
        (
            (
                cell(ctx.profile.mailboxes[mailbox].name),
                *(bare(facts.count(name, mailbox=mailbox)) for name in told),
            )
            for mailbox in mailboxes_there(ctx)
        ),
        total=(cell(ctx.word("total")), *(bare(facts.count(name)) for name in told)),
        in_body=False,
    )
