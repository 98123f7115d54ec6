"""What the slices of every table share: cohorts, deadlines, renamed codes."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import ibis

from jieban.indicators.model import Cohort, Window
from jieban.indicators.slices.facts import Carried, Facts

Column = Any
"""An Ibis column. Ibis ships no types that a strict checker could use here."""


def yes(column: Column) -> Column:
    """A flag column with empty cells read as no."""
    return column.fill_null(False)


def carried_on(column: Column, keys: tuple[Column, ...], carried: Carried) -> Column:
    """`column` with every ended code replaced by the one that carries on; nothing added when none has ended."""
    if not carried:
        return column
    branches = []
    for codes, later in carried.items():
        match = keys[0] == codes[0]
        for key, code in zip(keys[1:], codes[1:], strict=True):
            match &= key == code
        branches.append((match, later))
    return ibis.cases(*branches, else_=column)


class Slice:
    """A table whose flags, dimensions and numbers are attributes. Flags are never null."""

    def __init__(self, table: Any, facts: Facts) -> None:
        self.t = table
        self.facts = facts

    def within(self, column: Column, window: Window) -> Column:
        """Whether an instant lies in a window."""
        begin, end = self.facts.windows[window]
        return (column >= begin) & (column < end)

    def in_cohort(self, cohort: Cohort, window: Window) -> Column:
        """Whether a row belongs to a window by the cohort's date."""
        if cohort is Cohort.OPEN_AT_END:
            end = self.facts.windows[window][1]
            closed = self.closed & yes(self.t.closed_at < end)
            return (self.t.dispatched_at < end) & ~closed
        return self.within(self.t[cohort.value], window)

    def done(self, column: Column) -> Column:
        """Whether something has happened, as known at the cut-off."""
        return yes(column <= self.facts.cutoff)

    @cached_property
    def closed(self) -> Column:
        """Closed by the cut-off."""
        return self.done(self.t.closed_at)


class Deadlined(Slice):
    """A slice with deadlines: orders and handlings. A finding is late, kept, or not yet due.

    `*_due`: there is something to judge by. `*_pending`: open and not yet due at the cut-off.
    `*_late`: done after the deadline, or still open with the deadline passed. The profile's precedence says
    which source is asked first; one that is silent on a row leaves it to the next.
    """

    @cached_property
    def signed(self) -> Column:
        """Signed by the cut-off."""
        return self.done(self.t.signed_at)

    @cached_property
    def sign_seconds(self) -> Column:
        """Seconds from dispatch to signature."""
        return self.t.signed_at.epoch_seconds() - self.t.dispatched_at.epoch_seconds()

    @cached_property
    def close_seconds(self) -> Column:
        """Seconds from dispatch to close."""
        return self.t.closed_at.epoch_seconds() - self.t.dispatched_at.epoch_seconds()

    @cached_property
    def _sign(self) -> Mapping[str, Column]:
        return self._stage("sign", self.t.signed_at, self.signed)

    @cached_property
    def _close(self) -> Mapping[str, Column]:
        return self._stage("close", self.t.closed_at, self.closed)

    def _stage(self, stage: str, at: Column, done: Column) -> dict[str, Column]:
        computed = self.t[f"{stage}_due_at"]
        stated = self.t[f"stated_{stage}_due_at"]
        flag = self.t[f"stated_{stage}_on_time"]
        cutoff = self.facts.cutoff

        def by_due(due: Column) -> tuple[Column, Column, Column]:
            late = ibis.ifelse(done, at > due, due <= cutoff)
            return due.notnull(), late, ~done & (due > cutoff)

        by_flag = (flag.notnull(), ~flag, flag & ~done)
        from_file = (by_flag, by_due(stated))
        asked = (*from_file, by_due(computed)) if self.facts.stated_first else (by_due(computed), *from_file)

        def first(part: int, sources: tuple[tuple[Column, Column, Column], ...] = asked) -> Column:
            return ibis.cases(*((source[0], source[part]) for source in sources), else_=False)

        ours = (by_due(computed),)
        both = computed.notnull() & (flag.notnull() | stated.notnull())
        settled = ~first(2, ours) & ~first(2, from_file)
        return {
            "due": computed.notnull() | stated.notnull() | flag.notnull(),
            "late": first(1),
            "pending": first(2),
            "disputed": both & settled & (first(1, ours) != first(1, from_file)),
        }

    @property
    def sign_due(self) -> Column:
        """There is a signing deadline, or the file's own finding."""
        return self._sign["due"]

    @property
    def sign_late(self) -> Column:
        """Signed late, or unsigned with the deadline passed."""
        return self._sign["late"]

    @property
    def sign_pending(self) -> Column:
        """Unsigned and not yet due."""
        return self._sign["pending"]

    @property
    def close_due(self) -> Column:
        """There is a closing deadline, or the file's own finding."""
        return self._close["due"]

    @property
    def close_late(self) -> Column:
        """Closed late, or open with the deadline passed."""
        return self._close["late"]

    @property
    def close_pending(self) -> Column:
        """Open and not yet due."""
        return self._close["pending"]

    @property
    def sign_disputed(self) -> Column:
        """The computed deadline and the file's own lead to different findings on signing."""
        return self._sign["disputed"]

    @property
    def close_disputed(self) -> Column:
        """The computed deadline and the file's own lead to different findings on closing."""
        return self._close["disputed"]
