"""Mappings: written, read back, obeyed exactly, and their faults told by line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_files import CUTOFF, WIDE, codes, make_csv, make_xlsx, utc, wide_row

from jieban.kernel.errors import Exit
from jieban.ledger.errors import BadMapping
from jieban.ledger.inspect import inspect_file, write_mapping
from jieban.ledger.mapping.document import load_mapping, read_mapping
from jieban.ledger.mapping.emit import to_toml
from jieban.ledger.mapping.model import DateOrder, Dates, LeaveOut, Mapping, Rows, SheetMapping, Twice
from jieban.ledger.read import read_ledger
from jieban.profile.city import Profile

words = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() and text.strip() == text)
mappings = st.builds(
    SheetMapping,
    file=words,
    sheet=words,
    table=st.just("orders"),
    reason=st.just(""),
    rows=st.sampled_from(Rows),
    heading_row=st.integers(1, 40),
    heading_rows=st.integers(1, 4),
    columns=st.permutations(["order_no", "received_at", "topic", "handlings.unit"]).flatmap(
        lambda names: st.lists(words, min_size=4, max_size=4, unique=True).map(
            lambda headings: {
                h: (n,) for h, n in zip(headings, names, strict=True)
            }
        )
    ),
    constants=st.dictionaries(st.sampled_from(["request_type", "channel"]), words),
    values=st.dictionaries(
        st.sampled_from(["channel", "handlings.unit"]), st.dictionaries(words, words, min_size=1)
    ),
    dates=st.builds(
        Dates,
        order=st.sampled_from(DateOrder),
        formats=st.lists(words, max_size=2).map(tuple),
        time_zone=st.sampled_from([None, "Asia/Shanghai"]),
        twice=st.sampled_from(Twice),
    ),
    unit_separators=st.lists(words, max_size=3).map(tuple),
    leave_out=st.lists(
        st.builds(
            LeaveOut,
            column=words,
            reason=words,
            equals=st.lists(words, min_size=1, max_size=2).map(tuple),
            matches=st.sampled_from([None, "^测试"]),
            empty=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    notes=st.just(()),
)  # fmt: skip


@given(st.lists(mappings, min_size=1, max_size=2))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, sheets: list[SheetMapping]
) -> None:
    path = tmp_path_factory.getbasetemp() / "m.toml"
    path.write_text(to_toml(Mapping(sheets=tuple(sheets))), encoding="utf-8")
    mapping, faults = read_mapping(path)
    assert faults == []
    assert mapping is not None
    assert mapping.sheets == tuple(sheets)


FAULTY = {
    "an unknown key": ("heading_rov = 1", 4, "heading_rov", "heading_row"),
    "an unknown column": ('columns = { "编号" = "order_number" }', 4, "order_number", "order_no"),
    "two for one": ('columns = { "甲" = "order_no", "乙" = "order_no" }', 4, "甲", "只留一列"),
    "an unknown table": ('table = "order"', 4, "order", "orders"),
    "an unknown zone": ('dates = { time_zone = "Asia/Changji" }', 4, "Asia/Changji", "IANA"),
    "an unknown order": ('dates = { order = "ydm" }', 4, "ydm", "ymd"),
    "a bad pattern": ('leave_out = [{ column = "状态", reason = "x", matches = "(" }]', 4, "matches", "equals"),
    "a rule without condition": ('leave_out = [{ column = "状态", reason = "x" }]', 4, "没有条件", "equals"),
    "a wrong type": ('heading_row = "3"', 4, "heading_row", "改正"),
    "row zero": ("heading_row = 0", 4, "heading_row", "改正"),
    "unknown rows": ('rows = "units"', 4, "units", "handlings"),
    "a constant of nothing": ('constants = { typ = "投诉" }', 4, "typ", "request_type"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "what", "fix"), FAULTY.values(), ids=FAULTY)
def test_faults_are_told_by_file_and_line(tmp_path: Path, text: str, line: int, what: str, fix: str) -> None:
    path = tmp_path / "对照.toml"
    path.write_text(f"version = 1\n\n[[sheets]]\n{text}\n", encoding="utf-8")
    mapping, faults = read_mapping(path)
    assert mapping is None
    assert len(faults) == 1
    assert (faults[0].where.file or "").endswith("对照.toml")
    assert faults[0].where.line == line
    assert what in faults[0].what
    assert fix in faults[0].fix
    with pytest.raises(BadMapping) as refused:
        load_mapping(path)
    assert refused.value.exit_code is Exit.BAD_FILE


def test_text_that_is_no_toml_and_files_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("version = = 1", encoding="utf-8")
    for name in ("m.toml", "none.toml"):
        with pytest.raises(BadMapping):
            load_mapping(tmp_path / name)


EXPORT = [
    ("Export of 2025-05-01",),
    ("case_id", "opened", "target", "closed", "state", "ontime", "what", "dept", "source"),
    (
        "101",
        "04/01/2025 09:30",
        "04/15/2025 09:30",
        "04/03/2025 18:00",
        "Closed",
        "ONTIME",
        "Lifts",
        "HOUS",
        "Call",
    ),
    ("102", "04/02/2025 01:15 PM", "04/05/2025 09:30", "", "Open", "OVERDUE", "Lifts", "HOUS;POL", "App"),
    ("103", "04/02/2025 09:30", "", "", "Void", "", "Lifts", "HOUS", "Call"),
    ("104", "04/02/2025 09:30", "", "", "Open", "ONTIME", "Lifts", "NASA", "Call"),
    ("TEST-1", "04/02/2025 09:30", "", "", "Open", "ONTIME", "Lifts", "HOUS", "Call"),
]

FOREIGN = """
version = 1
[[sheets]]
sheet = "*"
table = "orders"
heading_row = 2
unit_separators = [";"]
[sheets.columns]
"case_id" = "order_no"
"opened" = ["received_at", "dispatched_at", "handlings.dispatched_at"]
"target" = ["stated_close_due_at", "handlings.stated_close_due_at"]
"closed" = ["closed_at", "handlings.closed_at"]
"ontime" = "stated_close_on_time"
"what" = "subtopic"
"dept" = "handlings.unit"
"source" = "channel"
"state" = ""
[sheets.constants]
request_type = "complaint"
topic = "住房保障类"
[sheets.values.channel]
"call" = "phone"
"App" = "APP"
[sheets.values.subtopic]
"Lifts" = "property-management"
[sheets.values."handlings.unit"]
"HOUS" = "住建局"
"POL" = "police"
[sheets.dates]
order = "mdy"
time_zone = "Asia/Urumqi"
[[sheets.leave_out]]
column = "state"
equals = ["void"]
reason = "作废"
[[sheets.leave_out]]
column = "case_id"
matches = "^TEST"
reason = "测试"
"""


def test_a_foreign_export_is_read_as_its_mapping_says(tmp_path: Path, changji: Profile) -> None:
    (tmp_path / "m.toml").write_text(FOREIGN, encoding="utf-8")
    path = make_csv(tmp_path / "export.csv", EXPORT)
    reading = read_ledger([path], changji, mapping=tmp_path / "m.toml", cutoff=CUTOFF)
    orders = reading.ledger.orders.to_pylist()
    assert [order["order_no"] for order in orders] == ["101", "102"]
    # Six hours ahead of UTC, two behind Beijing.
    assert orders[0]["received_at"] == orders[0]["dispatched_at"] == utc("2025-04-01 11:30")
    assert orders[1]["received_at"] == utc("2025-04-02 15:15")
    assert [order["channel"] for order in orders] == ["phone", "app"]
    assert [order["stated_close_on_time"] for order in orders] == [True, False]
    assert {(o["request_type"], o["topic"], o["subtopic"]) for o in orders} == {
        ("complaint", "housing", "property-management")
    }
    handlings = reading.ledger.handlings.to_pylist()
    assert [(h["order_no"], h["unit"]) for h in handlings] == [
        ("101", "housing"),
        ("102", "housing"),
        ("102", "police"),
    ]
    assert handlings[0]["stated_close_due_at"] == utc("2025-04-15 11:30")
    assert codes(reading) == [("unknown_unit", "reject")]
    assert reading.accounting.left_out == {"作废": 1, "测试": 1}
    assert (reading.accounting.read, reading.accounting.accepted, reading.accounting.rejected) == (5, 2, 1)


def test_a_mapping_that_names_a_column_that_is_not_there_says_which_are(
    tmp_path: Path, changji: Profile
) -> None:
    path = make_csv(tmp_path / "a.csv", [WIDE, wide_row("1")])
    columns: dict[str, tuple[str, ...]] = {
        "编号": ("order_no",), "受理时间": ("received_at",), "诉求类型": ("request_type",), "一级分类": ("topic",)
    }  # fmt: skip
    with pytest.raises(BadMapping, match="编号") as refused:
        read_ledger([path], changji, mapping=Mapping(sheets=(SheetMapping(columns=columns),)), cutoff=CUTOFF)
    assert "工单编号" in (refused.value.fix or "")


def test_a_mapping_for_another_file_is_told(tmp_path: Path, changji: Profile) -> None:
    path = make_csv(tmp_path / "a.csv", [WIDE, wide_row("1")])
    with pytest.raises(BadMapping, match=r"a\.csv"):
        read_ledger([path], changji, mapping=Mapping(sheets=(SheetMapping(file="b*"),)), cutoff=CUTOFF)


def test_names_with_brackets_mean_themselves() -> None:
    assert SheetMapping(file="台账[4月].xlsx").matches("台账[4月].xlsx", "x")
    assert SheetMapping(file="台账*", sheet="?月").matches("台账4.xlsx", "四月")
    assert not SheetMapping(file="台账*", sheet="?月").matches("台账4.xlsx", "十二月")


# Inspecting


def test_inspecting_writes_a_mapping_that_reads_as_well_as_no_mapping(
    tmp_path: Path, changji: Profile
) -> None:
    rows = [("四月台账",), (*WIDE, "备注"), [*wide_row("1", "住建局、城管局"), "x"], [*wide_row("2"), None]]
    path = make_xlsx(tmp_path / "a.xlsx", {"台账": rows, "说明": [("随便写写",)]})
    found = inspect_file(path, changji)
    write_mapping(found.mapping, tmp_path / "m.toml")
    mapped = read_ledger([path], changji, mapping=tmp_path / "m.toml", cutoff=CUTOFF)
    guessed = read_ledger([path], changji, cutoff=CUTOFF)
    for name, table in guessed.ledger.tables().items():
        assert mapped.ledger.tables()[name].equals(table)
    text = (tmp_path / "m.toml").read_text(encoding="utf-8")
    assert '"备注" = ""' in text
    assert 'table = "none"' in text


def test_inspecting_tells_what_it_found(tmp_path: Path, changji: Profile) -> None:
    headings = [*(h for h in WIDE if h != "派单时间"), "来源渠道"]
    cells = [c for c, h in zip(wide_row("1", "住建局、外星局"), WIDE, strict=True) if h != "派单时间"]
    path = make_csv(tmp_path / "a.csv", [headings, [*cells, "脑电波"], [*cells[:-1], "外星局", "电话"]])
    sheet = inspect_file(path, changji).sheets[0]
    assert sheet.rows == 2
    assert sheet.missing == ("handlings.dispatched_at",)
    unknown = {column.heading: dict(column.unknown) for column in sheet.columns if column.unknown}
    assert unknown == {"承办单位": {"外星局": 2}, "来源渠道": {"脑电波": 1}}
    # A substitute is proposed in the open, for a person to confirm.
    assert sheet.mapping.columns["受理时间"] == ("received_at", "dispatched_at", "handlings.dispatched_at")
    notes = "".join(sheet.mapping.notes)
    assert "受理时间" in notes
    assert "外星局（2）" in notes
    with pytest.raises(BadMapping, match="派单时间"):
        read_ledger([path], changji, cutoff=CUTOFF)
    as_json: Any = inspect_file(path, changji).as_dict()
    assert as_json["sheets"][0]["columns"][0]["samples"] == ["1"]


def test_a_sheet_that_was_not_recognised_can_be_corrected_in_the_mapping(
    tmp_path: Path, changji: Profile
) -> None:
    strange = ["Nr", "Eingang", "Weiter", "Art", "Thema", "Amt"]
    row = ["1", "2025-04-01 09:30", "2025-04-01 10:00", "投诉", "住房保障类", "住建局"]
    file = make_csv(tmp_path / "fremd.csv", [strange, row])
    toml = tmp_path / "m.toml"
    write_mapping(inspect_file(file).mapping, toml)
    text = toml.read_text("utf-8")
    assert read_mapping(toml)[1] == []
    assert '# "Eingang" = ""' in text
    # What the text asks a person to do, done.
    text = text.replace('table = "none"', 'table = "orders"')
    begin = text.index("# heading_row")
    text = text[:begin] + text[begin:].replace("# ", "").replace("#\n", "\n")
    targets = ["order_no", "received_at", "dispatched_at", "request_type", "topic", "handlings.unit"]
    for heading, target in zip(strange, targets, strict=True):
        text = text.replace(f'"{heading}" = ""', f'"{heading}" = "{target}"')
    text = text.replace('"dispatched_at"', '["dispatched_at", "handlings.dispatched_at"]')
    toml.write_text(text, encoding="utf-8")
    assert read_ledger([file], changji, mapping=toml, cutoff=CUTOFF).accounting.accepted == 1


def test_inspection_shows_and_counts_numbers_that_lost_their_digits(tmp_path: Path) -> None:
    rows = [
        ["工单编号", "受理时间", "诉求类型"],
        [20250401093000123.0, "2025-04-01 09:30", "投诉"],
        [12, "2025-04-01", "投诉"],
    ]
    found = inspect_file(make_xlsx(tmp_path / "a.xlsx", {"工单": rows})).sheets[0].columns[0]
    assert found.samples == ("20250401093000120", "12")
    assert found.lost == 1
