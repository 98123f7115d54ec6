"""Where the expressions run: DuckDB embedded, or any Spark Connect server (Sail, Apache Spark)."""

from typing import Literal

from jieban.indicators.engines.base import Engine

EngineName = Literal["duckdb", "spark"]


def open_engine(name: EngineName, *, url: str | None = None, threads: int | None = None) -> Engine:
    """An engine. `url` is a Spark Connect address (sc://host:port); None starts a Sail server in this process.

    Raises EngineMissing when the engine isn't installed or doesn't answer.
    """
    if name == "duckdb":
        from jieban.indicators.engines.duck import DuckDB  # noqa: PLC0415 - only what runs is imported

        return DuckDB(threads=threads)
    from jieban.indicators.engines.spark import Spark  # noqa: PLC0415 - only what runs is imported

    return Spark(url)
