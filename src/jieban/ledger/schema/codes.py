"""The codes that the ledger itself defines; all others are the profile's."""

from enum import StrEnum

DEMO_PREFIX = "YS"
"""What the numbers of made-up orders and letters begin with (演示): it stays with them through every file."""


class Disposition(StrEnum):
    """What became of a request when it was taken in (ruling 2): three different volumes."""

    DISPATCHED = "dispatched"
    ANSWERED = "answered"
    REFUSED = "refused"
    MERGED = "merged"
    SPLIT = "split"


class Satisfaction(StrEnum):
    """The citizen's rating at the callback that counts."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    NOT_RATED = "not_rated"


class Role(StrEnum):
    """A unit's part in an order."""

    LEAD = "lead"
    ASSIST = "assist"


class LetterDisposition(StrEnum):
    """What became of a mailbox letter."""

    TRANSFERRED = "transferred"
    ANSWERED = "answered"
