"""Files as offices have them, made where a test wants them."""

import csv
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from jieban.ledger.read import Reading
from jieban.profile.city import Profile
from jieban.profile.load import load_profile
from jieban.profile.model import Policy

Read = Callable[..., Reading]
Rows = Sequence[Sequence[Any]]
SHANGHAI = ZoneInfo("Asia/Shanghai")
CUTOFF = dt.datetime(2025, 5, 7, 10, 30, tzinfo=SHANGHAI)

WIDE = (
    "工单编号",
    "受理时间",
    "派单时间",
    "签收时间",
    "办结时间",
    "诉求类型",
    "一级分类",
    "二级分类",
    "承办单位",
)
"""The headings of a small wide sheet."""


@cache
def city(name: str = "changji") -> Profile:
    """A profile, for tests whose arguments are printed when they fail: a profile is long."""
    return load_profile(name)


def wide_row(number: str, unit: str = "住建局", **other: Any) -> list[Any]:
    """A row under WIDE that is in order, but for what is said otherwise."""
    cells = {
        "工单编号": number,
        "受理时间": "2025-04-01 09:30:00",
        "派单时间": "2025-04-01 10:00:00",
        "签收时间": "2025-04-01 11:00:00",
        "办结时间": "2025-04-03 18:00:00",
        "诉求类型": "投诉",
        "一级分类": "住房保障类",
        "二级分类": "物业管理",
        "承办单位": unit,
    } | other
    return [cells[heading] for heading in WIDE]


def make_xlsx(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    merged: Mapping[str, Sequence[tuple[int, int, int, int]]] | None = None,
) -> Path:
    """A workbook; datetimes as dates, numbers as numbers, None as nothing. `merged` are (top, left, bottom, right)."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for place, value in enumerate(cells):
                    write_cell(sheet, row, place, value, date)
            for top, left, bottom, right in (merged or {}).get(name, ()):
                value = rows[top][left]
                sheet.merge_range(top, left, bottom, right, "")
                write_cell(sheet, top, left, value, date)
    return path


def write_cell(sheet: Any, row: int, place: int, value: Any, date: Any) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, place, value)
        case dt.datetime():
            sheet.write_datetime(row, place, value, date)
        case int() | float():
            sheet.write_number(row, place, value)
        case _:
            sheet.write_string(row, place, value)


def make_csv(path: Path, rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A csv file."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def utc(text: str, zone: ZoneInfo = SHANGHAI) -> dt.datetime:
    """A local time as the ledger stores it."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


def codes(reading: Reading) -> list[tuple[str, str]]:
    """Fault codes with their policies, in the order of rows."""
    return [(fault.code, fault.policy.value) for fault in reading.faults]


def with_policy(profile: Profile, **policies: Policy) -> Profile:
    """The profile with other policies for some faults."""
    return replace(profile, policies={**profile.policies, **policies})
