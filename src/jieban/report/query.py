"""Takes from the ledger the rows that a report lists or counts beside its figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.dataset

from jieban.indicators.compute import Computation
from jieban.indicators.model import Window
from jieban.indicators.registry import REGISTRY
from jieban.indicators.slices.flags import HandlingFlags, OrderFlags
from jieban.indicators.slices.rules import Rules
from jieban.indicators.sources import Source, tables_of, threads_for
from jieban.ledger.arrow import Bools, Table, bools, pa, pc
from jieban.ledger.schema import DEMO_PREFIX, Role, table
from jieban.profile.model import Stage
from jieban.report.details import Details, DissatisfiedOrder, Flag, Intake, LateHandling, Tally
from jieban.report.rows import RowReader, plain_codes

ds: Any = pyarrow.dataset
Dataset = Any
"""A pyarrow dataset; its stubs know fewer calls than it has."""

_COHORT = {"orders": "dispatched_at", "handlings": "dispatched_at", "letters": "received_at"}
_STAGES = (
    (Stage.SIGN, "handlings.late_sign", "signed_at"),
    (Stage.CLOSE, "handlings.late_close", "closed_at"),
)
_VOID = ("merged", "split")


def read_details(source: Source, figures: Computation, *, intake: Sequence[Intake] = ()) -> Details:
    """What the report of these figures tells of rows. `source` is what the figures were computed from."""
    rows = {name: _dataset(tables) for name, tables in tables_of(source).items()}
    # A city's months are read in no time; threads would each take memory of their own first.
    return _Query(rows, figures, tuple(intake), use_threads=threads_for(source) is None).details()


def _made_up(numbers: Any) -> bool:
    return bool(pc.any(pc.starts_with(numbers, DEMO_PREFIX)).as_py())


def _dataset(source: Table | Sequence[Path]) -> Dataset:
    if isinstance(source, Table):
        return ds.dataset(source)
    return ds.dataset([str(path) for path in source], format="parquet")


class _Query:
    """One reading: the period's rows of each table, and the orders that bear on handlings.

    Only what the figures count is listed: of what no file tells they are silent.
    """

    def __init__(
        self,
        rows: Mapping[str, Dataset],
        figures: Computation,
        intake: tuple[Intake, ...],
        *,
        use_threads: bool,
    ) -> None:
        self._rows = rows
        self._use_threads = use_threads
        self._intake = intake
        self._figures = figures
        self._profile = figures.profile
        self._last = figures.period.last
        self._tz = figures.profile.clock.tz
        self._cutoff = figures.cutoff
        self._windows = [span.instants(self._tz) for span in figures.windows.values()]
        self._begin, self._end = figures.windows[Window.CURRENT].instants(self._tz)
        self._rules = Rules.of(figures.profile)

    def details(self) -> Details:
        """Everything."""
        orders = self._of_period("orders")
        handlings = self._of_period("handlings")
        letters = self._of_period("letters")
        flags = self._handling_flags(handlings)
        return Details(
            late=self._late(handlings, flags),
            dissatisfied=self._dissatisfied(orders),
            flags=self._flags({"orders": orders, "handlings": handlings, "letters": letters}),
            outside=self._outside(),
            intake=self._intake,
            demo=_made_up(orders["order_no"]) or _made_up(letters["letter_no"]),
            handlings=self._tally(handlings, flags),
        )

    def _of_period(self, name: str) -> Any:
        moment = ds.field(_COHORT[name])
        within = (moment >= _instant(self._begin)) & (moment < _instant(self._end))
        return self._rows[name].to_table(filter=within, use_threads=self._use_threads)

    def _order_flags(self, orders: Table) -> OrderFlags:
        return OrderFlags(RowReader(orders, self._cutoff), rules=self._rules)

    def _handling_flags(self, handlings: Table) -> HandlingFlags:
        noted = self._rows["orders"].to_table(
            columns=["order_no", "disposition", "excluded"],
            filter=ds.field("excluded") | pc.is_in(_text("disposition"), value_set=pa.array(_VOID)),
        )
        void = bools(pc.is_in(plain_codes(noted["disposition"]), value_set=pa.array(_VOID)))
        joined = {
            "order_void": _among(handlings["order_no"], noted.filter(pa.array(void))["order_no"]),
            "order_excluded": _among(
                handlings["order_no"], noted.filter(pc.fill_null(noted["excluded"], False))["order_no"]
            ),
        }
        return HandlingFlags(RowReader(handlings, self._cutoff, joined), rules=self._rules)

    def _tally(self, handlings: Table, flags: HandlingFlags) -> Tally:
        """The period's handlings by what became of them: each is asked until one answer holds."""
        returned, void = bools(handlings["returned"]), flags.order_void & ~bools(handlings["returned"])
        assists = bools(pc.equal(plain_codes(handlings["role"]), Role.ASSIST.value))
        aside = assists & ~returned & ~void if self._rules.lead_only else np.zeros(len(assists), np.bool_)
        return Tally(
            rows=handlings.num_rows,
            counted=int((~returned & ~void & ~aside).sum()),
            returned=int(returned.sum()),
            void=int(void.sum()),
            aside=int(aside.sum()),
        )

    def _late(self, handlings: Table, flags: HandlingFlags) -> tuple[LateHandling, ...]:
        late = [
            self._late_handling(row, stage, done)
            for stage, indicator, done in _STAGES
            if self._figures.has(indicator)
            for row in _picked(handlings, _counted(indicator, flags))
        ]
        counts = Counter((one.stage, one.unit) for one in late)
        position = self._profile.units.position
        last = datetime.max.replace(tzinfo=UTC)
        return tuple(
            sorted(
                late,
                key=lambda one: (
                    one.stage,
                    -counts[one.stage, one.unit],
                    position(one.unit),
                    one.deadline or last,
                    one.handling_no,
                ),
            )
        )

    def _late_handling(self, row: Mapping[str, object], stage: Stage, done: str) -> LateHandling:
        computed, stated = row[f"{stage.value}_due_at"], row[f"stated_{stage.value}_due_at"]
        first, second = (stated, computed) if self._rules.stated_first else (computed, stated)
        deadline = self._local(first) or self._local(second)
        actual = self._local(row[done])
        if actual is not None and actual > self._cutoff:
            actual = None
        until = actual or self._cutoff.astimezone(self._tz)
        return LateHandling(
            handling_no=str(row["handling_no"]),
            order_no=str(row["order_no"]),
            unit=self._carried(row["unit"]),
            stage=stage,
            deadline=deadline,
            actual=actual,
            over=until - deadline if deadline is not None and until > deadline else timedelta(0),
        )

    def _dissatisfied(self, orders: Table) -> tuple[DissatisfiedOrder, ...]:
        if not self._figures.has("orders.dissatisfied"):
            return ()
        mask = _counted("orders.dissatisfied", self._order_flags(orders))
        found = _picked(orders, mask)
        leads = self._leads([str(row["order_no"]) for row in found])
        listed = [
            DissatisfiedOrder(
                order_no=str(row["order_no"]),
                unit=leads.get(str(row["order_no"]), ""),
                topic=str(row["topic"] or ""),
                subtopic=str(row["subtopic"] or ""),
                requester=str(row["requester"] or ""),
                content=str(row["content"] or ""),
                reply=str(row["reply"] or ""),
            )
            for row in found
        ]
        position = self._profile.units.position
        return tuple(sorted(listed, key=lambda one: (position(one.unit), one.order_no)))

    def _leads(self, orders: Sequence[str]) -> dict[str, str]:
        """The lead unit of each order, the return of which was not granted."""
        if not orders:
            return {}
        rows = self._rows["handlings"].to_table(
            columns=["order_no", "unit", "role", "returned"],
            filter=pc.is_in(ds.field("order_no"), value_set=pa.array(orders)),
        )
        return {
            str(row["order_no"]): self._carried(row["unit"])
            for row in rows.to_pylist()
            if row["role"] == Role.LEAD.value and not row["returned"]
        }

    def _flags(self, tables: Mapping[str, Table]) -> tuple[Flag, ...]:
        found = []
        for name, rows in tables.items():
            codes = Counter(
                code
                for entry in pc.value_counts(rows["flags"]).to_pylist()
                if entry["values"]
                for code in entry["values"].split(",")
                for _ in range(entry["counts"])
            )
            heading = table(name).heading
            found += [Flag(table=heading, code=code, rows=count) for code, count in sorted(codes.items())]
        return tuple(found)

    def _outside(self) -> int:
        """Orders that were neither dispatched nor received in any of the windows."""
        moment = pc.coalesce(ds.field("dispatched_at"), ds.field("received_at"))
        inside = [(moment >= _instant(begin)) & (moment < _instant(end)) for begin, end in self._windows]
        outside = ~inside[0]
        for window in inside[1:]:
            outside &= ~window
        return int(self._rows["orders"].count_rows(filter=outside))

    def _carried(self, code: object) -> str:
        return self._profile.units.carried_on_by(str(code), self._last)

    def _local(self, moment: object) -> datetime | None:
        return moment.astimezone(self._tz) if isinstance(moment, datetime) else None


def _instant(moment: datetime) -> Any:
    return pa.scalar(moment, pa.timestamp("s", tz="UTC"))


def _text(column: str) -> Any:
    return ds.field(column).cast(pa.string())


def _among(column: Any, values: Any) -> Bools:
    return bools(pc.is_in(column, value_set=values.combine_chunks()))


def _counted(indicator: str, flags: HandlingFlags | OrderFlags) -> Bools:
    """The rows that an indicator counts."""
    condition = REGISTRY[indicator].counts
    if condition is None:
        raise ValueError(f"{indicator} counts no rows")
    return np.asarray(condition(flags), dtype=np.bool_)


def _picked(rows: Any, mask: Bools) -> list[dict[str, object]]:
    picked: list[dict[str, object]] = rows.filter(pa.array(mask)).to_pylist()
    return picked
