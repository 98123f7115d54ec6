"""Which recommendations are others in new words: what was rewritten is neither left out nor added."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A recommendation: its text, and where its figures come from."""

    text: str
    figures: frozenset[Hashable]


def reworded(gone: Sequence[Said], come: Sequence[Said]) -> tuple[int | None, ...]:
    """For each that came the place of the one among those gone that it says in new words, None where it is new.

    It is the one with most of its figures, or else the one whose words are most alike; each is so at most once.
    """
    rest = dict(enumerate(gone))
    origins: list[int | None] = []
    for each in come:
        shared = {at: len(each.figures & one.figures) for at, one in rest.items()}
        nearest = max(shared, key=shared.__getitem__, default=-1)
        found = nearest if shared.get(nearest) else None
        if found is not None:
            del rest[found]
        origins.append(found)
    for at, each in enumerate(come):
        if origins[at] is not None:
            continue
        for alike in get_close_matches(each.text, [one.text for one in rest.values()], n=1):
            found = next(where for where, one in rest.items() if one.text == alike)
            del rest[found]
            origins[at] = found
    return tuple(origins)
