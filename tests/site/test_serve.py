"""One server a port: a second one says so, where the system itself would let it in beside the first."""

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from jieban.site.cli.serve import CannotListen, check_free

_SECOND = """
from jieban.site.cli.serve import check_free
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
