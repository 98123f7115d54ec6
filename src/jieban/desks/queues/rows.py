"""The rows of a queue: an order in a line, its matter opened for whoever may see it. Four queries for all rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from jieban.desks.queues.queue import Entry
from jieban.desks.shell import words
from jieban.desks.shell.words import Due
from jieban.kernel.i18n import tr
from jieban.kernel.typography import in_one_line
from jieban.orders.access import handlings_for, orders_among
from jieban.orders.models import Handling, Order, OrderSecret
from jieban.orders.nameless import keeps_person_from, nameless
from jieban.orders.secrets import Matter, contact_of, lock_of, matter_of
from jieban.orders.states import GONE
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.profile.model import Urgency

_SHOWN = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An order in a line. `due` is None where nothing is owed; `at` is when it came to stand there.

    Of what waits with one handling, `units` names that handling's: it is they who are late, asked or waited for.
    """

    key: int
    number: str
    received_at: datetime
    handling: int | None
    summary: str
    topic: str
    request_type: str
    street: str
    units: tuple[str, ...]
    state: str
    due: Due | None
    at: datetime | None
    urgent: str
    marks: tuple[str, ...]


def rows_of(
    entries: Sequence[Entry], actor: Actor, now: datetime, *, due: bool, unnamed: bool = False
) -> tuple[Row, ...]:
    """A row for each entry that `actor` may see, in the same order; `unnamed`: whoever it is that reads them."""
    keys = {each.order for each in entries}
    orders = orders_among(actor, keys)
    secrets = {each.order_id: each for each in OrderSecret.objects.filter(order__in=orders)}
    handlings: dict[int, list[Handling]] = {}
    for handling in handlings_for(actor).filter(order__in=orders).order_by("serial"):
        handlings.setdefault(handling.order_id, []).append(handling)
    return tuple(
        _row(
            orders[each.order],
            each,
            summary_of(orders[each.order], secrets.get(each.order), actor, unnamed=unnamed),
            handlings.get(each.order, ()),
            now,
            due=due,
        )
        for each in entries
        if each.order in orders
    )


def _row(
    order: Order,
    entry: Entry,
    summary: str,
    handlings: Iterable[Handling],
    now: datetime,
    *,
    due: bool,
) -> Row:
    there = [each for each in handlings if each.state not in GONE]
    waiting = next((each for each in there if each.serial == entry.handling), None)
    return Row(
        key=order.pk,
        number=order.number,
        received_at=order.received_at,
        handling=entry.handling,
        summary=summary,
        topic=_topic(order),
        request_type=words.request_type(order.request_type),
        street=words.street(order.street),
        units=tuple(
            words.unit(each.unit, each.dispatched_at)
            for each in ([waiting] if waiting is not None else there)
        ),
        state=words.handling_state(waiting.state) if waiting is not None else words.order_state(order.state),
        due=words.due(entry.at, now) if due and entry.at is not None else None,
        at=entry.at if not due else None,
        urgent="" if order.urgency == Urgency.NORMAL else words.label("urgency", order.urgency),
        marks=_marks(order),
    )


def summary_of(order: Order, secret: OrderSecret | None, actor: Actor, *, unnamed: bool) -> str:
    """The operator's summary, else how the citizen's own words begin; of who asked nothing where that is to be so."""
    lock = lock_of(secret, order.number, keyring()) if secret is not None else None
    if lock is None or secret is None:
        return title_of(None)
    matter = matter_of(lock, secret)
    if unnamed or keeps_person_from(actor, order):
        matter = nameless(matter, contact_of(lock, secret))
    return title_of(matter)


def title_of(matter: Matter | None) -> str:
    """A matter in a line: its summary, else how it begins; what it says where it was destroyed."""
    if matter is None:
        return tr("(内容已清除)")
    text = in_one_line(matter.summary or matter.content or "")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _topic(order: Order) -> str:
    scheme = city_scheme(order)
    name = words.topic(scheme, order.topic, order.received_at)
    if order.subtopic is None:
        return name
    return f"{name} · {words.subtopic(scheme, order.topic, order.subtopic, order.received_at)}"


def city_scheme(order: Order) -> str | None:
    """The scheme of the order's topics: a letter's are its mailbox's own."""
    if order.mailbox is None:
        return None
    mailboxes = city().mailboxes
    return mailboxes[order.mailbox].scheme if order.mailbox in mailboxes else None


def _marks(order: Order) -> tuple[str, ...]:
    marks = [
        (order.mailbox is not None, words.channel(order.channel)),
        (order.escalated_at is not None, tr("升级督办")),
        (order.supervised_at is not None and order.escalated_at is None, tr("督办")),
        (order.urged > 0, tr("催办 {n}", n=order.urged)),
        (order.round > 0, tr("第 {n} 次办理", n=order.round + 1)),
        (order.repeat_of_id is not None or order.repeat_number is not None, tr("重复")),
        (order.confidential, tr("保密")),
        (order.excluded, tr("不纳入考核")),
    ]
    return tuple(name for marked, name in marks if marked)
