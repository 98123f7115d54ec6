"""The database's own refusal to change the trail or to delete what it is about: triggers on events and orders.

That an event's order is there the database doesn't look up, event by event: no order goes once it is there, and no act
writes an event of another than the one that it has locked. `audit verify` names events that have none.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "orders_event"
ORDERS = "orders_order"

_SQLITE = {
    "orders_event_no_update": (
        f"CREATE TRIGGER orders_event_no_update BEFORE UPDATE ON {TABLE} "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
    ),
    "orders_event_no_delete": (
        f"CREATE TRIGGER orders_event_no_delete BEFORE DELETE ON {TABLE} "
        "BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END"
    ),
    "orders_order_no_delete": (
        f"CREATE TRIGGER orders_order_no_delete BEFORE DELETE ON {ORDERS} "
        "BEGIN SELECT RAISE(ABORT, 'orders are never deleted'); END"
    ),
}
_POSTGRES_FUNCTIONS = tuple(
    f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{refused} (%)', TG_OP; END $$"
    for table, refused in (
        (TABLE, "events are never changed or deleted"),
        (ORDERS, "orders are never deleted"),
    )
)
# A row trigger doesn't see TRUNCATE: that one is of the statement.
_POSTGRES = {
    "orders_event_no_change": (
        f"CREATE TRIGGER orders_event_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION orders_event_refuse()"
    ),
    "orders_event_no_truncate": (
        f"CREATE TRIGGER orders_event_no_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION orders_event_refuse()"
    ),
    "orders_order_no_delete": (
        f"CREATE TRIGGER orders_order_no_delete BEFORE DELETE ON {ORDERS} "
        "FOR EACH ROW EXECUTE FUNCTION orders_order_refuse()"
    ),
    "orders_order_no_truncate": (
        f"CREATE TRIGGER orders_order_no_truncate BEFORE TRUNCATE ON {ORDERS} "
        "FOR EACH STATEMENT EXECUTE FUNCTION orders_order_refuse()"
    ),
}


def wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers of this kind of database, by name."""
    return _POSTGRES if connection.vendor == "postgresql" else _SQLITE


def table_of(name: str) -> str:
    """The table that a trigger is on."""
    return name.partition("_no_")[0]


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that a table lacks, or has disabled."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE relname IN (%s, %s) AND tgenabled IN ('O', 'A')",
                [TABLE, ORDERS],
            )
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)",
                [TABLE, ORDERS],
            )
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted(connection) if name not in there]


def install(connection: BaseDatabaseWrapper) -> None:
    """Make those that are missing."""
    absent = missing(connection)
    if not absent:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for function in _POSTGRES_FUNCTIONS:
                cursor.execute(function)
            for name in absent:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table_of(name)}")
        for name in absent:
            cursor.execute(wanted(connection)[name])


def after_migrate(*, using: str, **_: Any) -> None:
    """Signal handler: whatever a migration did to the table, its triggers stand afterwards."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        install(connection)
