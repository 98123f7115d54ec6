"""The few kinds of column that the tables share."""

from enum import StrEnum

from django.db import models

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
