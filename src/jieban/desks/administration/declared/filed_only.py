"""What of the city's documents no page edits, and why."""

from collections.abc import Sequence
from typing import Final

from jieban.kernel.i18n import Later, later

Place = tuple[str, tuple[str, ...], Later]

FILED_ONLY: Final[Sequence[Place]] = (
    (
        "profile.toml",
        ("order_scheme",),
        later("工单按哪一套分类归类:换一套,全部旧工单的归类就都读不懂了。"),
    ),
    ("profile.toml", ("invented",), later("是不是虚构的城市:建立时定下。")),
    (
        "calendar.toml",
        ("timezone",),
        later("时区:每一天从几时起,关系到已经算出的全部日期。"),
    ),
    ("calendar.toml", ("source",), later("放假安排从哪里来:随程序升级改。")),
    ("calendar.toml", ("weekend",), later("哪两天是周末:只有不用国家安排时才写。")),
    (
        "publication.toml",
        ("documents",),
        later("以往发布的报告印出的编号和数字:供从台账重做旧报告时核对;平台上发布的由报告工作室记着。"),
    ),
)
"""Document, path and reason. Whatever isn't here has its form: a test holds that."""
