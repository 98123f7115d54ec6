"""Sealing beside the database's work: processes that take batches of orders and give them back sealed.

A worker is this module run as a program. It is given its keys in the environment, as every program of an installation
is, and batches as Arrow streams over pipes: neither keys nor a persons' names are ever pickled or written down. It ends
when its input ends, so that none outlives an import that was killed.
"""

import gc
import os
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Self

import pyarrow.ipc

from jieban.kernel.keyring import KEYS, KEYS_FILE, Keyring, load_keyring
from jieban.ledger.arrow import plain_memory
from jieban.orders.importing.seal import OPEN, SEALED, How, seal_orders

_ipc: Any = pyarrow.ipc
_LONGEST_END = 10
# Names of the GNU C library; others don't read them. Each batch is as large as the one before: what one leaves, the
# next takes, instead of giving it back and having the system clear it anew.
_KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": f"{1 << 30}", "MALLOC_TRIM_THRESHOLD_": f"{1 << 30}"}


class Sealers:
    """Seals batches, the first ones first: in `workers` processes, or in this one where there are none."""

    def __init__(self, workers: int, keyring: Keyring, environ: Mapping[str, str], how: How) -> None:
        self._keyring, self._how = keyring, how
        self._stack = ExitStack()
        self._idle: deque[_Worker] = deque(_Worker(environ, how) for _ in range(workers))
        self._threads = (
            self._stack.enter_context(ThreadPoolExecutor(max_workers=workers)) if workers else None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        for worker in self._idle:
            worker.end()

    def seal(self, batch: Any) -> "Future[Any]":
        """What will be the sealed batch."""
        if self._threads is None:
            done: Future[Any] = Future()
            done.set_result(seal_orders(batch, self._keyring, self._how))
            return done
        return self._threads.submit(self._seal, batch)

    def _seal(self, batch: Any) -> Any:
        # As many threads as workers: one is always idle.
        worker = self._idle.popleft()
        try:
            return worker.seal(batch)
        finally:
            self._idle.append(worker)


class _Worker:
    """A process that seals, from this side."""

    def __init__(self, environ: Mapping[str, str], how: How) -> None:
        inherited = {name: value for name, value in os.environ.items() if name not in {KEYS, KEYS_FILE}}
        self._process = subprocess.Popen(  # noqa: S603  # this interpreter, our own module
            [sys.executable, "-m", __name__, *how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_KEPT_MEMORY | inherited | dict(environ),
        )
        self._writer = _ipc.new_stream(self._process.stdin, OPEN)
        self._reader: Any = None

    def seal(self, batch: Any) -> Any:
        """One batch, sealed."""
        self._writer.write_batch(batch)
        self._flush()
        if self._reader is None:
            self._reader = _ipc.open_stream(self._process.stdout)
        return self._reader.read_next_batch()

    def _flush(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.flush()

    def end(self) -> None:
        """Let it end, and wait for it."""
        if self._process.stdin is not None:
            # One that had nothing to seal has not even been told of the columns: it takes the end for a fault.
            if self._process.poll() is None:
                self._writer.close()
            self._process.stdin.close()
        try:
            self._process.wait(_LONGEST_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def main(how: How) -> None:
    """Seal what comes until nothing comes any more."""
    # Nothing here refers to itself, and there is much of it.
    gc.disable()
    keyring = load_keyring(os.environ)
    reader = _ipc.open_stream(sys.stdin.buffer)
    with plain_memory(), _ipc.new_stream(sys.stdout.buffer, SEALED) as writer:
        for batch in reader:
            writer.write_batch(seal_orders(batch, keyring, how))
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(How(*sys.argv[1:]))
