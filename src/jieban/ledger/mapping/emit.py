"""Mappings written as TOML, with what a person needs to correct them."""

import json
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map

from jieban.kernel.i18n import listed, tr
from jieban.ledger.mapping.document import NO_TABLE, VERSION
from jieban.ledger.mapping.headings import targets_of
from jieban.ledger.mapping.model import UNIT_SEPARATORS, Dates, LeaveOut, Mapping, Rows, SheetMapping
from jieban.ledger.mapping.needs import required
from jieban.ledger.schema import TABLES


def to_toml(mapping: Mapping) -> str:
    """The mapping as text that `load_mapping` reads back to the same value."""
    lines = [
        "# " + tr("台账对照:说明来源文件的每一列是标准台账的哪一列。各列的含义见 docs/ledger.md。"),
        "# " + tr('改好后:jieban ledger check 文件 --mapping 本文件。未用的列写成空文字 ""。'),
        f"version = {VERSION}",
    ]
    for sheet in mapping.sheets:
        lines += ["", *_sheet(sheet)]
    return "\n".join(lines) + "\n"


def _sheet(sheet: SheetMapping) -> Iterator[str]:
    yield "[[sheets]]"
    for note in sheet.notes:
        yield from (f"# {line}" for line in note.splitlines())
    yield f"file = {quoted(sheet.file)}"
    yield f"sheet = {quoted(sheet.sheet)}"
    yield f"table = {quoted(sheet.table or NO_TABLE)}  # " + tr(
        "orders 工单、handlings 承办、letters 来信、callbacks 回访、none 不读"
    )
    if sheet.reason:
        yield f"reason = {quoted(sheet.reason)}"
    if sheet.table is None:
        yield from _choices(sheet)
        return
    if sheet.rows is Rows.HANDLINGS or any("handlings." in t for ts in sheet.columns.values() for t in ts):
        yield f"rows = {quoted(sheet.rows)}  # " + tr("一行是一件工单 orders,还是一次承办 handlings")
    yield f"heading_row = {sheet.heading_row}"
    if sheet.heading_rows > 1:
        yield f"heading_rows = {sheet.heading_rows}"
    if sheet.unit_separators != UNIT_SEPARATORS:
        yield f"unit_separators = {array(sheet.unit_separators)}"
    yield from _table("columns", sheet.columns)
    if sheet.constants:
        yield from _table("constants", sheet.constants)
    for column, words in sheet.values.items():
        yield from _table(f"values.{quoted(column) if '.' in column else column}", words)
    yield from _dates(sheet.dates)
    for rule in sheet.leave_out:
        yield from _leave_out(rule)


def _choices(sheet: SheetMapping) -> Iterator[str]:
    """What a sheet that seemed to be no table would need, were it one: its headings, to be filled in."""
    if not sheet.columns:
        return
    yield "#"
    yield "# " + tr("如果这其实是台账:改 table,删去以下各行开头的 #,并写明每一列是什么。")
    for schema in TABLES:
        needed = listed(f"{column.name} {column.heading}" for column in required(schema))
        yield "# " + tr("{table} 必需:{columns}", table=schema.name, columns=needed)
    yield f"# heading_row = {sheet.heading_row}"
    yield "#"
    yield "# [sheets.columns]"
    for heading in sheet.columns:
        targets = dict.fromkeys(target.column.name for target in targets_of(heading))
        yield f"# {quoted(heading)} = {quoted(next(iter(targets), ''))}"


def _leave_out(rule: LeaveOut) -> Iterator[str]:
    yield ""
    yield "[[sheets.leave_out]]"
    yield f"column = {quoted(rule.column)}"
    if rule.equals:
        yield f"equals = {array(rule.equals)}"
    if rule.matches is not None:
        yield f"matches = {quoted(rule.matches)}"
    if rule.empty:
        yield "empty = true"
    yield f"reason = {quoted(rule.reason)}"


def _table(name: str, items: Map[str, str] | Map[str, tuple[str, ...]]) -> Iterator[str]:
    yield ""
    yield f"[sheets.{name}]"
    for key, value in items.items():
        if isinstance(value, str):
            yield f"{quoted(key)} = {quoted(value)}"
        elif len(value) == 1:
            yield f"{quoted(key)} = {quoted(value[0])}"
        else:
            yield f"{quoted(key)} = {array(value) if value else quoted('')}"


def _dates(dates: Dates) -> Iterator[str]:
    if dates == Dates():
        return
    yield ""
    yield "[sheets.dates]"
    yield f"order = {quoted(dates.order)}"
    if dates.formats:
        yield f"formats = {array(dates.formats)}"
    if dates.time_zone:
        yield f"time_zone = {quoted(dates.time_zone)}"
    yield f"twice = {quoted(dates.twice)}"


def quoted(text: str) -> str:
    """A text as a TOML string."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def array(texts: Sequence[str]) -> str:
    """Texts as a TOML array."""
    return "[" + ", ".join(map(quoted, texts)) + "]"
