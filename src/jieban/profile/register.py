"""Named things by code, found by any of their spellings on a day."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from jieban.profile.model import Named

N = TypeVar("N", bound=Named)


def fold(spelling: str) -> str:
    """One form for spellings that differ only by full-width forms, letter case or spaces, as typists' do."""
    return "".join(unicodedata.normalize("NFKC", spelling).casefold().split())


class Register(Mapping[str, N]):
    """Named things by code, in profile order, found by any spelling on a day (whole match only, ruling 6)."""

    def __init__(self, members: Iterable[N]) -> None:
        self._by_code = {member.code: member for member in members}
        self._by_spelling: dict[str, list[N]] = {}
        self._predecessors: dict[str, list[N]] = {}
        for member in self._by_code.values():
            for spelling in dict.fromkeys(map(fold, member.spellings)):
                self._by_spelling.setdefault(spelling, []).append(member)
            if member.successor is not None:
                self._predecessors.setdefault(member.successor, []).append(member)
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
        """Every spelling of every member, as written in the profile, each once."""
        return tuple(dict.fromkeys(s for member in self._by_code.values() for s in member.spellings))

    def valid_on(self, day: date) -> tuple[N, ...]:
        """The members that exist on a day, in profile order."""
        return tuple(member for member in self._by_code.values() if member.validity.covers(day))

    def find(self, spelling: str, on: date | None = None) -> N | None:
        """The member that `spelling` means on a day, or whichever carries its work on that day; None if unknown.

        Spellings match whole, after `fold`. An ended member's name used after its end means its successor; a
        successor's name used before its beginning means the one predecessor then valid, when there is exactly
        one. Without a day: the member that lasts longest of those so spelled.
        """
        members = self._by_spelling.get(fold(spelling))
        if not members:
            return None
        if on is None:
            return max(members, key=lambda member: member.validity.last or date.max)
        for member in members:
            if member.validity.covers(on):
                return member
        for member in members:
            if (carried := self._follow(member, on)) is not None:
                return carried
        for member in members:
            before = [m for m in self._predecessors.get(member.code, ()) if m.validity.covers(on)]
            if len(before) == 1:
                return before[0]
        return None

    def carried_on_by(self, code: str, on: date) -> str:
        """The code that answers on a day for what `code` did: itself while valid, else the successor then valid.

        A code that nobody carries on that day, and an unknown one, is given back as it is.
        """
        member = self._by_code.get(code)
        if member is None or member.validity.covers(on):
            return code
        followed = self._follow(member, on)
        return code if followed is None else followed.code

    def predecessors(self, code: str) -> tuple[N, ...]:
        """Every member whose work came, over any number of steps, to `code`; nearest first."""
        found: dict[str, N] = {}
        waiting = list(self._predecessors.get(code, ()))
        while waiting:
            member = waiting.pop(0)
            if member.code not in found and member.code != code:
                found[member.code] = member
                waiting.extend(self._predecessors.get(member.code, ()))
        return tuple(found.values())

    def as_named_on(self, code: str, on: date) -> N:
        """The member under whose name `code` went on a day: itself, or the one it was renamed from or to.

        Merging makes a new thing, so a merged member keeps its name. Raises KeyError for an unknown code.
        """
        member = self._by_code[code]
        if member.validity.covers(on):
            return member
        seen = {code}
        ahead = member
        while (later := ahead.renamed_to) is not None and later not in seen and later in self._by_code:
            seen.add(later)
            ahead = self._by_code[later]
            if ahead.validity.covers(on):
                return ahead
        behind = [member]
        while behind:
            earlier = [
                m
                for follower in behind
                for m in self._predecessors.get(follower.code, ())
                if m.renamed_to == follower.code and m.code not in seen
            ]
            seen.update(m.code for m in earlier)
            then = [m for m in earlier if m.validity.covers(on)]
            if len(then) == 1:
                return then[0]
            behind = earlier
        return member

    def _follow(self, member: N, on: date) -> N | None:
        seen = {member.code}
        while (code := member.successor) is not None and code not in seen and code in self._by_code:
            member = self._by_code[code]
            seen.add(code)
            if member.validity.covers(on):
                return member
        return None
