"""The atoms: what a row's own columns say, compared on the engine. Never null: an empty cell says no."""

from typing import Any

import ibis

from jieban.indicators.model import Cohort, Window
from jieban.indicators.slices.facts import Carried, Facts
from jieban.ledger.schema import ABSENT

Column = Any
"""An Ibis column. Ibis ships no types that a strict checker could use here."""


def yes(column: Column) -> Column:
    """A comparison with empty cells read as no."""
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


class Atoms:
    """A table's atoms and dimensions by name. Reads as a `flags.Reader`."""

    def __init__(self, table: Column, facts: Facts) -> None:
        self.t = table
        self.facts = facts

    def bit(self, name: str) -> Column:
        """An atom: a property of this class, or one of a deadline's."""
        found: Column = getattr(self, name)
        return found

    def coded(self, column: str, code: str) -> Column:
        """Whether a coded column holds a code."""
        return yes(self.t[column] == code)

    def dimension(self, name: str) -> Column:
        """The column of a dimension, renamed and merged codes carried on."""
        made: Column = getattr(self, name, None)
        return self._coded(name) if made is None else made

    def _coded(self, name: str) -> Column:
        column = self.t[name]
        return carried_on(column, (column,), self.facts.carried.get(name, {}))

    def in_cohort(self, cohort: Cohort, window: Window) -> Column:
        """Whether a row belongs to a window by the cohort's date; empty where the date is.

        Left as plain comparisons: a filter on them skips the row groups of a file that lie outside.
        """
        begin, end = self.facts.windows[window]
        if cohort is Cohort.OPEN_AT_END:
            closed = self.t.closed_at
            still_open = closed.isnull() | (closed >= end) | (closed > self.facts.cutoff)
            return (self.t.dispatched_at < end) & still_open
        column = self.t[cohort.value]
        return (column >= begin) & (column < end)


class DeadlineAtoms(Atoms):
    """Atoms of orders and handlings. Done means done by the cut-off; what is recorded later hasn't happened yet."""

    name: str

    @property
    def signed(self) -> Column:
        """Signed by the cut-off."""
        return yes(self.t.signed_at <= self.facts.cutoff)

    @property
    def closed(self) -> Column:
        """Closed by the cut-off."""
        return yes(self.t.closed_at <= self.facts.cutoff)

    @property
    def sign_seconds(self) -> Column:
        """Seconds from dispatch to signature."""
        return self._seconds(self.t.signed_at)

    @property
    def close_seconds(self) -> Column:
        """Seconds from dispatch to close."""
        return self._seconds(self.t.closed_at)

    def _seconds(self, until: Column) -> Column:
        return (until.epoch_seconds() - self.t.dispatched_at.epoch_seconds()).cast("int32")

    def bit(self, name: str) -> Column:
        """An atom; for each stage and source also `{stage}_{computed,stated,said}_{known,kept,passed}`.

        Known: the source isn't empty. Kept: done by the deadline, or said to be on time. Passed: the deadline is
        before the cut-off. `{stage}_told`: the file has a column for when the stage was done.
        """
        stage, _, rest = name.partition("_")
        if stage not in {"sign", "close"}:
            return super().bit(name)
        if rest == "told":
            return self._told("signed_at" if stage == "sign" else "closed_at")
        source, _, part = rest.partition("_")
        if source == "said":
            on_time = self.t[f"stated_{stage}_on_time"]
            return on_time.notnull() if part == "known" else yes(on_time)
        due = self.t[f"{'stated_' if source == 'stated' else ''}{stage}_due_at"]
        if part == "known":
            return due.notnull()
        done = self.t["signed_at" if stage == "sign" else "closed_at"]
        return yes(done <= due) if part == "kept" else yes(due <= self.facts.cutoff)

    def _told(self, column: str) -> Column:
        lacking = [text for text in self.facts.absent.get(self.name, ()) if column in text.split(",")]
        return ~yes(self.t[ABSENT].isin(lacking)) if lacking else ibis.literal(value=True)


class OrderAtoms(DeadlineAtoms):
    """Atoms of an order."""

    name = "orders"

    @property
    def excluded(self) -> Column:
        """Not assessed (不纳入考核)."""
        return yes(self.t.excluded)

    @property
    def contacted(self) -> Column:
        """The unit contacted the requester."""
        return yes(self.t.contacted)

    @property
    def contacted_known(self) -> Column:
        """It is recorded whether the unit contacted the requester."""
        return self.t.contacted.notnull()

    @property
    def resolved_known(self) -> Column:
        """It is recorded whether the requester holds it solved."""
        return self.t.resolved.notnull()

    @property
    def called_back(self) -> Column:
        """An effective callback was made."""
        return yes(self.t.called_back)

    @property
    def resolved(self) -> Column:
        """The requester holds it solved."""
        return yes(self.t.resolved)

    @property
    def repeated(self) -> Column:
        """Repeats an earlier order."""
        return yes(self.t.repeat_of != "")

    @property
    def reopened(self) -> Column:
        """Reopened after closing at least once."""
        return yes(self.t.reopen_count > 0)

    @property
    def subtopic(self) -> Column:
        """Subtopic code, unique within its topic."""
        keys = (self.t.topic, self.t.subtopic)
        return carried_on(self.t.subtopic, keys, self.facts.carried["subtopic"])

    @property
    def local_hour(self) -> Column:
        """Whole local hours since 1970-01-01 00:00: day, hour of day and weekday in one number."""
        second = self.t.dispatched_at.epoch_seconds()
        (_, east), *later = self.facts.offsets
        offset = ibis.literal(east, type="int64")
        if later:
            # Latest step first: the first that has begun holds.
            begun = [(second >= since, ibis.literal(then, type="int64")) for since, then in reversed(later)]
            offset = ibis.cases(*begun, else_=offset)
        return (second + offset) // 3600


class HandlingAtoms(DeadlineAtoms):
    """Atoms of a handling; its table is joined to the noted orders (`noted_orders`)."""

    name = "handlings"

    @property
    def returned(self) -> Column:
        """Returned by the unit, and the return was granted."""
        return yes(self.t.returned)

    @property
    def extended(self) -> Column:
        """Put off at least once."""
        return yes(self.t.extension_days > 0)

    @property
    def reworked(self) -> Column:
        """Sent back to be done again at least once."""
        return yes(self.t.rework_count > 0)

    @property
    def order_excluded(self) -> Column:
        """Its order isn't assessed."""
        return yes(self.t.order_excluded)

    @property
    def order_void(self) -> Column:
        """Its order was merged or split away, and doesn't count."""
        return yes(self.t.order_void)

    @property
    def order_dissatisfied(self) -> Column:
        """Its order is an assessed one of the period, rated 不满意."""
        return yes(self.t.order_dissatisfied)

    def in_cohort(self, cohort: Cohort, window: Window) -> Column:
        """Whether a handling belongs to a window by the cohort's date."""
        if cohort is Cohort.OF_ORDER:
            return self.order_dissatisfied
        return super().in_cohort(cohort, window)


class LetterAtoms(Atoms):
    """Atoms of a mailbox letter. Each mailbox has topics of its own."""

    @property
    def received(self) -> Column:
        """Every letter is."""
        return self.t.received_at.notnull()

    @property
    def closed_at_cutoff(self) -> Column:
        """A closing time by the cut-off is recorded."""
        return yes(self.t.closed_at <= self.facts.cutoff)

    @property
    def topic(self) -> Column:
        """Topic code within the mailbox's scheme."""
        return carried_on(self.t.topic, (self.t.mailbox, self.t.topic), self.facts.carried["mailbox_topic"])

    @property
    def subtopic(self) -> Column:
        """Subtopic code within the topic."""
        keys = (self.t.mailbox, self.t.topic, self.t.subtopic)
        return carried_on(self.t.subtopic, keys, self.facts.carried["mailbox_subtopic"])
