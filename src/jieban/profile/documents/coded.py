"""Codes of things that a TOML file lists: well-formed, and each once."""

import re

from jieban.kernel.i18n import tr
from jieban.profile.documents.table import Table

_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


def read_code(table: Table, seen: set[str], key: str = "code") -> str:
    """The code under `key`, noted when it isn't one or is among `seen`, to which it is added."""
    code = table.text(key)
    if code.strip() and not _CODE.fullmatch(code):
        what = tr("代码“{code}”含有字母、数字、连字符以外的字符。", code=code)
        table.fault("bad_code", key, what, tr("请用小写英文字母、数字和连字符。"))
    elif code and code in seen:
        what = tr("代码“{code}”写了两次。", code=code)
        table.fault("double_code", key, what, tr("请换一个代码,或删去重复的。"))
    seen.add(code)
    return code
