"""The commands of the live platform, as an administrator types them: each in a process of its own."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from jieban.kernel.errors import Exit
from jieban.orders.triggers import wanted
from jieban.people.city import city
from jieban.people.models import Account, Post
from jieban.site.cli.frame import run
from jieban.site.doctor import Level, examine
from live_database import KEYS, LiveDatabase

KNOWN_YEAR = datetime(2025, 5, 7, 2, 30, tzinfo=UTC)


def jieban(environ: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jieban", *words],
        env={**environ, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def said(database: LiveDatabase, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command prints on the test's own database, run in this process, which is quicker."""
    del database

    def say(*words: str, code: Exit = Exit.OK) -> str:
        capsys.readouterr()
        assert run(words) == code
        out, err = capsys.readouterr()
        assert (err == "") == (code is Exit.OK), err
        return str(err if code else out)

    return say


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has set nothing yet, in an empty directory."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JIEBAN_", "DJANGO_"))}
    return {**kept, "JIEBAN_VAR": str(tmp_path / "var")}


def test_an_installation_from_nothing_to_fit(bare: dict[str, str], tmp_path: Path) -> None:
    before = jieban(bare, "live", "check", "--json")
    assert before.returncode == Exit.CHECK_FAILED
    faults = [each["check"] for each in json.loads(before.stdout) if each["level"] == "fault"]
    assert faults == ["secret_key", "keys", "profile", "database"]
    assert not (tmp_path / "var").exists(), "a check makes nothing"

    refused = jieban(bare, "people", "list")
    assert refused.returncode == Exit.MISSING_PART
    assert "jieban live init" in refused.stderr

    made = jieban(bare, "live", "init")
    assert made.returncode == Exit.OK, made.stderr
    assert "secret-key" in made.stderr
    again = jieban(bare, "live", "init", "--json")
    assert json.loads(again.stdout) == {"applied": [], "secret_key_file": None}
    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "var").iterdir()}
    assert rights == {"jieban.sqlite3": 0o600, "secret-key": 0o600, "anchors": 0o700}

    fit = jieban({**bare, "JIEBAN_PROFILE": "yunting", "JIEBAN_KEYS": KEYS}, "live", "check", "--json")
    assert fit.returncode == Exit.OK, fit.stdout
    assert {each["check"] for each in json.loads(fit.stdout) if each["level"] == "fault"} == set()


def test_people_come_work_and_go(said: Callable[..., str]) -> None:
    said("people", "add", "guli", "--name", "古丽")
    said("people", "post", "guli", "派单员", "--from", "2025-01-01")
    said(
        "people",
        "post",
        "guli",
        "head",
        "--unit",
        "路运局",
        "--from",
        "2025-02-01",
        "--to",
        "2099-12-31",
    )
    listed = json.loads(said("people", "list", "--json"))
    assert [(each["username"], each["name"], each["active"]) for each in listed] == [("guli", "古丽", True)]
    assert listed[0]["posts"] == [
        {"role": "dispatcher", "unit": None, "from": "2025-01-01", "to": None},
        {"role": "head", "unit": "roads", "from": "2025-02-01", "to": "2099-12-31"},
    ]
    assert "区道路运输局 负责人" in said("people", "list")

    said("people", "end", "guli", "负责人", "--unit", "roads", "--on", "2025-03-31")
    assert Post.objects.get(role="head").valid_to == date(2025, 3, 31)
    assert "负责人" not in said("people", "list")
    assert "负责人" in said("people", "list", "--all")

    said("people", "disable", "guli")
    assert said("people", "list") == ""
    assert "已停用" in said("people", "list", "--all")
    said("people", "enable", "guli")
    assert Account.objects.get().is_active


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["add", "guli", "--name", "另一位"], "已经有了"),
        (["post", "gulli", "派单员"], "guli"),
        (["post", "guli", "派单"], "派单员"),
        (["post", "guli", "负责人"], "--unit"),
        (["post", "guli", "负责人", "--unit", "路运"], "路运局"),
        (["end", "guli", "负责人", "--unit", "roads"], "jieban people list"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_writes_nothing(
    said: Callable[..., str], words: list[str], hint: str
) -> None:
    Account.objects.create_user("guli", display_name="古丽", joined_at=KNOWN_YEAR)
    assert hint in said("people", *words, code=Exit.USAGE)
    assert (Account.objects.count(), Post.objects.count()) == (1, 0)


def test_a_database_that_nobody_answers_for_is_told_at_once(bare: dict[str, str]) -> None:
    environ = {**bare, "JIEBAN_DATABASE": "postgresql://u:hidden@127.0.0.1:9/jieban"}
    for words in (["live", "init"], ["people", "list"]):
        done = jieban(environ, *words)
        assert done.returncode == Exit.MISSING_PART
        assert "JIEBAN_DATABASE" in done.stderr
        assert "Traceback" not in done.stderr
        assert "hidden" not in done.stderr


def test_an_older_database_is_refused_until_it_is_brought_up(said: Callable[..., str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'auth' AND name LIKE '0012%'")
    assert "jieban live init" in said("people", "list", code=Exit.MISSING_PART)
    said("live", "init")
    said("people", "list")


def test_a_command_and_a_test_see_the_same_database(database: LiveDatabase) -> None:
    Account.objects.create_user("guli", display_name="古丽", joined_at=KNOWN_YEAR)
    done = jieban(database.environ, "people", "list")
    assert done.stdout.split() == ["guli", "古丽"]
    assert done.stderr == ""


@pytest.mark.usefixtures("database")
def test_the_check_finds_nothing_wrong_with_what_migrations_made() -> None:
    assert {finding.check: finding.level for finding in examine(KNOWN_YEAR)} == dict.fromkeys(
        ("settings", "keys", "profile", "city", "calendar", "evidence", "database", "migrations", "triggers"),
        Level.OK,
    )


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("days_left", "level"), [(60, Level.OK), (59, Level.WARNING), (0, Level.WARNING), (-40, Level.WARNING)]
)
def test_the_check_warns_sixty_days_before_the_calendar_ends(days_left: int, level: Level) -> None:
    end = city().clock.calendar.known_until()
    assert end is not None
    now = datetime(end.year, end.month, end.day, 3, tzinfo=UTC) - timedelta(days=days_left)
    found = {finding.check: finding for finding in examine(now)}
    assert found["calendar"].level is level
    assert found["database"].level is Level.OK


@pytest.mark.usefixtures("database")
def test_the_check_names_triggers_that_are_gone() -> None:
    names = list(wanted(connection))
    with connection.cursor() as cursor:
        on_table = " ON orders_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {names[0]}{on_table}")  # a name of ours
    found = {finding.check: finding for finding in examine(KNOWN_YEAR)}
    assert found["triggers"].level is Level.FAULT
    assert names[0] in found["triggers"].said
    assert names[1] not in found["triggers"].said


@pytest.mark.usefixtures("database")
def test_the_check_names_posts_in_units_that_are_no_more() -> None:
    account = Account.objects.create_user("guli", display_name="古丽", joined_at=KNOWN_YEAR)
    Post.objects.create(account=account, role="head", unit="gone", valid_from=date(2025, 1, 1))
    found = {finding.check: finding for finding in examine(KNOWN_YEAR)}
    assert found["posts"].level is Level.WARNING
    assert "gone(guli)" in found["posts"].said
