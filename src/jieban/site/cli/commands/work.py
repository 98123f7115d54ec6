"""`jieban work run`: does the long work that pages asked for."""

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.options import json_option, say_json


@click.group("work", help=tr("页面交办的较长的工作:统计、冻结、生成报告、导出清单。"))
def command() -> None:
    """Group of the commands about long work."""


@command.command("run", help=tr("做完等着的工作。页面会自己启动它;由定时任务再运行它,可接着做中断了的。"))
@json_option
def run(*, as_json: bool) -> int:
    """Do what waits; at once done where another process is at it."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.desks.work.run import run_waiting  # noqa: PLC0415  # models load once Django is ready

    done = run_waiting()
    if as_json:
        say_json({"done": done})
    else:
        click.echo(tr("做了 {n} 项。", n=done))
    return Exit.OK
