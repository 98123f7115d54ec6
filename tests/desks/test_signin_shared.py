"""A lock-out counts together what all servers saw: several at once, several machines, on either database."""

import os
import subprocess
import sys
from typing import Any

import pytest
from browsers import OPENED
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client

from jieban.desks.signin.models import Shared
from jieban.people.accounts import add_account

pytestmark = pytest.mark.live
LOGIN = "/account/login/"
SECRET = "qiu-gao-qi-shuang-9"  # noqa: S105  # made up
_TRY = """
import sys
from jieban.site.live import setup
setup()
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
from django.test import Client
for n in range(int(sys.argv[1])):
    Client(REMOTE_ADDR="10.7.7.7").post("/account/login/", {"login": "guli", "password": "not-it-at-all"})
"""


@pytest.fixture
def guli(database: Any) -> Any:
    account = add_account(username="guli", display_name="haoguli", now=OPENED)
    account.set_password(SECRET)
    account.save()
    return database


def _entered() -> bool:
    browser = Client()
    browser.post(LOGIN, {"login": "guli", "password": SECRET})
    return SESSION_KEY in browser.session


def test_tries_at_another_server_count_here(guli: Any, tmp_path: Any) -> None:
    elsewhere = {**os.environ, **guli.environ, "JIEBAN_VAR": str(tmp_path), "JIEBAN_SECRET_KEY": _secret()}
    told = subprocess.run(
        [sys.executable, "-c", _TRY, "5"], env=elsewhere, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert not _entered()


def test_tries_at_the_same_instant_are_all_counted(guli: Any) -> None:
    def wrong(_index: int) -> int:
        return Client().post(LOGIN, {"login": "guli", "password": "not-it-at-all"}).status_code

    assert all(status == 200 for status in guli.in_threads(6, wrong))
    assert not _entered()


def test_what_is_added_at_once_is_added_by_one(database: Any) -> None:
    assert sorted(database.in_threads(8, lambda index: cache.add("a lock", index, 60))) == [False] * 7 + [
        True
    ]


def test_the_cache_keeps_forgets_and_sweeps(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    del database
    cache.set("known", [1.5, "路灯"], 60)
    cache.set("for ever", {"a": None}, None)
    cache.set("short", 1, 10)
    assert cache.get("known") == [1.5, "路灯"]
    assert cache.get_many(["known", "none"]) == {"known": [1.5, "路灯"]}
    assert cache.get("none", "nothing") == "nothing"
    assert cache.add("known", 2) is False
    _later(monkeypatch, 30)
    assert cache.get("short") is None
    assert cache.touch("short") is False
    assert cache.touch("known", 300) is True
    assert cache.add("short", 2, 10) is True
    _later(monkeypatch, 100)
    cache.set("another", 1, 10)
    assert Shared.objects.count() == 3  # what ran out went with the one that came
    assert cache.get("known") == [1.5, "路灯"]
    assert cache.delete("known") is True
    assert cache.delete("known") is False
    cache.clear()
    assert not Shared.objects.exists()


def test_no_address_and_no_name_stands_in_the_table(guli: Any) -> None:
    del guli
    Client(REMOTE_ADDR="10.7.7.7").post(LOGIN, {"login": "guli", "password": "not-it-at-all"})
    told = str(list(Shared.objects.values_list()))
    assert Shared.objects.exists()
    assert "10.7.7.7" not in told
    assert "guli" not in told


def _later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    import time  # noqa: PLC0415  # the clock that is put on

    from jieban.desks.signin import cache as module  # noqa: PLC0415  # imports a model

    real = time.time
    monkeypatch.setattr(module.time, "time", lambda: real() + seconds)


def _secret() -> str:
    from django.conf import settings  # noqa: PLC0415  # as above

    return str(settings.SECRET_KEY)
