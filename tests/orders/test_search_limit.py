"""A search that takes too long is ended and says so; nothing of the limit stays behind."""

import time

import pytest
from cast import ALICE, recorded
from django.db import connection, transaction

from jieban.orders.errors import TooBroad
from jieban.orders.search import limit
from jieban.orders.search.box import Sought
from jieban.orders.search.find import search_orders
from jieban.orders.search.limit import limited
from live_database import LiveDatabase

ENDLESS = {
    "postgresql": "SELECT pg_sleep(30)",
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
}


def work(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()


@pytest.mark.parametrize("outer", [False, True], ids=["by itself", "in a transaction"])
def test_what_takes_too_long_is_ended_and_the_connection_goes_on(
    database: LiveDatabase, *, outer: bool
) -> None:
    began = time.monotonic()
    with transaction.atomic() if outer else limited(None):
        with pytest.raises(TooBroad) as refused, limited(0.2):
            work(ENDLESS[database.vendor])
        with limited(0.2):
            work("SELECT 1")
        # Longer than the limit was: it is gone.
        work("SELECT pg_sleep(0.4)" if database.vendor == "postgresql" else "SELECT 1")
    assert time.monotonic() - began < 15
    assert "0.2 秒" in refused.value.what
    assert refused.value.fix
    number = recorded()
    assert len(search_orders(ALICE, Sought(), seconds=limit.MOST_SECONDS).hits) == 1, number


def test_whatever_else_breaks_is_not_called_too_broad(database: LiveDatabase) -> None:
    from django.db import DatabaseError  # noqa: PLC0415  # beside what it is for

    with pytest.raises(DatabaseError), limited(5.0):
        work("SELECT no_such_column FROM orders_order")
    del database
