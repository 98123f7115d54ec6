"""Texts as they come in from outside: what no database and no file can hold is refused at the door."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from jieban.kernel.i18n import tr
from jieban.orders.errors import BadValue

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_SHAPELESS = frozenset({"Cc", "Cf"})
"""Categories of Unicode: controls, and what only steers how others are set, as zero-width spaces."""


def storable(text: str) -> bool:
    """Whether a text can be stored: without halves of characters (lone surrogates, which are none) and without NUL.

    UTF-8 has no form for the first, PostgreSQL none for the second. All else is kept as it was said.
    """
    return _UNSTORABLE.search(text) is None


def written(text: str) -> int:
    """How many characters of a text can be seen: neither blanks nor signs without a shape say anything."""
    return sum(not each.isspace() and unicodedata.category(each) not in _SHAPELESS for each in text)


def check_text(text: str | None, what: str | None = None) -> None:
    """Raises BadValue for a text that can't be stored; `what` is its name for the reader."""
    if text is None or storable(text):
        return
    raise BadValue(
        tr("{what}含有残缺的字符或空字符,不能保存。", what=what if what is not None else tr("所写的文字")),
        fix=tr("请删去乱码,重新输入后再提交。"),
    )


def check_said(said: object) -> None:
    """Raises BadValue for what was written in an act, text by text, if one of them can't be stored."""
    if isinstance(said, str):
        check_text(said)
    elif isinstance(said, Mapping):
        check_said(said.values())
    elif isinstance(said, Iterable):
        for value in said:
            check_said(value)
