"""A workbook to write into, whose refusal by the system is the system's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError


@contextmanager
def workbook(path: Path, options: dict[str, Any]) -> Iterator[Any]:
    """A workbook that is written to `path` at the end. Raises OSError where the system doesn't let it."""
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            yield book
    except FileCreateError as refused:
        # The library wraps what the system said.
        cause = refused.__context__
        raise (cause if isinstance(cause, OSError) else OSError(str(refused))) from None
