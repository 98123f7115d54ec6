"""How long a search may take on a page: what asks for too much is ended, and said to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connection, transaction

from jieban.kernel.i18n import tr
from jieban.orders.errors import TooBroad

MOST_SECONDS: Final = 5.0
"""What a page may wait for a statement of a search; fifty times what one of a million orders takes."""
_CANCELLED: Final = "57014"
"""https://www.postgresql.org/docs/current/errcodes-appendix.html"""
_STEPS: Final = 10_000
"""Of SQLite's machine, after which it looks at the time."""


@contextmanager
def limited(seconds: float | None) -> Iterator[None]:
    """No statement within takes longer, on SQLite all of them together; None: as long as it takes. Raises TooBroad."""
    if seconds is None:
        yield
        return
    within = _on_postgres if connection.vendor == "postgresql" else _on_sqlite
    try:
        with within(seconds):
            yield
    except OperationalError as fault:
        ended = getattr(fault.__cause__, "sqlstate", None) == _CANCELLED or "interrupted" in str(fault)
        if not ended:
            raise
        raise TooBroad(
            tr("查的范围太大,{seconds} 秒内没有查完,所以没有列出工单。", seconds=f"{seconds:g}"),
            fix=tr("请多写几个字,或加上单位、街道和日期;一定要查全的,可以导出。"),
        ) from fault


@contextmanager
def _on_postgres(seconds: float) -> Iterator[None]:
    # Of the transaction, so that no connection keeps it.
    outer = connection.in_atomic_block
    with transaction.atomic():
        _set(max(1, round(seconds * 1000)))
        yield
        if outer:
            _set(0)


def _set(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])


@contextmanager
def _on_sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    opened, end = connection.connection, time.monotonic() + seconds
    opened.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    finally:
        opened.set_progress_handler(None, 0)
