"""`jieban retention run`."""

from datetime import UTC, datetime

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.options import Moment, json_option, note, say_json


@click.group("retention", help=tr("保存期限:到期清除个人信息和证据。"))
def command() -> None:
    """Group of the commands about retention."""


@command.command("run", help=tr("清除已满保存期限的个人信息和证据;可以反复运行。"))
@click.option(
    "--now",
    type=Moment(instant=True),
    metavar="TIME",
    help=tr("按这一时刻计算期限(不写时区则为 UTC);不写则按现在。"),
)
@json_option
def run(now: datetime | None, *, as_json: bool) -> int:
    """Redact, and say how many, and which keys still open old backups."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.orders.jobs.retention import run_retention  # noqa: PLC0415  # as above
    from jieban.orders.keyring import versions_in_use  # noqa: PLC0415  # models load once Django is ready
    from jieban.people.keys import keyring  # noqa: PLC0415  # as above

    instant = datetime.now(UTC) if now is None else now if now.tzinfo else now.replace(tzinfo=UTC)
    done = run_retention(instant)
    in_use = versions_in_use()
    idle = [
        version
        for version in sorted(keyring().keys)
        if version != keyring().current and version not in in_use
    ]
    if as_json:
        say_json({"orders": done.orders, "files": done.files, "retirable": idle})
        return Exit.OK
    click.echo(tr("已清除 {n} 件工单的到期内容,删除 {files} 个证据文件。", n=done.orders, files=done.files))
    if done.orders:
        note(tr("旧备份里的同样内容,要到更换并停用主密钥后才读不出(见 docs/adr/0014)。"))
    for version in idle:
        note(tr("第 {version} 版密钥已没有工单在用,可运行 jieban keys retire {version}。", version=version))
    return Exit.OK
