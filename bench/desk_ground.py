"""The ground of the desks' benchmark: two databases with the same work under way, one after few orders, one after many.

The demonstration's ledger is imported again and again, each time ten days further back and with other callers, each
order with some words of its own behind what was said, frequent and rare ones, since the ledger's sentences come again.
Then the first days of May are played through the acts, so that something waits at every desk: the same in both
databases. The month of April is counted, as the centre's timer would have.

With JIEBAN_BENCH_KEEP=DIR the server's data lie there and are used again.
"""

import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from live_ground import GROWN, kept_server
from live_import import repeated

MANY = int(os.environ.get("JIEBAN_BENCH_ORDERS", "1000000"))
FEW = 10_000
KEEP = os.environ.get("JIEBAN_BENCH_KEEP")
APART = timedelta(days=10)
"""From one repetition of the ledger to the one before: a million orders are three years."""
AT = datetime(2025, 5, 7, 2, 30, tzinfo=UTC)
"""When the desks are visited: a Wednesday in office hours, a week into May."""
MONTH = "2025-04"
SAMPLE = 20_000
"""Of what was said so much is kept to draw words from."""
_NUMBERS = ("order_no", "handling_no", "callback_no", "letter_no", "repeat_of")
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x8FFF
_OWN_WORDS = 16
_ONE_URGENT_IN = 12
_TO_MAY = timedelta(days=30)


@contextmanager
def ground() -> Iterator[tuple[str, Path] | None]:
    """A server's address and a directory for what belongs to its databases; None without PostgreSQL."""
    keep = Path(KEEP).absolute() if KEEP else None
    with kept_server(keep, GROWN) as started:
        yield started


def of(url: str, name: str) -> str:
    """The address of a database of the server, which is made if it isn't there."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            admin.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def moved(table: Any, by: timedelta) -> Any:
    """A table of a ledger with all its instants moved."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(place, field, pc.add(table[field.name], pa.scalar(by, pa.duration("s"))))
    return table


def spread(count: int) -> Any:
    """The ledger of `count` orders: each repetition further back, called by others, with words of their own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from jieban.ledger.schema import TABLES, Ledger

    whole = repeated(count)
    parts = {}
    for schema in TABLES:
        table = getattr(whole, schema.name)
        number = table[{"orders": "order_no", "letters": "letter_no"}.get(schema.name, "order_no")]
        turns = pc.cast(pc.replace_substring_regex(number, "^YS([0-9]+)-.*$", r"\1"), pa.int64())
        back = pc.multiply(turns, pa.scalar(-APART, pa.duration("s")))
        for place, field in enumerate(table.schema):
            if pa.types.is_timestamp(field.type):
                table = table.set_column(place, field, pc.add(table[field.name], back))
        if schema.name == "orders":
            table = _called_by_others(_spoken(table), turns)
        parts[schema.name] = table
    return Ledger(**parts)


def _spoken(orders: Any) -> Any:
    import pyarrow as pa

    chance = random.Random(12345)  # noqa: S311  # words of a benchmark
    letters = [chr(chance.randint(_FIRST_HAN, _LAST_HAN)) for _ in range(6000)]
    weights = [1 / (rank + 3) for rank in range(len(letters))]
    drawn = "".join(chance.choices(letters, weights, k=orders.num_rows * _OWN_WORDS))
    contents = [
        f"{said or ''}{drawn[at * _OWN_WORDS : (at + 1) * _OWN_WORDS]}"
        for at, said in enumerate(orders["content"].to_pylist())
    ]
    return _with(orders, "content", pa.array(contents))


def _called_by_others(orders: Any, turns: Any) -> Any:
    import pyarrow.compute as pc

    phones = orders["phone"]
    # Two digits in the midst tell the repetition, so that nobody calls a hundred times.
    turn = pc.utf8_lpad(pc.utf8_slice_codeunits(pc.cast(turns, "string"), 0, 2), 2, "0")
    made = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(phones, 0, 5), turn, pc.utf8_slice_codeunits(phones, 7), ""
    )
    return _with(orders, "phone", made)


def _with(table: Any, name: str, values: Any) -> Any:
    import pyarrow as pa

    place = table.column_names.index(name)
    column = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
    return table.set_column(place, table.schema.field(place), column)


def begun() -> Any:
    """April's orders as if they were May's: one in twelve is urgent, so that something is late."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from jieban.demo.ledger import make_ledger
    from jieban.ledger.schema import TABLES, Ledger
    from jieban.people.city import city

    month, _ = make_ledger(city(), [MONTH])
    tables = {}
    for schema in TABLES:
        table = moved(getattr(month, schema.name), _TO_MAY)
        for name in set(_NUMBERS) & set(table.column_names):
            renamed = pc.binary_join_element_wise(table[name], "2", "-")
            table = _with(table, name, renamed)
        if schema.name == "orders":
            urgencies = [
                "urgent" if at % _ONE_URGENT_IN == 0 else each
                for at, each in enumerate(table["urgency"].to_pylist())
            ]
            place = table.column_names.index("urgency")
            field = table.schema.field(place)
            table = table.set_column(
                place, field, pa.chunked_array([pa.array(urgencies, pa.string()).cast(field.type)])
            )
        tables[schema.name] = table
    return Ledger(**tables)


def fill(orders: int, samples: Path) -> None:
    """Fill the database that Django knows, unless that was done, and keep what searches draw from in a file."""
    from django.db import connection

    from jieban.desks.month.count import count, summary_of
    from jieban.indicators.period import Period
    from jieban.orders.importing.run import import_ledger
    from jieban.orders.replay import Until, play_ledger

    if samples.is_file():
        # What another version of the program kept isn't shown: the page would be empty, and quick.
        if summary_of(Period.parse(MONTH)) is None:
            count(Period.parse(MONTH), AT)
        return
    ledger = spread(orders)
    began = time.perf_counter()
    account = import_ledger(ledger, now=AT - timedelta(days=6), source="benchmark")
    if not account.whole:
        raise SystemExit(f"the import refused rows: {account.as_dict()}")
    took = time.perf_counter() - began
    played = play_ledger(begun(), until=Until.plainly(AT))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    count(Period.parse(MONTH), AT)
    print(
        f"{orders:,} orders imported in {took:.0f} s, {played.played:,} played ({len(played.refused)} refused)",
        file=sys.stderr,
    )
    chance = random.Random(1)  # noqa: S311  # as above
    places = chance.sample(range(orders), min(orders, SAMPLE))
    drawn = ledger.orders.take(places)
    kept = {
        name: [each for each in drawn[column].to_pylist() if each]
        for name, column in (("contents", "content"), ("phones", "phone"), ("numbers", "order_no"))
    }
    samples.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def drawn_from(samples: Path) -> dict[str, Sequence[str]]:
    """What searches draw from: `contents`, `phones` and `numbers` of some orders."""
    kept: dict[str, Sequence[str]] = json.loads(samples.read_text(encoding="utf-8"))
    return kept
