"""Long work in real processes: one at a time, and what a killed one left half done is begun again."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from browsers import OPENED, Sign
from cast import recorded

from jieban.desks.lists.keeping import file_of
from jieban.desks.lists.models import Export
from jieban.desks.work.lock import somebody_works
from jieban.desks.work.models import Job, Task, TaskState
from jieban.people.roles import Role

pytestmark = [pytest.mark.live, pytest.mark.slow(3)]
_SLOW = """
import time
from jieban.site.live import setup
setup()
from jieban.desks.lists import make
real = make.write
def slowly(path, heads, rows, told):
    print("begun", flush=True)
    time.sleep(60)
    return real(path, heads, rows, told)
make.write = slowly
from jieban.desks.work.run import run_waiting
run_waiting()
"""
_QUICK = """
from jieban.site.live import setup
setup()
from jieban.desks.work.run import run_waiting
print(run_waiting())
"""


def _child(database: Any, code: str, **more: str) -> subprocess.Popen[str]:
    shift = int((OPENED - datetime.now(UTC)).total_seconds())
    clock = {"JIEBAN_DEMO": "1", "JIEBAN_CLOCK_SHIFT": str(shift)}  # the clock of the test's own pages
    environ = {**os.environ, **database.environ, **clock, **more}
    return subprocess.Popen([sys.executable, "-c", code], env=environ, stdout=subprocess.PIPE, text=True)


def _asked() -> Export:
    from jieban.desks.lists.keeping import closed_address, digest_of  # noqa: PLC0415  # beside what they are for
    from jieban.people.models import Account  # noqa: PLC0415  # as above

    given = {"desk": "dispatch", "queue": "new"}
    account = Account.objects.get(display_name="dispatcher")
    made = Export.objects.create(
        account=account, kind="queue", address=closed_address(given), digest=digest_of(given), asked_at=OPENED
    )
    Task.objects.create(job=Job.EXPORT, subject=str(made.pk), asked_by="account:1", asked_at=OPENED)
    return made


def _nobody_works() -> None:
    """Wait until the lock of a dead process is given back: PostgreSQL has to notice first that its client is gone."""
    until = time.monotonic() + 30
    while somebody_works():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_killed_process_is_seen_and_its_work_begun_again_by_the_next(database: Any, sign_in: Sign) -> None:
    recorded()
    browser = sign_in(Role.DISPATCHER)
    made = _asked()
    killed = _child(database, _SLOW)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "begun\n"
    assert somebody_works()
    assert "中断" not in browser.get("/desk/lists/").content.decode()
    assert Task.objects.get().state == TaskState.RUNNING
    second = _child(database, _QUICK.replace("run_waiting()", "run_waiting(patience=0)"))
    assert second.communicate(timeout=60)[0] == "0\n", "one at a time"
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait(30)
    killed.stdout.close()
    _nobody_works()
    assert "中断了" in browser.get("/desk/lists/").content.decode()
    assert not file_of(made.pk).exists()
    left = file_of(made.pk).with_suffix(".making")
    assert left.exists()
    third = _child(database, _QUICK)
    assert third.communicate(timeout=60)[0] == "1\n"
    assert Task.objects.get().state == TaskState.DONE
    assert not left.exists(), "nothing legible is left lying"
    assert browser.get(f"/desk/lists/{made.pk}.xlsx").status_code == 200


def test_two_at_once_do_each_piece_once(database: Any, sign_in: Sign) -> None:
    recorded()
    sign_in(Role.DISPATCHER)
    made = _asked()
    begun = time.monotonic()
    both = [_child(database, _QUICK) for _ in range(2)]
    done = [int(each.communicate(timeout=120)[0]) for each in both]
    assert sorted(done) == [0, 1], time.monotonic() - begun
    made.refresh_from_db()
    assert made.ready_at is not None
    assert Task.objects.get().state == TaskState.DONE


def test_servers_that_have_only_the_database_in_common_do_no_piece_twice(
    database: Any, sign_in: Sign, tmp_path: Path
) -> None:
    recorded()
    browser = sign_in(Role.DISPATCHER)
    _asked()
    # On SQLite the file lies on one machine, whose servers have its directory in common, too.
    apart = {"JIEBAN_VAR": str(tmp_path / "another")} if database.vendor == "postgresql" else {}
    here = _child(database, _SLOW, **apart)
    assert here.stdout is not None
    assert here.stdout.readline() == "begun\n"
    assert somebody_works(), "that of another directory is seen"
    assert "中断" not in browser.get("/desk/lists/").content.decode()
    there = _child(database, _QUICK.replace("run_waiting()", "run_waiting(patience=0)"))
    assert there.communicate(timeout=60)[0] == "0\n"
    assert Task.objects.get().state == TaskState.RUNNING
    here.kill()
    here.wait(30)
    here.stdout.close()
    _nobody_works()
    there = _child(database, _QUICK)
    assert there.communicate(timeout=60)[0] == "1\n"
    assert Task.objects.get().state == TaskState.DONE
