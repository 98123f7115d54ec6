"""The export itself: into memory, or chunk by chunk into the canonical Parquet files. One moment, whatever it takes."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow.parquet

from jieban.ledger.arrow import Table, pa
from jieban.ledger.schema import TABLES, Ledger
from jieban.orders.export.chunks import CHUNK, chunks
from jieban.orders.export.moment import one_moment
from jieban.orders.export.rows import Rows, Teller
from jieban.orders.export.scope import Scope
from jieban.people.keys import keyring

_pq: Any = pyarrow.parquet
_GROUP = 1 << 17
"""Rows that are gathered before they are written as one group: larger groups compress and read better."""

Progress = Callable[[int, int], None]
"""Told how many orders and letters are done, and how many there are."""


def export_ledger(scope: Scope | None = None, *, words: bool = False) -> Ledger:
    """The ledger of the orders in a scope (all, if none is given), in memory, as it is at one moment.

    Without `words` only codes and times are told; who asked never is.
    """
    batches: dict[str, list[Table]] = {schema.name: [] for schema in TABLES}
    with one_moment():
        for rows in _rows(scope or Scope(), words=words, progress=None):
            for name, table in _tables(rows).items():
                batches[name].append(table)
    return Ledger(
        **{
            schema.name: pa.concat_tables(
                [schema.arrow.empty_table(), *batches[schema.name]]
            ).unify_dictionaries()
            for schema in TABLES
        }
    )


def export_to(
    directory: Path, scope: Scope | None = None, *, words: bool = False, progress: Progress | None = None
) -> dict[str, int]:
    """Write the ledger as `read_parquet` reads it, in bounded memory; how many rows each table got.

    It is the ledger of one moment. Files appear whole, all or none, and are for this user alone.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory, prefix=".export-") as made:
        place = Path(made)
        with one_moment():
            written = _write(place, _rows(scope or Scope(), words=words, progress=progress))
        for schema in TABLES:
            path = place / f"{schema.name}.parquet"
            path.chmod(0o600)
            path.replace(directory / path.name)
    return written


def _write(directory: Path, found: Iterator[Rows]) -> dict[str, int]:
    written = {schema.name: 0 for schema in TABLES}
    with ExitStack() as stack:
        writers = {
            schema.name: stack.enter_context(
                _pq.ParquetWriter(
                    directory / f"{schema.name}.parquet", schema.arrow, compression="zstd", version="2.6"
                )
            )
            for schema in TABLES
        }
        held: dict[str, list[Table]] = {schema.name: [] for schema in TABLES}

        def flush(name: str, least: int) -> None:
            if sum(table.num_rows for table in held[name]) < least:
                return
            whole = pa.concat_tables(held[name]).unify_dictionaries()
            writers[name].write_table(whole, row_group_size=_GROUP)
            held[name].clear()

        for rows in found:
            for name, table in _tables(rows).items():
                held[name].append(table)
                written[name] += table.num_rows
                flush(name, _GROUP)
        for name, tables in held.items():
            if tables:
                flush(name, 0)
    return written


def _rows(scope: Scope, *, words: bool, progress: Progress | None) -> Iterator[Rows]:
    teller = Teller(keyring=keyring() if words else None)
    keys = scope.keys()
    for turn, wholes in enumerate(chunks(keys, words=words)):
        yield teller.rows(wholes)
        if progress is not None:
            progress(turn * CHUNK + len(wholes), len(keys))


def _tables(rows: Rows) -> dict[str, Table]:
    return {
        schema.name: pa.Table.from_pylist(getattr(rows, schema.name), schema=schema.arrow)
        for schema in TABLES
    }
