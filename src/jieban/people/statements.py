"""Statements that Django makes once: what is asked at every request and in every act, in a third of the time.

Django makes each statement anew, which takes longer than the answer where a table is asked for a row or two.
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from django.db.models import QuerySet

Value = int | str | date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a statement found: the columns by their attributes' names, and the rows as Python has them."""

    columns: list[str]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Question:
    """A statement that Django made, and how its answers become rows."""

    statement: str
    columns: list[str]
    convert: Callable[[Iterable[Sequence[Any]]], Iterable[Sequence[Any]]]


class _Known(threading.local):
    """What this thread asked before: what converts the answers belongs to its connection."""

    def __init__(self) -> None:
        self.questions: dict[Hashable, _Question] = {}


_KNOWN = _Known()


def asked(name: Hashable, queryset: Callable[[], "QuerySet[Any, Any]"], *values: Value) -> Answer:
    """What a queryset finds, whose statement Django makes once for each `name`.

    The queryset asks for columns of one table, and differs from others of its name in nothing but `values`: those of
    its conditions, in their order. Raises ValueError where the first of a name doesn't.
    """
    told = tuple(map(_stored, values))
    key = (connection.vendor, name)
    known = _KNOWN.questions.get(key)
    if known is None:
        known = _KNOWN.questions[key] = _question(queryset(), told)
    with connection.cursor() as cursor:
        cursor.execute(known.statement, told)
        found = cursor.fetchall()
    return Answer(columns=known.columns, rows=known.convert(found))


def _stored(value: Value) -> Any:
    """A value as the database takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _question(queryset: "QuerySet[Any, Any]", values: tuple[Any, ...]) -> _Question:
    compiler = queryset.query.get_compiler(using=connection.alias)
    statement, told = compiler.as_sql()
    columns = [column for column, _, _ in compiler.select]
    names = [column.target.attname for column in columns if column.target.model is queryset.model]
    if tuple(told) != values or len(names) != len(columns):
        raise ValueError(f"{statement} asks with {told}, not with {values}, or for more than rows of a table")
    converters = compiler.get_converters(columns)
    return _Question(
        statement=statement, columns=names, convert=lambda rows: compiler.apply_converters(rows, converters)
    )
