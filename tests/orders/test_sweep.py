"""Jobs that go through many orders: in few transactions, none done twice, forgotten or kept waiting for another."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from cast import MINUTE, MONDAY, at, recorded
from django.db import connection, transaction

from jieban.orders.audit.findings import Kind
from jieban.orders.audit.verify import verify
from jieban.orders.jobs import sweep
from jieban.orders.jobs.ladder import raise_warnings
from jieban.orders.jobs.sweep import Swept
from jieban.orders.models import Clock, Event, Order
from live_database import LiveDatabase

pytestmark = pytest.mark.usefixtures("database")
SUMMER = at("2025-07-01 10:00")


def warnings(order: str) -> int:
    """How often an order was warned of."""
    return Event.objects.filter(order__number=order, act="warn").count()


def test_an_order_that_was_acted_on_later_is_left_for_the_next_run() -> None:
    order = recorded(now=at("2025-04-21 10:30"))
    Clock.objects.update(due_at=at("2025-04-21 09:00"), started_at=at("2025-04-18 10:00"))
    assert raise_warnings(now=at("2025-04-21 10:00")) == Swept(orders=0, left=(order,))
    assert raise_warnings(now=at("2025-04-21 10:30")) == Swept(orders=1)


def test_large_tables_are_taken_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "BATCH", 3)
    orders = [recorded(now=MONDAY + place % 2 * MINUTE) for place in range(10)]
    assert raise_warnings(now=SUMMER) == Swept(orders=10)
    assert [warnings(order) for order in orders] == [1] * 10
    assert raise_warnings(now=SUMMER) == Swept(orders=0)


def test_several_jobs_at_once_tell_each_step_once(database: LiveDatabase) -> None:
    orders = [recorded() for _ in range(12)]
    done = database.in_threads(4, lambda _index: raise_warnings(now=SUMMER))
    assert all(isinstance(each, Swept) and each.left == () for each in done), done
    assert sum(each.orders for each in done) == 12
    assert [warnings(order) for order in orders] == [1] * 12


def test_an_order_that_somebody_holds_keeps_no_other_waiting(database: LiveDatabase) -> None:
    orders = [recorded() for _ in range(6)]
    told = Event.objects.filter(act="warn")
    held = threading.Event()

    def hold() -> int:
        with transaction.atomic():
            list(Order.objects.select_for_update().filter(number=orders[2]))
            held.set()
            until = time.monotonic() + 30
            # SQLite locks the whole file: there the job waits for all of it.
            while database.vendor == "postgresql" and told.count() < 5 and time.monotonic() < until:
                time.sleep(0.01)
            return told.count()

    def work(index: int) -> object:
        if index == 0:
            return hold()
        held.wait(30)
        return raise_warnings(now=SUMMER)

    meanwhile, done = database.in_threads(2, work)
    assert meanwhile == (5 if database.vendor == "postgresql" else 0)
    assert done == Swept(orders=6)
    assert [warnings(order) for order in orders] == [1] * 6


def test_several_orders_are_written_together_and_one_that_is_refused_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    orders = [recorded() for _ in range(7)]
    later = orders[3]
    Clock.objects.update(due_at=at("2025-04-21 09:00"), started_at=at("2025-04-18 10:00"))
    Order.objects.filter(number=later).update(last_at=at("2025-07-02 10:00"))
    commits: list[int] = []
    real = connection.commit
    monkeypatch.setattr(connection, "commit", lambda: (commits.append(1), real())[1])
    done = raise_warnings(now=SUMMER)
    assert done == Swept(orders=6, left=(later,))
    assert len(commits) == 1
    assert [warnings(order) for order in orders] == [1, 1, 1, 0, 1, 1, 1]
    Order.objects.filter(number=later).update(last_at=MONDAY)
    # Rows were put back by hand above; the chains are whole.
    assert {each.kind for each in verify().found} == {Kind.ROW_CHANGED}


def test_a_job_that_was_killed_in_the_middle_loses_nothing_and_tells_nothing_twice(
    database: LiveDatabase,
) -> None:
    orders = [recorded() for _ in range(150)]
    program = (
        "from jieban.site.live import setup; setup()\n"
        "from datetime import datetime, UTC\n"
        "from jieban.orders.jobs import sweep; sweep.TOGETHER = 3\n"
        "from jieban.orders.jobs.ladder import raise_warnings\n"
        "raise_warnings(now=datetime(2025, 7, 1, tzinfo=UTC))"
    )
    child = subprocess.Popen([sys.executable, "-c", program], env=dict(database.environ))
    told = Event.objects.filter(act="warn")
    until = time.monotonic() + 60
    while told.count() < 5:
        assert time.monotonic() < until
        assert child.poll() is None, "the job ended before it was killed"
        time.sleep(0.002)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert 5 <= told.count() < 150, "it was in the middle"
    assert raise_warnings(now=SUMMER).left == ()
    assert Counter(warnings(order) for order in orders) == {1: 150}
