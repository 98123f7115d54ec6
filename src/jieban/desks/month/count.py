"""Counting a period: the live orders exported, counted by the indicators, and what is shown put in place as a whole."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from jieban.desks.month.behind import write_behind
from jieban.desks.month.charts import charts
from jieban.desks.month.figures import Three, behind
from jieban.desks.month.places import places
from jieban.desks.month.summary import FORMAT, Summary, Tile
from jieban.desks.month.tables import grids
from jieban.indicators.period import Period
from jieban.kernel.i18n import tr
from jieban.orders.export import Scope, export_to
from jieban.orders.models import Event
from jieban.people.city import city

_SUMMARY = "summary.json"
_BEHIND = "behind.parquet"
_LARGE = (
    ("orders.total", "orders.total"),
    ("orders.on_time_sign", "orders.late_sign"),
    ("orders.on_time_close", "orders.late_close"),
    ("orders.satisfaction", "orders.dissatisfied"),
    ("handlings.total", "handlings.total"),
    ("handlings.on_time_sign", "handlings.late_sign"),
    ("handlings.on_time_close", "handlings.late_close"),
    ("letters.received", "letters.received"),
)
"""The large figures, and the indicator whose orders each opens: of a rate, those that keep it from the whole."""
_MORE = (
    ("orders.received", "orders.received"),
    ("orders.in_hand", "orders.in_hand"),
    ("orders.close_hours_median", ""),
    ("orders.repeat_rate", "orders.repeat"),
    ("orders.reopened", "orders.reopened"),
    ("handlings.return_rate", "handlings.returns"),
    ("handlings.extension_rate", "handlings.extensions"),
    ("orders.resolution", ""),
)
"""Those beside them, likewise; a median is of no orders in particular, and nobody counts what stayed unsolved."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What came of counting: where it lies, and whether anything had to be done."""

    period: Period
    path: Path
    anew: bool


def state_of_orders() -> str:
    """What figures depend on: the last event of all orders, and the rules by which is counted. One query."""
    last = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    return f"{last}-{city().version}-{FORMAT}"


def count(period: Period, now: datetime, *, again: bool = False) -> Counted:
    """Count a period as it is known at `now`, unless that was done and no order changed since.

    Whoever looks meanwhile sees what was counted before. What is late may change with the time alone: figures of
    another day are counted again.
    """
    state, kept = state_of_orders(), summary_of(period)
    place = _place(period)
    if kept is not None and not again and kept.state == state and kept.counted_at.date() == now.date():
        return Counted(period=period, path=place / _SUMMARY, anew=False)
    profile = city()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".counting-") as made:
        ledger, new = Path(made) / "ledger", Path(made) / "new"
        export_to(ledger, Scope.counted(period, profile.clock.tz))
        three = Three.counted(ledger, profile, period, now)
        write_behind(ledger, profile, period, now, new / _BEHIND)
        summary = Summary(
            period=period.code,
            label=period.label,
            state=state,
            counted_at=now,
            tiles=_tiles(three, _LARGE),
            more=_tiles(three, _MORE),
            grids=grids(three),
            charts=charts(three),
            places=places(three),
        )
        (new / _SUMMARY).write_text(summary.as_json(), encoding="utf-8")
        if place.exists():
            place.rename(Path(made) / "old")
        new.rename(place)
    return Counted(period=period, path=place / _SUMMARY, anew=True)


def count_subject(subject: str, *, by: str, now: datetime) -> None:
    """The long work: count the period of a code, however lately that was done."""
    del by
    count(Period.parse(subject), now, again=True)


def summary_of(period: Period) -> Summary | None:
    """What was counted of a period last; None if it never was."""
    try:
        return Summary.of_json((_place(period) / _SUMMARY).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def behind_of(period: Period) -> Path:
    """The file of the orders behind a period's figures; it lies beside its summary."""
    return _place(period) / _BEHIND


def _place(period: Period) -> Path:
    return Path(settings.JIEBAN_VAR) / "figures" / city().name / period.code


def _tiles(three: Three, wanted: tuple[tuple[str, str], ...]) -> tuple[Tile, ...]:
    return tuple(
        three.tile(
            name, behind=behind(listed) if listed and three.now.number(listed) else "", label=_called(name)
        )
        for name, listed in wanted
        if three.now.has(name)
    )


def _called(name: str) -> str:
    """A label that says what the registry's says together with its section."""
    return {"handlings.total": tr("承办件"), "letters.received": tr("信箱来信")}.get(name, "")
