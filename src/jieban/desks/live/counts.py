"""What waits at each desk, for the rail: the first queue of those that work from queues, and articles to look after."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from jieban.desks.knowledge.pages.lists import tasks
from jieban.desks.queues.queue import MOST_COUNTED, Queue, count_of
from jieban.desks.shell.visit import Visit
from jieban.desks.shell.words import local
from jieban.people.actor import Actor


def queues_of(desk: str) -> Callable[[Actor], Sequence[Queue]]:
    """The queues of a desk, by who works there.

    Found when it is needed: desks import what all share, and never the other way round.
    """
    module = import_module(f"jieban.desks.{desk}.queues")
    if hasattr(module, "QUEUES"):
        queues: Sequence[Queue] = module.QUEUES
        return lambda _actor: queues
    of: Callable[[Actor], Sequence[Queue]] = module.queues_of
    return of


WITH_QUEUES = ("dispatch", "unit", "review", "callback", "supervision")


def said(count: int) -> str:
    """A count as it is shown: so far, and then "more"."""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def rail_counts(visit: Visit, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """How many wait first at each of the visitor's desks; one query for each that isn't `known`."""
    counts = dict(known or {})
    for desk in visit.desks:
        if desk.id in WITH_QUEUES and desk.id not in counts:
            first = queues_of(desk.id)(visit.actor)[0]
            counts[desk.id] = said(count_of(first, visit.actor, visit.now))
        elif desk.id == "knowledge" and (n := tasks(visit.actor, local(visit.now).date())) is not None:
            counts[desk.id] = said(min(n, MOST_COUNTED))
    return counts
