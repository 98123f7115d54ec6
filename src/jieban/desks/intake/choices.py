"""The profile's lists as an operator chooses from them: by any spelling, a topic with its subtopic at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jieban.people.city import city
from jieban.profile.city import Profile
from jieban.profile.model import Named

_KEPT = 4
"""Profiles and days whose lists are kept: today's, and what it was before midnight or an edit."""
WITHIN = "/"
"""Between a topic and its subtopic, a street and its community, in the value of a choice. Codes have no such sign."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Something to be chosen: `spellings` are all texts that mean it, its name first."""

    value: str
    name: str
    spellings: tuple[str, ...]

    @property
    def also(self) -> str:
        """The spellings besides the name, as the page gives them to its script."""
        return "|".join(each for each in self.spellings if each != self.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Choices under a name; the first is the whole of it. `last` are those that mean none of the others (其他)."""

    name: str
    choices: tuple[Choice, ...]
    last: frozenset[str] = frozenset()


def _of(one: Named, value: str | None = None) -> Choice:
    return Choice(value=value or one.code, name=one.name, spellings=one.spellings)


def topics(day: date) -> tuple[Group, ...]:
    """The topics of ordinary orders on a day, each followed by its subtopics."""
    return _topics(city(), day)


@lru_cache(maxsize=_KEPT)
def _topics(profile: Profile, day: date) -> tuple[Group, ...]:
    return tuple(
        Group(
            name=topic.name,
            choices=(
                _of(topic),
                *(
                    _of(each, f"{topic.code}{WITHIN}{each.code}")
                    for each in topic.subtopics
                    if each.validity.covers(day)
                ),
            ),
            last=frozenset(f"{topic.code}{WITHIN}{each.code}" for each in topic.subtopics if each.last),
        )
        for topic in profile.order_topics.valid_on(day)
    )


def places(day: date) -> tuple[Group, ...]:
    """The streets on a day, each followed by its communities and villages, which orders know by name."""
    return _places(city(), day)


@lru_cache(maxsize=_KEPT)
def _places(profile: Profile, day: date) -> tuple[Group, ...]:
    return tuple(
        Group(
            name=street.name,
            choices=(
                _of(street),
                *(
                    Choice(
                        value=f"{street.code}{WITHIN}{each.name}",
                        name=each.name,
                        spellings=tuple(dict.fromkeys((each.name, each.spoken))),
                    )
                    for each in profile.communities_of(street.code, day)
                ),
            ),
        )
        for street in profile.streets.valid_on(day)
    )


def units(day: date) -> tuple[Choice, ...]:
    """The units of a day."""
    return _units(city(), day)


@lru_cache(maxsize=_KEPT)
def _units(profile: Profile, day: date) -> tuple[Choice, ...]:
    return tuple(_of(each) for each in profile.units.valid_on(day))


def all_of(groups: Iterable[Group]) -> Iterator[Choice]:
    """Every choice of some groups, in their order."""
    return (each for group in groups for each in group.choices)


def parted(value: str) -> tuple[str, str | None]:
    """A value's code and what it names within that, if it does."""
    code, _, inner = value.partition(WITHIN)
    return code, inner or None
