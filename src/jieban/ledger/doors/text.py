"""Text in columns: csv and its kin, in the encodings and with the delimiters that offices use."""

import csv
import re
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, TextIO

from jieban.kernel.errors import Where
from jieban.kernel.i18n import later, tr, tr_later
from jieban.ledger import errors
from jieban.ledger.arrow import Array, joined, pa, pc
from jieban.ledger.raw import FileKind, RawBook, RawColumn, RawSheet

LARGEST_TEXT = 1 << 30
"""Bytes; a year of a province's orders is less."""

WIDEST = 2_000
"""Columns; a text with more is not a table."""

LONGEST_CELL = 1 << 20

LONGEST_ROW = 4 << 20
"""Characters of one row, its quoted line breaks included."""

MOST_ROWS = 10_000_000
"""Rows; of a gigabyte of orders there are a tenth of that."""

_CHUNK = 1 << 20
_ROWS = 500
"""Rows taken at a time: few enough that they are still in the processor's cache when they become Arrow."""
_DELIMITERS = ",\t;|"
_NAMES = {",": later("逗号"), "\t": later("制表符"), ";": later("分号"), "|": later("竖线")}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_BY_CHANCE = 3
_ESCAPED = "^'([=+\\-@\t\r'])"


def read_text(path: Path) -> RawBook:
    """The text file at `path` as one sheet, named for the file. Raises BadFile."""
    where = Where(file=path.name)
    if path.stat().st_size > LARGEST_TEXT:
        raise errors.TooLarge(
            tr("文本文件超过 {n} GB,不予读取。", n=LARGEST_TEXT >> 30),
            where=where,
            fix=tr("请按月份拆分后分别读取。"),
        )
    encoding = find_encoding(path)
    delimiter = _find_delimiter(path, encoding)
    with path.open(encoding=encoding, newline="") as file:
        csv.field_size_limit(LONGEST_CELL)
        try:
            sheet = _sheet(path.stem, _chunks(file, delimiter), where)
        except csv.Error as error:
            raise errors.BrokenFile(
                tr("文本中的引号不成对,或某一格、某一行过长({detail})。", detail=error),
                where=where,
                fix=tr("请检查内容中带引号的单元格,或改用 .xlsx 导出。"),
            ) from error
    notes = (
        tr("编码 {encoding}", encoding=_encoding_name(encoding)),
        tr("分隔符为{name}", name=tr_later(_NAMES[delimiter])),
    )
    return RawBook(path=path, kind=FileKind.CSV, sheets=(sheet,), notes=notes)


def find_encoding(path: Path) -> str:
    """The Python name of the text's encoding. Raises NotASpreadsheet if it isn't text, BrokenFile if it ends early."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif head.startswith(b"\xef\xbb\xbf"):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            _try_decoding(path, encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8" and not _begins_as_utf8(path):
                continue
            if encoding != "gb18030":
                raise errors.BrokenFile(
                    tr("{encoding} 编码的文本在中途损坏或不完整。", encoding=encoding.upper()),
                    where=Where(file=path.name),
                    fix=tr("请重新导出或下载。"),
                ) from error
        else:
            return encoding
    raise errors.NotASpreadsheet(
        tr("既不是 UTF-8,也不是 GB18030 编码的文本。"),
        where=Where(file=path.name),
        fix=tr("请另存为 .xlsx,或另存为 UTF-8 编码的 CSV。"),
    )


def _begins_as_utf8(path: Path) -> bool:
    """Whether a text that is not UTF-8 throughout begins with Chinese in UTF-8, as no GB18030 text does by chance."""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    try:
        begin = head.decode("utf-8")
    except UnicodeDecodeError as error:
        begin = head[: error.start].decode("utf-8")
    return len(_CHINESE.findall(begin)) >= _BY_CHANCE


def _try_decoding(path: Path, encoding: str) -> None:
    # Decoding as a stream keeps characters whole across pieces and memory small.
    with path.open(encoding=encoding, newline="") as file:
        while piece := file.read(_CHUNK):
            if _CONTROL.search(piece):
                raise errors.NotASpreadsheet(
                    tr("内容不是表格:含有文本中不应有的控制字符。"),
                    where=Where(file=path.name),
                    fix=tr("请用 .xlsx、.xls 或 .csv 格式的台账。"),
                )


def _encoding_name(encoding: str) -> str:
    return {"utf-8-sig": "UTF-8(BOM)", "utf-16": "UTF-16"}.get(encoding, encoding.upper())


def _find_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that splits the first lines into the most columns, most evenly."""
    with path.open(encoding=encoding, newline="") as file:
        head = file.read(_CHUNK // 4)

    def score(delimiter: str) -> tuple[float, int]:
        try:
            widths = [
                len(row)
                for row in islice(csv.reader(head.splitlines(keepends=True), delimiter=delimiter), 50)
            ]
        except csv.Error:
            return 0.0, 0
        wide = [width for width in widths if width > 1]
        if not wide:
            return 0.0, 0
        common = max(set(wide), key=wide.count)
        return wide.count(common) / len(widths) * min(common, 4), common

    return max(_DELIMITERS, key=score)


class _Lines:
    """The lines of a text, no longer than a row may be: a text without line breaks would fill the memory."""

    def __init__(self, file: TextIO) -> None:
        self._read = file.readline
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._read(LONGEST_ROW):
            self.taken += len(line)
            if self.taken > LONGEST_ROW:
                raise csv.Error(tr("一行超过 {n} 字", n=LONGEST_ROW))
            yield line


def _chunks(file: TextIO, delimiter: str) -> Iterator[list[list[str]]]:
    """The rows, some at a time; fewer of them where they are long."""
    lines = _Lines(file)
    chunk: list[list[str]] = []
    size = 0
    for row in csv.reader(lines, delimiter=delimiter):
        if len(row) > WIDEST:
            raise csv.Error(tr("一行有 {n} 列以上", n=WIDEST))
        chunk.append(row)
        size += lines.taken
        lines.taken = 0
        if len(chunk) == _ROWS or size > LONGEST_ROW:
            yield chunk
            chunk, size = [], 0
    yield chunk


def _sheet(name: str, chunks: Iterator[list[list[str]]], where: Where) -> RawSheet:
    pieces: list[list[Array]] = []
    height = 0
    for chunk in chunks:
        if height > MOST_ROWS:
            raise errors.TooLarge(
                tr("文本超过 {n} 行,不予读取。", n=MOST_ROWS),
                where=where,
                fix=tr("请按月份拆分后分别读取。"),
            )
        even = len({len(row) for row in chunk}) == 1
        columns = zip(*chunk, strict=True) if even else zip_longest(*chunk, fillvalue="")
        width = 0
        for index, column in enumerate(columns):
            width = index + 1
            if index == len(pieces):
                pieces.append([pa.nulls(height, pa.string())] if height else [])
            pieces[index].append(pa.array(column, pa.string()))
        for piece in pieces[width:]:
            piece.append(pa.nulls(len(chunk), pa.string()))
        height += len(chunk)
    whole = tuple(RawColumn(length=height, text=_clean(joined(piece))) for piece in pieces)
    return RawSheet(name=name, height=height, columns=whole)


def _clean(text: Any) -> Array:
    """Cells without what protects them: `="0012"` and the apostrophe that `write_csv` sets before formula signs."""
    if pc.any(pc.starts_with(text, '="')).as_py():
        text = pc.replace_substring_regex(text, '^="(.*)"$', "\\1")
    if pc.any(pc.starts_with(text, "'")).as_py():
        text = pc.replace_substring_regex(text, _ESCAPED, "\\1")
    cleaned: Array = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return cleaned
