"""Kills a process in the middle of acts, again and again, and looks each time at what is left.

    torture.py KILLS SEED

Runs on the database of the environment (migrated; nobody else works on it) and prints what it saw as JSON. Each child
is forked from this process, which itself never connects; it plays random acts and acknowledges each on a pipe after its
commit. It dies by SIGKILL: from outside, after so many acts and at a random moment of the next ones, however quick or
busy the machine is; or by its own hand before or after a statement that the database is given, or in the middle of
bringing something to the disk. Then another child looks: what was acknowledged is there, what wasn't left nothing
partial behind, no number was given twice or lost, each row of evidence has its file.
"""

import json
import os
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

HERE = Path(__file__).parent
MOST_SECONDS = 60.0
MOST_ACTS = 8
"""Acts that a child acknowledges before it is killed from outside: fewer than these."""
MOST_STATEMENTS = 250
"""Statements after which a child that dies by its own hand is dead: an act that is done takes some fifty, with the
looking around and the refusals before it."""
FIRST_PACE = 0.05
"""Seconds for an act of a child that is killed before it acknowledges any."""
WHOLE_EVERY = 50
"""Kills after which everything is looked at, and not only what the child had in hand."""
ACTS = (
    "dispatch",
    "sign",
    "attach",
    "reply",
    "pass_review",
    "reject_review",
    "merge",
    "unmerge",
    "split",
    "reopen",
)


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def mortal(dice: random.Random, statements: int = MOST_STATEMENTS) -> None:
    """Have this process die by itself at some statement or some fsync from now."""
    from django.db import connection  # noqa: PLC0415  # Django is ready only in children

    left, after = dice.randrange(1, statements), dice.random() < 0.5

    def wrapper(execute: Callable[..., object], *rest: object) -> object:
        nonlocal left
        left -= 1
        if left == 0 and not after:
            die()
        result = execute(*rest)
        if left == 0:
            die()
        return result

    connection.execute_wrappers.append(wrapper)
    fsync, syncs = os.fsync, dice.randrange(1, 20)

    def dying(descriptor: int) -> None:
        nonlocal syncs
        syncs -= 1
        if syncs == 0:
            die()
        fsync(descriptor)

    os.fsync = dying


def _work(pipe: int, seed: int, *, by_own_hand: bool) -> None:
    """A child's life: random acts, each acknowledged, until it is killed, or dies by its own hand."""
    from cast import MONDAY  # noqa: PLC0415  # as above
    from machine.plays import Move, play  # noqa: PLC0415
    from machine.world import World  # noqa: PLC0415

    from jieban.orders.errors import ActRefused  # noqa: PLC0415
    from jieban.orders.models import Order  # noqa: PLC0415

    dice = random.Random(seed)  # noqa: S311  # a game, no secret
    last = Order.objects.order_by("-last_at").values_list("last_at", flat=True).first() or MONDAY
    numbers = list(Order.objects.order_by("-pk").values_list("number", flat=True)[: dice.randrange(5)])
    world = World(now=last, worker=0, numbers=numbers)
    told: dict[str, int] = {}
    if by_own_hand:
        mortal(dice)
    while True:
        move = Move(
            act=dice.choice([*["likely"] * 10, "record", *ACTS]),
            order=dice.randrange(12),
            handling=dice.randrange(6),
            who=dice.randrange(200),
            later=timedelta(seconds=dice.randrange(1, 900)),
            pick=dice.randrange(10_000),
            dice=dice.randrange(10_000),
            yes=dice.random() < 0.6,
        )
        if move.act == "redact":
            continue
        try:
            play(world, move, world.now + move.later)
        except ActRefused:
            continue
        world.now += move.later
        ends = Order.objects.filter(number__in=world.numbers).values_list("number", "events", "head")
        news = [list(end) for end in ends if told.get(end[0]) != end[1]]
        told |= {number: events for number, events, _ in news}
        os.write(pipe, json.dumps(news).encode() + b"\n")


def _look(pipe: int, acknowledged: list[list[Any]], *, whole: bool) -> None:
    """Another child's: what is wrong, as texts."""
    from django.db import connection, transaction  # noqa: PLC0415
    from django.db.models import Sum  # noqa: PLC0415

    from jieban.orders.audit.verify import _check_order, _load, verify  # noqa: PLC0415
    from jieban.orders.evidence.files import intact  # noqa: PLC0415
    from jieban.orders.models import Event, Evidence, NumberCounter, Order, OrderSecret  # noqa: PLC0415
    from jieban.people.keys import keyring  # noqa: PLC0415

    wrong = []
    with transaction.atomic():
        # A server may still be ending what the dead one had begun: its locks are waited for.
        touched = {number for number, _, _ in acknowledged} | set(
            Order.objects.order_by("-pk").values_list("number", flat=True)[:6]
        )
        list(Order.objects.select_for_update().filter(number__in=touched).order_by("number"))
    found = list(Order.objects.filter(number__in=touched).values())
    loaded = _load(found)
    wrong += [str(each) for order in found for each in _check_order(order, loaded, keyring())]
    for number, seq, head in acknowledged:
        if not Event.objects.filter(order__number=number, seq=seq, digest=head).exists():
            wrong.append(f"acknowledged and gone: {number} {seq}")
    orders = Order.objects.count()
    given = NumberCounter.objects.aggregate(all=Sum("last"))["all"] or 0
    if not orders == given == OrderSecret.objects.count():
        wrong.append(f"{orders} orders, {given} numbers given, {OrderSecret.objects.count()} secrets")
    if whole:
        wrong += [str(each) for each in verify().found]
        digests = set(Evidence.objects.filter(removed_at=None).values_list("digest", flat=True))
        wrong += [f"no file, or another: {digest}" for digest in digests if not intact(digest)]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check")
                wrong += [said for (said,) in cursor.fetchall() if said != "ok"]
    os.write(pipe, json.dumps({"wrong": wrong, "orders": orders, "events": Event.objects.count()}).encode())


def forked(work: Callable[[int], None]) -> tuple[int, int]:
    """A child at work, and the end of the pipe on which it speaks."""
    mouth, ear = os.pipe()[::-1]
    child = os.fork()
    if child:
        os.close(mouth)
        return child, ear
    try:
        os.close(ear)
        work(mouth)
        status = 0
    except BaseException:  # noqa: BLE001  # whatever it is, the child ends here and never returns to the parent's code
        traceback.print_exc()
        status = 1
    sys.stderr.flush()
    os._exit(status)


def heard(ear: int, until: float | None, lines: int | None = None) -> bytes:
    """What a child says until it ends, or until that moment, or until it has said so many lines."""
    said = b""
    while (until is None or time.monotonic() < until) and (lines is None or said.count(b"\n") < lines):
        ready, _, _ = select.select(
            [ear], [], [], None if until is None else max(0.0, until - time.monotonic())
        )
        if ready:
            piece = os.read(ear, 1 << 16)
            if not piece:
                break
            said += piece
    return said


def _one(dice: random.Random, *, whole: bool) -> dict[str, Any]:
    """A child that is killed, and what the next one sees."""
    seed, acts, by_own_hand = dice.randrange(1 << 30), dice.randrange(MOST_ACTS), dice.random() < 0.5
    begun = time.monotonic()
    child, ear = forked(lambda pipe: _work(pipe, seed, by_own_hand=by_own_hand))
    said = heard(ear, begun + MOST_SECONDS, lines=None if by_own_hand else acts)
    if not by_own_hand:
        # Then anywhere in the next one or two, by the pace of this child.
        pace = (time.monotonic() - begun) / acts if acts else FIRST_PACE
        said += heard(ear, time.monotonic() + dice.uniform(0, 2 * pace))
    os.kill(child, signal.SIGKILL)  # nothing to one that is dead
    said += heard(ear, None)
    os.close(ear)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the child of seed {seed} ended by itself: {status}"
    acknowledged = [each for line in said.splitlines() for each in json.loads(line)]
    looker, ear = forked(lambda pipe: _look(pipe, acknowledged, whole=whole))
    seen = json.loads(heard(ear, time.monotonic() + MOST_SECONDS))
    os.close(ear)
    os.waitpid(looker, 0)
    return {**seen, "seed": seed, "acknowledged": len(acknowledged), "by_own_hand": by_own_hand}


def main(kills: int, seed: int) -> dict[str, Any]:
    """Kill so many; stops at the first that leaves something wrong."""
    sys.path[:0] = [str(HERE.parent), str(HERE)]
    from jieban.site.live import setup  # noqa: PLC0415  # after the path

    setup()
    from machine import plays, world  # noqa: F401, PLC0415  # imported here once, instead of in every child

    from jieban.orders.audit import verify  # noqa: F401, PLC0415  # as above
    from jieban.people.city import city  # noqa: PLC0415

    city()
    dice, begun = random.Random(seed), time.monotonic()  # noqa: S311  # as above
    acknowledged = by_own_hand = 0
    seen: dict[str, Any] = {}
    for done in range(1, kills + 1):
        seen = _one(dice, whole=done % WHOLE_EVERY == 0 or done == kills)
        acknowledged += seen["acknowledged"]
        by_own_hand += seen["by_own_hand"]
        if seen["wrong"]:
            break
    told = {"kills": done, "by_own_hand": by_own_hand, "acknowledged": acknowledged}
    return {**seen, **told, "seconds": round(time.monotonic() - begun)}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2])), ensure_ascii=False))  # noqa: T201  # a script
