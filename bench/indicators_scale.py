"""All indicators of a province's month: against one hand-written DuckDB SQL, against pandas, and at twice the size.

Each computation runs in a process of its own, which tells its time and leaves its values to be compared.
"""

import json
import pickle
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import run

from figures import Measured, finish
from indicators_by_hand import Found, Task, by_registry, compare, with_sql
from indicators_data import latest, scale_ledger
from jieban.indicators.compute import compute
from jieban.indicators.period import Period
from jieban.profile.load import load_profile

ORDERS = 10_000_000
ROUNDS = 3


def with_jieban(task: Task) -> Found:
    """Every value by the registry."""
    return by_registry(compute(task.folder, task.profile, task.period, cutoff=task.cutoff))


def with_pandas(task: Task) -> Found:
    """Every value with pandas."""
    from indicators_by_pandas import with_pandas as act  # noqa: PLC0415 - only its own process pays for pandas

    return act(task)


WAYS: dict[str, Callable[[Task], Found]] = {"jieban": with_jieban, "sql": with_sql, "pandas": with_pandas}


@dataclass(frozen=True, kw_only=True)
class Ran:
    """One run: seconds of wall and processor time of the computation, peak memory of its process, its values."""

    wall: float
    cpu: float
    peak_mib: float
    values: Found


def task_of(orders: int) -> Task:
    profile, period = load_profile("changji"), Period.parse("2025-04")
    return Task(folder=scale_ledger(profile, period, orders), profile=profile, period=period, cutoff=latest())


def work(way: str, orders: int, out: Path) -> None:
    """What a process of its own does."""
    task = task_of(orders)
    wall, cpu = time.perf_counter(), time.process_time()
    values = WAYS[way](task)
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    spent["peak_mib"] = _peak_mib()
    out.write_bytes(pickle.dumps((spent, values)))


def _peak_mib() -> float:
    # Not getrusage: a started process begins with the peak of the one that started it.
    status = Path("/proc/self/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def once(way: str, orders: int) -> Ran:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "values"
        run([sys.executable, __file__, "--work", way, str(orders), str(out)], check=True)
        spent, values = pickle.loads(out.read_bytes())  # noqa: S301 - written by our own process just now
    if "--verbose" in sys.argv:
        print(way, orders, json.dumps(spent), file=sys.stderr)
    return Ran(**spent, values=values)


def main() -> None:
    orders = next((int(word) for word in sys.argv[1:] if word.isdigit()), ORDERS)
    task_of(orders)
    task_of(2 * orders)
    # The first run of each reads the files from the disk; the ways then take turns, so that a busy minute hits both.
    for way in ("jieban", "sql"):
        once(way, orders)
    rounds = [
        (once("jieban", orders), once("sql", orders), once("jieban", 2 * orders)) for _ in range(ROUNDS)
    ]
    pandas = once("pandas", orders)
    ours, sql, twice = ([rounds_of_one[index] for rounds_of_one in rounds] for index in range(len(rounds[0])))
    compared = compare(ours[0].values, sql[0].values)
    compare(ours[0].values, pandas.values)
    wall, by_sql, double = (statistics.median(ran.wall for ran in rans) for rans in (ours, sql, twice))
    millions = orders / 1e6
    name = f"indicators of {millions:g} M orders"
    finish(
        [
            Measured(
                what=f"{name} against one hand-written SQL",
                value=wall / by_sql,
                unit="×",
                bar=1.5,
                better="<=",
                detail=f"{wall:.2f} s against {by_sql:.2f} s in DuckDB, {compared:,} values equal",
            ),
            Measured(
                what=f"{name} against pandas",
                value=pandas.wall / wall,
                unit="×",
                bar=5.0,
                better=">=",
                detail=f"pandas {pandas.wall:.1f} s with its load, {pandas.peak_mib / 1024:.1f} GiB",
            ),
            Measured(
                what=f"{name}, peak memory",
                value=max(ran.peak_mib for ran in ours) / 1024,
                unit=" GiB",
                bar=3.0,
                better="<=",
                detail=f"the SQL alone {max(ran.peak_mib for ran in sql) / 1024:.1f} GiB",
            ),
            Measured(
                what=f"indicators of {2 * millions:g} M orders against {millions:g} M",
                value=double / wall,
                unit="×",
                bar=2.2,
                better="<=",
                detail=f"{double:.2f} s, peak {max(ran.peak_mib for ran in twice) / 1024:.1f} GiB",
            ),
        ]
    )


if __name__ == "__main__":
    if "--work" in sys.argv:
        _, _, chosen, size, target = sys.argv
        work(chosen, int(size), Path(target))
    else:
        main()
