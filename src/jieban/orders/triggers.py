"""The database's own refusal to change the trail: triggers on the table of events."""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "orders_event"

_SQLITE = {
    "orders_event_no_update": (
        f"CREATE TRIGGER orders_event_no_update BEFORE UPDATE ON {TABLE} "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
    ),
    "orders_event_no_delete": (
        f"CREATE TRIGGER orders_event_no_delete BEFORE DELETE ON {TABLE} "
        "BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END"
    ),
}
_POSTGRES_FUNCTION = (
    "CREATE OR REPLACE FUNCTION orders_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'events are never changed or deleted (%)', TG_OP; END $$"
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
}


def wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers of this kind of database, by name."""
    return _POSTGRES if connection.vendor == "postgresql" else _SQLITE


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that the table of events lacks, or has disabled."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE relname = %s AND tgenabled IN ('O', 'A')",
                [TABLE],
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted(connection) if name not in there]


def install(connection: BaseDatabaseWrapper) -> None:
    """Make those that are missing."""
    absent = missing(connection)
    if not absent:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
            for name in absent:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {TABLE}")
        for name in absent:
            cursor.execute(wanted(connection)[name])


def after_migrate(*, using: str, **_: Any) -> None:
    """Signal handler: whatever a migration did to the table, its triggers stand afterwards."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        install(connection)
