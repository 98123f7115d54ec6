"""`jieban evidence sweep|verify`."""

from datetime import UTC, datetime

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.options import json_option, note, progress_bar, say_json


@click.group("evidence", help=tr("证据文件:清理无主文件,核对文件完好。"))
def command() -> None:
    """Group of the commands about the files of evidence."""


@command.command("sweep", help=tr("删除没有工单引用、且存放超过一小时的文件;可以反复运行。"))
@json_option
def sweep_files(*, as_json: bool) -> int:
    """Remove what no row names, and say how many files that were."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.orders.evidence.upkeep import sweep  # noqa: PLC0415  # models load after Django is ready

    done = sweep(datetime.now(UTC))
    if as_json:
        say_json({"removed": done.removed, "foreign": done.foreign})
        return Exit.OK
    click.echo(tr("已删除 {n} 个没有工单引用的文件。", n=done.removed))
    for path in done.foreign:
        note(tr("不是证据文件,没有动:{path}", path=path))
    return Exit.OK


@command.command("verify", help=tr("逐件读出证据文件,核对是否还在、是否被改动。"))
@json_option
def verify_files(*, as_json: bool) -> int:
    """Print each piece whose file is gone or changed; exit code 6 when there is one."""
    from jieban.site.live import ready  # noqa: PLC0415  # as above

    ready()
    from jieban.orders.evidence.upkeep import verify_evidence  # noqa: PLC0415  # as above

    with progress_bar(tr("核对")) as advance:
        found = verify_evidence(advance)
    if as_json:
        faults = [
            {"order": each.order, "serial": each.serial, "digest": each.digest, "changed": each.changed}
            for each in found.faults
        ]
        say_json({"rows": found.rows, "files": found.files, "faults": faults})
    else:
        click.echo(tr("已核对 {rows} 件证据、{files} 个文件。", rows=found.rows, files=found.files))
        for each in found.faults:
            what = tr("文件被改动") if each.changed else tr("文件不在")
            click.echo(
                tr(
                    "工单 {order} 的第 {serial} 件证据:{what}。",
                    order=each.order,
                    serial=each.serial,
                    what=what,
                )
            )
        if not found.faults:
            click.echo(tr("没有发现问题。"))
    return Exit.CHECK_FAILED if found.faults else Exit.OK
