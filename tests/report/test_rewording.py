"""The body in an analyst's words: every figure stays what it was and where it was, or is left out."""

from dataclasses import replace
from datetime import datetime

import pytest
from hand_figures import APRIL, Numbers
from hypothesis import given
from hypothesis import strategies as st

from jieban.profile.city import Profile
from jieban.report.build import Edited, Report, build_report
from jieban.report.details import Details
from jieban.report.document import Edition, Figure, Heading, Note, Paragraph, Run, Text, plain
from jieban.report.rewording import (
    BadWording,
    Rewording,
    Sentence,
    check_words,
    reworded,
    sentences_of,
)
from jieban.report.sentences import tidy

TOTAL = Figure(text="120", unit="件", value=120, indicator="orders.total")
LATE = Figure(text="3", unit="件", value=3, indicator="handlings.late_sign")
CLOSED = Figure(text="3", unit="件", value=3, indicator="handlings.late_close")
RATE = Figure(text="98.50", unit="%", value=None, indicator="handlings.on_time_sign_rate")
BARE = Figure(text="7", unit="", value=7, indicator="mailboxes")
RUNS: tuple[Run, ...] = (
    *(Text("共收到", strong=True), TOTAL, Text("。", strong=True), Text("超期签收"), LATE),
    *(Text(",超期办结"), CLOSED, Text(",按期签收率"), RATE, Text(",信箱"), BARE, Text("个。")),
)
WORDS = st.text("督办按时限承办单位,。 〔〕x", min_size=1, max_size=8)


def sentence(*runs: Run) -> Sentence:
    (made,) = sentences_of("opening", "概况", [Paragraph(runs or RUNS)])
    return made


def said(text: str, *runs: Run) -> tuple[Run, ...]:
    """The paragraph in other words."""
    was = sentence(*runs).text
    (made,) = reworded(
        "opening", [Paragraph(runs or RUNS)], [Rewording(section="opening", was=was, text=text)]
    )
    assert isinstance(made, Paragraph)
    return made.runs


def test_figures_stand_in_brackets_and_those_printed_alike_are_numbered() -> None:
    made = sentence()
    assert (
        made.text
        == "共收到〔120件〕。超期签收〔3件①〕，超期办结〔3件②〕，按期签收率〔98.50%〕，信箱〔7〕个。"
    )
    assert made.figures == ("120件", "3件①", "3件②", "98.50%", "7")
    assert made.heading == "概况"


def test_words_change_and_figures_stay_bound() -> None:
    runs = said("本月共受理〔120件〕。办结超期的有〔3件②〕；签收率为〔98.50%〕。")
    assert runs == (
        *(Text("本月共受理", strong=True), TOTAL, Text("。", strong=True), Text("办结超期的有"), CLOSED),
        *(Text("；签收率为"), RATE, Text("。")),
    )
    assert said(sentence().text)[3:] == tuple(
        replace(run, text=run.text.replace(",", "，")) if isinstance(run, Text) else run for run in RUNS[3:]
    )


@given(st.lists(st.tuples(WORDS, st.sampled_from([TOTAL, LATE, CLOSED, RATE])), max_size=6), WORDS)
def test_what_is_typed_back_unchanged_says_the_same(parts: list[tuple[str, Figure]], end: str) -> None:
    runs = tidy([*(run for words, figure in parts for run in (Text(words), figure)), Text(end)])
    bound = said(sentence(*runs).text, *runs)
    assert plain(bound).replace("，", ",") == plain(runs).replace("，", ",")
    assert [run for run in bound if isinstance(run, Figure)] == [
        run for run in runs if isinstance(run, Figure)
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("共收到〔121件〕。", "不在这一段中"),
        ("共收到〔3件〕。", "不在这一段中"),
        ("超期〔3件②〕，共〔120件〕。", "换了位置"),
        ("共〔120件〕，又是〔120件〕。", "用了两次"),
        ("共收到1〔120件〕。", "紧挨着"),
        ("共收到1 〔120件〕。", "紧挨着"),
        ("共收到9，〔120件〕。", "紧挨着"),
        ("共收到三〔120件〕。", "紧挨着"),
        ("按期签收率-〔98.50%〕。", "紧挨着"),
        ("信箱〔7〕万个。", "紧挨着"),
        ("信箱〔7〕.5个。", "紧挨着"),
        ("信箱〔7〕%。", "紧挨着"),
        ("〔3件①〕〔3件②〕", "紧挨着"),
        ("共收到121件。", "不能自己写数字"),
        ("共收到１２１件，即〔120件〕。", "不能自己写数字"),
        ("签收率为99%。", "不能自己写数字"),
    ],
)
def test_an_altered_figure_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadWording, match=why):
        check_words(sentence(), text)


@pytest.mark.parametrize("text", ["", "无数字。", "请12345热线跟进，共〔120件〕。", "其一，〔3件①〕超期。"])
def test_words_that_say_no_other_figure_are_taken(text: str) -> None:
    assert "".join(check_words(sentence(), text)[::2]) == text.replace("〔120件〕", "").replace(
        "〔3件①〕", ""
    )


def test_numbers_and_brackets_of_the_words_themselves_stay() -> None:
    runs = (Text("按市府〔2024〕3号文,限3个工作日,共"), TOTAL, Text("。"))
    assert plain(said("依市府〔2024〕3号文，3个工作日内办理〔120件〕。", *runs)) == (
        "依市府〔2024〕3号文，3个工作日内办理120件。"
    )
    with pytest.raises(BadWording):
        said("依市府〔2025〕3号文，共〔120件〕。", *runs)


def report(numbers: Numbers, profile: Profile, edited: Edited | None = None) -> Report:
    tz = profile.clock.tz
    return build_report(
        numbers.complete().figures(),
        profile,
        APRIL,
        edition=Edition.PUBLIC,
        cutoff=datetime(2025, 5, 3, tzinfo=tz),
        issued=datetime(2025, 5, 3, tzinfo=tz),
        details=Details(),
        demo=False,
        edited=edited,
    )


def printed(made: Report) -> list[str]:
    return [plain(block.runs) for block in made.document.blocks if isinstance(block, Paragraph | Note)]


@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_a_report_has_the_other_words_and_nothing_else_changes(
    name: str, numbers: Numbers, request: pytest.FixtureRequest
) -> None:
    profile: Profile = request.getfixturevalue(name)
    numbers.count("orders.total", 110)
    first = report(numbers, profile)
    body = [one for one in first.sentences if one.figures]
    assert body
    texts = printed(first)
    for one in first.sentences:
        numbers_gone = one.text
        for figure in one.figures:
            numbers_gone = numbers_gone.replace(f"〔{figure}〕", figure.rstrip("①②③④⑤⑥⑦⑧⑨⑩"))
        assert numbers_gone in texts, "what is offered is what is printed"
    wanted = body[0]
    bare = wanted.figures[0].rstrip("①")
    other = Rewording(section=wanted.section, was=wanted.text, text=f"改写：〔{wanted.figures[0]}〕。")
    second = report(numbers, profile, Edited(text=first.draft, file="", sentences=(other,)))
    assert second.sentences == first.sentences
    assert f"改写：{bare}。" in printed(second)
    without = [Rewording(section=one.section, was=one.text, text="") for one in first.sentences]
    third = report(numbers, profile, Edited(text=first.draft, file="", sentences=tuple(without)))
    assert not set(printed(third)) & {one.text for one in first.sentences}
    assert len(printed(third)) < len(printed(first))
    assert wanted.heading in {block.text for block in first.document.blocks if isinstance(block, Heading)}
