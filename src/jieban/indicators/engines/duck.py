"""DuckDB, in this process."""

import importlib
import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from types import ModuleType, TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
import sqlglot.expressions as sge

from jieban.indicators.engines.base import TableSource

_MICROSECONDS = 1_000_000
_MOST_KEPT = 128
"""A computation has some twenty statements."""

_COMPILERS = "ibis.backends.sql.compilers"


def _compiler_of_duckdb() -> Any:
    """Ibis' compiler for DuckDB without those of its nineteen other engines, which its package imports one and all.

    The package is stood in for while the one module is imported, and left to be imported whole by who wants it. Saves
    three quarters of the time that its import takes, 0.1 s of every command that counts.
    """
    found = None if _COMPILERS in sys.modules else find_spec(_COMPILERS)
    if found is None:
        return importlib.import_module(_COMPILERS).DuckDBCompiler
    standing_in = ModuleType(_COMPILERS)
    standing_in.__path__ = list(found.submodule_search_locations or ())
    sys.modules[_COMPILERS] = standing_in
    try:
        return importlib.import_module(f"{_COMPILERS}.duckdb").DuckDBCompiler
    finally:
        del sys.modules[_COMPILERS]


_DuckDBCompiler: Any = _compiler_of_duckdb()


class _Compiler(_DuckDBCompiler):  # type: ignore[misc]  # Ibis ships no types
    """Ibis' own, with epoch seconds that need no time zone data.

    Ibis casts an instant to a zoneless timestamp first, which DuckDB does by the session's calendar:
    30 times slower, and wrong when the session isn't in UTC.
    """

    def visit_ExtractEpochSeconds(self, op: Any, *, arg: Any) -> Any:  # noqa: ARG002, N802 - Ibis calls it so
        """Whole seconds since 1970-01-01 00:00 UTC."""
        return sge.IntDiv(this=self.f.epoch_us(arg), expression=sge.convert(_MICROSECONDS))


@lru_cache(maxsize=_MOST_KEPT)
def _sql(operation: Any) -> str:
    """The statement of an expression, by which operation it is: the expressions themselves can't be compared."""
    return str(_Compiler().to_sqlglot(operation.to_expr()).sql(dialect="duckdb"))


class DuckDB:
    """An in-memory DuckDB."""

    def __init__(self, *, threads: int | None = None) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {"preserve_insertion_order": False}
        if threads is not None:
            config["threads"] = threads
        self._connection = duckdb.connect(config=config)

    def bind(self, name: str, source: TableSource) -> Sequence[str]:
        """Make a table known under a name; gives its columns."""
        if isinstance(source, pa.Table):
            self._connection.register(name, source)
            return list(source.column_names)
        files = self._connection.read_parquet([str(path) for path in source])
        files.create_view(name)
        return list(files.columns)

    def stage(self, name: str, expression: Any) -> None:
        """Run an expression and keep its rows under a name."""
        self._connection.execute(f"CREATE TEMP TABLE {name} AS {_sql(expression.op())}")

    def fetch(self, expression: Any) -> pa.Table:
        """Run an expression and bring its rows."""
        return self._connection.execute(_sql(expression.op())).to_arrow_table()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
