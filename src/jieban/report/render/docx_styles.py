"""The Word styles of a report and its page, by GB/T 9704-2012: named so that an office can change them in one place.

Fonts are given by name only; the reader's office has them. `fontTable.xml` names for each the one that stands in
where it is missing (Windows brings 仿宋 but not 仿宋_GB2312).
"""

from typing import Any
from xml.sax.saxutils import quoteattr

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from jieban.report.charts.palette import LIGHT
from jieban.report.render import words as said
from jieban.report.render.docx_parts import element

TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
KAI_FONT = "楷体_GB2312"
HEI_FONT = "黑体"
SONG_FONT = "宋体"
# Digits and Latin letters among 仿宋, 楷体 and 宋体, as in the PDF; every office program has it or its equal in width.
LATIN_FONT = "Times New Roman"
_WITH_LATIN = frozenset({BODY_FONT, KAI_FONT, SONG_FONT})

_STAND_INS = {
    TITLE_FONT: "华文中宋",
    BODY_FONT: "仿宋",
    KAI_FONT: "楷体",
    HEI_FONT: "SimHei",
    SONG_FONT: "SimSun",
}

LINE = 579  # 225 mm / 22 in twips, rounded down so that 22 lines fit
_GRID_CHARACTERS = -849  # (156 mm / 28 − 16 pt) in 4096ths of a point
# What brings 28 characters of 16 pt onto a line of 156 mm, in twips. Body text carries the standard's pitch itself and
# does not snap to the grid: LibreOffice gives a character wider than its cell two cells.
CLOSER = -5
_TWO_CHARACTERS = {"firstLineChars": 200, "firstLine": 630}


def _set(style: Any, font: str, points: float, **more: Any) -> None:
    """Rewrite the style's properties: `font` at `points`; `more` as in `_paragraph` and `_run`."""
    root = style.element
    for name in ("w:pPr", "w:rPr"):
        for old in root.findall(qn(name)):
            root.remove(old)
    root.append(_paragraph(**{k: v for k, v in more.items() if k not in {"bold", "colour", "spacing"}}))
    root.append(_run(font, points, **{k: v for k, v in more.items() if k in {"bold", "colour", "spacing"}}))
    style.quick_style = True
    style.hidden = False
    style.unhide_when_used = False


def _paragraph(
    *,
    line: int = LINE,
    align: str = "both",
    indent: dict[str, int] | None = None,
    level: int | None = None,
    keep: bool = False,
    before: int = 0,
    after: int = 0,
    bar: bool = False,
) -> Any:
    """The w:pPr of a style, its children in the schema's order. Distances in twips."""
    parts = [element("keepNext"), element("keepLines")] if keep else []
    parts.append(element("widowControl", val=0))
    if bar:
        side = element("left", val="single", sz=20, space=8, color=LIGHT.accent.lstrip("#"))
        parts.append(element("pBdr", [side]))
        parts.append(element("shd", val="clear", color="auto", fill=LIGHT.panel.lstrip("#")))
    parts.append(element("autoSpaceDE", val=0))
    parts.append(element("autoSpaceDN", val=0))
    parts.append(element("snapToGrid", val=0))
    parts.append(element("spacing", before=before, after=after, line=line, lineRule="exact"))
    parts.append(element("ind", **(indent or {"left": 0, "firstLineChars": 0, "firstLine": 0})))
    parts.append(element("jc", val=align))
    if level is not None:
        parts.append(element("outlineLvl", val=level))
    return element("pPr", parts)


def _run(font: str, points: float, *, bold: bool = False, colour: str = "", spacing: int = 0) -> Any:
    parts = [
        _fonts(font),
        element("b", val=int(bold)),
        element("bCs", val=int(bold)),
        element("i", val=0),
        element("color", val=colour.lstrip("#") or "auto"),
    ]
    parts.append(element("spacing", val=spacing))
    parts.append(element("kern", val=0))
    parts.append(element("sz", val=round(points * 2)))
    parts.append(element("szCs", val=round(points * 2)))
    return element("rPr", parts)


def _fonts(font: str) -> Any:
    latin = LATIN_FONT if font in _WITH_LATIN else font
    return element("rFonts", ascii=latin, hAnsi=latin, eastAsia=font, cs=latin)


def set_styles(word: WordDocument) -> None:
    """Give `word` the report's styles. Ids are English, names that Word shows are its own or Chinese."""
    styles = word.styles
    _set_defaults(styles)
    for style in list(styles.element.findall(qn("w:style"))):
        # python-docx' template brings a hundred coloured table styles; ours have their borders themselves.
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) != "1":
            styles.element.remove(style)
    small = {"line": 320}
    _set(styles["Normal"], BODY_FONT, 16, spacing=CLOSER)
    _set(styles["Body Text"], BODY_FONT, 16, spacing=CLOSER, indent=_TWO_CHARACTERS)
    _set(styles["Title"], TITLE_FONT, 22, align="center", line=640, keep=True)
    _set(styles["Subtitle"], KAI_FONT, 16, align="center", keep=True)
    _set(styles["Heading 1"], HEI_FONT, 16, spacing=CLOSER, indent=_TWO_CHARACTERS, level=0, keep=True)
    _set(styles["Heading 2"], KAI_FONT, 16, spacing=CLOSER, indent=_TWO_CHARACTERS, level=1, keep=True)
    _set(styles["Heading 3"], BODY_FONT, 16, spacing=CLOSER, indent=_TWO_CHARACTERS, level=2, keep=True)
    _set_strong(styles["Strong"])
    _set(styles["Caption"], HEI_FONT, 10.5, align="center", before=80, after=80, **small)
    _set(styles["Header"], HEI_FONT, 10.5, align="center", colour=LIGHT.warning, spacing=20, **small)
    _set(styles["Footer"], SONG_FONT, 14, align="right", line=360)
    _set(_own(styles, "TableText", said.STYLE_TABLE_TEXT), SONG_FONT, 10.5, align="left", **small)
    _set(_own(styles, "TableHeading", said.STYLE_TABLE_HEADING), HEI_FONT, 10.5, align="left", **small)
    _set(
        _own(styles, "TableNote", said.STYLE_TABLE_NOTE),
        KAI_FONT,
        10.5,
        align="left",
        before=60,
        after=160,
        **small,
    )
    _set(
        _own(styles, "SetOffNote", said.STYLE_NOTE),
        KAI_FONT,
        12,
        line=400,
        before=120,
        after=120,
        bar=True,
        indent={"left": 240, "right": 120, "firstLineChars": 0, "firstLine": 0},
    )
    picture = _own(styles, "Picture", said.STYLE_PICTURE)
    _set(picture, BODY_FONT, 10.5, align="center", before=160, keep=True)
    spacing = picture.element.pPr.find(qn("w:spacing"))
    spacing.set(qn("w:line"), "240")
    spacing.set(qn("w:lineRule"), "auto")  # an exact pitch would clip the picture to one line
    _set(_own(styles, "AnnexLabel", said.STYLE_ANNEX_LABEL), HEI_FONT, 16, align="left", level=0, keep=True)
    _set(
        _own(styles, "AnnexTitle", said.STYLE_ANNEX_TITLE),
        TITLE_FONT,
        22,
        align="center",
        line=640,
        level=1,
        keep=True,
        after=200,
    )


def _set_strong(style: Any) -> None:
    """Emphasis within a text: 黑体 among 仿宋 and 宋体, which have no bold of their own."""
    root = style.element
    for old in root.findall(qn("w:rPr")):
        root.remove(old)
    root.append(element("rPr", [_fonts(HEI_FONT), element("b", val=0), element("bCs", val=0)]))


def _own(styles: Any, style_id: str, name: str) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.element.set(qn("w:styleId"), style_id)
    style.base_style = styles["Normal"]
    return style


def _set_defaults(styles: Any) -> None:
    defaults = styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(_fonts(BODY_FONT))
    defaults.append(element("sz", val=32))
    # Digits are of a Western language: as Chinese ones, LibreOffice would break 390 at a line's end.
    defaults.append(element("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))


def set_page(word: WordDocument) -> None:
    """A4 with the standard's text area, 22 lines × 28 characters, page numbers outside on odd and even pages."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance = Mm(20)
    # The number's dash stands 7 mm below the text area; its line is 18 pt high.
    section.footer_distance = Mm(28) - Pt(18)
    properties = section._sectPr  # noqa: SLF001 - python-docx has no API for the document grid
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(element("docGrid", type="linesAndChars", linePitch=LINE, charSpace=_GRID_CHARACTERS))
    word.settings.odd_and_even_pages_header_footer = True


def font_table() -> bytes:
    """fontTable.xml: each font with the one that stands in for it."""
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for name, other in _STAND_INS.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"{fonts}</w:fonts>"
    ).encode()
