import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from lxml import etree

from jieban.report.document import (
    ChartBlock,
    Document,
    Heading,
    Note,
    Paragraph,
    TableBlock,
    Text,
    plain,
)
from jieban.report.render import render

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def word(rendered: dict[str, Path]) -> Any:
    return docx.Document(str(rendered["docx"]))


def fonts_of(style: Any) -> tuple[str, set[str]]:
    """The style's Chinese font, and those of all other scripts."""
    fonts = style.element.rPr.rFonts
    return fonts.get(qn("w:eastAsia")), {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs")}


def test_every_paragraph_is_there_with_its_figures(word: Any, document: Document) -> None:
    words = [paragraph.text for paragraph in word.paragraphs]
    for block in document.all_blocks():
        match block:
            case Paragraph() | Note():
                assert plain(block.runs) in words
            case Heading():
                assert block.number + block.text in words
            case _:
                pass


def test_a_figure_and_its_unit_are_one_run(word: Any) -> None:
    paragraph = next(p for p in word.paragraphs if "共转派工单" in p.text)
    assert "4567件" in [run.text for run in paragraph.runs]


def test_every_table_is_there_cell_by_cell(word: Any, document: Document) -> None:
    # The first table is the publication header.
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables[1:]]
    wanted = [
        [[column.heading for column in block.columns]]
        + [[plain([cell]) for cell in row] for row in (*block.rows, *block.total_rows)]
        for block in document.all_blocks()
        if isinstance(block, TableBlock)
    ]
    assert tables == wanted


def test_the_publication_header_pairs_short_values(word: Any) -> None:
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert rows[0] == ["索引号", "CJS044/2025-000234", "主题分类", ""]
    assert rows[1][0] == "名称"
    assert len(set(rows[1][1:])) == 1  # one cell over three columns
    assert rows[3] == ["文号", "", "发布日期", "2025-05-03 16:09:12"]


def test_heading_rows_repeat_and_no_row_is_cut(word: Any) -> None:
    for table in word.tables[1:]:
        rows = table._tbl.tr_lst
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert not any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows[1:])


def test_short_tables_stay_whole_and_totals_stay_with_a_row(word: Any) -> None:
    def kept(table: Any) -> list[bool]:
        return [row.find(f".//{W}keepNext") is not None for row in table._tbl.tr_lst]

    types, annex = word.tables[1], next(table for table in word.tables if len(table.rows) == 62)
    assert kept(types) == [True] * 8 + [False]
    assert kept(annex)[:4] == [True, True, True, False]
    assert kept(annex)[-3:] == [False, True, False]


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("Body Text", "仿宋_GB2312", 16),
        ("Normal", "仿宋_GB2312", 16),
        ("Footer", "宋体", 14),
        ("Caption", "黑体", 10.5),
        ("附件标记", "黑体", 16),
        ("附件标题", "方正小标宋简体", 22),
    ],
)
def test_styles_are_the_standards(word: Any, style: str, font: str, points: float) -> None:
    found = word.styles[style]
    latin = font if font in {"方正小标宋简体", "黑体"} else "Times New Roman"
    assert fonts_of(found) == (font, {latin})
    assert found.font.size.pt == points
    assert not found.font.italic


def test_no_style_or_run_takes_a_font_from_the_theme(rendered: dict[str, Path]) -> None:
    with zipfile.ZipFile(rendered["docx"]) as package:
        document = package.read("word/document.xml")
        used = {node.get(f"{W}val") for node in etree.fromstring(document).iter(f"{W}pStyle")}
        styles = etree.fromstring(package.read("word/styles.xml"))
    for fonts in etree.fromstring(document).iter(
        f"{W}rFonts"
    ):  # the style has the face; a run may say the script
        assert dict(fonts.attrib) == {f"{W}hint": "eastAsia"}
    for style in styles.iter(f"{W}style"):
        if style.get(f"{W}styleId") in used:
            fonts = style.find(f"{W}rPr/{W}rFonts")
            assert not [name for name in fonts.attrib if name.endswith("Theme")]
    assert {"Title", "BodyText", "Heading1", "Heading2", "Heading3", "TableText", "Caption"} <= used


def test_every_used_style_exists(rendered: dict[str, Path]) -> None:
    with zipfile.ZipFile(rendered["docx"]) as package:
        known = {
            style.get(f"{W}styleId")
            for style in etree.fromstring(package.read("word/styles.xml")).iter(f"{W}style")
        }
        for name in package.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                for node in etree.fromstring(package.read(name)).iter(f"{W}pStyle"):
                    assert node.get(f"{W}val") in known, (name, node.get(f"{W}val"))


def test_missing_fonts_have_stand_ins(rendered: dict[str, Path]) -> None:
    with zipfile.ZipFile(rendered["docx"]) as package:
        table = etree.fromstring(package.read("word/fontTable.xml"))
    stand_ins = {font.get(f"{W}name"): font.find(f"{W}altName").get(f"{W}val") for font in table}
    assert stand_ins["仿宋_GB2312"] == "仿宋"
    assert set(stand_ins) == {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"}


def test_the_page_is_the_standards_22_lines_of_28_characters(word: Any) -> None:
    [section] = word.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    wide = Emu(section.page_width - section.left_margin - section.right_margin)
    high = Emu(section.page_height - section.top_margin - section.bottom_margin)
    assert (round(wide.mm), round(high.mm)) == (156, 225)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    line = int(grid.get(qn("w:linePitch"))) / 20
    char = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert int(high.pt / line) == 22
    assert int(wide.pt / char + 0.001) == 28
    body = word.styles["Body Text"].element
    spacing = body.pPr.find(qn("w:spacing"))
    assert spacing.get(qn("w:lineRule")) == "exact"
    assert int(spacing.get(qn("w:line"))) / 20 == line
    closer = int(body.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert int(wide.pt / (16 + closer)) == 28
    assert body.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_headings_are_there_to_navigate_by(word: Any, document: Document) -> None:
    found = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    wanted = [(f"Heading {b.level}", b.number + b.text) for b in document.blocks if isinstance(b, Heading)]
    assert found == wanted
    for level in (1, 2, 3):
        outline = word.styles[f"Heading {level}"].element.pPr.find(qn("w:outlineLvl"))
        assert outline.get(qn("w:val")) == str(level - 1)
        assert word.styles[f"Heading {level}"].paragraph_format.keep_with_next


def test_annexes_begin_pages(word: Any, document: Document) -> None:
    labels = [p for p in word.paragraphs if p.style.name == "附件标记"]
    assert [p.text for p in labels] == [f"附件{annex.number}" for annex in document.annexes]
    assert all(p.paragraph_format.page_break_before for p in labels)
    titles = [p.text for p in word.paragraphs if p.style.name == "附件标题"]
    assert titles == [annex.title for annex in document.annexes]


def test_an_annexs_title_stands_in_the_third_line(word: Any) -> None:
    styles = [(paragraph.style.name, paragraph.text) for paragraph in word.paragraphs]
    labels = [at for at, (style, _) in enumerate(styles) if style == "附件标记"]
    for at in labels:
        assert styles[at + 1][1] == ""
        assert styles[at + 2][0] == "附件标题"


def test_the_list_of_annexes_stays_with_the_text_before_it(
    make: Callable[..., Document], tmp_path: Path
) -> None:
    body = (Paragraph((Text("前一段。"),)), Paragraph((Text("末一段。"),)))
    omitted = replace(make(annexes=False), header=(), blocks=body, annex_note="附件：略")
    render(omitted, "docx", tmp_path / "note.docx")
    said = [
        (p.text, bool(p.paragraph_format.keep_with_next))
        for p in docx.Document(tmp_path / "note.docx").paragraphs
    ]
    assert said[-4:] == [("前一段。", False), ("末一段。", True), ("", True), ("附件：略", False)]


def test_nothing_behind_the_last_table_begins_a_page(
    make: Callable[..., Document], tmp_path: Path, document: Document
) -> None:
    table = next(b for b in document.blocks if isinstance(b, TableBlock) and b.in_body and not b.note)
    render(
        replace(make(annexes=False), header=(), blocks=(table, replace(table, id="last")), annex_note=""),
        "docx",
        tmp_path / "end.docx",
    )
    between, behind = (
        p
        for p in docx.Document(tmp_path / "end.docx").paragraphs
        if p.style.style_id == "TableNote" and not p.text
    )
    assert between.paragraph_format.line_spacing is None  # as its style has it
    assert behind.paragraph_format.line_spacing == Pt(1)
    assert behind.paragraph_format.space_after == behind.paragraph_format.space_before == 0


def test_lines_that_a_citizen_broke_are_lines(make: Callable[..., Document], tmp_path: Path) -> None:
    body = Paragraph((Text("已办结。\n已电话告知诉求人。"),))
    render(replace(make(annexes=False), blocks=(body,)), "docx", tmp_path / "lines.docx")
    [found] = [p for p in docx.Document(str(tmp_path / "lines.docx")).paragraphs if "已办结" in p.text]
    assert len(found._p.findall(f"{W}r/{W}br")) == 1
    assert all("\n" not in words.text for words in found._p.iter(f"{W}t"))


def test_quotation_marks_are_said_to_be_chinese(make: Callable[..., Document], tmp_path: Path) -> None:
    """Word sets them in the Western face, half as wide, where a run says nothing."""
    body = Paragraph((Text("由“办一件”转向"), Text("治一类", strong=True)))
    render(replace(make(annexes=False), blocks=(body,)), "docx", tmp_path / "quotes.docx")
    [found] = [p for p in docx.Document(str(tmp_path / "quotes.docx")).paragraphs if "办一件" in p.text]
    said = [run.find(f"{W}rPr/{W}rFonts") for run in found._p.iter(f"{W}r")]
    assert said[0].get(f"{W}hint") == "eastAsia"
    assert said[1] is None


def test_page_numbers_and_banner_on_odd_and_even_pages(word: Any, document: Document) -> None:
    assert word.settings.odd_and_even_pages_header_footer
    [section] = word.sections
    for header, footer, side in (
        (section.header, section.footer, "right"),
        (section.even_page_header, section.even_page_footer, "left"),
    ):
        assert [p.text for p in header.paragraphs] == [document.banner]
        [number] = footer.paragraphs
        assert number.text == "— 1 —"
        assert number._p.find(f".//{W}instrText").text.strip() == "PAGE"
        assert number._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert number._p.pPr.find(qn("w:ind")).get(qn(f"w:{side}Chars")) == "100"


def test_charts_are_pictures_with_words_and_captions(word: Any, document: Document) -> None:
    charts = [block for block in document.all_blocks() if isinstance(block, ChartBlock)]
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == [c.alt for c in charts]
    captions = [p.text for p in word.paragraphs if p.style.name == "Caption"]
    assert [c for c in captions if c.startswith("图")] == [
        f"图{at}\u3000{chart.caption}" for at, chart in enumerate(charts, 1)
    ]
    for shape in word.inline_shapes:
        assert shape.width <= Mm(156)
        assert shape.height <= Mm(215)
    pictures = [part for part in word.part.package.iter_parts() if part.content_type == "image/png"]
    assert len(pictures) == len(charts)
    for picture in pictures:
        assert picture.image.px_width / (156 / 25.4) >= 199


def test_pictures_have_ink(rendered: dict[str, Path]) -> None:
    """A rasteriser without its font draws axes and no words, silently: the words' share of the file tells."""
    with zipfile.ZipFile(rendered["docx"]) as package:
        sizes = [entry.file_size for entry in package.infolist() if entry.filename.endswith(".png")]
    assert min(sizes) > 20_000


def test_nasty_texts_are_words(word: Any, nasty: tuple[str, ...]) -> None:
    words = {paragraph.text for paragraph in word.paragraphs}
    for text in nasty:
        assert text + text in words


def test_what_xml_cannot_hold_is_shown_as_missing(make: Callable[..., Document], tmp_path: Path) -> None:
    body = Paragraph((Text("控制\x0b符\x00和\ufffe"),))
    render(replace(make(annexes=False), blocks=(body,)), "docx", tmp_path / "odd.docx")
    words = [p.text for p in docx.Document(str(tmp_path / "odd.docx")).paragraphs]
    assert "控制\ufffd符\ufffd和\ufffd" in words


def test_properties_come_from_the_document(word: Any, document: Document) -> None:
    properties = word.core_properties
    assert properties.title == f"{document.title} {document.subtitle}"
    assert properties.author == properties.last_modified_by == document.author
    issued = datetime(2025, 5, 3, 8, 9, 12, tzinfo=UTC)
    assert properties.created.replace(tzinfo=UTC) == properties.modified.replace(tzinfo=UTC) == issued
    assert "python-docx" not in properties.comments


def test_the_package_holds_no_time_of_day_and_nothing_of_the_template(rendered: dict[str, Path]) -> None:
    with zipfile.ZipFile(rendered["docx"]) as package:
        assert package.testzip() is None
        entries = package.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert entries[0].filename == "[Content_Types].xml"
    assert not [entry.filename for entry in entries if "thumbnail" in entry.filename]


def test_a_title_hardly_wider_than_a_line_is_drawn_together(
    make: Callable[..., Document], tmp_path: Path
) -> None:
    def spacing(title: str) -> int:
        render(replace(make(annexes=False), title=title, blocks=()), "docx", tmp_path / "title.docx")
        [run] = next(
            p for p in docx.Document(str(tmp_path / "title.docx")).paragraphs if p.style.name == "Title"
        ).runs
        found = run._r.find(f"{W}rPr/{W}spacing")
        return 0 if found is None else int(found.get(f"{W}val"))

    assert spacing("短标题") == 0
    assert spacing("一" * 20) < 0
    assert spacing("一" * 30) == 0
