"""`jieban serve`: the platform's pages, on this machine."""

import os

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.options import note

_WORKERS = 2
_THREADS = 8


@click.command("serve", help=tr("启动工单平台的网页服务。"))
@click.option("--host", default="127.0.0.1", show_default=True, help=tr("监听的地址。"))
@click.option(
    "--port", default=8345, show_default=True, type=click.IntRange(1, 65535), help=tr("监听的端口。")
)
@click.option(
    "--workers", default=_WORKERS, show_default=True, type=click.IntRange(1, 64), help=tr("进程数。")
)
def command(*, host: str, port: int, workers: int) -> int:
    """Gather the static files and serve until stopped."""
    from granian import Granian  # noqa: PLC0415  # imported by the command that needs it
    from granian.constants import Interfaces  # noqa: PLC0415

    from jieban.site.live import gather_static, ready  # noqa: PLC0415

    ready()
    gather_static()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jieban.site.settings")
    note(tr("工单平台已启动,按 Ctrl+C 停止:{address}", address=f"http://{host}:{port}/desk/"))
    Granian(
        "jieban.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        log_enabled=False,
    ).serve()
    return Exit.OK
