"""`jieban demo --desks` and `jieban serve --demo`: what a stranger finds who signs in as each of those printed."""

import contextlib
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jieban.people.roles import POST_ROLES, ROLE_NAMES
from jieban.site.cli.commands.demo.desks import as_called

pytestmark = [pytest.mark.slow(12), pytest.mark.timeout(600)]
_ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith("JIEBAN_")}
_LONGEST_START = 120
_BUSY = {
    "dispatcher": ("待派单", "退单申请", "延期申请"),
    "handler": ("今日", "办理中", "我经办", "退回", "已申请", "待补充", "待审核"),
    "head": ("待签字",),
    "reviewer": ("待审核", "不合理诉求认定"),
    "callback-agent": ("待回访", "没接通", "不满意", "可结案"),
    "supervisor": ("已超期", "催办中", "督办中", "升级督办"),
}
"""Queues in which something waits in the morning."""


@pytest.mark.parametrize("city", ["changji", "yunting"])
def test_whoever_has_an_account_in_a_demonstration_has_a_name_of_their_own(city: str) -> None:
    script = Path(__file__).parents[2] / "profiles" / city / "demo" / "desks.toml"
    names = tomllib.loads(script.read_text("utf-8"))["people"]
    assert names.keys() == {role.value for role in POST_ROLES}
    assert len(set(names.values())) == len(names)
    assert not set(names.values()) & {str(each) for each in ROLE_NAMES.values()}


def test_what_starts_it_later_is_said_as_it_can_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = tmp_path / "jieban"
    found.write_text("#!/bin/sh\n", "utf-8")
    found.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [".venv/bin/jieban", "demo", "--desks"])
    monkeypatch.setenv("PATH", "/nowhere")
    assert as_called() == ".venv/bin/jieban"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert as_called() == "jieban"
    monkeypatch.setattr(sys, "argv", ["/some/where/__main__.py"])
    assert as_called() == "jieban"


def _jieban(*args: str) -> list[str]:
    return [sys.executable, "-m", "jieban", *args]


@contextlib.contextmanager
def _served(place: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        _jieban("serve", "--demo", place, "--port", str(port), "--workers", "1"),
        env=_ENVIRON,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + _LONGEST_START
        while True:
            try:
                urllib.request.urlopen(f"{address}/account/login/", timeout=10).close()  # noqa: S310  # our own
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None, "the server has ended"
                assert time.monotonic() < until, "the server doesn't answer"
                time.sleep(0.5)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


class _Browser:
    def __init__(self, address: str) -> None:
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """The path at which one ends, and the page there."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        headers = {"Referer": self.address + path}
        request = urllib.request.Request(self.address + path, data=data, headers=headers)  # noqa: S310  # our own
        with self._opener.open(request, timeout=60) as answer:
            return urllib.parse.urlsplit(answer.url).path, answer.read().decode()

    def sign_in(self, username: str, password: str) -> tuple[str, str]:
        """Where one begins after signing in."""
        _, page = self.open("/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        form = {"csrfmiddlewaretoken": token[1], "login": username, "password": password}
        return self.open("/account/login/", form)


@pytest.fixture(scope="module")
def made(in_memory: Path) -> Iterator[Any]:
    """What `jieban demo --desks` tells of one that it set up."""
    out = tempfile.mkdtemp(dir=in_memory)
    said = subprocess.run(
        _jieban("demo", "--desks", "--profile", "yunting", "--out", out, "--json"),
        env=_ENVIRON,
        check=True,
        capture_output=True,
        text=True,
    )
    yield json.loads(said.stdout)
    shutil.rmtree(out, ignore_errors=True)


_LOOK = """
import json, os, sys
from pathlib import Path
kept = json.loads((Path(sys.argv[1]) / "desks.json").read_text("utf-8"))
os.environ.update(kept["environment"], JIEBAN_CLOCK_SHIFT="0")
from jieban.site import live
live.setup()
from jieban.orders.models import Clock, Event, Evidence, Handling, Order
from jieban.people.models import Account
begun, here = Event.objects.exclude(act="imported"), Order.objects.filter(source_number=None)
due = {}
for clock in Clock.objects.filter(level="handling", stage="close", dropped=False).order_by("due_at"):
    due.setdefault(clock.order_id, []).append(clock.due_at.isoformat())
print(json.dumps({
    "names": {f"account:{a.pk}": [a.display_name, a.has_usable_password()] for a in Account.objects.all()},
    "actors": sorted(set(begun.values_list("actor", flat=True))),
    "pressed": [
        [e.act, e.at.isoformat(), due[e.order_id]] for e in begun.filter(act__in=["urge", "supervise", "escalate"])
    ],
    "urgent": sorted(set(here.filter(urgency="urgent").values_list("request_type", flat=True))),
    "published": here.filter(published=True).count(),
    "signed": Handling.objects.filter(signed_at__gte=kept["at"][:7] + "-01T00:00:00Z").count(),
    "assigned": Handling.objects.exclude(assignee=None).count(),
    "sizes": {kind: list(found.values_list("size", flat=True)) for kind in ("photo_after", "document")
              for found in [Evidence.objects.filter(kind=kind)]},
}))
"""


def test_everybody_who_acts_has_a_name_and_words_fit_the_orders(made: Any) -> None:
    assert made["refused"] == [], "every order of the month under way was played"
    looked = subprocess.run(
        [sys.executable, "-c", _LOOK, made["place"]],
        env=_ENVIRON,
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(looked.stdout)
    names = {actor: name for actor, (name, _) in found["names"].items()}
    citizens = {each for each in found["actors"] if each.startswith("citizen:")}
    assert set(found["actors"]) - citizens <= names.keys(), "the ledger names persons, not roles"
    assert len(set(names.values())) == len(names) > 50
    assert sum(can for _, can in found["names"].values()) == len(POST_ROLES), "those printed, and nobody else"
    assert found["assigned"] >= 0.9 * found["signed"] > 0, "units say who deals with it"
    assert {act for act, _, _ in found["pressed"]} == {"urge", "supervise", "escalate"}
    for act, at, due in found["pressed"]:
        assert (min(due) < at) == (act != "urge"), "who is late is supervised, who soon will be is urged"
    assert {"complain"} <= set(found["urgent"]) <= {"complain", "help"}, "nobody's thanks are urgent"
    assert found["published"] > 0, "there are answers to read"
    for sizes in found["sizes"].values():
        assert min(sizes) > 2000, "pictures and papers that can be looked at"


def test_everybody_who_is_printed_signs_in_and_finds_work(made: Any) -> None:
    assert len(made["sign_ins"]) == len(POST_ROLES)
    assert made["orders"] == 620
    assert made["begun"] > 50
    with _served(made["place"]) as address:
        port = str(urllib.parse.urlsplit(address).port)
        again = _jieban("serve", "--demo", made["place"], "--port", port)
        second = subprocess.run(again, env=_ENVIRON, capture_output=True, text=True, check=False, timeout=120)
        assert (second.returncode, port in second.stderr) == (1, True), second.stderr
        for each in made["sign_ins"]:
            path, page = _Browser(address).sign_in(each["username"], made["password"])
            assert path.startswith("/desk/"), each
            assert "演示数据" in page, each
            waiting = dict(re.findall(r'<a[^>]*>\s*([^<>\s]+)\s*<span class="count">(\d+)</span>', page))
            assert {name for name in _BUSY.get(each["username"], ()) if waiting[name] == "0"} == set(), each
        leader = _Browser(address)
        assert leader.sign_in("leader", made["password"])[0] == "/desk/month/"
        month = leader.open("/desk/month/")[1]
        assert ">620<" in month, "April is counted already"
        assert "此后工单有变动" not in month, "and nothing changed since"
        _, page = _Browser(address).sign_in("dispatcher", made["password"])
        assert made["at"].startswith("2025-05-21"), "the first morning on which all of April is known"
        assert "2025-05-21 10:" in page, "the demonstration's own day (ruling 14)"
        assert len(re.findall(r'class="entry', page)) > 0


def test_where_nothing_was_set_up_it_says_so(tmp_path: Path) -> None:
    said = subprocess.run(
        _jieban("serve", "--demo", str(tmp_path)), env=_ENVIRON, capture_output=True, text=True, check=False
    )
    assert said.returncode == 7
    assert "jieban demo --desks" in said.stderr
