"""One process an installation does long work: a lock that the system gives back when its holder dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings

_BETWEEN_TRIES = 0.05


def _file() -> Path:
    return Path(settings.JIEBAN_VAR) / "work.lock"


@contextmanager
def working(*, patience: float = 0.0) -> Iterator[bool]:
    """Hold the lock if it can be had within `patience` seconds; gives whether it is held."""
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    until = monotonic() + patience
    with path.open("ab") as opened:
        held = _taken(opened.fileno())
        while not held and monotonic() < until:
            sleep(_BETWEEN_TRIES)
            held = _taken(opened.fileno())
        yield held  # closing the file gives the lock back


def somebody_works() -> bool:
    """Whether a process holds the lock at this moment."""
    if not _file().exists():
        return False
    with working() as free:
        return not free


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
