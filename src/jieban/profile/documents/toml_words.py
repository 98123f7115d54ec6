"""What the TOML parser says is wrong, in the reader's words: it speaks English, and of its own innards."""

import re

from jieban.kernel.i18n import later, tr_later

_WORDS = (
    ("Expected '=' after a key", later("键名后面没有等号;键名含中文或空格时要加引号")),
    ("Invalid statement", later("这里应当是“键 = 值”或“[表名]”;键名含中文时要加引号")),
    (
        "Expected newline or end of document",
        later("一个值之后还有多余的内容;每行只写一项,文字要整个放在引号里"),
    ),
    ("Expected ']' at the end of a table", later("表名的方括号没有合上")),
    ("Expected ']]' at the end of an array", later("表名的双方括号没有合上")),
    ("Invalid initial character for a key", later("键名含中文、空格或符号时要加引号")),
    ("Invalid value", later("等号后面不是正确的值;文字要加英文引号,是或否写 true、false")),
    ("Unclosed array", later("数组的方括号没有合上,或各项之间少了逗号")),
    ("Unclosed inline table", later("花括号没有合上,或各项之间少了逗号")),
    ("Unterminated string", later("引号没有合上")),
    ("Unescaped '\\' in a string", later("双引号内的反斜杠要写两个,或改用单引号")),
    ("Invalid hex value", later("\\u 之后要有四位十六进制数")),
    ("Escaped character is not", later("\\u 之后不是一个字符的编号")),
    ("Invalid date or datetime", later("不是存在的日期或时刻")),
    ("Illegal character", later("有不允许的控制字符或换行;引号可能没有合上")),
    ("Found invalid character", later("有不允许的字符")),
    ("Duplicate inline table key", later("同一个键写了两次")),
    ("Cannot overwrite a value", later("同一个键写了两次")),
    ("Cannot declare", later("同一张表写了两次")),
    ("Cannot mutate", later("在已经写完的表中又添内容")),
    ("Cannot redefine", later("同一张表写了两次")),
    ("Expected ", later("引号或括号没有合上")),
)
_OTHER = later("写法不对")
_PLACE = re.compile(r"\(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")


def reason_and_place(message: str, text: str) -> tuple[str, int, int]:
    """The reason for a reader, and the line and the column (both from 1) in `text` that the parser's message names."""
    word = next((word for start, word in _WORDS if message.startswith(start)), _OTHER)
    found = _PLACE.search(message)
    if found is None or found[1] is None:
        lines = text.splitlines() or [""]
        return tr_later(word), len(lines), len(lines[-1]) + 1
    return tr_later(word), int(found[1]), int(found[2])
