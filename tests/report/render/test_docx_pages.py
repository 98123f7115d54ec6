"""Word's pages, reckoned beforehand: pictures leave no gaps, and nothing stands under a heading that isn't its own."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jieban.report.document import (
    Block,
    ChartBlock,
    ChartKind,
    Heading,
    Paragraph,
    Series,
    TableBlock,
    TableColumn,
    Text,
)
from jieban.report.render.docx_measure import PAGE, PROGRAMS, lines
from jieban.report.render.docx_pages import SCALES, Layout, lay_out
from jieban.report.render.docx_styles import LINE

HALF = 0.72  # of a chart: half a page with its caption


def text(count: int, word: str = "字") -> Paragraph:
    return Paragraph((Text(word * (28 * count - 2)),))


def chart(name: str) -> ChartBlock:
    return ChartBlock(
        id=name,
        kind=ChartKind.BAR,
        caption=name,
        sheet=name,
        categories=("甲",),
        series=(Series(name="数", values=(1,), indicator="orders.total"),),
        unit="件",
        category_title="类",
        alt=name,
    )


def table(name: str, rows: int) -> TableBlock:
    return TableBlock(
        id=name,
        caption=name,
        sheet=name,
        columns=(TableColumn(heading="类"), TableColumn(heading="数")),
        rows=tuple((Text(str(row)), Text("1")) for row in range(rows)),
    )


def heading(name: str) -> Heading:
    return Heading(1, "", name, name)


def laid(*blocks: Block, ratio: float = HALF) -> Layout:
    ratios = {block.id: ratio for block in blocks if isinstance(block, ChartBlock)}
    return lay_out(blocks, ratios, from_top=0)


@pytest.mark.parametrize(
    ("words", "indent", "count"),
    [
        ("字" * 28, 0, 1),
        ("字" * 29, 0, 2),
        ("字" * 26, 630, 1),
        ("字" * 27, 630, 2),
        ("1" * 56, 0, 1),
        ("字" * 28 + "。", 0, 1),  # hangs over the line's end
        ("字" * 28 + "）字", 0, 2),
        ("字" * 27 + "390件", 0, 2),  # a number isn't cut
        ("", 0, 1),
    ],
)
def test_a_line_holds_28_characters(words: str, indent: int, count: int) -> None:
    assert lines(words, blank=0.0, indent=indent) == count


def test_blanks_beside_digits_make_longer_lines() -> None:
    words = "共1件" * 11
    assert [lines(words, blank=blank) for blank in PROGRAMS] == [1, 2]


def test_a_picture_that_does_not_fit_lets_the_text_of_its_heading_go_first() -> None:
    first, second = text(12), replace(text(8), indent=False)
    layout = laid(heading("一"), first, chart("图"), second)
    assert layout.blocks == (heading("一"), first, second, chart("图"))
    assert layout.scales == {"图": 1.0}


def test_a_picture_that_nearly_fits_is_drawn_smaller() -> None:
    blocks = (heading("一"), text(7), chart("图"), heading("二"), text(3))
    layout = laid(*blocks)
    assert layout.blocks == blocks
    assert SCALES[-1] <= layout.scales["图"] < 1
    assert all(blank < 0.12 for program in layout.blanks for blank in program)


def test_pictures_before_make_room_for_one_behind() -> None:
    blocks = (text(2), chart("甲"), text(1), chart("乙"), heading("二"), text(15))
    layout = laid(*blocks, ratio=0.6)
    assert all(blank < 0.12 for program in layout.blanks for blank in program)
    assert max(layout.scales.values()) < 1


def test_a_short_table_breaks_only_where_it_would_leave_a_gap() -> None:
    assert laid(text(2), table("表", 10)).broken == frozenset()
    assert laid(text(16), table("表", 10), heading("二"), text(1)).broken == {"表"}
    assert laid(text(19), table("表", 4), heading("二"), text(1)).broken == frozenset()  # too short to part


def test_a_heading_goes_with_what_it_heads() -> None:
    layout = laid(text(21), heading("一"), chart("图"))
    assert layout.blanks == ((pytest.approx(1 - 21 * LINE / PAGE),),) * 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("text"), st.integers(1, 9)),
            st.tuples(st.just("chart"), st.integers(2, 12)),
            st.tuples(st.just("table"), st.integers(1, 30)),
            st.tuples(st.just("heading"), st.just(0)),
        ),
        max_size=14,
    )
)
def test_nothing_is_lost_and_nothing_leaves_its_heading(kinds: list[tuple[str, int]]) -> None:
    makers = {
        "text": lambda at, size: text(size, chr(0x4E00 + at)),
        "chart": lambda at, _: chart(str(at)),
        "table": lambda at, size: table(str(at), size),
        "heading": lambda at, _: heading(str(at)),
    }
    blocks = tuple(makers[kind](at, size) for at, (kind, size) in enumerate(kinds))
    ratios = {str(at): size / 10 for at, (kind, size) in enumerate(kinds) if kind == "chart"}
    layout = lay_out(blocks, ratios, from_top=7 * LINE)
    assert layout == lay_out(blocks, ratios, from_top=7 * LINE)
    assert len(layout.blocks) == len(blocks)
    assert set(layout.scales) == set(ratios)
    for kind in (Paragraph, TableBlock, Heading, ChartBlock):
        assert [b for b in layout.blocks if isinstance(b, kind)] == [b for b in blocks if isinstance(b, kind)]

    def sections(of: tuple[Block, ...]) -> list[list[str]]:
        found: list[list[str]] = [[]]
        for block in of:
            if isinstance(block, Heading):
                found.append([])
            else:
                found[-1].append(repr(block))
        return [sorted(section) for section in found]

    assert sections(layout.blocks) == sections(blocks)


def test_strong_digits_are_taken_as_wide_as_those_of_a_stand_in_for_their_face() -> None:
    head, rest = "12.高效办成一件事类（123件，占比12.34%）。", "主要涉及"
    strong, plain = [(head, True), (rest, False)], [(head, False), (rest, False)]
    assert [lines(said, blank=PROGRAMS[0], indent=630) for said in (head + rest, plain, strong)] == [1, 1, 1]
    assert [lines(said, blank=PROGRAMS[1], indent=630) for said in (head + rest, plain, strong)] == [1, 1, 2]
