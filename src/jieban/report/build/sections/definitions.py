"""统计口径: how each printed figure is counted, from the indicators' own declarations, and what is easily misread."""

from collections import Counter
from collections.abc import Iterable, Sequence

from jieban.indicators.model import Indicator
from jieban.indicators.registry import words
from jieban.report.build.blocks import Col, cell, paragraph, table
from jieban.report.build.phrases import numbered
from jieban.report.build.section import Builder, Options
from jieban.report.checks.explained import (
    explain_changes,
    explain_dimensions,
    explain_handlings,
    explain_letters,
    explain_levels,
    explain_satisfaction,
    explain_shares,
)
from jieban.report.context import Context
from jieban.report.document import Block, Edition
from jieban.report.sentences import ENUMERATION, SEMICOLON, STOP, Runs

_TERMS = (
    ("definitions.orders", words.ORDERS_OF_PERIOD),
    ("definitions.handlings", words.HANDLINGS_OF_PERIOD),
    ("definitions.letters", words.LETTERS_OF_PERIOD),
)
_SHARED = 2
_RANGE = 3


def explanations(ctx: Context) -> list[Runs]:
    """The explanations that these figures ask for, the cut-off first."""
    said = [
        ctx.say("explain.cutoff", cutoff=ctx.cutoff_words),
        explain_handlings(ctx),
        explain_levels(ctx, "sign"),
        explain_levels(ctx, "close"),
        explain_satisfaction(ctx),
        *explain_dimensions(ctx),
        explain_letters(ctx),
        explain_changes(ctx),
        explain_shares(ctx),
    ]
    return [runs for runs in said if runs]


def shared_rules(definitions: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The clauses that several definitions hold behind their first, in the order in which they come.

    A definition's first clause says what is counted and always stays with it.
    """
    held = Counter(clause for clauses in definitions for clause in dict.fromkeys(clauses[1:]))
    return tuple(clause for clause, number in held.items() if number >= _SHARED)


def _number_list(numbers: Iterable[int]) -> str:
    """The numbers in rising order, three and more that follow one another as 4至6."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ENUMERATION.join(
        f"{run[0]}至{run[-1]}" if len(run) >= _RANGE else ENUMERATION.join(map(str, run)) for run in runs
    )


def _tables(ctx: Context, printed: Sequence[Indicator]) -> list[Block]:
    """The terms and rules that definitions share, then what each indicator has of its own: together the whole."""
    definitions = [words.clauses(declared.definition) for declared in printed]
    rules = {rule: number for number, rule in enumerate(shared_rules(definitions), start=1)}
    whole = "".join(declared.definition for declared in printed)
    terms = {text: ctx.word(key) for key, text in _TERMS if text in whole}

    def shortened(clauses: Sequence[str]) -> str:
        text = SEMICOLON.join(clauses) + STOP
        for long, short in terms.items():
            text = text.replace(long, short)
        return text

    def own(clauses: Sequence[str]) -> str:
        text = shortened([clauses[0], *(clause for clause in clauses[1:] if clause not in rules)])
        numbers = _number_list(rules[clause] for clause in clauses[1:] if clause in rules)
        return text + (ctx.word("definitions.applies", numbers=numbers) if numbers else "")

    rows = [
        (cell(declared.label), cell(own(clauses)))
        for declared, clauses in zip(printed, definitions, strict=True)
    ]
    shared = [(cell(short), cell(long + STOP)) for long, short in terms.items()]
    shared += [(cell(str(number)), cell(shortened([rule]))) for rule, number in rules.items()]
    return [
        *table(ctx, "rules", (Col("col.short", width=1), Col("col.meaning", width=6)), shared),
        *table(ctx, "definitions", (Col("col.indicator", width=1), Col("col.definition", width=4)), rows),
    ]


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """Numbered explanations, then the tables: of all printed figures, in the public edition of those in the text."""
    used = ctx.used_in_text if ctx.edition is Edition.PUBLIC else ctx.used
    printed = [declared for indicator, declared in ctx.facts.registry.items() if indicator in used]
    said = explanations(ctx)
    if printed:
        said.append(ctx.say("explain.rules"))
    blocks: list[Block] = []
    for number, runs in enumerate(said, start=1):
        blocks += paragraph(numbered(number, runs))
    return blocks + _tables(ctx, printed)


DEFINITIONS = Builder(make=make, options={}, late=True)
