"""Orders by the tokens of their secrets: a walk from the latest on, and what the index gathers; both stop somewhere.

An index can't give "the latest fifty of 300,000". A walk finds those of a frequent word at once, since every hundredth
order or so has it; an index gathers those of a rare one, since there are few. About two thousandths of a millisecond
an order is what either costs PostgreSQL, so that both together cover words of every frequency within a tenth of a
second among a million orders (bench/live_desks.py).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jieban.orders.models import Order, OrderSecret

MOST_SORTED = 50_000
"""Orders that are sorted once they are found: a month or two of a large city."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An order that was found."""

    order: int
    received_at: datetime

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it stands among others: of two the greater is the later."""
        return (self.received_at, self.order)

    @property
    def mark(self) -> str:
        """Where the next page begins, for an address."""
        return f"{(self.received_at - _EPOCH) // timedelta(microseconds=1)}-{self.order}"


def read_mark(mark: str) -> Hit:
    """The place that `Hit.mark` wrote. Raises ValueError for anything else."""
    at, _, order = mark.partition("-")
    if not (mark.isascii() and at.isdigit() and order.isdigit() and len(mark) < 40):  # noqa: PLR2004  # two numbers
        raise ValueError(f"no mark: {mark!r}")
    try:
        return Hit(order=int(order), received_at=_EPOCH + timedelta(microseconds=int(at)))
    except OverflowError as fault:
        raise ValueError(f"no mark: {mark!r}") from fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Walked:
    """What was found, the latest first; `upto` is where looking stopped, None where enough was found, or all."""

    hits: tuple[Hit, ...]
    upto: Hit | None


def latest(way: "QuerySet[Order]", most: int) -> list[Hit]:
    """The latest of some orders."""
    rows = _sorted(way).values_list("pk", "received_at")[:most]
    return [Hit(order=pk, received_at=received_at) for pk, received_at in rows]


def sorted_afterwards(
    way: "QuerySet[Order]", secrets: "QuerySet[OrderSecret] | None", *, most: int
) -> list[Hit] | None:
    """The latest `most` of a way that is small, by whatever index finds it, whose secret is one of `secrets`.

    None where it isn't small. Left to itself, PostgreSQL would go through all orders from the latest on, in the hope to
    come upon the first of these soon. On PostgreSQL.
    """
    few, parameters = way.order_by().values("pk", "received_at")[: MOST_SORTED + 1].query.sql_with_params()
    has, more = _correlated(secrets, "late.id") if secrets is not None else ("SELECT 1", [])
    rows = _rows(
        f"WITH few (id, received_at) AS MATERIALIZED ({few}) "  # noqa: S608  # all that comes from outside is a parameter
        "SELECT counted.n, found.id, found.received_at FROM (SELECT count(*) AS n FROM few) counted LEFT JOIN "
        "(SELECT late.id, late.received_at FROM (SELECT id, received_at FROM few "
        f"ORDER BY received_at DESC, id DESC OFFSET 0) late, LATERAL ({has}) has "
        "WHERE (SELECT count(*) FROM few) <= %s "
        "ORDER BY late.received_at DESC, late.id DESC LIMIT %s) found ON true "
        "ORDER BY found.received_at DESC, found.id DESC",
        [*parameters, *more, MOST_SORTED, most],
    )
    return _told(rows, MOST_SORTED)


def walk(way: "QuerySet[Order]", secrets: "QuerySet[OrderSecret]", *, looked: int, most: int) -> list[Hit]:
    """The latest `most` of a way whose secret is one of `secrets`, of the latest `looked` orders. On PostgreSQL."""
    near, parameters = _sorted(way).values("pk", "received_at")[:looked].query.sql_with_params()
    has, more = _correlated(secrets, "near.id")
    # The set within is read no farther than the limit outside asks for, in its own order.
    rows = _rows(
        f"SELECT near.id, near.received_at FROM ({near}) near (id, received_at), LATERAL ({has}) has "  # noqa: S608  # as above
        "ORDER BY near.received_at DESC, near.id DESC LIMIT %s",
        [*parameters, *more, most],
    )
    return [Hit(order=order, received_at=at) for order, at in rows]


def last_of(way: "QuerySet[Order]", looked: int) -> Hit | None:
    """Where a walk through the latest `looked` of a way ended; None where there are no more than those."""
    rows = _sorted(way).values_list("pk", "received_at")[looked - 1 : looked]
    return next((Hit(order=pk, received_at=received_at) for pk, received_at in rows), None)


def gather(
    way: "QuerySet[Order]", secrets: "QuerySet[OrderSecret]", *, gathered: int, most: int
) -> list[Hit] | None:
    """The latest `most` of a way whose secret is one of `secrets`; None if more than `gathered` are. On PostgreSQL."""
    keys, parameters = secrets.values("order_id")[: gathered + 1].query.sql_with_params()
    one = way.order_by().filter(pk=RawSQL("keys.id", ())).values("pk", "received_at")[:1]
    order, more = one.query.sql_with_params()
    rows = _rows(
        f"WITH keys (id) AS MATERIALIZED ({keys}) "  # noqa: S608  # as above
        "SELECT counted.n, found.id, found.received_at FROM (SELECT count(*) AS n FROM keys) counted LEFT JOIN "
        f"(SELECT one.id, one.received_at FROM keys, LATERAL ({order}) one (id, received_at) "
        "WHERE (SELECT count(*) FROM keys) <= %s "
        "ORDER BY one.received_at DESC, one.id DESC LIMIT %s) found ON true "
        "ORDER BY found.received_at DESC, found.id DESC",
        [*parameters, *more, gathered, most],
    )
    return _told(rows, gathered)


def estimated(found: "QuerySet[Any, Any]") -> int:
    """How many rows PostgreSQL believes that there are, by its statistics: at once, and often wrongly."""
    statement, parameters = found.order_by().values("pk").query.sql_with_params()
    ((plan,),) = _rows(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    told = json.loads(plan) if isinstance(plan, str) else plan
    return int(told[0]["Plan"]["Plan Rows"])


def _sorted(way: "QuerySet[Order]") -> "QuerySet[Order]":
    return way.order_by("-received_at", "-pk")


def _correlated(secrets: "QuerySet[OrderSecret]", key: str) -> tuple[str, Sequence[Any]]:
    # With a limit of its own it is asked for each order, never joined as a whole.
    found = secrets.filter(order_id=RawSQL(key, ())).values("order_id")[:1]  # noqa: S611  # a column's name of ours
    statement, parameters = found.query.sql_with_params()
    return statement, parameters


def _told(rows: Sequence[tuple[Any, ...]], most: int) -> list[Hit] | None:
    if rows[0][0] > most:
        return None
    return [Hit(order=pk, received_at=at) for _, pk, at in rows if pk is not None]


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
