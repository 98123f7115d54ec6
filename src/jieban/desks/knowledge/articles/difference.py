"""What one text has that another hasn't, line by line and within changed lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)
_LIKE = 0.4
"""How alike two lines are that are taken for the same one, changed."""


class Side(StrEnum):
    """Where words stand: in both texts, in the earlier alone, in the later alone."""

    BOTH = "both"
    BEFORE = "del"
    AFTER = "ins"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Some words, and in which of the texts they stand."""

    side: Side
    text: str


DifferentLine = tuple[Part, ...]


def difference(before: str, after: str) -> tuple[DifferentLine, ...]:
    """All lines of two texts, in the later one's order."""
    old, new = before.splitlines(), after.splitlines()
    found: list[DifferentLine] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [_whole(Side.BOTH, line) for line in old[i:j]]
        else:
            found += _changed(old[i:j], new[k:m])
    return tuple(found)


def _whole(side: Side, line: str) -> DifferentLine:
    return (Part(side=side, text=line),)


def _changed(old: list[str], new: list[str]) -> Iterator[DifferentLine]:
    for at in range(max(len(old), len(new))):
        before = old[at] if at < len(old) else None
        after = new[at] if at < len(new) else None
        if before is None or after is None:
            yield _whole(Side.AFTER, after or "") if before is None else _whole(Side.BEFORE, before)
            continue
        a, b = _WORD.findall(before), _WORD.findall(after)
        same = SequenceMatcher(None, a, b, autojunk=False)
        if same.ratio() < _LIKE:
            yield _whole(Side.BEFORE, before)
            yield _whole(Side.AFTER, after)
            continue
        yield tuple(_parts(same, a, b))


def _parts(same: "SequenceMatcher[str]", a: list[str], b: list[str]) -> Iterator[Part]:
    for tag, i, j, k, m in same.get_opcodes():
        if tag == "equal":
            yield Part(side=Side.BOTH, text="".join(a[i:j]))
            continue
        if i < j:
            yield Part(side=Side.BEFORE, text="".join(a[i:j]))
        if k < m:
            yield Part(side=Side.AFTER, text="".join(b[k:m]))
