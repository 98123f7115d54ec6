"""What orders, handlings and callbacks say of each other."""

import numpy as np

from jieban.kernel.i18n import tr
from jieban.ledger.arrow import Bools, Ints, bools, pa, pc, positions
from jieban.ledger.reading.log import REJECTED, RowLog
from jieban.ledger.reading.part import Part
from jieban.ledger.schema import CODE, Disposition, Role
from jieban.profile.model import Policy

_REPEATED = frozenset({"duplicate_order_no", "duplicate_handling"})
_LEAD, _ASSIST, _UNSAID = 0, 1, -1


def order_rows(part: Part, orders: Part) -> Ints:
    """For each row the row of its order in `orders`, -1 for none."""
    # One place more, at the end: the -1 of rows without an order number finds it.
    rows = np.full(max(part.orders.max(initial=-1), orders.orders.max(initial=-1)) + 2, -1, dtype=np.int64)
    rows[orders.orders[::-1]] = np.arange(len(orders), dtype=np.int64)[::-1]
    found: Ints = rows[part.orders]
    return found


def dispatched(orders: Part) -> Bools:
    """Which orders were dispatched to units."""
    return bools(pc.equal(orders.column("disposition").cast(pa.string()), Disposition.DISPATCHED.value))


def refuse_orphans(part: Part, orders: Part, code: str, log: RowLog) -> Part:
    """Rows whose order is not there, or not any more, have the fault `code`; those that remain."""
    rows = positions(order_rows(part, orders) < 0)

    def message(value: str) -> str:
        return tr("工单“{value}”不在本次读取的工单之中,或已被拒收。", value=value)

    policy = log.add(
        code,
        part.gids[rows],
        table=part.schema.name,
        column="order_no",
        values=part.column("order_no").take(pa.array(rows)),
        message=message,
    )
    if policy is Policy.FLAG:
        part.flags.set(code, rows)
    return part.accepted(log)


def tell_orders(read: Part, orders: Part, log: RowLog) -> Part:
    """Orders of which a handling was rejected are incomplete; `read` are all handlings, rejected ones too."""
    twice = [batch.gids for batch in log.faults if batch.code in _REPEATED]
    lost = (log.status[read.gids] == REJECTED) & ~np.isin(
        read.gids, np.concatenate([np.zeros(0, np.int64), *twice])
    )
    own = order_rows(read, orders)
    rows = np.unique(own[lost & (own >= 0)])
    # An order that came in the rejected row itself is rejected with it.
    return _tell(
        orders,
        rows,
        "handling_rejected",
        tr("该工单有承办被拒收,承办量不完整;原因见被拒收的行。"),
        log,
    )


def _tell(orders: Part, rows: Ints, code: str, message: str, log: RowLog) -> Part:
    policy = log.add(
        code,
        orders.gids[rows],
        table=orders.schema.name,
        column="order_no",
        values=orders.column("order_no").take(pa.array(rows)),
        message=message,
    )
    if policy is Policy.FLAG:
        orders.flags.set(code, rows)
    return orders.accepted(log)


def settle_roles(orders: Part, handlings: Part, log: RowLog) -> Part:
    """Every order gets one lead: the one the file names, else the first handling. Orders without handlings are told."""
    order = order_rows(handlings, orders)
    role = _roles(handlings)
    rows = np.arange(len(handlings), dtype=np.int64)
    live = (order >= 0) & ~_returned(handlings)
    count = len(orders)
    first_lead = _first_row(order, rows, live & (role == _LEAD), count)
    second = live & (role == _LEAD) & (rows != first_lead[order])
    policy = log.add(
        "second_lead",
        handlings.gids[second],
        table=handlings.schema.name,
        column="role",
        values=handlings.column("order_no").take(pa.array(positions(second))),
        message=lambda value: tr("工单“{value}”已有主办单位,不能再有一个。", value=value),
    )
    if policy is Policy.FLAG:
        handlings.flags.set("second_lead", second)
    role = np.where(second, _ASSIST, role)
    unled = first_lead < 0
    first_unsaid = _first_row(order, rows, live & (role == _UNSAID), count)
    first_any = _first_row(order, rows, live, count)
    stays_unled = unled & (first_unsaid < 0) & (first_any >= 0)
    promoted = np.where(first_unsaid >= 0, first_unsaid, first_any)[unled]
    role[promoted[promoted >= 0]] = _LEAD
    role = np.where(role == _UNSAID, np.where(_sole_returned(order, live, count), _LEAD, _ASSIST), role)
    words = pa.array([Role.LEAD.value, Role.ASSIST.value], pa.string())
    handlings.columns["role"] = words.take(pa.array(role)).dictionary_encode().cast(CODE)
    orders = _tell(
        orders,
        positions(stays_unled[:-1] & dispatched(orders)),
        "no_lead",
        tr("该工单的承办单位都是协办;以排在最前的为主办。"),
        log,
    )
    bare = np.bincount(order_rows(handlings, orders).clip(min=-1) + 1, minlength=len(orders) + 1)[1:] == 0
    return _tell(
        orders,
        positions(bare & dispatched(orders)),
        "no_handling",
        tr("该工单已转派,却没有任何承办单位。"),
        log,
    )


def _roles(handlings: Part) -> Ints:
    text = handlings.column("role").cast(pa.string())
    roles = np.full(len(handlings), _UNSAID, dtype=np.int64)
    roles[bools(pc.equal(text, Role.LEAD.value))] = _LEAD
    roles[bools(pc.equal(text, Role.ASSIST.value))] = _ASSIST
    return roles


def _returned(handlings: Part) -> Bools:
    return bools(handlings.column("returned"))


def _sole_returned(order: Ints, live: Bools, count: int) -> Bools:
    """Handlings of orders all of whose handlings were returned: each was the lead's."""
    alive = np.bincount(order[live], minlength=count + 1) > 0
    return (order >= 0) & ~alive[order]


def _first_row(order: Ints, rows: Ints, among: Bools, count: int) -> Ints:
    """For each order its first row among some, -1 for none; one more at the end, for rows without an order."""
    found = np.full(count + 1, -1, dtype=np.int64)
    chosen = rows[among][::-1]
    found[order[chosen]] = chosen
    return found
