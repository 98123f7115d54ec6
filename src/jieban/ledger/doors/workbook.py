"""Workbooks (xlsx, xls), parsed in a child process with limits, handed over as Arrow without touching the disk."""

import json
import mmap
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.ledger import errors
from jieban.ledger.arrow import Array, Table, one, pa, pc
from jieban.ledger.doors.sniff import encrypted
from jieban.ledger.raw import FileKind, Range, RawBook, RawColumn, RawSheet

_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What reading one workbook may take. A sheet of 1,048,576 rows and 50 columns fits."""

    memory_bytes: int = 6 << 30
    cpu_seconds: int = 180
    wall_seconds: int = 240
    cells: int = 60_000_000
    columns: int = 2_000


DEFAULT_LIMITS = Limits()


def read_workbook(
    path: Path,
    kind: FileKind,
    limits: Limits = DEFAULT_LIMITS,
    *,
    meanwhile: Callable[[], None] | None = None,
) -> RawBook:
    """All worksheets of the workbook at `path`. Raises BadFile.

    `meanwhile` is called while the child works; when it raises, the child is stopped.
    """
    with _anonymous_file() as fd:
        _run_child(path, fd, limits, meanwhile)
        size = os.fstat(fd).st_size
        sheets = tuple(_sheets(fd, size)) if size else ()
    return RawBook(path=path, kind=kind, sheets=sheets)


@contextmanager
def _anonymous_file() -> Iterator[int]:
    """A file without a name: what citizens said should not be left lying in a temporary directory."""
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create("jieban-sheets")
        try:
            yield fd
        finally:
            os.close(fd)
    else:
        with tempfile.TemporaryFile() as file:
            yield file.fileno()


def _run_child(path: Path, fd: int, limits: Limits, meanwhile: Callable[[], None] | None) -> None:
    begun = time.monotonic()
    with _child(path, fd, limits) as process:
        try:
            if meanwhile is not None:
                meanwhile()
            said, complaint = process.communicate(timeout=limits.wall_seconds - (time.monotonic() - begun))
        except subprocess.TimeoutExpired:
            raise _too_long(path) from None
        finally:
            process.kill()
    if process.returncode == 0:
        return
    if process.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise _too_long(path)
    if process.returncode < 0:
        # The parser dies where it can't get the memory that the used range asks for.
        raise _refusal(path, "memory", "")
    try:
        failure = json.loads(said)
    except ValueError:
        failure = {"error": "broken", "detail": complaint.strip().rpartition("\n")[2]}
    raise _refusal(path, failure["error"], failure["detail"])


def _child(path: Path, fd: int, limits: Limits) -> "subprocess.Popen[str]":
    command = [sys.executable, "-P", str(_CHILD), str(path), str(fd)]
    command += [str(limits.memory_bytes), str(limits.cpu_seconds), str(limits.cells), str(limits.columns)]
    # The arena allocators reserve far more address space than they use, which RLIMIT_AS would count.
    environment = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}
    return subprocess.Popen(  # noqa: S603 - our own program, the path is an argument and never a command
        command,
        pass_fds=(fd,),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )


def _too_long(path: Path) -> errors.BadFile:
    return errors.TooLarge(
        tr("读取时间超过上限,已停止。"),
        where=Where(file=path.name),
        fix=tr("请在 Excel 或 WPS 中删去多余的工作表和空行空列,或另存为 CSV 后再试。"),
    )


def _refusal(path: Path, error: str, detail: str) -> errors.BadFile:
    where = Where(file=path.name)
    match error:
        case "password":
            return encrypted(where)
        case "broken":
            return errors.BrokenFile(
                tr("工作簿的内容不完整或已损坏({detail})。", detail=detail),
                where=where,
                fix=tr("请重新导出或下载;能用 Excel 或 WPS 打开的,请打开后另存为 .xlsx。"),
            )
        case "cells":
            sheet, rows, columns = detail.split("\n")
            return errors.TooLarge(
                tr("已用区域达 {rows} 行 × {columns} 列,超出可读取的范围。", rows=rows, columns=columns),
                where=Where(file=path.name, sheet=sheet),
                fix=tr("多半是远处有一个零散的单元格:请删去数据以外的行和列后另存。"),
            )
        case _:
            return errors.TooLarge(
                tr("读取所需的内存超过上限,已停止。"),
                where=where,
                fix=tr("多半是远处有一个零散的单元格:请删去数据以外的行和列后另存。"),
            )


def _sheets(fd: int, size: int) -> Iterator[RawSheet]:
    # The arrays keep the map alive for as long as they need it.
    source = pa.BufferReader(pa.py_buffer(mmap.mmap(fd, size, access=mmap.ACCESS_READ)))
    while source.tell() < size:
        with pa.ipc.open_stream(source) as stream:
            table = stream.read_all()
        yield _sheet(table)


def _sheet(table: Table) -> RawSheet:
    about = json.loads(table.schema.metadata[b"sheet"])
    parts: dict[int, dict[str, Array]] = {}
    for name in table.column_names:
        index, kind = name.split(":")
        array = one(table[name])
        parts.setdefault(int(index), {})[kind] = _without_empty(array) if kind == "text" else array
    height = about["height"]
    return RawSheet(
        name=about["name"],
        height=height,
        columns=tuple(RawColumn(length=height, **parts.get(i, {})) for i in range(about["width"])),
        merged=tuple(
            Range(top=top, left=left, bottom=bottom, right=right)
            for top, left, bottom, right in about["merged"]
        ),
        hidden=about["hidden"],
    )


def _without_empty(text: Array) -> Array:
    """Texts with null for the empty ones. The letters stay where they are: only which texts count is told anew."""
    filled = pc.coalesce(pc.not_equal(text, ""), pa.scalar(False))
    letters = pa.Array.buffers(text)[1:]
    found: Array = pa.Array.from_buffers(pa.string(), len(text), [filled.buffers()[1], *letters])
    return found
