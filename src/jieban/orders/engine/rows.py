"""Reading, inserting and updating rows: what Django's querysets, `bulk_create` and `save` do, in a third of their time.

Acts read and write few rows at a time and often. Django makes each statement anew, and on PostgreSQL it sends several
rows as arrays of columns, which costs more than it saves until they are many.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DatabaseError, connection
from django.db.models import Field, Model, QuerySet

from jieban.people.statements import asked

Fields = tuple["Field[Any, Any]", ...]
M = TypeVar("M", bound=Model)


def select(
    model: type[M], name: Hashable, queryset: Callable[[], QuerySet[M]], *values: int | str
) -> list[M]:
    """The rows that a queryset finds, whose statement Django makes once for each `name` (`people.statements.asked`).

    The queryset asks for columns of one table, and differs from others of its model and name in nothing but `values`:
    those of its conditions, in their order. Raises ValueError where the first of a name doesn't.
    """
    answer = asked((model, name), queryset, *values)
    return [model.from_db(connection.alias, answer.columns, row) for row in answer.rows]


def insert(rows: Sequence[Model]) -> None:
    """Insert rows of one table in one statement; they get the keys that the database gives them."""
    first = rows[0]
    own_key = first.pk is None
    statement, fields = _insertion(connection.vendor, type(first), len(rows), own_key=own_key)
    parameters = [value for row in rows for value in _values(row, fields)]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        if own_key:
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = key
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001  # as Django's own insert does


def update(rows: Sequence[Model], columns: Sequence[str]) -> None:
    """Store some columns of rows of one table: one statement, run for all rows at once.

    Raises DatabaseError when a row isn't there any more.
    """
    statement, fields = _update(connection.vendor, type(rows[0]), tuple(columns))
    parameters = [_values(row, fields) for row in rows]
    with connection.cursor() as cursor:
        if len(rows) == 1:
            cursor.execute(statement, parameters[0])
        else:
            cursor.executemany(statement, parameters)
        if cursor.rowcount != len(rows):
            raise DatabaseError(f"{cursor.rowcount} of {len(rows)} rows are there to be updated")


def _values(row: Model, fields: Fields) -> list[Any]:
    # A row that was added in the same act may have got its key since it was linked.
    row._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]  # noqa: SLF001  # Django's own saving does it too
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


@cache
def _insertion(vendor: str, model: type[Model], count: int, *, own_key: bool) -> tuple[str, Fields]:
    del vendor  # each kind of database has its own statements
    quote, meta = connection.ops.quote_name, model._meta  # noqa: SLF001  # the public name of Django's own
    fields = tuple(each for each in meta.concrete_fields if not (own_key and each.primary_key))
    columns = ", ".join(quote(each.column) for each in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    statement = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES {', '.join([row] * count)}"  # noqa: S608  # names of our own tables
    if own_key and meta.pk is not None:
        statement += f" RETURNING {quote(meta.pk.column)}"
    return statement, fields


@cache
def _update(vendor: str, model: type[Model], columns: tuple[str, ...]) -> tuple[str, Fields]:
    del vendor  # as above
    quote, meta = connection.ops.quote_name, model._meta  # noqa: SLF001  # as above
    by_name = {name: each for each in meta.concrete_fields for name in (each.name, each.attname)}
    fields = tuple(by_name[name] for name in columns)
    if meta.pk is None:
        raise TypeError(f"{model.__name__} has no key")
    told = ", ".join(f"{quote(each.column)} = %s" for each in fields)
    statement = f"UPDATE {quote(meta.db_table)} SET {told} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608  # as above
    return statement, (*fields, meta.pk)
