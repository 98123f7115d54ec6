"""All benchmarks, one after the other: prints the table and keeps it in docs/benchmarks.md with the machine."""

import json
import subprocess
import sys
from datetime import UTC, datetime

from figures import REPO, Measured, machine

SCRIPTS = (
    *("command_line.py", "ledger_read.py", "report_month.py", "report_pdf.py", "indicators_scale.py"),
    *("live_acts.py", "live_clocks.py", "live_import.py", "live_export.py", "live_desks.py"),
)

_HEAD = """# Benchmarks

Each figure is measured against a named baseline in the same run; `make bench` prints this table anew and writes it
here. Machines are noisy: the ratios matter, the seconds are only there to show their size.

"""


_WORDS = {"met": "yes", "NOT MET": "**no**", "no bar": "–"}


def main() -> None:
    """Run the scripts named on the command line, or all."""
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")] or list(SCRIPTS)
    rows: list[Measured] = []
    for script in wanted:
        print(f"== {script}", flush=True)
        result = subprocess.run(
            [sys.executable, str(REPO / "bench" / script), "--json"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found = [Measured(**json.loads(line)) for line in result.stdout.splitlines() if line.startswith("{")]
        for row in found:
            print(f"   {_line(row)}", flush=True)
        rows += found
    if set(wanted) == set(SCRIPTS):
        _keep(rows)
    if missed := [row for row in rows if not row.met]:
        print(f"{len(missed)} of {len(rows)} bars are not met: " + "; ".join(row.what for row in missed))
    else:
        print(f"all {len(rows)} bars are met")


def _line(row: Measured) -> str:
    return f"{row.what}: {row.value:.2f}{row.unit} (bar {row.asked}), {row.verdict}; {row.detail}"


def _keep(rows: list[Measured]) -> None:
    lines = ["| measured | value | bar | met | detail |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.what} | {row.value:.2f}{row.unit} | {row.asked} | {_WORDS[row.verdict]} | {row.detail} |"
        for row in rows
    ]
    said = f"Machine: {machine()}. Measured on {datetime.now(tz=UTC):%Y-%m-%d}.\n\n"
    target = REPO / "docs" / "benchmarks.md"
    kept = target.read_text(encoding="utf-8") if target.is_file() else ""
    remarks = kept[kept.index("\n## ") :] if "\n## " in kept else ""
    target.write_text(_HEAD + said + "\n".join(lines) + "\n" + remarks, encoding="utf-8")
    print(f"kept in {target.relative_to(REPO)}")


if __name__ == "__main__":
    main()
