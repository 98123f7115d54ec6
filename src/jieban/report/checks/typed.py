"""Numbers that an analyst typed into the edited recommendations: nobody but the analyst vouches for them."""

from collections.abc import Iterator

from jieban.report.checks.model import Check, Result
from jieban.report.context import Context
from jieban.report.document import Figure, Measure, Text
from jieban.report.sentences import join
from jieban.report.typed import typed_numbers

_SHOWN = 5


def check_typed(ctx: Context) -> Iterator[Check]:
    """Typed numbers are counted and shown; nothing where the recommendations are the rules' own."""
    edited = [one for one in ctx.advice if not one.rule]
    if not edited:
        return
    found = [
        number
        for one in edited
        for run in one.runs
        if isinstance(run, Text)
        for number in typed_numbers(run.text)
    ]
    shown = join((Text(number) for number in found[:_SHOWN]), "、")
    count = Figure(
        text=str(len(found)),
        unit=ctx.word("counter.place"),
        value=len(found),
        indicator="recommendations.typed",
        measure=Measure.PARTS,
    )
    yield Check(
        id="recommendations.typed",
        title=ctx.word("check.typed.title"),
        result=Result.WARNING if found else Result.OK,
        detail=ctx.say("check.typed.some", count=count, numbers=shown)
        if found
        else ctx.say("check.typed.none"),
    )
