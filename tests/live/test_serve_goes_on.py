"""A server in misfortune: a worker dies, the database goes away, it is told to stop, a browser breaks off."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from jieban.site.environment import AWAY_SECONDS
from jieban.site.environment import database as settings_of
from live_database import LiveDatabase

pytestmark = [pytest.mark.live, pytest.mark.slow(8)]
PATIENCE, SOON = 60, 3
GIB = 1 << 30


@dataclass(frozen=True, kw_only=True)
class Served:
    """`jieban serve` on a port of its own."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def status(self, path: str = "/") -> int | None:
        """The status of a page; None where nobody answers."""
        try:
            with closing(self.connect()) as asked:
                asked.request("GET", path)
                return asked.getresponse().status
        except OSError:
            return None

    def awaited(self, path: str = "/") -> None:
        until = time.monotonic() + PATIENCE
        while self.status(path) != 200:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)

    def workers(self) -> list[int]:
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def served(database: LiveDatabase, tmp_path: Path) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log, uploads = tmp_path / "log", tmp_path / "uploads"
    uploads.mkdir()
    with log.open("wb") as written:
        started = subprocess.Popen(
            [sys.executable, "-m", "jieban", "serve", "--port", str(port)],
            env={**database.environ, "TMPDIR": str(uploads)},
            stdout=written,
            stderr=written,
        )
    made = Served(process=started, port=port, log=log)
    try:
        made.awaited()
        yield made
    finally:
        started.terminate()
        try:
            started.wait(SOON)
        except subprocess.TimeoutExpired:
            # A worker that is told to stop while it starts doesn't hear it, and is waited for half a minute.
            for each in made.workers():
                os.kill(each, signal.SIGKILL)
            started.wait(PATIENCE)


def threads_of(workers: set[int]) -> int:
    return sum(len(list(Path(f"/proc/{each}/task").iterdir())) for each in workers)


def sent(served: Served) -> HTTPResponse:
    """The answer to a number and a code that nobody has: it is counted before it is looked at, so it writes."""
    with closing(served.connect()) as asked:
        asked.request("GET", "/my/")
        page = asked.getresponse()
        cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
        assert token is not None
        body = urlencode({"csrfmiddlewaretoken": token[1], "number": "25042100011", "proof": "13900000009"})
        kind = "application/x-www-form-urlencoded"
        asked.request("POST", "/my/", body, {"Cookie": cookie, "Content-Type": kind})
        answer = asked.getresponse()
        answer.read()
        return answer


@contextmanager
def unwritable(database: LiveDatabase) -> Iterator[None]:
    """Who writes a count waits until the block ends."""
    if database.vendor == "sqlite":
        with closing(sqlite3.connect(urlsplit(database.url).path, isolation_level=None)) as held:
            held.execute("BEGIN IMMEDIATE")
            yield
            held.execute("ROLLBACK")
    else:
        with psycopg.connect(database.url) as held:
            held.execute("LOCK TABLE desks_tally IN EXCLUSIVE MODE")
            yield
            held.rollback()


def waiting(database: LiveDatabase) -> int:
    """How many wait in the database; on SQLite nobody knows."""
    with psycopg.connect(database.url) as asked:
        found = asked.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
        assert found is not None
        return int(found[0])


@contextmanager
def away(database: LiveDatabase) -> Iterator[None]:
    """The database isn't there until the block ends, and whoever was connected is so no more."""
    if database.vendor == "sqlite":
        place = Path(urlsplit(database.url).path)
        elsewhere = place.with_suffix(".elsewhere")
        place.rename(elsewhere)
        yield
        for left in place.parent.glob(f"{place.name}*"):
            left.unlink()
        elsewhere.rename(place)
        return
    parts = urlsplit(database.url)
    name = sql.Identifier(parts.path.removeprefix("/"))
    open_to_all = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        server.execute(open_to_all.format(name, sql.SQL("false")))
        server.execute(ended, [parts.path.removeprefix("/")])
        yield
        server.execute(open_to_all.format(name, sql.SQL("true")))


def test_a_worker_that_dies_is_made_anew(served: Served) -> None:
    dead, other = served.workers()
    running = threads_of({other})
    os.kill(dead, signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    # Told to stop while it starts, it would not hear it. A worker that answered has more threads than one that never
    # did, so the new one gets something to answer, too.
    with ThreadPoolExecutor(8) as pool:
        while threads_of({*served.workers()} - {dead, other}) < running:
            assert served.process.poll() is None
            assert time.monotonic() < until
            list(pool.map(served.status, ["/"] * 16))
    served.awaited()
    assert "Unexpected exit" in served.log.read_text(), "whoever looks into the journal finds it"


def test_once_the_database_is_back_the_pages_are(served: Served, database: LiveDatabase) -> None:
    with ThreadPoolExecutor(3) as pool:
        with away(database):
            # Again, once the pool of connections has given up: nobody is kept waiting for what isn't there.
            for _ in range(2):
                asked = [pool.submit(served.status) for _ in range(3)]
                assert [each.result(PATIENCE) for each in asked] == [503] * 3
        served.awaited()
    assert sent(served).status == 422, "and writes are, too"


def test_a_server_that_starts_anew_is_waited_for_and_a_file_is_not(
    served: Served, database: LiveDatabase
) -> None:
    with ThreadPoolExecutor(3) as pool:
        with away(database):
            asked = [pool.submit(served.status) for _ in range(3)]
            if database.vendor == "sqlite":
                assert [each.result(PATIENCE) for each in asked] == [503] * 3
                return
            time.sleep(AWAY_SECONDS / 10)
        assert [each.result(PATIENCE) for each in asked] == [200] * 3


@pytest.mark.once
def test_a_server_that_says_nothing_isnt_waited_for_long() -> None:
    with ThreadPoolExecutor(1) as pool, socket.create_server(("127.0.0.1", 0)) as silent:
        made = settings_of({"JIEBAN_DATABASE": f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/x"})
        options = made["OPTIONS"]
        assert isinstance(options, dict)
        waits = options.pop("pool")
        assert options["connect_timeout"] == waits["timeout"] == AWAY_SECONDS
        asked = pool.submit(psycopg.connect, host="127.0.0.1", port=str(made["PORT"]), **options)
        assert isinstance(asked.exception(PATIENCE), psycopg.OperationalError)


def test_what_is_under_way_is_answered_before_the_server_ends(served: Served, database: LiveDatabase) -> None:
    with ThreadPoolExecutor(4) as pool:
        with unwritable(database):
            asked = [pool.submit(sent, served) for _ in range(4)]
            until = time.monotonic() + PATIENCE
            # Each has a connection of its own: workers that were forked with one in common had to take turns.
            while database.vendor == "postgresql" and waiting(database) < len(asked):
                assert time.monotonic() < until
                time.sleep(0.05)
            time.sleep(1)
            served.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            assert not any(each.done() for each in asked)
        assert [each.result(PATIENCE).status for each in asked] == [422] * 4
    assert served.process.wait(PATIENCE) == 0
    assert served.status() is None


@pytest.mark.once
def test_an_upload_that_breaks_off_leaves_nothing(served: Served, tmp_path: Path) -> None:
    head = (
        "POST /my/25042100011/photos/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
    )
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", served.port)) as line:
            line.sendall(head.encode() + b"\xff\xd8" * 700_000)
            time.sleep(0.3)
    served.awaited()
    until = time.monotonic() + PATIENCE
    while list((tmp_path / "uploads").glob("*.upload*")):
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.once
def test_two_gigabytes_are_refused_before_they_are_sent(served: Served) -> None:
    with closing(served.connect()) as asked:
        asked.putrequest("POST", "/my/25042100011/photos/")
        asked.putheader("Content-Length", str(2 * GIB))
        asked.putheader("Content-Type", "multipart/form-data; boundary=x")
        asked.endheaders(b"--x\r\n")
        began = time.monotonic()
        answer = asked.getresponse()
        assert answer.status == 413
        assert "没有接收" in answer.read().decode()
        assert time.monotonic() - began < PATIENCE / 4
    served.awaited()
