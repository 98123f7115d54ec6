"""What was ticked in a queue: orders, or handlings of them, as addresses and forms carry them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404

from jieban.desks.queues.queue import PAGE
from jieban.desks.shell.given import number_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Pick:
    """An order, or one handling of it; `seen` is how many events the order had when the act was previewed."""

    order: str
    handling: int | None = None
    seen: int | None = None

    def __str__(self) -> str:
        return ":".join(str(each or "") for each in (self.order, self.handling, self.seen)).rstrip(":")


def picks_of(given: Iterable[str]) -> tuple[Pick, ...]:
    """The picks, each once; a page's worth at most. 404 for what is none."""
    picks = {_pick(each): None for each in list(given)[: PAGE + 1]}
    if len(picks) > PAGE:
        raise Http404
    return tuple(picks)


def _pick(given: str) -> Pick:
    order, *rest = given.split(":")
    if not order or len(rest) > 2 or any(each and number_in(each) is None for each in rest):  # noqa: PLR2004  # handling and events
        raise Http404
    handling, seen = [*(number_in(each) for each in rest), None, None][:2]
    return Pick(order=order, handling=handling, seen=seen)
