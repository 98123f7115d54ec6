"""The few kinds of column that the tables share."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup

if TYPE_CHECKING:
    from django.db.models.sql.compiler import SQLCompiler

    AnyField = models.Field[Any, Any]
    AnyLookup = Lookup[Any]
else:
    AnyField, AnyLookup = models.Field, Lookup  # neither is subscriptable at run time

CODE_LENGTH = 64
DIGEST_LENGTH = 64


def code(**options: object) -> "models.CharField[str, str]":
    """A code of the profile or of ours."""
    return models.CharField(max_length=CODE_LENGTH, **options)  # type: ignore[arg-type]  # Django's own options


def maybe_code(**options: object) -> "models.CharField[str | None, str | None]":
    """A code that may be missing; NULL is the one way of saying so."""
    return models.CharField(max_length=CODE_LENGTH, null=True, **options)  # type: ignore[arg-type]  # as above


def digest(**options: object) -> "models.CharField[str, str]":
    """An SM3 digest or MAC, in hex."""
    return models.CharField(max_length=DIGEST_LENGTH, **options)  # type: ignore[arg-type]  # as above


def one_of(column: str, kinds: type[StrEnum], name: str) -> models.CheckConstraint:
    """The database itself refuses what is not a member of `kinds`."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{column}__in": [k.value for k in kinds]}), name=name
    )


SEARCH_TABLE = "orders_search"
"""On SQLite the index over a column of tokens (`orders.search.tables` makes it); its rows have the order's key."""


class TokensField(AnyField):
    """Blind tokens of a sealed text, integers of 32 bits: an array on PostgreSQL, words of eight hex digits on SQLite.

    `has` finds rows that have all of some tokens, `any` those that have one of them; both by the index.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type."""
        return "integer[]" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Tokens as the database takes them."""
        del prepared
        if value is None:
            return None
        return array_literal(value) if connection.vendor == "postgresql" else hex_words(value)

    def from_db_value(self, value: Any, _expression: object, connection: BaseDatabaseWrapper) -> Any:
        """Tokens as they were given."""
        if value is None or connection.vendor == "postgresql":
            return None if value is None else tuple(value)
        return tuple(int.from_bytes(bytes.fromhex(each), "big", signed=True) for each in value.split())


def array_literal(tokens: Iterable[int]) -> str:
    """Tokens as PostgreSQL writes an array."""
    return f"{{{','.join(map(str, tokens))}}}"


def hex_words(tokens: Iterable[int]) -> str:
    """Tokens as the index on SQLite reads them."""
    return " ".join(f"{token & 0xFFFFFFFF:08x}" for token in tokens)


class _Tokens(AnyLookup):
    """Asks the index for tokens: an operator on PostgreSQL, a search of its own table on SQLite."""

    operator: str
    joined_by: str
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if not value:
            raise ValueError("no tokens to look for")
        if connection.vendor == "postgresql":
            return "%s", [array_literal(value)]
        return "%s", [self.joined_by.join(f'"{each}"' for each in hex_words(value).split())]

    def as_sql(self, compiler: "SQLCompiler", connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        lhs, before = self.process_lhs(compiler, connection)
        rhs, after = self.process_rhs(compiler, connection)
        parameters = [*before, *after]
        if connection.vendor == "postgresql":
            return f"{lhs} {self.operator} {rhs}::integer[]", parameters
        key = f"{lhs.rpartition('.')[0]}.{connection.ops.quote_name('order_id')}"
        found = f"SELECT rowid FROM {SEARCH_TABLE} WHERE {SEARCH_TABLE} MATCH {rhs}"  # noqa: S608  # a table of ours
        return f"{key} IN ({found})", parameters


@TokensField.register_lookup
class HasTokens(_Tokens):
    """All of them."""

    lookup_name, operator, joined_by = "has", "@>", " AND "


@TokensField.register_lookup
class AnyToken(_Tokens):
    """One of them at least."""

    lookup_name, operator, joined_by = "any", "&&", " OR "
