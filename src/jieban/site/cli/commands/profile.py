"""`jieban profile check|history|accept|export`."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.options import json_option, note, say_json


@click.group("profile", help=tr("城市配置。"))
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


@command.command("history", help=tr("列出在页面上对城市配置的变更,以及与配置文件不一致之处。"))
@json_option
def history(*, as_json: bool) -> int:
    """Print every change with what became of it, and where files contradict; exit code 1 if they do."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.people.city_in_force import conflicts  # noqa: PLC0415  # models load once Django is ready
    from jieban.people.models import CityChange  # noqa: PLC0415

    changes = CityChange.objects.select_related("by").prefetch_related("decisions").order_by("id")
    said: list[dict[str, object]] = [
        {
            "id": each.pk,
            "at": each.at.isoformat(),
            "by": None if each.by is None else each.by.username,
            "document": each.document,
            "title": each.title,
            "why": each.why,
            "from": each.first_day.isoformat(),
            "decisions": [
                [one.verdict, one.at.isoformat(), None if one.by is None else one.by.username, one.why]
                for one in sorted(each.decisions.all(), key=lambda one: one.number)
            ],
        }
        for each in changes
    ]
    found = conflicts()
    told: list[dict[str, object]] = [
        {"where": list(each.site), "column": each.column, "file": each.filed, "holds": each.holds}
        for each in found
    ]
    if as_json:
        say_json({"changes": said, "conflicts": told})
    else:
        _tell(said, told)
    return Exit.FAULTS_FOUND if found else Exit.OK


@command.command(
    "accept",
    help=tr("应急:没有第二位系统管理员时,同意一项待审核的变更。NUMBER 见 jieban profile history。"),
)
@click.argument("number", type=int, metavar="NUMBER")
@click.option(
    "--why", required=True, metavar="TEXT", help=tr("为什么不等第二位系统管理员;写入这项变更的记录。")
)
def accept(number: int, why: str) -> int:
    """Accept a change that nobody is there to accept on the page."""
    from jieban.site.live import ready  # noqa: PLC0415  # as above

    ready()
    from jieban.people.city_changes import accept_alone  # noqa: PLC0415  # as above

    decision = accept_alone(number=number, why=why, now=datetime.now(UTC))
    change = decision.change
    click.echo(
        tr(
            "已同意第 {n} 号变更“{title}”,自 {day} 起生效。",
            n=change.pk,
            title=change.title,
            day=max(change.first_day, city_day(decision.at)),
        )
    )
    return Exit.OK


def city_day(at: datetime) -> date:
    """The day that it is in the city at an instant."""
    from jieban.people.city import filed  # noqa: PLC0415  # as above

    return filed().clock.local_date(at)


@command.command("export", help=tr("把现用的配置(文件加上页面上的变更)写成文件。"))
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
def export(directory: Path) -> int:
    """Write the city in force as files."""
    from jieban.site.live import ready  # noqa: PLC0415  # as above

    ready()
    from jieban.people.city import city  # noqa: PLC0415  # as above
    from jieban.profile.export import write_out  # noqa: PLC0415

    written = write_out(city(), directory)
    click.echo(tr("已写出 {n} 个文件:{place}", n=len(written), place=directory / city().name))
    return Exit.OK


def _tell(changes: list[dict[str, object]], conflicts: list[dict[str, object]]) -> None:
    verdicts = {"accepted": tr("已同意"), "refused": tr("未同意"), "withdrawn": tr("已撤回")}
    if not changes:
        click.echo(tr("没有在页面上改过。"))
    for each in changes:
        decisions = each["decisions"]
        last = decisions[-1][0] if isinstance(decisions, list) and decisions else None
        stands = verdicts[str(last)] if last is not None else tr("待审核")
        click.echo(
            f"{each['id']:>4}  {each['from']}  {stands}  {each['document']}  {each['title']}  {each['why']}"
        )
    for one in conflicts:
        where = one["where"]
        place = " ".join(str(part) for part in where if part) if isinstance(where, list) else ""
        note(
            tr(
                "文件与变更不一致:{place} {column},文件为 {file},现用 {holds}",
                place=place,
                column=one["column"],
                file=one["file"],
                holds=one["holds"],
            )
        )
