"""Long texts: what of one is shown at once, and what stands folded below it."""

import re
from typing import Final

MOST: Final = 600
"""So many characters are read at a glance, and so many lines below each other."""
MOST_LINES: Final = 16
_SHOWN = 360
_SHOWN_LINES = 10
_END = re.compile(r"[。！？；!?;](?=.)|\n", re.DOTALL)


def folded(text: str) -> tuple[str, str]:
    """A text in two, the second empty unless it is long: cut where a line or a sentence ends, if one does in time."""
    lines = text.split("\n")
    if len(text) <= MOST and len(lines) <= MOST_LINES:
        return text, ""
    most = min(_SHOWN, len("\n".join(lines[:_SHOWN_LINES])) + 1)
    ends = [found.end() for found in _END.finditer(text, 0, most)]
    at = ends[-1] if ends and ends[-1] * 2 > most else most
    return text[:at].rstrip("\n"), text[at:].lstrip("\n")
