"""Import of a ledger of 200,000 orders into the live database on PostgreSQL, against COPY of the same rows.

The baseline is what PostgreSQL can do at best: the rows that the import has made are copied out, and copied into a new
database of the same server, with every index, constraint and trigger, one COPY a table and one commit, by the same
client and in the same binary form. The server has the settings of one that holds a million orders.
"""

import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from figures import Measured, finish
from live_ground import GROWN, POSTGRES, inside, kept_server, on, start

ORDERS = int(os.environ.get("BENCH_IMPORT_ORDERS", "200000"))
NOW = datetime(2025, 6, 1, 4, tzinfo=UTC)
_PIECE = 1 << 20
_SERVER = ", ".join(f"{name} = {GROWN[name]}" for name in ("shared_buffers", "max_wal_size"))


def repeated(count: int) -> Any:
    """The demonstration's ledger again and again, each time with other numbers, `count` orders long."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from jieban.demo.ledger import make_ledger
    from jieban.ledger.schema import TABLES, Ledger
    from jieban.people.city import city

    once, _ = make_ledger(city())
    times = -(-count // once.orders.num_rows)
    parts: dict[str, list[Any]] = {schema.name: [] for schema in TABLES}
    for turn in range(times):
        whole = once.orders.num_rows
        kept = once.orders.slice(0, min(whole, count - turn * whole))
        numbers = pc.unique(kept["order_no"])
        for schema in TABLES:
            table = kept if schema.name == "orders" else getattr(once, schema.name)
            if "order_no" in table.column_names and schema.name != "orders":
                table = table.filter(pc.is_in(table["order_no"], value_set=numbers))
            for name in ("order_no", "handling_no", "callback_no", "letter_no", "repeat_of"):
                if name in table.column_names:
                    # The mark of made-up orders stays in front.
                    renamed = pc.binary_join_element_wise(
                        f"YS{turn}-", pc.utf8_slice_codeunits(table[name], 2), ""
                    )
                    table = table.set_column(
                        table.column_names.index(name), schema.arrow.field(name), renamed
                    )
            parts[schema.name].append(table)
    return Ledger(
        **{
            name: pa.concat_tables(tables).unify_dictionaries().combine_chunks()
            for name, tables in parts.items()
        }
    )


def tables() -> list[str]:
    """The tables that an import fills, those first to which others point."""
    from jieban.orders.models import Callback, Clock, Event, Handling, Order, OrderSecret, Words

    models = (Order, OrderSecret, Handling, Clock, Callback, Words, Event)
    return [model._meta.db_table for model in models]  # noqa: SLF001  # the public name of Django's own


def copied_out() -> dict[str, list[bytes]]:
    """The rows of all tables, as COPY gives them."""
    from django.db import connection

    found = {}
    for table in tables():
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
            found[table] = list(_pieces(bytes(block) for block in copy))
    return found


def _pieces(blocks: Iterator[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for block in blocks:
        held.append(block)
        size += len(block)
        if size >= _PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def copied_in(rows: dict[str, list[bytes]]) -> float:
    """Seconds that the rows take into empty tables, with the settings and the work on the index that an import has."""
    from django.db import connection, transaction

    from jieban.orders.importing.put import store

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        store().begin(last=False)
        for table, pieces in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                for piece in pieces:
                    copy.write(piece)
        cursor.execute("SELECT gin_clean_pending_list('secret_search')")
    return time.perf_counter() - began


def anew() -> None:
    """Another database of the same server, with empty tables, in place of the first."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    connection.close()
    connection.close_pool()
    name = "again"
    import psycopg

    with psycopg.connect(os.environ["JIEBAN_DATABASE"], autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def measure() -> list[Measured]:
    """Import, then copy the same rows."""
    vendor = start()
    from jieban.orders.importing.run import import_ledger

    ledger = repeated(ORDERS)
    began = time.perf_counter()
    account = import_ledger(ledger, now=NOW, source="benchmark")
    took = time.perf_counter() - began
    done = account.tables["orders"].imported
    if not account.whole or done != ORDERS:
        raise SystemExit(f"the import refused rows: {account.as_dict()}")
    rows = copied_out()
    anew()
    copy = copied_in(rows)
    size = sum(len(piece) for pieces in rows.values() for piece in pieces) / 2**20
    letters = account.tables["letters"].imported
    detail = (
        f"{done:,} orders, {letters:,} letters and what hangs on them in {took:.1f} s, {size:.0f} MiB of rows; "
        f"the server has {_SERVER}"
    )
    return [
        Measured(
            what=f"import into {vendor}, orders a second",
            value=done / took,
            unit="",
            bar=10_000,
            better=">=",
            detail=detail,
        ),
        Measured(
            what=f"import into {vendor}, times plain COPY of the same rows",
            value=took / copy,
            unit="×",
            bar=3,
            better="<=",
            detail=f"COPY into the same tables with their indexes and triggers: {copy:.1f} s",
        ),
    ]


def main() -> None:
    """Measure where PostgreSQL is."""
    if inside():
        finish(measure())
        return
    with kept_server(None, GROWN) as started:
        finish(on(POSTGRES, __file__, started[0]) if started is not None else [])


if __name__ == "__main__":
    sys.exit(main())
