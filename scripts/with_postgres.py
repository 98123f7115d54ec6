"""Runs a command beside a PostgreSQL server of its own, and throws the server away.

    with_postgres.py [--on-disk] COMMAND...

The command finds the server's address in JIEBAN_TEST_DATABASE. The server listens on a socket in a temporary directory
and on a free port of 127.0.0.1, with fsync on, and ends with the command. Its files are in memory where there is room:
each test has a database of its own, and a disk would spend most of the time on making and dropping those, while a
killed process loses no more there than on a disk. Benchmarks want --on-disk.

Where JIEBAN_TEST_DATABASE is set already, that server is used. Where PostgreSQL isn't installed, nothing runs and a
line says so; in CI that is a failure.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode, urlunsplit

_DEBIAN = Path("/usr/lib/postgresql")
_USER = "jieban"
_LONGEST_START = 60.0
_MEMORY = Path("/dev/shm")  # noqa: S108  # made a directory of our own within
_ROOM = 2 * 1024**3
_ABSENT = (
    "== on PostgreSQL: NOT RUN, since there is no PostgreSQL here (on Debian: apt-get install postgresql-15)"
)


def binaries() -> Path | None:
    """The directory of initdb and postgres: the newest of Debian's, else the one on PATH; None where there is none."""
    versions = sorted(
        (path for path in _DEBIAN.glob("*/bin/initdb") if path.parts[-3].isdigit()),
        key=lambda path: int(path.parts[-3]),
    )
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def place(*, on_disk: bool) -> str | None:
    """Where the server's temporary directory shall be; None for the system's usual place."""
    if on_disk or not _MEMORY.is_dir():
        return None
    return str(_MEMORY) if shutil.disk_usage(_MEMORY).free >= _ROOM else None


def as_owner(command: list[str | Path]) -> list[str | Path]:
    """The command as somebody whom initdb accepts: root becomes Debian's user postgres."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """The cluster in `directory`, a new one if none is there, and the server on it; `more` are settings of its own."""

    def __init__(self, bin_directory: Path, directory: Path, more: Mapping[str, str] | None = None) -> None:
        self._directory = directory
        self._port = free_port()
        self._more = more or {}
        data = directory / "data"
        if os.geteuid() == 0:
            shutil.chown(directory, "postgres")
        if not (data / "PG_VERSION").exists():
            subprocess.run(
                as_owner(
                    [
                        *(bin_directory / "initdb", "--pgdata", data, "--username", _USER, "--auth", "trust"),
                        *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
                    ]
                ),
                cwd=directory,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        self._log = (directory / "log").open("wb")
        self._process = subprocess.Popen(
            as_owner([bin_directory / "postgres", "-D", data, *self._settings()]),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # an interrupt from the terminal reaches the command first
        )
        self._await(bin_directory)

    def _settings(self) -> list[str]:
        chosen = {
            "unix_socket_directories": self._directory,
            "listen_addresses": "127.0.0.1",
            "port": self._port,
            "fsync": "on",
            "synchronous_commit": "on",
            "max_connections": 100,
            **self._more,
        }
        return [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]

    @property
    def url(self) -> str:
        """The server's address, on its socket."""
        query = urlencode({"host": str(self._directory)})
        return urlunsplit(("postgresql", f"{_USER}@:{self._port}", "/postgres", query, ""))

    def _await(self, bin_directory: Path) -> None:
        end = time.monotonic() + _LONGEST_START
        ready = [bin_directory / "pg_isready", "-q", "-h", self._directory, "-p", str(self._port)]
        while subprocess.run(ready, check=False).returncode:
            if self._process.poll() is not None or time.monotonic() > end:
                log = (self._directory / "log").read_text("utf-8", errors="replace")
                self.stop()
                raise SystemExit(f"PostgreSQL doesn't start:\n{log}")
            time.sleep(0.05)

    def stop(self, *, keep: bool = False) -> None:
        """End the server by its own pid (runuser would not pass every signal on): at once, unless its data are kept."""
        try:
            pid = int((self._directory / "data" / "postmaster.pid").read_text("ascii").split("\n")[0])
            os.kill(pid, signal.SIGINT if keep else signal.SIGQUIT)
        except (FileNotFoundError, ProcessLookupError, ValueError):
            self._process.terminate()
        self._process.wait(_LONGEST_START)
        self._log.close()


def main(command: list[str]) -> int:
    """Run the command and give its exit code."""
    on_disk = command[:1] == ["--on-disk"]
    command = command[1:] if on_disk else command
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if os.environ.get("JIEBAN_TEST_DATABASE"):
        return subprocess.run(command, check=False).returncode
    found = binaries()
    if found is None:
        print(_ABSENT, file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    # Stopped from outside, we end the server too.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(
        prefix="jieban-pg-", dir=place(on_disk=on_disk), ignore_cleanup_errors=True
    ) as directory:
        server = Server(found, Path(directory))
        try:
            environment = os.environ | {"JIEBAN_TEST_DATABASE": server.url}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
