"""Export of the ledger of a million orders from the live database, in bounded memory.

Some orders of the demonstration are imported, and what the export reads of them (orders, handlings, clocks, callbacks,
the events of the import) is multiplied within the database, under other keys and numbers: the same rows, constraints
and indexes as if all had been imported, in minutes. Words are not multiplied, since an export of codes and times reads
none, and the digests of the events are those of the first: this is no trail. The export runs in a process of its own,
so that its peak is its own.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import Measured, finish
from live_ground import POSTGRES, SQLITE, inside, on, server, start
from live_import import NOW, repeated

ORDERS = int(os.environ.get("BENCH_EXPORT_ORDERS", "1000000"))
_PART = 20_000
_EXPORT = "--export"


def fill() -> None:
    """Put the orders there."""
    from django.db import connection, transaction

    from jieban.orders.importing.run import import_ledger
    from jieban.orders.models import Callback, Clock, Event, Handling, Order

    account = import_ledger(repeated(min(ORDERS, _PART)), now=NOW, source="benchmark")
    if not account.whole:
        raise SystemExit(f"the import refused rows: {account.as_dict()}")
    turns = range(1, -(-ORDERS // _PART))
    for model in (Order, Handling, Clock, Callback, Event):
        last = model.objects.latest("pk").pk
        for turn in turns:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(again(model, turn), [last])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def again(model: type, turn: int) -> str:
    """The statement that adds a table's first rows, those up to a key, under the keys and numbers of a turn.

    Keys of a turn lie ten million above those of the turn before: no part has so many rows.
    """
    columns, values = [], []
    for field in model._meta.concrete_fields:  # noqa: SLF001  # the public name of Django's own
        name = field.column
        columns.append(name)
        if field.primary_key or field.is_relation:
            values.append(f"{name} + {turn * 10_000_000}")
        elif name in {"number", "source_number", "channel_ref"}:
            values.append(f"{name} || '-{turn}'")
        else:
            values.append(name)
    table, names, made = model._meta.db_table, ", ".join(columns), ", ".join(values)  # noqa: SLF001  # as above
    return f"INSERT INTO {table} ({names}) SELECT {made} FROM {table} WHERE id <= %s"  # noqa: S608  # our own names


def exported() -> None:
    """Export, and print how many rows, seconds (by the clock, of the processor) and MiB at most."""
    from jieban.orders.export import export_to

    began, worked = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory(dir=os.environ["JIEBAN_VAR"]) as directory:
        rows = export_to(Path(directory))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(rows["orders"], time.perf_counter() - began, time.process_time() - worked, peak)


def measure() -> list[Measured]:
    """Fill, then export in a process of its own."""
    vendor = start()
    began = time.perf_counter()
    fill()
    print(f"filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    result = subprocess.run(
        [sys.executable, __file__, _EXPORT], stdout=subprocess.PIPE, text=True, check=True
    )
    orders, seconds, worked, peak = (float(word) for word in result.stdout.split())
    return [
        Measured(
            what=f"ledger export of a million orders from {vendor}, peak memory",
            value=peak,
            unit=" MiB",
            bar=1024,
            better="<=",
            detail=f"{orders:,.0f} orders in {seconds:.0f} s, {orders / seconds:,.0f} a second, "
            f"{orders / worked:,.0f} a second of its own processor time; codes and times",
        )
    ]


def main() -> None:
    """Measure on PostgreSQL where it is, else on SQLite."""
    if _EXPORT in sys.argv:
        start()
        exported()
        return
    if inside():
        finish(measure())
        return
    with server() as url:
        finish(on(POSTGRES if url else SQLITE, __file__, url))


if __name__ == "__main__":
    main()
