"""`jieban live import`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr, tr_later
from jieban.site.cli.options import (
    files_argument,
    json_option,
    mapping_option,
    note,
    progress_bar,
    say_json,
)

if TYPE_CHECKING:
    from jieban.ledger.read import Reading
    from jieban.orders.importing.account import Imported

_LONGEST_SOURCE = 200


@click.command("import", help=tr("把台账导入工单平台;可以反复运行,已导入的会跳过。"))
@files_argument
@click.option(
    "--profile",
    "profile_name",
    metavar="P",
    help=tr("台账所属城市的配置;须与平台的配置相同,默认就是平台的。"),
)
@mapping_option
@click.option("--source", metavar="TEXT", help=tr("台账的来源,记入留痕;默认为文件名。"))
@json_option
def import_files(
    files: tuple[Path, ...],
    profile_name: str | None,
    mapping: Path | None,
    source: str | None,
    *,
    as_json: bool,
) -> int:
    """Import what was read; exit code 5 when a row was rejected or refused."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.ledger.read import read_ledger  # noqa: PLC0415
    from jieban.orders.importing.run import import_ledger  # noqa: PLC0415
    from jieban.people.city import city  # noqa: PLC0415

    refuse_other_city(profile_name)
    with progress_bar(tr("读台账")) as advance:
        reading = read_ledger(
            files, city(), mapping=mapping, progress=lambda _what, done, whole: advance(done, whole)
        )
    told = source or " ".join(path.name for path in files)[:_LONGEST_SOURCE]
    with progress_bar(tr("导入")) as advance:
        account = import_ledger(reading.ledger, now=datetime.now(UTC), source=told, progress=advance)
    if as_json:
        say_json({"accounting": reading.accounting.as_dict(), "import": account.as_dict()})
    else:
        _tell(reading, account)
    return Exit.OK if account.whole and not reading.accounting.rejected else Exit.BAD_LEDGER


def refuse_other_city(profile_name: str | None) -> None:
    """Raises BadParameter for a profile that is not the platform's own."""
    from jieban.people.city import city, filed  # noqa: PLC0415  # as above
    from jieban.profile.load import load_profile  # noqa: PLC0415

    if profile_name is None:
        return
    named = load_profile(profile_name)
    # What was changed of the city on pages is read along, whichever way it was named.
    if named.version not in {city().version, filed().version}:
        raise click.BadParameter(
            tr("平台服务于“{ours}”,台账的配置是“{theirs}”。", ours=city().title, theirs=named.title),
            param_hint="--profile",
        )


def _tell(reading: "Reading", account: "Imported") -> None:
    from jieban.ledger.schema import table  # noqa: PLC0415  # as above
    from jieban.orders.importing.account import WHY_NAMES  # noqa: PLC0415
    from jieban.site.cli.commands.ledger import tell_accounting  # noqa: PLC0415

    tell_accounting(reading, note)
    for name, counts in account.tables.items():
        click.echo(
            tr(
                "{table}:共 {read} 行 = 导入 {imported} 行 + 原已导入 {there} 行 + 未能导入 {refused} 行",
                table=table(name).heading,
                read=counts.read,
                imported=counts.imported,
                there=counts.there,
                refused=counts.refused,
            )
        )
    for why, count in sorted(account.reasons.items()):
        click.echo(tr("    {why}:{n} 行", why=tr_later(WHY_NAMES[why]), n=count))
    for row in account.refused:
        click.echo(f"    {row}")
