"""What `jieban ledger inspect` says: of each file, and of all files together."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from jieban.kernel.errors import Where
from jieban.kernel.i18n import SOURCE, language, listed, tr
from jieban.ledger.canonical import is_canonical, read_canonical
from jieban.ledger.doors.twice import given_twice
from jieban.ledger.errors import BadMapping
from jieban.ledger.inspect import Inspection, absent_together, inspect_file, write_mapping
from jieban.ledger.mapping.model import Mapping
from jieban.ledger.schema import CALLBACKS, HANDLINGS, LETTERS, ORDERS, TableSchema, table
from jieban.profile.city import Profile
from jieban.site.cli.commands.ledger.untold import tell_untold, untold_by_columns_of
from jieban.site.cli.options import note, say_json


def inspect_files(files: Sequence[Path], profile: Profile, write: Path | None, *, as_json: bool) -> None:
    """Say what each file is and what all together lack; write the mapping of all to `write`.

    Raises BadFile, SameFile for a file given twice, BadMapping where a canonical ledger needs no mapping.
    """
    for _, refused in given_twice(files):
        raise refused
    canonical = [file for file in files if is_canonical(file)]
    if canonical and write is not None:
        raise BadMapping(
            tr("这已是标准台账,不需要对照。"), where=Where(file=canonical[0].name), fix=tr("请直接读取。")
        )
    found = [inspect_file(file, profile) for file in files if file not in canonical]
    if as_json:
        say_json(_as_data(canonical, found, profile))
    else:
        for number, file in enumerate(files):
            if number:
                click.echo()
            if file in canonical:
                _tell_canonical(file)
            else:
                _tell_inspection(next(each for each in found if each.path == file))
        if len(files) > 1:
            click.echo()
            _tell_tables(found, profile, canonical=bool(canonical))
        if not canonical:
            tell_untold(untold_by_columns_of(absent_together(found)), click.echo)
    if write is not None:
        _write(found, write)


def _as_data(canonical: Sequence[Path], found: Sequence[Inspection], profile: Profile) -> dict[str, object]:
    files = [*(_canonical_as_data(file) for file in canonical), *(each.as_dict() for each in found)]
    untold = () if canonical else untold_by_columns_of(absent_together(found))
    absent: dict[str, object] = {"absent": [each.as_dict() for each in untold]}
    if len(files) == 1:
        return files[0] if canonical else files[0] | absent
    nowhere = [] if canonical else [schema.name for schema in _nowhere(found, profile)]
    return {"files": files, "tables_absent": nowhere} | absent


def _write(found: Sequence[Inspection], path: Path) -> None:
    """The mapping of all files; of several, each part names the file that it is for."""
    if len(found) == 1:
        write_mapping(found[0].mapping, path)
        return
    parts = [replace(part, file=each.path.name) for each in found for part in each.mapping.sheets]
    write_mapping(Mapping(sheets=tuple(parts)), path)


def _filled(each: Inspection) -> set[str]:
    """The tables that the file fills; a sheet of orders with their units fills two."""
    return {
        target.partition(".")[0]
        for sheet in each.sheets
        if sheet.mapping.table is not None
        for target in (f"{sheet.mapping.table}.", *sheet.mapping.targets())
    }


def _nowhere(found: Sequence[Inspection], profile: Profile) -> list[TableSchema]:
    """The tables that a city's report is made of and that no file has."""
    wanted = [ORDERS, HANDLINGS, CALLBACKS, *([LETTERS] if len(profile.mailboxes) else [])]
    filled = set().union(*map(_filled, found))
    return [schema for schema in wanted if schema.name not in filled]


def _name(schema: TableSchema) -> str:
    return schema.heading if language() == SOURCE else schema.name


def _tell_tables(found: Sequence[Inspection], profile: Profile, *, canonical: bool) -> None:
    """Which file is what, and what is in none."""
    if canonical:
        note(tr("其中有标准台账,合起来缺什么请用 jieban ledger check 查看。"))
        return
    for schema in (ORDERS, HANDLINGS, LETTERS, CALLBACKS):
        if names := [each.path.name for each in found if schema.name in _filled(each)]:
            click.echo(tr("{table}在:{files}", table=_name(schema), files=listed(names)))
    if lacking := _nowhere(found, profile):
        click.echo(tr("这些文件中没有:{tables}", tables=listed(map(_name, lacking))))


def _canonical_as_data(file: Path) -> dict[str, object]:
    _, accounts = read_canonical(file)
    sheets = [{"name": found.sheet, "table": found.table, "rows": found.read} for found in accounts]
    return {"file": file.name, "kind": "parquet", "notes": [], "sheets": sheets}


def _tell_canonical(file: Path) -> None:
    """Print what tables are there; they need no mapping."""
    _, accounts = read_canonical(file)
    click.echo(tr("{file}:标准台账(Parquet),不需要对照", file=file.name))
    for found in accounts:
        click.echo(tr("  {table}:{rows} 行", table=found.sheet, rows=found.read))


def _tell_inspection(found: Inspection) -> None:
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
