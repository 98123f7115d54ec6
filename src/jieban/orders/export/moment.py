"""One moment of the live database: whatever is read within it stands as it stood when the reading began."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Reads within see each act whole or not at all, however many statements they take; nobody waits for them.

    On PostgreSQL a transaction that is REPEATABLE READ and READ ONLY; on SQLite one that begins DEFERRED, and so reads
    a snapshot of the write-ahead log instead of taking the lock that acts take at their beginning. Raises RuntimeError
    within another transaction, whose view would be another.
    """
    # Tests that are rolled back lie in a transaction of their own, which Django alone lets pass here.
    outermost = not connection.in_atomic_block
    with ExitStack() as stack:
        with _deferred():
            stack.enter_context(transaction.atomic(durable=True))
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _deferred() -> Iterator[None]:
    """A transaction that SQLite begins within this takes no lock before it writes."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    usual = connection.transaction_mode  # type: ignore[attr-defined]  # the backend's own
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # as above
    try:
        yield
    finally:
        connection.transaction_mode = usual  # type: ignore[attr-defined]  # as above
