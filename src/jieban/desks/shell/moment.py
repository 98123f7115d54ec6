"""The desks' clock: the real one, or in a demonstration one that was set back to the days of its orders (ruling 14)."""

from datetime import UTC, datetime

from django.conf import settings


def now() -> datetime:
    """This instant, as the desks see it."""
    return datetime.now(UTC) + settings.JIEBAN_CLOCK_SHIFT
