"""The files of a profile: where they are, and each with its `_base` counterpart read into positioned values."""

import csv
import io
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.profile.faults import Faults, did_you_mean
from jieban.profile.lines import Path as KeyPath
from jieban.profile.lines import toml_lines

BASE = "_base"
_REPO_PROFILES = Path(__file__).resolve().parents[3] / "profiles"


@dataclass(frozen=True, kw_only=True)
class Document:
    """A merged TOML file: its value, and where each path of it was written."""

    value: Mapping[str, object]
    places: Mapping[KeyPath, Where]
    where: Where


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


@dataclass(kw_only=True)
class Source:
    """A profile's directory and the base under it; remembers which files were read."""

    directory: Path
    base: Path | None
    used: list[str] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)

    def toml(self, name: str, faults: Faults) -> Document:
        """The file `name` of the city over the base's: tables merged, everything else replaced."""
        self._asked.add(name)
        merged: dict[str, object] = {}
        places: dict[KeyPath, Where] = {}
        shown = shown_path(self.directory / name)
        paths = [directory / name for directory in (self.base, self.directory) if directory is not None]
        for path in paths:
            if not path.is_file():
                continue
            value, lines = _read_toml(path, faults)
            self._note(path)
            file = shown_path(path)
            _merge(merged, value, places, {key: Where(file=file, line=n) for key, n in lines.items()}, ())
        if not any(path.is_file() for path in paths):
            _missing(shown, faults)
        return Document(value=merged, places=places, where=Where(file=shown, line=1))

    def csv(
        self, name: str, columns: tuple[str, ...], optional: tuple[str, ...], faults: Faults
    ) -> list[Line]:
        """The rows of the file `name`, the city's if it has one, else the base's.

        `columns` must be there; `optional` ones may be and read as empty if not.
        """
        self._asked.add(name)
        for directory in (self.directory, self.base):
            if directory is not None and (path := directory / name).is_file():
                self._note(path)
                return _read_csv(path, columns, optional, faults)
        _missing(shown_path(self.directory / name), faults)
        return []

    def check_files(self, faults: Faults) -> None:
        """Notes TOML and CSV files that nobody asked for: a misspelt name would leave the base's in force."""
        asked = sorted(self._asked)
        for path in sorted(self.directory.iterdir()):
            if path.suffix in {".toml", ".csv"} and path.name not in self._asked:
                what = tr("没有哪一处会读这个文件。")
                faults.add("unknown_file", Where(file=shown_path(path)), what, did_you_mean(path.name, asked))

    def _note(self, path: Path) -> None:
        self.used.append(f"{path.parent.name}/{path.name}")


def profile_directories() -> list[Path]:
    """The directories that hold profiles by name: $JIEBAN_PROFILES (one or several), then the checkout's."""
    named = [Path(entry) for entry in os.environ.get("JIEBAN_PROFILES", "").split(os.pathsep) if entry]
    return [*named, _REPO_PROFILES]


def profile_names() -> list[str]:
    """The profiles that can be named, `_base` not among them."""
    return sorted(
        {
            path.parent.name
            for directory in profile_directories()
            for path in directory.glob("*/profile.toml")
            if path.parent.name != BASE
        }
    )


def locate(name_or_path: str | Path) -> Source | None:
    """The profile meant by a path or a name; None if there is none. Its base is the `_base` beside it, if any."""
    given = Path(name_or_path)
    candidates = [given] if given.is_dir() else []
    if isinstance(name_or_path, str) and given.name == name_or_path and name_or_path != BASE:
        # A name means the profile even where a directory of that name lies by chance.
        candidates = [*(d / name_or_path for d in profile_directories()), *candidates]
    for directory in candidates:
        if directory.is_dir():
            beside = directory.resolve().parent / BASE
            bases = [beside, *(d / BASE for d in profile_directories())]
            return Source(directory=directory, base=next((b for b in bases if b.is_dir()), None))
    return None


def shown_path(path: Path) -> str:
    """The path as a person would type it from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _missing(shown: str, faults: Faults) -> None:
    faults.add(
        "file_missing",
        Where(file=shown),
        tr("缺少这个文件。"),
        tr("请补上它,或放在 _base 中(格式见 docs/profiles.md)。"),
    )


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


def _read_toml(path: Path, faults: Faults) -> tuple[dict[str, object], Mapping[KeyPath, int]]:
    text = _text(path, faults)
    try:
        return tomllib.loads(text), toml_lines(text)
    except tomllib.TOMLDecodeError as fault:
        faults.add(
            "not_toml",
            Where(file=shown_path(path), line=_line_of(str(fault), text)),
            tr("不是正确的 TOML:{reason}。", reason=fault),
            tr("请检查这一行的引号、括号和等号。"),
        )
        return {}, {}


def _line_of(message: str, text: str) -> int:
    """The line named in tomllib's message; it names the end of the document by words."""
    _, _, rest = message.partition("(at line ")
    number = rest.partition(",")[0]
    return int(number) if number.isdecimal() else text.count("\n") + 1


def _merge(
    target: dict[str, object],
    value: Mapping[str, object],
    places: dict[KeyPath, Where],
    new: Mapping[KeyPath, Where],
    at: KeyPath,
) -> None:
    for key, member in value.items():
        path = (*at, key)
        old = target.get(key)
        if isinstance(old, dict) and isinstance(member, dict):
            places[path] = new[path]
            _merge(old, member, places, new, path)
            continue
        for stale in [p for p in places if p[: len(path)] == path]:
            del places[stale]
        places.update({p: where for p, where in new.items() if p[: len(path)] == path})
        target[key] = member


def _read_csv(path: Path, columns: tuple[str, ...], optional: tuple[str, ...], faults: Faults) -> list[Line]:
    file = shown_path(path)
    reader = csv.reader(io.StringIO(_text(path, faults), newline=""), strict=True)
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
