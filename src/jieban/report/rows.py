"""Rows in memory as the flags of `indicators.slices` read them, so that a list holds exactly what a figure counts."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from jieban.ledger.arrow import Bools, Table, bools, pa, pc
from jieban.ledger.schema import ABSENT


def plain_codes(column: Any) -> Any:
    """A coded column as text."""
    return pc.cast(column, pa.string()) if pa.types.is_dictionary(column.type) else column


_MADE: Mapping[str, Callable[[Any], Any]] = {
    "repeated": lambda rows: pc.not_equal(plain_codes(rows["repeat_of"]), ""),
    "reopened": lambda rows: pc.greater(rows["reopen_count"], 0),
    "extended": lambda rows: pc.greater(rows["extension_days"], 0),
    "received": lambda rows: pc.is_valid(rows["received_at"]),
}
"""Atoms that a column stands for, as `indicators.slices.atoms` reads it."""


class RowReader:
    """Gives the atoms of rows (a `flags.Reader`). `joined` are those that come from another table."""

    def __init__(self, table: Table, cutoff: datetime, joined: Mapping[str, Bools] | None = None) -> None:
        self._table: Any = table
        self._cutoff = pa.scalar(cutoff.astimezone(UTC), pa.timestamp("s", tz="UTC"))
        self._joined = dict(joined or {})

    def bit(self, name: str) -> Bools:
        """An atom by its name: of those in `indicators.slices.atoms` what findings and exclusions need."""
        if name in self._joined:
            return self._joined[name]
        if name in {"signed", "closed"}:
            return bools(pc.less_equal(self._table[f"{name}_at"], self._cutoff))
        if name in {"sign_told", "close_told"}:
            return self._told("signed_at" if name == "sign_told" else "closed_at")
        if name in _MADE:
            return bools(_MADE[name](self._table))
        if name in self._table.column_names:
            return bools(self._table[name])
        stage, _, rest = name.partition("_")
        source, _, part = rest.partition("_")
        return self._said(stage, part) if source == "said" else self._against(stage, source, part)

    def coded(self, column: str, code: str) -> Bools:
        """Whether a coded column holds a code."""
        return bools(pc.equal(plain_codes(self._table[column]), code))

    def _told(self, column: str) -> Bools:
        absent = pc.split_pattern(plain_codes(self._table[ABSENT]), ",")
        return np.array([column not in (names or ()) for names in absent.to_pylist()], dtype=np.bool_)

    def _said(self, stage: str, part: str) -> Bools:
        on_time = self._table[f"stated_{stage}_on_time"]
        return bools(pc.is_valid(on_time) if part == "known" else on_time)

    def _against(self, stage: str, source: str, part: str) -> Bools:
        due = self._table[f"{'stated_' if source == 'stated' else ''}{stage}_due_at"]
        done = self._table["signed_at" if stage == "sign" else "closed_at"]
        parts: dict[str, Callable[[], Any]] = {
            "known": lambda: pc.is_valid(due),
            "kept": lambda: pc.less_equal(done, due),
            "passed": lambda: pc.less_equal(due, self._cutoff),
        }
        return bools(parts[part]())
