"""`jieban ledger inspect|check|convert`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit, Where, introduced
from jieban.kernel.i18n import tr
from jieban.site.cli.options import (
    files_argument,
    json_option,
    mapping_option,
    note,
    profile_option,
    progress_bar,
    say_json,
)

if TYPE_CHECKING:
    from jieban.ledger.read import Reading
    from jieban.profile.city import Profile

_MOST_FAULTS = 200


@click.group("ledger", help=tr("查看、检查、转换台账文件。"))
def command() -> None:
    """Group of the ledger commands."""


@command.command(
    "inspect", help=tr("查看识别到的工作表、表头和列,给了几个文件的合起来看缺什么;可写出对照文件供修改。")
)
@files_argument
@profile_option
@click.option(
    "--write",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="TOML",
    help=tr("把对照写到这个文件。"),
)
@click.option("--force", is_flag=True, help=tr("对照文件已存在时覆盖。"))
@json_option
def inspect(
    files: tuple[Path, ...], profile_name: str, write: Path | None, *, force: bool, as_json: bool
) -> int:
    """Print what was found in each file, and what all of them together lack."""
    from jieban.profile.load import load_profile  # noqa: PLC0415  # rooms are imported when used
    from jieban.site.cli.commands.ledger.inspection import inspect_files  # noqa: PLC0415

    if write is not None and write.exists() and not force:
        raise click.UsageError(tr("{file} 已存在,要覆盖请加 --force。", file=write))
    inspect_files(files, load_profile(profile_name), write, as_json=as_json)
    if write is not None:
        note(tr("对照已写到 {file},改好后以 --mapping {file} 使用。", file=write))
    return Exit.OK


@command.command("check", help=tr("读台账并列出全部问题;不写任何结果。"))
@files_argument
@profile_option
@mapping_option
@click.option("--all", "everything", is_flag=True, help=tr("逐条列出全部问题,不限条数。"))
@json_option
def check(
    files: tuple[Path, ...], profile_name: str, mapping: Path | None, *, everything: bool, as_json: bool
) -> int:
    """Print every fault; exit code 1 when there is any, 5 when rows were rejected."""
    from jieban.ledger.check import check_ledger  # noqa: PLC0415
    from jieban.profile.load import load_profile  # noqa: PLC0415
    from jieban.site.cli.commands.ledger.untold import tell_untold, untold_by_rows  # noqa: PLC0415

    profile = load_profile(profile_name)
    with progress_bar(tr("读台账")) as advance:
        found = check_ledger(
            files,
            profile,
            mapping=mapping,
            progress=lambda _what, done, whole: advance(done, whole),
        )
    reading = found.reading
    untold = () if reading is None else untold_by_rows(reading, profile)
    if as_json:
        say_json(
            {
                "refused": [error.as_dict() for error in found.refused],
                "accounting": reading.accounting.as_dict() if reading else None,
                "faults": [fault.as_dict() for fault in reading.faults] if reading else [],
                "absent": [each.as_dict() for each in untold],
            }
        )
    else:
        for error in found.refused:
            click.echo(str(error))
        if reading is not None:
            _tell_faults(reading, limit=None if everything else _MOST_FAULTS)
            tell_accounting(reading, click.echo)
            tell_untold(untold, click.echo)
            if not reading.accounting.accepted and not reading.accounting.rejected:
                click.echo(tr("没有读到一行数据。"))
    if found.refused:
        return found.refused[0].exit_code
    return Exit.OK if reading is None else _code(reading)


@command.command("convert", help=tr("把台账转换成规范格式;拒收的行另存为工作簿,注明原因。"))
@files_argument
@profile_option
@mapping_option
@click.option(
    "--to",
    "form",
    type=click.Choice(["parquet", "xlsx", "csv"]),
    default="parquet",
    show_default=True,
    help=tr("规范格式。"),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="PATH",
    help=tr("写到哪里:目录,或 .xlsx 文件。"),
)
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="XLSX",
    help=tr("拒收行的工作簿;默认与结果同处。"),
)
@json_option
def convert(  # noqa: PLR0917  # click gives every option by name
    files: tuple[Path, ...],
    profile_name: str,
    mapping: Path | None,
    form: str,
    out: Path,
    rejects: Path | None,
    *,
    as_json: bool,
) -> int:
    """Write the canonical ledger; exit code 5 when rows were rejected."""
    from jieban.ledger.errors import BadLedger  # noqa: PLC0415
    from jieban.ledger.rejects import write_rejects  # noqa: PLC0415
    from jieban.profile.load import load_profile  # noqa: PLC0415

    profile = load_profile(profile_name)
    if form == "xlsx" and out.suffix.lower() != ".xlsx":
        raise click.BadParameter(tr("写 xlsx 时 --out 要是 .xlsx 文件。"), param_hint="--out")
    reading = _read(files, profile_name, mapping)
    if not reading.accounting.accepted and not reading.accounting.rejected:
        raise BadLedger(
            tr("没有读到一行数据,不写空的台账。"),
            where=Where(file=files[0].name),
            fix=tr("请用 jieban ledger check 查看各表读到几行。"),
        )
    written = _write(reading, profile, form, out)
    if reading.accounting.rejected:
        target = rejects or (
            out.with_name(f"{out.stem}-rejects.xlsx") if form == "xlsx" else out / "rejects.xlsx"
        )
        write_rejects(reading, target)
        written.append(target)
    if as_json:
        say_json({"accounting": reading.accounting.as_dict(), "files": [str(path) for path in written]})
    else:
        for path in written:
            click.echo(path)
        tell_accounting(reading, note)
    return _code(reading) if reading.accounting.rejected else Exit.OK


def _write(reading: "Reading", profile: "Profile", form: str, out: Path) -> list[Path]:
    from jieban.ledger.parquet import write_parquet  # noqa: PLC0415
    from jieban.ledger.write import write_csv, write_xlsx  # noqa: PLC0415

    if form == "parquet":
        return list(write_parquet(reading.ledger, out))
    if form == "csv":
        return list(write_csv(reading.ledger, profile, out))
    return [write_xlsx(reading.ledger, profile, out)]


def _read(files: tuple[Path, ...], profile_name: str, mapping: Path | None) -> "Reading":
    from jieban.ledger.read import read_ledger  # noqa: PLC0415
    from jieban.profile.load import load_profile  # noqa: PLC0415

    with progress_bar(tr("读台账")) as advance:
        return read_ledger(
            files,
            load_profile(profile_name),
            mapping=mapping,
            progress=lambda _what, done, whole: advance(done, whole),
        )


def _code(reading: "Reading") -> int:
    if reading.accounting.rejected or not reading.accounting.accepted:
        return Exit.BAD_LEDGER
    return Exit.FAULTS_FOUND if len(reading.faults) else Exit.OK


def _tell_faults(reading: "Reading", limit: int | None) -> None:
    for number, fault in enumerate(reading.faults):
        if number == limit:
            click.echo(tr("……另有 {n} 处,加 --all 全部列出。", n=len(reading.faults) - number))
            break
        click.echo(introduced(str(fault.where), fault.message))


def tell_accounting(reading: "Reading", say: Callable[[str], None]) -> None:
    """Say the account of every row."""
    for sheet in reading.accounting.sheets:
        if sheet.table is None:
            say(tr("{file} “{sheet}”:不像台账,整张略过", file=sheet.file, sheet=sheet.sheet))
            continue
        left_out = sum(sheet.left_out.values())
        say(
            tr(
                "{file} “{sheet}”:读入 {read} 行 = 接收 {accepted} 行(其中存疑 {flagged} 行)"
                " + 拒收 {rejected} 行 + 按规则略过 {left_out} 行",
                file=sheet.file,
                sheet=sheet.sheet,
                read=sheet.read,
                accepted=sheet.accepted,
                flagged=sheet.flagged,
                rejected=sheet.rejected,
                left_out=left_out,
            )
        )
        for rule, count in sheet.left_out.items():
            say(tr("    略过:{rule} {n} 行", rule=rule, n=count))
    for code, policy, count, meaning in reading.faults.summary():
        del code
        word = {"reject": tr("拒收"), "flag": tr("存疑"), "leave_out": tr("略过")}[policy.value]
        say(tr("    {word}:{meaning} {n} 处", word=word, meaning=meaning, n=count))
