"""What an .xlsx is made of, looked at before anything parses it: sizes, links to other files, formulas."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.ledger import errors
from jieban.ledger.doors.sniff import encrypted

MOST_PARTS = 10_000
MOST_BYTES = 4 << 30
"""Unpacked; a sheet of a million rows has about 2 GiB."""

SUSPECT_BYTES = 64 << 20
MOST_RATIO = 200
"""Unpacked to packed, for parts above SUSPECT_BYTES. Real sheets stay below 60; deflate's own limit is 1032."""

_PIECE = 1 << 20
_LONGEST_CELL = 32 << 20
_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_LINKS = re.compile(r"xl/externalLinks/_rels/[^/]+\.rels", re.IGNORECASE)
_TARGET = re.compile(r'Target="([^"]+)"')
_ROOT = re.compile(rb"<(?:(\w+):)?worksheet\b")
# Formulas whose result is the empty string say so: they are of type str and have an empty value.
_UNCOMPUTED = (
    rb'<PREFIXc\b(?=(?P<text>[^>]*\bt="str")?)[^>]*?\br="(?P<at>[A-Z]+[0-9]+)"[^>]*>\s*'
    rb"(?:<PREFIXf\b[^>]*/>|<PREFIXf\b[^>]*>[^<]*</PREFIXf>)\s*"
    rb"(?(text)</PREFIXc>|(?:</PREFIXc>|<PREFIXv\s*/>|<PREFIXv>\s*</PREFIXv>))"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """What the scan counted: rows in the XML of all sheets, empty ones too."""

    rows: int


def scan_workbook(path: Path) -> Scan:
    """Look through the workbook at `path`. Raises BadFile; takes at most the time that unpacking MOST_BYTES takes."""
    where = Where(file=path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bombs(archive.infolist(), where)
            _refuse_links(archive, where)
            rows = 0
            for info in archive.infolist():
                if _SHEETS.fullmatch(info.filename):
                    rows += _scan_sheet(archive, info, where)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise errors.BrokenFile(
            tr("压缩内容已损坏或不完整({detail})。", detail=error),
            where=where,
            fix=tr("请重新导出或下载。"),
        ) from error
    return Scan(rows=rows)


def _refuse_bombs(parts: list[zipfile.ZipInfo], where: Where) -> None:
    total = sum(part.file_size for part in parts)
    worst = max(
        (p.file_size / max(p.compress_size, 1) for p in parts if p.file_size > SUSPECT_BYTES), default=0
    )
    if total > MOST_BYTES or worst > MOST_RATIO or len(parts) > MOST_PARTS:
        raise errors.ZipBomb(
            tr("解压后达 {size} MB({n} 个部分),远超正常台账,不予打开。", size=total >> 20, n=len(parts)),
            where=where,
            fix=tr("请确认文件来源;如确为台账,请按月份拆分后另存。"),
        )
    if any(part.flag_bits & 1 for part in parts):
        raise encrypted(where)


def _refuse_links(archive: zipfile.ZipFile, where: Where) -> None:
    names = [info for info in archive.infolist() if _LINKS.fullmatch(info.filename)]
    if not names:
        return
    with archive.open(names[0]) as file:
        text = file.read(_PIECE).decode("utf-8", "replace")
    targets = "、".join(_TARGET.findall(text)) or "?"
    raise errors.ExternalLinks(
        tr("单元格引用了其他工作簿({targets}),其值可能早已过时。", targets=targets),
        where=where,
        fix=tr("请在 Excel 中用“数据 → 编辑链接 → 断开链接”,或选择性粘贴为数值后另存。"),
    )


def _scan_sheet(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: Where) -> int:
    """Refuse formulas without results; the number of rows. Searching runs in C, as much as can be."""
    rows = uncomputed = 0
    first = ""
    pieces = _pieces(archive, info)
    head = next(pieces, b"")
    root = _ROOT.search(head)
    prefix = root[1] + b":" if root and root[1] else b""
    row, cell, formula = (b"<" + prefix + name for name in (b"row", b"c ", b"f"))
    without = re.compile(_UNCOMPUTED.replace(b"PREFIX", prefix))
    tail = b""
    while head:
        # A row cut in two is not counted; the number is wanted for its size only.
        rows += head.count(row)
        window = tail + head
        done = 0
        if formula in window:
            for match in without.finditer(window):
                uncomputed += 1
                first = first or match["at"].decode("ascii", "replace")
                done = match.end()
        # The last cell may be cut in two: it is looked at again with the next piece.
        begins = window.rfind(cell)
        tail = window[max(done, begins if begins >= 0 else len(window) - len(cell)) :]
        if len(tail) > _LONGEST_CELL:
            raise zipfile.BadZipFile(info.filename)
        head = next(pieces, b"")
    if uncomputed:
        raise errors.UncomputedFormulas(
            tr("有 {n} 个公式没有保存计算结果(如 {cell}),读不到数值。", n=uncomputed, cell=first),
            where=Where(file=where.file, sheet=info.filename.rpartition("/")[2]),
            fix=tr("请在 Excel 或 WPS 中打开并保存一次,或选择性粘贴为数值后另存。"),
        )
    return rows


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as file:
        while piece := file.read(_PIECE):
            yield piece
