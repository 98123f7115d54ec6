"""The rows that annexes list and 校核 counts, beside the computed figures. `query.py` takes them from the ledger."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jieban.profile.model import Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class LateHandling:
    """A handling signed or closed too late. Times are local; `actual` is None while it is still open.

    `over` is the clock time from the deadline to the act, or to the cut-off while it is open; `deadline` is None
    and `over` nothing where only the file's own flag says that it was late.
    """

    handling_no: str
    order_no: str
    unit: str
    stage: Stage
    deadline: datetime | None
    actual: datetime | None
    over: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class DissatisfiedOrder:
    """An order whose citizen was dissatisfied, under its lead unit. `requester` is "" when anonymous."""

    order_no: str
    unit: str
    topic: str
    subtopic: str
    requester: str
    content: str
    reply: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Flag:
    """How many rows of a table were accepted with a doubt."""

    table: str
    code: str
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Intake:
    """What became of the rows that were read: read = accepted + rejected + left out, by table."""

    table: str
    read: int
    accepted: int
    rejected: int
    left_out: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What became of a period's handlings: rows = counted + returned + void + aside, in this order of asking.

    `void`: of orders that were merged or split away, `aside`: assisting where the profile counts the lead alone.
    """

    rows: int = 0
    counted: int = 0
    returned: int = 0
    void: int = 0
    aside: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """Everything the report takes from rows instead of figures.

    `outside` counts orders of the ledger that lie in none of the compared periods; `intake` is empty when the
    report was made from a ledger that had been read before. `demo`: some orders or letters are made up.
    """

    late: tuple[LateHandling, ...] = ()
    dissatisfied: tuple[DissatisfiedOrder, ...] = ()
    flags: tuple[Flag, ...] = ()
    outside: int = 0
    intake: tuple[Intake, ...] = ()
    demo: bool = False
    handlings: Tally = field(default_factory=Tally)
