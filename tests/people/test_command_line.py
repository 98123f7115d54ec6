"""`jieban people`: what it does is on record as the command line's."""

import subprocess
import sys

import pytest

from jieban.people.models import Account, AccountChange
from live_database import LiveDatabase

pytestmark = pytest.mark.slow(3)


def test_the_first_administrator_comes_in_by_the_command_line(database: LiveDatabase) -> None:
    def people(*words: str) -> str:
        command = [sys.executable, "-m", "jieban", "people", *words]
        environ = {**database.environ, "JIEBAN_PROFILE": "yunting"}
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout

    people("add", "root", "--name", "管理员")
    people("post", "root", "系统管理员")
    password = people("password", "root").strip()
    people("reset-codes", "root")
    people("end", "root", "系统管理员")
    people("disable", "root")
    account = Account.objects.get()
    assert account.check_password(password)
    assert account.password_once
    told = [(each.act, each.by) for each in AccountChange.objects.order_by("id")]
    acts = ["add", "give_post", "give_password", "reset_second_step", "end_post", "disable"]
    assert told == [(act, None) for act in acts]
