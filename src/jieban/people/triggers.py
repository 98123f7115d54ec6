"""The database's own refusal to change the record of who changed which account: rows are added, and that is all."""

from typing import Any

from django.db import connections

TABLE = "people_accountchange"
_REFUSED = "changes of accounts are never changed or deleted"
_SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{event.lower()} BEFORE {event} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    for event in ("UPDATE", "DELETE")
)
# A row trigger doesn't see TRUNCATE: that one is of the statement.
_POSTGRES = (
    (
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    ),
    (
        f"CREATE OR REPLACE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
        f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()"
    ),
    (
        f"CREATE OR REPLACE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()"
    ),
)


def after_migrate(*, using: str, **_: Any) -> None:
    """Signal handler: whatever a migration did to the table, its triggers stand afterwards."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for each in _POSTGRES if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(each)
