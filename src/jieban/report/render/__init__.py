"""Renderers: one document model to PDF, Word, web page and workbook.

Each form has a module of its own with `render(document, path, *, charts, definitions)`; they are imported when
asked for, since none is cheap to import.
"""

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jieban.report.charts.draw import Drawings
    from jieban.report.document import Document

FORMATS = ("docx", "pdf", "html", "xlsx")
_DRAWN = frozenset({"docx", "pdf", "html"})  # the workbook has native charts


def render(
    document: "Document",
    form: str,
    path: Path,
    *,
    charts: "Drawings | None" = None,
    definitions: Mapping[str, str] | None = None,
) -> None:
    """Write `document` to `path` as `form` (one of FORMATS), replacing the file only when the new one is whole.

    `charts` are drawings made before (`draw_charts`), by block id; without them they are drawn here.
    `definitions` give an indicator's counting rule by its id: the web page shows it where a figure is pointed at.

    Raises ValueError for an unknown form or a document issued in no time zone; MissingPart where fonts or
    the chart script are not there.
    """
    if form not in FORMATS:
        raise ValueError(f"unknown form {form!r}, known are {', '.join(FORMATS)}")
    if document.issued.tzinfo is None:
        raise ValueError(
            "a document's `issued` needs a time zone: else its files would depend on the machine's"
        )
    if charts is None:
        charts = draw(document) if form in _DRAWN else {}
    if form in _DRAWN:
        from jieban.report.document import abridged  # noqa: PLC0415 - keeps this package light

        document = abridged(document)
    path.parent.mkdir(parents=True, exist_ok=True)
    import_module(f"jieban.report.render.{form}").render(
        document, path, charts=charts, definitions=definitions or {}
    )


def render_all(
    document: "Document",
    forms: Iterable[str],
    directory: Path,
    stem: str,
    *,
    definitions: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write `directory/stem.FORM` for each form; charts are drawn once for all. Gives the files in that order."""
    wanted = tuple(forms)
    charts = draw(document) if _DRAWN.intersection(wanted) else {}
    paths = [directory / f"{stem}.{form}" for form in wanted]
    for form, path in zip(wanted, paths, strict=True):
        render(document, form, path, charts=charts, definitions=definitions)
    return paths


def draw(document: "Document") -> "Drawings":
    """The drawings of all of the document's charts, by block id."""
    from jieban.report.charts.draw import draw_charts  # noqa: PLC0415 - brings V8
    from jieban.report.document import ChartBlock  # noqa: PLC0415 - keeps this package light

    return draw_charts(block for block in document.all_blocks() if isinstance(block, ChartBlock))
