"""The data cut-off: up to when the ledger knows what happened."""

from datetime import UTC, datetime, timedelta

from jieban.indicators.engines.base import Engine
from jieban.indicators.errors import BadSource
from jieban.indicators.period import Period
from jieban.indicators.slices.tables import COUNTED, relation
from jieban.indicators.sources import Source, tables_of
from jieban.profile.city import Profile

_INSTANTS = ("received_at", "dispatched_at", "signed_at", "closed_at", "called_at")
_CALLBACKS = "callbacks"


def latest_recorded(engine: Engine, source: Source, profile: Profile, period: Period) -> datetime:
    """The latest plausible instant that any table of `source`, bound to `engine`, records; the period's end if none.

    Callbacks tell too where the source has them: who rang a citizen knew of the order until then. Deadlines lie
    ahead and don't tell. An instant is plausible up to `latest_plausible_days` after the period's end, so that a
    mistyped 2059 makes nobody late.
    """
    end = period.instants(profile.clock.tz)[1]
    bound = end + timedelta(days=profile.counting.latest_plausible_days)
    found: list[datetime] = []
    for name in (*COUNTED, *_callbacks(engine, source)):
        rows = relation(name)
        instants = [column for column in _INSTANTS if column in rows.columns]
        latest = rows.aggregate(
            **{column: rows[column].max(where=rows[column] <= bound) for column in instants}
        )
        row = engine.fetch(latest).to_pylist()[0]
        found.extend(value.astimezone(UTC) for value in row.values() if value is not None)
    return max(found, default=end)


def _callbacks(engine: Engine, source: Source) -> tuple[str, ...]:
    """The table of callbacks, bound, where the source has one: figures are counted without it."""
    try:
        rows = tables_of(source, [_CALLBACKS])[_CALLBACKS]
    except BadSource:
        return ()
    return (_CALLBACKS,) if "called_at" in engine.bind(_CALLBACKS, rows) else ()
