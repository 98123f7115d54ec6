"""What a file really is, found from its content: names and declared types are whatever the sender likes."""

import zipfile
from typing import BinaryIO

import puremagic

_HEAD = 8192

# Formats that the library knows by extension but names no media type for.
_BY_EXTENSION = {
    ".amr": "audio/amr",
    ".m4a": "audio/mp4",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".3gp": "video/3gpp",
    ".mp3": "audio/mpeg",
    ".mpga": "audio/mpeg",
    ".wav": "audio/wav",
}
_SAME = {"audio/wave": "audio/wav", "audio/x-wav": "audio/wav", "image/heif": "image/heic"}
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def media_types(stream: BinaryIO) -> tuple[str, ...]:
    """The media types that the content may have, the likeliest first; empty when it is none that is known.

    Leaves the stream at its beginning.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _office(stream)
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return ()
    named = (_BY_EXTENSION.get(each.extension) or each.mime_type for each in found)
    return tuple(dict.fromkeys(_SAME.get(name, name) for name in named if name))


def _office(stream: BinaryIO) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(stream) as package:
            names = package.namelist()
    except zipfile.BadZipFile:
        return ()
    finally:
        stream.seek(0)
    if "[Content_Types].xml" not in names:
        return ()
    return tuple(kind for folder, kind in _OFFICE.items() if any(name.startswith(folder) for name in names))
