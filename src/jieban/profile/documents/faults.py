"""Faults of a profile, gathered so that all are told at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from jieban.kernel.errors import Where, introduced
from jieban.kernel.i18n import listed, tr


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One fault: a stable code for programs, where it is, and what is wrong and what to do for the reader."""

    code: str
    what: str
    where: Where
    fix: str

    def __str__(self) -> str:
        gap = "" if self.what.endswith("。") else " "
        return introduced(str(self.where), f"{self.what}{gap}{self.fix}")

    def as_dict(self) -> dict[str, object]:
        """The fault for `--json`."""
        return {
            "code": self.code,
            "what": self.what,
            "file": self.where.file,
            "line": self.where.line,
            "column": self.where.column,
            "fix": self.fix,
        }


class Faults:
    """The faults met so far, told by file and line."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def add(self, code: str, where: Where, what: str, fix: str) -> None:
        """Notes a fault; the same one twice counts once."""
        self._found[Fault(code=code, what=what, where=where, fix=fix)] = None

    def __iter__(self) -> Iterator[Fault]:
        return iter(sorted(self._found, key=lambda f: (f.where.file or "", f.where.line or 0)))

    def __len__(self) -> int:
        return len(self._found)


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """A hint at the known words: the nearest ones to `given`, or all of a few, or how many there are."""
    words = list(dict.fromkeys(known))
    parts = [word for word in words if given and (given in word or word in given)]
    if near := list(dict.fromkeys([*get_close_matches(given, words, n=3, cutoff=0.6), *parts[:3]])):
        return tr("是否想写:{words}?", words=listed(near))
    few = 12
    if not words:
        return tr("此处没有可用的取值。")
    if len(words) <= few:
        return tr("可用:{words}。", words=listed(words))
    return tr("可用的共 {n} 个,例如:{words}。", n=len(words), words=listed(words[:few]))
