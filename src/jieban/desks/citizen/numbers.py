"""Order numbers as people read them out, the mark of a demonstration included."""

from django.conf import settings

from jieban.ledger.schema import DEMO_PREFIX
from jieban.people.city import city


def spoken(number: str) -> str:
    """In groups with blanks; a number from elsewhere as it is."""
    pattern, mark = city().workflow.numbering, _mark()
    plain = number.removeprefix(mark)
    return f"{mark} {pattern.spoken(plain)}".strip() if pattern.holds(plain) else number


def _mark() -> str:
    return DEMO_PREFIX if settings.JIEBAN_DEMO else ""
