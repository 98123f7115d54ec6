"""The fields of a reply, those included that the city's template had when it was written and has no longer."""

from collections.abc import Iterable
from datetime import datetime

from jieban.people.city import city
from jieban.people.city_then import known_then
from jieban.profile.workflow import ReplyField


def fields_of(said: Iterable[str], at: datetime) -> tuple[ReplyField, ...]:
    """The template's fields, and after them those of `said` (codes) that it had at that time.

    Codes that no template of that day has are in none of them.
    """
    template = city().workflow.reply
    missing = [code for code in said if code not in {each.code for each in template}]
    found = (known_then(code, lambda then: then.workflow.reply, at) for code in missing)
    return (*template, *(each for each in found if each is not None))
