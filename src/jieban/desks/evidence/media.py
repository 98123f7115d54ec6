"""What a browser may show of which media type: pictures, sound and films that are known; everything else is saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html

from jieban.kernel.i18n import Later, later, tr_later
from jieban.orders.evidence.filetypes import ENDINGS


@dataclass(frozen=True, kw_only=True, slots=True)
class Medium:
    """How a media type is shown (`image`, `audio`, `video`, `file`) and how its files' names end."""

    shown: str
    ending: str


_SHOWN: Final = {
    "image": frozenset({"image/jpeg", "image/png", "image/webp"}),
    "audio": frozenset({"audio/mpeg", "audio/wav", "audio/mp4", "audio/ogg"}),
    "video": frozenset({"video/mp4", "video/webm", "video/quicktime"}),
}
"""What the browsers that clerks have can show; neither HEIC nor AMR is among it."""
UNKNOWN: Final = "bin"


def medium_of(media_type: str) -> Medium:
    """How a media type is shown; one that is not known is a file to be saved."""
    shown = next((how for how, types in _SHOWN.items() if media_type in types), "file")
    return Medium(shown=shown, ending=ENDINGS.get(media_type, UNKNOWN))


_WORDS: Final[Mapping[str, Later]] = {
    "application/pdf": later("文档(PDF)"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": later("文档(Word)"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": later("表格(Excel)"),
    "application/msword": later("文档(Word 97-2003)"),
    "application/vnd.ms-excel": later("表格(Excel 97-2003)"),
    "image/jpeg": later("照片(JPEG)"),
    "image/png": later("图片(PNG)"),
    "image/webp": later("图片(WebP)"),
    "image/heic": later("手机照片(HEIC)"),
    "audio/mpeg": later("录音(MP3)"),
    "audio/wav": later("录音(WAV)"),
    "audio/mp4": later("录音(M4A)"),
    "audio/ogg": later("录音(OGG)"),
    "audio/amr": later("手机录音(AMR)"),
    "video/mp4": later("视频(MP4)"),
    "video/quicktime": later("手机视频(MOV)"),
    "video/webm": later("视频(WebM)"),
}


def type_words(media_type: str) -> str:
    """What people call a format; one without a name by its media type."""
    named = _WORDS.get(media_type)
    return tr_later(named) if named is not None else media_type


def type_choices(besides: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The formats that a kind of evidence can be, by name with the media type in small print; and those `besides`."""
    return [
        (each, format_html('{} <span class="quiet small">{}</span>', type_words(each), each))
        for each in dict.fromkeys((*_WORDS, *besides))
    ]
