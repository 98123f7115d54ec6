"""The canonical form on disk: one Parquet file a table, the same bytes for the same contents."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet

from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.ledger.arrow import Table, one, pa
from jieban.ledger.errors import BadLedger, NoTable
from jieban.ledger.reading.finish import canonical
from jieban.ledger.schema import ORDERS, READABLE, SCHEMA_VERSION, TABLES, Ledger, TableSchema

_pq: Any = pyarrow.parquet
_ROW_GROUP = 1 << 17
_PIECE = 1 << 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A whole ledger in Parquet files of this version, read a bounded number of rows at a time."""

    directory: Path

    def rows(self, name: str) -> int:
        """How many rows a table has."""
        found: int = _pq.read_metadata(self._file(name)).num_rows
        return found

    def pieces(self, schema: TableSchema) -> Iterator[Table]:
        """The rows of a table, in order."""
        with _pq.ParquetFile(self._file(schema.name)) as file:
            for batch in file.iter_batches(batch_size=_PIECE):
                yield canonical(schema, {name: batch[name] for name in schema.arrow.names})

    def _file(self, name: str) -> Path:
        return self.directory / f"{name}.parquet"


def write_parquet(ledger: Ledger, directory: Path) -> tuple[Path, ...]:
    """Write the four tables as orders.parquet … into `directory`; the files written."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for schema in TABLES:
        rows = ledger.tables()[schema.name]
        table = canonical(schema, {name: one(rows[name]) for name in rows.column_names})
        path = directory / f"{schema.name}.parquet"
        _pq.write_table(table, path, compression="zstd", row_group_size=_ROW_GROUP, version="2.6")
        written.append(path)
    return tuple(written)


def read_parquet(directory: Path) -> Ledger:
    """The ledger that `write_parquet` wrote; a table whose file is missing is empty. Raises BadLedger and NoTable."""
    files = {schema.name: directory / f"{schema.name}.parquet" for schema in TABLES}
    if not any(path.is_file() for path in files.values()):
        raise NoTable(
            tr("目录中没有标准台账文件(orders.parquet 等)。"),
            where=Where(file=str(directory)),
            fix=tr("请用 jieban ledger convert 写出标准台账。"),
        )
    tables: dict[str, Table] = {schema.name: schema.arrow.empty_table() for schema in TABLES}
    for schema in TABLES:
        if files[schema.name].is_file():
            _, tables[schema.name] = read_table(files[schema.name], schema)
    return Ledger(**tables)


def read_table(path: Path, schema: TableSchema | None = None) -> tuple[TableSchema, Table]:
    """One canonical table; which one the file itself says, unless `schema` does. Raises BadLedger."""
    where = Where(file=path.name)
    try:
        table = _pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadLedger(
            tr("不是完整的 Parquet 文件({detail})。", detail=error),
            where=where,
            fix=tr("请用 jieban ledger convert 重新写出。"),
        ) from error
    metadata = table.schema.metadata or {}
    named = metadata.get(b"jieban.table", b"").decode()
    schema = schema or next((own for own in TABLES if own.name == named), ORDERS)
    found = metadata.get(b"jieban.schema", b"").decode()
    if named != schema.name or found not in READABLE or table.column_names != schema.arrow.names:
        raise BadLedger(
            tr(
                "台账格式版本为“{found}”,本版本读写的是“{wanted}”,或各列与之不符。",
                found=found or tr("无"),
                wanted=SCHEMA_VERSION,
            ),
            where=where,
            fix=tr("请由原始文件用 jieban ledger convert 重新写出。"),
        )
    return schema, canonical(schema, {name: one(table[name]) for name in table.column_names})
