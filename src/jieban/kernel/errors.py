"""Errors that a person can act on: what is wrong, where, and what to do."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from jieban.kernel.i18n import SOURCE, language, tr


class Exit(IntEnum):
    """Exit codes of the command line (documented in docs/command-line.md)."""

    OK = 0
    FAULTS_FOUND = 1
    USAGE = 2
    BAD_FILE = 3
    BAD_PROFILE = 4
    BAD_LEDGER = 5
    CHECK_FAILED = 6
    MISSING_PART = 7
    INTERRUPTED = 130


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """A place in something a person can open. `row` and `line` count from 1, as the programs show them."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.line is not None:
            parts.append(tr("第 {n} 行", n=self.line))
        if self.sheet:
            parts.append(tr("工作表“{name}”", name=self.sheet))
        if self.row is not None:
            # Another message than the line's: other languages tell the rows of a sheet from the lines of a text.
            parts.append(tr("第 {row} 行", row=self.row))
        if self.column:
            parts.append(tr("“{name}”列", name=self.column))
        return " ".join(parts)


def introduced(by: str, said: str) -> str:
    """`said`, introduced by a place or a name, with the colon of the reader's language."""
    return f"{by}: {said}" if language() != SOURCE else f"{by}：{said}"


def _printable(said: str) -> str:
    return said.encode(errors="replace").decode()


class JiebanError(Exception):
    """Base of every refusal. Subclasses set `code` (stable, for programs) and `exit_code`.

    `what` and `fix` are sentences for the reader, already translated. What they repeat of a bad input may hold halves
    of characters, which nothing can print: those are shown as question marks.
    """

    code: ClassVar[str] = "jieban"
    exit_code: ClassVar[Exit] = Exit.FAULTS_FOUND

    def __init__(self, what: str, *, where: Where | None = None, fix: str | None = None) -> None:
        self.what = _printable(what)
        self.where = where
        self.fix = _printable(fix) if fix is not None else None
        super().__init__(self.what)

    def __str__(self) -> str:
        place = introduced(str(self.where), "") if self.where and str(self.where) else ""
        # Chinese sentences stand close, as their full stop brings its own space.
        gap = "" if self.what.endswith("。") else " "
        return f"{place}{self.what}" + (f"{gap}{self.fix}" if self.fix else "")

    def as_dict(self) -> dict[str, object]:
        """The error for `--json`: code, what, where, fix."""
        where = None
        if self.where is not None:
            where = {
                name: value
                for name in ("file", "sheet", "row", "column", "line")
                if (value := getattr(self.where, name)) is not None
            }
        return {"code": self.code, "what": self.what, "where": where, "fix": self.fix}
