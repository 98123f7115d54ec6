"""What people wrote in the place of what was made: which paragraphs, by whom, and whether somebody is named in it."""

from collections.abc import Iterable, Iterator

from jieban.report.checks.model import Check, Result
from jieban.report.context import Context, Words
from jieban.report.document import Figure, Measure, Text, plain
from jieban.report.masking import persons_in
from jieban.report.recommend.reworded import Said, reworded
from jieban.report.rewording import Rewording, Sentence, left_out_figures
from jieban.report.sentences import ENUMERATION, Part, Runs, join, sentence

OF_WORDS = "words."
"""The beginning of these checks' ids: they are for those who make the report, not for its readers."""
PERSONS = "words.persons"
_SHOWN = 5
_LONGEST = 40


def check_words_of_people(ctx: Context) -> Iterator[Check]:
    """Nothing where nobody changed anything."""
    words = ctx.words
    if words is None:
        return
    there = {(one.section, one.text): one for one in words.sentences}
    edited = words.edited.sentences if words.edited is not None else ()
    body = [(there[one.section, one.was], one) for one in edited if (one.section, one.was) in there]
    if body:
        yield _body(ctx, words.sentences, body)
    if words.edited is not None and words.edited.text is not None:
        yield _advice(ctx, words, words.edited.by)
    yield _persons(ctx, words, body)


def _body(ctx: Context, sentences: tuple[Sentence, ...], changed: list[tuple[Sentence, Rewording]]) -> Check:
    other = [one for _, one in changed if one.text]
    figures = sum(left_out_figures(was, one.text) for was, one in changed)
    return Check(
        id=f"{OF_WORDS}body",
        title=ctx.word("check.words.body.title"),
        result=Result.NOTE,
        detail=sentence(
            [
                _clause(ctx, "body.changed", "counter.paragraph", len(other)),
                _clause(ctx, "body.out", "counter.paragraph", len(changed) - len(other)),
                _clause(ctx, "body.figures", "counter.unit", figures),
            ]
        ),
        explanation=ctx.say(
            "check.words.list",
            items=_listing([_paragraph(ctx, sentences, was, one) for was, one in changed]),
        ),
    )


def _paragraph(ctx: Context, sentences: tuple[Sentence, ...], was: Sentence, one: Rewording) -> Runs:
    """Which paragraph, what became of it, and by whom where that is known."""
    of_heading = [each for each in sentences if (each.section, each.heading) == (was.section, was.heading)]
    missing = left_out_figures(was, one.text)
    if not one.text:
        what = ctx.say("check.words.out")
    elif missing:
        what = ctx.say("check.words.changed_less", figures=_count(ctx, "counter.unit", missing))
    else:
        what = ctx.say("check.words.changed")
    return ctx.say(
        "check.words.paragraph",
        heading=was.heading,
        at=str(of_heading.index(was) + 1),
        what=what,
        by=ctx.say("check.words.by", by=one.by) if one.by else (),
    )


def _advice(ctx: Context, words: Words, by: str) -> Check:
    found, now = ({plain(one.runs): one.runs for one in each} for each in (words.found, ctx.advice))
    gone = [_said(runs) for text, runs in found.items() if text not in now]
    come = [_said(runs) for text, runs in now.items() if text not in found]
    changed = sum(origin is not None for origin in reworded(gone, come))
    return Check(
        id=f"{OF_WORDS}advice",
        title=ctx.word("check.words.advice.title"),
        result=Result.NOTE if gone or come else Result.OK,
        detail=sentence(
            [
                _clause(ctx, "advice.same", "counter.advice", len(found) - len(gone)),
                _clause(ctx, "advice.changed", "counter.advice", changed),
                _clause(ctx, "advice.added", "counter.advice", len(come) - changed),
                _clause(ctx, "advice.missing", "counter.advice", len(gone) - changed),
                ctx.say("check.words.advice.by", by=by) if by else (),
            ]
        ),
    )


def _said(runs: Runs) -> Said:
    figures = (run for run in runs if isinstance(run, Figure))
    return Said(
        text=plain(runs),
        figures=frozenset((each.indicator, each.cut, each.window, each.measure) for each in figures),
    )


def _persons(ctx: Context, words: Words, body: list[tuple[Sentence, Rewording]]) -> Check:
    """Whether what people wrote names or leads to a person: a public edition is read by everybody."""
    found = {plain(one.runs) for one in words.found}
    written = [one.text for _, one in body]
    written += [plain(one.runs) for one in ctx.advice if plain(one.runs) not in found]
    # Nobody's words are looked at twice: what stood there before is no person, it was counted.
    met = list(dict.fromkeys(_masked((*written, words.note))))
    return Check(
        id=PERSONS,
        title=ctx.word("check.words.persons.title"),
        result=Result.WARNING if met else Result.OK,
        detail=ctx.say(
            "check.words.persons",
            count=_count(ctx, "counter.place", len(met)),
            items=_listing([(Text(one),) for one in met[:_SHOWN]]),
        )
        if met
        else ctx.say("check.words.persons.none"),
    )


def _masked(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (one[:_LONGEST] for one in persons_in(text))


def _clause(ctx: Context, key: str, counter: str, number: int) -> Runs:
    """How many of what; nothing of nothing."""
    return ctx.say(f"check.words.{key}", count=_count(ctx, counter, number)) if number else ()


def _listing(items: Iterable[Part]) -> Runs:
    return join(items, ENUMERATION)


def _count(ctx: Context, counter: str, number: int) -> Figure:
    return Figure(
        text=str(number), unit=ctx.word(counter), value=number, indicator="checks", measure=Measure.PARTS
    )
