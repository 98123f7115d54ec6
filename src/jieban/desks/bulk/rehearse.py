"""Trying an act without doing it, and doing it only if nothing happened since it was tried.

A rehearsal is the act itself, in a transaction that is rolled back: what it refuses is what the act would refuse, its
terms and counts included, and what it leads to can be read while it stands. A preview or a form tells how many events
each order had; doing looks at that again under the lock, so that what is sent twice, or comes too late, does nothing.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.db import transaction

from jieban.kernel.i18n import tr
from jieban.orders.engine.perform import no_such_order
from jieban.orders.engine.transactions import in_one_transaction
from jieban.orders.errors import WrongState
from jieban.orders.models import Order

T = TypeVar("T")


class ChangedSince(WrongState):
    """Something was done to the order after the preview was made: by somebody else, or by sending the same twice."""

    code = "desks.changed_since"


def rehearsed(do: Callable[[], object], see: Callable[[], T]) -> T:
    """What `see` finds right after `do`, none of which stays. Raises what `do` refuses."""

    def once() -> T:
        do()
        found = see()
        transaction.set_rollback(True)
        return found

    return in_one_transaction(once)


def if_unchanged(seen: Mapping[str, int], do: Callable[[], T]) -> T:
    """Do something to orders that have so many events still. Raises ChangedSince, NoSuchOrder, or what `do` refuses."""

    def once() -> T:
        # Locked in the order of their keys, in which all acts lock.
        rows = Order.objects.select_for_update(no_key=True).filter(number__in=sorted(seen)).order_by("pk")
        events = {row.number: row.events for row in rows}
        for number, count in seen.items():
            if number not in events:
                raise no_such_order(number)
            if events[number] != count:
                raise ChangedSince(
                    tr("预览之后,工单 {number} 已有新的操作,这一次没有再做。", number=number),
                    fix=tr("请看过工单现状,仍有必要的再操作一次。"),
                )
        return do()

    return in_one_transaction(once)
