"""Files on their way in: those that the machine can't hold are left out and named, and all else of a form arrives.

Without this a full disk would end the reading of the form, and with it what was typed there.
"""

import logging
from contextlib import suppress
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr

_LEFT_OUT: Final = "_files_left_out"
_LOG: Final = logging.getLogger("django.request")


class NoRoom(JiebanError):
    """There is no room for what was sent; nothing of it is kept."""

    code = "desks.no_room"

    def __init__(self) -> None:
        super().__init__(
            tr("服务器存不下传来的文件,没有收下。"),
            fix=tr("请过一会儿再传;若仍如此,请告知系统管理员。"),
        )


class ToDisk(TemporaryFileUploadHandler):
    """As Django's, which fails with the whole request where a file can't be written."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file. Raises SkipFile where none can be made."""
        # Of the file before, which has arrived: whatever ends this one would end that one, too.
        self.__dict__.pop("file", None)
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._leave_out()
            raise SkipFile from None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Go on with it. Raises SkipFile where nothing more can be written."""
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError:
            self._leave_out()
            raise SkipFile from None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The whole file; None where its end, which was still in memory, can't be written."""
        try:
            return super().file_complete(file_size)
        except OSError:
            self._leave_out()
            return None

    def _leave_out(self) -> None:
        # The system's own sentence is for whoever runs the machine; whoever sent the file is told what to do.
        _LOG.exception("an upload can't be written", extra={"request": self.request})
        if self.request is not None:
            setattr(self.request, _LEFT_OUT, (*_left_out(self.request), (self.field_name, self.file_name)))
        if hasattr(self, "file"):
            with suppress(OSError):
                self.file.close()


def left_out(request: HttpRequest, field: str) -> tuple[str, ...]:
    """The names of the files of a field that couldn't be held."""
    return tuple(name for of, name in _left_out(request) if of == field)


def _left_out(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    found: tuple[tuple[str, str], ...] = getattr(request, _LEFT_OUT, ())
    return found
