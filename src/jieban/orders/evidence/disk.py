"""A disk for evidence on which a file is whole or isn't there, even when the machine stops while it is written."""

import os
import secrets
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import FileSystemStorage

PART = ".part"
"""How the names of files end that are still being written, or that a killed process left behind."""


class EvidenceDisk(FileSystemStorage):
    """Files are named by their content: what is written again is the same, and takes the place of what was there."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: whoever wrote it before wrote the same."""
        del max_length
        return name

    def _save(self, name: str, content: IO[Any]) -> str:
        part = f"{name}.{secrets.token_hex(8)}{PART}"
        written, whole = Path(self.path(part)), Path(self.path(name))
        try:
            super()._save(part, content)  # type: ignore[misc]  # Django's own hook
            _to_disk(written)
        except OSError:
            # On a disk that is full, what there was room for would fill the rest.
            written.unlink(missing_ok=True)
            raise
        written.replace(whole)
        _to_disk(whole.parent)
        return name


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
