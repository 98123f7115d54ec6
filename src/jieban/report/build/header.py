"""The publication header above the title: 索引号, 名称, 主题词, 文号, 发文单位, 发布日期, 发布机构."""

from datetime import datetime, time

from jieban.report.calendar_words import subtitle_words
from jieban.report.context import Context


def name(ctx: Context) -> str:
    """The document's full name, with its year and days."""
    first, last = ctx.period.first, ctx.period.last
    return ctx.word(
        "name", year=str(first.year), title=ctx.word("title"), subtitle=subtitle_words(first, last)
    )


def keywords(ctx: Context) -> tuple[str, ...]:
    """The publication's keywords for this period."""
    first, last = ctx.period.first, ctx.period.last
    places = {"year": first.year, "month": first.month, "days": (last - first).days + 1}
    return tuple(keyword.format(**places) for keyword in ctx.profile.publication.keywords)


def _published(at: datetime) -> str:
    """The moment, or the day alone where a day was given."""
    return f"{at:%Y-%m-%d}" if at.time() == time() else f"{at:%Y-%m-%d %H:%M:%S}"


def header(ctx: Context) -> tuple[tuple[str, str], ...]:
    """The header's lines in the order of printing.

    The index number is the one given at publication (the profile's documents); before that it is left open, as
    the number of the document always is here. A header line without content stands, for the office to fill in.
    """
    publication = ctx.profile.publication
    given = publication.documents.get(ctx.period.code)
    return (
        (ctx.word("header.index_number"), given.index_number if given else ""),
        (ctx.word("header.name"), name(ctx)),
        (ctx.word("header.keywords"), " ".join(keywords(ctx))),
        (ctx.word("header.document_number"), ""),
        (ctx.word("header.issuing_unit"), publication.issuing_unit),
        (ctx.word("header.published"), _published(ctx.issued)),
        (ctx.word("header.publisher"), publication.publisher),
    )
