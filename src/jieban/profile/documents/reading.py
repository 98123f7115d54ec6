"""One TOML or CSV file as values with the lines that they stand on."""

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.profile.documents.faults import Faults, did_you_mean
from jieban.profile.documents.lines import Path as KeyPath
from jieban.profile.documents.lines import toml_lines
from jieban.profile.documents.toml_words import reason_and_place


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a CSV file, cells stripped, by column."""

    cells: Mapping[str, str]
    file: str
    line: int

    def text(self, column: str) -> str:
        """The cell of a column; empty where the file lacks an optional column."""
        return self.cells.get(column, "")

    def where(self, column: str | None = None) -> Where:
        """The place of a cell, or of the row."""
        return Where(file=self.file, line=self.line, column=column)


def shown_path(path: Path) -> str:
    """The path as a person would type it from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _text(path: Path, faults: Faults) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        line = path.read_bytes()[: fault.start].count(b"\n") + 1
        faults.add(
            "not_utf8",
            Where(file=shown_path(path), line=line),
            tr("文件不是 UTF-8 编码。"),
            tr("请在编辑器中另存为 UTF-8。"),
        )
        return ""


@lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[dict[str, object], Mapping[KeyPath, int]]:
    return tomllib.loads(text), toml_lines(text)


def toml_value(text: str) -> dict[str, object]:
    """The text's value, the caller's own; parsed once, since a page that tries changes reads a city several times."""
    return {key: _own(member) for key, member in _parsed(text)[0].items()}


def _own(value: object) -> object:
    """A copy of what TOML can say, whose words, numbers and days don't change: `deepcopy` takes ten times as long."""
    if isinstance(value, dict):
        return {key: _own(member) for key, member in value.items()}
    return [_own(member) for member in value] if isinstance(value, list) else value


def read_toml(
    path: Path, faults: Faults, text: str | None = None
) -> tuple[dict[str, object], Mapping[KeyPath, int]]:
    """The file's value and the line of each of its paths; empty, with a fault noted, if it isn't TOML.

    `text` is read in its place where something was laid over the file.
    """
    text = _text(path, faults) if text is None else text
    try:
        return toml_value(text), _parsed(text)[1]
    except tomllib.TOMLDecodeError as fault:
        reason, line, column = reason_and_place(str(fault), text)
        faults.add(
            "not_toml",
            Where(file=shown_path(path), line=line),
            tr("不是正确的 TOML:第 {column} 个字符处,{reason}。", column=column, reason=reason),
            tr("请检查这一行的引号、括号和等号。"),
        )
        return {}, {}


def read_csv(
    path: Path, columns: tuple[str, ...], optional: tuple[str, ...], faults: Faults, text: str | None = None
) -> list[Line]:
    """The file's rows under its headings; blank rows are left out. Faults are noted, their rows left out.

    `text` is read in its place where something was laid over the file.
    """
    file = shown_path(path)
    written = _text(path, faults) if text is None else text
    reader = csv.reader(io.StringIO(written, newline=""), strict=True)
    rows: list[Line] = []
    headings: list[str] = []
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            values = [cell.strip() for cell in cells]
            if not any(values):
                continue
            if not headings:
                headings = values
                _check_headings(headings, columns, optional, Where(file=file, line=line), faults)
            elif len(values) != len(headings):
                faults.add(
                    "row_length",
                    Where(file=file, line=line),
                    tr("这一行有 {n} 格,表头有 {m} 格。", n=len(values), m=len(headings)),
                    tr("请补齐或删去逗号;内容里有逗号时用双引号括起。"),
                )
            else:
                rows.append(Line(cells=dict(zip(headings, values, strict=True)), file=file, line=line))
    except csv.Error as fault:
        faults.add(
            "not_csv",
            Where(file=file, line=reader.line_num),
            tr("不是正确的 CSV:{reason}。", reason=fault),
            tr("请检查这一行的双引号是否成对。"),
        )
    if not headings and not faults_in(faults, file):
        faults.add("file_empty", Where(file=file, line=1), tr("文件是空的。"), tr("请至少写上表头。"))
    return rows


def faults_in(faults: Faults, file: str) -> bool:
    """Whether a fault was noted in `file`."""
    return any(fault.where.file == file for fault in faults)


def _check_headings(
    headings: list[str], columns: tuple[str, ...], optional: tuple[str, ...], where: Where, faults: Faults
) -> None:
    known = (*columns, *optional)
    for heading in headings:
        if heading not in known:
            faults.add(
                "unknown_column",
                where,
                tr("不认识的列“{name}”。", name=heading),
                did_you_mean(heading, known),
            )
        elif headings.count(heading) > 1:
            faults.add("double_column", where, tr("列“{name}”出现了两次。", name=heading), tr("请删去一列。"))
    for column in columns:
        if column not in headings:
            faults.add(
                "missing_column", where, tr("缺少列“{name}”。", name=column), tr("请在表头补上这一列。")
            )
