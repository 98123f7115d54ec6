"""What an attacker with the database, and perhaps the keys, would do to the trail. For the audit's tests only."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from jieban.orders.chain import Link
from jieban.orders.models import Event, Order
from jieban.orders.triggers import TABLE, install, table_of, wanted
from jieban.people.keys import keyring

CHILDREN = ("words", "ordersecret", "evidence", "callback", "petition", "clock", "handling", "event")


def execute(statement: str, parameters: Sequence[object] = ()) -> None:
    """Raw SQL, as somebody with the database's password types it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def disarm() -> None:
    """Drop the triggers."""
    for name in wanted(connection):
        execute(
            f"DROP TRIGGER {name}" + (f" ON {table_of(name)}" if connection.vendor == "postgresql" else "")
        )


def rearm() -> None:
    """Put them back, so that nobody notices."""
    install(connection)


def unseen(work: Callable[[], object]) -> None:
    """Do it with the triggers away, and put them back."""
    disarm()
    work()
    rearm()


def forge(order: str, seq: int, /, **columns: object) -> None:
    """Change columns of an event."""
    assignments = ", ".join(f"{name} = %s" for name in columns)
    unseen(
        lambda: execute(
            f"UPDATE {TABLE} SET {assignments} WHERE seq = %s AND order_id = %s",  # noqa: S608  # the attack itself
            [*columns.values(), seq, pk_of(order)],
        )
    )


def pk_of(order: str) -> int:
    return Order.objects.get(number=order).pk


def drop_event(order: str, seq: int) -> None:
    """Delete an event."""
    unseen(lambda: execute(f"DELETE FROM {TABLE} WHERE order_id = %s AND seq = %s", [pk_of(order), seq]))  # noqa: S608


def mend_head(order: str) -> None:
    """Make the order point to whatever event is the last now."""
    last = Event.objects.filter(order__number=order).order_by("-seq")[0]
    Order.objects.filter(number=order).update(events=last.seq, head=last.digest, last_at=last.at)


def copy_event(order: str, seq: int, to_seq: int) -> None:
    """Insert a copy of an event under another number."""
    event = Event.objects.get(order__number=order, seq=seq)
    unseen(
        lambda: Event.objects.create(
            order=event.order,
            seq=to_seq,
            at=event.at,
            act=event.act,
            actor=event.actor,
            data=event.data,
            key_version=event.key_version,
            previous=event.previous,
            digest=event.digest,
        )
    )


def delete_order(order: str) -> None:
    """Delete an order with everything that hangs on it."""
    pk = pk_of(order)

    def work() -> None:
        for table in CHILDREN:
            execute(f"DELETE FROM orders_{table} WHERE order_id = %s", [pk])  # noqa: S608  # the attack itself
        execute("DELETE FROM orders_order WHERE id = %s", [pk])

    unseen(work)


def recompute(order: str, change: Callable[[int, dict[str, Any]], None]) -> None:
    """Change events and make the whole chain anew with the stolen key, head included."""
    ring, previous = keyring(), ""

    def work() -> None:
        nonlocal previous
        for event in Event.objects.filter(order__number=order).order_by("seq"):
            data = json.loads(event.data)
            change(event.seq, data)
            text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            link = Link(
                order=order,
                seq=event.seq,
                at=event.at,
                act=event.act,
                actor=event.actor,
                data=text,
                previous=previous,
            )
            digest = link.digest(ring, event.key_version)
            execute(
                f"UPDATE {TABLE} SET data = %s, previous = %s, digest = %s WHERE id = %s",  # noqa: S608  # as above
                [text, previous, digest, event.pk],
            )
            previous = digest

    unseen(work)
    mend_head(order)
