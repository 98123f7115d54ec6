"""Phrases that several sections share: changes on other periods, and units with their counts."""

from collections.abc import Iterable, Sequence

from jieban.indicators.model import Window
from jieban.report.context import Context
from jieban.report.document import Run, Text
from jieban.report.facts import Change
from jieban.report.sentences import ENUMERATION, Part, Runs, join

FEW = 3
"""As many that are equal are still named one by one."""


def comparisons(ctx: Context) -> tuple[Window, ...]:
    """The windows worth comparing with: for a year's report both are the same days, called 同比."""
    if ctx.period.previous() == ctx.period.year_before():
        return (Window.YEAR_BEFORE,)
    return (Window.PREVIOUS, Window.YEAR_BEFORE)


def change(ctx: Context, found: Change | None) -> Runs:
    """较上月增加263件,环比上升6.11%; nothing with nothing to compare."""
    if found is None:
        return ()
    return ctx.say(
        f"change.{found.direction.value}",
        base=ctx.word(f"base.{found.against.value}"),
        label=ctx.word(f"label.{found.against.value}"),
        difference=found.difference,
        percent=found.percent,
    )


def change_short(ctx: Context, found: Change | None) -> Runs:
    """同比上升22.03%; nothing with nothing to compare."""
    if found is None:
        return ()
    return ctx.say(
        f"change.short.{found.direction.value}",
        label=ctx.word(f"label.{found.against.value}"),
        percent=found.percent,
    )


def named(ctx: Context, name: str, count: Part, aside: Runs = ()) -> Runs:
    """住建局1468件, with an aside in brackets when there is one."""
    if aside:
        return ctx.say("item.aside", name=name, count=count, aside=aside)
    return ctx.say("item", name=name, count=count)


def listing(items: Iterable[Part]) -> Runs:
    """The items as a Chinese enumeration."""
    return join(items, ENUMERATION)


def numbered(number: int, runs: Sequence[Run]) -> Runs:
    """The runs behind a list numeral (1.), strong where they begin so: else it would be of another face than they."""
    strong = isinstance(first := runs[0], Text) and first.strong if runs else False
    return (Text(f"{number}.", strong=strong), *runs)
