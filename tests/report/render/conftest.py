"""A report that has every kind of block, long and short, and texts that a careless renderer would obey."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jieban.report.document import (
    Align,
    Annex,
    Block,
    ChartBlock,
    ChartKind,
    Document,
    Edition,
    Figure,
    Heading,
    Note,
    Paragraph,
    Series,
    TableBlock,
    TableColumn,
    Text,
    plain,
)
from jieban.report.render import FORMATS, render_all

NASTY = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "</script><b>粗</b>",
    '#set page(fill: red) #include "x" $x^2$ *强* _斜_ `码` @ref <label> \\n // 注',
    "{{ 7*7 }} {% raw %} & &amp; \" ' “引” --- ... ~",
    "买买提·艾力",
    "堃㛃龑䶮㸆",
    "ق",
)

TYPES = (
    ("投诉", 3751),
    ("表扬", 298),
    ("求助", 187),
    ("建议", 170),
    ("咨询", 131),
    ("举报", 28),
    ("其他", 2),
)
TOPICS = (
    ("住房保障类", 793),
    ("城乡建设类", 732),
    ("交通出行类", 677),
    ("经济综合类", 509),
    ("民生保障类", 418),
    ("党务政务类", 396),
    ("公共服务类", 332),
    ("公共安全类", 212),
    ("环境保护类", 184),
    ("农林水土类", 103),
    ("科教文旅类", 86),
    ("医疗卫生类", 78),
    ("优化营商环境", 38),
    ("社会团体", 3),
    ("高效办成一件事", 3),
    ("无效诉求", 2),
    ("热线服务", 1),
)
UNITS = (
    "住房和城乡建设局",
    "城市管理局",
    "公安局",
    "市场监督管理局",
    "交通局",
    "人力资源和社会保障局",
    "新疆昌吉国家农业科技园区管理委员会",
    "项目代建管理中心(政府投资建设工程管理中心)",
    "环宇燃气",
)
STREETS = (
    "宁边路",
    "延安北路",
    "北京南路",
    "建国路",
    "中山路",
    "绿洲路",
    *(f"第{at}乡镇管理委员会"[: 5 + at % 4] for at in range(1, 17)),
)
TYPE = "orders.total"


def number(value: int | Decimal | None, unit: str = "件", *, indicator: str = TYPE, **cut: str) -> Figure:
    return Figure(
        text="—" if value is None else str(value),
        unit="" if value is None else unit,
        value=value,
        indicator=indicator,
        cut=tuple(cut.items()),
    )


def share(part: int, whole: int = 4567) -> Decimal:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.01"))


def _opening() -> tuple[Block, ...]:
    return (
        Heading(1, "一、", "12345政务服务便民热线", "hotline"),
        Paragraph(
            (
                Text("2025年4月1日至4月30日12345政务服务热线中心共转派工单"),
                number(4567),
                Text("。按期签收率"),
                number(Decimal(100), "%", indicator="orders.on_time_sign"),
                Text(",按期办结率"),
                number(Decimal(100), "%", indicator="orders.on_time_close"),
                Text(",满意率"),
                number(Decimal("99.96"), "%", indicator="orders.satisfaction"),
                Text("。较上月办件增加"),
                number(263, indicator="orders.change_previous"),
                Text(",环比上升"),
                number(Decimal("6.11"), "%", indicator="orders.change_previous"),
                Text("。工单数量较多的单位为:住房和城乡建设局"),
                number(1468, indicator="handlings.total", unit_code="zjj"),
                Text("(同比上升"),
                number(Decimal("22.03"), "%", indicator="handlings.change_year_before", unit_code="zjj"),
                Text("),城市管理局"),
                number(1076, indicator="handlings.total", unit_code="cgj"),
                Text("。办理人员买买提·艾力、古丽巴哈尔·吐尔逊江等按口径核对全部工单,逐件登记在册。"),
            )
        ),
        Heading(2, "(一)", "诉求分类情况", "types"),
        Paragraph(
            tuple(
                run
                for name, count in TYPES
                for run in (
                    Text(name),
                    number(count, request_type=name),
                    Text("占比"),
                    number(share(count), "%", indicator="orders.share", request_type=name),
                    Text(";" if name != "其他" else "。"),
                )
            )
        ),
        TableBlock(
            id="t-types",
            caption="诉求分类情况",
            sheet="诉求分类",
            columns=(
                TableColumn(heading="诉求类型", width=2),
                TableColumn(heading="件数", align=Align.RIGHT, number_format="0"),
                TableColumn(heading="占比", align=Align.RIGHT, number_format="0.00"),
            ),
            rows=tuple(
                (
                    Text(name),
                    number(count, request_type=name),
                    number(share(count), "%", indicator="orders.share", request_type=name),
                )
                for name, count in TYPES
            ),
            total_rows=((Text("合计", strong=True), number(4567), number(Decimal("99.99"), "%")),),
            note="各项占比分别四舍五入,合计可能不等于100%。",
        ),
        ChartBlock(
            id="c-types",
            kind=ChartKind.DONUT,
            caption="诉求类型构成",
            sheet="诉求分类图",
            categories=tuple(name for name, _ in TYPES),
            series=(Series(name="件数", values=tuple(count for _, count in TYPES), indicator=TYPE),),
            unit="件",
            category_title="诉求类型",
            alt="七类诉求的件数,投诉最多,3751件。",
        ),
    )


def _topics() -> tuple[Block, ...]:
    blocks: list[Block] = [
        Heading(2, "(二)", "诉求热点", "topics"),
        Paragraph((Text("2025年4月1日至4月30日,群众反映投诉的热点、难点问题主要集中在:"),)),
        Heading(3, "1.", "各类诉求", "topics-each"),
    ]
    blocks += [
        Paragraph(
            (
                Text(f"{at}.{name}", strong=True),
                Text("("),
                number(count, topic=name),
                Text(",占比"),
                number(share(count), "%", indicator="orders.share", topic=name),
                Text(")。主要涉及物业管理390件、房屋建设226件、房产交易138件、拆迁改造21件。"),
            )
        )
        for at, (name, count) in enumerate(TOPICS, 1)
    ]
    return (
        *blocks,
        ChartBlock(
            id="c-topics",
            kind=ChartKind.BAR,
            caption="各类诉求件数",
            sheet="热点图",
            categories=tuple(name for name, _ in TOPICS),
            series=(Series(name="件数", values=tuple(count for _, count in TOPICS), indicator=TYPE),),
            unit="件",
            category_title="诉求大类",
            alt="十七类诉求的件数。",
        ),
        ChartBlock(
            id="c-heat",
            kind=ChartKind.HEATMAP,
            caption="各街道乡镇诉求热点分布",
            sheet="热点分布",
            categories=STREETS,
            series=tuple(
                Series(
                    name=name,
                    values=tuple(
                        None if (row + column) % 41 == 0 else count * (column * 7 % 11) // 60
                        for column in range(len(STREETS))
                    ),
                    indicator=TYPE,
                )
                for row, (name, count) in enumerate(TOPICS)
            ),
            unit="件",
            category_title="街道乡镇",
            alt="诉求大类与街道乡镇交叉的件数。",
        ),
    )


def _units() -> tuple[Block, ...]:
    many = tuple(f"{UNITS[at % len(UNITS)]}{at}" for at in range(45))
    return (
        Heading(1, "二、", "承办单位办理情况", "units"),
        Paragraph((Text("各单位办理量、同比变化与办结用时如下图。"),)),
        ChartBlock(
            id="c-units",
            kind=ChartKind.BAR,
            caption="各承办单位工单办理量",
            sheet="单位图",
            categories=many,
            series=(
                Series(
                    name="办理量",
                    values=tuple(1468 // (at + 1) for at in range(45)),
                    indicator="handlings.total",
                ),
            ),
            unit="件",
            category_title="承办单位",
            alt="四十五个单位的办理量。",
        ),
        ChartBlock(
            id="c-change",
            kind=ChartKind.DIVERGING_BAR,
            caption="主要承办单位办理量同比变化",
            sheet="同比图",
            categories=UNITS,
            series=(
                Series(
                    name="同比",
                    values=tuple(
                        Decimal(text)
                        for text in (
                            "22.03",
                            "63.03",
                            "7.99",
                            "-3.07",
                            "18.60",
                            "-41.5",
                            "0",
                            "-12.25",
                            "100.00",
                        )
                    ),
                    indicator="handlings.change_year_before",
                ),
            ),
            unit="%",
            category_title="承办单位",
            alt="九个单位的同比变化。",
        ),
        Paragraph((Text("每日工单量在工作日较高、周末较低,没有明显的异常高峰。" * 3),)),
        ChartBlock(
            id="c-days",
            kind=ChartKind.COLUMN,
            caption="每日转派工单量",
            sheet="每日",
            categories=tuple(f"{day}日" for day in range(1, 31)),
            series=(
                Series(
                    name="工单", values=tuple(100 + day * 37 % 91 for day in range(1, 31)), indicator=TYPE
                ),
            ),
            unit="件",
            category_title="日期",
            alt="四月每天的工单量。",
        ),
        ChartBlock(
            id="c-hours",
            kind=ChartKind.LINE,
            caption="分时段来电",
            sheet="时段",
            categories=tuple(f"{hour:02d}" for hour in range(24)),
            series=(
                Series(name="工作日", values=tuple(hour * 13 % 97 for hour in range(24)), indicator=TYPE),
                Series(name="休息日", values=(None, *(hour * 7 % 53 for hour in range(23))), indicator=TYPE),
            ),
            unit="件",
            category_title="时段",
            alt="工作日与休息日二十四小时的工单量。",
        ),
        ChartBlock(
            id="c-mail",
            kind=ChartKind.STACKED_BAR,
            caption="各单位来信数量、办结情况",
            sheet="信箱图",
            categories=UNITS,
            series=(
                Series(name="州长信箱", values=(41, 9, 5, 3, 0, 2, 1, 0, None), indicator="letters.received"),
                Series(name="市长信箱", values=(11, 2, 2, 1, 1, 0, 0, 3, 1), indicator="letters.received"),
            ),
            unit="件",
            category_title="承办单位",
            alt="各单位两个信箱的来信量。",
        ),
        Note(
            (
                Text("办理量"),
                number(5932, indicator="handlings.total"),
                Text("大于工单量,因一件工单可由多个单位办理。"),
            )
        ),
        TableBlock(
            id="t-empty",
            caption="退回工单",
            sheet="退回",
            columns=(TableColumn(heading="单位"), TableColumn(heading="件数", align=Align.RIGHT)),
            rows=(),
            note="本月没有退回工单。",
        ),
        Paragraph((Text("各承办单位应当按照规定时限签收、办理、答复,并如实上传办理过程材料。" * 60),)),
        Heading(1, "三、", "特殊文字", "nasty"),
        *(Paragraph((Text(text), Text(text, strong=True)), indent=False) for text in NASTY),
        TableBlock(
            id="t-nasty",
            caption=NASTY[6],
            sheet="文字[1]:*?/很长很长很长很长很长很长很长很长的名字",
            columns=(TableColumn(heading=NASTY[4]), TableColumn(heading="=1+1", width=2)),
            rows=tuple((Text(text), Text(text)) for text in NASTY),
        ),
    )


def _annexes() -> tuple[Annex, ...]:
    return (
        Annex(
            number=1,
            title="承办单位工单办理量",
            blocks=(
                TableBlock(
                    id="a-units",
                    caption="承办单位工单办理量",
                    sheet="附件1",
                    columns=(
                        TableColumn(heading="序号", align=Align.CENTRE, width=0.6),
                        TableColumn(heading="承办单位", width=3),
                        TableColumn(heading="办理量", align=Align.RIGHT),
                        TableColumn(heading="同比", align=Align.RIGHT),
                        TableColumn(heading="按期办结率", align=Align.RIGHT),
                    ),
                    rows=tuple(
                        (
                            Text(str(at + 1)),
                            Text(f"{UNITS[at % len(UNITS)]}第{at}分局"),
                            number(2000 - at * 31, indicator="handlings.total"),
                            number(
                                Decimal(at * 3 - 70) / 4 if at else None,
                                "%",
                                indicator="handlings.change_year_before",
                            ),
                            number(Decimal("98.76"), "%", indicator="handlings.on_time_close"),
                        )
                        for at in range(60)
                    ),
                    total_rows=(
                        (
                            Text(""),
                            Text("合计", strong=True),
                            number(5932),
                            number(None),
                            number(Decimal("99.36"), "%"),
                        ),
                    ),
                ),
            ),
        ),
        Annex(
            number=2,
            title="不满意工单",
            blocks=(
                Paragraph((Text("本月不满意工单"), number(1, indicator="orders.dissatisfied"), Text("。"))),
                TableBlock(
                    id="a-dissatisfied",
                    caption="不满意工单内容",
                    sheet="附件2",
                    columns=(
                        TableColumn(heading="工单编号", width=1.4),
                        TableColumn(heading="承办单位", width=1.3),
                        TableColumn(heading="诉求内容", width=4),
                    ),
                    rows=(
                        (
                            Text("202504180021"),
                            Text("住房和城乡建设局"),
                            Text(
                                "来电人反映小区供水管道反复破裂,多次报修后仍未彻底修复,要求更换主管道并说明工期。"
                                * 3
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )


def make_document(*, banner: str = "演示数据,非官方发布", annexes: bool = True) -> Document:
    return Document(
        title="昌吉市12345政务服务便民热线运行分析报告",
        subtitle="(4月1日-4月30日)",
        header=(
            ("索引号", "CJS044/2025-000234"),
            ("主题分类", ""),
            ("名称", "2025年昌吉市12345政务服务便民热线运行分析报告 (4月1日-4月30日)"),
            ("主题词", "2025 昌吉市 12345 政务服务 运行分析 分析报告 30"),
            ("文号", ""),
            ("发布日期", "2025-05-03 16:09:12"),
            ("发文单位", "行政审批局(数字化发展局)"),
            ("发布机构", "昌吉市政府网"),
        ),
        blocks=(*_opening(), *_topics(), *_units()),
        annexes=_annexes() if annexes else (),
        annex_note="" if annexes else "附件:略",
        banner=banner,
        edition=Edition.INTERNAL if annexes else Edition.PUBLIC,
        issued=datetime(2025, 5, 3, 16, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai")),
        first_day=date(2025, 4, 1),
        last_day=date(2025, 4, 30),
        language="zh-CN",
        keywords=("2025", "昌吉市", "12345", "政务服务"),
        author="行政审批局(数字化发展局)",
    )


@pytest.fixture(scope="session")
def document() -> Document:
    return make_document()


DEFINITIONS = {"orders.total": '转派工单:按转派时间计入本期 <口径> "一"', "orders.reopened": "重办工单"}


@pytest.fixture(scope="session")
def rendered(document: Document, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample in all four forms, by form."""
    paths = render_all(document, FORMATS, tmp_path_factory.mktemp("out"), "报告", definitions=DEFINITIONS)
    return dict(zip(FORMATS, paths, strict=True))


@pytest.fixture(scope="session")
def make() -> Callable[..., Document]:
    """Makes the sample anew, otherwise."""
    return make_document


@pytest.fixture(scope="session")
def told_figures(document: Document) -> list[str]:
    """Each figure of the paragraphs and notes with the words before it: label, number and unit in one string."""
    told = []
    for block in document.all_blocks():
        if isinstance(block, Paragraph | Note):
            before = ""
            for run in block.runs:
                words = plain([run])
                if isinstance(run, Figure):
                    told.append(before[-6:] + words)
                before = words
    return told


@pytest.fixture(scope="session")
def nasty() -> tuple[str, ...]:
    """Texts that mean something to a careless renderer."""
    return NASTY
