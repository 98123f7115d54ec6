"""On paper, narrow columns beside long texts stand in one; nothing of them is lost."""

from dataclasses import replace

from jieban.report.document import Align, TableBlock, TableColumn, Text, plain
from jieban.report.render.common import lines_of, paper_widths, printed_blocks

LONG = "诉求人反映小区楼道近二十天没有人打扫，物业费照收每平方米一元四角，希望本周内有结果，" * 2
HEADINGS = ("序号", "工单编号", "主办单位", "二级分类", "诉求内容", "办理情况")


def table(*, content: str = LONG, headings: tuple[str, ...] = HEADINGS) -> TableBlock:
    row = ("1", "YS2025041800052", "住建局", "物业管理", content, "已办结。\n已电话告知诉求人。" + content)
    return TableBlock(
        id="t",
        caption="表",
        sheet="表",
        columns=tuple(
            TableColumn(heading=heading, align=Align.CENTRE if heading == "序号" else Align.LEFT)
            for heading in headings
        ),
        rows=(tuple(Text(words) for words in row[: len(headings)]),),
    )


def printed(block: TableBlock) -> TableBlock:
    [shown] = printed_blocks((block,))
    assert isinstance(shown, TableBlock)
    return shown


def test_short_columns_beside_long_texts_stand_in_one() -> None:
    shown = printed(table())
    assert [column.heading for column in shown.columns] == [
        "序号",
        "工单编号\n主办单位\n二级分类",
        "诉求内容",
        "办理情况",
    ]
    assert plain([shown.rows[0][1]]) == "YS2025041800052\n住建局\n物业管理"
    assert shown.rows[0][2:] == table().rows[0][4:]


def test_long_texts_get_most_of_the_width_and_rows_fewer_lines() -> None:
    shown = printed(table())
    widths = paper_widths(shown)
    assert sum(widths[2:]) > 0.6 * sum(widths)
    assert lines_of(shown)[1] <= 0.8 * lines_of(table())[1]


def test_a_table_whose_words_have_room_stays_as_it_is() -> None:
    short = table(content="路灯不亮")
    assert printed(short) == short
    two = TableBlock(
        id="d",
        caption="表",
        sheet="表",
        columns=(TableColumn(heading="指标"), TableColumn(heading="结果"), TableColumn(heading="口径")),
        rows=((Text("满意率"), Text("通过"), Text(LONG)),),
    )
    assert printed(two) == two


def test_lines_that_a_cell_breaks_itself_are_counted() -> None:
    block = table(content="短", headings=HEADINGS)
    assert lines_of(block)[1] >= 2


def test_a_number_among_folded_words_stays_on_one_line() -> None:
    """Although each line of the long texts could use the width."""
    one = table()
    said = (Text("字" * 100), Text("字" * 30 + "\n" + "字" * 120))
    shown = printed(replace(one, rows=((*one.rows[0][:4], *said),) * 3))
    assert paper_widths(shown)[1] >= 15 * 0.58 + 12 / 9  # its digits, and what a cell leaves blank
