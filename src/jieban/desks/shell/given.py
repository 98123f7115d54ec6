"""Numbers that an address or a form brings: pages wrote them there, and anybody may write something else."""

from typing import Final

_LONGEST: Final = 15
"""Digits of a number that a page may have written: Python refuses to read thousands, no database holds thirty."""


def number_in(text: str) -> int | None:
    """The whole number that a text is, plain digits from 0 up; None for everything else."""
    plain = text.isascii() and text.isdigit() and len(text) <= _LONGEST
    return int(text) if plain else None
