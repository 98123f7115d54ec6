"""The codes that the ledger itself defines; all others are the profile's."""

from enum import StrEnum

DEMO_PREFIX = "YS"
"""What the numbers of made-up orders and letters begin with (演示): it stays with them through every file."""


class Disposition(StrEnum):
    """What became of a request when it was taken in (ruling 2): three different volumes.

    PENDING is none of them: the centre has not decided yet. An empty cell of a file is no such word: there it means
    what the column's default says.
    """

    DISPATCHED = "dispatched"
    ANSWERED = "answered"
    REFUSED = "refused"
    MERGED = "merged"
    SPLIT = "split"
    PENDING = "pending"


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
    """What became of a mailbox letter; PENDING: nothing has been decided yet.

    Merged and split letters go on as the letter that they were merged into, and as those that they were split into.
    """

    TRANSFERRED = "transferred"
    ANSWERED = "answered"
    REFUSED = "refused"
    MERGED = "merged"
    SPLIT = "split"
    PENDING = "pending"
