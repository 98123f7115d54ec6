"""Rows of a table of the live database by columns, and how an event and SQLite write them, many at a time."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from json.encoder import encode_basestring
from typing import Any

from django.db.models import Field, Model

from jieban.ledger.arrow import one, pa, pc
from jieban.orders.engine.step import BEHIND, NAMED, PROFILE_VERSION, plain
from jieban.orders.importing.grams import hex_columns

Column = Any
"""An Arrow array with a value a row, or one value for all rows; None is NULL."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """`count` rows of a model. Columns that are not given have what the table gives by itself."""

    model: type[Model]
    count: int
    columns: dict[str, Column]

    def __post_init__(self) -> None:
        strange = self.columns.keys() - {each.attname for each in fields(self.model)}
        if strange:
            raise ValueError(f"{self.model.__name__} has no {sorted(strange)}")

    def told(self, names: Any) -> Any:
        """For each row its name and the object that `engine.step.initial` makes of it, as a member of a JSON object.

        Names are such that JSON writes them as they are. All rows have one profile version.
        """
        silent = BEHIND | NAMED[self.model] | {PROFILE_VERSION}
        pieces = [
            _piece(each, self.columns[each.attname], self.count)
            for each in sorted(fields(self.model), key=lambda each: each.attname)
            if each.attname in self.columns and each.attname not in silent
        ]
        whole = pc.binary_join_element_wise(*pieces, ",", null_handling="skip")
        return pc.binary_join_element_wise('"', names, '":{', whole, "}", "")


@cache
def fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    """A model's columns."""
    return tuple(model._meta.concrete_fields)  # noqa: SLF001  # the public name of Django's own


@cache
def default(field: "Field[Any, Any]") -> object:
    """What the table gives a column by itself."""
    return field.get_default() if field.has_default() else None


def _piece(field: "Field[Any, Any]", values: Column, count: int) -> Any:
    """`"column":value`, null where an event doesn't tell it."""
    usual, name = default(field), f'"{field.attname}":'
    if not isinstance(values, pa.Array):
        told = None if values is None or values == usual else f"{name}{json.dumps(plain(values))}"
        return pa.array([told], pa.string()).take(pa.nulls(count, pa.int32()).fill_null(0))
    if usual is not None:
        values = pc.if_else(pc.equal(values, pa.scalar(usual, values.type)), None, values)
    found: Any = pc.binary_join_element_wise(name, json_texts(values), "")
    return found


def _around(before: str, values: Any, after: str) -> Any:
    found: Any = pc.binary_join_element_wise(before, values, after, "")
    return found


def json_texts(values: Any) -> Any:
    """For each value its JSON as events write it; null for null."""
    if pa.types.is_timestamp(values.type):
        text = pc.binary_replace_slice(_instants(values).cast(pa.binary()), 10, 11, b"T").cast(pa.string())
        return _around('"', text, 'Z"')
    if pa.types.is_string(values.type):
        return each_text(values, encode_basestring)
    if pa.types.is_boolean(values.type):
        found: Any = pc.if_else(values, "true", "false")
        return found
    return one(values.cast(pa.string()))


def each_text(values: Any, make: Callable[[str], str]) -> Any:
    """`make` of each text, computed once for equal ones; null for null."""
    encoded = values.dictionary_encode()
    made = pa.array([make(text) for text in encoded.dictionary.to_pylist()], pa.string())
    found: Any = made.take(encoded.indices)
    return found


def _instants(values: Any) -> Any:
    """`2025-04-21 02:30:00`, in UTC."""
    return one(values.cast(pa.timestamp("s")).cast(pa.string()))


def database_values(values: Column, count: int) -> list[object]:
    """For each value what SQLite stores of it."""
    if not isinstance(values, pa.Array):
        return [values] * count
    if pa.types.is_timestamp(values.type):
        values = _instants(values)
    if pa.types.is_list(values.type):
        return list(hex_columns(values))
    found: list[object] = values.to_pylist()
    return found
