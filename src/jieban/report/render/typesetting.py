"""typst, given our fonts: for the PDF, and for the pictures of charts that Word shows."""

import json
from functools import cache, lru_cache

import typst

from jieban.report.assets import font_dirs
from jieban.report.charts.draw import Drawings

_SHEETS = """
#let wide = float(sys.inputs.width) * 1in
#set page(width: wide, height: auto, margin: 0pt, fill: white)
#for (at, svg) in json(bytes(sys.inputs.drawings)).enumerate() {
  if at > 0 { pagebreak() }
  image(bytes(svg), format: "svg", width: wide)
}
"""


@cache
def _fonts(machine: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=machine, font_paths=[str(directory) for directory in font_dirs()])


def typesetter(source: str, inputs: dict[str, str], *, machine_fonts: bool = False) -> typst.Compiler:
    """A typst compiler of `source`, which reads `inputs` as sys.inputs. It sees our fonts, the machine's if asked."""
    return typst.Compiler(source.encode(), font_paths=_fonts(machine_fonts), sys_inputs=inputs)


def rasterise(drawings: Drawings, *, dots_an_inch: int, inches_wide: float) -> dict[str, bytes]:
    """Each drawing as a PNG on white, `inches_wide` at `dots_an_inch`. The last sets are kept, for other editions."""
    svgs = tuple(drawing.svg for drawing in drawings.values())
    return dict(zip(drawings, _pictures(svgs, dots_an_inch, inches_wide), strict=True))


@lru_cache(maxsize=2)
def _pictures(svgs: tuple[str, ...], dots_an_inch: int, inches_wide: float) -> tuple[bytes, ...]:
    if not svgs:
        return ()
    inputs = {"drawings": json.dumps(svgs, ensure_ascii=False), "width": str(inches_wide)}
    pages = typesetter(_SHEETS, inputs).compile(format="png", ppi=dots_an_inch)
    return (pages,) if isinstance(pages, bytes) else tuple(pages or ())
