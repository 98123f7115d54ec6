"""Every fault of workflow.toml, and of the tree of units, is told by file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jieban.profile.check import check_profile, faults_text
from jieban.profile.known import Known

Copy = Callable[[str], Path]

BASE = "../_base/workflow.toml"
CITY = "workflow.toml"
ROLES = Known(roles=frozenset({"liaison", "handler", "head", "supervisor", "leader", "dispatcher"}))

# code, file, what stands there, what is written instead, what the line of the fault holds, what is said
CASES = [
    ("bad_pattern", CITY, "YT{yyyy}-{serial:5}", "YT{yyyy}-{serial:2}", "", "宽度 2"),
    ("bad_pattern", CITY, "YT{yyyy}-{serial:5}{check}", "{check}{serial:5}", "", "校验位结尾"),
    ("empty", CITY, "YT{yyyy}-{serial:5}{check}", " ", 'numbering = " "', "numbering"),
    ("unknown_key", CITY, "numbering = ", "numbring = ", "", "numbering"),
    ("unknown_key", CITY, "[retention]", "[retenton]", "", "retention"),
    ("contradiction", CITY, "confirm_days = 92", "confirm_days = 400", "confirm_days = 400", "先后不对"),
    ("contradiction", CITY, "remind_days = 14", "remind_days = 92", "confirm_days = 92", "先后不对"),
    ("out_of_range", CITY, "confirm_days = 92", "confirm_days = 0", "confirm_days = 0", "confirm_days"),
    ("unknown_key", CITY, "reworks = 2", "rework = 2", "", "reworks"),
    # reply
    ("double_code", CITY, 'code = "measures"', 'code = "facts" # 2', "# 2", "facts"),
    ("bad_code", CITY, 'code = "measures"', 'code = "处理措施"', "", "处理措施"),
    ("reserved_code", CITY, 'code = "measures"', 'code = "site_visit"', "", "site_visit"),
    ("contradiction", CITY, 'name = "诉求人意见"', 'name = "诉求人意见"\nmin_chars = 3', "min_chars = 3", "选择项"),
    ("unknown_value", CITY, '"anonymous", "confidential"]\n\n', '"annonymous"]\n\n', "", "anonymous"),
    ("double_code", CITY, 'code = "dissatisfied"', 'code = "satisfied" # 2', "# 2", "satisfied"),
    ("double_spelling", CITY, 'name = "不满意"', 'name = "满意" # 2', "# 2", "满意"),
    ("missing_key", CITY, "required = false", "", 'code = "basis"', "required"),
    ("out_of_range", CITY, "min_chars = 20", "min_chars = -1", "", "-1"),
    # grounds
    ("double_code", BASE, 'code = "arbitration"', 'code = "litigation" # 2', "# 2", "litigation"),
    ("missing_key", BASE, 'source = "临沂市八种情形之一"', "", 'name = "不属于本行政区域"', "source"),
    ("wrong_type", BASE, "needs_attachment = false", 'needs_attachment = "否"', "", "needs_attachment"),
    # evidence
    ("unknown_code", CITY, 'kinds = ["photo_before"', 'kinds = ["photo_befor"', "", "photo_before"),
    ("unknown_code", CITY, '["complain"]', '["complaint"]', "", "complain"),
    ("unknown_value", CITY, 'when = "always"', 'when = "allways"', "", "always"),
    ("double_code", CITY, 'id = "complaint-photo"', 'id = "site-photos" # 2', "# 2", "site-photos"),
    ("empty", CITY, 'kinds = ["call_recording"]', "kinds = []", "", "证据"),
    ("unknown_code", CITY, 'after_close = ["call_recording", "document"]', 'after_close = ["call_recordin"]',
     "after_close", "call_recording"),
    ("out_of_range", CITY, "per_handling_max = 8", "per_handling_max = 0", "", "per_handling_max"),
    ("out_of_range", CITY, "per_handling_max = 8", "per_handling_max = 1", "", "2 种"),
    ("bad_media_type", BASE, '"audio/mpeg"', '"mp3"', "", "mp3"),
    ("bad_media_type", BASE, '"audio/mpeg"', '"audio/wav"', "", "audio/wav"),
    ("empty", BASE, 'media_types = ["video/mp4", "video/quicktime", "video/webm"]', "media_types = []", "", "文件类型"),
    ("out_of_range", BASE, "max_mib = 200", "max_mib = 0", "", "max_mib"),
    # what a reviewer looks at
    ("unknown_value", BASE, 'finds = "numbers"', 'finds = "nombers"', "", "numbers"),
    ("double_code", BASE, 'code = "hazard"', 'code = "sourced" # 2', "# 2", "sourced"),
    # ladder
    ("double_code", CITY, 'id = "sign-late"', 'id = "sign-near" # 2', "# 2", "sign-near"),
    ("double_step", CITY, "hours = -24", "hours = 0 # 2", "# 2", "办结超时"),
    ("out_of_range", CITY, "hours = 8", "hours = 80000", "", "80000"),
    ("out_of_range", CITY, "hours = 8", "hours = -80000", "", "-80000"),
    ("unknown_value", CITY, 'severity = "amber"', 'severity = "yellow"', "", "amber"),
    ("unknown_value", CITY, 'level = "order"', 'level = "case"', "", "handling"),
    ("unknown_value", CITY, 'stage = "sign"', 'stage = "signing"', "", "sign"),
    ("unknown_code", CITY, 'tells = ["handler"]', 'tells = ["handlers"]', "", "handler"),
    ("empty", CITY, 'tells = ["handler"]', "tells = []", "", "角色"),
    # the ladder of returns
    ("double_code", CITY, 'id = "return-late-a-day"', 'id = "return-late" # 2', "# 2", "return-late"),
    ("double_step", CITY, '超时一天"\nhours = -24', '超时一天"\nhours = 0 # 2', "# 2", "退单争议超时"),
    ("unknown_code", CITY, 'tells = ["dispatcher"]', 'tells = ["despatcher"]', "", "dispatcher"),
    # the rest
    ("out_of_range", CITY, "reworks = 2", "reworks = 0", "", "reworks"),
    ("out_of_range", CITY, "declining_units = 2", "declining_units = 0", "", "declining_units"),
    ("unknown_value", CITY, 'basis = "working_hours"', 'basis = "workhours"', "", "working_hours"),
    ("out_of_range", CITY, "{ amount = 4,", "{ amount = 0,", "", "amount"),
    ("wrong_type", CITY, '{ amount = 4, basis = "working_hours" }', "4", "ask_within = 4", "ask_within"),
    ("out_of_range", CITY, "max_asks = 1", "max_asks = -1", "", "max_asks"),
    ("contradiction", CITY, "before_close = true", "needed = false\nbefore_close = true",
     "before_close = true", "needed"),
    ("unknown_value", CITY, 'exempt = ["anonymous"', 'exempt = ["anonymus"', "", "anonymous"),
    ("out_of_range", CITY, "tries = 2", "tries = 0", "", "tries"),
    ("out_of_range", CITY, "within_days = 15", "within_days = -1", "", "within_days"),
    ("out_of_range", CITY, "person_days = 730", "person_days = 0", "", "person_days"),
    ("contradiction", CITY, "same_matter = false", "same_person = false\nsame_matter = false",
     "same_matter = false", "重复"),
    ("unknown_value", CITY, '"lead_only"', '"lead"', "", "lead_only"),
    ("unknown_value", BASE, '"all_closed"', '"lead_closed"', "", "all_closed"),
    ("unknown_value", BASE, '["unreasonable"]', '["unreasonabel"]', "", "unreasonable"),
    ("missing_key", BASE, 'head_signs = ["unreasonable"]', "", "[reviewing]", "head_signs"),
    ("missing_key", BASE, 'close_when = "all_closed"', "", "[co_handling]", "close_when"),
    ("unknown_code", CITY, 'channel = "pocket"', 'channel = "pockte"', "", "pocket"),
    ("unknown_code", CITY, 'topic = "misc"', 'topic = "mics"', "", "misc"),
    ("unknown_code", CITY, 'topic = "misc"', 'topic = "misc"\nunoffered = ["wrok"]', "unoffered", "work"),
    # units inside units
    ("unknown_code", "units.csv", "自来水厂,,,,,rivers", "自来水厂,,,,,river", "", "rivers"),
    ("parent_cycle", "units.csv", "自来水厂,,,,,rivers", "自来水厂,,,,,water-works", "", "water-works → water-works"),
    ("parent_cycle", "units.csv", "水务局,,,,,", "水务局,,,,,water-works", "", "rivers → water-works → rivers"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)])
def test_a_fault_is_told_where_it_is(copy_of: Copy, case: tuple[str, ...]) -> None:
    code, file, old, new, at, says = case
    directory = copy_of("yunting")
    path = (directory / file).resolve()
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    faults = check_profile(directory, ROLES)
    told = [fault for fault in faults if fault.code == code and says in fault.what + fault.fix]
    assert told, faults_text("copy", faults)
    assert all(fault.what and fault.fix for fault in told)
    if code == "missing_key":
        # Told at the table that lacks it, which may stand in the city's file.
        assert all(fault.where.file and fault.where.line for fault in told)
        return
    lines = path.read_text("utf-8").splitlines()
    wanted = next(n for n, line in enumerate(lines, 1) if (at or new.partition("\n")[0]) in line)
    assert (str(path), wanted) in [(fault.where.file, fault.where.line) for fault in told], told


def test_what_a_field_lacks_is_told_at_the_field(copy_of: Copy) -> None:
    directory = copy_of("yunting")
    path = directory / CITY
    text = path.read_text("utf-8").replace("required = false\n", "")
    path.write_text(text, "utf-8")
    (fault,) = check_profile(directory)
    assert fault.where.line == text[: text.index('code = "basis"')].count("\n")
    assert text.splitlines()[fault.where.line - 1] == "[[reply]]"


def test_the_roles_are_checked_only_where_they_are_known(copy_of: Copy) -> None:
    directory = copy_of("yunting")
    path = directory / CITY
    path.write_text(path.read_text("utf-8").replace('tells = ["handler"]', 'tells = ["wizard"]'), "utf-8")
    assert check_profile(directory) == []
    (fault,) = check_profile(
        directory,
        ROLES,
    )
    assert fault.code == "unknown_code"


def test_a_template_that_asks_nothing_of_everybody_is_a_fault(copy_of: Copy) -> None:
    directory = copy_of("yunting")
    path = directory / CITY
    text = path.read_text("utf-8")
    path.write_text(text.replace("required = true\nmin_chars = 20", "required = false"), "utf-8")
    (fault,) = check_profile(directory)
    assert fault.code == "empty"
    assert "答复模板" in fault.what


def test_a_city_without_evidence_or_grounds(copy_of: Copy) -> None:
    directory = copy_of("changji")
    path = directory / CITY
    path.write_text("reply = []\nrefusal_grounds = []\n[evidence]\nkinds = []\ndemands = []\n", "utf-8")
    assert sorted(fault.code for fault in check_profile(directory)) == ["empty", "empty"]


def test_without_a_base_every_table_is_asked_for(copy_of: Copy) -> None:
    directory = copy_of("yunting")
    (directory.parent / "_base" / CITY).unlink()
    (directory / CITY).write_text("", "utf-8")
    missing = {fault.what for fault in check_profile(directory) if fault.code == "missing_key"}
    for key in ("numbering", "reply", "refusal_grounds", "unreasonable_grounds", "ladder", "escalation", "returns",
                "callbacks", "reopening", "retention", "knowledge", "repeats", "co_handling", "reviewing",
                "evidence"):  # fmt: skip
        assert f"缺少 {key}。" in missing
    (directory / CITY).unlink()
    assert [fault.code for fault in check_profile(directory)] == ["file_missing"]
