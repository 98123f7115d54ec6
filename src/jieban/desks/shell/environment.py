"""The templates' environment: Jinja2 with everything escaped, and the words of `shell.words` at hand."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from jieban.desks.shell import words
from jieban.kernel.i18n import tr, tr_later


def environment(**options: Any) -> Environment:
    """Jinja2 for Django's backend: an undefined name is an error, not an empty place on the page."""
    made = Environment(**{**options, "undefined": StrictUndefined, "autoescape": True})  # noqa: S701  # it is on
    made.globals.update(_=tr, later=tr_later, static=static, url=reverse, words=words)
    made.globals.update(demonstration=lambda: settings.JIEBAN_DEMO)
    made.trim_blocks = made.lstrip_blocks = True
    return made
