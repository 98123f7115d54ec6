"""What a file really is, found from its content: names and declared types are whatever the sender likes.

A library knows most formats by their first bytes. Containers (RIFF, MP4, Matroska, Ogg, OLE, Office) begin alike
whatever they hold, so these are looked into here.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

import puremagic

_HEAD = 8192
_CHUNK = 1 << 20
_LEAST_MARK = 3
"""Bytes that a format is known by: two are found at the beginning of anything."""
_LAP = 64
"""Bytes that neighbouring pieces share, so that a mark across their border is found."""

_TAIL = 22 + 65_535
"""Where a package's end record stands: its own length, and the longest remark behind it."""
_LARGEST_TABLE = 1 << 20
_MOST_UNPACKED = 1 << 30

_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_STILL = frozenset({b"heic", b"heix", b"heim", b"heis"})
_STILL_OR_OTHER = frozenset({b"mif1", b"msf1"})
_QUICKTIME = b"qt  "
_TRACK = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = {
    "WordDocument".encode("utf-16-le"): "application/msword",
    "Workbook".encode("utf-16-le"): "application/vnd.ms-excel",
}
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
ENDINGS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
"""How the names of files end, by their media types: what people know formats by."""
# Formats that the library knows by extension but names no media type for, or another than the registered one.
_BY_EXTENSION = {".amr": "audio/amr", ".mp3": "audio/mpeg", ".mpga": "audio/mpeg"}


def media_types(stream: BinaryIO) -> tuple[str, ...]:
    """The media types that the content may have, the likeliest first; empty when it is none that is known.

    Leaves the stream at its beginning.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    try:
        return _types(head, stream)
    finally:
        stream.seek(0)


def _types(head: bytes, stream: BinaryIO) -> tuple[str, ...]:
    if head[4:8] == b"ftyp":
        return _only(_iso_media(head, stream))
    for mark, inside in _CONTAINERS.items():
        if head.startswith(mark):
            return inside(head, stream)
    return ("audio/mpeg",) if _mp3_frame(head) else _known_to_library(head)


def _only(kind: str | None) -> tuple[str, ...]:
    return () if kind is None else (kind,)


def _known_to_library(head: bytes) -> tuple[str, ...]:
    if not head:
        return ()
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return ()
    sure = (each for each in found if len(each.byte_match) >= _LEAST_MARK)
    named = (_BY_EXTENSION.get(each.extension) or each.mime_type for each in sure)
    return tuple(dict.fromkeys(name for name in named if name))


def _iso_media(head: bytes, stream: BinaryIO) -> str | None:
    """Photos by their brand, films and recordings by their tracks: telephones brand both alike. None without any."""
    size = int.from_bytes(head[:4], "big")
    brands = {head[8:12], *(head[place : place + 4] for place in range(16, min(size, _HEAD), 4))}
    if head[8:12] in _STILL or (head[8:12] in _STILL_OR_OTHER and brands & _STILL):
        return "image/heic"
    tracks = {found.group(1) for piece in _pieces(stream) for found in _TRACK.finditer(piece)}
    if b"vide" in tracks:
        return "video/quicktime" if head[8:12] == _QUICKTIME else "video/mp4"
    return "audio/mp4" if tracks else None


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    before = b""
    while piece := stream.read(_CHUNK):
        yield before + piece
        before = piece[-_LAP:]


def _holds(stream: BinaryIO, mark: bytes) -> bool:
    return any(mark in piece for piece in _pieces(stream))


def _mp3_frame(head: bytes) -> bool:
    """Whether a frame of MPEG audio layer III begins here: no part of its header has a reserved value."""
    if len(head) < len(b"\xff\xfb\x90") or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # noqa: PLR2004  # of the format
        return False
    version, rate, sampling = (head[1] >> 3) & 3, head[2] >> 4, (head[2] >> 2) & 3
    return version != 1 and rate not in {0, 15} and sampling != 3  # noqa: PLR2004  # as above


def _office(stream: BinaryIO) -> tuple[str, ...]:
    """By the names in the package; nothing is unpacked. None for one that would swell beyond all sense."""
    if not _small_table(stream):
        return ()
    try:
        with zipfile.ZipFile(stream) as package:
            names = package.namelist()
            unpacked = sum(each.file_size for each in package.infolist())
    except (zipfile.BadZipFile, NotImplementedError):
        return ()
    if unpacked > _MOST_UNPACKED:
        return ()
    # Documents with programs in them are of other media types, which no kind of evidence needs.
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return ()
    return tuple(kind for folder, kind in _OFFICE.items() if any(name.startswith(folder) for name in names))


def _small_table(stream: BinaryIO) -> bool:
    """Whether the package's table of contents is one that a document has: it is read into memory as a whole.

    A package in the form for more than 4 GB (Zip64) is no document. Source: APPNOTE.TXT, 4.3.15 and 4.3.16.
    """
    stream.seek(0, io.SEEK_END)
    stream.seek(max(0, stream.tell() - _TAIL))
    tail = stream.read(_TAIL)
    stream.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or b"PK\x06\x07" in tail[max(0, end - _LAP) : end]:
        return False
    return int.from_bytes(tail[end + 12 : end + 16], "little") <= _LARGEST_TABLE


_CONTAINERS: Mapping[bytes, Callable[[bytes, BinaryIO], tuple[str, ...]]] = {
    b"PK\x03\x04": lambda _, stream: _office(stream),
    b"RIFF": lambda head, _: _only(_RIFF.get(head[8:12])),
    b"\x1aE\xdf\xa3": lambda head, _: ("video/webm" if b"webm" in head[:_LAP] else "video/x-matroska",),
    b"OggS": lambda head, _: ("video/ogg" if b"theora" in head else "audio/ogg",),
    _OLE: lambda _, stream: tuple(kind for mark, kind in _OLE_STREAMS.items() if _holds(stream, mark)),
}
