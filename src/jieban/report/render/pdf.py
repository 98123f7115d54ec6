"""PDF through typst: a template of ours, and the document as JSON beside it.

No text of the report ever becomes typst source, so nothing in it can be taken for a command.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

import typst

from jieban.report.charts.draw import Drawings
from jieban.report.charts.palette import LIGHT
from jieban.report.document import (
    Annex,
    Block,
    ChartBlock,
    Document,
    Heading,
    Note,
    Paragraph,
    Run,
    TableBlock,
    plain,
)
from jieban.report.render.common import (
    Captions,
    annex_label,
    header_rows,
    issued_utc,
    letters_of,
    lines_of,
    paper_widths,
    printed_blocks,
    strengths,
    template,
    write_whole,
)
from jieban.report.render.typesetting import typesetter

# First what an office's machine may have (JIEBAN_FONTS names its directory), then Fandol, last Noto.
FONTS = {
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FandolSong", "Noto Serif SC"),
    "body": ("FangSong_GB2312", "FangSong", "FandolFang R", "Noto Serif SC", "Noto Sans SC"),
    "kai": ("KaiTi_GB2312", "KaiTi", "FandolKai", "Noto Serif SC", "Noto Sans SC"),
    "hei": ("SimHei", "FandolHei", "Noto Sans SC"),
    "song": ("SimSun", "FandolSong", "Noto Serif SC", "Noto Sans SC"),
}
# For digits and Latin letters among 仿宋, 楷体 and 宋体: those of Fandol are wider and blacker than its characters.
LATIN = ("Times New Roman", "Libertinus Serif")

# Long-term readable, with text that can be searched and copied; and the tags that screen readers follow.
_STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_NOT_ALLOWED = "PDF/"  # how typst's messages begin where a standard forbids what the document holds


def render(document: Document, path: Path, *, charts: Drawings, definitions: Mapping[str, str]) -> None:
    """Write `document` as PDF/A-2a, PDF/UA-1 to `path`. `definitions` are not shown on paper.

    A letter that none of our fonts has is looked for in the machine's own; if these lack it too, or it is of a
    private area, the PDF prints the sign for a missing letter and claims no standard, since they forbid that.
    """
    del definitions
    write_whole(path, _compile(json.dumps(_data(document, charts), ensure_ascii=False), _issued(document)))


def _compile(data: str, issued: datetime) -> bytes:
    for machine_fonts in (False, True):
        try:
            return _compile_once(data, issued, machine_fonts=machine_fonts, standard=True)
        except typst.TypstError as error:
            if not str(error).startswith(_NOT_ALLOWED):
                raise
    return _compile_once(data, issued, machine_fonts=True, standard=False)


def _compile_once(data: str, issued: datetime, *, machine_fonts: bool, standard: bool) -> bytes:
    compiler = typesetter(template("report.typ"), {"document": data}, machine_fonts=machine_fonts)
    content = compiler.compile(
        format="pdf", pdf_standards=[*_STANDARDS] if standard else [], timestamp=issued
    )
    if not isinstance(content, bytes):
        raise TypeError("typst gave no single PDF")
    return content


def _issued(document: Document) -> datetime:
    """When the document was issued, its zone as a plain offset: typst knows no named zones."""
    moment = document.issued
    return moment.replace(tzinfo=timezone(moment.replace(tzinfo=None) - issued_utc(document)))


def _data(document: Document, charts: Drawings) -> dict[str, Any]:
    captions = Captions(document)
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "banner": document.banner,
        "header": [[list(pair) for pair in row] for row in header_rows(document.header)],
        "keywords": list(document.keywords),
        "author": document.author,
        "language": document.language,
        "fonts": {name: list(families) for name, families in FONTS.items()},
        "latin": list(LATIN),
        "colours": asdict(LIGHT),
        "annex_note": document.annex_note,
        "blocks": _blocks(document.blocks, captions, charts),
        "annexes": [_annex(annex, captions, charts) for annex in document.annexes],
    }


def _annex(annex: Annex, captions: Captions, charts: Drawings) -> dict[str, Any]:
    return {
        "label": annex_label(annex),
        "title": annex.title,
        "blocks": _blocks(annex.blocks, captions, charts),
    }


def _blocks(blocks: tuple[Block, ...], captions: Captions, charts: Drawings) -> list[dict[str, Any]]:
    return [_block(block, captions, charts) for block in printed_blocks(blocks)]


def _block(block: Block, captions: Captions, charts: Drawings) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": block.number + block.text}
        case Paragraph():
            return {"kind": "paragraph", "indent": block.indent, "runs": _runs(block.runs)}
        case Note():
            return {"kind": "note", "runs": _runs(block.runs)}
        case TableBlock():
            lines = lines_of(block)
            return {
                "kind": "table",
                "caption": captions.of(block),
                "columns": [
                    {"heading": column.heading, "align": str(column.align), "width": width}
                    for column, width in zip(block.columns, paper_widths(block), strict=True)
                ],
                "rows": [[plain([cell]) for cell in row] for row in block.rows],
                "totals": [[plain([cell]) for cell in row] for row in block.total_rows],
                "note": block.note,
                "letters": letters_of(block),
                "lines": sum(lines),
                "first": lines[: 1 + _first_rows(lines)],
            }
        case ChartBlock():
            drawing = charts[block.id]
            return {
                "kind": "chart",
                "caption": captions.of(block),
                "alt": block.alt,
                "svg": drawing.svg,
                "ratio": drawing.height / drawing.width,
            }


def _first_rows(lines: Sequence[int]) -> int:
    """How many rows must stand under a table's heading: two, or one of several lines. `lines` has the heading's too."""
    return 1 if len(lines) > 1 and lines[1] > 1 else 2


def _runs(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    """Runs as text and whether it is strong, a figure with its unit joined to the words around it."""
    joined: list[dict[str, Any]] = []
    for run, strong in zip(runs, strengths(runs), strict=True):
        if joined and joined[-1]["strong"] == strong:
            joined[-1]["text"] += plain([run])
        else:
            joined.append({"text": plain([run]), "strong": strong})
    return joined
