"""Everything that is wrong with some ledger files, told at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jieban.kernel.errors import JiebanError
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
    refused: list[JiebanError] = []
    waiting = list(paths)
    while waiting:
        try:
            reading = read_ledger(
                waiting, profile, mapping=mapping, cutoff=cutoff, progress=progress, limits=limits
            )
        except JiebanError as error:
            refused.append(error)
            # Without a culprit among the files (a mapping that can't be read) nothing else would go better.
            culprit = error.where.file if error.where else None
            rest = [path for path in waiting if path.name != culprit]
            if len(rest) == len(waiting):
                break
            waiting = rest
        else:
            return Check(refused=tuple(refused), reading=reading)
    return Check(refused=tuple(refused), reading=None)
