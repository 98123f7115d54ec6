"""The index over the tokens: GIN on PostgreSQL; on SQLite a table of FTS5 that triggers keep.

Made after every migration, as the trail's triggers are: on SQLite a remade table loses its triggers silently.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from jieban.orders.models.fields import SEARCH_TABLE

TABLE = "orders_ordersecret"

_POSTGRES = {
    # How many new rows wait to be put into it is the connection's to say: an import lets more wait than an act.
    "secret_search": f"CREATE INDEX secret_search ON {TABLE} USING gin (search)"
}
_INSERT = (
    f"INSERT INTO {SEARCH_TABLE} (rowid, search) "  # tables of ours
    "SELECT new.order_id, new.search WHERE new.search IS NOT NULL"
)
# Its own way of taking a row out: https://www.sqlite.org/fts5.html#the_delete_command
_REMOVE = (
    f"INSERT INTO {SEARCH_TABLE} ({SEARCH_TABLE}, rowid, search) "  # as above
    "SELECT 'delete', old.order_id, old.search WHERE old.search IS NOT NULL"
)
_SQLITE = {
    # Nothing is looked for but which rows have a word: neither places nor lengths are kept.
    SEARCH_TABLE: (
        f"CREATE VIRTUAL TABLE {SEARCH_TABLE} USING fts5"
        f"(search, content='{TABLE}', content_rowid='order_id', detail=none, columnsize=0)"
    ),
    "orders_search_insert": (
        f"CREATE TRIGGER orders_search_insert AFTER INSERT ON {TABLE} BEGIN {_INSERT}; END"
    ),
    # One trigger for both, since the old must go first: of two SQLite doesn't say which comes first.
    "orders_search_update": (
        f"CREATE TRIGGER orders_search_update AFTER UPDATE OF search ON {TABLE} "
        f"BEGIN {_REMOVE}; {_INSERT}; END"
    ),
    "orders_search_delete": (
        f"CREATE TRIGGER orders_search_delete AFTER DELETE ON {TABLE} BEGIN {_REMOVE}; END"
    ),
}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of what the index lacks."""
    wanted = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'i' AND relname = ANY(%s)", [[*wanted]]
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'table')")
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted if name not in there]


def install(connection: BaseDatabaseWrapper) -> None:
    """Make what is missing; on SQLite the index is then read anew from the table, since it may have missed rows."""
    absent = missing(connection)
    if not absent:
        return
    wanted = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        for name in absent:
            cursor.execute(wanted[name])
        if connection.vendor != "postgresql":
            cursor.execute(f"INSERT INTO {SEARCH_TABLE} ({SEARCH_TABLE}) VALUES ('rebuild')")  # noqa: S608  # as above


def after_migrate(*, using: str, **_: Any) -> None:
    """Signal handler: whatever a migration did to the table, its index stands afterwards."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = TABLE in connection.introspection.table_names(cursor)
        if not there:
            return
        columns = connection.introspection.get_table_description(cursor, TABLE)
    # A database may have been migrated back to before there was a search.
    if any(column.name == "search" for column in columns):
        install(connection)
