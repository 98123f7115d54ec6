"""The city as it was: what has been taken out of it since is still called what it was called."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Protocol, TypeVar

from jieban.kernel.errors import JiebanError
from jieban.people.city import city, filed
from jieban.people.city_changes import as_of
from jieban.people.city_in_force import Key, last_decision
from jieban.profile.city import Profile

_DAYS = 32
"""Days whose cities are kept: what was taken out is asked for by few."""


class Coded(Protocol):
    """Something of a list of the profile's."""

    @property
    def code(self) -> str: ...  # noqa: D102  # as the profile's things have it
    @property
    def name(self) -> str: ...  # noqa: D102  # as above


C = TypeVar("C", bound=Coded)


def known_then(code: str, of: Callable[[Profile], Iterable[C]], at: datetime) -> C | None:
    """A thing of one of the city's lists by its code: as it is now, else as it was at that time; None if it never was.

    A query, and the city's files read once for a day, only for what is there no longer.
    """
    for profile in _cities(at):
        found = next((each for each in of(profile) if each.code == code), None)
        if found is not None:
            return found
    return None


def name_then(code: str, of: Callable[[Profile], Iterable[C]], at: datetime) -> str:
    """What it is or was called; its code where nobody knows."""
    found = known_then(code, of, at)
    return code if found is None else found.name


def _cities(at: datetime) -> Iterator[Profile]:
    """The city now, that of the day and of the day before (on which it changed both held), and that of the files."""
    yield city()
    day, key, version = city().clock.local_date(at), last_decision(), filed().version
    for each in (day, day - timedelta(days=1)):
        then = _city_on(each, key, version)
        if then is not None:
            yield then
    yield filed()


@lru_cache(maxsize=_DAYS)
def _city_on(day: date, key: Key, version: str) -> Profile | None:
    """The city of a day; `key` and `version` say as of which decision and files that is known."""
    del key, version
    try:
        profile, _ = as_of(day)
    except JiebanError:
        # Files that were edited under older changes contradict them: what was then nobody knows any more.
        return None
    return profile
