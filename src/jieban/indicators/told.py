"""What the ledger tells and what it doesn't: an indicator that would be a fact from nothing is not computed.

A table's rows name in `absent_columns` the columns that their file didn't have. An indicator is left out where any
row of its cohort lacks a column that it needs: a count of half the rows would pass for one of all. So are all those
of handlings where orders were dispatched and no handling is there, and all those of letters where no letter is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from jieban.indicators.derive import Values
from jieban.indicators.engines.base import Engine
from jieban.indicators.model import Cohort, Indicator, Window
from jieban.indicators.registry import REGISTRY
from jieban.indicators.slices.atoms import Atoms, yes
from jieban.indicators.slices.facts import Facts
from jieban.indicators.slices.tables import COUNTED, relation
from jieban.ledger.schema import ABSENT

_COHORTS = {
    "orders": (Cohort.DISPATCHED, Cohort.RECEIVED, Cohort.OPEN_AT_END),
    "handlings": (Cohort.DISPATCHED, Cohort.OPEN_AT_END),
    "letters": (Cohort.RECEIVED,),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The distinct `absent_columns` of each table and of each cohort of the period; whether any letter is there."""

    absent: Mapping[str, tuple[str, ...]]
    of_cohort: Mapping[tuple[str, Cohort], tuple[str, ...]]
    letters: bool

    def lacks(self, indicator: Indicator) -> bool:
        """Whether some rows of an indicator's cohort come without the columns that it needs."""
        if not indicator.needs:
            return False
        texts = self.of_cohort.get((indicator.table, Cohort(indicator.cohort)), ())
        absent = [set(text.split(",")) for text in texts]
        return any(columns.issuperset(group) for columns in absent for group in indicator.needs)


def read_told(engine: Engine, facts: Facts) -> Told:
    """Ask the bound tables. `facts` hold all windows, compared or not: letters are there if any of them has one."""
    absent: dict[str, tuple[str, ...]] = {}
    of_cohort: dict[tuple[str, Cohort], tuple[str, ...]] = {}
    for name in COUNTED:
        found = engine.fetch(relation(name).select(ABSENT).distinct()).column(0).to_pylist()
        absent[name] = tuple(sorted(text for text in found if text))
        if absent[name]:
            of_cohort |= _of_cohorts(engine, name, facts)
    return Told(absent=absent, of_cohort=of_cohort, letters=_any_letter(engine, facts))


def _of_cohorts(engine: Engine, name: str, facts: Facts) -> dict[tuple[str, Cohort], tuple[str, ...]]:
    rows = relation(name)
    rows = rows.filter(rows[ABSENT] != "")
    atoms = Atoms(rows, facts)
    belongs: dict[str, Any] = {
        cohort.value: yes(atoms.in_cohort(cohort, Window.CURRENT)).any() for cohort in _COHORTS[name]
    }
    found = engine.fetch(rows.group_by(ABSENT).aggregate(**belongs)).to_pylist()
    return {
        (name, cohort): tuple(row[ABSENT] for row in found if row[cohort.value]) for cohort in _COHORTS[name]
    }


def _any_letter(engine: Engine, facts: Facts) -> bool:
    atoms = Atoms(relation("letters"), facts)
    inside = reduce(or_, (atoms.in_cohort(Cohort.RECEIVED, window) for window in facts.windows))
    return engine.fetch(atoms.t.filter(inside).select("mailbox").limit(1)).num_rows > 0


def drop_untold(values: Values, told: Told) -> None:
    """Take out of counted `values` what the ledger doesn't tell."""
    untold = {declared.id for declared in REGISTRY.values() if told.lacks(declared)}
    if not told.letters:
        untold |= {declared.id for declared in REGISTRY.values() if declared.table == "letters"}
    orders = values["orders.total", Window.CURRENT][()].numerator
    if orders and not values["handlings.return_rate", Window.CURRENT][()].denominator:
        untold |= {declared.id for declared in REGISTRY.values() if declared.table == "handlings"}
    for key in [key for key in values if key[0] in untold]:
        del values[key]
