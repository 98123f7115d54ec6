"""Handing out a stored file: in pieces, from where a player asks for it, and never as anything but what it is."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from jieban.desks.evidence.media import UNKNOWN, medium_of
from jieban.orders.evidence.copies import COPY_TYPE, bare_copy
from jieban.orders.evidence.exhibits import Exhibit
from jieban.orders.evidence.files import opened

_PIECE: Final = 256 * 1024
_RANGE: Final = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    # Whatever a file turned out to hold: no script, no form, no page of ours around it.
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "Accept-Ranges": "bytes",
}
OK, PARTIAL, NOT_THERE = 200, 206, 416


@dataclass(slots=True)
class _Part:
    """A part of an open file, read as it is sent; closing it closes what it came from."""

    stream: BinaryIO
    begin: int
    length: int
    held: ExitStack

    def __iter__(self) -> Iterator[bytes]:
        self.stream.seek(self.begin)
        left = self.length
        while left > 0 and (piece := self.stream.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece

    def close(self) -> None:
        self.held.close()


def hand_out(request: HttpRequest, exhibit: Exhibit, name: str) -> HttpResponseBase:
    """The file as an answer: shown in place if it is a known picture, sound or film, else saved as `name`.

    One range of bytes is answered with that range, as players ask for (RFC 9110, 14); several with the whole. Raises
    FileNotFoundError, StorageFailed, and BadValue where no bare copy can be made.
    """
    evidence = exhibit.evidence
    kind = COPY_TYPE if exhibit.bare else evidence.media_type
    tag = f'"{evidence.digest[:32]}{"-copy" if exhibit.bare else ""}"'
    with ExitStack() as stack:
        stream: BinaryIO = stack.enter_context(opened(evidence.digest))  # type: ignore[assignment]  # a binary file
        size = evidence.size
        if exhibit.bare:
            copy = bare_copy(stream)
            stream, size = BytesIO(copy), len(copy)
        begin, length, status = _wanted(request, size, tag)
        answer: HttpResponseBase
        if status == NOT_THERE:
            answer = HttpResponse(status=status)
            answer.headers["Content-Range"] = f"bytes */{size}"
        else:
            part = _Part(stream, begin, length, stack.pop_all())
            answer = StreamingHttpResponse(part, status=status)
            answer.headers["Content-Length"] = str(length)
            if status == PARTIAL:
                answer.headers["Content-Range"] = f"bytes {begin}-{begin + length - 1}/{size}"
    medium = medium_of(kind)
    inline = medium.shown != "file" and "save" not in request.GET
    for header, value in _HEADERS.items():
        answer.headers[header] = value
    answer.headers["ETag"] = tag
    answer.headers["Content-Type"] = kind if medium.ending != UNKNOWN else "application/octet-stream"
    how = "inline" if inline else "attachment"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}.{medium.ending}"'
    return answer


def _wanted(request: HttpRequest, size: int, tag: str) -> tuple[int, int, int]:
    """Where to begin, how much to send, and the status."""
    whole = (0, size, OK)
    condition = request.headers.get("If-Range")
    if condition is not None and condition != tag:
        return whole
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or found.group(0) == "bytes=-":
        return whole
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        return (size - length, length, PARTIAL) if length else (0, 0, NOT_THERE)
    begin = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if begin >= size:
        return 0, 0, NOT_THERE
    return (begin, end - begin + 1, PARTIAL) if end >= begin else whole
