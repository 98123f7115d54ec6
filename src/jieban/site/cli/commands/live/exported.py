"""`jieban live export`."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import listed, tr
from jieban.site.cli.commands.live.imported import refuse_other_city
from jieban.site.cli.options import Progress, json_option, note, progress_bar, say_json

if TYPE_CHECKING:
    from jieban.orders.export import Scope
    from jieban.orders.export.forms import Exported

_FORMS = ("parquet", "xlsx", "csv")
_DAY = click.DateTime(["%Y-%m-%d"])


def _forms_of(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))
    unknown = [form for form in wanted if form not in _FORMS]
    if unknown or not wanted:
        raise click.BadParameter(
            tr("没有格式“{form}”,可选:{known}。", form=listed(unknown) or value, known=listed(_FORMS))
        )
    return wanted


@click.command("export", help=tr("导出台账,供 jieban report 读取:代码和时刻,不含诉求人。"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help=tr("写到此目录。"),
)
@click.option(
    "--profile",
    "profile_name",
    metavar="P",
    help=tr("台账所属城市的配置;须与平台的配置相同,默认就是平台的。"),
)
@click.option(
    "--period",
    "period_text",
    metavar="PERIOD",
    help=tr("做这一时段的报告所需的:该时段和环比、同比时段的工单,以及期末在办的。"),
)
@click.option("--from", "since", type=_DAY, metavar="DATE", help=tr("这一天及以后受理的。"))
@click.option("--to", "until", type=_DAY, metavar="DATE", help=tr("这一天及以前受理的。"))
@click.option(
    "--format",
    "forms",
    default=_FORMS[0],
    show_default=True,
    callback=_forms_of,
    metavar="FORMS",
    help=tr("要哪些格式,以逗号分隔:parquet、xlsx、csv。"),
)
@click.option("--words", is_flag=True, help=tr("连同诉求、答复、回访备注的原文;需要密钥。"))
@json_option
def export_files(  # noqa: PLR0917  # click gives every option by name
    out: Path,
    profile_name: str | None,
    period_text: str | None,
    since: datetime | None,
    until: datetime | None,
    forms: tuple[str, ...],
    *,
    words: bool,
    as_json: bool,
) -> int:
    """Write the ledger of the live orders; exit code 5 when there is nothing to write."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.orders.export.forms import export_forms  # noqa: PLC0415  # models load once Django is ready

    refuse_other_city(profile_name)
    scope = _scope(period_text, since and since.date(), until and until.date())
    with ExitStack() as bars:
        exported = export_forms(out, scope, forms, words=words, progress=_bars(bars))
    if as_json:
        say_json(
            {"rows": dict(exported.rows), "words": words, "files": [str(path) for path in exported.files]}
        )
    else:
        _tell(exported, words=words)
    return Exit.OK


def _bars(stack: ExitStack) -> Callable[[str], Progress]:
    """A bar for each part of the work; the one before ends where the next begins."""
    names = {"ledger": tr("读工单"), "xlsx": tr("写 xlsx"), "csv": tr("写 csv")}

    def begin(part: str) -> Progress:
        stack.close()
        return stack.enter_context(progress_bar(names[part]))

    return begin


def _scope(period_text: str | None, since: date | None, until: date | None) -> "Scope":
    from jieban.indicators.period import Period  # noqa: PLC0415  # rooms are imported when used
    from jieban.orders.export import Scope  # noqa: PLC0415  # as above
    from jieban.people.city import city  # noqa: PLC0415  # as above

    zone = city().clock.tz
    if period_text is not None:
        if since is not None or until is not None:
            raise click.UsageError(tr("--period 和 --from、--to 只能写一种。"))
        return Scope.counted(Period.parse(period_text), zone)
    if since is not None and until is not None and until < since:
        raise click.BadParameter(
            tr("止日 {last} 早于起日 {first}。", first=since, last=until), param_hint="--to"
        )

    def midnight(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=zone)

    return Scope(
        since=midnight(since) if since is not None else None,
        until=midnight(until + timedelta(days=1)) if until is not None else None,
    )


def _tell(exported: "Exported", *, words: bool) -> None:
    from jieban.ledger.schema import table  # noqa: PLC0415  # as above

    for path in exported.files:
        click.echo(path)
    for name, count in exported.rows.items():
        note(tr("{table}:{rows} 行", table=table(name).heading, rows=count))
    if words:
        note(tr("文件中有诉求和答复的原文,请妥善保管。"))
