"""The outline filled with figures: a Document in one edition."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from jieban.indicators.model import Figures, Indicator
from jieban.indicators.period import Period
from jieban.kernel.i18n import tr
from jieban.profile.city import BadProfile, Profile
from jieban.profile.model import Section
from jieban.report.build.header import header, keywords
from jieban.report.build.numbering import Captions, number_headings
from jieban.report.build.registry import BUILDERS
from jieban.report.calendar_words import subtitle_words
from jieban.report.context import Context
from jieban.report.details import Details
from jieban.report.document import Annex, Block, Document, Edition, Heading
from jieban.report.facts import Facts

ANNEX_LEVEL = 0
LANGUAGE = "zh-CN"


def build_document(
    figures: Figures,
    profile: Profile,
    period: Period,
    *,
    registry: Mapping[str, Indicator],
    edition: Edition,
    cutoff: datetime,
    issued: datetime,
    details: Details,
    banner: str = "",
) -> Document:
    """The report of a period, from its computed figures and the rows that annexes list.

    `issued` is the day printed as 发布日期 and the only date that files carry; `banner` stands on every page
    (演示数据…). Raises BadProfile for an outline or a wording that can't be used.
    """
    facts = Facts(figures, registry, share_places=profile.counting.share_places)
    ctx = Context(
        profile=profile,
        period=period,
        edition=edition,
        cutoff=cutoff,
        issued=issued,
        facts=facts,
        details=details,
        annexes={},
    )
    annexes = _annexes(ctx)
    ctx = replace(ctx, annexes={section.id: number for number, (section, _) in enumerate(annexes, start=1)})
    captions = Captions(ctx)
    body = captions.number(number_headings(_body(ctx)))
    printed = () if edition is Edition.PUBLIC else annexes
    title = ctx.word("title")
    return Document(
        title=title,
        subtitle=f"({subtitle_words(period.first, period.last)})",
        header=header(ctx),
        blocks=tuple(body),
        annexes=tuple(
            Annex(number=number, title=ctx.title(section.title), blocks=tuple(captions.number(blocks)))
            for number, (section, blocks) in enumerate(printed, start=1)
        ),
        annex_note=_annex_note(ctx, annexes),
        banner=banner,
        edition=edition,
        issued=issued,
        first_day=period.first,
        last_day=period.last,
        language=LANGUAGE,
        keywords=keywords(ctx),
        author=profile.publication.issuing_unit,
    )


def _made(ctx: Context, section: Section) -> list[Block]:
    builder = BUILDERS.get(section.builder)
    if builder is None:
        raise BadProfile(
            tr("栏目“{section}”用了没有的生成方式“{builder}”。", section=section.id, builder=section.builder),
            fix=tr("可用的生成方式:{builders}。", builders="、".join(sorted(BUILDERS))),
        )
    return builder.make(ctx, builder.read(section))


def _in_edition(section: Section, edition: Edition) -> bool:
    return not section.editions or edition.value in section.editions


def _annexes(ctx: Context) -> list[tuple[Section, list[Block]]]:
    """The annexes that have content, whatever the edition: a public report points to those it leaves out."""
    made = [(s, _made(ctx, s)) for s in ctx.profile.outline if s.level == ANNEX_LEVEL]
    return [(section, blocks) for section, blocks in made if blocks]


def _body(ctx: Context) -> list[Block]:
    """The sections in order; a heading stays when it, or anything under it, has content."""
    made: list[tuple[Section, list[Block]]] = [
        (section, _made(ctx, section))
        for section in ctx.profile.outline
        if section.level != ANNEX_LEVEL and _in_edition(section, ctx.edition)
    ]
    blocks: list[Block] = []
    for index, (section, content) in enumerate(made):
        if content or _has_content_below(made, index):
            blocks.append(Heading(section.level, "", ctx.title(section.title), section.id))
            blocks += content
    return blocks


def _has_content_below(made: list[tuple[Section, list[Block]]], index: int) -> bool:
    level = made[index][0].level
    for section, content in made[index + 1 :]:
        if section.level <= level:
            return False
        if content:
            return True
    return False


def _annex_note(ctx: Context, annexes: list[tuple[Section, list[Block]]]) -> str:
    if not annexes:
        return ctx.word("annexes.none")
    if ctx.edition is Edition.PUBLIC:
        return ctx.word("annexes.left_out")
    items = [
        ctx.word("annexes.item", number=str(number), title=ctx.title(section.title))
        for number, (section, _) in enumerate(annexes, start=1)
    ]
    return ctx.word("annexes.list", annexes="\n".join(items))
