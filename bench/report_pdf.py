"""The PDF of a real month's report against the same report as Word turned into a PDF by LibreOffice.

Both begin with the finished document, in a process of their own that has nothing imported yet. What both do alike,
drawing the charts, is measured beside them and told, with the quotient that comes out when both pay for it.
"""

import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from figures import CACHE, Measured, Spent, cpu_seconds, finish, spend

PROFILE, PERIOD = "changji", "2025-04"
ROUNDS = 5


def main() -> None:
    if len(sys.argv) == 4 and sys.argv[1] in {"draw", "pdf", "docx"}:
        _child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
        return
    office = shutil.which("soffice")
    if office is None:
        print("LibreOffice is not installed: the PDF is not compared", file=sys.stderr)
        finish([])
        return
    with tempfile.TemporaryDirectory() as name:
        finish([_compare(office, Path(name))])


def _compare(office: str, folder: Path) -> Measured:
    kept = folder / "document.pickle"
    kept.write_bytes(pickle.dumps(_document(folder)))
    word = folder / "report.docx"
    drawn, pdf, docx, convert = [], [], [], []
    for _ in range(ROUNDS):  # taking turns, so that a slow minute is slow for all
        drawn.append(_rendered("draw", kept, folder / "drawn.pickle"))
        pdf.append(_rendered("pdf", kept, folder / "report.pdf"))
        docx.append(_rendered("docx", kept, word))
        convert.append(_converted(office, word, folder).cpu)
    ours, charts = statistics.median(pdf), statistics.median(drawn)
    written, turned = statistics.median(docx), statistics.median(convert)
    return Measured(
        what="PDF against Word through LibreOffice",
        value=(written + turned) / ours,
        unit="×",
        bar=5.0,
        better=">=",
        detail=f"process time from the finished document {ours:.2f} s against {written + turned:.2f} s (Word "
        f"{written:.2f} s, conversion {turned:.2f} s); drawing the charts takes either {charts:.2f} s before that, "
        f"with which it is {(charts + written + turned) / (charts + ours):.2f}×",
    )


def _document(folder: Path) -> object:
    """The report's document, taken where the renderers get it."""
    from jieban.report import publish
    from jieban.site.month import make_month, prepare

    made = CACHE / "demo"
    spend(
        [
            *(sys.executable, "-m", "jieban", "demo", "--profile", PROFILE),
            "--ledger-only",
            "--out",
            str(made),
        ],
        runs=1,
    )
    taken = []
    publish.render_all = lambda document, *_args, **_named: taken.append(document) or []
    make_month(
        prepare(PROFILE, PERIOD, out=folder, forms=("pdf",), edition="public"),
        [made / PROFILE / PERIOD / "ledger.xlsx"],
    )
    return taken[0]


def _rendered(form: str, kept: Path, target: Path) -> float:
    """Processor seconds that a fresh process takes for a form, or for the drawings; its imports are in it."""
    said = subprocess.run(
        [sys.executable, __file__, form, str(kept), str(target)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(said.stdout)


def _child(form: str, kept: Path, target: Path) -> None:
    from jieban.report.render import draw, render

    document = pickle.loads(kept.read_bytes())  # noqa: S301  # written by this script a moment ago
    if form == "draw":
        charts: object = None

        def act() -> None:
            nonlocal charts
            charts = draw(document)

        print(cpu_seconds(act))
        target.write_bytes(pickle.dumps(charts))
        return
    charts = pickle.loads((kept.parent / "drawn.pickle").read_bytes())  # noqa: S301  # as above
    print(cpu_seconds(lambda: render(document, form, target, charts=charts)))


def _converted(office: str, word: Path, folder: Path) -> Spent:
    profile = f"-env:UserInstallation=file://{folder}/office"
    out = str(folder / "office-pdf")
    return spend([office, profile, "--headless", "--convert-to", "pdf", "--outdir", out, str(word)], runs=1)


if __name__ == "__main__":
    main()
