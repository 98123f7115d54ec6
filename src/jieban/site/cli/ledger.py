"""`jieban ledger inspect|check|convert`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit, Where, introduced
from jieban.kernel.i18n import SOURCE, language, listed, tr
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
    from jieban.ledger.inspect import Inspection
    from jieban.ledger.read import Reading
    from jieban.profile.city import Profile

_MOST_FAULTS = 200


@click.group("ledger", help=tr("查看、检查、转换台账文件。"))
def command() -> None:
    """Group of the ledger commands."""


@command.command("inspect", help=tr("查看识别到的工作表、表头和列,并可写出对照文件供修改。"))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, readable=False))
@profile_option
@click.option(
    "--write",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="TOML",
    help=tr("把对照写到这个文件。"),
)
@click.option("--force", is_flag=True, help=tr("对照文件已存在时覆盖。"))
@json_option
def inspect(file: Path, profile_name: str, write: Path | None, *, force: bool, as_json: bool) -> int:
    """Print what was found in a file."""
    from jieban.ledger.canonical import is_canonical  # noqa: PLC0415  # rooms are imported when used
    from jieban.ledger.inspect import inspect_file, write_mapping  # noqa: PLC0415
    from jieban.profile.load import load_profile  # noqa: PLC0415
    from jieban.site.cli.untold import tell_untold, untold_by_file  # noqa: PLC0415

    if write is not None and write.exists() and not force:
        raise click.UsageError(tr("{file} 已存在,要覆盖请加 --force。", file=write))
    if is_canonical(file):
        return _inspect_canonical(file, write, as_json=as_json)
    found = inspect_file(file, load_profile(profile_name))
    if as_json:
        say_json(found.as_dict() | {"absent": [each.as_dict() for each in untold_by_file(found)]})
    else:
        _tell_inspection(found)
        tell_untold(untold_by_file(found), click.echo)
    if write is not None:
        write_mapping(found, write)
        note(tr("对照已写到 {file},改好后以 --mapping {file} 使用。", file=write))
    return Exit.OK


def _inspect_canonical(file: Path, write: Path | None, *, as_json: bool) -> int:
    """Print what tables are there; they need no mapping."""
    from jieban.ledger.canonical import read_canonical  # noqa: PLC0415
    from jieban.ledger.errors import BadMapping  # noqa: PLC0415

    _, accounts = read_canonical(file)
    if write is not None:
        raise BadMapping(
            tr("这已是标准台账,不需要对照。"), where=Where(file=file.name), fix=tr("请直接读取。")
        )
    if as_json:
        sheets = [{"name": found.sheet, "table": found.table, "rows": found.read} for found in accounts]
        say_json({"file": file.name, "kind": "parquet", "notes": [], "sheets": sheets})
        return Exit.OK
    click.echo(tr("{file}:标准台账(Parquet),不需要对照", file=file.name))
    for found in accounts:
        click.echo(tr("  {table}:{rows} 行", table=found.sheet, rows=found.read))
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
    from jieban.site.cli.untold import tell_untold, untold_by_rows  # noqa: PLC0415

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


def _tell_inspection(found: "Inspection") -> None:
    from jieban.ledger.schema import table  # noqa: PLC0415

    click.echo(
        tr("{file}:{kind},{n} 张工作表", file=found.path.name, kind=found.kind.value, n=len(found.sheets))
    )
    for remark in found.notes:
        click.echo(f"  {remark}")
    for sheet in found.sheets:
        kind = sheet.mapping.table
        click.echo()
        if kind is None:
            click.echo(tr("工作表“{name}”:{rows} 行,不像台账,略过", name=sheet.name, rows=sheet.rows))
            if sheet.columns:
                click.echo(tr("  各列的标题:{names}", names=listed(found.heading for found in sheet.columns)))
            continue
        click.echo(
            tr(
                "工作表“{name}”:{rows} 行,表头在第 {heading} 行,读作{table}",
                name=sheet.name,
                rows=sheet.rows,
                heading=sheet.mapping.heading_row,
                table=table(kind).heading if language() == SOURCE else kind,
            )
        )
        for column in sheet.columns:
            targets = listed(column.targets) if column.targets else tr("(不用)")
            samples = " | ".join(" ".join(sample.split()) for sample in column.samples[:3])
            heading = column.heading or tr("(无表头)")
            click.echo(f"  {heading} → {targets}    {samples}".rstrip())
            if column.unknown:
                words = listed(f"{word}×{n}" for word, n in list(column.unknown.items())[:8])
                click.echo(tr("      配置中没有:{words}", words=words))
            if column.lost:
                click.echo(
                    tr(
                        "      有 {n} 格是超过 15 位的数字,末几位已丢失;编号请由系统以文本重新导出",
                        n=column.lost,
                    )
                )
        if sheet.missing:
            click.echo(tr("  缺少必需的列:{columns}", columns=listed(sheet.missing)))
    if not any(sheet.recognised for sheet in found.sheets):
        click.echo()
        click.echo(
            tr(
                "没有一张工作表像是台账。请以 --write 写出对照,在其中写明 table、heading_row 和"
                "各列是什么(见 docs/ledger.md),再以 --mapping 使用。"
            )
        )


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
