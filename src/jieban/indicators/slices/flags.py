"""The flags that indicators name: boolean algebra over atoms, whoever reads these.

A finding on a deadline is: kept, late, or not yet due. `*_due`: there is something to judge by. `*_pending`: open
and not yet due at the cut-off. `*_late`: done after the deadline, or still open with the deadline passed. The
profile's precedence says which source is asked first; one that is silent on a row leaves it to the next. What the
file says of being on time it found when it was written: of a row that is still open at the cut-off its deadline tells.
Where the file has no column for when the stage was done, no deadline can be held against it: its own word stands alone.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, Protocol

from jieban.indicators.slices.rules import Rules
from jieban.ledger.schema import Disposition, LetterDisposition, Role, Satisfaction

Flag = Any
"""A boolean column: of Ibis or of numpy."""


class Reader(Protocol):
    """Gives a row's atoms."""

    def bit(self, name: str) -> Flag:
        """An atom by its name in `atoms`."""

    def coded(self, column: str, code: str) -> Flag:
        """Whether a coded column holds a code."""


class Flags:
    """What can be asked of a row of some table."""

    def __init__(self, reader: Reader, *, rules: Rules) -> None:
        self._reader = reader
        self._rules = rules

    def __getattr__(self, name: str) -> Flag:
        """An atom, where the table names no flag made of several."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self._reader.bit(name)


_DONE = {"sign": "signed", "close": "closed"}

Finding = tuple[Flag, Flag, Flag]
"""Whether a source says anything; if so, late; if so, not yet due."""


class Deadlined(Flags):
    """Orders and handlings: signed and closed, each against a deadline."""

    @property
    def sign_due(self) -> Flag:
        """There is a signing deadline, or the file's own finding."""
        return _said(self._sources("sign"))

    @property
    def sign_late(self) -> Flag:
        """Signed late, or unsigned with the deadline passed."""
        return _first(self._sources("sign"), 1)

    @property
    def sign_pending(self) -> Flag:
        """Unsigned and not yet due."""
        return _first(self._sources("sign"), 2)

    @property
    def sign_disputed(self) -> Flag:
        """The computed deadline and the file's own lead to different findings on signing."""
        return self._disputed("sign")

    @property
    def close_due(self) -> Flag:
        """There is a closing deadline, or the file's own finding."""
        return _said(self._sources("close"))

    @property
    def close_late(self) -> Flag:
        """Closed late, or open with the deadline passed."""
        return _first(self._sources("close"), 1)

    @property
    def close_pending(self) -> Flag:
        """Open and not yet due."""
        return _first(self._sources("close"), 2)

    @property
    def close_disputed(self) -> Flag:
        """The computed deadline and the file's own lead to different findings on closing."""
        return self._disputed("close")

    def _by_due(self, stage: str, source: str) -> Finding:
        done, told = self._reader.bit(_DONE[stage]), self._reader.bit(f"{stage}_told")
        known, kept, passed = (
            self._reader.bit(f"{stage}_{source}_{part}") for part in ("known", "kept", "passed")
        )
        return known & told, (done & ~kept) | (~done & passed), ~done & ~passed

    def _from_file(self, stage: str) -> tuple[Finding, Finding]:
        done, told = self._reader.bit(_DONE[stage]), self._reader.bit(f"{stage}_told")
        known, kept = (self._reader.bit(f"{stage}_said_{part}") for part in ("known", "kept"))
        by_due = self._by_due(stage, "stated")
        return (known & (done | ~by_due[0]), ~kept, kept & ~done & told), by_due

    def _sources(self, stage: str) -> tuple[Finding, ...]:
        computed = (self._by_due(stage, "computed"),)
        from_file = self._from_file(stage)
        return (*from_file, *computed) if self._rules.stated_first else (*computed, *from_file)

    def _disputed(self, stage: str) -> Flag:
        ours = (self._by_due(stage, "computed"),)
        theirs = self._from_file(stage)
        settled = _said(ours) & ~_first(ours, 2) & _said(theirs) & ~_first(theirs, 2)
        return settled & (_first(ours, 1) ^ _first(theirs, 1))


def _said(sources: Sequence[Finding]) -> Flag:
    return reduce(or_, (source[0] for source in sources))


def _first(sources: Sequence[Finding], part: int) -> Flag:
    """What the first source that says anything says."""
    answer = sources[-1][0] & sources[-1][part]
    for source in reversed(sources[:-1]):
        answer = (source[0] & source[part]) | (~source[0] & answer)
    return answer


class OrderFlags(Deadlined):
    """What can be asked of an order; atoms besides these flags are listed in `atoms.OrderAtoms`."""

    @property
    def dispatched(self) -> Flag:
        """Dispatched to units (转派)."""
        return self._became(Disposition.DISPATCHED)

    @property
    def answered(self) -> Flag:
        """Answered at once (直接答复)."""
        return self._became(Disposition.ANSWERED)

    @property
    def refused(self) -> Flag:
        """Not taken (不予受理)."""
        return self._became(Disposition.REFUSED)

    @property
    def merged(self) -> Flag:
        """Merged into another order (并单)."""
        return self._became(Disposition.MERGED)

    @property
    def split(self) -> Flag:
        """Split into several orders, which count in its place (拆单)."""
        return self._became(Disposition.SPLIT)

    @property
    def satisfied(self) -> Flag:
        """Rated 满意 or 非常满意."""
        return self._rated(Satisfaction.SATISFIED) | self._rated(Satisfaction.VERY_SATISFIED)

    @property
    def basically_satisfied(self) -> Flag:
        """Rated 基本满意."""
        return self._rated(Satisfaction.BASICALLY_SATISFIED)

    @property
    def dissatisfied(self) -> Flag:
        """Rated 不满意."""
        return self._rated(Satisfaction.DISSATISFIED)

    def _became(self, disposition: Disposition) -> Flag:
        return self._reader.coded("disposition", disposition.value)

    def _rated(self, rating: Satisfaction) -> Flag:
        return self._reader.coded("satisfaction", rating.value)


class HandlingFlags(Deadlined):
    """What can be asked of a handling; atoms besides these flags are listed in `atoms.HandlingAtoms`."""

    @property
    def outside(self) -> Flag:
        """Counts nowhere: its order was merged or split away, or it assists where the lead's alone counts.

        One of which nobody said whether it leads or assists is not outside.
        """
        void = self._reader.bit("order_void")
        return void | self._reader.coded("role", Role.ASSIST.value) if self._rules.lead_only else void

    @property
    def leads_dissatisfied(self) -> Flag:
        """The lead handling of an assessed order of the period that was rated 不满意."""
        lead = self._reader.coded("role", Role.LEAD.value)
        return self._reader.bit("order_dissatisfied") & lead & ~self._reader.bit("returned")


class LetterFlags(Flags):
    """What can be asked of a mailbox letter."""

    @property
    def transferred(self) -> Flag:
        """Passed on to a unit (转办)."""
        return self._reader.coded("disposition", LetterDisposition.TRANSFERRED.value)

    @property
    def answered(self) -> Flag:
        """Answered and closed at once (直接办结答复)."""
        return self._reader.coded("disposition", LetterDisposition.ANSWERED.value)

    @property
    def refused(self) -> Flag:
        """Not taken (不予受理)."""
        return self._reader.coded("disposition", LetterDisposition.REFUSED.value)

    @property
    def counted(self) -> Flag:
        """Neither merged into another letter nor split into several, which count in its place."""
        merged, split = (
            self._reader.coded("disposition", each.value)
            for each in (LetterDisposition.MERGED, LetterDisposition.SPLIT)
        )
        return ~merged & ~split

    @property
    def pending(self) -> Flag:
        """Not yet passed on, answered or refused."""
        return self._reader.coded("disposition", LetterDisposition.PENDING.value)

    @property
    def closed(self) -> Flag:
        """Closed by the cut-off; one answered at once is closed with the answer."""
        return (self._reader.bit("closed_at_cutoff") | self.answered) & self.counted


FLAGS: dict[str, type[Flags]] = {"orders": OrderFlags, "handlings": HandlingFlags, "letters": LetterFlags}
"""The flags of each counted table."""
