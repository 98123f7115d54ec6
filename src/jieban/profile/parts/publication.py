"""publication.toml: the header above the report, and what is known of reports already published."""

import re
from enum import StrEnum
from zoneinfo import ZoneInfo

from jieban.kernel.i18n import tr
from jieban.profile.documents.places import check_places
from jieban.profile.documents.table import Table
from jieban.profile.frozen import FrozenMap
from jieban.profile.model import PrintedChange, Publication, PublishedDocument


def read_publication(table: Table, tz: ZoneInfo) -> Publication:
    """publication.toml; instants are read in the profile's time zone."""
    index_pattern = table.text("index_pattern")
    check_places(table, "index_pattern", index_pattern, {"year", "serial"})
    documents = {}
    for period, inner in table.keyed("documents") if "documents" in table else ():
        documents[period] = PublishedDocument(
            period=period,
            index_number=inner.text("index_number"),
            published=inner.moment("published", tz),
            printed=_printed(inner),
        )
        _check_index_number(inner, documents[period], index_pattern)
        inner.close()
    publication = Publication(
        city=table.text("city"),
        hotline=table.text("hotline"),
        dispatching_centre=table.text("dispatching_centre"),
        issuing_unit=table.text("issuing_unit"),
        publisher=table.text("publisher"),
        index_pattern=index_pattern,
        keywords=table.texts("keywords"),
        documents=FrozenMap(documents),
    )
    for word in publication.keywords:
        check_places(table, "keywords", word, {"year", "month", "days"})
    table.close()
    return publication


class _Called(StrEnum):
    PREVIOUS = "previous"
    YEAR_BEFORE = "year_before"


def _printed(table: Table) -> tuple[PrintedChange, ...]:
    printed = []
    for inner in table.tables("printed", required=False):
        cut = inner.table("cut")
        printed.append(
            PrintedChange(
                of=inner.text("of"),
                cut=FrozenMap({dimension: cut.text(dimension) for dimension in cut.keys}),
                count=inner.integer("count"),
                percent=inner.decimal("percent"),
                called=inner.choice("called", _Called).value,
            )
        )
        inner.close()
    return tuple(printed)


def _check_index_number(table: Table, document: PublishedDocument, pattern: str) -> None:
    """An index number follows the pattern, so that a slip of the hand is told before it is printed."""
    wanted = re.escape(pattern).replace(r"\{year\}", r"\d{4}").replace(r"\{serial\}", r"\d+")
    if pattern and document.index_number and not re.fullmatch(wanted, document.index_number):
        what = tr("索引号“{number}”不合 {pattern}。", number=document.index_number, pattern=pattern)
        table.fault("bad_index_number", "index_number", what, tr("请核对索引号,或改正 index_pattern。"))
