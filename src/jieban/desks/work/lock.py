"""One process an installation does long work: a lock that the system gives back when its holder dies.

An installation is its database. On PostgreSQL, which several machines may have in common, the lock is one of the
server's; on SQLite it is one of the machine on which the file lies.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings
from django.db import DatabaseError, connection

Try = Callable[[], bool]
"""Takes the lock unless somebody holds it; gives whether it is taken."""

_BETWEEN_TRIES = 0.05
_KEY = (0x4A494542, 1)
"""The server's locks have numbers: ours is of those with two, of which nothing else of ours has any."""


@contextmanager
def working(*, patience: float = 0.0) -> Iterator[bool]:
    """Hold the lock if it can be had within `patience` seconds; gives whether it is held."""
    until = monotonic() + patience
    with _lock() as take:
        held = take()
        while not held and monotonic() < until:
            sleep(_BETWEEN_TRIES)
            held = take()
        yield held


def somebody_works() -> bool:
    """Whether a process holds the lock at this moment."""
    if connection.vendor == "postgresql":
        return _held_on_server()
    if not _file().exists():
        return False
    with working() as free:
        return not free


def _lock() -> AbstractContextManager[Try]:
    return _of_server() if connection.vendor == "postgresql" else _of_file()


@contextmanager
def _of_server() -> Iterator[Try]:
    # A connection of its own: the lock is its session's, and the work's own may break and be made anew meanwhile.
    own = connection.copy()

    def take() -> bool:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", _KEY)
            return bool(cursor.fetchone()[0])

    try:
        yield take
    finally:
        # The pool keeps the session, so what it holds must be given back; one that broke holds nothing any more.
        with suppress(DatabaseError), own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        own.close()


def _held_on_server() -> bool:
    # Looked up and not tried: who tries holds it for a moment, and keeps a process that begins from its work.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND (classid, objid, objsubid) = (%s, %s, 2))",
            _KEY,
        )
        return bool(cursor.fetchone()[0])


def _file() -> Path:
    return Path(settings.JIEBAN_VAR) / "work.lock"


@contextmanager
def _of_file() -> Iterator[Try]:
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as opened:  # closing the file gives the lock back

        def take() -> bool:
            try:
                fcntl.flock(opened.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield take
