"""The fields of a reply, those included that the city's template had when it was written and has no longer."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from jieban.kernel.errors import JiebanError
from jieban.people.city import city, filed
from jieban.people.city_changes import as_of
from jieban.people.city_in_force import Key, last_decision
from jieban.profile.workflow import ReplyField

_DAYS = 64
"""Days whose templates are kept: old replies come from few of them."""


def fields_of(said: Iterable[str], at: datetime) -> tuple[ReplyField, ...]:
    """The template's fields, and after them those of `said` (codes) that it had at that time.

    Codes that no template of that day has are in none of them. Queries only where something is missing today, and the
    city's files are read as they were that day, once.
    """
    template = city().workflow.reply
    missing = set(said) - {each.code for each in template}
    if not missing:
        return template
    then, key, version = city().clock.local_date(at), last_decision(), filed().version
    # On the day of a change both were in use, and what files say may never have been changed here.
    days = (then, then - timedelta(days=1))
    templates = (*(_template_on(day, key, version) for day in days), filed().workflow.reply)
    found: dict[str, ReplyField] = {}
    for field in (each for known in templates for each in known if each.code in missing):
        found.setdefault(field.code, field)
    return (*template, *found.values())


@lru_cache(maxsize=_DAYS)
def _template_on(day: date, key: Key, version: str) -> tuple[ReplyField, ...]:
    """The template of a day; `key` and `version` say as of which decision and files that is known."""
    del key, version
    try:
        profile, _ = as_of(day)
    except JiebanError:
        # Files that were edited under older changes: what was said is shown all the same, without its name.
        return ()
    return profile.workflow.reply
