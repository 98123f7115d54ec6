"""What the ledger that an order was imported from said of it, given back as long as nobody has done anything about it.

The tables hold what counts on the live platform; its own deadlines and findings (ruling 8), the columns that a file
didn't have, its doubts and row numbers are in the event of the import.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Model

from jieban.ledger.schema import ABSENT, TableSchema
from jieban.orders.engine.step import plain
from jieban.orders.engine.write import ADDED
from jieban.orders.importing.names import FLAGS, NUMBER, OF_CALLBACKS, OF_HANDLINGS, ROW, STATED
from jieban.orders.models import Handling, Order
from jieban.orders.states import HandlingState
from jieban.profile.model import Stage

__all__ = ["FLAGS", "NUMBER", "OF_CALLBACKS", "OF_HANDLINGS", "ROW", "Back", "Said"]

Row = dict[str, object]

_DONE = {Stage.SIGN: "signed_at", Stage.CLOSE: "closed_at"}
_CALLED = {"reopen_count": "round", "rework_count": "reworks"}
"""Columns of the live tables that have another name than the ledger's."""


_FACTS = '"facts":'
"""The last of what an import's event tells. No text in it holds this: quotes within texts are escaped."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """The event of an import: when it was, what was said beside the rows, and the rows as they were then.

    `added` is None where nothing was done since: all is as it was.
    """

    at: datetime
    facts: Mapping[str, Any]
    added: Mapping[str, Mapping[str, Any]] | None

    @classmethod
    def of(cls, at: datetime, data: str, *, alone: bool) -> "Said":
        """From the event's instant and data; `alone`: it is the only event of its order."""
        if alone:
            told = json.loads(data[data.index(_FACTS) + len(_FACTS) : -1])
            return cls(at=at, facts=told, added=None)
        told = json.loads(data)
        return cls(at=at, facts=told["facts"], added=told[ADDED])

    def beside(self, table: str, serial: int) -> Mapping[str, Any]:
        """What was said beside a handling or a callback."""
        found: Mapping[str, Any] = self.facts.get(table, {}).get(str(serial), {})
        return found

    def value(self, model: type[Model], entity: str, column: str) -> object:
        """What a column held when the row was imported, as events write it."""
        told = (self.added or {}).get(entity, {})
        return told[column] if column in told else _usual(model, column)


@cache
def _usual(model: type[Model], column: str) -> object:
    field = model._meta.get_field(column)  # noqa: SLF001  # the public name of Django's own
    return plain(field.get_default()) if field.has_default() else None  # type: ignore[union-attr]  # columns only


@dataclass(frozen=True, kw_only=True, slots=True)
class Back:
    """Gives back what was said of one row: an order, a letter, or a handling, with its clocks as they stand now."""

    said: Said
    facts: Mapping[str, Any]
    model: type[Order | Handling]
    entity: str
    record: Any
    clocks: list[Any]

    def restore(self, row: Row, schema: TableSchema) -> None:
        """Put what was said into a row of the ledger."""
        if not self.facts:
            return
        row["flags"], row["source_row"] = self.facts.get(FLAGS), self.facts.get(ROW)
        names = str(self.facts.get(ABSENT) or "").split(",")
        absent = [name for name in names if name and self._silent(name, row)]
        # What is assumed where a file has no such column stays assumed.
        row |= {name: None for name in absent if not schema.column(name).assumed}
        row[ABSENT] = ",".join(absent) or None
        for stage in Stage:
            self._restore_stated(row, stage)

    def _silent(self, name: str, row: Row) -> bool:
        """Whether still nothing is known of a column that the file didn't have."""
        if name in STATED or self.said.added is None:
            return True
        if name == "repeat_of":
            return row[name] is None
        if name == "returned":
            return bool(self.record.state != HandlingState.RETURNED)
        return self._untouched(_CALLED.get(name, name))

    def _untouched(self, column: str) -> bool:
        held = self.said.value(self.model, self.entity, column)
        return bool(plain(getattr(self.record, column)) == held)

    def _restore_stated(self, row: Row, stage: Stage) -> None:
        """The file's own deadline while it is what counts; its finding while it is of what was done when it was made.

        What it found late stays late.
        """
        due, on_time = f"stated_{stage}_due_at", f"stated_{stage}_on_time"
        if due not in self.facts and on_time not in self.facts:
            return
        told_due = self.facts.get(due)
        stated = None if told_due is None else datetime.fromisoformat(told_due)
        if self.said.added is None:
            row[due], row[on_time] = stated, self.facts.get(on_time)
            return
        done = self.said.value(self.model, self.entity, _DONE[stage])
        late = done is not None and (
            self.facts.get(on_time) is False
            or (stated is not None and datetime.fromisoformat(str(done)) > stated)
        )
        holds = late or not any(self._moved(each) for each in self.clocks if each.stage == stage)
        row[due] = stated if holds else None
        row[on_time] = self.facts.get(on_time) if late or (holds and self._untouched(_DONE[stage])) else None

    def _moved(self, clock: Any) -> bool:
        entity = f"clock:{self.entity}:{clock.stage}:{clock.round}"
        return bool((self.said.added or {}).get(entity, {}).get("due_at") != plain(clock.due_at))
