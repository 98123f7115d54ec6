"""One way in: any file that is a ledger's, as raw sheets."""

from pathlib import Path

from jieban.ledger.doors.sniff import kind_of
from jieban.ledger.doors.text import read_text
from jieban.ledger.doors.workbook import DEFAULT_LIMITS, Limits, read_workbook
from jieban.ledger.raw import FileKind, RawBook


def open_raw(path: Path, limits: Limits = DEFAULT_LIMITS) -> RawBook:
    """The sheets of the workbook or text at `path`. Raises BadFile, with what to do, for everything else."""
    kind = kind_of(path)
    if kind is FileKind.CSV:
        return read_text(path)
    return read_workbook(path, kind, limits)
