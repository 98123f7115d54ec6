"""Acts on the live database, committed durably, on SQLite and PostgreSQL; recording against one plain ORM `create()`.

The baseline is `Order.objects.create(…)`: one row of the widest of the tables that recording writes, with all its
columns, indexes and constraints, in a transaction of its own. Recording gives a number besides, seals the person and
what was said under a new key, sets two clocks by the calendar and writes a chained event: five tables, one commit.
Both commit with the same durability (SQLite: WAL, synchronous FULL; PostgreSQL: fsync and synchronous_commit on) and
take turns, so that what else the machine does falls on both.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from figures import REPO, Measured, finish
from live_ground import POSTGRES, SQLITE, inside, on, server, start

sys.path.insert(0, str(REPO / "tests" / "orders"))

MONDAY = datetime(2025, 4, 21, 2, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PAIRS = 400
WARM = 30
PLAYED = 150


def plain_order(number: int) -> Any:
    """One order row, without anything of the act."""
    from jieban.orders.models import Order

    return Order.objects.create(
        number=f"BENCH-{number}",
        state="recorded",
        channel="phone",
        request_type="help",
        topic="other",
        urgency="normal",
        anonymous=False,
        confidential=False,
        recorded_by="account:1",
        received_at=MONDAY,
        last_at=MONDAY,
    )


def taken(act: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def recording(vendor: str) -> Measured:
    """One recording after each plain row."""
    from cast import recorded

    plain, act = [], []
    for turn in range(PAIRS + WARM):
        plain.append(taken(lambda turn=turn: plain_order(turn)))
        act.append(taken(lambda turn=turn: recorded(now=MONDAY + turn * MINUTE)))
    base, ours = statistics.median(plain[WARM:]), statistics.median(act[WARM:])
    return Measured(
        what=f"recording an order on {vendor}, times one ORM create() with commit",
        value=ours / base,
        unit="×",
        bar=4,
        better="<=",
        detail=f"medians of {PAIRS}, taking turns: {ours * 1000:.2f} ms and {base * 1000:.2f} ms",
    )


def life(now: datetime) -> Iterator[tuple[str, Callable[[], object]]]:
    """An order's life, act by act."""
    from cast import BOB, CARL, RUTH, handler, lead, liaison, recorded, reply

    from jieban.ledger.schema import Satisfaction
    from jieban.orders.actions.callback import Outcome, record_callback
    from jieban.orders.actions.closing import close_order
    from jieban.orders.actions.dispatch import Assignment, dispatch_order
    from jieban.orders.actions.reply import reply_to_order
    from jieban.orders.actions.review import pass_review
    from jieban.orders.actions.sign import sign_handling

    numbers: list[str] = []
    yield "record", lambda: numbers.append(recorded(now=now))
    order, unit = numbers[0], lead()
    mine: dict[str, Any] = {"order": order, "handling": 1, "now": now}
    said = Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED)
    yield "dispatch", lambda: dispatch_order(order=order, to=Assignment(lead=unit), actor=BOB, now=now)
    yield "sign", lambda: sign_handling(actor=liaison(unit), **mine)
    yield "reply", lambda: reply_to_order(reply=reply(), actor=handler(unit), **mine)
    yield "pass", lambda: pass_review(actor=RUTH, **mine)
    yield "callback", lambda: record_callback(order=order, outcome=said, actor=CARL, now=now)
    yield "close", lambda: close_order(order=order, actor=CARL, now=now)


def played(vendor: str) -> list[Measured]:
    """Whole lives of orders, one after the other."""
    spent: dict[str, list[float]] = {}
    for turn in range(PLAYED + WARM):
        for name, act in life(MONDAY + turn * MINUTE):
            spent.setdefault(name, []).append(taken(act))
    # One plain row after the other, right after: what a commit costs changes with what else the disk does.
    base = statistics.fmean(taken(lambda turn=turn: plain_order(-1 - turn)) for turn in range(PLAYED))
    means = {name: statistics.fmean(times[WARM:]) for name, times in spent.items()}
    whole = statistics.fmean(means.values())
    told = ", ".join(f"{name} {1 / mean:,.0f}" for name, mean in means.items())
    return [
        Measured(
            what=f"an act of an order's life on {vendor}, times one ORM create() with commit",
            value=whole / base,
            unit="×",
            bar=None,
            better="<=",
            detail=f"{1 / whole:,.0f} acts a second one after the other, each committed durably; a second: {told}",
        )
    ]


def measure() -> list[Measured]:
    """Both, on the database at hand."""
    vendor = start()
    return [recording(vendor), *played(vendor)]


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
