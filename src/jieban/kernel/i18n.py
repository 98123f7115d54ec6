"""Words a user reads. The source language is Chinese; catalogues in `locale/` add others (LANG=en)."""

import gettext
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NewType

from jieban.kernel.typography import fullwidth

_LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"
_DOMAIN = "jieban"
_OF_PLACES = re.compile(r"(?<=\})[,:;](?=\{)|(?<=\})[?!]$")
SOURCE = "zh"

Later = NewType("Later", str)
"""A message that stands in the catalogues and is said by `tr_later`."""


def language() -> str:
    """`en` when LC_ALL, LC_MESSAGES or LANG (the first that is set) asks for English, else `zh`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else SOURCE
    return SOURCE


@cache
def _catalogue(wanted: str) -> gettext.NullTranslations:
    return gettext.translation(_DOMAIN, _LOCALE_DIR, languages=[wanted], fallback=True)


@cache
def _worded(message: str, wanted: str) -> str:
    text = _catalogue(wanted).gettext(message)
    if wanted != SOURCE:
        return text
    # What is filled in stays as it is; a mark between two places, or that ends the sentence, belongs to the sentence.
    return fullwidth(_OF_PLACES.sub(lambda mark: chr(ord(mark.group()) + 0xFEE0), text))


def tr(message: str, /, **values: object) -> str:
    """`message` in the user's language, with `{name}` places filled from `values`.

    Chinese comes with full-width punctuation, whichever was typed.
    """
    text = _worded(message, language())
    return text.format(**values) if values else text


def listed(words: Iterable[str]) -> str:
    """Words one after the other, as the user's language sets them apart."""
    return ("、" if language() == SOURCE else ", ").join(words)


def later(message: str, /) -> Later:
    """`message` itself, for tables of words: in the catalogues now, said in the user's language by `tr_later`."""
    return Later(message)


def tr_later(message: Later, /) -> str:
    """What `later` marked, in the user's language."""
    return _worded(message, language())
