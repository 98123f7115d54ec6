import pytest

from jieban.kernel.i18n import language, later, later_in, tr, tr_in, tr_later


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en", "LC_ALL": ""}, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides_the_language(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


def test_a_message_without_a_translation_is_said_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert tr("没有译文的一句:{n}", n=3) == "没有译文的一句:3"


def test_chinese_comes_with_full_width_punctuation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert tr("读入 {n} 行,请核对(见下)。", n=3) == "读入 3 行\uff0c请核对\uff08见下\uff09。"


def test_a_marked_message_keeps_its_words_until_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = later("已有一件,请核对")
    assert marked == "已有一件,请核对"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert tr_later(marked) == tr("已有一件,请核对") == "已有一件\uff0c请核对"


def test_a_mark_between_two_places_is_the_sentences_and_what_is_filled_in_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert (
        tr("{file}:{kind},{n} 张工作表", file="a(1).xlsx", kind="xlsx", n=2) == "a(1).xlsx：xlsx，2 张工作表"
    )


def test_a_mark_that_ends_a_sentence_behind_a_place_is_the_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert tr("是否想写:{words}?", words="a?") == "是否想写：a?？"
    assert tr("{name}:", name="主办:") == "主办:："


@pytest.mark.parametrize(("n", "said"), [(0, "0 sheets"), (1, "1 sheet"), (2, "2 sheets"), (21, "21 sheets")])
def test_a_count_brings_its_form(n: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert tr("{file}:{kind},{n} 张工作表", file="a|b.xlsx", kind="xlsx", n=n) == f"a|b.xlsx: xlsx, {said}"


def test_counts_of_one_sentence_have_each_their_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert (
        tr("已核对 {rows} 件证据、{files} 个文件。", rows=2, files=1)
        == "Verified 2 pieces of evidence in 1 file."
    )
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert tr("已核对 {rows} 件证据、{files} 个文件。", rows=2, files=1) == "已核对 2 件证据、1 个文件。"


def test_a_word_reads_as_what_it_stands_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert (tr("派单"), tr_in("time", "派单")) == ("Dispatch", "Dispatched")
    assert (tr("结案"), tr_later(later_in("time", "结案"))) == ("Close the case", "Concluded")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert tr_in("time", "派单") == tr("派单") == tr_later(later_in("time", "派单")) == "派单"
