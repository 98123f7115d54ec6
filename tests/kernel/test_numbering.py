"""Order numbers: one order, one number; read out, typed in, and refused with the reason."""

import pickle
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.numbering import BadNumber, BadPattern, NumberPattern

PATTERNS = (
    "{yy}{mm}{dd}{serial:4}{check}",
    "{yyyy}-{mm}{dd}-{serial:3}{check}",
    "YT{yy}{serial:6}{check}",
    "{serial:5}{yy}{check}",
    "{serial:9}-{check}",
    "{mm}A{serial:4}B-{dd}C{check}",
)
DAILY = NumberPattern.parse(PATTERNS[0])
APRIL = date(2025, 4, 12)

patterns = st.sampled_from([NumberPattern.parse(text) for text in PATTERNS])
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
serials = st.one_of(st.integers(1, 999_999), st.sampled_from([1, 999, 1_000, 9_999, 10_000, 99_999, 100_000]))


def test_a_number_is_the_day_the_serial_and_the_check_digit() -> None:
    number = DAILY.make(APRIL, 7)
    assert number[:-1] == "2504120007"
    assert len(number) == 11
    assert DAILY.scope(APRIL) == "250412"
    assert NumberPattern.parse("YT{yy}-{serial:3}{check}").scope(APRIL) == "YT25-"
    assert NumberPattern.parse("{serial:3}{yy}{check}").scope(APRIL) == ""


def test_the_check_digit_is_over_the_digits_before_it_worked_out_by_hand() -> None:
    # 0 → 5: row 0 gives 9; → 7: row 9 gives 7; → 2: row 7 gives 4. Zeros before change nothing.
    assert NumberPattern.parse("{serial:5}{check}").make(APRIL, 572) == "005724"
    assert NumberPattern.parse("A{serial:5}-B{check}").make(APRIL, 572) == "A00572-B4"


@given(patterns, days, serials)
def test_what_is_made_holds_and_is_read_back(pattern: NumberPattern, day: date, serial: int) -> None:
    number = pattern.make(day, serial)
    assert pattern.holds(number)
    assert pattern.read(number) == number
    assert pattern.read(pattern.spoken(number)) == number
    wide = "".join(chr(ord(mark) + 0xFEE0) for mark in number.lower())
    assert pattern.read(f" {wide}　") == number
    assert pattern.read("–".join(number)) == number


@given(patterns, st.lists(st.tuples(days, serials), min_size=2, max_size=30))
def test_numbers_are_equal_only_for_one_serial_of_one_scope(
    pattern: NumberPattern, orders: list[tuple[date, int]]
) -> None:
    given_out: dict[str, tuple[str, int]] = {}
    for day, serial in orders:
        counted = (pattern.scope(day), serial)
        if counted in given_out.values():
            continue  # the same serial of the same scope is never given out again
        number = pattern.make(day, serial)
        assert number not in given_out
        given_out[number] = counted


def test_a_serial_that_outgrows_its_width_stays_apart_from_all_others() -> None:
    pattern = NumberPattern.parse("{dd}{serial:3}{check}")
    made = [pattern.make(APRIL + timedelta(days=d), n) for d in range(3) for n in range(1, 20_001)]
    assert len(set(made)) == len(made)
    assert {len(number) for number in made} == {6, 7, 8}
    assert all(map(pattern.holds, made))
    assert pattern.holds(pattern.make(APRIL, 999_999))
    with pytest.raises(BadPattern, match="用完"):
        pattern.make(APRIL, 1_000_000)


@given(patterns, days, serials, st.data())
def test_a_wrong_digit_or_a_swap_never_holds(
    pattern: NumberPattern, day: date, serial: int, data: st.DataObject
) -> None:
    number = pattern.make(day, serial)
    places = [i for i, mark in enumerate(number) if mark.isdigit()]
    at = data.draw(st.sampled_from(places))
    wrong = number[:at] + data.draw(st.sampled_from("0123456789")) + number[at + 1 :]
    assert pattern.holds(wrong) == (wrong == number)
    here, there = data.draw(st.sampled_from(list(pairwise(places))))
    marks = list(number)
    marks[here], marks[there] = marks[there], marks[here]
    assert pattern.holds("".join(marks)) == ("".join(marks) == number)


@given(patterns, st.text(max_size=20))
def test_reading_gives_a_number_that_holds_or_refuses(pattern: NumberPattern, text: str) -> None:
    try:
        number = pattern.read(text)
    except BadNumber:
        return
    assert pattern.holds(number)


@given(patterns, st.from_regex(r"[0-9A-C-]{0,18}", fullmatch=True))
def test_only_what_could_have_been_made_holds(pattern: NumberPattern, text: str) -> None:
    if not pattern.holds(text):
        return
    fixed = len(re.sub(r"\{serial.*\}", "", pattern.text.replace("{check}", "")))
    assert fixed <= len(text)
    assert int(re.sub(r"\D", "", text)) > 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "没有填写"),
        (" - ", "没有填写"),
        ("2504120007", "应为 11 位，填写的有 10 位"),
        ("250412000735", "应为 11 位，填写的有 12 位"),
        ("2504121234567890", "应为 11 位，填写的有 16 位"),
        ("25041200074", "校验位不对"),
        ("25041200703", "校验位不对"),
        ("25134200073", "日期、流水号或字母不对"),
        ("25041200000", "日期、流水号或字母不对"),
        ("2504120OO73", "日期、流水号或字母不对"),
        ("张三13812345678", "不该有的字符"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_repeats_nothing(typed: str, said: str) -> None:
    assert DAILY.make(APRIL, 7) == "25041200073"
    with pytest.raises(BadNumber) as refused:
        DAILY.read(typed)
    assert said in refused.value.what
    assert refused.value.fix
    if len(typed) > 4:
        assert typed not in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "serial", "spoken"),
    [
        (PATTERNS[0], 7, "250 4120 0073"),
        (PATTERNS[0], 12345, "2504 1212 3452"),
        ("{yyyy}-{mm}{dd}-{serial:3}{check}", 7, "2025 0412 0073"),
        ("YT{yy}{serial:6}{check}", 1, "YT 250 000 015"),
        ("{serial:4}{check}", 1, "00 013"),
        ("{serial:3}{check}", 572, "5724"),
    ],
)
def test_numbers_are_read_out_in_groups(pattern: str, serial: int, spoken: str) -> None:
    numbers = NumberPattern.parse(pattern)
    assert numbers.spoken(numbers.make(APRIL, serial)) == spoken
    with pytest.raises(ValueError, match="not a number"):
        numbers.spoken("1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "恰有一个流水号"),
        ("{yy}{check}", "恰有一个流水号"),
        ("{serial:4}{serial:4}{check}", "恰有一个流水号"),
        ("{serial:4}", "校验位结尾"),
        ("{check}{serial:4}", "校验位结尾"),
        ("{serial:4}{check}{check}", "校验位结尾"),
        ("{serial:4}{check}A", "校验位结尾"),
        ("{yy}{yyyy}{serial:4}{check}", "年份写了两次"),
        ("{mm}{mm}{serial:4}{check}", "月或日写了两次"),
        ("{serial:2}{check}", "宽度 2"),
        ("{serial:10}{check}", "宽度 10"),
        ("{serial:04}{check}", "宽度 04"),
        ("{serial}{check}", "{serial} 不认识"),
        ("{mm:2}{serial:4}{check}", "{mm:2} 不认识"),
        ("{hh}{serial:4}{check}", "{hh} 不认识"),
        ("1{serial:4}{check}", "第 1 个字符"),
        ("{yy}年{serial:4}{check}", "第 5 个字符"),
        ("ab{serial:4}{check}", "第 1 个字符"),
        ("-{serial:4}{check}", "连字符"),
        ("{yy}--{serial:4}{check}", "连字符"),
        ("{literal}{serial:4}{check}", "{literal} 不认识"),
        ("{yy", "第 1 个字符"),
    ],
)
def test_a_pattern_without_unambiguous_numbers_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadPattern) as refused:
        NumberPattern.parse(text)
    assert said in refused.value.what
    assert "{serial:4}" in (refused.value.fix or "") or "3 至 9" in (refused.value.fix or "")
    assert isinstance(refused.value, JiebanError)
    assert refused.value.exit_code is Exit.BAD_PROFILE


@given(st.text(alphabet="{}yymdserial:check0349A-中", max_size=40))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    try:
        pattern = NumberPattern.parse(text)
    except BadPattern:
        return
    assert pattern.holds(pattern.make(APRIL, 1))


def test_serials_count_from_one_and_two_digits_tell_one_century() -> None:
    with pytest.raises(ValueError, match="count from 1"):
        DAILY.make(APRIL, 0)
    for year in (1999, 2100):
        with pytest.raises(ValueError, match="don't tell the year"):
            DAILY.make(date(year, 1, 1), 1)
        assert NumberPattern.parse("{yyyy}{serial:4}{check}").make(date(year, 1, 1), 1).startswith(str(year))


def test_patterns_are_values_that_travel() -> None:
    assert pickle.loads(pickle.dumps(DAILY)) == DAILY == NumberPattern.parse(PATTERNS[0])  # noqa: S301 - our own bytes
    assert hash(DAILY) == hash(NumberPattern.parse(PATTERNS[0]))
    assert NumberPattern.parse(PATTERNS[1]) != DAILY
    assert repr(DAILY) == f"NumberPattern(text={PATTERNS[0]!r})"


@pytest.mark.parametrize("text", ["{yy}{mm}{dd}{serial:4}{check}", "AB-{yyyy}-{serial:3}-{check}"])
@pytest.mark.parametrize("serial", [1, 99, 999, 1000, 99_999])
def test_a_number_tells_its_scope_and_serial(text: str, serial: int) -> None:
    pattern, day = NumberPattern.parse(text), date(2025, 4, 12)
    number = pattern.make(day, serial)
    assert pattern.serial_of(number) == (pattern.scope(day), serial)
    assert pattern.serial_of(number[:-1]) is None


@given(
    serials=st.lists(st.integers(1, 12_000), max_size=30), strange=st.lists(st.text(max_size=14), max_size=5)
)
def test_the_last_serials_of_many_numbers_are_the_greatest_of_each_scope(
    serials: list[int], strange: list[str]
) -> None:
    days = [date(2025, 4, 12), date(2025, 4, 13)]
    numbers = [DAILY.make(days[place % 2], serial) for place, serial in enumerate(serials)]
    wrong = [f"{number[:-1]}{(int(number[-1]) + 1) % 10}" for number in numbers[:5]]
    expected: dict[str, int] = {}
    for told in map(DAILY.serial_of, [*numbers, *wrong, *strange]):
        if told is not None:
            expected[told[0]] = max(told[1], expected.get(told[0], 0))
    assert DAILY.last_serials([*wrong, *numbers, *strange]) == expected
