"""The program that parses a workbook apart from everything else, under limits of memory and time.

A hostile or broken workbook can make the parser abort the whole process, so it gets one of its own. This file is run
by path and imports nothing of Jieban, so that it starts quickly. It writes one Arrow stream a sheet to the given
file descriptor and, when it fails, one line of JSON to standard output.
"""

import gc
import json
import os
import resource
import sys
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NoReturn

CHUNK_CELLS = 12_500
"""Cells taken at a time: few enough that they are still in the processor's cache when they become Arrow."""


def main(argv: list[str]) -> int:
    """`child.py PATH FD MEMORY_BYTES CPU_SECONDS CELLS COLUMNS`."""
    path, fd, memory, seconds, cells, columns = argv[0], *map(int, argv[1:])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory, memory))
    # Millions of cells live briefly and hold no cycles: looking for some takes longer than reading.
    gc.disable()
    sys.meta_path.insert(0, NotNeeded())
    try:
        read(path, fd, cells, columns)
    except MemoryError:
        return fail("memory", "")


class NotNeeded:
    """pyarrow imports numpy and pandas where they are installed, which takes longer than reading a small workbook."""

    def find_spec(self, name: str, *_: object) -> None:
        """The two can't be found; all else is left to the other finders."""
        if name in {"numpy", "pandas"}:
            raise ModuleNotFoundError(name=name)


def fail(kind: str, detail: str) -> int:
    """Say what is wrong, for the parent."""
    sys.stdout.write(json.dumps({"error": kind, "detail": detail}))
    return 1


def read(path: str, fd: int, cells: int, columns: int) -> NoReturn:
    """Write every worksheet of the workbook at `path` to `fd`, and end the process."""
    import pyarrow as pa  # noqa: PLC0415 - only under the limits
    from python_calamine import (  # noqa: PLC0415 - only under the limits
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        with os.fdopen(fd, "wb") as out, CalamineWorkbook.from_path(path) as book:
            for meta in book.sheets_metadata:
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
                if height * width > cells or width > columns:
                    sys.exit(fail("cells", f"{meta.name}\n{height}\n{width}"))
                table = sheet_table(sheet, hidden=meta.visible != SheetVisibleEnum.Visible)
                with pa.ipc.new_stream(out, table.schema) as stream:
                    stream.write_table(table)
            out.flush()
            # All is said: taking millions of cells apart, one by one, would only take time.
            os._exit(0)
    except PasswordError as error:
        sys.exit(fail("password", str(error)))
    except CalamineError as error:
        sys.exit(fail("broken", str(error)))


def sheet_table(sheet: Any, *, hidden: bool) -> Any:
    """The sheet as an Arrow table whose columns are named `COLUMN:KIND`; what has no column is in the metadata.

    Empty cells are empty texts.
    """
    import pyarrow as pa  # noqa: PLC0415 - only under the limits

    # Rows are read from the sheet's first, columns from the first that is used.
    offset = sheet.start[1] if sheet.start else 0
    width = sheet.width if sheet.start else 0
    pieces: dict[tuple[int, str], list[Any]] = {}
    lengths: dict[tuple[int, str], int] = {}
    height = 0
    if width > 0:
        rows = sheet.iter_rows()
        size = max(1, CHUNK_CELLS // width)
        while chunk := list(islice(rows, size)):
            for index, column in enumerate(zip(*chunk, strict=True)):
                for kind, array in split(column).items():
                    key = (offset + index, kind)
                    if (missing := height - lengths.get(key, 0)) > 0:
                        pieces.setdefault(key, []).append(pa.nulls(missing, array.type))
                    pieces.setdefault(key, []).append(array)
                    lengths[key] = height + len(chunk)
            height += len(chunk)
    arrays = {}
    for (index, kind), found in sorted(pieces.items()):
        if (missing := height - lengths[index, kind]) > 0:
            found.append(pa.nulls(missing, found[0].type))
        arrays[f"{index}:{kind}"] = pa.concat_arrays(found)
        found.clear()
    about = {
        "name": sheet.name,
        "height": height,
        "width": offset + width,
        "hidden": hidden,
        "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or ()],
    }
    table: Any = pa.Table.from_arrays(list(arrays.values()), names=list(arrays))
    return table.replace_schema_metadata({"sheet": json.dumps(about)})


def split(column: tuple[Any, ...]) -> dict[str, Any]:
    """A column's cells by kind; kinds without a cell are left out."""
    import pyarrow as pa  # noqa: PLC0415 - only under the limits

    try:
        return {"text": pa.array(column, pa.string())}
    except pa.ArrowTypeError:
        types = set(map(type, column))
    found: dict[str, Any] = {}
    # Columns of dates or numbers hold the empty text where they are empty: no text at all, then.
    if types & {time, timedelta}:
        found["text"] = pa.array([text_of(cell) for cell in column], pa.string())
    elif str in types and any(texts := [cell if type(cell) is str else None for cell in column]):
        found["text"] = pa.array(texts, pa.string())
    if types & {int, float}:
        found["number"] = pa.array([c if type(c) in {float, int} else None for c in column], pa.float64())
    if date in types:
        found["instant"] = pa.array([instant_of(cell) for cell in column], pa.timestamp("us"))
    elif datetime in types:
        instants = [cell if type(cell) is datetime else None for cell in column]
        found["instant"] = pa.array(instants, pa.timestamp("us"))
    if bool in types:
        found["flag"] = pa.array([c if type(c) is bool else None for c in column], pa.bool_())
    return found


def text_of(cell: Any) -> str | None:
    """A text cell, or a time of day or duration as text."""
    if type(cell) is str:
        return cell
    if type(cell) is time:
        return cell.isoformat(timespec="seconds")
    if type(cell) is timedelta:
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return None


def instant_of(cell: Any) -> datetime | None:
    """A datetime; the parser gives midnights as dates."""
    if type(cell) is datetime:
        return cell
    return datetime(cell.year, cell.month, cell.day) if type(cell) is date else None  # noqa: DTZ001 - wall time


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
