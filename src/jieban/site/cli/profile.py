"""`jieban profile check`."""

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.options import json_option, say_json


@click.group("profile", help=tr("检查城市配置。"))
def command() -> None:
    """Group of the profile commands."""


@command.command("check", help=tr("检查城市配置:逐条列出问题所在的文件和行。"))
@click.argument("name", metavar="NAME")
@json_option
def check(name: str, *, as_json: bool) -> int:
    """Print every fault of a profile; exit code 4 when there is any."""
    from jieban.people.known import all_names  # noqa: PLC0415
    from jieban.profile.check import check_profile, faults_text  # noqa: PLC0415  # rooms are imported when used

    faults = check_profile(name, all_names())
    if as_json:
        say_json({"profile": name, "faults": [fault.as_dict() for fault in faults]})
    else:
        click.echo(faults_text(name, faults))
    return Exit.BAD_PROFILE if faults else Exit.OK
