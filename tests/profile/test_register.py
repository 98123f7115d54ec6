"""Finding things by how people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.profile.city import Profile, Register
from jieban.profile.model import Named, Validity
from jieban.profile.register import fold

DAYS = st.dates(date(2025, 1, 1), date(2025, 1, 12))
SPANS = st.builds(
    lambda ends, left, right: Validity(first=None if left else min(ends), last=None if right else max(ends)),
    st.tuples(DAYS, DAYS),
    st.booleans(),
    st.booleans(),
)


@given(SPANS, SPANS)
def test_validities_overlap_if_a_day_lies_in_both(a: Validity, b: Validity) -> None:
    days = [date(2024, 12, 1) + timedelta(days=n) for n in range(90)]
    assert a.overlaps(b) == any(a.covers(day) and b.covers(day) for day in days)


NAMES = st.text("六工二镇街道局住建北路ABab12·", min_size=1, max_size=6)


def register(*members: Named) -> Register[Named]:
    return Register(members)


def named(code: str, name: str, *aliases: str, first: str = "", last: str = "", **more: str) -> Named:
    validity = Validity(
        first=date.fromisoformat(first) if first else None, last=date.fromisoformat(last) if last else None
    )
    return Named(code=code, name=name, short_name=name, aliases=aliases, validity=validity, **more)


@given(st.lists(NAMES, unique_by=fold, min_size=1, max_size=8), NAMES)
def test_a_text_is_found_only_if_it_is_a_whole_spelling(names: list[str], text: str) -> None:
    members = [named(str(index), name) for index, name in enumerate(names)]
    found = register(*members).find(text)
    whole = [member for member in members if fold(member.name) == fold(text)]
    assert found == (whole[0] if whole else None)


@given(NAMES, st.sampled_from(["", " ", " "]), st.booleans())
def test_width_case_and_spaces_make_no_difference(name: str, space: str, wide: bool) -> None:
    written = space + space.join(name) + space
    if wide:
        written = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in written).upper()
    assert register(named("a", name)).find(written) == named("a", name)


def test_a_name_inside_another_is_not_it(changji: Profile, yunting: Profile) -> None:
    for profile, name, inside in ((changji, "六工镇", "二六工镇"), (yunting, "沙洲镇", "白沙洲镇")):
        for names in (profile.units, profile.streets):
            small, large = names.find(name), names.find(inside)
            assert small is not None
            assert large is not None
            assert small.code != large.code
            assert names.find(inside + "等") is None
            assert names.find(name[:-1]) is None


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("住建局", "housing"),
        ("住房和城乡建设局", "housing"),
        ("延北街道", "yanan-north-road"),
        ("延安北路街道", "yanan-north-road"),
        ("庙尔沟", "miaoergou"),
        ("庙尔沟乡", "miaoergou"),
        ("行政审批局(数字化发展局)", "approval"),
        ("行政审批局\uff08数字化发展局\uff09", "approval"),
        ("城管局", "urban-management"),
        ("市监局", "market-regulation"),
    ],
)
def test_every_way_of_writing_a_unit_of_the_seed(changji: Profile, spelling: str, code: str) -> None:
    found = changji.units.find(spelling, date(2025, 4, 1))
    assert found is not None
    assert found.code == code


def test_every_spelling_finds_its_own_member(city: Profile) -> None:
    subtopics = [city.subtopics(topic.scheme, topic.code) for topic in city.topics]
    registers = (city.units, city.streets, city.request_types, city.channels, city.mailboxes, *subtopics)
    for names in (*registers, *city.schemes.values()):
        for member in names.values():
            day = member.validity.first or member.validity.last or date(2025, 4, 1)
            assert all(names.find(spelling, day) == member for spelling in member.spellings)


def test_a_spelling_may_pass_on_to_another_member() -> None:
    old = named("old", "农业局", last="2018-12-31", merged_into="new")
    new = named("new", "农业农村局", "农业局", first="2019-01-01")
    units = register(old, new)
    assert units.find("农业局", date(2018, 12, 31)) == old
    assert units.find("农业局", date(2019, 1, 1)) == new
    assert units.find("农业局") == new
    assert units.find("农业农村局", date(2018, 1, 1)) == old


def test_a_name_used_before_its_time_is_unknown_when_several_went_into_it() -> None:
    units = register(
        named("a", "工商局", last="2018-12-31", merged_into="c"),
        named("b", "质监局", last="2018-12-31", merged_into="c"),
        named("c", "市场局", first="2019-01-01"),
    )
    assert units.find("市场局", date(2018, 6, 1)) is None
    assert units.find("工商局", date(2020, 6, 1)) == units["c"]


CHAIN = st.lists(st.integers(1, 400), min_size=1, max_size=6)


@given(CHAIN, st.integers(-100, 3000), st.data())
def test_a_chain_of_renamings_has_one_name_each_day(
    spans: list[int], offset: int, data: st.DataObject
) -> None:
    start = date(2015, 1, 1)
    ends = [start + timedelta(days=sum(spans[: index + 1])) for index in range(len(spans))]
    members = []
    for index in range(len(spans) + 1):
        first = str(ends[index - 1] + timedelta(days=1)) if index else ""
        last = str(ends[index]) if index < len(ends) else ""
        more = {"renamed_to": str(index + 1)} if last else {}
        members.append(named(str(index), f"第{index}局", first=first, last=last, **more))
    units = register(*data.draw(st.permutations(members)))
    day = start + timedelta(days=offset)
    on_duty = str(sum(day > end for end in ends))
    for member in members:
        assert units.as_named_on(member.code, day).code == on_duty
        later = int(member.code) <= int(on_duty)
        assert units.carried_on_by(member.code, day) == (on_duty if later else member.code)
    assert {m.code for m in units.predecessors(str(len(spans)))} == {str(i) for i in range(len(spans))}


def test_profile_order_is_kept_and_unknown_codes_come_last(city: Profile) -> None:
    assert [city.units.position(code) for code in city.units] == list(range(len(city.units)))
    assert city.units.position("no-such-unit") == len(city.units)
