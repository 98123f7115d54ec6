"""Where one goes on after an act that takes an order out of its queue: to the next, at the same place of the queue."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

from jieban.desks.queues.queue import Queue, piece_of
from jieban.desks.shell.given import number_in
from jieban.desks.shell.visit import Visit
from jieban.orders.models import Order

_FURTHEST = 1000


def onward(visit: Visit, queues: Sequence[Queue], back: str, order: Order) -> str:
    """The address to go on at, asked for before the act. `back` is where its page was opened from.

    From the order in a queue it is the entry behind it, else the one before it, else the queue; from anywhere else it
    is there that one goes back to.
    """
    if visit.desk is None or urlsplit(back).path != f"{visit.desk.path}{order.number}/":
        return back
    asked = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    number = _page(asked.get("page", "1"))
    for queue in queues:
        if asked.get("queue", queue.id) != queue.id:
            continue
        keys = [each.order for each in piece_of(queue, visit.actor, visit.now, number).entries]
        if order.pk in keys:
            return _beside(visit.desk.path, keys, order, {**asked, "queue": queue.id}, number)
    return back


def _beside(path: str, keys: Sequence[int], order: Order, asked: Mapping[str, str], page: int) -> str:
    at = keys.index(order.pk)
    others = [key for key in (*keys[at + 1 :], *reversed(keys[:at])) if key != order.pk]
    if not others:
        left = {**asked, "page": str(page - 1)} if page > 1 else asked
        return f"{path}?{urlencode(left)}"
    following = Order.objects.filter(pk=others[0]).values_list("number", flat=True).get()
    return f"{path}{following}/?{urlencode(asked)}"


def _page(given: str) -> int:
    return min(number_in(given) or 1, _FURTHEST)
