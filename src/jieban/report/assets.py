"""Finds what documents and pages need and the tree does not hold: the chart script and the fonts.

`make assets` gathers them into `.build/assets` of the checkout. JIEBAN_ASSETS names another directory of that
shape, which is looked into first; JIEBAN_FONTS names directories of fonts (several as in PATH) that go before all.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import tr

_GATHERED = Path(__file__).resolve().parents[3] / ".build" / "assets"
_FONT_PACKAGE = "pylopdf_fonts_zh_cn"


class MissingPart(JiebanError):
    """A part that the setup brings is not on this machine."""

    code: ClassVar[str] = "missing-part"
    exit_code: ClassVar[Exit] = Exit.MISSING_PART


def asset_dirs() -> tuple[Path, ...]:
    """The directories that gathered assets are looked for in, first to last; they need not exist."""
    named = os.environ.get("JIEBAN_ASSETS")
    return (Path(named), _GATHERED) if named else (_GATHERED,)


def echarts_js() -> Path:
    """ECharts' script, one file, for pages and for drawing charts in documents.

    Raises MissingPart where no directory has it.
    """
    places = [directory / "echarts.min.js" for directory in asset_dirs()]
    for place in places:
        if place.is_file():
            return place
    raise MissingPart(
        tr("缺少图表脚本 ECharts。"),
        where=Where(file=str(places[0])),
        fix=tr("请在源码目录运行 make assets,或用环境变量 JIEBAN_ASSETS 指明其所在目录。"),
    )


def font_dirs() -> tuple[Path, ...]:
    """Directories of Chinese fonts, preferred first: JIEBAN_FONTS, the gathered Fandol, the Noto that is always there.

    Raises MissingPart when JIEBAN_FONTS names no directory, or when even the package of Noto is gone.
    """
    named = [Path(part) for part in os.environ.get("JIEBAN_FONTS", "").split(os.pathsep) if part]
    for directory in named:
        if not directory.is_dir():
            raise MissingPart(
                tr("环境变量 JIEBAN_FONTS 指明的字体目录不存在。"),
                where=Where(file=str(directory)),
                fix=tr("请改正该变量,或将其清空以使用自带字体。"),
            )
    gathered = [fonts for directory in asset_dirs() if (fonts := directory / "fonts").is_dir()]
    return (*named, *gathered, _packaged_fonts())


def _packaged_fonts() -> Path:
    spec = find_spec(_FONT_PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingPart(
            tr("缺少中文字体包 pylopdf-fonts-zh-cn。"), fix=tr("请在源码目录运行 make setup 重新安装。")
        )
    return Path(spec.origin).parent
