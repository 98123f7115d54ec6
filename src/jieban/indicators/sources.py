"""Where rows come from: a ledger in memory, a directory of Parquet, or a frozen snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jieban.indicators.engines.base import Engine, TableSource
from jieban.indicators.errors import BadSource
from jieban.indicators.period import Period
from jieban.indicators.slices.tables import COUNTED, needed_columns
from jieban.kernel.errors import Where
from jieban.kernel.i18n import listed, tr
from jieban.ledger.schema import Ledger, table


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A verified frozen snapshot (`snapshot.open_snapshot`): where it is, and what it was frozen as.

    `intake` is what became of the rows read, by table. `rows` are (table, count) pairs,
    `indicators` (id, version) pairs; `digest` is the SM3 of the manifest.
    """

    directory: Path
    cutoff: datetime
    period: Period
    profile_name: str
    profile_version: str
    intake: tuple[Mapping[str, int | str], ...]
    rows: tuple[tuple[str, int], ...]
    indicators: tuple[tuple[str, int], ...]
    digest: str


_MANY_ROWS, _MANY_BYTES = 1_000_000, 64 << 20

Source = Ledger | Path | Snapshot
"""A directory holds orders.parquet, handlings.parquet and letters.parquet, or a directory of parts for each."""


def tables_of(source: Source, names: Sequence[str] = COUNTED) -> Mapping[str, TableSource]:
    """The named tables of a source. Raises BadSource when a directory lacks one."""
    if isinstance(source, Ledger):
        return {name: source.tables()[name] for name in names}
    directory = source.directory if isinstance(source, Snapshot) else source
    return {name: _parts(directory, name) for name in names}


def _parts(directory: Path, name: str) -> list[Path]:
    single = directory / f"{name}.parquet"
    parts = [single] if single.is_file() else sorted((directory / name).glob("*.parquet"))
    if not parts:
        raise BadSource(
            tr("台账目录中没有“{heading}”表({name}.parquet)。", heading=table(name).heading, name=name),
            where=Where(file=directory.name),
            fix=tr("请用 jieban ledger convert 生成完整的台账目录。"),
        )
    return parts


def threads_for(source: Source) -> int | None:
    """How many threads counting a source is worth: one for a city's months, the engine's own choice beyond.

    Spreading a small source over threads costs more than it saves, and a one-threaded DuckDB can't wait for itself:
    1.5 was once seen to, in a query over two threads (docs/adr/0003).
    """
    tables = tables_of(source).values()
    rows = sum(t.num_rows for t in tables if not isinstance(t, Sequence))
    size = sum(path.stat().st_size for t in tables if isinstance(t, Sequence) for path in t)
    return 1 if rows < _MANY_ROWS and size < _MANY_BYTES else None


def bind(engine: Engine, source: Source) -> None:
    """Make a source's tables known to an engine. Raises BadSource when one lacks a column that is counted."""
    for name, rows in tables_of(source).items():
        schema = table(name)
        missing = set(needed_columns(schema)) - set(engine.bind(name, rows))
        if missing:
            headings = listed(schema.column(column).heading for column in sorted(missing))
            raise BadSource(
                tr("“{heading}”表缺少列:{columns}。", heading=schema.heading, columns=headings),
                where=Where(file=f"{name}.parquet"),
                fix=tr("请用 jieban ledger convert 生成规范台账。"),
            )
