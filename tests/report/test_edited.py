"""The words of a report as a file: what is written is read back, and a file that is none is refused by name."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hand_figures import APRIL, Numbers
from hypothesis import given
from hypothesis import strategies as st

from jieban.indicators.period import Period
from jieban.profile.city import Profile
from jieban.report.build import Report, build_report
from jieban.report.checks.model import Check, Result
from jieban.report.details import Details
from jieban.report.document import Edition, Note, Paragraph, TableBlock, plain
from jieban.report.edited import MOST_BYTES, Edited, read_wording, write_wording
from jieban.report.rewording import BadWording, Rewording, Sentence

SENTENCES = (
    Sentence(section="opening", heading="概况", text="共〔120件〕，超期〔3件〕。", figures=("120件", "3件")),
    Sentence(section="opening", heading="概况", text="没有数字。", figures=()),
    Sentence(section="late", heading="超期", text="按期率〔98%〕。", figures=("98%",)),
)
WORDS = st.text("甲乙，。〔〕\"'\\\x7f\t =[]#{}", max_size=20).map(lambda text: " ".join(text.split()))
LINES = st.text("甲乙，。\"'\\\x7f\t\n\x00=[]#", max_size=40)


def read(place: Path, text: str, city: str = "changji", period: Period = APRIL) -> Edited:
    file = place / "words.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    return read_wording(file, city, period)


@given(
    texts=st.tuples(WORDS, WORDS, WORDS),
    by=WORDS,
    advice=st.none() | LINES,
    writer=WORDS,
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    texts: tuple[str, str, str],
    by: str,
    advice: str | None,
    writer: str,
) -> None:
    changed = tuple(
        Rewording(section=one.section, was=one.text, text=text, by=by)
        for one, text in zip(SENTENCES, texts, strict=True)
        if text != one.text
    )
    edited = Edited(text=advice, file="", sentences=changed, by=writer if advice is not None else "")
    place = tmp_path_factory.mktemp("words")
    again = read(place, write_wording("changji", APRIL, SENTENCES, edited))
    assert replace(again, file="") == edited
    written = write_wording("changji", APRIL, SENTENCES, again)
    assert written == write_wording("changji", APRIL, SENTENCES, edited)


def test_words_that_nobody_changed_are_none(tmp_path: Path) -> None:
    again = read(tmp_path, write_wording("changji", APRIL, SENTENCES, None))
    assert (again.text, again.sentences) == (None, ())


GOOD = write_wording("changji", APRIL, SENTENCES, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "没有报告的段落"),
        ("city = 'changji'", "没有报告的段落"),
        ("paragraph = 3", "没有报告的段落"),
        ("paragraph = []", "没有报告的段落"),
        ("PK\x03\x04", "第 1 列|第 2 列|第 3 列"),
        (GOOD.replace("[[paragraph]]", "[[paragraf]]"), "paragraf"),
        (GOOD.replace("heading =", "title ="), "第 1 段有不认识的键：title"),
        (GOOD.replace('was = "没有数字。"\n', ""), "第 2 段缺少 was"),
        (GOOD.replace('text = "没有数字。"', "text = 3"), "第 2 段写法不对"),
        (GOOD.replace('text = "没有数字。"', 'text = "没有数字。'), "第 17 行|第 18 行|第 19 行"),
        (GOOD + GOOD[GOOD.index("[[paragraph]]") :], "第 4 段和前面的重复"),
        (GOOD.replace("2025-04", "2025-03"), "这是 changji 2025-03 的报告文字"),
        (GOOD.replace('"changji"', '"yunting"'), "这是 yunting 2025-04 的报告文字"),
        (GOOD.replace('"changji"', "3"), "city 写法不对"),
        ("#" * (MOST_BYTES + 1), "文件太大"),
        (GOOD.replace("没有数字", "\ud800"), "不是 UTF-8"),
    ],
)
def test_a_file_that_can_not_be_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(BadWording, match=why) as refused:
        read(tmp_path, text)
    assert "words.toml" in str(refused.value)
    assert refused.value.fix


def made(
    numbers: Numbers, profile: Profile, edition: Edition, edited: Edited | None = None, note: str = ""
) -> Report:
    moment = datetime(2025, 5, 3, tzinfo=profile.clock.tz)
    return build_report(
        numbers.complete().figures(),
        profile,
        APRIL,
        edition=edition,
        cutoff=moment,
        issued=moment,
        details=Details(),
        demo=False,
        edited=edited,
        note=note,
    )


def of_words(report: Report) -> dict[str, Check]:
    return {each.id.partition(".")[2]: each for each in report.checks if each.id.startswith("words.")}


def all_words(report: Report) -> str:
    blocks = report.document.blocks
    said = [plain(each.runs) for each in blocks if isinstance(each, Paragraph | Note)]
    for each in blocks:
        if isinstance(each, TableBlock):
            said += [run.text for row in each.rows for run in row]
    return "\n".join(said)


@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_checks_tell_what_was_reworded_and_by_whom(
    name: str, numbers: Numbers, request: pytest.FixtureRequest
) -> None:
    profile: Profile = request.getfixturevalue(name)
    numbers.count("orders.total", 110).rate("orders.on_time_sign", 100, 110)
    types = iter(profile.request_types)
    numbers.count("orders.total", 60, request_type=next(types))
    numbers.count("orders.total", 50, request_type=next(types))
    first = made(numbers, profile, Edition.INTERNAL)
    assert of_words(first) == {}
    one = next(each for each in first.sentences if len(each.figures) > 1)
    other = next(each for each in first.sentences if each.figures and each != one)
    kept = one.figures[0]
    edited = Edited(
        text="## 其他\n\n请各单位加强值班。\n",
        file="",
        sentences=(
            Rewording(section=one.section, was=one.text, text=f"共〔{kept}〕。", by="陈晨"),
            Rewording(section=other.section, was=other.text, text="", by="周静"),
        ),
        by="陈晨",
    )
    second = made(numbers, profile, Edition.INTERNAL, edited)
    checks = of_words(second)
    gone = len(one.figures) - 1 + len(other.figures)
    body = checks["body"]
    assert body.result is Result.NOTE
    assert plain(body.detail) == f"改写1段，整段不写1段，共删去数字{gone}个。"
    told = plain(body.explanation)
    assert f"改写并删去数字{len(one.figures) - 1}个（陈晨）" in told
    assert "不写（周静）" in told
    assert one.heading in told
    assert plain(checks["advice"].detail) == "另加1条，由陈晨修改。"
    assert checks["persons"].result is Result.OK
    assert "陈晨" in all_words(second)

    public = made(numbers, profile, Edition.PUBLIC, edited)
    assert of_words(public).keys() == checks.keys()
    for name_ in ("陈晨", "周静", "改写"):
        assert name_ not in all_words(public), "who wrote it is not for the readers"


def test_a_recommendation_in_other_words_is_not_told_as_left_out(numbers: Numbers, changji: Profile) -> None:
    numbers.count("orders.total", 110).rate("orders.satisfaction", 30, 40).rate("orders.response", 30, 40)
    numbers.rate("orders.resolution", 30, 40)
    first = made(numbers, changji, Edition.INTERNAL)
    one, other, *rest = (line for line in first.draft.splitlines() if "](" in line)
    assert rest

    def detail(*lines: str) -> str:
        edited = Edited(text="\n\n".join(("## 其他", *lines)), file="", sentences=(), by="陈晨")
        return plain(of_words(made(numbers, changji, Edition.INTERNAL, edited))["advice"].detail)

    n = len(rest)
    assert detail(one, other, *rest) == f"与系统所拟相同{n + 2}条，由陈晨修改。"
    figure = one[one.index("[") : one.index(")") + 1]
    assert detail(f"只有{figure}。", other, *rest) == f"与系统所拟相同{n + 1}条，改写1条，由陈晨修改。", (
        "by its figure"
    )
    bare = re.sub(r"\[[^]]*\]\([^)]*\)", "", one)
    assert detail(bare, other, *rest) == f"与系统所拟相同{n + 1}条，改写1条，由陈晨修改。", "by its words"
    assert (
        detail("请加强值班。", f"只有{figure}。", *rest)
        == f"与系统所拟相同{n}条，改写1条，另加1条，所拟未写入1条，由陈晨修改。"
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("请回电13800001234。", "138****1234"),
        ("市民王建国反映停水。", "王**"),
        ("张女士等来电较多。", "张**"),
        ("来电人李梅多次反映。", "李**"),
        ("买买提·艾力反映停水。", "买*****"),
        ("联系人：李梅。", "李**"),
        ("发到 zhang@example.com。", "***@***"),
    ],
)
def test_words_that_lead_to_a_person_are_warned_of_and_not_repeated(
    words: str, found: str, numbers: Numbers, changji: Profile
) -> None:
    first = made(numbers, changji, Edition.PUBLIC)
    one = first.sentences[0]
    body = Edited(text=None, file="", sentences=(Rewording(section=one.section, was=one.text, text=words),))
    advice = Edited(text=f"## 其他\n\n{words}\n", file="")
    for edited, note in ((body, ""), (advice, ""), (None, words)):
        check = of_words(made(numbers, changji, Edition.PUBLIC, edited, note))["persons"]
        assert check.result is Result.WARNING
        assert found in plain(check.detail)
        assert words[2:6] not in plain(check.detail)
        assert "疑有" not in all_words(made(numbers, changji, Edition.PUBLIC, edited, note))


def test_official_words_name_nobody(numbers: Numbers, changji: Profile) -> None:
    """What the rules say by themselves, and what an office writes, is nobody's name."""
    first = made(numbers, changji, Edition.INTERNAL)
    advice = "请各单位负责人关注市民高度关心的供热问题，群众任务台账由12345热线于2025年5月31日前汇总，共3个工作日。"
    edited = Edited(
        text=f"{first.draft}\n## 其他\n\n{advice}\n",
        file="",
        sentences=tuple(
            Rewording(section=one.section, was=one.text, text=f"其中：{one.text}") for one in first.sentences
        ),
    )
    check = of_words(made(numbers, changji, Edition.INTERNAL, edited))["persons"]
    assert check.result is Result.OK, plain(check.detail)
