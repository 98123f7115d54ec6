"""The desks' clock: the real one, or in a demonstration one that was set back to the days of its orders (ruling 14)."""

from datetime import UTC, datetime

from django.conf import settings


def now() -> datetime:
    """This instant, as the desks see it."""
    return datetime.now(UTC) + settings.JIEBAN_CLOCK_SHIFT


def shown(at: datetime) -> datetime:
    """An instant that the sign-in told by the real clock, as this one would have told it.

    Sign-ins, their expiry and lock-outs go by the real clock whatever a demonstration shows: nothing of them may
    depend on a clock that is set back. Only what pages say of them is moved, so that it agrees with their "now".
    """
    return at + settings.JIEBAN_CLOCK_SHIFT
