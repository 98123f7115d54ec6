"""A real month's report in four formats from a cold start."""

import sys
import tempfile

from figures import CACHE, Measured, finish, spend

PROFILE, PERIOD = "changji", "2025-04"


def main() -> None:
    jieban = [sys.executable, "-m", "jieban"]
    made = CACHE / "demo"
    spend([*jieban, "demo", "--profile", PROFILE, "--ledger-only", "--out", str(made)], runs=1)
    ledger = made / PROFILE / PERIOD / "ledger.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        report = [*jieban, "report", str(ledger), "--profile", PROFILE, "--period", PERIOD, "--out", folder]
        all_four = spend([*report, "--format", "docx,pdf,html,xlsx"])
        rows = [
            Measured(
                what="report of the demo month, four formats, cold start",
                value=all_four.cpu,
                unit=" s process time",
                bar=4.0,
                better="<=",
                detail=f"wall {all_four.wall:.2f} s, largest process {all_four.peak_mib:.0f} MiB",
            )
        ]
    finish(rows)


if __name__ == "__main__":
    main()
