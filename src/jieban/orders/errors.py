"""What an act can be refused for: each refusal has a code, a sentence, what to do, and leaves nothing written."""

from datetime import datetime

from jieban.kernel.errors import Exit, JiebanError


class ActRefused(JiebanError):
    """Base of all refusals of acts."""

    code = "orders.refused"


class NoSuchOrder(ActRefused):
    """No such order, or none that this person may see: the two are not told apart."""

    code = "orders.no_such_order"


class NotAllowed(ActRefused):
    """The person may see the order, but not do this to it."""

    code = "orders.not_allowed"


class WrongState(ActRefused):
    """The order or the handling is not in a state from which this act leads on."""

    code = "orders.wrong_state"


class AlreadyThere(WrongState):
    """What is to be kept is kept already, since `at`: whoever sent it twice, not knowing whether it came, may go on."""

    code = "orders.already_there"

    def __init__(self, what: str, *, fix: str, at: datetime) -> None:
        super().__init__(what, fix=fix)
        self.at = at


class TooLate(ActRefused):
    """A deadline for asking has passed, or something may be done only so often."""

    code = "orders.too_late"


class Missing(ActRefused):
    """Something that the act needs was not given."""

    code = "orders.missing"


class BadValue(ActRefused):
    """Something that was given can't be used."""

    code = "orders.bad_value"


class TimeRunsBack(ActRefused):
    """The act would lie before one that was done already."""

    code = "orders.time_runs_back"


class Redacted(ActRefused):
    """What is asked for was destroyed when the term of retention ended."""

    code = "orders.redacted"


class StorageFailed(ActRefused):
    """The storage of evidence doesn't do what it is asked; the act wrote nothing, and may be tried again."""

    code = "orders.storage"
    exit_code = Exit.MISSING_PART


class Busy(ActRefused):
    """Others held the order for too long; nothing was written, and it may be tried again."""

    code = "orders.busy"


class TooBroad(ActRefused):
    """A search asks for so much that it did not come to an end in time."""

    code = "orders.too_broad"


class Unavailable(Busy):
    """No connection to the database was free in time; nothing was written, and it may be tried again.

    A connection that breaks in the middle of an act is no refusal and stays Django's OperationalError: whether the act
    is there can't be known then without looking.
    """

    code = "orders.unavailable"
