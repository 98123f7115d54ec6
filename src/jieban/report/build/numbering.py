"""Numerals of headings: 一、(一) 1., each counted within the one above. Renderers number charts and tables."""

from collections.abc import Iterable

from jieban.report.document import Block, Heading

_DIGITS = "〇一二三四五六七八九"
_TEN = 10
_HUNDRED = 100


def chinese(number: int) -> str:
    """A whole number from 1 to 99 as a Chinese numeral. Raises ValueError beyond."""
    if not 0 < number < _HUNDRED:
        raise ValueError(number)
    tens, ones = divmod(number, _TEN)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def numeral(level: int, number: int) -> str:
    """The numeral of a heading, as GB/T 9704-2012 (7.3.3) has them."""
    match level:
        case 1:
            return f"{chinese(number)}、"
        case 2:
            return f"({chinese(number)})"
        case _:
            return f"{number}."


def number_headings(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with every heading numbered within the one above it."""
    out: list[Block] = []
    counts: dict[int, int] = {}
    for block in blocks:
        if not isinstance(block, Heading):
            out.append(block)
            continue
        counts[block.level] = counts.get(block.level, 0) + 1
        for deeper in [level for level in counts if level > block.level]:
            del counts[deeper]
        out.append(Heading(block.level, numeral(block.level, counts[block.level]), block.text, block.id))
    return out
