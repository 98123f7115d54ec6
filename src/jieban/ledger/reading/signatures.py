"""The lines below a table where somebody signs: 制表人, 审核, 填表日期, 单位负责人, and remarks that begin with 注."""

import re
from itertools import pairwise

from jieban.ledger.arrow import Bools, Ints
from jieban.ledger.raw import RawSheet
from jieban.ledger.values.text import squeeze

_ACTS = (
    "制表|填表|填报|制单|制作|编制|统计|审核|审批|审定|复核|核准|核对|校对|签发|签字|签名|签章|盖章|公章|经办"
    "|报送|上报|报出|打印|导出|负责|分管|主管|领导|联系|报告"
)
_LABEL = re.compile(
    rf"(单位|部门|科室|中心|本页|本表)?(({_ACTS})(人员|人|员|者|单位|部门|科室|日期|时间|电话|方式|领导)*)+"
    r"(\([^()]{1,8}\))?(?P<said>:.*)?"
)
_REMARK = re.compile(r"(日期|时间|电话|注|备注|附注|说明|数据来源|来源)[0-9]?:.*")
_DAY = re.compile(r"[0-9]{4}[年./-][0-9]{1,2}[月./-][0-9]{1,2}(日|00:00:00)?")
_LONGEST_LABEL = 200
_MOST = 50
"""Lines that are asked, from the bottom: what stands above so many is data."""


def signature_rows(sheet: RawSheet, rows: Ints, is_open: Bools) -> list[int]:
    """Which of `rows` (of the sheet) stand below all data and hold signatures or remarks only.

    `is_open` tells which rows are still to be read. Going up from the bottom the first row that is anything else ends
    the search, so that nothing amid the data is taken for a signature.
    """
    found: list[int] = []
    for row in rows[is_open][::-1][:_MOST].tolist():
        if not _is_signature(sheet.row(row)):
            break
        found.append(row)
    return found[::-1]


def _is_signature(cells: tuple[str, ...]) -> bool:
    """Whether every cell is a label, what the label before it asks for, or a day: data has more than that."""
    said = [cell for cell in map(squeeze, cells) if cell]
    return (
        bool(said)
        and _is_label(said[0])
        and all(_is_label(cell) or _asks(before) or _DAY.fullmatch(cell) for before, cell in pairwise(said))
    )


def _is_label(cell: str) -> bool:
    return len(cell) < _LONGEST_LABEL and bool(_LABEL.fullmatch(cell) or _REMARK.fullmatch(cell))


def _asks(cell: str) -> bool:
    """Whether a label leaves what it asks for to the next cell."""
    return _is_label(cell) and cell.partition(":")[2] == ""
