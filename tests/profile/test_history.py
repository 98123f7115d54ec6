"""A report of an old month uses that month's names, in both cities."""

from datetime import date

import pytest

from jieban.profile.city import Profile
from jieban.profile.load import load_profile

RENAMED = [
    ("changji", "natural-resources", date(2019, 3, 31), "国土资源局", "自然资源局"),
    ("changji", "health", date(2019, 3, 31), "卫生和计划生育委员会", "卫生健康委员会"),
    ("changji", "emergency", date(2019, 3, 31), "安全生产监督管理局", "应急管理局"),
    ("yunting", "farming", date(2024, 6, 30), "区农业局", "区农业农村局"),
    ("yunting", "digital", date(2023, 12, 31), "区政务服务办", "区数据局"),
]


@pytest.mark.parametrize(("name", "code", "last", "before", "after"), RENAMED)
def test_a_renamed_unit_goes_by_the_months_own_name(
    name: str, code: str, last: date, before: str, after: str
) -> None:
    profile = load_profile(name)
    old = profile.units.find(before, last)
    assert old is not None
    next_day = date.fromordinal(last.toordinal() + 1)
    for each in (code, old.code):
        assert profile.unit_name(each, last) == before
        assert profile.unit_name(each, next_day) == after
    # However a ledger of either month writes it, it is the unit of that month.
    for spelling in (before, after):
        assert profile.units.find(spelling, last) == old
        assert profile.units.find(spelling, next_day) == profile.units[code]
    assert profile.units.carried_on_by(old.code, next_day) == code
    assert profile.units.carried_on_by(old.code, last) == old.code


def test_merged_units_are_compared_with_what_they_became(changji: Profile, yunting: Profile) -> None:
    before, after = date(2018, 4, 30), date(2019, 4, 30)
    merged = [changji.units.find(word, before) for word in ("工商局", "质监局", "食药监局")]
    codes = {unit.code for unit in merged if unit is not None}
    assert len(codes) == 3
    assert {changji.units.carried_on_by(code, after) for code in codes} == {"market-regulation"}
    assert {unit.code for unit in changji.units.predecessors("market-regulation")} == codes
    # A merger makes a new thing: none of the three was called by its name.
    assert changji.units.find("市场监督管理局", before) is None
    assert changji.unit_name("market-regulation", before) == "市场监督管理局"

    assert yunting.units.carried_on_by("stone-bridge", date(2025, 4, 1)) == "sands"
    assert yunting.streets.find("石桥镇", date(2025, 4, 1)) == yunting.streets["sands"]
    assert yunting.streets.find("石桥镇", date(2024, 12, 31)) == yunting.streets["stone-bridge"]


def test_topics_change_as_units_do(yunting: Profile) -> None:
    old, new = date(2024, 12, 31), date(2025, 1, 1)
    topics = yunting.order_topics
    assert topics.find("市容环卫", old) == topics["tidiness"]
    assert topics.find("市容环卫", new) == topics["clean"]
    assert yunting.topic_name("matters", "clean", old) == "市容环卫"
    assert yunting.topic_name("matters", "tidiness", new) == "洁净"
    work = yunting.subtopics("matters", "work")
    assert work.find("夜校", new) == work["training"]
    assert yunting.subtopic_name("matters", "work", "training", old) == "技能班"
    assert [t.code for t in topics.valid_on(old)] != [t.code for t in topics.valid_on(new)]


def test_todays_names_stand_for_themselves(city: Profile) -> None:
    today = date(2025, 4, 30)
    for unit in city.units.valid_on(today):
        assert city.unit_name(unit.code, today) == unit.name
        assert city.unit_name(unit.code, today, short=True) == unit.short_name
