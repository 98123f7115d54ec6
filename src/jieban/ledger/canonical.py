"""Ledgers that are canonical already, alone or together with what was just read."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from jieban.kernel.errors import Where
from jieban.kernel.i18n import listed, tr
from jieban.ledger.accounting import SheetAccount
from jieban.ledger.arrow import Array, distinct, one, pa, valid
from jieban.ledger.doors.sniff import kind_of
from jieban.ledger.errors import BadLedger
from jieban.ledger.parquet import read_parquet, read_table
from jieban.ledger.raw import FileKind
from jieban.ledger.reading.finish import canonical
from jieban.ledger.schema import TABLES, Ledger


def is_canonical(path: Path) -> bool:
    """Whether `path` is a directory of canonical tables or one such table. Raises BadFile for what can't be opened."""
    return path.is_dir() or kind_of(path) is FileKind.PARQUET


def read_canonical(path: Path) -> tuple[Ledger, tuple[SheetAccount, ...]]:
    """The canonical tables at `path`, taken as they are, and their account. Raises BadLedger."""
    if path.is_dir():
        ledger = read_parquet(path)
    else:
        schema, table = read_table(path)
        ledger = Ledger(**{own.name: table if own is schema else own.arrow.empty_table() for own in TABLES})
    accounts = tuple(
        SheetAccount(
            file=path.name,
            sheet=f"{name}.parquet",
            table=name,
            read=rows.num_rows,
            accepted=rows.num_rows,
            flagged=int(np.count_nonzero(valid(one(rows["flags"])))),
            rejected=0,
            left_out={},
        )
        for name, rows in ledger.tables().items()
        if rows.num_rows
    )
    return ledger, accounts


def merged(ledgers: Mapping[str, Ledger]) -> Ledger:
    """Several ledgers, by the name of where they come from, as one. Raises BadLedger where a key comes twice."""
    if len(ledgers) == 1:
        return next(iter(ledgers.values()))
    tables = {}
    for schema in TABLES:
        rows = pa.concat_tables([ledger.tables()[schema.name] for ledger in ledgers.values()])
        columns = {name: one(rows[name].unify_dictionaries()) for name in rows.column_names}
        tables[schema.name] = canonical(schema, columns)
        _refuse_twice(schema.heading, columns[schema.key], tuple(ledgers))
    return Ledger(**tables)


def _refuse_twice(heading: str, keys: Array, names: Sequence[str]) -> None:
    values, which = distinct(keys)
    if len(values) == len(which):
        return
    twice = values[int(np.argmax(np.bincount(which) > 1))]
    raise BadLedger(
        tr("{heading} 的编号 {key} 在几个标准台账中重复。", heading=heading, key=twice),
        where=Where(file=listed(name for name in names if name) or None),
        fix=tr("请只给出其中一个,或由原始文件重新读取。"),
    )
