"""The exported ledger in the forms that are asked for: each whole, or nothing at all."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr
from jieban.ledger.write import Stored, write_csv, write_xlsx
from jieban.orders.export.scope import Scope
from jieban.orders.export.write import Progress, export_to
from jieban.people.city import city

PARQUET, XLSX, CSV = FORMS = ("parquet", "xlsx", "csv")
WORKBOOK = "台账.xlsx"


class NothingToExport(JiebanError):
    """No order and no letter lies in the scope."""

    code = "orders.nothing_to_export"
    exit_code = Exit.BAD_LEDGER


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What was written: rows by table, and the files."""

    rows: Mapping[str, int]
    files: tuple[Path, ...]


def export_forms(
    out: Path,
    scope: Scope,
    forms: Sequence[str],
    *,
    words: bool = False,
    progress: Callable[[str], Progress] | None = None,
) -> Exported:
    """Write the ledger of a scope into `out` in some of `FORMS`, all of the same moment; for this user alone.

    Months that fit no memory are written in every form, a workbook as far as its sheets go. `progress` gives for each
    part of the work (`ledger`, `xlsx`, `csv`) what is told how far it is. Raises NothingToExport, and DoesNotFit for
    what a workbook can't hold; then `out` is as it was.
    """
    told: Callable[[str], Progress] = progress or (lambda _part: lambda _done, _whole: None)
    there = out.is_dir()
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=out, prefix=".export-") as made:
            place = Path(made)
            rows = export_to(place / PARQUET, scope, words=words, progress=told("ledger"))
            if not rows["orders"] + rows["letters"]:
                raise NothingToExport(
                    tr("这一范围内没有工单,也没有来信,不写空的台账。"),
                    fix=tr("请核对 --period、--from、--to。"),
                )
            files = _written(place, forms, told)
            for path in files:
                path.chmod(0o600)
            return Exported(rows=rows, files=tuple(path.replace(out / path.name) for path in files))
    finally:
        if not there:
            with suppress(OSError):
                out.rmdir()  # which was made for nothing


def _written(place: Path, forms: Sequence[str], told: Callable[[str], Progress]) -> list[Path]:
    stored = Stored(directory=place / PARQUET)
    files: list[Path] = []
    if PARQUET in forms:
        files += sorted((place / PARQUET).glob("*.parquet"))
    if XLSX in forms:
        files.append(write_xlsx(stored, city(), place / WORKBOOK, progress=_untitled(told(XLSX))))
    if CSV in forms:
        files += write_csv(stored, city(), place / CSV, progress=_untitled(told(CSV)))
    return files


def _untitled(progress: Progress) -> Callable[[str, int, int], None]:
    return lambda _table, done, whole: progress(done, whole)
