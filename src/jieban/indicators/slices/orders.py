"""Orders, as indicators see them."""

from functools import cached_property

import ibis

from jieban.indicators.model import Cohort, Window
from jieban.indicators.slices.base import Column, Deadlined, carried_on, yes
from jieban.ledger.schema import Disposition, Satisfaction


class OrderSlice(Deadlined):
    """The flags of an order."""

    @property
    def dispatched(self) -> Column:
        """Dispatched to units (转派)."""
        return self._became(Disposition.DISPATCHED)

    @property
    def answered(self) -> Column:
        """Answered at once (直接答复)."""
        return self._became(Disposition.ANSWERED)

    @property
    def refused(self) -> Column:
        """Not taken (不予受理)."""
        return self._became(Disposition.REFUSED)

    @property
    def merged(self) -> Column:
        """Merged into another order (并单)."""
        return self._became(Disposition.MERGED)

    @property
    def split(self) -> Column:
        """Split into several orders, which count in its place (拆单)."""
        return self._became(Disposition.SPLIT)

    def _became(self, disposition: Disposition) -> Column:
        return self.t.disposition == disposition.value

    @property
    def excluded(self) -> Column:
        """Not assessed (不纳入考核)."""
        return yes(self.t.excluded)

    @property
    def contacted(self) -> Column:
        """The unit contacted the requester."""
        return yes(self.t.contacted)

    @property
    def called_back(self) -> Column:
        """An effective callback was made."""
        return yes(self.t.called_back)

    @property
    def resolved(self) -> Column:
        """The requester holds it solved."""
        return yes(self.t.resolved)

    @property
    def satisfied(self) -> Column:
        """Rated 满意 or 非常满意."""
        return yes(
            self.t.satisfaction.isin([Satisfaction.VERY_SATISFIED.value, Satisfaction.SATISFIED.value])
        )

    @property
    def basically_satisfied(self) -> Column:
        """Rated 基本满意."""
        return yes(self.t.satisfaction == Satisfaction.BASICALLY_SATISFIED.value)

    @property
    def dissatisfied(self) -> Column:
        """Rated 不满意."""
        return yes(self.t.satisfaction == Satisfaction.DISSATISFIED.value)

    @property
    def repeated(self) -> Column:
        """Repeats an earlier order."""
        return self.t.repeat_of.notnull() & (self.t.repeat_of != "")

    @property
    def reopened(self) -> Column:
        """Reopened after closing at least once."""
        return yes(self.t.reopen_count > 0)

    @property
    def request_type(self) -> Column:
        """Request type code."""
        return self._coded("request_type")

    @property
    def channel(self) -> Column:
        """Channel code."""
        return self._coded("channel")

    @property
    def street(self) -> Column:
        """Street code."""
        return self._coded("street")

    @property
    def topic(self) -> Column:
        """Topic code."""
        return self._coded("topic")

    def _coded(self, name: str) -> Column:
        column = self.t[name]
        return carried_on(column, (column,), self.facts.carried[name])

    @property
    def subtopic(self) -> Column:
        """Subtopic code, unique within its topic."""
        return carried_on(self.t.subtopic, (self.t.topic, self.t.subtopic), self.facts.carried["subtopic"])

    @property
    def urgency(self) -> Column:
        """Urgency code."""
        return self.t.urgency

    @cached_property
    def local_hour(self) -> Column:
        """Whole local hours since 1970-01-01 00:00: day, hour of day and weekday in one number."""
        second = self.t.dispatched_at.epoch_seconds()
        steps = self.facts.offsets
        if len(steps) == 1:
            offset = ibis.literal(steps[0][1], type="int64")
        else:
            # Latest step first: the first that has begun holds.
            begun = [
                (second >= since, ibis.literal(east, type="int64")) for since, east in reversed(steps[1:])
            ]
            offset = ibis.cases(*begun, else_=ibis.literal(steps[0][1], type="int64"))
        return (second + offset) // 3600


class NotedOrders(OrderSlice):
    """The few orders that bear on how their handlings count: not assessed, merged or split away, dissatisfied."""

    def relation(self) -> Column:
        """Order numbers with flags, only where one is set. One row an order."""
        void = self.merged | self.split
        dissatisfied = (
            self.dispatched
            & ~self.excluded
            & self.dissatisfied
            & yes(self.in_cohort(Cohort.DISPATCHED, Window.CURRENT))
        )
        return self.t.filter(self.excluded | void | dissatisfied).select(
            noted_no=self.t.order_no,
            order_excluded=self.excluded,
            order_void=void,
            order_dissatisfied=dissatisfied,
        )
