"""Handlings and mailbox letters, as indicators see them."""

from jieban.indicators.model import Cohort, Window
from jieban.indicators.slices.base import Column, Deadlined, Slice, carried_on, yes
from jieban.ledger.schema import LetterDisposition, Role


class HandlingSlice(Deadlined):
    """The flags of a handling; its table is joined to the noted orders (`NotedOrders`)."""

    def in_cohort(self, cohort: Cohort, window: Window) -> Column:
        """Whether a handling belongs to a window by the cohort's date."""
        if cohort is Cohort.OF_ORDER:
            return self.leads_dissatisfied
        return super().in_cohort(cohort, window)

    @property
    def returned(self) -> Column:
        """Returned by the unit, and the return was granted."""
        return yes(self.t.returned)

    @property
    def order_excluded(self) -> Column:
        """Its order isn't assessed."""
        return yes(self.t.order_excluded)

    @property
    def order_void(self) -> Column:
        """Its order was merged or split away, and doesn't count."""
        return yes(self.t.order_void)

    @property
    def leads_dissatisfied(self) -> Column:
        """The lead handling of an assessed order of the period that was rated 不满意."""
        lead = self.t.role == Role.LEAD.value
        return yes(self.t.order_dissatisfied & lead & ~self.returned)

    @property
    def extended(self) -> Column:
        """Put off at least once."""
        return yes(self.t.extension_days > 0)

    @property
    def reworked(self) -> Column:
        """Sent back to be done again at least once."""
        return yes(self.t.rework_count > 0)

    @property
    def unit(self) -> Column:
        """Unit code."""
        return carried_on(self.t.unit, (self.t.unit,), self.facts.carried["unit"])

    @property
    def role(self) -> Column:
        """Lead or assist."""
        return self.t.role


class LetterSlice(Slice):
    """The flags of a mailbox letter."""

    @property
    def received(self) -> Column:
        """Every letter is."""
        return self.t.received_at.notnull()

    @property
    def closed(self) -> Column:
        """Closed by the cut-off; one answered at once is closed with the answer."""
        return self.done(self.t.closed_at) | self.answered

    @property
    def transferred(self) -> Column:
        """Passed on to a unit (转办)."""
        return self.t.disposition == LetterDisposition.TRANSFERRED.value

    @property
    def answered(self) -> Column:
        """Answered and closed at once (直接办结答复)."""
        return self.t.disposition == LetterDisposition.ANSWERED.value

    @property
    def mailbox(self) -> Column:
        """Mailbox code."""
        return carried_on(self.t.mailbox, (self.t.mailbox,), self.facts.carried["mailbox"])

    @property
    def topic(self) -> Column:
        """Topic code within the mailbox's scheme."""
        return carried_on(self.t.topic, (self.t.mailbox, self.t.topic), self.facts.carried["mailbox_topic"])

    @property
    def subtopic(self) -> Column:
        """Subtopic code within the topic."""
        keys = (self.t.mailbox, self.t.topic, self.t.subtopic)
        return carried_on(self.t.subtopic, keys, self.facts.carried["mailbox_subtopic"])

    @property
    def unit(self) -> Column:
        """Unit code."""
        return carried_on(self.t.unit, (self.t.unit,), self.facts.carried["unit"])
