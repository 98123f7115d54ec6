"""Frozen snapshots: the rows that a period's figures come from, unchanged for as long as the report is public.

A snapshot is a directory: the four tables in Parquet, cut to the period and the two it is compared with; the profile's
canonical content; and `manifest.json`, which names every file with its SM3 digest and the versions of what counts
them. The same rows give the same bytes, whatever they were read from. `Snapshot.digest` stands for the whole.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import ibis

from jieban.indicators.cutoff import latest_recorded
from jieban.indicators.engines import open_engine
from jieban.indicators.engines.base import Engine
from jieban.indicators.errors import BadSnapshot
from jieban.indicators.model import Cohort, Window
from jieban.indicators.period import BadPeriod, Period
from jieban.indicators.queries import atoms_of
from jieban.indicators.registry import REGISTRY
from jieban.indicators.slices.atoms import Atoms
from jieban.indicators.slices.facts import Facts
from jieban.indicators.slices.tables import TYPES
from jieban.indicators.sources import Snapshot, Source, bind, tables_of, threads_for
from jieban.kernel.digest import canonical_json, sm3, sm3_file
from jieban.kernel.i18n import later, listed, tr, tr_later
from jieban.ledger.parquet import write_parquet
from jieban.ledger.schema import READABLE, SCHEMA_VERSION, TABLES, Ledger, table
from jieban.profile.canon import content
from jieban.profile.city import Profile

FORMAT = 1
MANIFEST = "manifest.json"
PROFILE = "profile.json"

_COUNTED_CONTENT = {
    "channels": later("渠道"),
    "co_handling": later("协办计数"),
    "counting": later("统计规则"),
    "mailboxes": later("信箱"),
    "order_scheme": later("工单所用的分类方案"),
    "request_types": later("诉求类型"),
    "streets": later("街道乡镇"),
    "topics": later("诉求热点的分类"),
    "tz": later("时区"),
    "unit_groups": later("单位分组"),
    "units": later("承办单位"),
}
"""The parts of a profile that figures depend on; the ledger's deadlines and codes are set already.

Wording, outline, spellings and later years of the calendar may change under a snapshot.
"""


def freeze(
    source: Source,
    profile: Profile,
    period: Period,
    directory: Path,
    *,
    cutoff: datetime | None = None,
    intake: Sequence[Mapping[str, int | str]] = (),
) -> Snapshot:
    """Write the snapshot of a period into `directory`, which must be empty or absent.

    `cutoff` is the data cut-off to be recorded; by default the latest plausible instant of the whole source. `intake`
    says what became of the rows that were read (numbers by table), for a report that tells of it. Raises
    BadSource for an incomplete source and BadSnapshot when the directory already holds something.
    """
    if directory.exists() and any(directory.iterdir()):
        raise BadSnapshot(tr("目录不是空的,不能在其中冻结快照。"), file=str(directory))
    windows = _windows(period)
    with open_engine("duckdb", threads=threads_for(source)) as engine:
        bind(engine, source)
        until = (cutoff or latest_recorded(engine, source, profile, period)).astimezone(UTC)
        facts = Facts.of(profile, period, windows, until)
        ledger = _kept(engine, source, facts)
    files = write_parquet(ledger, directory)
    (directory / PROFILE).write_bytes(canonical_json(content(profile)) + b"\n")
    manifest = {
        "format": FORMAT,
        "schema": SCHEMA_VERSION,
        "indicators": {declared.id: declared.version for declared in REGISTRY.values()},
        "profile": {"name": profile.name, "version": profile.version},
        "period": period.code,
        "windows": {window.value: [str(span.first), str(span.last)] for window, span in windows.items()},
        "cutoff": until.isoformat(),
        "intake": [dict(sorted(table.items())) for table in intake],
        "rows": {name: rows.num_rows for name, rows in ledger.tables().items()},
        "files": {path.name: sm3_file(path) for path in (*files, directory / PROFILE)},
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    (directory / MANIFEST).write_text(text, encoding="utf-8")
    return open_snapshot(directory)


def _windows(period: Period) -> dict[Window, Period]:
    return {
        Window.CURRENT: period,
        Window.PREVIOUS: period.previous(),
        Window.YEAR_BEFORE: period.year_before(),
    }


def _kept(engine: Engine, source: Source, facts: Facts) -> Ledger:
    """The rows of the three windows, what is open at the period's end, and what these belong together with."""
    tables = tables_of(source, [schema.name for schema in TABLES])
    for schema in TABLES:
        engine.bind(schema.name, tables[schema.name])
    whole = {
        schema.name: ibis.table({c.name: TYPES[c.kind] for c in schema.columns}, name=schema.name)
        for schema in TABLES
    }
    orders, handlings = (atoms_of(name, facts, whole) for name in ("orders", "handlings"))
    begun = orders.t.filter(_any(orders, (Cohort.DISPATCHED, Cohort.RECEIVED), facts))
    units = handlings.t.filter(
        _any(handlings, (Cohort.DISPATCHED,), facts) | handlings.t.order_no.isin(begun.order_no)
    )
    numbers = ibis.union(begun.select("order_no"), units.select("order_no"), distinct=True)
    engine.stage("kept_numbers", numbers)
    kept = ibis.table({"order_no": "string"}, name="kept_numbers").order_no
    letters = atoms_of("letters", facts, whole)
    rows = {
        "orders": whole["orders"].filter(whole["orders"].order_no.isin(kept)),
        "handlings": whole["handlings"].filter(whole["handlings"].order_no.isin(kept)),
        "letters": letters.t.filter(_any(letters, (Cohort.RECEIVED,), facts, still_open=False)),
        "callbacks": whole["callbacks"].filter(whole["callbacks"].order_no.isin(kept)),
    }
    return Ledger(**{name: engine.fetch(found.order_by(table(name).key)) for name, found in rows.items()})


def _any(atoms: Atoms, cohorts: tuple[Cohort, ...], facts: Facts, *, still_open: bool = True) -> Any:
    belongs = [atoms.in_cohort(cohort, window) for cohort in cohorts for window in facts.windows]
    if still_open:
        belongs.append(atoms.in_cohort(Cohort.OPEN_AT_END, Window.CURRENT))
    return reduce(or_, belongs)


def open_snapshot(directory: Path) -> Snapshot:
    """The snapshot in a directory, every file checked. Raises BadSnapshot, naming the file that isn't as frozen."""
    manifest = _manifest(directory)
    files = manifest["files"]
    for name in (*(f"{schema.name}.parquet" for schema in TABLES), PROFILE):
        path = directory / name
        if name not in files or not path.is_file():
            raise BadSnapshot(tr("快照缺少文件。"), file=name)
        if sm3_file(path) != files[name]:
            raise BadSnapshot(tr("文件与冻结时不同(SM3 不符)。"), file=name)
    if manifest["schema"] not in READABLE:
        raise BadSnapshot(
            tr("台账格式版本为 {found},本程序用 {wanted}。", found=manifest["schema"], wanted=SCHEMA_VERSION),
            file=MANIFEST,
        )
    return Snapshot(
        directory=directory,
        cutoff=datetime.fromisoformat(manifest["cutoff"]),
        period=Period.parse(manifest["period"]),
        profile_name=manifest["profile"]["name"],
        profile_version=manifest["profile"]["version"],
        intake=tuple(manifest["intake"]),
        rows=tuple(manifest["rows"].items()),
        indicators=tuple(manifest["indicators"].items()),
        digest=sm3((directory / MANIFEST).read_bytes()),
    )


def _manifest(directory: Path) -> Mapping[str, Any]:
    path = directory / MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
        complete = manifest["format"] == FORMAT and all(
            key in manifest
            for key in ("schema", "indicators", "profile", "period", "cutoff", "intake", "rows", "files")
        )
    except FileNotFoundError as absent:
        raise BadSnapshot(tr("目录中没有快照清单。"), file=str(path)) from absent
    except (ValueError, TypeError, KeyError) as unreadable:
        raise BadSnapshot(tr("快照清单无法识别。"), file=MANIFEST) from unreadable
    if not complete:
        raise BadSnapshot(tr("快照清单的版本或内容不符。"), file=MANIFEST)
    found: Mapping[str, Any] = manifest
    return found


def check_fits(snapshot: Snapshot, profile: Profile, period: Period) -> None:
    """Refuse to count a snapshot under another period, other rules or other versions than it was frozen for.

    Raises BadPeriod and BadSnapshot. A profile that differs only in what is printed is no other rule.
    """
    if period != snapshot.period:
        raise BadPeriod(
            tr("快照冻结的是{frozen},不是{asked}。", frozen=snapshot.period.label, asked=period.label),
            fix=tr("请以 {code} 为统计时段,或改用台账。", code=snapshot.period.code),
        )
    frozen = _counted_content(json.loads((snapshot.directory / PROFILE).read_text("utf-8")))
    now = _counted_content(json.loads(canonical_json(content(profile))))
    changed = [part for part in _COUNTED_CONTENT if frozen[part] != now[part]]
    if changed:
        raise BadSnapshot(
            tr(
                "配置中影响统计的部分在冻结后已改变:{parts}。",
                parts=listed([tr_later(_COUNTED_CONTENT[part]) for part in changed]),
            ),
            file=PROFILE,
        )
    versions = {declared.id: declared.version for declared in REGISTRY.values()}
    newer = [name for name, version in snapshot.indicators if versions.get(name) != version]
    if newer:
        raise BadSnapshot(
            tr("指标口径在冻结后已改变:{ids}。", ids=listed(newer)),
            file=MANIFEST,
        )


def _counted_content(plain: Mapping[str, Any]) -> dict[str, object]:
    co_handling = plain["workflow"]["co_handling"]["counting"]
    parts = {**plain, "tz": plain["clock"]["tz"], "co_handling": co_handling}
    return {part: _without_spellings(parts[part]) for part in _COUNTED_CONTENT}


def _without_spellings(plain: object) -> object:
    if isinstance(plain, dict):
        return {key: _without_spellings(value) for key, value in plain.items() if key != "aliases"}
    if isinstance(plain, list):
        return [_without_spellings(member) for member in plain]
    return plain
