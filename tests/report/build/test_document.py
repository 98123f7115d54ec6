"""The whole document: order, numbering, editions, and what no figures may do to its words."""

import random
import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hand_figures import APRIL, Numbers, city, halved
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_figures import random_details, random_numbers

from jieban.indicators.model import Window
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY, indicator, words
from jieban.profile.city import Profile
from jieban.profile.model import Stage
from jieban.report.build import Report, assemble, build_report
from jieban.report.details import Details, LateHandling
from jieban.report.document import (
    Block,
    ChartBlock,
    Document,
    Edition,
    Figure,
    Heading,
    Measure,
    Note,
    Paragraph,
    Run,
    TableBlock,
    plain,
)
from jieban.report.wording import REQUIRED_WORDING


def report(
    numbers: Numbers,
    profile: Profile,
    *,
    edition: Edition = Edition.INTERNAL,
    period: Period = APRIL,
    details: Details | None = None,
    demo: bool = True,
) -> Report:
    tz = profile.clock.tz
    return build_report(
        numbers.complete().figures(),
        profile,
        period,
        edition=edition,
        cutoff=datetime(2025, 5, 3, 16, tzinfo=tz),
        issued=datetime(2025, 5, 3, 16, 9, 12, tzinfo=tz),
        details=details or Details(),
        demo=demo,
    )


def april(numbers: Numbers) -> Numbers:
    """A month with something in every section."""
    numbers.parts("orders.total", "request_type", complaint=30, praise=10)
    numbers.parts("orders.total", "topic", housing=25, government=15)
    numbers.count("orders.total", 25, topic="housing", subtopic="property-management")
    numbers.count("orders.total", 9, topic="government", subtopic="praise")
    numbers.count("orders.total", 6, topic="government", subtopic="other")
    numbers.parts("orders.total", "street", sangong=10, jianguo_road=30)
    numbers.count("orders.total", 25, topic="housing", street="jianguo-road")
    numbers.parts("orders.total", "channel", phone=40)
    numbers.count("orders.total", 40, day="2025-04-02").count("orders.total", 40, hour="11")
    numbers.count("orders.total", 40, weekday="3")
    numbers.parts("handlings.total", "unit", housing=40, police=20)
    numbers.parts("handlings.total", "unit_group", municipal=60)
    numbers.level("handlings.per_order", "1.5")
    for unit, now, before in (("housing", 40, 30), ("police", 20, 30)):
        numbers.change("handlings.change_year_before", now, before, unit=unit)
        for name in ("sign_hours_median", "sign_hours_p90", "close_hours_median", "close_hours_p90"):
            numbers.level(f"handlings.{name}", "20", unit=unit)
    for stage in ("sign", "close"):
        numbers.rate(f"orders.on_time_{stage}", 40, 40).rate(f"handlings.on_time_{stage}", 58, 60)
        numbers.parts(f"handlings.late_{stage}", "unit", police=2)
        numbers.level(f"orders.{stage}_hours_median", "5").level(f"orders.{stage}_hours_p90", "9")
    numbers.parts("orders.dissatisfied", "unit", housing=1).rate("orders.satisfaction", 39, 40)
    numbers.change("orders.change_previous", 40, 50).change("orders.change_year_before", 40, 20)
    numbers.count("orders.called_back", 30).rate("orders.response", 29, 30)
    for name in ("received", "closed", "transferred"):
        numbers.parts(f"letters.{name}", "mailbox", governor=5).count(f"letters.{name}", 5)
    numbers.count("letters.answered", 0)
    numbers.count("letters.received", 5, mailbox="governor", topic="labour")
    numbers.count("letters.received", 5, mailbox="governor", topic="labour", subtopic="unpaid-wages")
    return numbers.count("letters.received", 5, unit="housing").count("letters.closed", 5, unit="housing")


def headings(document: Document, level: int) -> list[str]:
    return [
        halved(block.number + block.text)
        for block in document.blocks
        if isinstance(block, Heading) and block.level == level
    ]


def test_the_published_report_s_sections_stand_in_its_order(numbers: Numbers, changji: Profile) -> None:
    document = report(april(numbers), changji).document
    assert headings(document, 1) == [
        "一、12345政务服务便民热线",
        "二、信箱诉求办理情况",
        "三、工作建议",
        "四、统计口径",
        "五、数据校核",
    ]
    assert headings(document, 2)[:5] == [
        "(一)诉求分类情况",
        "(二)承办单位工单办理量",
        "(三)诉求热点",
        "(四)按期签收、办结和满意情况",
        "(五)派单时间分布",
    ]
    assert "(一)州长信箱" in headings(document, 2)


def test_title_days_and_publication_header(numbers: Numbers, changji: Profile) -> None:
    document = report(april(numbers), changji).document
    assert document.title == "昌吉市12345政务服务便民热线运行分析报告"
    assert halved(document.subtitle) == "(4月1日-4月30日)"
    assert {name: halved(value) for name, value in document.header} == {
        "索引号": "CJS044/2025-000234",
        "名称": "2025年昌吉市12345政务服务便民热线运行分析报告(4月1日-4月30日)",
        "主题词": "2025 昌吉市 12345 政务服务 运行分析 分析报告 30",
        "文号": "",
        "发文单位": "行政审批局(数字化发展局)",
        "发布日期": "2025-05-03 16:09:12",
        "发布机构": "昌吉市政府网",
    }
    assert document.banner == "演示数据\uff0c非官方发布"
    assert report(numbers, changji, demo=False).document.banner == ""


def test_a_month_that_was_never_published_has_no_index_number(numbers: Numbers, changji: Profile) -> None:
    document = report(april(numbers), changji, period=Period.month(2025, 5)).document
    assert dict(document.header)["索引号"] == ""


def test_the_public_edition_points_to_annexes_that_it_leaves_out(numbers: Numbers, changji: Profile) -> None:
    public = report(april(numbers), changji, edition=Edition.PUBLIC).document
    assert public.annexes == ()
    assert public.annex_note == "附件\uff1a略"
    assert "各单位办理量详见附件1。" in texts(public)
    internal = report(numbers, changji).document
    assert [(annex.number, annex.title) for annex in internal.annexes] == [(1, "承办单位工单办理量")]
    assert halved(internal.annex_note) == "附件:1.承办单位工单办理量"


def test_a_report_without_annexes_has_no_note(numbers: Numbers, changji: Profile) -> None:
    document = report(numbers.count("orders.total", 0), changji, edition=Edition.PUBLIC).document
    assert document.annex_note == ""
    assert "附件" not in texts(document)


def test_checks_are_a_table_internally_and_a_short_list_in_public(numbers: Numbers, changji: Profile) -> None:
    internal = report(april(numbers), changji).document
    assert any(isinstance(block, TableBlock) and block.id == "checks" for block in internal.blocks)
    public = report(numbers, changji, edition=Edition.PUBLIC).document
    assert not any(isinstance(block, TableBlock) and block.id == "checks" for block in public.blocks)
    assert "【注意】已发布报告中的转派工单:印为" in texts(public)
    assert "本报告生成时共校核" in texts(public)


def test_the_public_edition_defines_what_its_sentences_print(numbers: Numbers, changji: Profile) -> None:
    def defined(edition: Edition) -> set[str]:
        document = report(april(numbers), changji, edition=edition).document
        block = next(b for b in document.blocks if isinstance(b, TableBlock) and b.id == "definitions")
        return {plain([row[0]]) for row in block.rows}

    public, internal = defined(Edition.PUBLIC), defined(Edition.INTERNAL)
    assert {"转派工单", "承办量", "满意率", "转派工单环比"} <= public < internal
    assert "承办办结用时第90百分位数" in internal - public


def numbers_of(cell: str) -> list[int]:
    """The numbers of a list such as 1、3至5."""
    spans = [[int(number) for number in part.split("至")] for part in cell.split("、") if part]
    return [number for span in spans for number in range(span[0], span[-1] + 1)]


def test_each_definition_is_whole_in_what_it_says_and_the_rules_it_names(
    numbers: Numbers, changji: Profile
) -> None:
    for edition in Edition:
        document = report(april(numbers), changji, edition=edition).document
        tables = {
            block.id: [[halved(plain([cell])) for cell in row] for row in block.rows]
            for block in document.blocks
            if isinstance(block, TableBlock)
        }
        meanings = {short: long.removesuffix("。") for short, long in tables["rules"]}
        terms = {short: long for short, long in meanings.items() if not short.isdigit()}
        labels = [declared.label for declared in REGISTRY.values()]
        assert len(labels) == len(set(labels))
        for label, text in tables["definitions"]:
            own, _, named = text.partition("适用规则")
            (declared,) = (declared for declared in REGISTRY.values() if declared.label == label)
            declared = indicator(declared.id, changji)
            said = ";".join(
                [own.removesuffix("。"), *(meanings[str(n)] for n in numbers_of(named.removesuffix("。")))]
            )
            # A term can be the beginning of another word (本期承办量): it is written out on both sides.
            whole = halved(declared.definition)
            for short, long in terms.items():
                said, whole = said.replace(short, long), whole.replace(short, long)
            assert sorted(words.clauses(said)) == sorted(words.clauses(whole))
            assert len(own) < len(declared.definition)


def test_several_annexes_are_named_on_a_line_each(numbers: Numbers, changji: Profile) -> None:
    due = datetime(2025, 4, 10, 19, 30, tzinfo=changji.clock.tz)
    late = LateHandling(
        handling_no="1-1",
        order_no="1",
        unit="finance",
        stage=Stage.CLOSE,
        deadline=due,
        actual=due + timedelta(hours=3),
        over=timedelta(hours=3),
    )
    details = Details(late=(late,))
    lines = report(april(numbers), changji, details=details).document.annex_note.split("\n")
    assert halved(lines[0]) == "附件:1.承办单位工单办理量"
    assert len(lines) > 1
    for number, line in enumerate(lines[1:], start=2):
        assert line.startswith(f"\u3000\u3000\u3000{number}.")


def test_another_city_has_its_own_sections_and_no_others(numbers: Numbers, yunting: Profile) -> None:
    numbers.parts("orders.total", "topic", home=4, way=5).parts("handlings.total", "unit", sands=9)
    numbers.parts("handlings.total", "unit_group", town=9).parts("handlings.late_sign", "unit", sands=1)
    document = report(numbers, yunting).document
    assert headings(document, 1) == [
        "一、总体情况",
        "二、大家关心的事",
        "三、承办情况",
        "四、几点建议",
        "五、怎么数的",
        "六、数据校核",
    ]
    assert document.title == "云汀区12345热线运行分析报告"
    assert "信箱" not in "".join(headings(document, 1) + headings(document, 2))
    public = report(numbers, yunting, edition=Edition.PUBLIC).document
    assert "六、数据校核" not in headings(public, 1)


def test_a_heading_with_nothing_under_it_is_left_out_and_not_counted(
    numbers: Numbers, changji: Profile
) -> None:
    numbers.count("orders.total", 0).parts("letters.received", "mailbox", governor=1)
    document = report(numbers, changji).document
    assert headings(document, 1)[1] == "二、信箱诉求办理情况"
    assert "诉求分类情况" not in texts(document)
    assert "承办单位工单办理量" not in texts(document)


def test_a_document_is_made_again_the_same(numbers: Numbers, changji: Profile) -> None:
    assert report(april(numbers), changji) == report(numbers, changji)


def test_every_phrase_of_the_wording_is_said_somewhere() -> None:
    """A phrase that nothing says would be kept up for nobody."""
    room = Path(assemble.__file__).parent.parent
    source = "".join(
        path.read_text(encoding="utf-8") for path in sorted(room.rglob("*.py")) if "wording" not in path.parts
    )
    by_name = {"table", "chart", "col", "series", "dimension", "period", "change", "label", "base", "weekday"}
    by_name |= {"result", "late", "dissatisfied"}
    made = re.compile(r'"([a-z_.]+)\{[^"]*\}([a-z_.]*)"')
    patterns = [re.compile(re.escape(start) + r".+" + re.escape(end)) for start, end in made.findall(source)]
    for key in REQUIRED_WORDING:
        said = f'"{key}"' in source or key.partition(".")[0] in by_name
        assert said or any(pattern.fullmatch(key) for pattern in patterns), key


def runs_of(block: Block) -> list[Run]:
    match block:
        case Paragraph() | Note():
            return list(block.runs)
        case TableBlock():
            return [run for row in (*block.rows, *block.total_rows) for run in row]
        case _:
            return []


def words_of(block: Block) -> list[str]:
    match block:
        case Heading():
            return [block.number + block.text]
        case TableBlock():
            cells = [plain([run]) for run in runs_of(block)]
            return [block.caption, block.sheet, block.note, *(col.heading for col in block.columns), *cells]
        case ChartBlock():
            names = [series.name for series in block.series]
            return [block.caption, block.sheet, block.alt, block.category_title, *block.categories, *names]
        case _:
            return [plain(block.runs)]


HALF = re.compile("[\u3002\u3001\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u3002\u3001\u4e00-\u9fff]")
"""A half-width mark beside Chinese."""


def texts(document: Document) -> str:
    return halved(printed(document))


def printed(document: Document) -> str:
    words = [document.title, document.subtitle, document.annex_note, document.banner]
    words += [value for pair in document.header for value in pair]
    return "\n".join([*words, *(text for block in document.all_blocks() for text in words_of(block))])


NEVER = (
    "None",
    "{",
    "}",
    ",,",
    ",。",
    "。。",
    "()",
    "()",
    "、。",
    ":。",
    ";。",
    ",;",
    ";;",
    "、、",
    "。,",
    ":,",
    "、;",
    ",、",
    "(,",
    ":;",
    "nan",
    "E+",
    "E-",
)
# Dates, hours of the day, list numerals, annex numbers, the hotline's own number, names with digits.
NUMERALS = re.compile(
    r"\d+年\d+月\d+日|\d+月\d+日|\d+日\d+:\d+|\d+年|^\d+日$|\d+时|^\d+\.|附件\d+|12345|110转办|\d\d:\d\d|第90百分位数"
)


def loose_digits(run: Run, block: Block) -> str:
    """The digits of a text that are neither a date nor one of the figures that it quotes."""
    if isinstance(run, Figure) or (isinstance(block, TableBlock) and block.id in FREE):
        return ""
    text = run.text
    for figure in run.figures:
        text = text.replace(figure.text + figure.unit, "", 1)
    return "".join(re.findall(r"\d+", NUMERALS.sub("", text)))


FREE = {"rules", "definitions", "late_sign", "late_close", "dissatisfied"}
"""Tables of 口径 (formulas), of order numbers and instants, and of citizens' own words."""


@given(seed=st.integers(0, 2**32), public=st.booleans())
@example(seed=0, public=False)  # no handling at all
@settings(max_examples=60)
def test_no_figures_break_a_sentence_and_no_number_is_plain_text(seed: int, public: bool) -> None:
    rng = random.Random(seed)  # noqa: S311 - made-up figures
    for profile in (city("changji"), city("yunting")):
        numbers, details = random_numbers(profile, rng), random_details(rng)
        edition = Edition.PUBLIC if public else Edition.INTERNAL
        made = report(numbers, profile, edition=edition, details=details)
        said = texts(made.document)
        assert not HALF.findall(printed(made.document))
        for wrong in NEVER:
            assert wrong not in said, (wrong, [line for line in said.split("\n") if wrong in line])
        for block in made.document.all_blocks():
            for run in runs_of(block):
                assert not loose_digits(run, block), (run, loose_digits(run, block))
            if isinstance(block, Paragraph):
                text = halved(plain(block.runs))
                assert text[0] not in ",。;:、)"
                assert text[-1] in "。:"
            if isinstance(block, Note):
                assert plain(block.runs).endswith("。")
        for check in made.checks:
            for wrong in NEVER:
                assert wrong not in halved(check.title + plain((*check.detail, *check.explanation)))


@given(seed=st.integers(0, 2**32))
@settings(max_examples=10)
def test_figures_print_what_was_computed(seed: int) -> None:
    numbers = random_numbers(city("changji"), random.Random(seed))  # noqa: S311 - made-up figures
    figures = numbers.complete().figures()
    document = report(numbers, city("changji")).document
    seen = 0
    for block in document.all_blocks():
        for run in runs_of(block):
            if (
                not isinstance(run, Figure)
                or run.measure is not Measure.VALUE
                or run.indicator not in REGISTRY
            ):
                continue
            if run.cut and run.cut[0][0] == "handling":
                continue
            assert run.value == figures.get(run.indicator, Window(run.window), **dict(run.cut)).value
            assert Decimal(run.text) == (run.value if run.text.startswith("-") else abs(run.value or 0))
            seen += 1
    assert seen
