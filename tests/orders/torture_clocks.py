"""Kills the job that counts clocks anew, again and again, and looks each time at what is left.

    torture_clocks.py KILLS SEED

As `torture.py`, whose ways of dying it has: from outside at a random moment, or by its own hand before or after a
statement. The calendar is changed; the job runs and is killed, runs and is killed, until one run comes to its end; then
the calendar is changed back. After every death each order has been counted anew once or not at all: all its running
clocks with one event, or none; and once a run has ended, all have.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from torture import MOST_SECONDS, forked, heard, mortal  # noqa: E402  # after the path

ORDERS = 36
MOST_STATEMENTS = 90
"""A run takes some ninety where it writes five orders at a time."""
AMID = 5
"""Of so many kills at least one is to be in the middle of a run."""
ENDING = 0.2
"""How often a run is left alone."""


def _ground(pipe: int) -> None:
    """Orders in the hands of two units each; of every third the lead's reply has been sent, and waits for review."""
    from cast import MINUTE, MONDAY, dispatched, replied, units  # noqa: PLC0415  # Django is ready only in children

    for place in range(ORDERS):
        begun = replied if place % 3 == 0 else dispatched
        begun(now=MONDAY + place * MINUTE, assisting=units(2)[1:])
    os.write(pipe, b"done")


def _turn(pipe: int, turn: int) -> None:
    """A day off more, or one less."""
    from cast import MONDAY  # noqa: PLC0415  # as above

    from jieban.people.city_changes import propose  # noqa: PLC0415
    from jieban.people.city_in_force import look  # noqa: PLC0415
    from jieban.profile.documents.changes import ValueChange  # noqa: PLC0415

    now = MONDAY + timedelta(hours=4)
    look(now)
    day, off = date(2025, 4, 22), "试放假"
    was, comes = (None, off) if turn % 2 else (off, None)
    change = ValueChange(document="calendar.toml", path=("holidays", f"{day}"), was=was, now=comes)
    propose(by=None, changes=[change], title="放假", why="试", first_day=MONDAY.date(), now=now)
    os.write(pipe, b"done")


def _count(pipe: int, seed: int, *, by_own_hand: bool) -> None:
    """The job, which writes only a few orders at a time, so that it is killed between them and within."""
    from cast import MONDAY  # noqa: PLC0415  # as above

    from jieban.orders.jobs import sweep  # noqa: PLC0415
    from jieban.orders.jobs.recompute import recompute_moved  # noqa: PLC0415
    from jieban.people.city_in_force import look  # noqa: PLC0415

    dice = random.Random(seed)  # noqa: S311  # a game, no secret
    now = MONDAY + timedelta(hours=5)
    look(now)
    sweep.TOGETHER = dice.randrange(1, 10)
    if by_own_hand:
        mortal(dice, MOST_STATEMENTS)
    done = recompute_moved(now=now)
    os.write(pipe, json.dumps([done.orders, len(done.left)]).encode())


def _look(pipe: int, turn: int, *, ended: bool) -> None:
    """What is wrong, as texts: half done, done twice, not chained; and not done where a run has ended."""
    from cast import MONDAY  # noqa: PLC0415  # as above
    from django.db import transaction  # noqa: PLC0415

    from jieban.orders.audit.verify import verify  # noqa: PLC0415
    from jieban.orders.clocks import due_or_provisional  # noqa: PLC0415
    from jieban.orders.engine.follow import run_of  # noqa: PLC0415
    from jieban.orders.models import Clock, Event, Order  # noqa: PLC0415
    from jieban.people.city_in_force import look, work_clocks_until  # noqa: PLC0415

    now = MONDAY + timedelta(hours=6)
    present = look(now).profile.clock
    (before,) = {each for each in work_clocks_until(now) if each != present}
    with transaction.atomic():  # a server may still be ending what the dead one had begun
        list(Order.objects.select_for_update().order_by("pk"))
    wrong = [str(each) for each in verify().found]
    events = Counter(Event.objects.filter(act="recompute_clocks").values_list("order__number", flat=True))
    for order in Order.objects.order_by("pk"):
        running = Clock.objects.filter(order=order, stopped_at=None, dropped=False)
        moved = [
            (due_or_provisional(run_of(each), present).at, due_or_provisional(run_of(each), before).at)
            for each in running
        ]
        stored = [each.due_at for each in running]
        done = events[order.number] == turn
        if events[order.number] not in ({turn} if ended else {turn - 1, turn}):
            wrong.append(f"{order.number}: counted anew {events[order.number]} times by turn {turn}")
        elif stored != [new if done else old for new, old in moved]:
            wrong.append(f"{order.number}: half done: {stored}, {moved}")
    os.write(pipe, json.dumps({"wrong": wrong, "done": sum(n == turn for n in events.values())}).encode())


def _said(work: Any) -> bytes:
    """What a child says that is left alone."""
    child, ear = forked(work)
    said = heard(ear, time.monotonic() + MOST_SECONDS)
    os.close(ear)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"a child that nobody killed ended with {status}"
    return said


def _run(dice: random.Random, whole: float) -> tuple[bytes, bool]:
    """A run of the job that is killed, or, now and then, is not: what it said, and whether it died."""
    seed, by_own_hand, spared = dice.randrange(1 << 30), dice.random() < 0.5, dice.random() < ENDING
    if spared:
        return _said(lambda pipe: _count(pipe, seed, by_own_hand=False)), False
    child, ear = forked(lambda pipe: _count(pipe, seed, by_own_hand=by_own_hand))
    # As many moments lie after a run's end as within: some of those that are to be killed end before.
    said = heard(ear, time.monotonic() + (MOST_SECONDS if by_own_hand else dice.uniform(0, whole)))
    os.kill(child, signal.SIGKILL)  # nothing to one that is dead
    said += heard(ear, None)
    os.close(ear)
    _, status = os.waitpid(child, 0)
    return said, os.WIFSIGNALED(status)


def main(kills: int, seed: int) -> dict[str, Any]:
    """Kill so many; stops at the first that leaves something wrong."""
    from jieban.site.live import setup  # noqa: PLC0415  # after the path

    setup()
    import cast  # noqa: F401, PLC0415  # imported here once, instead of in every child

    from jieban.orders.audit import verify  # noqa: F401, PLC0415  # as above
    from jieban.orders.jobs import recompute  # noqa: F401, PLC0415  # as above
    from jieban.people.city import city  # noqa: PLC0415

    city()
    dice = random.Random(seed)  # noqa: S311  # as above
    _said(_ground)
    turn = killed = amid = ends = 0
    whole = 1.0
    seen: dict[str, Any] = {"wrong": []}
    ended = True
    # What is looked for is found in the middle: how many end there is chance, so as many runs as it takes.
    while killed < kills or amid < kills // AMID or not ended:
        if ended:
            turn += 1
            _said(lambda pipe, turn=turn: _turn(pipe, turn))
        begun = time.monotonic()
        said, died = _run(dice, whole)
        ended = bool(said)
        if ended:
            ends, whole = ends + 1, time.monotonic() - begun
        killed += died
        seen = json.loads(_said(lambda pipe, turn=turn, ended=ended: _look(pipe, turn, ended=ended)))
        amid += died and 0 < seen["done"] < ORDERS
        if seen["wrong"]:
            break
    return {"wrong": seen["wrong"], "kills": killed, "amid": amid, "turns": turn, "ends": ends}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2])), ensure_ascii=False))  # noqa: T201  # a script
