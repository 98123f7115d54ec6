"""`jieban figures run`: counts what the month at a glance shows, to be run from cron."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.options import Moment, json_option, note, say_json

if TYPE_CHECKING:
    from jieban.desks.month.count import Counted


@click.group("figures", help=tr("总览页的数字。"))
def command() -> None:
    """Group of the commands about figures."""


@command.command(
    "run",
    help=tr("统计一个时段,供总览页显示;工单没有变动时不重复统计,可由定时任务每小时运行一次。"),
)
@click.option(
    "--period",
    "period_text",
    metavar="PERIOD",
    help=tr("时段,如 2025-04;不写则统计本月和上月。"),
)
@click.option("--again", is_flag=True, help=tr("工单没有变动也重新统计。"))
@click.option(
    "--now",
    type=Moment(instant=True),
    metavar="TIME",
    help=tr("当作此刻的时间,按本市时间写;不写则用现在。"),
)
@json_option
def run(period_text: str | None, now: datetime | None, *, again: bool, as_json: bool) -> int:
    """Count, and say what was."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.desks.month.count import count  # noqa: PLC0415  # models load once Django is ready
    from jieban.desks.month.spans import last_whole_month  # noqa: PLC0415  # as above
    from jieban.desks.shell.moment import now as desks_now  # noqa: PLC0415  # as above
    from jieban.indicators.period import Period  # noqa: PLC0415  # rooms are imported when used
    from jieban.people.city import city  # noqa: PLC0415  # as above

    moment = desks_now()
    if now is not None:
        moment = now if now.utcoffset() is not None else now.replace(tzinfo=city().clock.tz)
    if period_text is not None:
        periods = [Period.parse(period_text)]
    else:
        today = moment.astimezone(city().clock.tz).date()
        periods = [last_whole_month(moment), Period.month(today.year, today.month)]
    _tell([count(period, moment, again=again) for period in periods], as_json=as_json)
    return Exit.OK


def _tell(counted: "list[Counted]", *, as_json: bool) -> None:
    if as_json:
        say_json(
            [{"period": each.period.code, "file": str(each.path), "anew": each.anew} for each in counted]
        )
        return
    for each in counted:
        click.echo(each.path)
        if each.anew:
            note(tr("已统计{period}。", period=each.period.label))
        else:
            note(tr("{period}的工单没有变动,不必重新统计。", period=each.period.label))
