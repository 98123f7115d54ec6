"""Everything that is wrong with some ledger files, told at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jieban.kernel.errors import JiebanError
from jieban.ledger.doors.twice import given_twice
from jieban.ledger.doors.workbook import DEFAULT_LIMITS, Limits
from jieban.ledger.mapping.model import Mapping
from jieban.ledger.read import Progress, Reading, read_ledger
from jieban.profile.city import Profile


@dataclass(frozen=True, kw_only=True)
class Check:
    """What checking found: files that were refused, each with its reason, and the reading of all the others.

    `reading` is None when nothing could be read.
    """

    refused: tuple[JiebanError, ...]
    reading: Reading | None

    @property
    def clean(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.refused and self.reading is not None and len(self.reading.faults) == 0


def check_ledger(
    paths: Sequence[Path],
    profile: Profile,
    *,
    mapping: Mapping | Path | None = None,
    cutoff: datetime | None = None,
    progress: Progress | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Check:
    """Read files as `read_ledger` does, but go on where one is refused."""
    twice = dict(given_twice(paths))
    refused: list[JiebanError] = list(twice.values())
    waiting = [path for place, path in enumerate(paths) if place not in twice]
    while waiting:
        at = _At(progress)
        try:
            reading = read_ledger(
                waiting, profile, mapping=mapping, cutoff=cutoff, progress=at, limits=limits
            )
        except JiebanError as error:
            refused.append(error)
            # Without a culprit among the files (a mapping that can't be read) nothing else would go better.
            if at.place is None or at.place == len(waiting):
                break
            del waiting[at.place]
        else:
            return Check(refused=tuple(refused), reading=reading)
    return Check(refused=tuple(refused), reading=None)


class _At:
    """Passes progress on and remembers which file is being read; names may be the same in several directories."""

    def __init__(self, progress: Progress | None) -> None:
        self._told = progress
        self.place: int | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        self.place = done
        if self._told is not None:
            self._told(what, done, total)
