"""`jieban serve`: the platform's pages, on this machine."""

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr
from jieban.site.cli.options import note

_HOST, _PORT = "127.0.0.1", 8345
_WORKERS = 2
_THREADS = 8
_ENDS_WITHIN = 30
"""Seconds for what is under way when the server is told to stop: longer than anybody waits for a lock."""


@click.command("serve", help=tr("启动工单平台的网页服务。"))
@click.option("--host", default=_HOST, show_default=True, help=tr("监听的地址。"))
@click.option(
    "--port", default=_PORT, show_default=True, type=click.IntRange(1, 65535), help=tr("监听的端口。")
)
@click.option(
    "--demo",
    "place",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=tr("启动 jieban demo --desks 建好的演示平台。"),
)
@click.option(
    "--workers", default=_WORKERS, show_default=True, type=click.IntRange(1, 64), help=tr("进程数。")
)
def command(*, host: str, port: int, workers: int, place: Path | None) -> int:
    """Gather the static files and serve until stopped."""
    from jieban.site.desk_demo import enter  # noqa: PLC0415  # imported by the command that needs it

    if place is not None:
        enter(place)
    serve(host=host, port=port, workers=workers)
    return Exit.OK


def serve(*, host: str = _HOST, port: int = _PORT, workers: int = _WORKERS) -> None:
    """Serve the installation that the environment names until stopped.

    Raises what `live.ready` does, and CannotListen.
    """
    from granian import Granian  # noqa: PLC0415  # as above
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    from jieban.site.live import gather_static, let_go, ready  # noqa: PLC0415

    ready()
    from django.conf import settings  # noqa: PLC0415  # Django is ready after the line above

    with alone(Path(settings.JIEBAN_VAR), port):
        gather_static()
        let_go()
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jieban.site.settings")
        check_free(host, port)
        note(tr("工单平台已启动,按 Ctrl+C 停止:{address}", address=address(host, port)))
        Granian(
            "jieban.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=_THREADS,
            # One that the system killed (memory) is made anew; one that dies again at once ends the server, as a fault.
            respawn_failed_workers=True,
            workers_kill_timeout=_ENDS_WITHIN,
            log_level=LogLevels.error,
        ).serve()


class CannotListen(JiebanError):
    """The address can't be had: somebody listens there, it isn't this machine's, or only root may."""

    code = "site.cannot_listen"


@contextmanager
def alone(var: Path, port: int) -> Iterator[None]:
    """Be the only server of an installation on a port of this machine. Raises CannotListen.

    Of two that are started at the same moment both find the port free, and it would be shared then. The lock is the
    system's, and given back when its holder dies; workers that outlive it hold it, too, as they hold the port. Machines
    that have the directory in common, on a disk of the network, have a lock each.
    """
    place = var / f"serve-{socket.gethostname()}-{port}.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("ab") as opened:
        try:
            fcntl.flock(opened.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise CannotListen(
                tr(
                    "工单平台已由另一个进程在 {port} 端口启动({place} 被占用),没有再启动。",
                    port=port,
                    place=place,
                ),
                fix=tr("要重启,请先停止它;要另开一个,请用 --port 换一个端口。"),
            ) from fault
        yield


def check_free(host: str, port: int) -> None:
    """Raises CannotListen where somebody listens already.

    The server's workers share their port (SO_REUSEPORT), so that the system would let a second server in beside the
    first, and each would get some of the requests.
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # a server that has just ended is none
            tried.bind(where)
            tried.listen()
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise CannotListen(
                tr("{host} 的 {port} 端口已有程序在用,没有启动。", host=host, port=port),
                fix=tr("多半是工单平台已在运行:请先停止它,或用 --port 换一个端口。"),
            ) from fault
        raise CannotListen(
            tr("不能在 {host} 的 {port} 端口监听:{why}", host=host, port=port, why=fault.strerror or fault),
            fix=tr("请核对 --host 和 --port;1024 以下的端口须有管理员权限。"),
        ) from fault


def address(host: str = _HOST, port: int = _PORT) -> str:
    """Where a browser finds the desks."""
    return f"http://{host}:{port}/desk/"
