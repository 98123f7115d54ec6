"""A month's figures twice: as its ledger has them, and with a part of it played through the acts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from jieban.indicators.compute import compute
from jieban.indicators.model import Cut, Value, Window
from jieban.indicators.period import Period
from jieban.ledger.schema import Ledger
from jieban.people.city import city
from jieban.profile.model import Precedence

Values = Mapping[tuple[str, Window, Cut], Value]


def parted(whole: Ledger, begin: datetime, end: datetime) -> tuple[Ledger, Ledger]:
    """The orders received from `begin` to before `end` with all that belongs to them and the letters; and the rest."""
    received = whole.orders["received_at"]
    inside = pc.and_(
        pc.greater_equal(received, pa.scalar(begin, received.type)),
        pc.less(received, pa.scalar(end, received.type)),
    )
    numbers = whole.orders.filter(inside)["order_no"]

    def side(*, of: bool) -> Ledger:
        def theirs(table: pa.Table) -> pa.Table:
            found = pc.is_in(table["order_no"], numbers)
            return table.filter(found if of else pc.invert(found))

        return replace(
            whole,
            orders=theirs(whole.orders),
            handlings=theirs(whole.handlings),
            callbacks=theirs(whole.callbacks),
            letters=whole.letters if of else whole.letters.slice(0, 0),
        )

    return side(of=True), side(of=False)


def values(ledger: Ledger, period: Period, cutoff: datetime) -> Values:
    """Every figure of the period. The live platform knows no deadline but the one that it counted itself."""
    counting = replace(city().counting, deadline_precedence=Precedence.COMPUTED)
    figures = compute(ledger, replace(city(), counting=counting), period, cutoff=cutoff)
    return {(indicator, window, cut): value for indicator, window, cut, value in figures.items()}
