"""Papers that the demonstration's units attach: a page of type, and the form that is filled in on the spot."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from jieban.report.render.pdf import FONTS
from jieban.report.render.typesetting import typesetter

if TYPE_CHECKING:
    import typst

_PAGE = """
#let told = json(bytes(sys.inputs.told))
#set page(paper: "a4", margin: 3cm)
#set text(font: told.fonts, size: 14pt, lang: "zh")
#set par(leading: 1em, spacing: 1.2em, justify: true)
#align(center, text(20pt, told.title))
#v(1em)
#for line in told.lines { par(first-line-indent: (amount: 2em, all: true), line) }
"""
_FORM = """
#let told = json(bytes(sys.inputs.told))
#set page(width: 15cm, height: 20cm, margin: 1.4cm, fill: rgb("#fbfaf5"))
#set text(font: told.fonts, size: 13pt, lang: "zh")
#align(center, text(19pt, told.title))
#v(.6em)
#table(
  columns: (3.4cm, 1fr), rows: (1.3cm, 1.3cm, 1.3cm, 4.6cm, 4.6cm, 1.3cm), align: horizon, stroke: .8pt + rgb("#555"),
  ..told.lines.map(each => (each, [])).flatten()
)
"""


@lru_cache(maxsize=64)
def paper(title: str, lines: tuple[str, ...]) -> bytes:
    """A PDF of one page."""
    made = _typeset(_PAGE, title, lines).compile()
    assert isinstance(made, bytes)  # noqa: S101  # one PDF, whatever its pages
    return made


def form(title: str, rows: Sequence[str]) -> bytes:
    """A PNG of an empty form, six rows of it."""
    made = _typeset(_FORM, title, rows).compile(format="png", ppi=96)
    assert isinstance(made, bytes)  # noqa: S101  # one page
    return made


def _typeset(source: str, title: str, lines: Sequence[str]) -> "typst.Compiler":
    told = {"title": title, "lines": list(lines), "fonts": FONTS["song"]}
    return typesetter(source, {"told": json.dumps(told, ensure_ascii=False)})
