"""Bare copies of pictures: what is seen, and nothing that the camera or the telephone wrote besides.

A photo tells where and when it was taken, with which device, and often carries a second picture of itself. Pictures
that leave the house (published answers, reports), or that may not tell who took them, are copied: decoded, turned
upright and encoded anew, so that nothing else of the file comes along.
"""

import io
import subprocess
import sys
import warnings
from pathlib import Path
from typing import BinaryIO, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from jieban.kernel.i18n import tr
from jieban.orders.errors import BadValue
from jieban.orders.evidence.filetypes import media_types

_HEIC: Final = "image/heic"
COPIED: Final = frozenset({"image/jpeg", "image/png", "image/webp", _HEIC})
"""Media types that copies are made of. Copies are JPEG: `COPY_TYPE`."""
COPY_TYPE: Final = "image/jpeg"
_LONGEST: Final = 2048
_MOST_PIXELS: Final = 50_000_000
"""A picture is decoded in memory: 150 MB at most. Telephones' photos of more are JPEG, and are decoded smaller."""
_QUALITY: Final = 85
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_CHILD: Final = Path(__file__).with_name("heic_child.py")
_LONGEST_WAIT: Final = 30.0


def bare_copy(stream: BinaryIO) -> bytes:
    """A JPEG of the picture, upright, at most 2,048 px long. Raises BadValue for what is no picture, or too large."""
    if media_types(stream) == (_HEIC,):
        stream = io.BytesIO(_decoded(stream))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # looked at below
            picture = Image.open(stream, formats=_FORMATS)
            picture.draft("RGB", (_LONGEST, _LONGEST))
        if picture.width * picture.height > _MOST_PIXELS:
            raise _not_copied()
        turned = ImageOps.exif_transpose(picture)
        turned.thumbnail((_LONGEST, _LONGEST))
        flat = Image.new("RGB", turned.size, "white")
        seen = turned.convert("RGBA")
        flat.paste(seen, mask=seen)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as fault:
        raise _not_copied() from fault
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def _decoded(stream: BinaryIO) -> bytes:
    """A photo as telephones keep it (HEIC) as a JPEG, decoded in a process of its own (`heic_child`, docs/adr/0020)."""
    try:
        found = subprocess.run(  # noqa: S603  # our own program, nothing of a user's in its arguments
            [sys.executable, "-I", str(_CHILD)],
            input=stream.read(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise _not_copied() from fault
    if found.returncode != 0 or not found.stdout:
        raise _not_copied()
    return found.stdout


def _not_copied() -> BadValue:
    return BadValue(
        tr("这张图片打不开或过大,不能生成公开副本。"), fix=tr("请重新拍照,或另存为 JPEG 后上传。")
    )
