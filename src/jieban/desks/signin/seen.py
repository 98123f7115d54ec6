"""When each sign-in was last used, for the list of one's sessions: told to the database once a minute at most.

The library's own middleware writes at every request, so that whoever only looks, and every page that asks for news by
itself, would wait for the database's writers.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jieban.people.statements import asked

EVERY: Final = timedelta(minutes=1)


class LastSeen:
    """Notes a sign-in at its first request, when it comes from elsewhere, and whenever a minute has passed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note it if need be, and pass on."""
        if request.session.session_key and request.user.is_authenticated and not _known(request):
            UserSession.objects.create_from_request(request)
        return self._next(request)


def _known(request: HttpRequest) -> bool:
    """Whether the database knows of this sign-in what the request says, as of the last minute."""
    agent = UserSession._meta.get_field("user_agent")  # noqa: SLF001  # Django's way to a column's length
    said = {
        "ip": get_adapter().get_client_ip(request),
        "last_seen_at__gt": timezone.now() - EVERY,
        "session_key": request.session.session_key,
        "user": request.user.pk,
        "user_agent": request.headers.get("User-Agent", "")[: agent.max_length],
    }
    found = asked(
        ("seen", said["ip"] is None),
        lambda: UserSession.objects.filter(**said).values_list("pk")[:1],
        *([] if said["ip"] is None else [connection.ops.adapt_ipaddressfield_value(said["ip"])]),
        *(value for name, value in said.items() if name != "ip"),
    )
    return any(found.rows)
