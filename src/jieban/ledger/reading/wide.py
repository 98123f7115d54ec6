"""Sheets that say of orders and their handlings in the same row."""

from dataclasses import replace
from typing import Any

import numpy as np

from jieban.kernel.i18n import tr
from jieban.ledger.arrow import Array, Bools, Ints, bools, distinct, pa, pc, positions, seconds_of, valid
from jieban.ledger.faults import UNKNOWN_BY_DOMAIN
from jieban.ledger.mapping.model import ASSISTING_UNITS, Rows
from jieban.ledger.mapping.needs import orders_per_row
from jieban.ledger.reading.cells import unknown_word
from jieban.ledger.reading.part import Part
from jieban.ledger.reading.table import SheetReader
from jieban.ledger.reading.units import Pieces, joined_pieces, split_units
from jieban.ledger.schema import CODE, HANDLINGS, ORDERS, Disposition, Role
from jieban.ledger.values.words import find_codes, spoken
from jieban.profile.model import Policy

_ONCE = ("returned", "return_requests", "rework_count", "handling_no")
"""What a row with several units says once, and so is said of the first of them only."""


def read_wide(reader: SheetReader) -> tuple[Part, Part]:
    """The orders and the handlings of a sheet. Where a row is a handling, orders still come once a row here."""
    mapping = reader.source.mapping
    orders = reader.read(ORDERS)
    per_row = reader.read(HANDLINGS, skip=("unit", "order_no"))
    if mapping.rows is Rows.HANDLINGS:
        orders.shared[:] = True
    pieces = _pieces(reader)
    dispatched = bools(pc.equal(orders.column("disposition"), Disposition.DISPATCHED.value))
    has_time = valid(per_row.column("dispatched_at"))
    has_unit = np.bincount(pieces.rows, minlength=len(orders)) > 0
    reader.refuse_empty(per_row, HANDLINGS.column("unit"), dispatched & ~has_unit)
    reader.refuse_empty(per_row, HANDLINGS.column("dispatched_at"), dispatched & ~has_time)
    # A unit named for an order that was never sent to it has not handled anything.
    sent = has_time[pieces.rows]
    pieces = _some(pieces, positions(sent))
    handlings = _expand(reader, orders, per_row, pieces)
    return orders, handlings


def _pieces(reader: SheetReader) -> Pieces:
    mapping = reader.source.mapping
    domain = reader.desk.domain("units")
    targets = mapping.targets()
    columns = []
    for target, role in ((f"{HANDLINGS.name}.unit", None), (ASSISTING_UNITS, Role.ASSIST)):
        if target in targets:
            values = mapping.values.get(target, mapping.values.get("unit", {}))
            said = spoken(reader.cells(*targets[target]), values)
            split = split_units(said, mapping.unit_separators, domain, role)
            columns.append(replace(split, words=split.words.replaced(values)))
    return joined_pieces(columns)


def _some(pieces: Pieces, places: Ints) -> Pieces:
    indices = pa.array(places)
    return Pieces(rows=pieces.rows[places], words=pieces.words.take(places), roles=pieces.roles.take(indices))


def _expand(reader: SheetReader, orders: Part, per_row: Part, pieces: Pieces) -> Part:
    log, domain = reader.desk.log, reader.desk.domain("units")
    days = reader.desk.days(seconds_of(per_row.column("dispatched_at")))
    units = find_codes(pieces.words, domain.find, days[pieces.rows] if domain.by_day else None)
    column = HANDLINGS.column("unit")
    bad = positions(units.bad)
    log.add(
        UNKNOWN_BY_DOMAIN[column.domain],
        orders.gids[pieces.rows[bad]],
        table=HANDLINGS.name,
        column=column.name,
        values=pieces.words.take(bad).texts(),
        message=unknown_word(column.heading, domain),
        required=True,
    )
    codes = distinct(units.values)[1]
    again = _again(pieces.rows, codes)
    rows = pieces.rows[again]
    policy = log.add(
        "repeated_unit",
        orders.gids[rows],
        table=HANDLINGS.name,
        column=column.name,
        values=pieces.words.take(positions(again)).texts(),
        message=lambda value: tr("“{value}”在同一格中写了不止一次,只计一次。", value=value),
    )
    if policy is Policy.FLAG:
        orders.flags.set("repeated_unit", rows)
    kept = positions(~again & (codes >= 0))
    part = per_row.take(pieces.rows[kept])
    part.columns["unit"] = units.values.take(pa.array(kept))
    part.columns["order_no"] = orders.column("order_no").take(pa.array(pieces.rows[kept]))
    part.columns["role"] = _roles(part, pieces, kept)
    part.shared = np.full(len(part), not orders_per_row(reader.source.mapping))
    _say_once(part, pieces.rows[kept])
    return part


def _again(rows: Ints, codes: Ints) -> Bools:
    """Where a unit comes again within a row."""
    keys = rows * (codes.max(initial=0) + 2) + codes + 1
    _, first = np.unique(keys, return_index=True)
    again = np.ones(len(keys), dtype=bool)
    again[first] = False
    return again & (codes >= 0)


def _roles(part: Part, pieces: Pieces, kept: Ints) -> Array:
    """The role that the cell says; else the row's own, where it names one unit only."""
    said: Any = pieces.roles.take(pa.array(kept))
    if "role" in part.columns:
        alone = np.bincount(pieces.rows, minlength=1)[pieces.rows[kept]] == 1
        own = pc.if_else(
            pa.array(alone), part.columns["role"].cast(pa.string()), pa.scalar(None, pa.string())
        )
        said = pc.coalesce(said, own)
    coded: Array = said.dictionary_encode().cast(CODE)
    return coded


def _say_once(part: Part, rows: Ints) -> None:
    later = np.zeros(len(rows), dtype=bool)
    later[1:] = rows[1:] == rows[:-1]
    if not later.any():
        return
    for name in _ONCE:
        if name in part.columns:
            default = HANDLINGS.column(name).default
            nothing = pa.scalar(default, part.columns[name].type)
            part.columns[name] = pc.if_else(pa.array(later), nothing, part.columns[name])
