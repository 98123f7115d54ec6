"""The database's own refusal to change what was written of articles: rows are added, and that is all."""

from collections.abc import Iterator
from typing import Any

from django.db import connections

TABLES = ("desks_wording", "desks_articlenote", "desks_citation")
_REFUSED = "what was written of articles is never changed or deleted"


def _sqlite(table: str) -> Iterator[str]:
    for event in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        )


def _postgres(table: str) -> Iterator[str]:
    yield (
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )
    # A row trigger doesn't see TRUNCATE: that one is of the statement.
    yield (
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )


def after_migrate(*, using: str, **_: Any) -> None:
    """Signal handler: whatever a migration did to the tables, their triggers stand afterwards."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    made = _postgres if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for table in TABLES:
            for each in made(table) if table in there else ():
                cursor.execute(each)
