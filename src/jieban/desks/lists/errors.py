"""What is refused about lists."""

from jieban.kernel.errors import JiebanError


class TooManyLists(JiebanError):
    """So many wait already."""

    code = "desks.too_many_lists"


class Cancelled(JiebanError):
    """Whoever asked for a list doesn't want it any more."""

    code = "desks.list_cancelled"
