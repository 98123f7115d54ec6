"""The templates' environment: Jinja2 with everything escaped, and the words of `shell.words` at hand."""

import re
from typing import Any, Final

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from jinja2 import Environment, StrictUndefined

from jieban.desks.shell import words
from jieban.desks.shell.long import folded
from jieban.kernel.i18n import tr, tr_later

_TIME: Final = r"\d{2}:\d{2}"
_MOMENT: Final = re.compile(rf"(?:\d{{4}}-)?\d{{2}}-\d{{2}} {_TIME}(?:-{_TIME})?|{_TIME}-{_TIME}")


def environment(**options: Any) -> Environment:
    """Jinja2 for Django's backend: an undefined name is an error, not an empty place on the page."""
    made = Environment(**{**options, "undefined": StrictUndefined, "autoescape": True})  # noqa: S701  # it is on
    made.globals.update(_=tr, later=tr_later, static=static, url=reverse, words=words)
    made.globals.update(demonstration=lambda: settings.JIEBAN_DEMO)
    made.filters.update(whole_moments=whole_moments, folded=folded)
    made.trim_blocks = made.lstrip_blocks = True
    return made


def whole_moments(text: str) -> SafeString:
    """A text whose instants and hours aren't broken in two at the end of a line."""
    return SafeString(_MOMENT.sub(r'<span class="unbroken">\g<0></span>', escape(text)))
