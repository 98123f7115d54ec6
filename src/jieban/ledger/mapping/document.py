"""Mappings read from TOML; everything wrong with one is told with its line."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.ledger.errors import BadMapping
from jieban.ledger.mapping.match import canonical_names
from jieban.ledger.mapping.model import (
    UNIT_SEPARATORS,
    DateOrder,
    Dates,
    LeaveOut,
    Mapping,
    Rows,
    SheetMapping,
    Twice,
)
from jieban.ledger.schema import ORDERS, TABLES
from jieban.profile.documents.faults import Fault, Faults, did_you_mean
from jieban.profile.documents.files import Source
from jieban.profile.documents.table import Table

VERSION = 1
NO_TABLE = "none"


def load_mapping(path: Path) -> Mapping:
    """The mapping in the file at `path`. Raises BadMapping with the first fault and the number of others."""
    mapping, faults = read_mapping(path)
    if mapping is not None:
        return mapping
    first = faults[0]
    more = tr("(另有 {n} 处问题。)", n=len(faults) - 1) if len(faults) > 1 else ""
    raise BadMapping(first.what, where=first.where, fix=first.fix + more)


def read_mapping(path: Path) -> tuple[Mapping | None, list[Fault]]:
    """The mapping in the file at `path`, or None and everything that is wrong with it."""
    faults = Faults()
    if not path.is_file():
        faults.add("no_such_mapping", Where(file=str(path)), tr("没有这个对照文件。"), tr("请检查路径。"))
        return None, list(faults)
    document = Table(Source(directory=path.parent, base=None).toml(path.name, faults), faults)
    if (version := document.integer("version", default=VERSION)) != VERSION:
        what = tr("对照文件的版本为 {version},本程序读的是 {own}。", version=version, own=VERSION)
        document.fault("bad_version", "version", what, tr("请用 jieban ledger inspect 重新写出。"))
    sheets = tuple(_sheet(table) for table in document.tables("sheets"))
    document.close()
    found = list(faults)
    return (None if found else Mapping(sheets=sheets, source=path.name)), found


def _optional(table: Table, key: str, default: str) -> str:
    return table.text(key, may_be_empty=True) if key in table else default


def _sheet(table: Table) -> SheetMapping:
    name = _optional(table, "table", ORDERS.name)
    known = [schema.name for schema in TABLES] + [NO_TABLE]
    if name not in known:
        table.fault(
            "unknown_value", "table", tr("没有“{name}”这张表。", name=name), did_you_mean(name, known)
        )
    dates, zone_ok = _dates(table.table("dates"))
    mapping = SheetMapping(
        file=_optional(table, "file", "*"),
        sheet=_optional(table, "sheet", "*"),
        table=None if name == NO_TABLE else name,
        reason=_optional(table, "reason", ""),
        rows=table.choice("rows", Rows, Rows.ORDERS),
        heading_row=table.integer("heading_row", least=1, default=1),
        heading_rows=table.integer("heading_rows", least=1, default=1),
        columns=_columns(table, name),
        constants=_texts(table, "constants", name),
        values=_values(table, name),
        dates=dates if zone_ok else Dates(),
        unit_separators=table.texts("unit_separators", default=UNIT_SEPARATORS),
        leave_out=tuple(_leave_out(rule) for rule in table.tables("leave_out", required=False)),
    )
    table.close()
    return mapping


def _columns(table: Table, name: str) -> dict[str, tuple[str, ...]]:
    inner = table.table("columns")
    found: dict[str, tuple[str, ...]] = {}
    filled: dict[str, str] = {}
    for heading, value in table.plain("columns").items():
        one = isinstance(value, str)
        given = (inner.text(heading, may_be_empty=True),) if one else inner.texts(heading)
        targets = tuple(target.strip() for target in given if target.strip())
        for target in targets:
            _check_target(inner, heading, target, name)
            qualified = target if "." in target else f"{name}.{target}"
            if (other := filled.setdefault(qualified, heading)) != heading:
                what = tr("“{a}”和“{b}”都填写 {target}。", a=other, b=heading, target=target)
                inner.fault("filled_twice", heading, what, tr("请只留一列。"))
        if targets:
            found[heading] = targets
    return found


def _check_target(table: Table, key: str, target: str, name: str) -> None:
    known = canonical_names()
    if (target if "." in target else f"{name}.{target}") in known:
        return
    own = [full.partition(".")[2] for full in sorted(known) if full.startswith(f"{name}.")]
    what = tr("{key} 指向的“{target}”不是标准台账的列。", key=table.name(key), target=target)
    table.fault("unknown_column", key, what, did_you_mean(target, [*own, *sorted(known)]))


def _texts(table: Table, key: str, name: str) -> dict[str, str]:
    """A table of texts by canonical column."""
    inner = table.table(key)
    found = {}
    for target in inner.keys:
        _check_target(inner, target, target, name)
        found[target] = inner.text(target, may_be_empty=True)
    return found


def _values(table: Table, name: str) -> dict[str, dict[str, str]]:
    outer = table.table("values")
    found: dict[str, dict[str, str]] = {}
    for target in outer.keys:
        _check_target(outer, target, target, name)
        inner = outer.table(target)
        words = {word: inner.text(word, may_be_empty=True).strip() for word in inner.keys}
        found[target] = {word: meant for word, meant in words.items() if meant}
    return found


def _dates(table: Table) -> tuple[Dates, bool]:
    zone = _optional(table, "time_zone", "") or None
    ok = True
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (KeyError, OSError, ValueError):
            ok = False
            what = tr("没有“{zone}”这个时区。", zone=zone)
            table.fault("unknown_zone", "time_zone", what, tr("请写 IANA 名称,如 Asia/Shanghai。"))
    dates = Dates(
        order=table.choice("order", DateOrder, DateOrder.YEAR_FIRST),
        formats=table.texts("formats", default=()),
        time_zone=zone,
        twice=table.choice("twice", Twice, Twice.EARLIER),
    )
    table.close()
    return dates, ok


def _leave_out(table: Table) -> LeaveOut:
    pattern = _optional(table, "matches", "") or None
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            pattern = None
            what = tr("matches 不是正确的正则表达式({detail})。", detail=error)
            table.fault("bad_pattern", "matches", what, tr("请改正;要整格相等请用 equals。"))
    rule = LeaveOut(
        column=table.text("column"),
        reason=table.text("reason"),
        equals=table.texts("equals", default=()),
        matches=pattern,
        empty=table.flag("empty", default=False),
    )
    if not (rule.equals or "matches" in table or rule.empty):
        what = tr("这条规则没有条件。")
        table.fault("no_condition", "column", what, tr("请写 equals、matches 或 empty = true。"))
    table.close()
    return rule
