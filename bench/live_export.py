"""Export of the ledger of a million orders from the live database, in bounded memory.

The orders are put there by importing the demonstration's ledger again and again, a part at a time. The export runs
in a process of its own, so that its peak is its own.
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
_PART = 100_000
_EXPORT = "--export"


def fill() -> None:
    """Put the orders there, a part at a time."""
    import pyarrow.compute as pc

    from jieban.ledger.schema import TABLES, Ledger
    from jieban.orders.importing.run import import_ledger

    part = repeated(min(ORDERS, _PART))
    for turn in range(-(-ORDERS // _PART)):
        tables = {}
        for schema in TABLES:
            table = getattr(part, schema.name)
            # Handlings and callbacks keep theirs: none is looked for by its number.
            for name in ("order_no", "letter_no", "repeat_of"):
                if name in table.column_names:
                    renamed = pc.binary_join_element_wise(table[name], f"-{turn}", "")
                    place = table.column_names.index(name)
                    table = table.set_column(place, schema.arrow.field(name), renamed)
            tables[schema.name] = table
        import_ledger(Ledger(**tables), now=NOW, source="benchmark")


def exported() -> None:
    """Export, and print how many rows, seconds and MiB at most."""
    from jieban.orders.export import export_to

    began = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=os.environ["JIEBAN_VAR"]) as directory:
        rows = export_to(Path(directory))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(rows["orders"], time.perf_counter() - began, peak)


def measure() -> list[Measured]:
    """Fill, then export in a process of its own."""
    vendor = start()
    fill()
    result = subprocess.run(
        [sys.executable, __file__, _EXPORT], stdout=subprocess.PIPE, text=True, check=True
    )
    orders, seconds, peak = (float(word) for word in result.stdout.split())
    return [
        Measured(
            what=f"ledger export of a million orders from {vendor}, peak memory",
            value=peak,
            unit=" MiB",
            bar=1024,
            better="<=",
            detail=f"{orders:,.0f} orders in {seconds:.0f} s, {orders / seconds:,.0f} a second, codes and times",
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
