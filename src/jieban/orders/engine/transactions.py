"""Transactions: run again when the database asks for it; waiting that came to nothing is told in words."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction

from jieban.kernel.i18n import tr
from jieban.orders.errors import ActRefused, Busy, Unavailable

T = TypeVar("T")

_TRIES = 6
_FIRST_WAIT = 0.01
_LONGEST_WAIT = 15.0
"""Seconds after which no other try begins: the database itself has waited for the lock by then."""
_PG_LOCKED = frozenset({"40001", "40P01", "55P03"})
_PG_TOO_MANY = "53300"


def in_one_transaction(work: Callable[[], T]) -> T:
    """Run `work` in a transaction, again when the database chose it as the victim of a conflict.

    Within an outer transaction it runs once, as part of that; what it refuses leaves nothing there either. Raises Busy
    when the conflict stays, Unavailable when no connection was to be had; nothing is written then.
    """
    if connection.in_atomic_block:
        with told_of_waiting(), transaction.atomic():
            return work()
    wait, begun = _FIRST_WAIT, time.monotonic()
    for tried in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as fault:
            last = tried == _TRIES or time.monotonic() - begun > _LONGEST_WAIT
            if last or not _locked(fault):
                _tell(fault)
                raise
        time.sleep(wait * (1 + random.random()))  # noqa: S311  # spreads those who wait, hides nothing
        wait *= 2
    raise AssertionError("the last try returns or raises")


@contextmanager
def told_of_waiting() -> Iterator[None]:
    """Raise Busy or Unavailable for waiting that came to nothing; for what is only read, or runs in a transaction.

    Any other fault of the database stays what it is: when a connection breaks nobody knows how far it had come.
    """
    try:
        yield
    except OperationalError as fault:
        _tell(fault)
        raise


def _tell(fault: OperationalError) -> None:
    refusal = _refusal(fault)
    if refusal is not None:
        raise refusal from fault


def _refusal(fault: OperationalError) -> ActRefused | None:
    if _locked(fault):
        return Busy(tr("工单正由他人操作,暂时不能写入,本次操作没有保存。"), fix=tr("请稍后再试。"))
    if _without_connection(fault):
        return Unavailable(
            tr("数据库的连接都在使用中,等不到空闲的,本次操作没有保存。"),
            fix=tr("请稍后再试;常常如此的,请系统管理员检查数据库和连接数。"),
        )
    return None


def _locked(fault: OperationalError) -> bool:
    state = getattr(fault.__cause__, "sqlstate", None)
    if state is not None:
        return state in _PG_LOCKED
    return connection.vendor == "sqlite" and ("locked" in str(fault) or "busy" in str(fault))


def _without_connection(fault: OperationalError) -> bool:
    if connection.vendor != "postgresql":
        return False
    from psycopg_pool import PoolTimeout, TooManyRequests  # noqa: PLC0415  # on SQLite there is no pool

    cause = fault.__cause__
    return (
        isinstance(cause, (PoolTimeout, TooManyRequests)) or getattr(cause, "sqlstate", None) == _PG_TOO_MANY
    )
