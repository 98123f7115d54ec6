"""Deadlines moved by a day off: every order's clocks counted anew, on SQLite and PostgreSQL, committed durably.

The baseline is the same job with an order a transaction: an act, its locks, its event and a commit for each. Both move
the same orders, the baseline by one day off and ours by the next one.
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from figures import REPO, Measured, finish
from live_ground import POSTGRES, SQLITE, inside, on, server, start

sys.path.insert(0, str(REPO / "tests" / "orders"))

MONDAY = datetime(2025, 4, 21, 2, 30, tzinfo=UTC)
ORDERS = 1000
LATER = timedelta(hours=2)


def running() -> None:
    """Orders that units have in their hands, each with two clocks of its own and two of its unit's."""
    from cast import BOB, lead, recorded
    from django.db import transaction

    from jieban.orders.actions.dispatch import Assignment, dispatch_order

    with transaction.atomic():  # only the ground for what is measured
        for _ in range(ORDERS):
            order = recorded(now=MONDAY)
            dispatch_order(order=order, to=Assignment(lead=lead()), actor=BOB, now=MONDAY)


def day_off(days: int) -> None:
    """A working day so many days after MONDAY on which nobody works, from now on."""
    from jieban.people.city_changes import propose
    from jieban.people.city_in_force import look
    from jieban.profile.documents.changes import ValueChange

    now = MONDAY + LATER
    path = ("holidays", f"{(MONDAY + timedelta(days=days)).date()}")
    change = ValueChange(document="calendar.toml", path=path, was=None, now="day off")
    propose(by=None, changes=[change], title="day off", why="-", first_day=MONDAY.date(), now=now)
    look(now)


def moved() -> float:
    """Orders a second whose deadlines move."""
    from jieban.orders.jobs.recompute import recompute_moved

    began = time.perf_counter()
    done = recompute_moved(now=MONDAY + LATER)
    taken = time.perf_counter() - began
    if done.orders != ORDERS or done.left:
        raise SystemExit(f"{done.orders} of {ORDERS} orders were counted anew, {len(done.left)} left")
    return ORDERS / taken


def measure() -> list[Measured]:
    """An order a transaction, then many, on the database at hand."""
    vendor = start()
    running()
    from jieban.orders.jobs import sweep

    together = sweep.TOGETHER
    sweep.TOGETHER = 1
    day_off(1)
    base = moved()
    sweep.TOGETHER = together
    day_off(2)
    ours = moved()
    return [
        Measured(
            what=f"clocks counted anew after a day off on {vendor}, times an order a transaction",
            value=ours / base,
            unit="×",
            bar=None,
            better=">=",
            detail=f"{ORDERS:,} orders of four running clocks: {ours:,.0f} and {base:,.0f} orders a second",
        )
    ]


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where it is."""
    if inside():
        finish(measure())
        return
    script = str(Path(__file__))
    rows = on(SQLITE, script)
    with server() as url:
        rows += on(POSTGRES, script, url) if url else []
    finish(rows)


if __name__ == "__main__":
    main()
