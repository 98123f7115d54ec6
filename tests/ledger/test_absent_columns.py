"""What a file has no column for stays unsaid: neither no nor none, in whatever form and company it is read."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ledger_files import CUTOFF, WIDE, Read, make_csv, utc, wide_row

from jieban.ledger.doors.open import open_raw
from jieban.ledger.mapping.guess import guess_sheet
from jieban.ledger.mapping.model import Mapping
from jieban.ledger.parquet import write_parquet
from jieban.ledger.read import read_ledger
from jieban.ledger.schema import ABSENT, HANDLINGS, ORDERS, TABLES, Ledger
from jieban.ledger.write import write_csv, write_xlsx
from jieban.profile.city import Profile

MORE = ("重办次数", "是否退单", "延期天数", "重复诉求原单", "满意度")
PLAIN = ("工单编号", "受理时间", "诉求类型", "一级分类")
HANDLED = ("工单编号", "承办单位", "派单时间")


def absent(ledger: Ledger, name: str = "orders") -> list[set[str]]:
    """The columns that each row of a table lacked."""
    return [set((text or "").split(",")) - {""} for text in ledger.tables()[name][ABSENT].to_pylist()]


def tables(tmp_path: Path, profile: Profile, files: dict[str, Sequence[Sequence[str]]]) -> Ledger:
    paths = [make_csv(tmp_path / f"{name}.csv", rows) for name, rows in files.items()]
    return read_ledger(paths, profile, cutoff=CUTOFF).ledger


def test_an_empty_cell_says_no_and_an_absent_column_nothing(read: Read) -> None:
    there = read([(*WIDE, *MORE), [*wide_row("1"), *[""] * len(MORE)]]).ledger
    lacking = read([WIDE, wide_row("1")]).ledger
    order, handling = there.orders.to_pylist()[0], there.handlings.to_pylist()[0]
    assert (order["reopen_count"], handling["returned"], handling["extension_days"]) == (0, False, 0)
    assert not absent(there)[0] & {"reopen_count", "repeat_of", "satisfaction"}
    assert not absent(there, "handlings")[0] & {"returned", "extension_days"}
    order, handling = lacking.orders.to_pylist()[0], lacking.handlings.to_pylist()[0]
    assert order["reopen_count"] is None
    assert (handling["returned"], handling["extension_days"]) == (None, None)
    assert absent(lacking)[0] >= {"reopen_count", "repeat_of", "satisfaction", "disposition", "excluded"}
    assert absent(lacking, "handlings")[0] >= {"returned", "extension_days", "rework_count"}
    assert not absent(lacking)[0] & {"signed_at", "closed_at"}


def test_a_constant_of_the_mapping_is_a_column(tmp_path: Path, changji: Profile) -> None:
    path = make_csv(tmp_path / "a.csv", [WIDE, wide_row("1")])
    guessed = guess_sheet(open_raw(path).sheets[0], path.name).mapping
    mapping = Mapping(sheets=(replace(guessed, constants={"excluded": "否"}),))
    ledger = read_ledger([path], changji, mapping=mapping, cutoff=CUTOFF).ledger
    assert ledger.orders["excluded"].to_pylist() == [False]
    assert "excluded" not in absent(ledger)[0]


def test_without_a_column_of_dispositions_every_order_counts_as_dispatched(read: Read) -> None:
    ledger = read([WIDE, wide_row("1")]).ledger
    assert ledger.orders["disposition"].to_pylist() == ["dispatched"]
    assert "disposition" in absent(ledger)[0]


def test_without_urgency_the_ordinary_deadlines_hold(read: Read) -> None:
    said = read([(*WIDE, "紧急程度"), [*wide_row("1"), "一般"]]).ledger.orders.to_pylist()[0]
    unsaid = read([WIDE, wide_row("1")]).ledger.orders.to_pylist()[0]
    assert unsaid["urgency"] is None
    assert (unsaid["close_rule"], unsaid["close_due_at"]) == (said["close_rule"], said["close_due_at"])


def test_each_file_tells_for_its_own_rows(tmp_path: Path, changji: Profile) -> None:
    files = {
        "三月": [WIDE, wide_row("1")],
        "四月": [(*WIDE, *MORE), [*wide_row("2"), "1", "是", "", "", ""]],
    }
    ledger = tables(tmp_path, changji, files)
    assert ledger.orders["reopen_count"].to_pylist() == [None, 1]
    assert ledger.handlings["returned"].to_pylist() == [None, True]
    assert ledger.handlings["extension_days"].to_pylist() == [None, 0]
    march, april = absent(ledger)
    assert march - april == {"reopen_count", "repeat_of", "satisfaction"}


WRITE: dict[str, Callable[[Ledger, Profile, Path], Sequence[Path]]] = {
    "xlsx": lambda ledger, profile, folder: [write_xlsx(ledger, profile, folder / "a.xlsx")],
    "csv": lambda ledger, profile, folder: list(write_csv(ledger, profile, folder)),
    "parquet": lambda ledger, _, folder: (write_parquet(ledger, folder), [folder])[1],
}


@pytest.mark.parametrize("form", WRITE)
@pytest.mark.parametrize("city", ["changji", "yunting"])
def test_what_was_absent_is_still_absent_after_writing_and_reading(
    tmp_path: Path, request: pytest.FixtureRequest, city: str, form: str
) -> None:
    profile: Profile = request.getfixturevalue(city)
    kind = next(iter(profile.request_types.values())).name
    topic = next(iter(profile.order_topics.values())).name
    units = [unit.name for unit in profile.units.values()][:2]

    def row(number: str) -> list[Any]:
        more = {"诉求类型": kind, "一级分类": topic, "二级分类": "", "承办单位": "、".join(units)}
        return wide_row(number, **more)

    short = [heading for heading in WIDE if heading not in {"签收时间", "办结时间"}]
    files = {
        "一": [short, [cell for cell, h in zip(row("1"), WIDE, strict=True) if h in short]],
        "二": [(*WIDE, *MORE), [*row("2"), "", "", "3", "1", "满意"]],
        "三": [WIDE, row("3")],
    }
    ledger = tables(tmp_path, profile, files)
    assert [len(lacking & {"signed_at", "closed_at", "repeat_of"}) for lacking in absent(ledger)] == [3, 0, 1]
    back = read_ledger(WRITE[form](ledger, profile, tmp_path / "out"), profile, cutoff=CUTOFF).ledger
    for name, table in ledger.tables().items():
        assert back.tables()[name].equals(table), name


def test_a_stage_that_only_handlings_tell_of_is_told_of_their_orders(
    tmp_path: Path, changji: Profile
) -> None:
    orders = [PLAIN, *([str(n), "2025-04-01 09:30", "投诉", "住房保障类"] for n in (1, 2))]
    handlings = [(*HANDLED, "办结时间"), ["1", "住建局", "2025-04-01 10:00", "2025-04-02 10:00"]]
    handlings.append(["2", "住建局", "2025-04-01 10:00", ""])
    ledger = tables(tmp_path, changji, {"工单": orders, "承办": handlings})
    assert ledger.orders["closed_at"].to_pylist() == [utc("2025-04-02 10:00"), None]
    for lacking in (*absent(ledger), *absent(ledger, "handlings")):
        assert "closed_at" not in lacking
        assert "signed_at" in lacking


def test_an_order_one_of_whose_handlings_tells_nothing_of_the_close_is_not_told_of(
    tmp_path: Path, changji: Profile
) -> None:
    orders = [PLAIN, ["1", "2025-04-01 09:30", "投诉", "住房保障类"]]
    first = [(*HANDLED, "办结时间"), ["1", "住建局", "2025-04-01 10:00", "2025-04-02 10:00"]]
    second = [HANDLED, ["1", "城管局", "2025-04-01 10:00"]]
    ledger = tables(tmp_path, changji, {"工单": orders, "承办一": first, "承办二": second})
    assert "closed_at" in absent(ledger)[0]
    assert ledger.orders["close_due_at"].to_pylist() == [None]


CALLS = ("工单编号", "回访时间", "是否接通")


def test_callbacks_tell_of_every_order_whether_it_was_called(tmp_path: Path, changji: Profile) -> None:
    orders = [WIDE, wide_row("1"), wide_row("2")]
    calls = [(*CALLS, "满意度"), ["1", "2025-04-05 10:00", "是", "满意"]]
    ledger = tables(tmp_path, changji, {"工单": orders, "回访": calls})
    assert ledger.orders["called_back"].to_pylist() == [True, None]
    for lacking in absent(ledger):
        assert not lacking & {"called_back", "satisfaction"}


def test_callbacks_without_ratings_tell_of_none(tmp_path: Path, changji: Profile) -> None:
    calls = [(*CALLS, "是否解决"), ["1", "2025-04-05 10:00", "是", "是"]]
    ledger = tables(tmp_path, changji, {"工单": [WIDE, wide_row("1")], "回访": calls})
    assert absent(ledger)[0] >= {"called_back", "satisfaction"}
    assert ledger.orders["called_back"].to_pylist() == [None]
    assert ledger.orders["resolved"].to_pylist() == [True]


def test_only_columns_whose_empty_cell_says_something_are_recorded() -> None:
    for schema in TABLES:
        for column in schema.columns:
            assert not (column.recorded and column.required)
    assert {"channel", "street", "contacted", "resolved"}.isdisjoint(ORDERS.recorded)
    assert "role" not in HANDLINGS.recorded
