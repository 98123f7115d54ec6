"""Words a user reads. The source language is Chinese; catalogues in `locale/` add others (LANG=en)."""

import gettext
import os
import re
import string
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NewType

from jieban.kernel.typography import fullwidth

_LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"
_DOMAIN = "jieban"
_OF_PLACES = re.compile(r"(?<=\})[,:;](?=\{)|(?<=\})[:;?!]$")
SOURCE = "zh"
_CONTEXT = "\x04"  # what gettext itself puts between a message's context and the message

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
    context, _, said = message.rpartition(_CONTEXT)
    text = _catalogue(wanted).pgettext(context, said) if context else _catalogue(wanted).gettext(said)
    if wanted != SOURCE:
        return text
    # What is filled in stays as it is; a mark between two places, or that ends the sentence, belongs to the sentence.
    return fullwidth(_OF_PLACES.sub(lambda mark: chr(ord(mark.group()) + 0xFEE0), text))


class _Counted(string.Formatter):
    """Fills places, and says `{n:row|rows}` in the form that the language has for the number n.

    gettext's own plural messages choose one form for a whole sentence; ours have several counts in one.
    """

    def __init__(self, wanted: str) -> None:
        catalogue = _catalogue(wanted)
        # The rule of the catalogue's header Plural-Forms; the standard library keeps it under this name.
        self._form = getattr(catalogue, "plural", lambda _count: 0)

    def format_field(self, value: Any, format_spec: str) -> str:
        """The value, or the form for it."""
        if "|" not in format_spec:
            return str(super().format_field(value, format_spec))
        forms = format_spec.split("|")
        return forms[min(int(self._form(int(value))), len(forms) - 1)]


@cache
def _counted(wanted: str) -> _Counted:
    return _Counted(wanted)


def _filled(text: str, values: dict[str, object]) -> str:
    return _counted(language()).vformat(text, (), values) if "|" in text else text.format(**values)


def tr(message: str, /, **values: object) -> str:
    """`message` in the user's language, with `{name}` places filled from `values`.

    Chinese comes with full-width punctuation, whichever was typed. A translation may say `{n:row|rows}`.
    """
    text = _worded(message, language())
    return _filled(text, values) if values else text


def listed(words: Iterable[str]) -> str:
    """Words one after the other, as the user's language sets them apart."""
    return ("、" if language() == SOURCE else ", ").join(words)


def tr_in(context: str, message: str, /, **values: object) -> str:
    """As `tr`, for a message whose translation depends on where it stands: 派单 names an act, and the time of it."""
    text = _worded(context + _CONTEXT + message, language())
    return _filled(text, values) if values else text


def later_in(context: str, message: str, /) -> Later:
    """As `later`, with the context as of `tr_in`."""
    return Later(context + _CONTEXT + message)


def later(message: str, /) -> Later:
    """`message` itself, for tables of words: in the catalogues now, said in the user's language by `tr_later`."""
    return Later(message)


def tr_later(message: Later, /) -> str:
    """What `later` marked, in the user's language."""
    return _worded(message, language())
