"""What the other live tests stand on: a database of one's own, as the settings promise it."""

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jieban.people.models import Account
from live_database import LiveDatabase


def join(username: str) -> Account:
    return Account.objects.create_user(username, display_name="艾力", joined_at=timezone.now())


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.usefixtures("database")
def test_each_test_has_its_own(turn: int) -> None:
    assert Account.objects.count() == 0, turn
    join("aili")
    assert Account.objects.count() == 1


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db
def test_what_pytest_django_gives_is_rolled_back(turn: int) -> None:
    assert Account.objects.count() == 0, turn
    join("aili")


def test_a_child_process_sees_what_was_committed(database: LiveDatabase) -> None:
    join("aili")
    program = (
        "from jieban.site.live import setup; setup()\n"
        "from jieban.people.models import Account; print(*Account.objects.values_list('username', flat=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=dict(database.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["aili"]
    assert done.stderr == ""


def test_threads_wait_for_each_other(database: LiveDatabase) -> None:
    def one(index: int) -> str:
        with transaction.atomic():
            seen = Account.objects.count()
            join(f"user{index}")
            return f"{seen}"

    results = database.in_threads(16, one)
    assert [each for each in results if isinstance(each, Exception)] == []
    assert Account.objects.count() == 16
    if database.vendor == "sqlite":
        assert sorted(map(int, map(str, results))) == list(range(16)), "immediate transactions stand in line"


def test_one_of_two_wins(database: LiveDatabase) -> None:
    results = database.in_threads(2, lambda _index: join("same"))
    assert {type(each) for each in results} == {Account, IntegrityError}
    assert Account.objects.count() == 1


def test_sqlite_writes_ahead_and_to_the_disk(database: LiveDatabase) -> None:
    if database.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        found = {}
        for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 20_000,
    }


def test_postgresql_keeps_its_connections_in_a_pool(database: LiveDatabase) -> None:
    if database.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        first = cursor.fetchone()
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() == first


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", "people", check=True, dry_run=True, verbosity=0)
