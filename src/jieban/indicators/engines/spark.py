"""Any Spark Connect server: Apache Spark, or Sail on one machine or many."""

import re
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from jieban.indicators.engines.base import TableSource
from jieban.indicators.errors import EngineMissing
from jieban.kernel.i18n import tr

_PORT = 15002
_PATIENCE = 10
_INSTALL = "jieban[spark]"


@contextmanager
def _main_that_has_a_file() -> Iterator[None]:
    """What pyspark wants while it is imported.

    Without a main file (`python -c`, a test's worker) it takes itself to be in its own doctests, asks for a whole
    Spark installation and ends the process.
    """
    main = sys.modules["__main__"]
    if main.__spec__ is not None or hasattr(main, "__file__"):
        yield
        return
    main.__file__ = "<embedded>"
    try:
        yield
    finally:
        del main.__file__


class Spark:
    """A session on a Spark Connect server. Parquet is read by the server: it must see the files."""

    def __init__(self, url: str | None) -> None:
        self._stack = ExitStack()
        try:
            with _main_that_has_a_file():
                # The backend brings its compiler's options along.
                from ibis import pyspark as backend  # noqa: PLC0415 - an optional part
                from pyspark.sql import SparkSession  # noqa: PLC0415 - an optional part

            address = self._serve() if url is None else url
        except ImportError as missing:
            raise EngineMissing(
                tr("没有安装 Spark 连接组件({part})。", part=missing.name),
                fix=tr("请安装 {extra},或改用默认的 duckdb。", extra=_INSTALL),
            ) from missing
        if urlsplit(address).scheme != "sc":
            raise EngineMissing(
                tr("“{url}”不是 Spark Connect 地址。", url=address),
                fix=tr("地址的形式为 sc://主机:端口。"),
            )
        self._session = self._connect(SparkSession, address)
        self._compile: Callable[[Any], str] = backend.compile

    def _serve(self) -> str:
        from pysail.spark import SparkConnectServer  # noqa: PLC0415 - an optional part

        server = SparkConnectServer(ip="127.0.0.1", port=0)
        server.start(background=True)
        self._stack.callback(server.stop)
        host, port = server.listening_address
        return f"sc://{host}:{port}"

    def _connect(self, session: Any, url: str) -> Any:
        try:
            _knock(url)
            connected = session.builder.remote(url).create()
            self._stack.callback(connected.stop)
            connected.sql("SELECT 1").toArrow()
        except Exception as refused:
            self._stack.close()
            reason = re.sub(r"\s+", " ", str(refused))[:200]
            raise EngineMissing(
                tr("连接不上 Spark Connect 服务 {url}:{reason}", url=url, reason=reason),
                fix=tr("请确认服务已启动、地址正确,或改用默认的 duckdb。"),
            ) from refused
        return connected

    def bind(self, name: str, source: TableSource) -> Sequence[str]:
        """Make a table known under a name; gives its columns."""
        frame = self._frame(source)
        frame.createOrReplaceTempView(name)
        return list(frame.columns)

    def _frame(self, source: TableSource) -> Any:
        if not isinstance(source, pa.Table):
            return self._session.sql(_reading(source))
        table = _plain(source)
        if table.num_rows:
            return self._session.createDataFrame(table)
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - an optional part

        return self._session.createDataFrame([], from_arrow_schema(table.schema))

    def stage(self, name: str, expression: Any) -> None:
        """Run an expression and keep its rows under a name."""
        self._session.sql(self._compile(expression)).createOrReplaceTempView(name)

    def fetch(self, expression: Any) -> pa.Table:
        """Run an expression and bring its rows."""
        table: pa.Table = self._session.sql(self._compile(expression)).toArrow()
        return table

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


def _knock(url: str) -> None:
    """Find out in seconds that nobody listens; the client itself tries for ten minutes."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or _PORT), timeout=_PATIENCE):
        pass


def _reading(files: Sequence[Path]) -> str:
    """SQL that reads Parquet files, whose schema is that of the first, coded columns as text.

    Sail takes the dictionaries that pyarrow notes in a file for a type of their own, and has no name for it.
    """
    schema = pq.read_schema(files[0])
    columns = ", ".join(
        f"CAST(`{field.name}` AS STRING) AS `{field.name}`"
        if pa.types.is_dictionary(field.type)
        else f"`{field.name}`"
        for field in schema
    )
    paths = (str(path.absolute()).replace("`", "``") for path in files)
    return " UNION ALL ".join(f"SELECT {columns} FROM parquet.`{path}`" for path in paths)  # noqa: S608 - names are quoted


def _plain(table: pa.Table) -> pa.Table:
    """The table without dictionaries, which Spark's Arrow input doesn't know."""
    fields = [
        pa.field(field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))
