"""The profile as one value, with the look-ups that the other rooms need."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from jieban.kernel.errors import Exit, JiebanError
from jieban.profile.model import (
    Channel,
    Community,
    CountingRules,
    DeadlineRule,
    ExtensionRule,
    Label,
    Mailbox,
    Named,
    Policy,
    Publication,
    RecommendationRule,
    RequestType,
    Section,
    Street,
    Subtopic,
    Topic,
    Unit,
)
from jieban.worktime import WorkClock

N = TypeVar("N", bound=Named)


class BadProfile(JiebanError):
    """A profile that can't be used, with the place of the fault."""

    code = "profile.bad"
    exit_code = Exit.BAD_PROFILE


class Register(Mapping[str, N]):
    """Named things by code, in profile order, found by any spelling on a day (whole match only, ruling 6)."""

    def __init__(self, members: Iterable[N]) -> None:
        self._by_code = {member.code: member for member in members}
        self._by_spelling: dict[str, list[N]] = {}
        for member in self._by_code.values():
            for spelling in member.spellings:
                self._by_spelling.setdefault(spelling, []).append(member)
        self._order = {code: index for index, code in enumerate(self._by_code)}

    def __getitem__(self, code: str) -> N:
        return self._by_code[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    def position(self, code: str) -> int:
        """The place of `code` in profile order, from 0; unknown codes come after all."""
        return self._order.get(code, len(self._order))

    def spellings(self) -> Sequence[str]:
        """Every spelling of every member."""
        return tuple(self._by_spelling)

    def find(self, spelling: str, on: date | None = None) -> N | None:
        """The member that `spelling` means on a day, or whichever carries its work on that day; None if unknown.

        An ended member's name used after its end means its successor; a successor's name used before its
        beginning means the one predecessor then valid, when there is exactly one.
        """
        members = self._by_spelling.get(spelling)
        if not members:
            return None
        if on is None:
            return members[-1]
        for member in members:
            if member.validity.covers(on):
                return member
        for member in members:
            if (carried := self._follow(member, on)) is not None:
                return carried
        for member in members:
            before = [
                m for m in self._by_code.values() if m.successor == member.code and m.validity.covers(on)
            ]
            if len(before) == 1:
                return before[0]
        return None

    def _follow(self, member: N, on: date) -> N | None:
        seen = {member.code}
        while (code := member.successor) is not None and code not in seen:
            member = self._by_code[code]
            seen.add(code)
            if member.validity.covers(on):
                return member
        return None

    def carried_on_by(self, code: str, on: date) -> str:
        """The code that answers on a day for what `code` did: itself while valid, else its last successor."""
        member = self._by_code.get(code)
        if member is None or member.validity.covers(on):
            return code
        followed = self._follow(member, on)
        return code if followed is None else followed.code


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A city as an immutable value. `version` is the SM3 of its canonical content."""

    name: str
    title: str
    short_title: str
    version: str
    invented: bool
    units: Register[Unit]
    unit_kinds: tuple[Label, ...]
    unit_groups: tuple[Label, ...]
    streets: Register[Street]
    communities: tuple[Community, ...]
    request_types: Register[RequestType]
    topics: tuple[Topic, ...]
    order_scheme: str
    mailboxes: Register[Mailbox]
    channels: Register[Channel]
    labels: Mapping[str, tuple[Label, ...]]
    clock: WorkClock
    deadline_rules: tuple[DeadlineRule, ...]
    extension: ExtensionRule
    counting: CountingRules
    policies: Mapping[str, Policy]
    publication: Publication
    outline: tuple[Section, ...]
    wording: Mapping[str, str]
    recommendations: tuple[RecommendationRule, ...]
    sources: tuple[str, ...] = field(default=())

    @cached_property
    def schemes(self) -> Mapping[str, Register[Topic]]:
        """Topics by scheme."""
        names = dict.fromkeys(topic.scheme for topic in self.topics)
        return {name: Register(t for t in self.topics if t.scheme == name) for name in names}

    @cached_property
    def order_topics(self) -> Register[Topic]:
        """The topics of ordinary orders."""
        return self.schemes[self.order_scheme]

    def subtopics(self, scheme: str, topic: str) -> Register[Subtopic]:
        """The subtopics of a topic; an empty register for an unknown topic."""
        return self._subtopics.get((scheme, topic), Register[Subtopic](()))

    @cached_property
    def _subtopics(self) -> Mapping[tuple[str, str], Register[Subtopic]]:
        return {(topic.scheme, topic.code): Register(topic.subtopics) for topic in self.topics}

    def phrase(self, key: str, /, **values: object) -> str:
        """The profile's wording for `key`, filled. Raises BadProfile when the profile lacks it."""
        try:
            return self.wording[key].format(**values)
        except KeyError as missing:
            raise BadProfile(f"配置“{self.name}”缺少措辞 {key}({missing})。") from missing
