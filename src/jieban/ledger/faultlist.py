"""The faults found in a reading, as a list for people and programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from jieban.kernel.errors import Where
from jieban.ledger.arrow import Ints
from jieban.ledger.faults import meaning, position
from jieban.ledger.reading.log import FaultBatch
from jieban.ledger.reading.places import Places
from jieban.ledger.schema import table
from jieban.profile.model import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One fault of one row: `message` says what is wrong and what to do, `heading` is the file's own."""

    code: str
    policy: Policy
    where: Where
    heading: str
    value: str
    message: str

    def as_dict(self) -> dict[str, object]:
        """The fault for `--json`."""
        return {
            "code": self.code,
            "policy": self.policy.value,
            "file": self.where.file,
            "sheet": self.where.sheet,
            "row": self.where.row,
            "column": self.heading,
            "value": self.value,
            "message": self.message,
        }


@dataclass(frozen=True, kw_only=True)
class FaultList:
    """All faults. Iterating gives them in the order of files, sheets and rows."""

    batches: tuple[FaultBatch, ...]
    places: Places
    _headings: dict[tuple[int, str, str], str] = field(init=False, repr=False, default_factory=dict)

    def __len__(self) -> int:
        return sum(len(batch.gids) for batch in self.batches)

    def __iter__(self) -> Iterator[Fault]:
        gids = np.concatenate([np.zeros(0, dtype=np.int64), *(batch.gids for batch in self.batches)])
        which = np.repeat(np.arange(len(self.batches)), [len(batch.gids) for batch in self.batches])
        starts = np.cumsum([0, *(len(batch.gids) for batch in self.batches)])
        for place in np.argsort(gids, kind="stable").tolist():
            number = int(which[place])
            yield self._fault(self.batches[number], place - int(starts[number]))

    def of_rows(self, wanted: Ints) -> Iterator[tuple[int, Fault]]:
        """The faults of some rows, each with its gid."""
        for batch in self.batches:
            for place in np.flatnonzero(np.isin(batch.gids, wanted)).tolist():
                yield int(batch.gids[place]), self._fault(batch, place)

    def _fault(self, batch: FaultBatch, place: int) -> Fault:
        gid = int(batch.gids[place])
        source = self.places.sources[int(self.places.source_of[gid])]
        heading = self.heading(batch, gid)
        return Fault(
            code=batch.code,
            policy=batch.policy,
            where=Where(
                file=source.path.name,
                sheet=source.sheet.name,
                row=int(self.places.rows[gid]),
                column=heading or None,
            ),
            heading=heading,
            value=batch.values[place].as_py() or "",
            message=batch.messages[place].as_py(),
        )

    def heading(self, batch: FaultBatch, gid: int) -> str:
        """The file's heading over the cell at fault; the canonical one where the file has none."""
        if not batch.column:
            return ""
        source = self.places.sources[int(self.places.source_of[gid])]
        key = (source.index, batch.table, batch.column)
        if key not in self._headings:
            targets = source.mapping.targets()
            own = [targets.get(f"{name}.{batch.column}", ("", ""))[0] for name in (batch.table, "orders")]
            self._headings[key] = own[0] or own[1] or table(batch.table).column(batch.column).heading
        return self._headings[key]

    def counts(self) -> Mapping[tuple[str, Policy], int]:
        """How many faults of each code were met by each policy, gravest first."""
        found: dict[tuple[str, Policy], int] = {}
        for batch in self.batches:
            found[batch.code, batch.policy] = found.get((batch.code, batch.policy), 0) + len(batch.gids)
        order: Sequence[Policy] = (Policy.REJECT, Policy.FLAG, Policy.LEAVE_OUT)
        return dict(sorted(found.items(), key=lambda item: (order.index(item[0][1]), position(item[0][0]))))

    def summary(self) -> Iterator[tuple[str, Policy, int, str]]:
        """Code, policy, number and meaning in words, gravest first."""
        for (code, policy), count in self.counts().items():
            yield code, policy, count, meaning(code)
