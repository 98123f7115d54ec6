"""Django's cache in the database: all workers of all machines see the same, so that a lock-out counts what each saw.

Django's own database cache keeps pickled objects: whoever could write that table would run programs here, beside the
master keys. Values here are JSON. Each operation is one statement, so that what two do at once is done one by one.
"""

import json
import time
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils.crypto import salted_hmac

from jieban.desks.signin.models import KEY_LENGTH, Shared

_SET: Final = (
    "INSERT INTO desks_shared (key, value, until) VALUES (%s, %s, %s) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until"
)
_ADD: Final = f"{_SET} WHERE desks_shared.until <= %s"
_SWEPT: Final = 100
"""Rows that have run out and are taken away with each that is set: fewer are never left than came."""
_SECOND: Final = 1_000_000
_FOR_EVER: Final = 2**62


class SharedCache(BaseCache):
    """What the sign-in keeps for some minutes. Values are what JSON can say."""

    def __init__(self, _place: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value; `default` for none, and for one that has run out."""
        found = Shared.objects.filter(key=self._key(key, version), until__gt=_now())
        value = found.values_list("value", flat=True).first()
        return default if value is None else json.loads(value)

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep a value in the place of whatever was there."""
        with connection.cursor() as cursor:
            cursor.execute(_SET, [self._key(key, version), json.dumps(value), self._until(timeout)])
        over = Shared.objects.filter(until__lte=_now()).values("key")
        Shared.objects.filter(key__in=over[:_SWEPT]).delete()

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep a value where there is none; whether it was kept. Of several at once one is."""
        given = (self._key(key, version), json.dumps(value), self._until(timeout), _now())
        with connection.cursor() as cursor:
            cursor.execute(_ADD, given)
            return bool(cursor.rowcount)

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value for longer; whether there is one."""
        found = Shared.objects.filter(key=self._key(key, version), until__gt=_now())
        return bool(found.update(until=self._until(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value; whether there was one."""
        return bool(Shared.objects.filter(key=self._key(key, version)).delete()[0])

    def clear(self) -> None:
        """Forget everything."""
        Shared.objects.all().delete()

    def _key(self, key: str, version: int | None) -> str:
        """As long as the column, and telling nothing: addresses stand in the library's keys."""
        made = salted_hmac("jieban.signin.cache", self.make_key(key, version), algorithm="sha256")
        return made.hexdigest()[:KEY_LENGTH]

    def _until(self, timeout: float | None) -> int:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return _FOR_EVER if seconds is None else _now() + int(seconds * _SECOND)


def _now() -> int:
    return int(time.time() * _SECOND)
