import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from jieban.report.document import (
    ChartBlock,
    ChartKind,
    Document,
    Heading,
    Paragraph,
    TableBlock,
    Text,
    plain,
)
from jieban.report.render import render

POINTS = 72 / 25.4
TOP, LEFT, BOTTOM, RIGHT = 37 * POINTS, 28 * POINTS, 35 * POINTS, 26 * POINTS
A4 = (595.28, 841.89)


@pytest.fixture(scope="module")
def pdf(rendered: dict[str, Path]) -> Iterator[pypdfium2.PdfDocument]:
    opened = pypdfium2.PdfDocument(rendered["pdf"])
    yield opened
    opened.close()


def close(*handles: object) -> None:
    for handle in handles:
        handle.close()  # type: ignore[attr-defined]  # pypdfium2's own


def area_text(page: pypdfium2.PdfPage) -> str:
    """The words of the text area alone, blanks and line ends left out."""
    text = page.get_textpage()
    words = text.get_text_bounded(left=0, bottom=BOTTOM - 2, right=A4[0], top=A4[1] - TOP + 2)
    close(text)
    return re.sub(r"\s", "", words)


def page_texts(pdf: pypdfium2.PdfDocument) -> list[str]:
    return [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in pdf]


def lines(page: pypdfium2.PdfPage) -> list[list[tuple[str, float, float, float, float]]]:
    """The text area's lines from the top, each as its characters with left, bottom, right, top."""
    text = page.get_textpage()
    rows: dict[int, list[tuple[str, float, float, float, float]]] = {}
    pitch = 225 * POINTS / 22
    for at in range(text.count_chars()):
        char = text.get_text_range(at, 1)
        left, bottom, right, top = text.get_charbox(at, loose=True)
        if char.strip() and BOTTOM < (bottom + top) / 2 < A4[1] - TOP:
            row = int((A4[1] - TOP - (bottom + top) / 2) / pitch)
            rows.setdefault(row, []).append((char, left, bottom, right, top))
    close(text)
    return [sorted(rows[row], key=lambda box: box[1]) for row in sorted(rows)]


def origins(page: pypdfium2.PdfPage) -> list[float]:
    """The baselines of the text area's characters."""
    text = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    found = []
    for at in range(text.count_chars()):
        if text.get_text_range(at, 1).strip():
            pypdfium2.raw.FPDFText_GetCharOrigin(text, at, x, y)
            if BOTTOM < y.value < A4[1] - TOP:
                found.append(y.value)
    close(text)
    return found


def test_every_figure_is_printed_with_its_label_and_unit(
    pdf: pypdfium2.PdfDocument, told_figures: list[str]
) -> None:
    words = "".join(area_text(page) for page in pdf)
    assert len(told_figures) > 40
    for told in told_figures:
        assert re.sub(r"\s", "", told) in words, told


def test_every_table_row_is_printed_whole(pdf: pypdfium2.PdfDocument, document: Document) -> None:
    words = "".join(area_text(page) for page in pdf)
    for block in document.all_blocks():
        if isinstance(block, TableBlock) and block.id != "t-nasty":
            for row in (*block.rows, *block.total_rows):
                short = [plain([cell]) for cell in row if len(plain([cell])) < 14]
                assert all(cell in words for cell in short), row
    annex = next(block for block in document.all_blocks() if block_id(block) == "a-units")
    assert isinstance(annex, TableBlock)
    for at, name, count, change, rate in annex.rows:
        told = "".join(plain([cell]) for cell in (at, name, count, change, rate))
        if len(plain([name])) < 16:  # a longer name takes two lines, between which the figures stand
            assert told in words


def block_id(block: object) -> str:
    return str(getattr(block, "id", ""))


def test_a_full_page_has_22_lines_of_28_characters_within_the_text_area(
    make: Callable[..., Document], tmp_path: Path
) -> None:
    body = Paragraph((Text("承办单位应当按照规定时限签收办理答复并如实上传办理过程材料" * 60),))
    render(replace(make(annexes=False), header=(), blocks=(body,)), "pdf", tmp_path / "full.pdf")
    pdf = pypdfium2.PdfDocument(tmp_path / "full.pdf")
    page = pdf[1]
    assert page.get_size() == pytest.approx(A4, abs=0.1)
    rows = lines(page)
    assert len(rows) == 22
    assert {len(row) for row in rows} == {28}
    for row in rows:
        assert row[0][1] == pytest.approx(LEFT, abs=1.0)
        assert row[-1][3] <= A4[0] - RIGHT + 1.0
        steps = [after[1] - before[1] for before, after in pairwise(row)]
        assert steps == pytest.approx([156 * POINTS / 28] * 27, abs=0.05)
    baselines = sorted({round(y, 2) for y in origins(page)}, reverse=True)
    assert [above - below for above, below in pairwise(baselines)] == pytest.approx(
        [225 * POINTS / 22] * 21, abs=0.05
    )
    assert rows[0][0][4] <= A4[1] - TOP + 4
    assert rows[-1][0][2] >= BOTTOM - 4
    close(page, pdf)


def test_the_first_line_is_indented_by_two_characters(pdf: pypdfium2.PdfDocument) -> None:
    first = next(
        row for page in pdf for row in lines(page) if "".join(b[0] for b in row).startswith("2025年4月1日至")
    )
    assert first[0][1] == pytest.approx(LEFT + 2 * 156 * POINTS / 28, abs=1.5)


def test_page_numbers_stand_outside_on_odd_and_even_pages(pdf: pypdfium2.PdfDocument) -> None:
    for at, page in enumerate(pdf, 1):
        text = page.get_textpage()
        found = text.search(f"— {at} —")
        index, count = found.get_next()
        left, _, _, top = text.get_charbox(index)
        right = text.get_charbox(index + count - 1)[2]
        # 7 mm below the text area, one character (14 pt) in from its side.
        assert top < BOTTOM - 7 * POINTS + 2
        if at % 2:
            assert right == pytest.approx(A4[0] - RIGHT - 14, abs=2)
        else:
            assert left == pytest.approx(LEFT + 14, abs=2)
        close(found, text)


def test_the_banner_stands_on_every_page(pdf: pypdfium2.PdfDocument, document: Document) -> None:
    for page in pdf:
        text = page.get_textpage()
        above = text.get_text_bounded(left=0, bottom=A4[1] - TOP, right=A4[0], top=A4[1])
        assert document.banner in above
        close(text)


def test_without_a_banner_nothing_stands_above_the_text(
    make: Callable[..., Document], tmp_path: Path
) -> None:
    render(make(banner="", annexes=False), "pdf", tmp_path / "plain.pdf")
    pdf = pypdfium2.PdfDocument(tmp_path / "plain.pdf")
    for page in pdf:
        text = page.get_textpage()
        assert not text.get_text_bounded(left=0, bottom=A4[1] - TOP, right=A4[0], top=A4[1]).strip()
        close(text)
    close(pdf)


def test_a_long_tables_heading_stands_on_each_of_its_pages(pdf: pypdfium2.PdfDocument) -> None:
    pages = [words for words in page_texts(pdf) if re.search(r"第\d+分局", words)]
    assert len(pages) >= 3
    assert all("序号承办单位办理量同比按期办结率" in words for words in pages)


def test_annexes_begin_pages_with_label_and_title(pdf: pypdfium2.PdfDocument, document: Document) -> None:
    firsts = ["".join(box[0] for box in lines(page)[0]) for page in pdf]
    for annex in document.annexes:
        page = firsts.index(f"附件{annex.number}")
        assert area_text(pdf[page]).startswith(f"附件{annex.number}{annex.title}")
        assert lines(pdf[page])[0][0][1] == pytest.approx(LEFT, abs=1.5)


def test_nasty_texts_are_printed_as_they_are(pdf: pypdfium2.PdfDocument, nasty: tuple[str, ...]) -> None:
    words = "".join(area_text(page) for page in pdf)
    for text in nasty:
        assert re.sub(r"\s", "", text) in words, text


def test_a_letter_that_no_font_has_neither_stops_the_report_nor_the_rest_of_it(
    make: Callable[..., Document], tmp_path: Path
) -> None:
    body = Paragraph((Text("名为\ue123的单位,共"), Text("3件")))
    render(replace(make(annexes=False), blocks=(body,)), "pdf", tmp_path / "odd.pdf")
    pdf = pypdfium2.PdfDocument(tmp_path / "odd.pdf")
    assert "的单位,共3件" in area_text(pdf[0])
    close(pdf)
    assert b"pdfaid" not in (tmp_path / "odd.pdf").read_bytes()


def test_the_file_claims_to_be_archivable_and_accessible(rendered: dict[str, Path]) -> None:
    content = rendered["pdf"].read_bytes()
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content


def test_metadata_come_from_the_document(pdf: pypdfium2.PdfDocument, document: Document) -> None:
    metadata = pdf.get_metadata_dict()
    assert metadata["Title"] == f"{document.title} {document.subtitle}"
    assert metadata["Author"] == document.author
    assert metadata["CreationDate"] == metadata["ModDate"] == "D:20250503080912Z"
    assert all(word in metadata["Keywords"] for word in document.keywords)


def test_the_outline_names_headings_and_annexes(pdf: pypdfium2.PdfDocument, document: Document) -> None:
    outline = [(mark.level + 1, mark.get_title()) for mark in pdf.get_toc()]
    headings = [(b.level, b.number + b.text) for b in document.blocks if isinstance(b, Heading)]
    annexes = [(1, f"附件{annex.number}\u3000{annex.title}") for annex in document.annexes]
    assert outline == headings + annexes


def test_no_heading_is_the_last_line_of_a_page(pdf: pypdfium2.PdfDocument, document: Document) -> None:
    headings = {re.sub(r"\s", "", b.number + b.text) for b in document.blocks if isinstance(b, Heading)}
    for page in pdf:
        assert "".join(box[0] for box in lines(page)[-1]) not in headings


def test_pages_before_the_annexes_are_full(pdf: pypdfium2.PdfDocument) -> None:
    # Pictures that don't fit wait while the words behind them fill the page; only a chapter's end may leave a gap.
    annex = next(at for at, page in enumerate(pdf) if area_text(page).startswith("附件1"))
    gaps = []
    for at in range(annex - 1):
        boxes = [
            entry.get_bounds() if hasattr(entry, "get_bounds") else entry.get_pos()
            for entry in pdf[at].get_objects()
        ]
        lowest = min(box[1] for box in boxes if box[1] > BOTTOM - 2)
        gaps.append((lowest - BOTTOM) / (225 * POINTS))
    assert sum(gap > 0.25 for gap in gaps) <= 1, gaps
    assert len(pdf) <= 17


def _places(pdf: pypdfium2.PdfDocument, wanted: str) -> list[tuple[int, float]]:
    """Where the words stand: page, and points from its top."""
    found = []
    for number, page in enumerate(pdf):
        text = page.get_textpage()
        search = text.search(wanted, match_case=True)
        while (hit := search.get_next()) is not None:
            found.append((number, A4[1] - text.get_charbox(hit[0])[3]))
        close(search, text)
    return found


@pytest.mark.parametrize("before", [3, 9, 12, 15, 18, 21])
@pytest.mark.parametrize("level", [1, 2])
def test_no_picture_or_table_stands_under_the_heading_that_follows_it(
    make: Callable[..., Document], tmp_path: Path, before: int, level: int
) -> None:
    plain_document = make(annexes=False)
    chart = next(block for block in plain_document.blocks if isinstance(block, ChartBlock))
    table = next(block for block in plain_document.blocks if isinstance(block, TableBlock) and block.in_body)
    body = (
        *(Paragraph((Text(f"第{line}行文字。"),)) for line in range(before)),
        replace(chart, caption="前一张图"),
        replace(table, caption="前一张表"),
        Heading(level, "后", "一个标题", "next"),
        *(Paragraph((Text("后面的文字。"),)) for _ in range(12)),
    )
    render(replace(plain_document, header=(), blocks=body), "pdf", tmp_path / "order.pdf")
    with pypdfium2.PdfDocument(tmp_path / "order.pdf") as pdf:
        [heading] = _places(pdf, "后一个标题")
        assert _places(pdf, "前一张图") < [heading]
        assert _places(pdf, "前一张表") < [heading]


@pytest.mark.parametrize(("filled", "page", "blank"), [(20, 0, 1), (21, 0, 0), (22, 1, 1)])
def test_the_list_of_annexes_is_never_alone_on_a_page(
    make: Callable[..., Document], tmp_path: Path, filled: int, page: int, blank: int
) -> None:
    """A line is left blank before it where there is room for that; where there is none for itself, text goes along."""
    omitted = replace(make(annexes=False), header=(), annex_note="附件：略")
    render(replace(omitted, blocks=(_line(0),), annex_note=""), "pdf", tmp_path / "opening.pdf")
    pitch = 225 * POINTS / 22
    with pypdfium2.PdfDocument(tmp_path / "opening.pdf") as pdf:
        [(_, first)] = _places(pdf, "第0行")
        above = int((first - TOP) / pitch)
    body = tuple(_line(number) for number in range(filled - above))
    render(replace(omitted, blocks=body), "pdf", tmp_path / "note.pdf")
    with pypdfium2.PdfDocument(tmp_path / "note.pdf") as pdf:
        [(note_page, note)], [(last_page, last)] = (
            _places(pdf, "附件：略"),
            _places(pdf, f"第{len(body) - 1}行"),
        )
        assert (note_page, last_page) == (page, page)
        assert note - last == pytest.approx((1 + blank) * pitch, abs=3)


def _line(number: int) -> Paragraph:
    return Paragraph((Text(f"第{number}行"),))


def test_a_mark_behind_a_quotation_mark_stands_close(make: Callable[..., Document], tmp_path: Path) -> None:
    body = Paragraph((Text("由“办一件”转向“治一类”，对高频事项专项治理"),))
    render(replace(make(annexes=False), header=(), blocks=(body,)), "pdf", tmp_path / "quotes.pdf")
    with pypdfium2.PdfDocument(tmp_path / "quotes.pdf") as pdf:
        row = next(row for row in lines(pdf[0]) if row[0][0] == "由")
        at = {char: left for char, left, *_ in row}
        character = 156 * POINTS / 28
        # Half a character's width after the mark before it, and a whole one before what follows.
        assert at["，"] - at["类"] == pytest.approx(1.5 * character, abs=1.5)
        assert at["对"] - at["，"] == pytest.approx(character, abs=1.5)


def test_charts_in_a_row_are_drawn_smaller_together_where_then_they_fit(
    make: Callable[..., Document], tmp_path: Path
) -> None:
    plain_document = make(annexes=False)
    charts = [block for block in plain_document.blocks if isinstance(block, ChartBlock)]
    days = next(chart for chart in charts if chart.kind is ChartKind.COLUMN)
    for before, where in ((7, (0, 0)), (9, (0, 0)), (10, (0, 1))):  # as they are; smaller; not even then
        body = (
            *(Paragraph((Text("行"),)) for _ in range(before)),
            replace(days, id="one", caption="头一张图"),
            replace(days, id="two", caption="后一张图"),
            Heading(1, "后", "一个标题", "next"),
            Paragraph((Text("后面的文字。"),)),
        )
        render(replace(plain_document, header=(), blocks=body), "pdf", tmp_path / "pair.pdf")
        with pypdfium2.PdfDocument(tmp_path / "pair.pdf") as pdf:
            [(first, _)], [(second, _)] = _places(pdf, "头一张图"), _places(pdf, "后一张图")
            assert (first, second) == where, before
