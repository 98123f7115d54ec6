"""Reading ledgers: files in, canonical tables out, every row accounted for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from jieban.kernel.errors import Where
from jieban.kernel.i18n import listed, tr
from jieban.ledger.accounting import Accounting, SheetAccount
from jieban.ledger.arrow import Bools, plain_memory
from jieban.ledger.canonical import is_canonical, merged, read_canonical
from jieban.ledger.doors.open import open_raw
from jieban.ledger.doors.twice import given_twice
from jieban.ledger.doors.workbook import DEFAULT_LIMITS, Limits
from jieban.ledger.errors import BadMapping, NoTable
from jieban.ledger.faultlist import FaultList
from jieban.ledger.mapping.document import load_mapping
from jieban.ledger.mapping.guess import guess_sheet
from jieban.ledger.mapping.headings import targets_of
from jieban.ledger.mapping.model import Mapping, SheetMapping
from jieban.ledger.mapping.needs import is_wide, missing
from jieban.ledger.raw import RawBook
from jieban.ledger.reading.cells import Desk
from jieban.ledger.reading.link import link
from jieban.ledger.reading.log import ACCEPTED, LEFT_OUT, REJECTED, RowLog
from jieban.ledger.reading.part import Part
from jieban.ledger.reading.places import Places
from jieban.ledger.reading.source import Source, open_source
from jieban.ledger.reading.table import SheetReader
from jieban.ledger.reading.wide import read_wide
from jieban.ledger.schema import TABLES, Ledger, table
from jieban.profile.city import Profile

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""

_DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What reading gave: the ledger, the account of every row, the faults found, and what is needed to show them."""

    ledger: Ledger
    accounting: Accounting
    faults: FaultList
    log: RowLog
    places: Places


@plain_memory()
def read_ledger(
    paths: Sequence[Path],
    profile: Profile,
    *,
    mapping: Mapping | Path | None = None,
    cutoff: datetime | None = None,
    progress: Progress | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """Read ledger files of one city as one ledger; directories and files of canonical Parquet are taken as they are.

    `mapping` is a mapping or the file of one; without it each sheet's is guessed from its headings. Dates later than
    the profile's `latest_plausible_days` after `cutoff` (default: now) are implausible.
    Raises BadFile, BadMapping, and UnknownYear where deadlines need a year that the calendar doesn't know.
    """
    if isinstance(mapping, Path):
        mapping = load_mapping(mapping)
    latest = (cutoff or datetime.now(UTC)).timestamp() + profile.counting.latest_plausible_days * _DAY
    log = RowLog(profile.policies)
    desk = Desk(profile=profile, log=log, latest=int(latest))
    for _, error in given_twice(paths):
        raise error
    sources: list[Source] = []
    canonical: dict[str, Ledger] = {}
    accounts: list[SheetAccount] = []
    parts: dict[str, list[Part]] = {schema.name: [] for schema in TABLES}
    for number, path in enumerate(paths):
        _say(progress, tr("读取 {file}", file=path.name), number, len(paths))
        if is_canonical(path):
            canonical[str(path)], found = read_canonical(path)
            accounts += found
            continue
        for source in _sources(open_raw(path, limits), mapping, len(sources), log):
            sources.append(source)
            for part in _read_sheet(source, desk):
                parts[part.schema.name].append(part)
    places = Places(sources)
    _say(progress, tr("核对工单、承办与期限"), len(paths), len(paths))
    ledger, flagged = link(parts, desk, places)
    accounts = [*_accounts(sources, log, flagged), *accounts]
    ledger = merged(({"": ledger} if sources or not canonical else {}) | canonical)
    return Reading(
        ledger=ledger,
        accounting=Accounting(
            sheets=tuple(accounts), tables={name: rows.num_rows for name, rows in ledger.tables().items()}
        ),
        faults=FaultList(batches=tuple(log.faults), places=places),
        log=log,
        places=places,
    )


def _say(progress: Progress | None, what: str, done: int, total: int) -> None:
    if progress is not None:
        progress(what, done, total)


def _sources(book: RawBook, mapping: Mapping | None, first: int, log: RowLog) -> Iterable[Source]:
    found: list[Source] = []
    for sheet in book.sheets:
        own = (
            mapping.of(book.path.name, sheet.name) if mapping else guess_sheet(sheet, book.path.name).mapping
        )
        if own is None:
            own = SheetMapping(table=None)
        found.append(open_source(first + len(found), book.path, sheet, own, log))
    if all(source.mapping.table is None for source in found):
        _refuse_foreign_mapping(book, mapping)
        names = listed(f"“{sheet.name}”" for sheet in book.sheets)
        raise NoTable(
            tr("没有一张工作表像是台账(共有:{names})。", names=names),
            where=Where(file=book.path.name),
            fix=tr("请用 jieban ledger inspect 查看识别结果,改好对照文件后再读。"),
        )
    return found


def _refuse_foreign_mapping(book: RawBook, mapping: Mapping | None) -> None:
    if mapping is None or any(mapping.of(book.path.name, sheet.name) for sheet in book.sheets):
        return
    raise BadMapping(
        tr(
            "对照中没有一条适用于 {file} 的工作表({names})。",
            file=book.path.name,
            names=listed(sheet.name for sheet in book.sheets),
        ),
        where=Where(file=mapping.source or None),
        fix=tr('请改对照中的 file 和 sheet,或写成 "*"。'),
    )


def _read_sheet(source: Source, desk: Desk) -> Sequence[Part]:
    if source.mapping.table is None:
        return ()
    _refuse_missing(source)
    rows = np.flatnonzero(desk.log.open(source.gids)).astype(np.int64)
    reader = SheetReader(source=source, desk=desk, rows=source.rows[rows], gids=source.gids[rows])
    if is_wide(source.mapping):
        return read_wide(reader)
    return (reader.read(table(source.mapping.table)),)


def _refuse_missing(source: Source) -> None:
    lacking = missing(source.mapping)
    if not lacking:
        return
    words = listed(
        f"“{table(n.partition('.')[0]).column(n.partition('.')[2]).heading}”({n})" for n in lacking
    )
    free = [name for name in source.names if name not in source.mapping.columns and not targets_of(name)]
    raise BadMapping(
        tr("缺少必需的列:{columns}。", columns=words),
        where=source.where,
        fix=tr(
            "请用 jieban ledger inspect 写出对照文件,指明由哪一列或哪个常量填写(未用的列:{free})。",
            free=listed(free) or tr("无"),
        ),
    )


def _accounts(sources: Sequence[Source], log: RowLog, flagged: Bools) -> Iterator[SheetAccount]:
    for source in sources:
        status = log.status[source.gids]
        rules, counts = np.unique(log.rule[source.gids][status == LEFT_OUT], return_counts=True)
        yield SheetAccount(
            file=source.path.name,
            sheet=source.sheet.name,
            table=source.mapping.table,
            read=len(status),
            accepted=int((status == ACCEPTED).sum()),
            flagged=int(flagged[source.gids].sum()),
            rejected=int((status == REJECTED).sum()),
            left_out={
                log.rules[rule]: int(n) for rule, n in zip(rules.tolist(), counts.tolist(), strict=True)
            },
        )
