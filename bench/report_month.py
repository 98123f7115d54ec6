"""A real month's report in four formats from a cold start, and the PDF against Word through LibreOffice."""

import shutil
import sys
import tempfile
from pathlib import Path

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
        office = shutil.which("soffice")
        if office:
            rows.append(_against_office(office, report, Path(folder)))
        else:
            print("LibreOffice is not installed: the PDF is not compared", file=sys.stderr)
    finish(rows)


def _against_office(office: str, report: list[str], folder: Path) -> Measured:
    pdf = spend([*report, "--format", "pdf"])
    docx = spend([*report, "--format", "docx"])
    word = next(folder.rglob("*.docx"))
    convert = spend(
        [
            office,
            f"-env:UserInstallation=file://{folder}/office",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder / "office-pdf"),
            str(word),
        ]
    )
    # What both commands do before they draw (reading, counting) is not the point: it is taken from both.
    nothing = spend([*report, "--format", "none"])
    ours, theirs = pdf.cpu - nothing.cpu, docx.cpu - nothing.cpu + convert.cpu
    return Measured(
        what="PDF against Word through LibreOffice",
        value=theirs / ours,
        unit="×",
        bar=5.0,
        better=">=",
        detail=f"process time {ours:.2f} s against {theirs:.2f} s (Word {docx.cpu - nothing.cpu:.2f} s, conversion "
        f"{convert.cpu:.2f} s)",
    )


if __name__ == "__main__":
    main()
