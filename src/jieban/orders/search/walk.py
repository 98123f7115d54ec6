"""Orders by the tokens of their secrets: a walk from the latest on, and what the index gathers; both stop somewhere.

An index can't give "the latest fifty of 300,000". A walk finds those of a frequent word at once, since every hundredth
order or so has it; an index gathers those of a rare one, since there are few. About two thousandths of a millisecond
an order is what either costs PostgreSQL, three times as much where the orders lie apart, as those of a small unit do
(bench/live_desks.py). `plan` says which is taken.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from jieban.orders.search.way import Asked, Hit, Way, latest_first, row_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jieban.orders.models import Order, OrderSecret

MOST_SORTED = 50_000
"""Orders that are sorted once they are found: a month or two of a large city."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Walked:
    """What was found, the latest first; `upto` is where looking stopped, None where there are no more."""

    hits: tuple[Hit, ...]
    upto: Hit | None


def latest(orders: "QuerySet[Order]", most: int) -> list[Hit]:
    """The latest of some orders."""
    rows = latest_first(orders).values_list("pk", "received_at")[:most]
    return [Hit(order=pk, received_at=received_at) for pk, received_at in rows]


def sorted_afterwards(
    orders: "QuerySet[Order]", secrets: "QuerySet[OrderSecret] | None", *, most: int
) -> list[Hit] | None:
    """The latest `most` of few orders, by whatever index finds them, whose secret is one of `secrets`.

    None where there are many. Left to itself, PostgreSQL would go through all orders from the latest on, in the hope to
    come upon the first of these soon. On PostgreSQL.
    """
    has = _has(secrets, "late.id") if secrets is not None else None
    return _latest_of(
        orders.order_by().values("pk", "received_at"), has, sorted_at_most=MOST_SORTED, most=most
    )


def walk(way: Way, secrets: "QuerySet[OrderSecret] | None", *, looked: int, most: int) -> list[Hit]:
    """The latest `most` of a way whose secret is one of `secrets`, of the latest `looked` along it. On PostgreSQL."""
    near, parameters = way.along(0, looked).query.sql_with_params()
    checks, more = way.checks("near.id")
    if secrets is not None:
        has, its = _has(secrets, "near.id")
        checks, more = f"{checks}, LATERAL ({has}) has", [*more, *its]
    # The set within is read no farther than the limit outside asks for, in its own order.
    rows = _rows(
        f"SELECT {way.once} near.id, near.received_at FROM ({near}) near (id, received_at){checks} "  # noqa: S608  # as above
        "ORDER BY near.received_at DESC, near.id DESC LIMIT %s",
        [*parameters, *more, most],
    )
    return [Hit(order=order, received_at=at) for order, at in rows]


def last_of(way: Way, looked: int) -> Hit | None:
    """Where a walk through the latest `looked` of a way ended; None where there are no more than those."""
    # One more is asked for: a way that ends with the last of them ended.
    rows = list(way.along(looked - 1, looked + 1))
    return Hit(order=rows[0][0], received_at=rows[0][1]) if len(rows) > 1 else None


def gather(way: Way, secrets: "QuerySet[OrderSecret]", *, gathered: int, most: int) -> list[Hit] | None:
    """The latest `most` of a way whose secret is one of `secrets`; None if more than `gathered` are. On PostgreSQL."""
    within = secrets.filter(way.span.condition("order_received_at", "order_id"))
    few = within.values("order_id", "order_received_at")
    return _latest_of(few, way.on("late.id"), sorted_at_most=gathered, most=most)


def _latest_of(
    rows: "QuerySet[Any, Any]", wanted: Asked | None, *, sorted_at_most: int, most: int
) -> list[Hit] | None:
    """The latest `most` of few rows (an order's key, and when it was received) for which `wanted` gives something.

    It is asked of one after the other until there are enough. None where there are more than `sorted_at_most`.
    """
    few, parameters = rows[: sorted_at_most + 1].query.sql_with_params()
    asked, more = wanted if wanted is not None else ("SELECT 1", ())
    found = _rows(
        f"WITH few (id, received_at) AS MATERIALIZED ({few}) "  # noqa: S608  # all that comes from outside is a parameter
        "SELECT counted.n, found.id, found.received_at FROM (SELECT count(*) AS n FROM few) counted LEFT JOIN "
        "(SELECT late.id, late.received_at FROM (SELECT id, received_at FROM few "
        f"ORDER BY received_at DESC, id DESC OFFSET 0) late, LATERAL ({asked}) asked "
        "WHERE (SELECT count(*) FROM few) <= %s "
        "ORDER BY late.received_at DESC, late.id DESC LIMIT %s) found ON true "
        "ORDER BY found.received_at DESC, found.id DESC",
        [*parameters, *more, sorted_at_most, most],
    )
    if found[0][0] > sorted_at_most:
        return None
    return [Hit(order=pk, received_at=at) for _, pk, at in found if pk is not None]


def estimated(found: "QuerySet[Any, Any]") -> int:
    """How many rows PostgreSQL believes that there are, by its statistics: at once, and often wrongly."""
    statement, parameters = found.order_by().values("pk").query.sql_with_params()
    ((plan,),) = _rows(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    told = json.loads(plan) if isinstance(plan, str) else plan
    return int(told[0]["Plan"]["Plan Rows"])


def _has(secrets: "QuerySet[OrderSecret]", key: str) -> Asked:
    return row_of(secrets, key, "order_id")


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
