"""What an .xlsx is made of, looked at before anything parses it: sizes, links to other files, formulas."""

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from jieban.kernel.errors import Where
from jieban.kernel.i18n import listed, tr
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
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_ROOT = re.compile(rb"<(?:(\w+):)?worksheet\b")
# Formulas whose result is the empty string say so: they are of type str and have an empty value.
_UNCOMPUTED = (
    rb'<PREFIXc\b(?=(?P<text>[^>]*\bt="str")?)[^>]*?\br="(?P<at>[A-Z]+[0-9]+)"[^>]*>\s*'
    rb"(?:<PREFIXf\b[^>]*/>|<PREFIXf\b[^>]*>[^<]*</PREFIXf>)\s*"
    rb"(?(text)</PREFIXc>|(?:</PREFIXc>|<PREFIXv\s*/>|<PREFIXv>\s*</PREFIXv>))"
)


class WorkbookScan:
    """Looks through a workbook. `rows` counts the rows in the XML of all sheets, empty ones too."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._where = Where(file=path.name)
        self.rows = 0

    def look(self) -> None:
        """Refuse what the archive's directory tells: bombs, encryption, links. Nothing is unpacked but a few names."""
        with self._archive() as archive:
            _refuse_bombs(archive.infolist(), self._where)
            _refuse_links(archive, self._where)

    def look_closely(self) -> None:
        """Refuse formulas without results and damaged parts; takes as long as unpacking the sheets does."""
        with self._archive() as archive:
            for info in archive.infolist():
                if _SHEETS.fullmatch(info.filename):
                    self.rows += _scan_sheet(archive, info, self._where)

    @contextmanager
    def _archive(self) -> Iterator[zipfile.ZipFile]:
        try:
            with zipfile.ZipFile(self._path) as archive:
                yield archive
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise errors.BrokenFile(
                tr("压缩内容已损坏或不完整({detail})。", detail=error),
                where=self._where,
                fix=tr("请重新导出或下载。"),
            ) from error


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
    targets = listed(_TARGET.findall(text)) or "?"
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
        rows += _count(head, row)
        window = tail + head
        done = 0
        if _count(window, formula):
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
            where=Where(file=where.file, sheet=_sheet_name(archive, info.filename)),
            fix=tr("请在 Excel 或 WPS 中打开并保存一次,或选择性粘贴为数值后另存。"),
        )
    return rows


def _count(text: bytes, word: bytes) -> int:
    """How often a word comes in a text. For words of a few bytes several times as fast as `bytes.count`."""
    letters = np.frombuffer(text, dtype=np.uint8)
    places = max(len(text) - len(word) + 1, 0)
    found = letters[:places] == word[0]
    for index, letter in enumerate(word[1:], start=1):
        found &= letters[index : index + places] == letter
    return int(np.count_nonzero(found))


def _sheet_name(archive: zipfile.ZipFile, part: str) -> str:
    """The name under which people know a sheet; its part's own where the workbook doesn't say."""
    try:
        sheets, rels = (
            archive.open(name).read(_PIECE).decode("utf-8", "replace")
            for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        )
    except KeyError:
        return part
    ids = {
        tag["Target"].rpartition("/")[2]: tag["Id"]
        for tag in map(_attributes, re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", rels))
        if {"Id", "Target"} <= tag.keys()
    }
    wanted = ids.get(part.rpartition("/")[2])
    tags = map(_attributes, re.findall(r"<(?:\w+:)?sheet\b[^>]*>", sheets))
    return next((tag["name"] for tag in tags if tag.get("id") == wanted and "name" in tag), part)


def _attributes(tag: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as file:
        while piece := file.read(_PIECE):
            yield piece
