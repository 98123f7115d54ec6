"""One server a port: a second one says so, where the system itself would let it in beside the first."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jieban.site.cli.commands.serve import CannotListen, alone, check_free

_SECOND = """
from jieban.site.cli.commands.serve import check_free
import sys
check_free("127.0.0.1", int(sys.argv[1]))
"""


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens as the server's workers do: others may share it."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_where_somebody_listens_is_refused(taken: int) -> None:
    with pytest.raises(CannotListen) as refused:
        check_free("127.0.0.1", taken)
    assert str(taken) in refused.value.what
    assert "--port" in (refused.value.fix or "")


def test_another_process_is_refused_as_well_as_any_address_of_the_machine(taken: int) -> None:
    second = subprocess.run([sys.executable, "-c", _SECOND, str(taken)], capture_output=True, check=False)
    assert second.returncode != 0
    with pytest.raises(CannotListen):
        check_free("0.0.0.0", taken)  # noqa: S104  # only tried


def test_a_port_that_is_free_stays_free(taken: int) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    for _ in range(2):
        check_free("127.0.0.1", port)
    assert port != taken


def test_what_is_no_address_of_this_machine_is_told() -> None:
    for host in ("203.0.113.7", "no such name"):
        with pytest.raises(CannotListen) as refused:
            check_free(host, 8345)
        assert "--host" in (refused.value.fix or ""), host


_ALONE = """
from pathlib import Path
from jieban.site.cli.commands.serve import alone
import sys
with alone(Path(sys.argv[1]), 8345):
    print("alone", flush=True)
    sys.stdin.read()
"""


def test_of_two_that_start_at_once_one_serves_and_the_other_says_where(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _ALONE, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(command, **pipes) for _ in range(4)]
    said = [each.stdout.readline() for each in started]
    assert sorted(said) == ["", "", "", "alone\n"]
    first = started[said.index("alone\n")]
    with pytest.raises(CannotListen) as refused, alone(tmp_path, 8345):
        pass
    assert str(tmp_path / f"serve-{socket.gethostname()}-8345.lock") in refused.value.what
    assert "--port" in (refused.value.fix or "")
    with alone(tmp_path, 8346):
        pass
    first.kill()
    for each in started:
        each.communicate()
    with alone(tmp_path, 8345):
        pass


_SETTLED = """
import gc, sys
import jieban.site.wsgi
from jieban.people.city import filed
assert "jieban.desks.search.views" in sys.modules, "the first visitor would wait until the pages are loaded"
assert filed.cache_info().currsize == int(sys.argv[1]), "and until the city's files are read"
assert gc.get_freeze_count() > 50_000, "and others for looks through what stays"
"""


@pytest.mark.parametrize(("profile", "read"), [("yunting", 1), ("", 0)])
def test_a_worker_has_what_every_visit_needs_before_the_first(
    profile: str, read: int, tmp_path: Path
) -> None:
    environment = {"JIEBAN_PROFILE": profile, "JIEBAN_VAR": str(tmp_path), "JIEBAN_SECRET_KEY": "of a test"}
    program = [sys.executable, "-c", _SETTLED, str(read)]
    told = subprocess.run(program, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
