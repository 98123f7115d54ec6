"""`jieban audit verify|anchor`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.options import json_option, note, progress_bar, say_json

if TYPE_CHECKING:
    from jieban.orders.audit.findings import Findings

directory_option = click.option(
    "--anchors",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=tr("锚定文件的目录;不写则用设置 JIEBAN_ANCHORS。"),
)


@click.group("audit", help=tr("核验留痕:事件链、数据、锚定文件。"))
def command() -> None:
    """Group of the commands about the trail."""


@command.command("verify", help=tr("逐单核验事件链、数据与锚定文件,指出被改动之处。"))
@directory_option
@json_option
def verify_all(anchors: Path | None, *, as_json: bool) -> int:
    """Print what was found; exit code 6 when something is wrong."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.orders.audit.verify import verify  # noqa: PLC0415  # models load after Django is ready

    with progress_bar(tr("核验")) as advance:
        findings = verify(advance, anchors=anchors)
    if as_json:
        say_json(findings.as_dict())
    else:
        _say(findings)
    return Exit.OK if findings.clean else Exit.CHECK_FAILED


def _say(findings: "Findings") -> None:
    click.echo(
        tr(
            "已核验 {orders} 件工单、{events} 个事件、{anchors} 份锚定文件。",
            orders=findings.orders,
            events=findings.events,
            anchors=findings.anchors,
        )
    )
    for each in findings.found:
        click.echo(str(each))
    whole = sum(findings.counts.values())
    if whole > len(findings.found):
        click.echo(tr("此外还有 {n} 处,未逐一列出。", n=whole - len(findings.found)))
    if findings.clean:
        click.echo(tr("没有发现问题。"))
    else:
        click.echo(tr("共发现 {n} 处问题。", n=whole))
    if findings.last_anchor is None:
        note(tr("还没有锚定文件:整链重算和整单删除可能发现不了。请每天运行 jieban audit anchor。"))
    else:
        note(tr("最近一份锚定:{day}。", day=findings.last_anchor.isoformat()))


@command.command("anchor", help=tr("写出当日锚定文件;一天一份,可以反复运行。"))
@directory_option
@json_option
def anchor(anchors: Path | None, *, as_json: bool) -> int:
    """Write the day's anchor and print where it lies."""
    from jieban.site.live import ready  # noqa: PLC0415  # as above

    ready()
    from django.conf import settings  # noqa: PLC0415  # as above

    from jieban.orders.audit.anchors import make_anchor  # noqa: PLC0415  # as above

    path = make_anchor(anchors or settings.JIEBAN_ANCHORS, datetime.now(UTC))
    if as_json:
        say_json({"file": str(path)})
    else:
        click.echo(path)
    return Exit.OK
