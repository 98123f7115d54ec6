"""A live database for a benchmark: a SQLite file or a PostgreSQL server that is thrown away, both durable.

A benchmark runs itself once more as a program for each database, since Django knows one database a process.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from figures import REPO, Measured

CITY = "changji"
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
_INSIDE = "JIEBAN_BENCH_INSIDE"

sys.path.insert(0, str(REPO / "scripts"))


def inside() -> bool:
    """Whether this process is the one in which Django runs."""
    return _INSIDE in os.environ


@contextmanager
def server() -> Iterator[str | None]:
    """The address of a PostgreSQL server of our own; None where PostgreSQL isn't installed."""
    from with_postgres import Server, binaries  # found through the path above

    found = binaries()
    if found is None:
        print("PostgreSQL is not installed: its figures are not measured", file=sys.stderr)
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="jieban-bench-pg-", ignore_cleanup_errors=True) as directory:
        running = Server(found, Path(directory))
        try:
            yield running.url
        finally:
            running.stop()


def on(vendor: str, script: str, url: str | None = None) -> list[Measured]:
    """What `script` measures in a process of its own, on a new database of a kind."""
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
