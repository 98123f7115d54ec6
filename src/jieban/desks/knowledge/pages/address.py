"""Addresses of the desk, and the statuses of what is refused there."""

from urllib.parse import urlencode

from jieban.desks.knowledge.errors import NotInTurn, Outdated
from jieban.desks.shell.pages import status_of
from jieban.desks.shell.visit import Visit
from jieban.kernel.errors import JiebanError

_CONFLICT = 409


def status_for(refused: JiebanError) -> int:
    """The HTTP status of a refusal: 409 where somebody else was quicker."""
    return _CONFLICT if isinstance(refused, (Outdated, NotInTurn)) else status_of(refused)


def address_of(pk: int) -> str:
    """The page of an article."""
    return f"/desk/knowledge/{pk}/"


def kept_of(visit: Visit) -> str:
    """What of the list stands in the address."""
    given = visit.request.GET
    return urlencode(
        {name: given[name] for name in ("q", "unit", "topic", "queue", "page") if given.get(name)}
    )
