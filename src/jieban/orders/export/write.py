"""The export itself: into memory, or chunk by chunk into the canonical Parquet files."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from jieban.ledger.schema import TABLES, Ledger
from jieban.orders.export.chunks import Scope, chunks
from jieban.orders.export.rows import Rows, Teller
from jieban.people.keys import keyring

_pq: Any = pyarrow.parquet
_GROUP = 1 << 17
"""Rows that are gathered before they are written as one group: larger groups compress and read better."""


def export_ledger(scope: Scope | None = None, *, words: bool = False, contacts: bool = False) -> Ledger:
    """The ledger of the orders in a scope (all, if none is given), in memory.

    Without `words` only codes and times are told; `contacts` adds who asked, for those who may read it.
    """
    batches: dict[str, list[pa.Table]] = {schema.name: [] for schema in TABLES}
    for rows in _rows(scope or Scope(), words=words, contacts=contacts):
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
    directory: Path, scope: Scope | None = None, *, words: bool = False, contacts: bool = False
) -> dict[str, int]:
    """Write the ledger as `read_parquet` reads it, in bounded memory; how many rows each table got."""
    directory.mkdir(parents=True, exist_ok=True)
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
        held: dict[str, list[pa.Table]] = {schema.name: [] for schema in TABLES}

        def flush(name: str, least: int) -> None:
            if sum(table.num_rows for table in held[name]) < least:
                return
            whole = pa.concat_tables(held[name]).unify_dictionaries()
            writers[name].write_table(whole, row_group_size=_GROUP)
            held[name].clear()

        for rows in _rows(scope or Scope(), words=words, contacts=contacts):
            for name, table in _tables(rows).items():
                held[name].append(table)
                written[name] += table.num_rows
                flush(name, _GROUP)
        for name, tables in held.items():
            if tables:
                flush(name, 0)
    return written


def _rows(scope: Scope, *, words: bool, contacts: bool) -> Iterator[Rows]:
    told = words or contacts
    teller = Teller(keyring=keyring() if told else None, words=told, contacts=contacts)
    for wholes in chunks(scope, words=told):
        yield teller.rows(wholes)


def _tables(rows: Rows) -> dict[str, pa.Table]:
    return {
        schema.name: pa.Table.from_pylist(getattr(rows, schema.name), schema=schema.arrow)
        for schema in TABLES
    }
