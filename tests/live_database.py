"""Live databases for tests: each test gets a fresh copy of a migrated one, with real commits and every trigger on.

SQLite files by default; JIEBAN_TEST_DATABASE=postgresql://… makes the same tests run on that server, where databases
of ours are created and dropped (`with_postgres.py` starts one that is thrown away). A room that wants them imports the
fixtures into its conftest.py, which makes Django ready before its tests are collected:

- `database`: a copy of one's own, for tests that commit, use threads or start processes (`database.environ`).
- `open_database`: the same for a fixture of several tests, which only look at what was written once.
- `db`, `django_assert_num_queries`: pytest-django's; a transaction that is rolled back, quicker.
"""

import base64
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

PROFILE = "yunting"
KEYS = "1:" + base64.b64encode(bytes(range(32))).decode()
SERVER = os.environ.get("JIEBAN_TEST_DATABASE", "")
_NOWHERE = "sqlite:////nonexistent/asked-for-no-database.sqlite3"
_LONGEST_WAIT = 60
FIRST_WITH_STRATEGY = 15_00_00
"""The first PostgreSQL that can be told how to copy a database."""


def _environ(url: str, var: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "jieban.site.settings",
        "JIEBAN_DATABASE": url,
        "JIEBAN_KEYS": KEYS,
        "JIEBAN_PROFILE": PROFILE,
        "JIEBAN_SECRET_KEY": "of the tests",
        "JIEBAN_VAR": var,
    }


def configure() -> None:
    """Make Django ready, with no database behind it until a fixture gives one; nothing stays in os.environ."""
    from jieban.site.live import setup  # noqa: PLC0415  # what this file is for

    with mock.patch.dict(os.environ, _environ(SERVER or _NOWHERE, "/nonexistent")):
        for name in ("JIEBAN_KEYS_FILE", "JIEBAN_ANCHORS", "JIEBAN_EVIDENCE", "JIEBAN_EVIDENCE_STORAGE"):
            os.environ.pop(name, None)
        setup()


configure()

from django.conf import settings  # noqa: E402  # Django is ready from here on
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import override_settings  # noqa: E402
from pytest_django import DjangoDbBlocker  # noqa: E402


@dataclass(frozen=True, kw_only=True)
class LiveDatabase:
    """A database that is the test's own, and how a child process comes to the same one."""

    vendor: str
    url: str
    environ: Mapping[str, str]

    def in_threads(self, count: int, work: Callable[[int], object]) -> list[object]:
        """What `work(0)` … `work(count - 1)` give, run at the same time, each with a connection of its own.

        A result is the exception where one was raised, so that a test can count who won.
        """
        results: list[object] = [None] * count
        start = threading.Barrier(count)

        def run(index: int) -> None:
            try:
                start.wait(_LONGEST_WAIT)
                results[index] = work(index)
            except Exception as fault:  # noqa: BLE001  # it is the result
                results[index] = fault
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(_LONGEST_WAIT)
            assert not thread.is_alive(), "a thread still waits"
        return results


OpenDatabase = Callable[[], AbstractContextManager[LiveDatabase]]


def _close() -> None:
    connection = connections["default"]
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


@contextmanager
def _pointed_at(name: str) -> Iterator[None]:
    """The default connection, in every thread, goes to the database of this name."""
    known = connections[
        "default"
    ].settings_dict  # the dictionary that new threads' connections are made from, too
    before = known["NAME"]
    _close()
    known["NAME"] = name
    try:
        yield
    finally:
        _close()
        known["NAME"] = before


def _migrate(name: str) -> None:
    with _pointed_at(name):
        call_command("migrate", verbosity=0, interactive=False)


class _Files:
    """Copies of a migrated file."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._template = directory / "template.sqlite3"
        _migrate(str(self._template))
        left = [path.name for path in directory.iterdir() if path != self._template]
        assert left == [], "the template is one closed file"

    def url(self, name: str) -> str:
        return f"sqlite:///{quote(name)}"

    @contextmanager
    def copy(self) -> Iterator[str]:
        path = self._directory / f"{uuid.uuid4().hex}.sqlite3"
        shutil.copyfile(self._template, path)
        yield str(path)
        for each in self._directory.glob(f"{path.name}*"):
            each.unlink()


class _Server:
    """Copies of a migrated database of the server, each dropped after use."""

    def __init__(self) -> None:
        self._prefix = f"jieban_test_{uuid.uuid4().hex[:12]}"
        self._template = f"{self._prefix}_template"
        self._count = 0
        self._admin = psycopg.connect(SERVER, autocommit=True)
        # By default each page of the copy goes through the log, which takes twice as long.
        self._strategy = (
            " STRATEGY FILE_COPY" if self._admin.info.server_version >= FIRST_WITH_STRATEGY else ""
        )
        self._do("CREATE DATABASE {}", self._template)
        _migrate(self._template)

    def url(self, name: str) -> str:
        return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))

    @contextmanager
    def copy(self) -> Iterator[str]:
        self._count += 1
        name = f"{self._prefix}_{self._count}"
        self._do(f"CREATE DATABASE {{}} TEMPLATE {{}}{self._strategy}", name, self._template)
        try:
            yield name
        finally:
            self._drop(name)

    def close(self) -> None:
        self._drop(self._template)
        self._admin.close()

    def _drop(self, name: str) -> None:
        self._do("DROP DATABASE {} WITH (FORCE)", name)

    def _do(self, statement: str, *names: str) -> None:
        self._admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


_MADE: list[_Files | _Server] = []
"""The one of this process, whichever room asked first."""


@pytest.fixture(scope="session")
def template(
    in_memory: Path, request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> _Files | _Server:
    """A migrated database, made once a process, from which all others are copied."""
    if not _MADE:
        with django_db_blocker.unblock():
            if SERVER:
                server = _Server()
                request.config.add_cleanup(server.close)
                _MADE.append(server)
            else:
                directory = in_memory / "databases"
                directory.mkdir()
                _MADE.append(_Files(directory))
    return _MADE[0]


@pytest.fixture(scope="session")
def django_db_setup(
    template: _Files | _Server,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """What pytest-django's `db` works on: a copy that no test ever commits to."""
    del django_test_environment
    with template.copy() as name, django_db_blocker.unblock(), _pointed_at(name):
        yield


@contextmanager
def _own(
    template: _Files | _Server, directory: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[LiveDatabase]:
    with (
        template.copy() as name,
        django_db_blocker.unblock(),
        _pointed_at(name),
        override_settings(
            JIEBAN_VAR=directory,
            JIEBAN_ANCHORS=directory / "anchors",
            STORAGES={**settings.STORAGES, "evidence": _evidence(directory)},
        ),
    ):
        url = template.url(name)
        yield LiveDatabase(
            vendor=connections["default"].vendor,
            url=url,
            environ={
                **{key: value for key, value in os.environ.items() if not key.startswith("JIEBAN_")},
                **_environ(url, str(directory)),
            },
        )


@pytest.fixture
def database(
    template: _Files | _Server, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[LiveDatabase]:
    """A database of the test's own: commits are real, and threads and child processes see them."""
    with _own(template, tmp_path, django_db_blocker) as opened:
        yield opened


@pytest.fixture(scope="session")
def open_database(
    template: _Files | _Server, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> OpenDatabase:
    """Opens one for as long as a fixture wants it, for tests that only look at what took long to write."""
    return lambda: _own(template, tmp_path_factory.mktemp("installation"), django_db_blocker)


def _evidence(directory: Path) -> dict[str, object]:
    known: dict[str, object] = settings.STORAGES["evidence"]
    return {**known, "OPTIONS": {**known["OPTIONS"], "location": str(directory / "evidence")}}
