"""A live database for a benchmark: a SQLite file or a PostgreSQL server that is thrown away, both durable.

A benchmark runs itself once more as a program for each database, since Django knows one database a process.
"""

import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from figures import REPO, Measured

CITY = "changji"
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
# As a server with a million orders has; with what PostgreSQL comes with, nobody would run one.
GROWN = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "work_mem": "16MB",
    "max_wal_size": "8GB",
    "random_page_cost": "1.1",
}
_INSIDE = "JIEBAN_BENCH_INSIDE"

sys.path.insert(0, str(REPO / "scripts"))


def inside() -> bool:
    """Whether this process is the one in which Django runs."""
    return _INSIDE in os.environ


@contextmanager
def server() -> Iterator[str | None]:
    """The address of a PostgreSQL server of our own; None where PostgreSQL isn't installed."""
    with kept_server(None, {}) as started:
        yield started[0] if started is not None else None


@contextmanager
def kept_server(keep: Path | None, settings: Mapping[str, str]) -> Iterator[tuple[str, Path] | None]:
    """The address of a server of our own with some settings, and the directory in which its data lie.

    That is `keep`, whose data are used again and stay; without one a directory that is thrown away.
    """
    from with_postgres import Server, binaries  # found through the path above

    found = binaries()
    if found is None:
        print("PostgreSQL is not installed: its figures are not measured", file=sys.stderr)
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="jieban-bench-pg-", ignore_cleanup_errors=True) as passing:
        directory = keep or Path(passing)
        directory.mkdir(parents=True, exist_ok=True)
        # Stopped from outside, we end the server too.
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
        running = Server(found, directory, settings)
        try:
            yield running.url, directory
        finally:
            running.stop(keep=keep is not None)


def on(
    vendor: str, script: str, url: str | None = None, more: Mapping[str, str] | None = None
) -> list[Measured]:
    """What `script` measures in a process of its own, on a database of a kind; `more` are settings of its own."""
    # On a disk, where a commit costs what it costs: /tmp may be memory.
    place = REPO / ".build"
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="jieban-bench-", dir=place) as var:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("JIEBAN_")} | {
            _INSIDE: vendor,
            "JIEBAN_DATABASE": url or f"sqlite:///{var}/bench.sqlite3",
            "JIEBAN_KEYS": "1:" + base64.b64encode(bytes(range(32))).decode(),
            "JIEBAN_PROFILE": CITY,
            "JIEBAN_SECRET_KEY": "of a benchmark",
            "JIEBAN_VAR": var,
            **(more or {}),
        }
        result = subprocess.run(
            [sys.executable, script, "--json"], env=environ, stdout=subprocess.PIPE, text=True, check=True
        )
    return [Measured(**json.loads(line)) for line in result.stdout.splitlines() if line.startswith("{")]


def start() -> str:
    """Make Django ready and the database's tables; gives the kind of database."""
    from jieban.site.live import initialise  # Django is wanted inside only

    initialise()
    return os.environ[_INSIDE]
