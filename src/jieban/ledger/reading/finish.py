"""The canonical Arrow tables at the end of reading."""

import numpy as np

from jieban.ledger.arrow import Array, Table, distinct, pa, pc
from jieban.ledger.faults import FAULT_CODES
from jieban.ledger.reading.part import Part
from jieban.ledger.reading.places import Places
from jieban.ledger.schema import ABSENT, CODE, Column, Kind, TableSchema


def finish(part: Part, places: Places) -> Table:
    """The part as a table in its schema. Flags and row numbers that the file brought are kept."""
    _keep_flags(part)
    part.columns["flags"] = part.flags.texts()
    part.columns[ABSENT] = _absent(part)
    numbers = pa.array(places.rows[part.gids]).cast(pa.int32())
    part.columns["source_row"] = pc.coalesce(part.column("source_row"), numbers)
    return canonical(part.schema, {column.name: part.column(column.name) for column in part.schema.columns})


def _keep_flags(part: Part) -> None:
    if "flags" not in part.columns:
        return
    texts, which = distinct(part.columns["flags"])
    for index, text in enumerate(texts):
        rows = which == index
        for code in text.split(","):
            if code in FAULT_CODES:
                part.flags.set(code, rows)


def _absent(part: Part) -> Array:
    """For each row the recorded columns that its file doesn't have."""
    names = part.schema.recorded
    bits = np.zeros(len(part), dtype=np.int64)
    for index, name in enumerate(names):
        if name not in part.given:
            bits |= 1 << index
        elif not part.given[name].all():
            bits |= (~part.given[name]).astype(np.int64) << index
    distinct_bits, which = np.unique(bits, return_inverse=True)
    texts = [
        ",".join(name for index, name in enumerate(names) if lacking >> index & 1) or None
        for lacking in distinct_bits.tolist()
    ]
    absent: Array = pa.array(texts, pa.string()).take(pa.array(which))
    return absent


def canonical(schema: TableSchema, columns: dict[str, Array]) -> Table:
    """A table in the one form that equal contents have: dictionaries hold what is used, in order of appearance."""
    arrays = [canonical_column(column, columns[column.name]) for column in schema.columns]
    table: Table = pa.Table.from_arrays(arrays, schema=schema.arrow)
    return table


def canonical_column(column: Column, array: Array) -> Array:
    """One column in its canonical type and form."""
    if column.kind is not Kind.CODE:
        plain: Array = array.cast(column.kind.value)
        return plain
    text = array.cast(pa.string())
    coded: Array = text.dictionary_encode().cast(CODE)
    return coded
