"""The desks among a million live orders on PostgreSQL: every kind of page and of search, as the server gives them.

The queues' baseline are the same pages, with the same orders in them, in a database of 10,000 orders beside it.

JIEBAN_BENCH_ORDERS says how many orders, JIEBAN_BENCH_KEEP a directory in which the databases stay for the next time.
"""

import os
import sys
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

from desk_ground import FEW, MANY, drawn_from, fill, ground, of
from desk_pages import Kind, Taken, kinds, taken
from desk_searches import searches
from figures import Measured, finish
from live_ground import POSTGRES, inside, on, start

_FILLED = "JIEBAN_BENCH_FILLED"
_QUEUES = "queues, "


def measure() -> list[Measured]:
    """Fill what is to be filled, then visit."""
    start()
    orders = int(os.environ[_FILLED])
    samples = Path(os.environ["JIEBAN_VAR"]) / "samples.json"
    fill(orders, samples)
    drawn = drawn_from(samples)
    wanted = kinds(drawn) if orders == FEW else chain(kinds(drawn), searches(drawn))
    rows = []
    for kind in wanted:
        if orders == FEW and not kind.name.startswith(_QUEUES):
            continue
        rows.append(_told(kind, taken(kind), orders))
        print(f"{rows[-1].what}: {rows[-1].value:.1f} ms; {rows[-1].detail}", file=sys.stderr, flush=True)
    return rows


def _told(kind: Kind, found: Taken, orders: int) -> Measured:
    detail = (
        f"{len(found.wall)} visits among {orders:,} orders; median {median(found.wall):.1f} ms; "
        f"of processor time {_p95(found.worked):.1f} ms"
    )
    return Measured(
        what=f"{kind.name}, p95",
        value=_p95(found.wall),
        unit=" ms",
        bar=kind.bar,
        better="<=",
        detail=detail,
    )


def _p95(found: list[float]) -> float:
    return quantiles(found, n=20)[-1]


def against(many: list[Measured], few: list[Measured]) -> list[Measured]:
    """Each kind of queue among many orders by the same among few."""
    medians = {row.what: _median(row) for row in few}
    return [
        Measured(
            what=f"{row.what.removesuffix(', p95')}: times among {FEW:,} orders",
            value=_median(row) / medians[row.what],
            unit="×",
            bar=1.5,
            better="<=",
            detail=f"medians {_median(row):.1f} ms and {medians[row.what]:.1f} ms",
        )
        for row in many
        if row.what in medians
    ]


def _median(row: Measured) -> float:
    return float(row.detail.partition("median ")[2].partition(" ms")[0])


def main() -> None:
    """Measure where PostgreSQL is."""
    if inside():
        finish(measure())
        return
    with ground() as started:
        if started is None:
            finish([])
            return
        url, place = started
        found = {}
        for name, orders in (("few", FEW), ("many", MANY)):
            # What was counted of the month lies beside the database of its orders.
            var = place / f"var-{name}-{orders}"
            var.mkdir(exist_ok=True)
            more = {"JIEBAN_VAR": str(var), "JIEBAN_DEMO": "1", _FILLED: str(orders)}
            found[name] = on(POSTGRES, __file__, of(url, f"{name}_{orders}"), more)
        finish([*against(found["many"], found["few"]), *found["many"]])


if __name__ == "__main__":
    sys.exit(main())
