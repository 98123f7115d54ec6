"""Words a user reads. The source language is Chinese; catalogues in `locale/` add others (LANG=en)."""

import gettext
import os
from functools import cache
from pathlib import Path

_LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"
_DOMAIN = "jieban"


def language() -> str:
    """`en` when LC_ALL, LC_MESSAGES or LANG (the first that is set) asks for English, else `zh`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


@cache
def _catalogue(wanted: str) -> gettext.NullTranslations:
    return gettext.translation(_DOMAIN, _LOCALE_DIR, languages=[wanted], fallback=True)


def tr(message: str, /, **values: object) -> str:
    """`message` in the user's language, with `{name}` places filled from `values`."""
    text = _catalogue(language()).gettext(message)
    return text.format(**values) if values else text
