"""The city's changes from the command line: told, written out, and contradictions found by the check."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from jieban.kernel.errors import Exit
from jieban.people.accounts import add_account, give_post
from jieban.people.city import filed, forget
from jieban.people.city_changes import propose
from jieban.people.city_in_force import look, source
from jieban.people.models import CityDecision
from jieban.people.roles import Role
from jieban.profile.documents.changes import RowChange, ValueChange
from jieban.profile.documents.folding import list_text
from jieban.profile.load import load_profile
from live_database import LiveDatabase

pytestmark = pytest.mark.slow(4)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    forget()
    yield
    forget()


def jieban(database: LiveDatabase, profile: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**database.environ, "JIEBAN_PROFILE": str(profile)}
    command = [sys.executable, "-m", "jieban", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_changes_are_told_written_out_and_held_against_files(database: LiveDatabase, tmp_path: Path) -> None:
    profiles = Path(filed().directory or "").parent
    shutil.copytree(profiles / "_base", tmp_path / "_base")
    place = tmp_path / "yunting"
    shutil.copytree(profiles / "yunting", place)
    now = datetime.now(UTC)
    with override_settings(JIEBAN_PROFILE=str(place)):
        was = list_text(source(), "units.csv").rows[0]
        change = RowChange(
            document="units.csv", key=(was["code"],), was=was, now={**was, "short_name": "甲局"}
        )
        yesterday = now.date() - timedelta(days=1)
        propose(by=None, changes=[change], title="改简称", why="通知", first_day=yesterday, now=now)
        version = look(now).profile.version
    told = jieban(database, place, "profile", "history")
    assert (told.returncode, "改简称" in told.stdout, "已同意" in told.stdout) == (0, True, True), told.stderr
    out = tmp_path / "out"
    done = jieban(database, place, "profile", "export", str(out))
    assert done.returncode == 0, done.stderr
    assert load_profile(out / "yunting").version == version
    text = (place / "units.csv").read_text(encoding="utf-8")
    (place / "units.csv").write_text(text.replace(f",{was['short_name']},", ",乙局,", 1), encoding="utf-8")
    told = jieban(database, place, "profile", "history", "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout)["conflicts"] == [
        {"where": ["units.csv", was["code"]], "column": "short_name", "file": "乙局", "holds": "甲局"}
    ]
    found = {
        each["check"]: each for each in json.loads(jieban(database, place, "live", "check", "--json").stdout)
    }
    assert found["city"]["level"] == "warning"
    second = text.splitlines()[2].split(",")
    clash = text.replace(f",{second[2]},", ",甲局,", 1)
    (place / "units.csv").write_text(clash, encoding="utf-8")
    refused = jieban(database, place, "people", "list")
    assert refused.returncode == 4
    assert "甲局" in refused.stderr
    found = {
        each["check"]: each for each in json.loads(jieban(database, place, "live", "check", "--json").stdout)
    }
    assert found["city"]["level"] == "fault"


def test_where_nobody_else_can_accept_the_command_line_does_and_writes_why(
    database: LiveDatabase,
) -> None:
    place, now = Path(filed().directory or ""), datetime.now(UTC)
    alice, bob = (add_account(username=name, display_name=name.title(), now=now) for name in ("alice", "bob"))
    for each in (alice, bob):
        first = now.date() - timedelta(days=9)
        give_post(account=each, role=Role.ADMINISTRATOR, unit=None, first=first, last=None, profile=filed())
    there = filed().extension.working_days
    longer = ValueChange(
        document="deadlines.toml", path=("extension", "working_days"), was=there, now=there + 3
    )
    change = propose(by=alice, changes=[longer], title="延期放宽", why="通知", first_day=now.date(), now=now)

    def told(*words: str) -> subprocess.CompletedProcess[str]:
        return jieban(database, place, "profile", "accept", *words)

    refused = told(f"{change.pk}", "--why", "鲍勃出差")
    assert (refused.returncode, "Bob" in refused.stderr) == (Exit.USAGE, True), refused.stderr
    assert "Alice" not in refused.stderr, "who wants it is no second"
    assert not CityDecision.objects.exists()
    bob.is_active = False
    bob.save()
    assert told(f"{change.pk}", "--why", "  ").returncode == Exit.USAGE
    assert told(f"{change.pk}").returncode == Exit.USAGE
    assert "没有第" in told("99", "--why", "x").stderr
    assert not CityDecision.objects.exists()
    done = told(f"{change.pk}", "--why", "只有一位系统管理员")
    assert (done.returncode, "延期放宽" in done.stdout) == (0, True), done.stderr
    [decision] = CityDecision.objects.all()
    assert (decision.verdict, decision.by, decision.why) == ("accepted", None, "只有一位系统管理员")
    assert look(datetime.now(UTC)).profile.extension.working_days == there + 3
    again = told(f"{change.pk}", "--why", "再来一次")
    assert (again.returncode, "结论" in again.stderr) == (Exit.USAGE, True)
    history = json.loads(jieban(database, place, "profile", "history", "--json").stdout)
    assert history["changes"][0]["decisions"][0][2:] == [None, "只有一位系统管理员"]
