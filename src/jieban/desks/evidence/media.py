"""What a browser may show of which media type: pictures, sound and films that are known; everything else is saved."""

from dataclasses import dataclass
from typing import Final

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
