"""Word: real styles, an outline to navigate by, tables whose headings repeat; charts as pictures with their words."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from math import ceil
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.shared import Emu, Twips

from jieban.report.charts.draw import Drawings
from jieban.report.charts.measure import ems
from jieban.report.charts.palette import LIGHT
from jieban.report.document import Annex, Block, ChartBlock, Document, Heading, Note, Paragraph, TableBlock
from jieban.report.render import docx_parts as part
from jieban.report.render import words as said
from jieban.report.render.common import (
    Captions,
    annex_label,
    header_rows,
    issued_utc,
    printable,
    printed_blocks,
    write_whole,
)
from jieban.report.render.docx_measure import CAPTION_AFTER_PICTURE, of_opening
from jieban.report.render.docx_pages import Layout, lay_out, picture_width
from jieban.report.render.docx_styles import font_table, set_page, set_styles
from jieban.report.render.typesetting import rasterise

_DOTS_AN_INCH = 200
_INCHES_WIDE = 156 / 25.4
_ANNEX_HEAD = 579 + 579 + 640 + 200  # its label, an empty line, its title
_TITLE_TWIPS = 440  # 二号, 22 pt
_SPARE_EMS = 0.9  # programs differ in the blanks they set around digits
_DRAWN_TOGETHER = 0.08
# Of python-docx' template: the picture of another document, and styles again as an older Word wanted them.
_LEFT_OUT = ("/thumbnail", "/stylesWithEffects")
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def render(document: Document, path: Path, *, charts: Drawings, definitions: Mapping[str, str]) -> None:
    """Write `document` as docx to `path`. `definitions` are not shown on paper."""
    del definitions
    word = docx.Document()
    set_styles(word)
    set_page(word)
    _set_properties(word, document)
    _set_header_and_footer(word, document.banner)
    writer = _Writer(word, document, charts)
    body = word.element.body
    section = body.sectPr
    for element in writer.elements():
        section.addprevious(element)
    write_whole(path, _same_bytes(word))


class _Writer:
    """Turns blocks into body elements, in order."""

    def __init__(self, word: WordDocument, document: Document, charts: Drawings) -> None:
        self._word = word
        self._document = document
        self._captions = Captions(document)
        self._charts = charts
        self._pictures = rasterise(charts, dots_an_inch=_DOTS_AN_INCH, inches_wide=_INCHES_WIDE)

    def elements(self) -> Iterator[Any]:
        """The whole body but its section properties."""
        document = self._document
        if document.header:
            yield _publication_header(document.header)
            yield part.paragraph("Normal", [])
        yield part.paragraph("Title", [_title(document.title)])
        if document.subtitle:
            yield part.paragraph("Subtitle", [part.text_run(document.subtitle)])
        yield part.paragraph("Normal", [])
        yield from self._blocks(document.blocks, from_top=of_opening(document))
        if document.annex_note:
            # What stays together: a page never begins with the list alone where a line of the text can come with it.
            yield part.paragraph("Normal", [], part.element("keepNext"))
            *lines, last = document.annex_note.splitlines()
            for line in lines:
                yield part.paragraph("BodyText", [part.text_run(line)], part.element("keepNext"))
            yield part.paragraph("BodyText", [part.text_run(last)])
        for annex in document.annexes:
            yield from self._annex(annex)

    def _annex(self, annex: Annex) -> Iterator[Any]:
        label = [part.text_run(annex_label(annex))]
        yield part.paragraph("AnnexLabel", label, part.element("pageBreakBefore"))
        yield part.paragraph("Normal", [], part.element("keepNext"))
        yield part.paragraph("AnnexTitle", [_title(annex.title)])  # in the third line, as GB/T 9704 has it
        yield from self._blocks(annex.blocks, from_top=_ANNEX_HEAD)

    def _blocks(self, blocks: tuple[Block, ...], *, from_top: int) -> Iterator[Any]:
        ratios = {name: drawing.height / drawing.width for name, drawing in self._charts.items()}
        layout = lay_out(printed_blocks(blocks), ratios, from_top=from_top)
        for block in layout.blocks:
            yield from self._block(block, layout, ends=block is layout.blocks[-1])

    def _block(self, block: Block, layout: Layout, *, ends: bool) -> Iterator[Any]:
        match block:
            case Heading():
                yield part.paragraph(f"Heading{block.level}", [part.text_run(block.number + block.text)])
            case Paragraph():
                together = [part.element("keepNext")] if ends and self._document.annex_note else []
                yield part.paragraph(
                    "BodyText" if block.indent else "Normal", part.runs(block.runs), *together
                )
            case Note():
                yield part.paragraph("SetOffNote", part.runs(block.runs))
            case TableBlock():
                caption = [part.text_run(self._captions.of(block))]
                yield part.paragraph("Caption", caption, part.element("keepNext"))
                yield part.data_table(
                    block,
                    ink=LIGHT.ink,
                    rule=LIGHT.rule,
                    panel=LIGHT.panel,
                    broken=block.id in layout.broken,
                )
                if block.note:
                    yield part.paragraph("TableNote", [part.text_run(block.note)])
                else:
                    # Word joins tables that no paragraph parts. Behind the last one it would only begin a page.
                    hidden = [part.element("spacing", before=0, after=0, line=20, lineRule="exact")]
                    yield part.paragraph("TableNote", [], *(hidden if ends else []))
            case ChartBlock():
                yield self._picture(block, layout.scales[block.id])
                caption = [part.text_run(self._captions.of(block))]
                apart = part.element("spacing", after=CAPTION_AFTER_PICTURE)
                yield part.paragraph("Caption", caption, apart)

    def _picture(self, block: ChartBlock, scale: float) -> Any:
        drawing = self._charts[block.id]
        ratio = drawing.height / drawing.width
        width = Twips(round(picture_width(ratio) * scale))
        made = self._word.add_paragraph(style=self._word.styles["Normal"])
        shape = made.add_run().add_picture(
            io.BytesIO(self._pictures[block.id]), width=width, height=Emu(round(width * ratio))
        )
        inline = shape._inline  # noqa: SLF001 - python-docx has no API for alternative text and distances
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")  # unsaid, LibreOffice takes 3 mm and moves the picture
        words = inline.docPr
        words.set("name", printable(self._captions.of(block)))
        words.set("descr", printable(block.alt))
        root = made._p  # noqa: SLF001 - the paragraph is moved to its place by the caller
        root.pPr.style = "Picture"
        root.getparent().remove(root)
        return root


def _title(words: str) -> Any:
    """A title that is hardly wider than a line is drawn together, so that no single character falls to a second."""
    wide = (ems(words) + _SPARE_EMS) * _TITLE_TWIPS
    over = wide - part.TEXT_WIDTH
    if not 0 < over <= wide * _DRAWN_TOGETHER:
        return part.text_run(words)
    return part.text_run(words, spacing=-ceil(over / len(words)) - 1)


def _publication_header(pairs: tuple[tuple[str, str], ...]) -> Any:
    """索引号 and the rest: two pairs a row, a long value a row of its own."""
    shares = [1.1, 3, 1.1, 3]
    widths = part.twips(shares)

    def label(words: str, width: int) -> Any:
        return part.cell(part.paragraph("TableHeading", [part.text_run(words)]), width, fill=LIGHT.panel)

    def value(words: str, width: int, span: int = 1) -> Any:
        return part.cell(part.paragraph("TableText", [part.text_run(words)]), width, span=span)

    rows = []
    for row in header_rows(pairs):
        if len(row) == 1:
            [(name, words)] = row
            cells = [label(name, widths[0]), value(words, sum(widths[1:]), span=3)]
        else:
            cells = [
                made
                for at, (name, words) in enumerate(row)
                for made in (label(name, widths[2 * at]), value(words, widths[2 * at + 1]))
            ]
        rows.append(part.row(cells))
    return part.grid_table(said.HEADER, shares, rows, ink=LIGHT.ink, rule=LIGHT.rule)


def _set_header_and_footer(word: WordDocument, banner: str) -> None:
    section = word.sections[0]
    indent = {"odd": {"rightChars": 100, "right": 280}, "even": {"leftChars": 100, "left": 280}}
    for side, header, footer in (
        ("odd", section.header, section.footer),
        ("even", section.even_page_header, section.even_page_footer),
    ):
        header.is_linked_to_previous = False
        footer.is_linked_to_previous = False
        _replace(header, part.paragraph("Header", [part.text_run(banner)] if banner else []))
        number = [part.text_run("— "), *part.field("PAGE", "1"), part.text_run(" —")]
        _replace(
            footer,
            part.paragraph(
                "Footer",
                number,
                part.element("ind", **indent[side]),
                part.element("jc", val="right" if side == "odd" else "left"),
            ),
        )


def _replace(story: Any, paragraph: Any) -> None:
    root = story._element  # noqa: SLF001 - python-docx has no API to replace a story's content
    for old in list(root):
        root.remove(old)
    root.append(paragraph)


def _set_properties(word: WordDocument, document: Document) -> None:
    issued = issued_utc(document)
    properties = word.core_properties
    properties.title = printable(" ".join(filter(None, (document.title, document.subtitle))))
    properties.author = properties.last_modified_by = printable(document.author)
    properties.keywords = printable(", ".join(document.keywords))
    properties.subject = properties.comments = printable(document.banner)
    properties.language = document.language
    properties.created = properties.modified = issued
    properties.revision = 1


def _same_bytes(word: WordDocument) -> bytes:
    """The package with its entries in order and without the time of day, so that the same report is the same file."""
    package = word.part.package
    for relationships in (package.rels, word.part.rels):
        for key, relationship in list(relationships.items()):
            if relationship.reltype.endswith(_LEFT_OUT):
                del relationships[key]
    raw = io.BytesIO()
    for other in package.iter_parts():
        if str(other.partname) == "/word/fontTable.xml":
            other._blob = font_table()  # noqa: SLF001 - python-docx has no API for the font table
    word.save(raw)
    ordered = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(ordered, "w", zipfile.ZIP_DEFLATED) as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, source.read(name))
    return ordered.getvalue()
