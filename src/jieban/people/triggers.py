"""The database refuses to change what is on record of accounts and of the city: rows are added, and that is all."""

from collections.abc import Mapping
from typing import Any

from django.db import connections

TABLES: Mapping[str, str] = {
    "people_accountchange": "changes of accounts are never changed or deleted",
    "people_citychange": "changes of the city are never changed or deleted",
    "people_citydecision": "decisions on the city are never changed or deleted",
}
"""What each table says to whoever tries."""


def _sqlite(table: str, refused: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{refused}'); END"
        for event in ("UPDATE", "DELETE")
    )


def _postgres(table: str, refused: str) -> tuple[str, ...]:
    # A row trigger doesn't see TRUNCATE: that one is of the statement.
    return (
        (
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refused}'; END $$"
        ),
        (
            f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        ),
        (
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        ),
    )


def refuse_changes(tables: Mapping[str, str], *, using: str) -> None:
    """Let rows of these tables be added and nothing else, each with what it says to whoever tries; made where lacking.

    Tables that aren't there yet are left alone.
    """
    connection = connections[using]
    there = set(connection.introspection.table_names())
    statements = _postgres if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for table, refused in tables.items():
            for each in statements(table, refused) if table in there else ():
                cursor.execute(each)


def after_migrate(*, using: str, **_: Any) -> None:
    """Signal handler: whatever a migration did to the tables, their triggers stand afterwards."""
    refuse_changes(TABLES, using=using)
