"""The draft of the recommendations: written, edited, read back with its figures checked."""

from datetime import datetime

import pytest
from hand_figures import APRIL, MakeContext, Numbers, halved

from jieban.profile.city import Profile
from jieban.report.build import Edited, Report, build_report
from jieban.report.details import Details
from jieban.report.document import Edition, Figure, Heading, Measure, Paragraph, Text, plain
from jieban.report.recommend.draft import BadDraft, read_draft, write_draft
from jieban.report.recommend.model import Advice
from jieban.report.recommend.rules import advise

LATE = Figure(text="36", unit="件", value=36, indicator="handlings.late_sign")
SHARE = Figure(
    text="41.67",
    unit="%",
    value=None,
    indicator="handlings.late_sign",
    cut=(("unit", "human-resources"),),
    measure=Measure.SHARE,
)


def test_what_is_written_reads_back_the_same(numbers: Numbers, make_context: MakeContext) -> None:
    numbers.parts("handlings.late_sign", "unit", finance=9, housing=3)
    numbers.parts("handlings.late_close", "unit", finance=9)
    numbers.count("orders.total", 110).change("orders.change_year_before", 110, 100)
    ctx = make_context(numbers)
    advice = advise(ctx)
    assert len(advice) > 3
    text = write_draft(ctx, advice)
    figures = [run for one in advice for run in one.runs if isinstance(run, Figure)]
    assert read_draft(text, figures) == tuple(
        Advice(rule="", theme=one.theme, runs=one.runs) for one in advice
    )


def test_an_analyst_may_rewrite_reorder_and_add(numbers: Numbers, make_context: MakeContext) -> None:
    del numbers, make_context
    text = (
        "\ufeff## 督促\r\n\r\n请各单位\r\n重视[36件](handlings.late_sign)超期。\r\n\r\n"
        "<!-- 不印\n## 这也不印 -->另起一段,3个工作日内答复。\r\n## 其他\r\n占[41.67%]"
        "(handlings.late_sign?unit=human-resources&@measure=share)。\r\n"
    )
    assert read_draft(text, [LATE, SHARE]) == (
        Advice(rule="", theme="督促", runs=(Text("请各单位重视"), LATE, Text("超期。"))),
        Advice(rule="", theme="督促", runs=(Text("另起一段,3个工作日内答复。"),)),
        Advice(rule="", theme="其他", runs=(Text("占"), SHARE, Text("。"))),
    )


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("## 甲\n\n共[35件](handlings.late_sign)。", "“35件”现在应为“36件”", 3),
        ("## 甲\n共[3件](handlings.late_clse)。", "不在本期报告中", 2),
        ("先有文字\n## 甲\n", "第一个方面之前", 1),
    ],
)
def test_what_is_no_longer_so_is_refused_with_its_line(text: str, what: str, line: int) -> None:
    with pytest.raises(BadDraft, match=what) as refused:
        read_draft(text, [LATE], file="建议.md")
    assert refused.value.where is not None
    assert (refused.value.where.file, refused.value.where.line) == ("建议.md", line)


def test_an_empty_draft_is_no_advice() -> None:
    assert read_draft("<!-- 无 -->\n\n", [LATE]) == ()


def report(numbers: Numbers, profile: Profile, edited: Edited | None = None) -> Report:
    tz = profile.clock.tz
    return build_report(
        numbers.complete().figures(),
        profile,
        APRIL,
        edition=Edition.PUBLIC,
        cutoff=datetime(2025, 5, 3, 16, tzinfo=tz),
        issued=datetime(2025, 5, 3, 16, tzinfo=tz),
        details=Details(),
        demo=False,
        edited=edited,
    )


def test_an_edited_draft_takes_the_place_of_the_rules_advice(numbers: Numbers, changji: Profile) -> None:
    numbers.parts("handlings.late_sign", "unit", finance=9).count("orders.total", 12)
    first = report(numbers, changji)
    assert "## 压实办理时效责任" in first.draft
    assert "[9件](handlings.late_sign?unit=finance)" in first.draft
    edited = Edited(
        text="## 一件要紧事\n\n[12件](orders.total)都要办好,其中[9件](handlings.late_sign)签收晚了。",
        file="x",
    )
    blocks = report(numbers, changji, edited).document.blocks
    at = next(i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.id == "recommendations")
    theme, advice = blocks[at + 1], blocks[at + 2]
    assert isinstance(theme, Heading)
    assert halved(theme.number + theme.text) == "(一)一件要紧事"
    assert isinstance(advice, Paragraph)
    assert halved(plain(advice.runs)) == "12件都要办好,其中9件签收晚了。"
    assert [run.value for run in advice.runs if isinstance(run, Figure)] == [12, 9]


def test_an_edited_draft_is_checked_against_the_figures_of_now(numbers: Numbers, changji: Profile) -> None:
    numbers.count("orders.total", 12)
    draft = Edited(text="## 甲\n\n[12件](orders.total)。", file="建议.md")
    report(numbers, changji, draft)
    with pytest.raises(BadDraft, match="现在应为“13件”"):
        report(numbers.count("orders.total", 13), changji, draft)


def test_without_any_advice_the_section_says_so(numbers: Numbers, changji: Profile) -> None:
    made = report(numbers.count("orders.total", 0), changji)
    assert "没有需要专门提出的建议。" in "".join(
        plain(block.runs) for block in made.document.blocks if isinstance(block, Paragraph)
    )
