"""`jieban demo --desks`: a platform to work in, with one sign-in for each role."""

import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.columns import aligned
from jieban.site.cli.commands.serve import address, serve
from jieban.site.cli.options import note, progress_bar, say_json

_NAME = "jieban"


def as_called() -> str:
    """What starts this command again: its name where that is found, else the path by which it was called."""
    called = Path(sys.argv[0])
    return str(called) if called.name == _NAME and shutil.which(_NAME) is None else _NAME


def set_up_desks(profile_name: str, out: Path, *, as_json: bool) -> int:
    """Set the demonstration up anew and say who may sign in; in a terminal serve it, else say how to start it."""
    from jieban.profile.load import load_profile  # noqa: PLC0415  # rooms are imported when used
    from jieban.site.desk_demo import set_up  # noqa: PLC0415

    profile = load_profile(profile_name)
    with progress_bar(tr("建演示平台")) as advance:
        made = set_up(profile_name, out / profile.name / "desks", advance)
    if as_json:
        say_json({**asdict(made), "place": str(made.place), "at": made.at.isoformat()})
        return Exit.OK
    at = f"{made.at.astimezone(profile.clock.tz):%Y-%m-%d %H:%M}"
    note(
        tr(
            "演示平台:上月 {orders} 件,本月 {begun} 件,时钟拨到 {at}。",
            orders=made.orders,
            begun=made.begun,
            at=at,
        )
    )
    rows = [(tr("岗位"), tr("账号"), tr("所在"))]
    rows += [(each.role, each.username, each.where) for each in made.sign_ins]
    for line in aligned(rows):
        click.echo(line)
    click.echo(tr("密码都是 {password}", password=made.password))
    if sys.stdout.isatty():
        serve()
    else:
        click.echo(tr("启动:{command}", command=f"{as_called()} serve --demo {made.place}"))
        click.echo(tr("然后打开:{address}", address=address()))
    return Exit.OK
