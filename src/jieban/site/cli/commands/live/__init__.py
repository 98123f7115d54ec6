"""`jieban live init|check|import|export`."""

from datetime import UTC, datetime

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.commands.live.exported import export_files
from jieban.site.cli.commands.live.imported import import_files
from jieban.site.cli.options import json_option, note, say_json


@click.group("live", help=tr("工单平台:建立数据库,检查运行条件。"))
def command() -> None:
    """Group of the commands about the live platform itself."""


command.add_command(import_files)
command.add_command(export_files)


@command.command("init", help=tr("建立数据库,或把它升级到本版本;可以反复运行。"))
@json_option
def init(*, as_json: bool) -> int:
    """Make or upgrade the database."""
    from jieban.site.live import initialise  # noqa: PLC0415  # Django is imported by the commands that need it

    applied, key = initialise()
    if key is not None:
        note(tr("已生成签名密钥,存于 {file}(只有本用户可读)。", file=key))
    if as_json:
        say_json({"applied": applied, "secret_key_file": str(key) if key else None})
    elif applied:
        click.echo(tr("数据库已就绪,完成 {n} 步迁移。", n=len(applied)))
    else:
        click.echo(tr("数据库已是本版本,无需改动。"))
    return Exit.OK


@command.command("check", help=tr("检查运行条件:设置、密钥、城市配置、工作日历、数据库、触发器。"))
@json_option
def check(*, as_json: bool) -> int:
    """Print what was found; exit code 6 when something is wrong, 0 when there are warnings only."""
    from jieban.site.doctor import Level, examine  # noqa: PLC0415  # as above

    signs = {Level.OK: tr("正常"), Level.WARNING: tr("注意"), Level.FAULT: tr("错误")}
    findings = list(examine(datetime.now(UTC)))
    if as_json:
        say_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            # Chinese sentences stand close, as their full stop brings its own space.
            gap = "" if finding.said.endswith("。") or not finding.fix else " "
            click.echo(f"[{signs[finding.level]}] {finding.said}{gap}{finding.fix or ''}")
    return Exit.CHECK_FAILED if any(each.level is Level.FAULT for each in findings) else Exit.OK
