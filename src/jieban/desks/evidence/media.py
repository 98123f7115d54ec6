"""What a browser may show of which media type: pictures, sound and films that are known; everything else is saved."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Medium:
    """How a media type is shown (`image`, `audio`, `video`, `file`) and how its files' names end."""

    shown: str
    ending: str


_KNOWN: Final = {
    "image/jpeg": Medium(shown="image", ending="jpg"),
    "image/png": Medium(shown="image", ending="png"),
    "image/webp": Medium(shown="image", ending="webp"),
    "audio/mpeg": Medium(shown="audio", ending="mp3"),
    "audio/wav": Medium(shown="audio", ending="wav"),
    "audio/mp4": Medium(shown="audio", ending="m4a"),
    "audio/ogg": Medium(shown="audio", ending="ogg"),
    "video/mp4": Medium(shown="video", ending="mp4"),
    "video/webm": Medium(shown="video", ending="webm"),
    "video/quicktime": Medium(shown="video", ending="mov"),
    # Known, but no browser that all clerks have shows these.
    "image/heic": Medium(shown="file", ending="heic"),
    "audio/amr": Medium(shown="file", ending="amr"),
    "application/pdf": Medium(shown="file", ending="pdf"),
    "application/msword": Medium(shown="file", ending="doc"),
    "application/vnd.ms-excel": Medium(shown="file", ending="xls"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Medium(
        shown="file", ending="docx"
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Medium(shown="file", ending="xlsx"),
}
_OTHER: Final = Medium(shown="file", ending="bin")


def medium_of(media_type: str) -> Medium:
    """How a media type is shown; one that is not known is a file to be saved."""
    return _KNOWN.get(media_type, _OTHER)
