"""Each request has a number: error pages print it, answers carry it, and the journal's line of a fault tells it."""

import logging
import secrets
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

HEADER: Final = "X-Request-ID"
_META: Final = "jieban.request"
_BYTES: Final = 5


class Numbered:
    """Gives each request a number of its own; what a browser says of one is not believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the answer says which request it was."""
        request.META[_META] = secrets.token_hex(_BYTES)
        answer = self._next(request)
        answer.headers[HEADER] = number_of(request)
        return answer


def number_of(request: HttpRequest) -> str:
    """The request's number; empty for one that came by no door of ours."""
    number: str = request.META.get(_META, "")
    return number


class TellsNumber(logging.Filter):
    """Puts the request's number into a line of the journal, `-` where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let it through, numbered."""
        request = getattr(record, "request", None)
        record.number = (number_of(request) if isinstance(request, HttpRequest) else "") or "-"
        return True
