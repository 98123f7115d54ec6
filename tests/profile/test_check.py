"""Every kind of fault is told by file and line, with what to do; all of them at once."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from jieban.profile.check import check_profile, faults_text
from jieban.profile.documents.faults import Fault
from jieban.profile.known import Known

Copy = Callable[[str], Path]


@dataclass(frozen=True)
class Spoiled:
    """One spoiling: in `file` the first `old` becomes `new`; the fault `code` is told at the line that holds `at`."""

    code: str
    file: str
    old: str
    new: str
    at: str = ""
    says: str = ""
    city: str = "changji"

    def __str__(self) -> str:
        return f"{self.code}-{self.file}-{self.says}"


def spoil(directory: Path, case: Spoiled) -> Path:
    path = directory / case.file
    text = path.read_text("utf-8")
    assert case.old in text, f"{case.file} holds no {case.old!r}"
    path.write_text(text.replace(case.old, case.new, 1), "utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def told(faults: list[Fault], code: str, path: Path, line: int | None) -> list[Fault]:
    return [
        fault
        for fault in faults
        if fault.code == code and Path(fault.where.file or "") == path and fault.where.line == line
    ]


HOUSING = "housing,住房和城乡建设局,住建局,department,municipal,"
WATER = "water,水利局,水利局,department,municipal,市水利局|昌吉市水利局,,,,"
LAND = "land-resources,国土资源局,国土局,department,municipal,市国土局|昌吉市国土资源局,,2019-03-31,natural-resources,"

ORDER_RULE = """[rules.tip]
level = "order"
stage = "close"
urgencies = ["normal"]
request_types = ["tip"]
channels = ["desk"]
amount = 10
basis = "{}"
source = "x"

[extension]"""

CASES = [
    # CSV: the file itself
    Spoiled("unknown_column", "units.csv", "short_name", "shortname", says="short_name"),
    Spoiled("missing_column", "units.csv", ",group,", ",grup,", says="group"),
    Spoiled("double_column", "units.csv", "aliases,valid_from", "aliases,aliases,valid_from"),
    Spoiled("row_length", "units.csv", WATER, WATER + ",", says="10"),
    Spoiled("not_csv", "streets.csv", "sangong,三工镇", 'sangong,"三工镇"x', at="三工镇"),
    Spoiled("empty", "units.csv", HOUSING, "housing,,住建局,department,municipal,", at="housing,,"),
    Spoiled("bad_code", "units.csv", WATER, WATER.replace("water", "水利"), at="水利,水利局"),
    Spoiled("double_code", "units.csv", WATER, WATER.replace("water", "finance"), at="finance,水利局"),
    Spoiled("bad_date", "units.csv", "2018-07-05", "2018/7/5", says="2018/7/5"),
    Spoiled("validity_reversed", "units.csv", ",,2019-03-31,natural", ",2019-04-02,2019-03-31,natural"),
    Spoiled("bad_flag", "request_types.csv", "投诉举报,1", "投诉举报,y", says="“y”"),
    Spoiled("empty_alias", "units.csv", "住建|住房城乡建设局", "住建||住房城乡建设局"),
    Spoiled("double_alias", "units.csv", "住建|住房城乡建设局", "住建|住建|住房城乡建设局"),
    # CSV: rows and each other
    Spoiled("unknown_code", "units.csv", "department,municipal", "departmant,municipal", says="department"),
    Spoiled("unknown_code", "units.csv", "department,municipal", "department,municiple", says="municipal"),
    Spoiled("unknown_code", "units.csv", ",natural-resources,", ",natural-resource,", says="natural-resources"),
    Spoiled("unknown_code", "units.csv", ",,market-regulation", ",,market", says="market-regulation"),
    Spoiled("unknown_code", "streets.csv", "三工镇,township", "三工镇,town", says="township"),
    Spoiled("unknown_code", "communities.csv", "ningbian-road", "ningbian", says="ningbian-road"),
    Spoiled("unknown_code", "mailboxes.csv", "mayor-mailbox", "mayor-mail", says="mayor-mailbox"),
    Spoiled("double_spelling", "units.csv", "市水利局", "市财政局", at="水利局,水利局", says="财政局"),
    Spoiled("double_spelling", "streets.csv", "|昌吉市三工镇", "|六工镇", at="liugong,六工镇", says="三工镇"),
    Spoiled("bad_tile", "streets.csv", "昌吉市三工镇,3-7", "昌吉市三工镇,3-20", says="3-20"),
    Spoiled("bad_tile", "streets.csv", "昌吉市三工镇,3-7", "昌吉市三工镇,0-7", says="0-7"),
    Spoiled("same_tile", "streets.csv", "昌吉市六工镇,3-3", "昌吉市六工镇,3-7", at="昌吉市六工镇", says="三工镇"),
    Spoiled("double_spelling", "request_types.csv", "求助类", "投诉类", at="help,", says="投诉类"),
    Spoiled("double_spelling", "topics.csv", "施工管理,,", "施工管理,,井盖", at="公共井盖", says="井盖"),
    Spoiled("double_spelling", "channels.csv", "政务APP", "热线电话", at="app,", says="热线电话"),
    Spoiled("two_successors", "units.csv", LAND, LAND + "housing", says="国土资源局"),
    Spoiled("no_end", "units.csv", LAND, LAND.replace("2019-03-31", ""), says="国土资源局"),
    Spoiled("successor_ended", "units.csv", LAND, LAND.replace("natural-resources", "forestry-old"), says="林业局"),
    Spoiled("succession_gap", "units.csv", LAND, LAND.replace("2019-03-31", "2018-12-31"), says="2019-04-01"),
    Spoiled("succession_gap", "units.csv", LAND, LAND.replace("2019-03-31", "2019-03-30"), says="2019-03-30"),
    Spoiled("validity_overlap", "units.csv", LAND, LAND.replace("2019-03-31", "2019-04-01"), says="自然资源局"),
    Spoiled("validity_overlap", "units.csv", LAND, LAND.replace("2019-03-31", "2020-03-31"), says="自然资源局"),
    Spoiled(
        "succession_cycle",
        "units.csv",
        "自然资源局|昌吉市自然资源局,2019-04-01,,,",
        "自然资源局|昌吉市自然资源局,2019-04-01,2020-01-01,land-resources,",
        says="land-resources",
    ),
    Spoiled("double_community", "communities.csv", "宁合社区居民委员会", "西街社区居民委员会", at="001002"),
    Spoiled("topic_row_missing", "topics.csv", "order,housing,住房保障类,,,,住房保障,,,,\n", "", at="property-man"),
    Spoiled("topic_name_differs", "topics.csv", "住房保障类,house-building", "住房类,house-building"),
    Spoiled("double_code", "topics.csv", "house-building", "property-management", at="房屋建设"),
    Spoiled("double_code", "topics.csv", "order,hotline,热线服务", "order,invalid,热线服务", at="热线服务"),
    # TOML: the file itself
    Spoiled("not_toml", "profile.toml", 'title = "昌吉市', "title = 昌吉市", says="TOML"),
    Spoiled("unknown_key", "profile.toml", "short_title", "short_titel", says="short_title"),
    Spoiled("missing_key", "profile.toml", "short_title", "short_titel", at="# 昌吉市。", says="short_title"),
    Spoiled("wrong_type", "profile.toml", 'short_title = "昌吉市"', "short_title = 3"),
    Spoiled("empty", "profile.toml", 'short_title = "昌吉市"', 'short_title = " "'),
    Spoiled("unknown_code", "profile.toml", 'order_scheme = "order"', 'order_scheme = "oder"', says="order"),
    Spoiled("double_code", "profile.toml", 'code = "utility"', 'code = "department" # 2', at="# 2"),
    Spoiled("double_spelling", "profile.toml", 'name = "园区"', 'name = "部门" # 2', at="# 2"),
    # calendar.toml
    Spoiled("unknown_value", "calendar.toml", "Asia/Shanghai", "Asia/Changji", says="Asia/Changji"),
    Spoiled("bad_date", "calendar.toml", "2025-03-31", "2025-3-31", says="2025-3-31"),
    Spoiled("bad_date", "calendar.toml", '"05-01"', '"5月1日"', says="5月1日"),
    Spoiled("bad_calendar", "calendar.toml", '"05-01"', '"02-30"', says="30"),
    Spoiled("bad_calendar", "calendar.toml", "15:30-19:30", "13:30-19:30", says="重叠"),
    Spoiled("bad_calendar", "calendar.toml", "15:30-19:30", "15:30-15:00", says="15:00"),
    Spoiled("bad_hours", "calendar.toml", "15:30-19:30", "15:30-25:00", says="25:00"),
    Spoiled("bad_hours", "calendar.toml", "15:30-19:30", "下午", says="下午"),
    Spoiled("unknown_value", "../_base/calendar.toml", '"china"', '"chian"', says="china"),
    Spoiled("bad_calendar", "../_base/calendar.toml", "[5, 6]", "[4, 5]", says="周末"),
    Spoiled("wrong_type", "../_base/calendar.toml", "[5, 6]", '[5, "六"]', at="weekend ="),
    # deadlines.toml
    Spoiled("deadline_missing", "../_base/deadlines.toml", '["normal"]\namount = 1', '["urgent"]\namount = 1',
            at="[rules.sign-normal]", says="normal"),
    Spoiled("deadline_ambiguous", "../_base/deadlines.toml", 'urgencies = ["normal"]\nrequest_types', "request_types",
            at="[rules.close-emergency]", says="close-simple"),
    Spoiled("deadline_not_looser", "deadlines.toml", "[extension]", ORDER_RULE.format("working_days"),
            at="[rules.tip]", says="10 个工作日", city="yunting"),
    Spoiled("deadline_bases_differ", "deadlines.toml", "[extension]", ORDER_RULE.format("working_hours"),
            at="[rules.tip]", says="working_hours", city="yunting"),
    Spoiled("unknown_code", "../_base/deadlines.toml", '"inquiry"', '"enquiry"', says="inquiry"),
    Spoiled("unknown_value", "../_base/deadlines.toml", '"working_days"', '"workdays"', says="working_days"),
    Spoiled("unknown_value", "../_base/deadlines.toml", 'urgencies = ["urgent"]', 'urgencies = ["urgend"]'),
    Spoiled("unknown_value", "../_base/deadlines.toml", 'stage = "sign"', 'stage = "signing"', says="sign"),
    Spoiled("out_of_range", "../_base/deadlines.toml", "amount = 1", "amount = 0", says="0"),
    Spoiled("wrong_type", "../_base/deadlines.toml", "amount = 1", "amount = true", says="整数"),
    Spoiled("wrong_type", "deadlines.toml", "valid_to = 2024-12-31", "valid_to = 2024-12-31T00:00:00", city="yunting"),
    Spoiled("missing_key", "../_base/deadlines.toml", 'source = "默认：各地', 'origin = "默认：各地',
            at="[rules.sign-normal]", says="source"),
    Spoiled("validity_reversed", "deadlines.toml", "valid_from = 2025-01-01",
            "valid_from = 2025-01-01\nvalid_to = 2024-01-01 # r", at="# r", city="yunting"),
    Spoiled("wrong_type", "deadlines.toml", "valid_from = 2025-01-01", 'valid_from = "2025-01-01"', city="yunting"),
    Spoiled("wrong_type", "../_base/deadlines.toml", "extends_order = true", 'extends_order = "是"'),
    # the others
    Spoiled("double_spelling", "../_base/labels.toml", '"很满意"', '"不满意"', at='name = "不满意"'),
    Spoiled("unknown_value", "../_base/counting.toml", '"computed"', '"computd"', says="computed"),
    Spoiled("missing_label", "../_base/labels.toml", 'code = "urgent"', 'code = "normal"', at="[[urgency]]"),
    Spoiled("missing_label", "../_base/labels.toml", 'code = "yes"', 'code = "maybe"', at="[[flag]]", says="yes"),
    Spoiled("bad_index_number", "publication.toml", "CJS044/2025-0", "CJS04/2025-0", says="CJS044/{year}"),
    Spoiled("unknown_value", "../_base/policies.toml", '= "flag"', '= "flagg"', says="flag"),
    Spoiled("unknown_place", "publication.toml", "{serial}", "{number}", says="serial"),
    Spoiled("unknown_place", "publication.toml", '"{days}"', '"{day}"', says="days"),
    Spoiled("bad_places", "publication.toml", "{serial}", "{serial", says="花括号"),
    Spoiled("wrong_type", "publication.toml", "2025-05-03T16:09:12", '"2025-05-03"'),
    Spoiled("wrong_type", "publication.toml", "16:09:12", "16:09:12Z", says="时区"),
    Spoiled("unknown_key", "publication.toml", "publisher", "publischer", says="publisher"),
    Spoiled("double_code", "../_base/outline.toml", 'id = "types"', 'id = "hotline" # 2', at="# 2"),
    Spoiled("unknown_value", "../_base/outline.toml", 'id = "types"', 'id = "types"\neditions = ["interne"]',
            at="interne", says="internal"),
    Spoiled("out_of_range", "../_base/outline.toml", "level = 2", "level = 9", says="9"),
    Spoiled("bad_places", "../_base/wording.toml", "{name}{count}", "{name}{count", says="花括号"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_is_told_where_it_is(copy_of: Copy, case: Spoiled) -> None:
    directory = copy_of(case.city)
    path = spoil(directory, case)
    if case.at:
        line = line_of(path, case.at)
    elif case.new.strip():
        line = line_of(path, case.new.split("\n")[0])
    else:
        line = None
    faults = check_profile(directory)
    found = [fault for fault in faults if fault.code == case.code]
    if line is not None:
        found = told(found, case.code, path.resolve(), line)
    assert found, faults_text("copy", faults)
    assert any(case.says in fault.what + fault.fix for fault in found), found
    assert all(fault.what and fault.fix and fault.where.file for fault in faults)


@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_a_copy_has_no_fault_until_it_is_spoiled(copy_of: Copy, name: str) -> None:
    assert check_profile(copy_of(name)) == []


def test_missing_and_stray_files(copy_of: Copy) -> None:
    directory = copy_of("yunting")
    (directory / "units.csv").rename(directory / "unit.csv")
    (directory / "publication.toml").unlink()
    faults = check_profile(directory)
    assert told(faults, "file_missing", directory / "units.csv", None)
    assert told(faults, "file_missing", directory / "publication.toml", None)
    assert [f for f in faults if f.code == "missing_key"] == []
    (stray,) = told(faults, "unknown_file", directory / "unit.csv", None)
    assert "units.csv" in stray.fix


@pytest.mark.parametrize("name", ["units.csv", "publication.toml"])
def test_a_file_in_another_encoding(copy_of: Copy, name: str) -> None:
    directory = copy_of("yunting")
    lines = (directory / name).read_text("utf-8").splitlines()
    (directory / name).write_text("\n".join(lines), "gb18030")
    first = next(n for n, line in enumerate(lines, 1) if not line.isascii())
    (fault,) = told(check_profile(directory), "not_utf8", directory / name, first)
    assert "UTF-8" in fault.fix


def test_a_file_that_is_no_toml_is_told_once(copy_of: Copy) -> None:
    directory = copy_of("changji")
    path = spoil(directory, Spoiled("", "publication.toml", 'city = "昌吉市"', "city = 昌吉市"))
    faults = check_profile(directory)
    assert faults == told(faults, "not_toml", path, line_of(path, "city = "))
    path.write_text('[documents."2025-04"', "utf-8")
    faults = check_profile(directory)
    assert faults == told(faults, "not_toml", path, 1)


def test_an_empty_list_is_not_a_list(copy_of: Copy) -> None:
    directory = copy_of("yunting")
    (directory / "streets.csv").write_text("\n \n", "utf-8")
    assert told(check_profile(directory), "file_empty", directory / "streets.csv", 1)


def test_a_cell_may_run_over_lines_and_the_next_fault_is_still_told_on_its_own(copy_of: Copy) -> None:
    directory = copy_of("yunting")
    path = directory / "units.csv"
    rows = path.read_text("utf-8").replace("城市秩序局|云汀区城市秩序局", '"城市秩序局|\n云汀区城市秩序局"')
    path.write_text(rows.replace("教育局,bureau", "教育局,burau"), "utf-8")
    assert told(check_profile(directory), "unknown_code", path, line_of(path, "burau"))


def test_a_fault_in_a_row_of_several_lines_is_told_at_its_first(copy_of: Copy) -> None:
    directory = copy_of("yunting")
    path = directory / "units.csv"
    old = "schools,区教育局,教育局,bureau,district,云汀区教育局"
    path.write_text(
        path.read_text("utf-8").replace(old, 'schools,区教育局,教育局,burau,district,"云汀\n教育局"'), "utf-8"
    )
    assert told(check_profile(directory), "unknown_code", path, line_of(path, "burau"))


@pytest.mark.parametrize(("last", "faults"), [("2024-06-30", 0), ("2024-07-01", 1)])
def test_a_spelling_may_pass_on_when_its_first_owner_has_ended(copy_of: Copy, last: str, faults: int) -> None:
    directory = copy_of("yunting")
    spoil(directory, Spoiled("", "units.csv", "云汀区农业农村局", "云汀区农业局"))
    spoil(directory, Spoiled("", "units.csv", ",,2024-06-30,farming,", f",,{last},,farming"))
    assert [f.code for f in check_profile(directory)] == ["double_spelling"] * faults


def test_all_faults_are_told_at_once_in_order(copy_of: Copy) -> None:
    directory = copy_of("changji")
    for case in CASES:
        if case.file in {"request_types.csv", "publication.toml"} and case.code in {
            "bad_flag",
            "unknown_key",
        }:
            spoil(directory, case)
    for old, new in (("department,municipal", "x,municipal"), ("2018-07-05", "x"), ("住建|", "住建||")):
        spoil(directory, Spoiled("", "units.csv", old, new))
    faults = check_profile(directory)
    codes = {fault.code for fault in faults}
    assert {"unknown_code", "bad_date", "empty_alias", "bad_flag", "unknown_key", "missing_key"} <= codes
    places = [(fault.where.file, fault.where.line or 0) for fault in faults]
    assert places == sorted(places)


KNOWN = Known(
    builders={"opening": {"top": 5}},
    strategies={"late": frozenset({"least"})},
    recommendation_places={"late": frozenset({"units"})},
    fault_codes=frozenset({"bad_date", "no_such_fault_yet"}),
    labels={"satisfaction": frozenset({"satisfied", "angry"}), "mood": frozenset({"good"})},
    satisfaction=frozenset({"all"}),
    wording={"title": frozenset({"city"}), "opening.total": frozenset({"city", "total"})},
)


def test_names_that_higher_rooms_do_not_offer_are_told(copy_of: Copy) -> None:
    directory = copy_of("changji")
    (directory / "outline.toml").write_text(
        '[[sections]]\nid = "a"\nbuilder = "openning"\ntitle = ""\n\n'
        '[[sections]]\nid = "b"\nbuilder = "opening"\ntitle = ""\noptions = { topp = 3, top = "3" }\n',
        "utf-8",
    )
    (directory / "recommendations.toml").write_text(
        '[rules.r1]\nstrategy = "lates"\ntheme = "t"\ntext = "x"\n\n'
        '[rules.r2]\nstrategy = "late"\ntheme = "t"\ntext = "{unit}"\n[rules.r2.thresholds]\nmost = "3,5"\n',
        "utf-8",
    )
    (directory / "wording.toml").write_text('"title" = "{town}"\n"opening.total" = "没有数"\n', "utf-8")
    (directory / "counting.toml").write_text('satisfaction = "al"\n', "utf-8")
    faults = check_profile(directory, KNOWN)
    for code, file, line, says in (
        ("unknown_name", "outline.toml", 3, "opening"),
        ("unknown_key", "outline.toml", 10, "topp"),
        ("wrong_type", "outline.toml", 10, "5"),
        ("unknown_name", "recommendations.toml", 2, "late"),
        ("unknown_place", "recommendations.toml", 9, "units"),
        ("unknown_key", "recommendations.toml", 11, "most"),
        ("missing_key", "recommendations.toml", 10, "least"),
        ("bad_number", "recommendations.toml", 11, "3,5"),
        ("unknown_place", "wording.toml", 1, "city"),
        ("missing_place", "wording.toml", 2, "{total}"),
        ("unknown_value", "counting.toml", 1, "all"),
    ):
        found = told(faults, code, directory / file, line)
        assert any(says in f.what + f.fix for f in found), (code, file, faults_text("copy", faults))
    texts = [fault.what for fault in faults]
    # A place that every phrase may use needn't be in any.
    assert not [text for text in texts if "漏了" in text and "{city}" in text]
    for part in (
        "no_such_fault_yet",
        "duplicate_order_no",
        "angry",
        "not_rated",
        "mood",
        "urgency",
        "annexes.item",
    ):
        assert any(part in text for text in texts), part


def test_dotted_phrases_need_quotes(copy_of: Copy) -> None:
    directory = copy_of("changji")
    (directory / "wording.toml").write_text('opening.total = "x"\n', "utf-8")
    assert told(check_profile(directory), "wrong_type", directory / "wording.toml", 1)


def test_a_misspelt_phrase_is_told_even_without_the_rooms_above(copy_of: Copy) -> None:
    directory = copy_of("changji")
    (directory / "wording.toml").write_text('\n"opening.totl" = "x"\n', "utf-8")
    (fault,) = told(check_profile(directory), "unknown_key", directory / "wording.toml", 2)
    assert "opening.total" in fault.fix


def test_a_recommendation_can_be_switched_off_by_the_city(copy_of: Copy) -> None:
    directory = copy_of("changji")
    rules = '[rules.{0}]\nstrategy = "s"\ntheme = "t"\ntext = "x"\n'
    base = directory.parent / "_base" / "recommendations.toml"
    base.write_text(rules.format("one") + rules.format("two"), "utf-8")
    (directory / "recommendations.toml").write_text("[rules.one]\nenabled = false\n", "utf-8")
    from jieban.profile.load import load_profile  # noqa: PLC0415 - only this test loads

    assert [rule.id for rule in load_profile(directory).recommendations] == ["two"]


def test_the_report_of_faults_reads_like_a_compilers(copy_of: Copy) -> None:
    directory = copy_of("changji")
    assert faults_text("changji", check_profile(directory)) == "配置“changji”没有问题。"
    path = spoil(directory, Spoiled("", "profile.toml", "short_title", "short_titel"))
    text = faults_text("changji", check_profile(directory))
    assert f"{path}:{line_of(path, 'short_titel')}: 不认识的键 short_titel。" in text
    assert "是否想写：short_title？" in text
    assert text.endswith("配置“changji”共有 2 处问题。")
    (first, _) = check_profile(directory)
    assert first.as_dict()["file"] == str(path)


def test_an_unknown_city_is_a_fault_too() -> None:
    (fault,) = check_profile("chanji")
    assert fault.code == "no_such_profile"
    assert "changji" in fault.fix
