"""What a browser keeps of a citizen, signed and for half an hour: whose orders it may show, and what was just filed."""

from typing import Any, Final

from django.core import signing
from django.http import HttpRequest, HttpResponse

from jieban.people.actor import Actor

LASTS: Final = 30 * 60
_MINE: Final = "jieban-mine"
_FILED: Final = "jieban-filed"


def remember(request: HttpRequest, answer: HttpResponse, actor: Actor) -> None:
    """The browser may show this citizen's orders."""
    _keep(request, answer, _MINE, actor.reference)


def remembered(request: HttpRequest) -> Actor | None:
    """The citizen whose orders the browser may show; None for nobody."""
    reference = _kept(request, _MINE)
    return Actor.citizen(reference) if isinstance(reference, str) and reference else None


def forget(answer: HttpResponse) -> None:
    """The browser shows nobody's orders any more: telephones and computers are lent."""
    for name in (_MINE, _FILED):
        answer.delete_cookie(name, samesite="Strict")


def note_filed(request: HttpRequest, answer: HttpResponse, filed: dict[str, Any]) -> None:
    """What the page after filing tells."""
    _keep(request, answer, _FILED, filed)


def filed(request: HttpRequest) -> dict[str, Any] | None:
    """What was just filed with this browser."""
    found = _kept(request, _FILED)
    return found if isinstance(found, dict) else None


def _keep(request: HttpRequest, answer: HttpResponse, name: str, value: object) -> None:
    signed = signing.dumps(value, salt=name, compress=True)
    answer.set_cookie(
        name, signed, max_age=LASTS, httponly=True, secure=request.is_secure(), samesite="Strict"
    )


def _kept(request: HttpRequest, name: str) -> object:
    try:
        return signing.loads(request.COOKIES.get(name, ""), salt=name, max_age=LASTS)
    except signing.BadSignature:
        return None
