"""Lots written at once, on a connection each, and committed in their order."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from django.db import connections

Turn = Callable[[], None]
"""Returns when all lots before are committed; raises what kept one of them from it."""


class Writers:
    """Writes lots in `count` threads, each on its own connection; in this thread, on its connection, if that is 0.

    One that fails takes those behind it with it: they may hang on its orders.
    """

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(max_workers=count) if count else None
        self._before: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=kind is not None)

    def write(self, lot: Callable[[Turn], None]) -> "Future[None]":
        """Have a lot written. `lot` is given its turn, to be taken before anything that those before may wait for."""
        if self._threads is None:
            lot(_now)
            done: Future[None] = Future()
            done.set_result(None)
            return done
        self._before = self._threads.submit(_alone, lot, self._before)
        return self._before


def _alone(lot: Callable[[Turn], None], before: "Future[None] | None") -> None:
    # The one before began earlier, so that it never waits for this thread.
    try:
        lot(_now if before is None else before.result)
    finally:
        connections.close_all()


def _now() -> None:
    """Nothing is waited for."""
