"""Searching among many live orders on PostgreSQL: every kind of search; a queue's page against one among few orders.

The demonstration's ledger is imported again and again, each order with some words of its own behind what was said,
frequent and rare ones, since the ledger's sentences come again. What is measured is what the server does for a page:
reading the box, asking the database, opening and looking at what it brings. The queue's baseline is the same queue with
the same orders in it, when there were 10,000 orders in the database.
"""

import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from figures import REPO, Measured, finish
from live_ground import POSTGRES, inside, on, server, start
from live_import import repeated

sys.path.insert(0, str(REPO / "tests" / "orders"))

ORDERS = int(os.environ.get("JIEBAN_BENCH_ORDERS", "1000000"))
FEW = 10_000
WAITING = 200
NOW = datetime(2025, 6, 1, 4, tzinfo=UTC)
RUNS = 60
LEAST_RARE = 3
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x8FFF


def spoken(ledger: Any) -> tuple[Any, list[str]]:
    """The ledger with words of their own in each order; and what was said in some of them."""
    import pyarrow as pa

    from jieban.ledger.schema import Ledger

    chance = random.Random(12345)  # noqa: S311  # words of a benchmark
    letters = [chr(chance.randint(_FIRST_HAN, _LAST_HAN)) for _ in range(6000)]
    weights = [1 / (rank + 3) for rank in range(len(letters))]
    orders = ledger.orders
    drawn = "".join(chance.choices(letters, weights, k=orders.num_rows * 16))
    contents = [
        f"{said or ''}{drawn[at * 16 : at * 16 + 16]}"
        for at, said in enumerate(orders["content"].to_pylist())
    ]
    # The ledger comes again and again at the same instants: what was said at one shall not be the same each time.
    chance.shuffle(contents)
    place = orders.column_names.index("content")
    orders = orders.set_column(place, orders.schema.field(place), pa.chunked_array([pa.array(contents)]))
    rest = {name: getattr(ledger, name) for name in ("handlings", "callbacks", "letters")}
    return Ledger(orders=orders, **rest), contents


def kinds(contents: Sequence[str]) -> dict[str, list[str]]:
    """Words of each kind of search, by how many of the orders have them."""
    chance = random.Random(54321)  # noqa: S311  # as above
    sample = chance.sample(contents, min(len(contents), 20_000))
    found: dict[str, list[str]] = {}
    for size in (1, 2, 4):
        has = Counter(
            word for text in sample for word in {text[at : at + size] for at in range(len(text) - size + 1)}
        )
        plain = [(word, times) for word, times in has.most_common() if word.isalnum() and not word.isascii()]
        found[f"{size} common"] = [word for word, _ in plain[:30]]
        found[f"{size} of all kinds"] = [word for word, _ in chance.sample(plain, min(len(plain), 60))]
        found[f"{size} rare"] = [word for word, times in reversed(plain) if times >= 1][:60]
    return found


def p95(runs: Sequence[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return statistics.quantiles(runs, n=20)[-1] * 1000


def timed(acts: Sequence[Callable[[], object]]) -> list[float]:
    """Seconds that each takes, the first few not counted."""
    taken = []
    for act in (*acts[:3], *acts):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return taken[3:]


def queue_page() -> float:
    """Milliseconds (median) of a queue's page with its rows opened."""
    from cast import BOB

    from jieban.desks.dispatch.queues import QUEUES
    from jieban.desks.queues.queue import count_of, piece_of
    from jieban.desks.queues.rows import rows_of

    def page() -> None:
        for queue in QUEUES:
            count_of(queue, BOB, NOW)
        piece = piece_of(QUEUES[0], BOB, NOW, 1)
        assert len(rows_of(piece.entries, BOB, NOW, due=True)) == 50

    return statistics.median(timed([page] * RUNS)) * 1000


def searches(contents: Sequence[str], phones: Sequence[str], numbers: Sequence[str]) -> list[Measured]:
    """Every kind of search, 95th percentiles."""
    from cast import ALICE, lead, liaison

    from jieban.orders.search.box import Sought
    from jieban.orders.search.find import search_orders
    from jieban.orders.search.similar import similar_orders

    rows = []

    def told(what: str, acts: Sequence[Callable[[], object]], bar: float | None = 100) -> None:
        taken = timed(acts)
        median = statistics.median(taken) * 1000
        detail = f"{len(acts)} searches among {ORDERS:,} orders, median {median:.1f} ms"
        rows.append(
            Measured(
                what=f"search, {what}, p95", value=p95(taken), unit=" ms", bar=bar, better="<=", detail=detail
            )
        )

    def look(text: str, actor: Any = ALICE, **more: Any) -> Callable[[], object]:
        return lambda: search_orders(actor, Sought(text=text, **more))

    words = kinds(contents)
    for kind, looked_for in words.items():
        told(f"{kind} (characters)", [look(word) for word in looked_for])
    told("by telephone number", [look(phone) for phone in phones])
    told("by number", [look(number) for number in numbers])
    told("nothing typed, a unit chosen", [look("", unit=lead())] * RUNS)
    told("2 of all kinds, a unit chosen", [look(word, unit=lead()) for word in words["2 of all kinds"]])
    told("2 of all kinds, by a unit", [look(word, liaison(lead())) for word in words["2 of all kinds"]])
    since = NOW - timedelta(days=90)
    said = [text[:40] for text in contents[:RUNS]]
    told("similar orders", [lambda text=text: similar_orders(ALICE, text, since) for text in said])
    return rows


def measure() -> list[Measured]:
    """Few orders, then many."""
    start()
    from cast import MINUTE, recorded
    from django.db import connection

    from jieban.orders.importing.run import import_ledger

    ledger, contents = spoken(repeated(ORDERS))
    small, _ = spoken(repeated(FEW))

    def put(wanted: Any) -> float:
        began = time.perf_counter()
        account = import_ledger(wanted, now=NOW, source="benchmark")
        if not account.whole:
            raise SystemExit(f"the import refused rows: {account.as_dict()}")
        took = time.perf_counter() - began
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        return took

    put(small)
    for at in range(WAITING):
        recorded(now=NOW + at * MINUTE)
    few = queue_page()
    took = put(ledger)
    print(f"{ORDERS:,} orders in {took:.0f} s", file=sys.stderr)
    many = queue_page()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_relation_size('secret_search'), pg_total_relation_size('orders_ordersecret')"
        )
        index, table = cursor.fetchone()
    print(f"index {index / 2**20:,.0f} MiB, secrets {table / 2**20:,.0f} MiB", file=sys.stderr)
    chance = random.Random(1)  # noqa: S311  # as above
    phones = [each for each in chance.sample(ledger.orders["phone"].to_pylist(), 200) if each][:RUNS]
    numbers = chance.sample(ledger.orders["order_no"].to_pylist(), RUNS)
    page = Measured(
        what=f"a queue's page among {ORDERS:,} orders, times among {FEW:,}",
        value=many / few,
        unit="×",
        bar=1.5,
        better="<=",
        detail=f"medians {many:.1f} ms and {few:.1f} ms; {WAITING} orders wait in it",
    )
    return [page, *searches(contents, phones, numbers)]


def main() -> None:
    """Measure where PostgreSQL is."""
    if inside():
        finish(measure())
        return
    with server() as url:
        finish(on(POSTGRES, __file__, url) if url else [])


if __name__ == "__main__":
    sys.exit(main())
