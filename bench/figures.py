"""What a benchmark measures and prints: a ratio against a baseline that ran in the same minutes on the same machine."""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
CACHE = REPO / ".build" / "bench"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One line of the table. `value` is compared with `bar`: "<=" or ">=" says which way is good; None has none."""

    what: str
    value: float
    unit: str
    bar: float | None
    better: str
    detail: str

    @property
    def met(self) -> bool:
        """Whether the bar is met."""
        if self.bar is None:
            return True
        return self.value <= self.bar if self.better == "<=" else self.value >= self.bar

    @property
    def asked(self) -> str:
        """The bar in words."""
        return f"{self.better} {self.bar:g}{self.unit}" if self.bar is not None else "–"

    @property
    def verdict(self) -> str:
        """Whether the bar is met, in a word."""
        if self.bar is None:
            return "no bar"
        return "met" if self.met else "NOT MET"


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a finished command took: seconds of processor time, of wall time, and its largest process in MiB."""

    cpu: float
    wall: float
    peak_mib: float


def spend(command: Sequence[str], *, runs: int = 3, env: dict[str, str] | None = None) -> Spent:
    """Run a command `runs` times after one warm-up and give the medians. Fails when the command fails."""
    taken = [_once(command, env) for _ in range(runs + 1)][1:]
    return Spent(
        cpu=statistics.median(spent.cpu for spent in taken),
        wall=statistics.median(spent.wall for spent in taken),
        peak_mib=max(spent.peak_mib for spent in taken),
    )


def _once(command: Sequence[str], env: dict[str, str] | None) -> Spent:
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | (env or {}), cwd=REPO
    )
    errors = process.stderr.read() if process.stderr else b""
    # wait4 counts this child and all that it waited for, and nothing else of ours.
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors.decode(errors='replace')}")
    return Spent(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=time.perf_counter() - started,
        peak_mib=usage.ru_maxrss / 1024,
    )


def cpu_seconds(act: Callable[[], object]) -> float:
    """Processor time that `act` takes in this process and in the children it waits for."""

    def now() -> float:
        own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

    before = now()
    act()
    return now() - before


def machine() -> str:
    """The machine in a line: processors, memory, system, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def finish(rows: Sequence[Measured]) -> None:
    """Print the rows; as JSON lines when called by run.py with `--json`."""
    if "--json" in sys.argv[1:]:
        for row in rows:
            print(json.dumps(asdict(row), ensure_ascii=False))
        return
    for row in rows:
        print(f"{row.what}: {row.value:.2f}{row.unit} (bar {row.asked}) {row.verdict} — {row.detail}")
