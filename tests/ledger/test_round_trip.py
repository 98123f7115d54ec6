"""What is written is read back to the identical tables, in all three forms."""

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_files import CUTOFF, WIDE, Read, city, make_csv, wide_row

from jieban.ledger import parquet
from jieban.ledger.errors import BadLedger, NoTable
from jieban.ledger.parquet import Stored, read_parquet, write_parquet
from jieban.ledger.read import Reading, read_ledger
from jieban.ledger.schema import ORDERS, TABLES, Disposition, Ledger, LetterDisposition
from jieban.ledger.values.text import clean
from jieban.ledger.write import write_csv, write_xlsx
from jieban.ledger.writing.safe import DoesNotFit
from jieban.profile.city import Profile

LATER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


MORE = (
    "来源渠道",
    "所属街道乡镇",
    "满意度",
    "是否匿名",
    "诉求人",
    "诉求内容",
    "受理方式",
    "延期天数",
    "紧急程度",
)
CONTENTS = ("", "=1+1", "-5℃", "@所有人", "'引号'", "一\n二", 'a,b"c"', "\U0001f4a1灯")


def dirty(tmp_path: Path, profile: Profile, count: int = 150) -> Reading:
    """A ledger of everything: several years' names, flags, empty cells, two units, letters, callbacks."""
    chance = random.Random(3)  # noqa: S311 - test data
    rows = {"台账": _orders(profile, chance, count), "信箱": _letters(profile), "回访": _calls(count)}
    paths = [make_csv(tmp_path / f"{name}.csv", own) for name, own in rows.items() if len(own) > 1]
    return read_ledger(paths, profile, cutoff=LATER)


def _orders(profile: Profile, chance: random.Random, count: int) -> list[list[str]]:
    units = [s for unit in profile.units.values() for s in unit.spellings]
    streets = ["", "外星街道", *(s for street in profile.streets.values() for s in street.spellings)]
    types = [s for kind in profile.request_types.values() for s in kind.spellings]
    channels = ["", "脑电波", *(channel.name for channel in profile.channels.values())]
    rows = [[*WIDE, *MORE]]
    for number in range(count):
        topic = chance.choice(list(profile.order_topics.values()))
        start = dt.datetime(2024, 11, 1) + dt.timedelta(seconds=chance.randrange(330 * 86_400))  # noqa: DTZ001
        times = [f"{start + dt.timedelta(hours=hours)}" for hours in (0, chance.randrange(3), 5)]
        closed = chance.choice([f"{start + dt.timedelta(hours=70)}", ""])
        subtopic = chance.choice(["", "不详", *(member.name for member in topic.subtopics)])
        handlers = "、".join(chance.sample(units, chance.choice([1, 2])))
        rows.append([f"{number:05}", *times, closed, chance.choice(types), topic.name, subtopic, handlers])
        rows[-1] += [chance.choice(channels), chance.choice(streets)]
        rows[-1] += [chance.choice(["", "满意", "不满意", "还行吧"]), chance.choice(["", "是", "否"])]
        rows[-1] += [chance.choice(["", "买买提·艾力", "张 三"]), chance.choice(CONTENTS)]
        rows[-1] += [chance.choice(["", "直接答复"]), chance.choice(["", "5"]), chance.choice(["", "紧急"])]
    return rows


def _letters(profile: Profile) -> list[list[str]]:
    rows = [["来信编号", "信箱", "来信时间", "一级分类", "二级分类", "办理方式", "承办单位", "是否公开"]]
    for box in profile.mailboxes.values():
        for topic in profile.schemes[box.scheme].values():
            for member in topic.subtopics:
                own = [f"X{len(rows)}", box.name, "2025-04-01 08:00", topic.name, member.name]
                rows.append([*own, "转办", "", "是"])
    return rows


def _calls(count: int) -> list[list[str]]:
    rows = [["工单编号", "回访时间", "是否接通", "满意度", "回访备注"]]
    return rows + [[f"{n:05}", "2025-12-01 10:00", "是", "基本满意", "+86"] for n in range(0, count, 3)]


def assert_same(first: Ledger, second: Ledger) -> None:
    for name, table in first.tables().items():
        other = second.tables()[name]
        for column in table.column_names:
            assert other[column].equals(table[column]), (name, column)
        assert other.equals(table)
        assert other.schema.equals(table.schema, check_metadata=True)


@pytest.mark.parametrize("zone", [None, "America/New_York"])
@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_all_three_forms(tmp_path: Path, request: pytest.FixtureRequest, name: str, zone: str | None) -> None:
    profile: Profile = request.getfixturevalue(name)
    if zone is not None:
        profile = replace(profile, clock=replace(profile.clock, tz=ZoneInfo(zone)))
    reading = dirty(tmp_path, profile)
    ledger = reading.ledger
    assert ledger.orders.num_rows > 60
    assert ledger.orders["flags"].null_count < ledger.orders.num_rows
    assert (ledger.letters.num_rows > 0) == bool(profile.mailboxes)
    write_parquet(ledger, tmp_path / "parquet")
    assert_same(ledger, read_parquet(tmp_path / "parquet"))
    written = [
        [write_xlsx(ledger, profile, tmp_path / "a.xlsx")],
        list(write_csv(ledger, profile, tmp_path / "csv")),
    ]
    for paths in written:
        back = read_ledger(paths, profile, cutoff=LATER)
        assert back.accounting.rejected == 0, back.faults.counts()
        assert_same(ledger, back.ledger)


def test_a_file_without_some_column_comes_back_without(read: Read, tmp_path: Path, changji: Profile) -> None:
    rows = [[c for c, h in zip(row, WIDE, strict=True) if h != "签收时间"] for row in (WIDE, wide_row("1"))]
    ledger = read(rows).ledger
    assert ledger.orders["sign_due_at"].null_count == 1
    back = read_ledger([write_xlsx(ledger, changji, tmp_path / "a.xlsx")], changji, cutoff=CUTOFF)
    assert_same(ledger, back.ledger)


def test_an_hour_that_the_clocks_repeat_is_told_apart(tmp_path: Path, changji: Profile) -> None:
    profile = replace(changji, clock=replace(changji.clock, tz=ZoneInfo("America/New_York")))
    rows = [WIDE]
    for number, offset in ((1, "-04:00"), (2, "-05:00")):
        words = ("受理时间", "派单时间", "签收时间")
        times = {name: f"2025-11-02 01:{3 + n}0:00{offset}" for n, name in enumerate(words)}
        rows.append(wide_row(str(number), 办结时间=None, **times))
    ledger = read_ledger([make_csv(tmp_path / "a.csv", rows)], profile, cutoff=LATER).ledger
    first, second = ledger.orders["received_at"].to_pylist()
    assert second - first == dt.timedelta(hours=1)
    for paths in (
        [write_xlsx(ledger, profile, tmp_path / "b.xlsx")],
        list(write_csv(ledger, profile, tmp_path / "c")),
    ):
        assert_same(ledger, read_ledger(paths, profile, cutoff=LATER).ledger)


def test_codes_whose_name_meant_something_else_that_day_are_written_as_codes(
    tmp_path: Path, yunting: Profile
) -> None:
    headings = ("工单编号", "受理时间", "诉求类型", "一级分类", "二级分类", "所属街道乡镇", "受理方式")
    rows = [headings, ("1", "2024-12-30", "咨询", "劳作", "技能班", "石桥镇", "直接答复")]
    ledger = read_ledger([make_csv(tmp_path / "a.csv", rows)], yunting, cutoff=LATER).ledger
    order = ledger.orders.to_pylist()[0]
    assert (order["street"], order["subtopic"]) == ("stone-bridge", "lessons")
    # The same order a day after both had ended, as another program may have stored it.
    later = order | {"received_at": dt.datetime(2025, 1, 2, tzinfo=dt.UTC)}
    tables = ledger.tables() | {"orders": pa.Table.from_pylist([later], schema=ORDERS.arrow)}
    kept = Ledger(**tables)
    for paths in (
        [write_xlsx(kept, yunting, tmp_path / "b.xlsx")],
        list(write_csv(kept, yunting, tmp_path / "c")),
    ):
        back = read_ledger(paths, yunting, cutoff=LATER).ledger
        assert back.orders["street"].to_pylist() == ["stone-bridge"]
        assert back.orders["subtopic"].to_pylist() == ["lessons"]


SNARES = ["=1+1", "'=1+1", "''", '="x"', "-", "+8", "@", "_x000D_", "_x005F_", "a\r\nb", "\tx"]
SNARES += ["TRUE", "1e5", "0012", "2025-04-01", "  ", "\x0b", "a\x00b"]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(SNARES)
NOT_SENT = (
    "dispatched_at",
    "signed_at",
    "closed_at",
    "sign_due_at",
    "sign_rule",
    "close_due_at",
    "close_rule",
)


def ledger_with(read_one: Ledger, contents: list[str]) -> Ledger:
    """The ledger of one order, repeated with other contents, as the reader would have cleaned them."""
    order = read_one.orders.to_pylist()[0] | {"disposition": "answered"} | dict.fromkeys(NOT_SENT)
    cleaned = clean(pa.array(contents, pa.string()), verbatim=True).to_pylist()
    rows = [order | {"order_no": f"n{number}", "content": text} for number, text in enumerate(cleaned)]
    tables = {schema.name: schema.arrow.empty_table() for schema in TABLES}
    return Ledger(**(tables | {"orders": pa.Table.from_pylist(rows, schema=ORDERS.arrow)}))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts, min_size=1, max_size=30))
def test_any_text_survives_csv(read: Read, tmp_path: Path, contents: list[str]) -> None:
    ledger = ledger_with(read([WIDE, wide_row("1")]).ledger, contents)
    back = read_ledger(list(write_csv(ledger, city(), tmp_path / "csv")), city(), cutoff=CUTOFF)
    assert back.ledger.orders["content"].to_pylist() == ledger.orders["content"].to_pylist()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts, min_size=20, max_size=60))
def test_any_text_survives_xlsx(read: Read, tmp_path: Path, contents: list[str]) -> None:
    ledger = ledger_with(read([WIDE, wide_row("1")]).ledger, contents)
    back = read_ledger([write_xlsx(ledger, city(), tmp_path / "a.xlsx")], city(), cutoff=CUTOFF)
    assert back.ledger.orders["content"].to_pylist() == ledger.orders["content"].to_pylist()


def test_the_same_contents_have_the_same_bytes(read: Read, tmp_path: Path, changji: Profile) -> None:
    rows = [WIDE, wide_row("1", "住建局、城管局"), wide_row("2", "公安局"), wide_row("3", 二级分类="")]
    written: list[list[bytes]] = []
    for number, own in enumerate((rows, [rows[0], *rows[1:]])):
        ledger = read(own).ledger
        # Other chunks and dictionaries, the same contents.
        if number:
            ledger = Ledger(
                **{n: pa.concat_tables([t.slice(0, 1), t.slice(1)]) for n, t in ledger.tables().items()}
            )
        directory = tmp_path / str(number)
        files = [*write_parquet(ledger, directory), *write_csv(ledger, changji, directory)]
        files.append(write_xlsx(ledger, changji, directory / "a.xlsx"))
        written.append([path.read_bytes() for path in files])
    assert written[0] == written[1]


@pytest.mark.parametrize("sign", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_what_citizens_say_is_never_a_formula(
    read: Read, tmp_path: Path, changji: Profile, sign: str
) -> None:
    ledger = ledger_with(read([WIDE, wide_row("1")]).ledger, [f"x{sign}", sign])
    text = ledger.orders["content"].to_pylist()[1]
    sheet = openpyxl.load_workbook(write_xlsx(ledger, changji, tmp_path / "a.xlsx"))["工单"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert len(cells) == 1
    assert cells[0].data_type == "s"
    assert cells[0].quotePrefix
    plain = write_csv(ledger, changji, tmp_path / "csv")[0].read_text(encoding="utf-8-sig")
    assert f"'{text}" in plain
    assert f",{text}" not in plain


def test_what_a_sheet_cannot_hold_is_refused_not_cut(read: Read, tmp_path: Path, changji: Profile) -> None:
    ledger = ledger_with(read([WIDE, wide_row("1")]).ledger, ["长" * 32_768])
    with pytest.raises(DoesNotFit, match="诉求内容"):
        write_xlsx(ledger, changji, tmp_path / "a.xlsx")
    back = read_ledger(list(write_csv(ledger, changji, tmp_path / "csv")), changji, cutoff=CUTOFF)
    assert_same(ledger, back.ledger)


# Canonical files as input


def test_canonical_directories_are_taken_as_they_are(read: Read, tmp_path: Path, changji: Profile) -> None:
    ledger = read([WIDE, wide_row("1"), wide_row("2", 二级分类="不详")]).ledger
    write_parquet(ledger, tmp_path / "四月")
    reading = read_ledger([tmp_path / "四月"], changji)
    assert_same(ledger, reading.ledger)
    assert (reading.accounting.read, reading.accounting.accepted, reading.accounting.flagged) == (4, 4, 1)
    assert reading.accounting.balanced
    one = read_ledger([tmp_path / "四月" / "orders.parquet"], changji)
    assert one.ledger.orders.equals(ledger.orders)
    assert one.ledger.handlings.num_rows == 0


def test_canonical_and_other_files_come_together(tmp_path: Path, changji: Profile) -> None:
    march = read_ledger([make_csv(tmp_path / "三月.csv", [WIDE, wide_row("1")])], changji, cutoff=CUTOFF)
    write_parquet(march.ledger, tmp_path / "三月")
    april = make_csv(tmp_path / "四月.csv", [WIDE, wide_row("2", "城管局")])
    reading = read_ledger([april, tmp_path / "三月"], changji, cutoff=CUTOFF)
    assert sorted(reading.ledger.orders["order_no"].to_pylist()) == ["1", "2"]
    assert sorted(reading.ledger.handlings["unit"].to_pylist()) == ["housing", "urban-management"]
    assert reading.accounting.tables["orders"] == 2
    with pytest.raises(BadLedger, match="重复"):
        read_ledger([tmp_path / "三月.csv", tmp_path / "三月"], changji, cutoff=CUTOFF)


def test_other_parquet_files_are_refused(tmp_path: Path, changji: Profile) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "empty").mkdir()
    for name, refusal in (("a.parquet", BadLedger), ("b.parquet", BadLedger), ("empty", NoTable)):
        with pytest.raises(refusal):
            read_ledger([tmp_path / name], changji)


def test_tables_of_another_version_are_refused(read: Read, tmp_path: Path, changji: Profile) -> None:
    write_parquet(read([WIDE, wide_row("1")]).ledger, tmp_path)
    path = tmp_path / "orders.parquet"
    table = pq.read_table(path)
    older = table.replace_schema_metadata(table.schema.metadata | {b"jieban.schema": b"0"})
    pq.write_table(older, path)
    with pytest.raises(BadLedger, match="版本"):
        read_ledger([tmp_path], changji)


def test_tables_of_the_version_before_are_read_as_they_are(
    read: Read, tmp_path: Path, changji: Profile
) -> None:
    ledger = read([WIDE, wide_row("1"), wide_row("2", 受理方式="直接答复")]).ledger
    for path in write_parquet(ledger, tmp_path):
        table = pq.read_table(path)
        older = table.replace_schema_metadata(table.schema.metadata | {b"jieban.schema": b"2"})
        pq.write_table(older, path)
    assert_same(ledger, read_ledger([tmp_path], changji).ledger)


@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_what_a_request_or_a_letter_became_comes_back_whatever_it_was(
    tmp_path: Path, request: pytest.FixtureRequest, name: str
) -> None:
    profile: Profile = request.getfixturevalue(name)
    ledger = read_ledger([_of_every_fate(tmp_path, profile)], profile, cutoff=LATER).ledger
    assert set(ledger.orders["disposition"].to_pylist()) == set(Disposition)
    if profile.mailboxes:
        assert set(ledger.letters["disposition"].to_pylist()) == set(LetterDisposition)
    for paths in (
        [write_xlsx(ledger, profile, tmp_path / "b.xlsx")],
        list(write_csv(ledger, profile, tmp_path / "c")),
    ):
        back = read_ledger(paths, profile, cutoff=LATER)
        assert back.accounting.rejected == 0
        assert_same(ledger, back.ledger)


def _of_every_fate(tmp_path: Path, profile: Profile) -> Path:
    at, topic = "2025-04-01 08:00", next(iter(profile.order_topics.values()))
    kind = next(iter(profile.request_types.values())).name
    orders = [["工单编号", "受理时间", "派单时间", "诉求类型", "一级分类", "受理方式"]]
    orders += [
        [f"A{code}", at, at, kind, topic.name, profile.label("disposition", code).name]
        for code in Disposition
    ]
    book = openpyxl.Workbook()
    book.active.title = "工单"
    tables = {"工单": orders}
    for box in list(profile.mailboxes.values())[:1]:
        own = next(iter(profile.schemes[box.scheme].values())).name
        tables["信箱来信"] = [
            ["来信编号", "信箱", "收到时间", "一级分类", "办理方式"],
            *(
                [f"X{code}", box.name, at, own, profile.label("letter_disposition", code).name]
                for code in LetterDisposition
            ),
        ]
    for title, rows in tables.items():
        sheet = book.active if title == "工单" else book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_a_stored_ledger_is_written_piece_by_piece_to_the_same_bytes(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    profile: Profile = request.getfixturevalue(name)
    ledger = dirty(tmp_path, profile).ledger
    write_parquet(ledger, tmp_path / "stored")
    stored = Stored(directory=tmp_path / "stored")
    assert {each.name: stored.rows(each.name) for each in TABLES} == {
        table: rows.num_rows for table, rows in ledger.tables().items()
    }
    monkeypatch.setattr(parquet, "_PIECE", 7)
    assert len(list(stored.pieces(ORDERS))) == -(-ledger.orders.num_rows // 7)
    whole = [write_xlsx(ledger, profile, tmp_path / "a.xlsx"), *write_csv(ledger, profile, tmp_path / "a")]
    pieces = [write_xlsx(stored, profile, tmp_path / "b.xlsx"), *write_csv(stored, profile, tmp_path / "b")]
    assert [path.read_bytes() for path in whole] == [path.read_bytes() for path in pieces]
