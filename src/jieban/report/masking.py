"""Persons masked in free text for the public edition: names, telephone and document numbers, e-mail, number plates.

Rather too much than too little: any run of seven and more digits counts as somebody's number.
"""

import re
from collections.abc import Iterable

_SHOWN = 3
_TAIL = 4
_SHORTEST_NAME = 2
_DIGITS = re.compile(r"(?<![\d])\d(?:[ \-—–]?\d){6,}[Xx]?(?![\d])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}(?![A-Z0-9])")
_ADDRESSED = re.compile(r"(?<=姓名[::])[\u4e00-\u9fff·]{2,20}|(?<=联系人[::])[\u4e00-\u9fff·]{2,20}")


def mask_name(name: str) -> str:
    """The first character, then stars: 张**, 买***."""
    return name[:1] + "*" * max(len(name) - 1, 2) if name else ""


def _mask_number(found: re.Match[str]) -> str:
    digits = re.sub(r"[ \-—–]", "", found.group())
    return f"{digits[:_SHOWN]}****{digits[-_TAIL:]}" if len(digits) > _SHOWN + _TAIL else "*" * len(digits)


def _mask_plate(found: re.Match[str]) -> str:
    return found.group()[:2] + "*****"


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """`text` with the given names and every number that could lead to a person masked."""
    for name in sorted(set(names), key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            text = text.replace(name, mask_name(name))
    text = _ADDRESSED.sub(lambda found: mask_name(found.group()), text)
    text = _EMAIL.sub("***@***", text)
    text = _DIGITS.sub(_mask_number, text)
    return _PLATE.sub(_mask_plate, text)
