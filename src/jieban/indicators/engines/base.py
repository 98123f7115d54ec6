"""What an engine does for the indicators."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import pyarrow as pa

TableSource = pa.Table | Sequence[Path]
"""A table in memory, or the Parquet files that hold it."""


class Engine(Protocol):
    """Runs Ibis expressions over bound and staged tables. A context manager: leaving it drops everything."""

    def bind(self, name: str, source: TableSource) -> Sequence[str]:
        """Make a table known under a name; gives its columns."""

    def stage(self, name: str, expression: Any) -> None:
        """Run an expression and keep its rows under a name."""

    def fetch(self, expression: Any) -> pa.Table:
        """Run an expression and bring its rows."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...
