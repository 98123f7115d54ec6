"""The outline filled with figures: a report in one edition, with its checks and the draft of its recommendations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from jieban.indicators.model import Figures
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY, indicator
from jieban.kernel.i18n import tr
from jieban.profile.city import BadProfile, Profile
from jieban.profile.model import Section
from jieban.report.build.header import header, keywords
from jieban.report.build.numbering import number_headings
from jieban.report.build.registry import BUILDERS
from jieban.report.build.section import Builder
from jieban.report.calendar_words import subtitle_words
from jieban.report.charts.measure import ems
from jieban.report.checks.model import Check
from jieban.report.checks.run import run_checks
from jieban.report.context import Context, Words
from jieban.report.details import Details
from jieban.report.document import (
    Annex,
    Block,
    ChartBlock,
    Document,
    Edition,
    Figure,
    Heading,
    Note,
    Paragraph,
    TableBlock,
    Text,
)
from jieban.report.edited import Edited
from jieban.report.facts import Facts
from jieban.report.recommend.draft import read_draft, write_draft
from jieban.report.recommend.model import Advice
from jieban.report.recommend.rules import advise
from jieban.report.rewording import Sentence, reworded, sentences_of
from jieban.report.typography import typeset

NO_HEADING = 0
LANGUAGE = "zh-CN"

Made = list[tuple[Section, list[Block]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A report in one edition.

    `draft` is its recommendations as a text to edit (see `recommend.draft`), `sentences` the body's paragraphs as
    they were made, to be reworded (see `rewording`).
    """

    document: Document
    checks: tuple[Check, ...]
    draft: str
    sentences: tuple[Sentence, ...]


def build_report(
    figures: Figures,
    profile: Profile,
    period: Period,
    *,
    edition: Edition,
    cutoff: datetime,
    issued: datetime,
    details: Details,
    demo: bool,
    edited: Edited | None = None,
    note: str = "",
) -> Report:
    """The report of a period, from its computed figures and the rows that annexes list.

    `cutoff` is the instant up to which the figures know the data; `issued` is printed as 发布日期 and the only date
    that files carry, both with a time zone. `demo` says on every page that the data are made up. `edited` takes the
    place of the recommendations that the rules find, and of the sentences that it has other words for. `note` stands
    before the first section. Raises BadProfile for an outline, a wording or a rule that can't be used, BadDraft for
    edited recommendations that quote what is no longer so, BadWording for a sentence whose figures were altered.
    """
    ctx = Context(
        profile=profile,
        period=period,
        edition=edition,
        cutoff=cutoff,
        issued=issued.astimezone(profile.clock.tz),
        facts=Facts(
            figures,
            {name: indicator(name, profile) for name in REGISTRY},
            share_places=profile.counting.share_places,
        ),
        details=details,
        annexes={},
    )
    annexes = _annexes(ctx)
    ctx = replace(ctx, annexes={section.id: number for number, (section, _) in enumerate(annexes, start=1)})
    sections = [
        section
        for section in profile.outline
        if not _builder(section).annex and edition.value in section.editions
    ]
    early: Made = [(section, [] if _builder(section).late else _made(ctx, section)) for section in sections]
    found = advise(ctx)
    advice = found if edited is None or edited.text is None else _edited(edited, edited.text, found, early)
    sentences = tuple(
        one for section, blocks in early for one in sentences_of(section.id, ctx.title(section.title), blocks)
    )
    if edited is not None:
        early = [(section, reworded(section.id, blocks, edited.sentences)) for section, blocks in early]
    if edited is not None or note:
        ctx = replace(ctx, words=Words(edited=edited, sentences=sentences, found=found, note=note))
    listed: Made = [] if edition is Edition.PUBLIC else annexes
    ctx = _told(ctx, advice, early, listed)
    whole = [
        (section, _made(ctx, section) if _builder(section).late else blocks) for section, blocks in early
    ]
    document = Document(
        title=ctx.word("title"),
        subtitle=ctx.word("subtitle", days=subtitle_words(period.first, period.last)),
        header=header(ctx),
        blocks=(*_noted(note), *number_headings(_with_headings(ctx, whole))),
        annexes=tuple(
            Annex(number=number, title=ctx.title(section.title), blocks=tuple(blocks))
            for number, (section, blocks) in enumerate(listed, start=1)
        ),
        annex_note=_annex_note(ctx, annexes),
        banner=ctx.word("banner.demo") if demo else "",
        edition=edition,
        issued=ctx.issued,
        first_day=period.first,
        last_day=period.last,
        language=LANGUAGE,
        keywords=keywords(ctx),
        author=profile.publication.issuing_unit,
    )
    return Report(
        document=typeset(document), checks=ctx.checks, draft=write_draft(ctx, advice), sentences=sentences
    )


def _noted(note: str) -> list[Block]:
    return [Note((Text(note),))] if note else []


def build_document(
    figures: Figures,
    profile: Profile,
    period: Period,
    *,
    edition: Edition,
    cutoff: datetime,
    issued: datetime,
    details: Details,
    demo: bool,
    edited: Edited | None = None,
) -> Document:
    """The document of `build_report` alone."""
    return build_report(
        figures,
        profile,
        period,
        edition=edition,
        cutoff=cutoff,
        issued=issued,
        details=details,
        demo=demo,
        edited=edited,
    ).document


def _builder(section: Section) -> Builder:
    builder = BUILDERS.get(section.builder)
    if builder is None:
        raise BadProfile(
            tr("栏目“{section}”用了没有的生成方式“{builder}”。", section=section.id, builder=section.builder),
            fix=tr("可用的生成方式:{builders}。", builders="、".join(sorted(BUILDERS))),
        )
    return builder


def _made(ctx: Context, section: Section) -> list[Block]:
    builder = _builder(section)
    return builder.make(ctx, builder.read(section))


def _annexes(ctx: Context) -> Made:
    """The annexes that have content, whatever the edition: a public report points to those it leaves out."""
    made = [(section, _made(ctx, section)) for section in ctx.profile.outline if _builder(section).annex]
    return [(section, blocks) for section, blocks in made if blocks]


def _told(ctx: Context, advice: tuple[Advice, ...], early: Made, annexes: Made) -> Context:
    """The context with what the late sections tell of."""
    blocks = [block for _, made in (*early, *annexes) for block in made]
    texts = [figure.indicator for figure in _sentence_figures(blocks)]
    texts += [run.indicator for one in advice for run in one.runs if isinstance(run, Figure)]
    ctx = replace(
        ctx,
        advice=advice,
        used=frozenset([*texts, *_other_indicators(blocks)]),
        used_in_text=frozenset(texts),
    )
    return replace(ctx, checks=run_checks(ctx))


def _sentence_figures(blocks: Iterable[Block]) -> Iterator[Figure]:
    for block in blocks:
        if isinstance(block, Paragraph | Note):
            yield from (run for run in block.runs if isinstance(run, Figure))


def _other_indicators(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, TableBlock):
            yield from (
                run.indicator
                for row in (*block.rows, *block.total_rows)
                for run in row
                if isinstance(run, Figure)
            )
        elif isinstance(block, ChartBlock):
            yield from (series.indicator for series in block.series)


def _edited(edited: Edited, text: str, found: tuple[Advice, ...], early: Made) -> tuple[Advice, ...]:
    """The analyst's text; it may quote what the rules found and what the body's sentences say."""
    quotable = [run for one in found for run in one.runs if isinstance(run, Figure)]
    quotable += _sentence_figures(block for _, made in early for block in made)
    return read_draft(text, quotable, file=edited.file)


def _with_headings(ctx: Context, made: Made) -> list[Block]:
    """The sections in order; a heading stays when it, or anything under it, has content."""
    blocks: list[Block] = []
    for index, (section, content) in enumerate(made):
        if section.level != NO_HEADING and (content or _has_content_below(made, index)):
            blocks.append(Heading(section.level, "", ctx.title(section.title), section.id))
        blocks += content
    return blocks


def _has_content_below(made: Made, index: int) -> bool:
    level = made[index][0].level
    for section, content in made[index + 1 :]:
        if section.level <= level:
            return False
        if content:
            return True
    return False


def _annex_note(ctx: Context, annexes: Made) -> str:
    """附件:1.… and each further annex on a line of its own, below the first (GB/T 9704-2012, 7.3.4)."""
    if not annexes:
        return ""
    if ctx.edition is Edition.PUBLIC:
        return ctx.word("annexes.left_out")
    items = [
        ctx.word("annexes.item", number=str(number), title=ctx.title(section.title))
        for number, (section, _) in enumerate(annexes, start=1)
    ]
    hanging = "\n" + "\u3000" * round(ems(ctx.word("annexes.list", annexes="")))
    return ctx.word("annexes.list", annexes=hanging.join(items))
