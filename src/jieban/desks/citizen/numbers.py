"""Order numbers as people read them out and type them, the mark of a demonstration included."""

import unicodedata

from django.conf import settings

from jieban.kernel.numbering import BadNumber
from jieban.ledger.schema import DEMO_PREFIX
from jieban.people.city import city


def spoken(number: str) -> str:
    """In groups with blanks; a number from elsewhere as it is."""
    pattern, mark = city().workflow.numbering, _mark()
    plain = number.removeprefix(mark)
    return f"{mark} {pattern.spoken(plain)}".strip() if pattern.holds(plain) else number


def typed(text: str) -> tuple[str, BadNumber | None]:
    """The number that somebody typed, and what is wrong with it if it is none of ours: it may come from elsewhere."""
    plain, mark = unicodedata.normalize("NFKC", text).strip().upper(), _mark()
    try:
        return mark + city().workflow.numbering.read(plain.removeprefix(mark)), None
    except BadNumber as fault:
        return plain, fault


def _mark() -> str:
    return DEMO_PREFIX if settings.JIEBAN_DEMO else ""
