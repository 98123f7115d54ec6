"""`jieban clocks run`: the job that warns of deadlines, to be run every few minutes."""

from datetime import UTC, datetime

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import listed, tr
from jieban.site.cli.options import Moment, json_option, note, say_json

_NOW = Moment(instant=True)


@click.group("clocks", help=tr("时限任务。"))
def command() -> None:
    """Group of the jobs about deadlines."""


@command.command(
    "run",
    help=tr(
        "重算待日历和日历改动后的期限,并按时限阶梯提醒:可由定时任务每几分钟运行一次,重复或漏运行都不会重复提醒、也不会漏提醒。"
    ),
)
@click.option("--now", type=_NOW, metavar="TIME", help=tr("当作此刻的时间,按本市时间写;不写则用现在。"))
@json_option
def run(now: datetime | None, *, as_json: bool) -> int:
    """Give provisional deadlines their true value, raise warnings, escalate; exit code 1 if orders were left."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.orders.jobs.escalation import escalate_due  # noqa: PLC0415  # as above
    from jieban.orders.jobs.ladder import raise_warnings  # noqa: PLC0415  # as above
    from jieban.orders.jobs.recompute import recompute_moved, recompute_provisional  # noqa: PLC0415  # as above
    from jieban.people.city import city  # noqa: PLC0415

    moment = datetime.now(UTC)
    if now is not None:
        moment = now if now.utcoffset() is not None else now.replace(tzinfo=city().clock.tz)
    known, moved = recompute_provisional(now=moment), recompute_moved(now=moment)
    warned = raise_warnings(now=moment)
    escalated = escalate_due(now=moment)
    left = sorted({*known.left, *moved.left, *warned.left, *escalated.left})
    if as_json:
        said = {"warned": warned.orders, "escalated": escalated.orders, "left": left}
        say_json({"recomputed": known.orders + moved.orders, **said})
    else:
        click.echo(
            tr("重算了 {n} 件工单的期限,提醒了 {m} 件工单。", n=known.orders + moved.orders, m=warned.orders)
        )
        if escalated.orders:
            click.echo(tr("升级督办了 {n} 件工单。", n=escalated.orders))
    if left:
        note(tr("{n} 件工单这次没有处理,下次运行时再处理:{numbers}", n=len(left), numbers=listed(left)))
    return Exit.FAULTS_FOUND if left else Exit.OK
