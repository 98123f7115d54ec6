"""What was just done, told on the page that one is led to: once, and with the orders that came of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

_MARK = "done "


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A sentence, and the numbers of the orders to go on to from it."""

    said: str
    orders: tuple[str, ...]


def tell(request: HttpRequest, said: str, orders: Iterable[str] = ()) -> None:
    """Have the next whole page say it."""
    messages.success(request, said, extra_tags=_MARK + " ".join(orders))


def take(request: HttpRequest) -> tuple[Told, ...]:
    """What the page has to say: once taken it is gone. The sign-in's own messages are said here, too."""
    found = list(messages.get_messages(request)) if hasattr(request, "_messages") else []
    return tuple(
        Told(
            said=str(each.message),
            orders=tuple((each.extra_tags or "").removeprefix(_MARK).split())
            if (each.extra_tags or "").startswith(_MARK)
            else (),
        )
        for each in found
    )
