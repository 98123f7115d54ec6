"""A document with its Chinese punctuation full-width: profiles, definitions and figures meet in one sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from jieban.kernel.typography import fullwidth
from jieban.report.document import (
    Annex,
    Block,
    ChartBlock,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Run,
    TableBlock,
)


def typeset_runs(runs: Sequence[Run]) -> tuple[Run, ...]:
    """A sentence's runs with full-width marks, its figures' own texts included."""
    shown = [run.text + (run.unit if isinstance(run, Figure) else "") for run in runs]
    whole = fullwidth("".join(shown))
    out: list[Run] = []
    at = 0
    for run, words in zip(runs, shown, strict=True):
        text = whole[at : at + len(run.text)]
        out.append(run if text == run.text else replace(run, text=text))
        at += len(words)
    return tuple(out)


def _cells(rows: Iterable[tuple[Run, ...]]) -> tuple[tuple[Run, ...], ...]:
    return tuple(tuple(_cell(run) for run in row) for row in rows)


def _cell(run: Run) -> Run:
    text = fullwidth(run.text)
    return run if text == run.text else replace(run, text=text)


def _block(block: Block) -> Block:
    match block:
        case Heading():
            return replace(block, number=fullwidth(block.number), text=fullwidth(block.text))
        case Paragraph() | Note():
            return replace(block, runs=typeset_runs(block.runs))
        case TableBlock():
            return replace(
                block,
                caption=fullwidth(block.caption),
                columns=tuple(replace(col, heading=fullwidth(col.heading)) for col in block.columns),
                rows=block.rows if block.verbatim else _cells(block.rows),
                total_rows=_cells(block.total_rows),
                note=fullwidth(block.note),
            )
        case ChartBlock():
            return replace(
                block,
                caption=fullwidth(block.caption),
                categories=tuple(fullwidth(category) for category in block.categories),
                series=tuple(replace(one, name=fullwidth(one.name)) for one in block.series),
                category_title=fullwidth(block.category_title),
                alt=fullwidth(block.alt),
            )


def _annex(annex: Annex) -> Annex:
    return replace(annex, title=fullwidth(annex.title), blocks=tuple(_block(block) for block in annex.blocks))


def typeset(document: Document) -> Document:
    """The document with full-width Chinese punctuation; citizens' own words (verbatim tables) stay as they came."""
    return replace(
        document,
        title=fullwidth(document.title),
        subtitle=fullwidth(document.subtitle),
        header=tuple((fullwidth(name), fullwidth(value)) for name, value in document.header),
        blocks=tuple(_block(block) for block in document.blocks),
        annexes=tuple(_annex(annex) for annex in document.annexes),
        annex_note=fullwidth(document.annex_note),
        banner=fullwidth(document.banner),
    )
