"""Changing master keys: every order's key is sealed anew under the current one; phone, delivery and words indexed anew.

No fact of an order changes, so no event tells of it, and no act is done: beside the acts this is the one writer of the
orders' secrets.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet

from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr
from jieban.kernel.keyring import Keyring
from jieban.orders.engine.transactions import in_one_transaction
from jieban.orders.models import Event, Order, OrderSecret
from jieban.orders.secrets import (
    Lock,
    contact_of,
    delivery_index,
    delivery_of,
    lock_of,
    matter_of,
    matter_tokens,
    phone_index,
)

BATCH: Final = 200
"""Orders that are locked and committed together."""

Progress = Callable[[int, int], None]


class KeyInUse(JiebanError):
    """A version of the master key under which something is still sealed."""

    code = "orders.key_in_use"
    exit_code = Exit.CHECK_FAILED


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotated:
    """What a rotation did, and which versions chains are still checked with: those stay needed."""

    orders: int
    current: int
    chained: tuple[int, ...]


def _behind(ring: Keyring) -> "QuerySet[OrderSecret]":
    # What was recorded before there was a search has no tokens: it gets them here.
    stale = ~Q(key_version=ring.current) | Q(search__isnull=True)
    return OrderSecret.objects.filter(stale, wrapped_key__isnull=False)


def rotate_keys(ring: Keyring, progress: Progress | None = None) -> Rotated:
    """Bring every order that isn't redacted under the current version; a killed run is taken up by the next.

    Raises BadKeys for a version that isn't in the ring, BadSeal for a key that doesn't open: nothing of that batch is
    written then.
    """
    whole, done = _behind(ring).count(), 0
    while count := in_one_transaction(lambda: _batch(ring)):
        done += count
        if progress is not None:
            progress(min(done, whole), whole)
    return Rotated(orders=done, current=ring.current, chained=chain_versions())


def _batch(ring: Keyring) -> int:
    ids = list(_behind(ring).order_by("order_id").values_list("order_id", flat=True)[:BATCH])
    # Acts lock the order first: so does this, and reads the secret only then.
    numbers = dict(
        Order.objects.select_for_update(no_key=True)
        .filter(pk__in=ids)
        .order_by("pk")
        .values_list("pk", "number")
    )
    secrets = list(_behind(ring).filter(order_id__in=numbers))
    for secret in secrets:
        _rewrap(secret, numbers[secret.order_id], ring)
    written = ["wrapped_key", "phone_index", "delivery_index", "key_version", "search"]
    OrderSecret.objects.bulk_update(secrets, written)
    # A batch whose orders were all redacted meanwhile is done too.
    return len(secrets) or len(ids)


def _rewrap(secret: OrderSecret, number: str, ring: Keyring) -> None:
    lock = lock_of(secret, number, ring)
    if lock is None:
        raise AssertionError("only secrets with a key are taken")
    secret.wrapped_key = lock.wrapped(ring)
    secret.phone_index = _index(secret, lock, ring)
    delivery = delivery_of(lock, secret)
    secret.delivery_index = delivery_index(delivery, ring) if delivery is not None else None
    secret.search = matter_tokens(matter_of(lock, secret), ring)
    secret.key_version = ring.current


def _index(secret: OrderSecret, lock: Lock, ring: Keyring) -> str | None:
    phone = contact_of(lock, secret).phone
    return phone_index(phone, ring) if phone else None


def versions_in_use() -> Mapping[int, int]:
    """How many orders' keys are sealed under each version."""
    found = (
        OrderSecret.objects.filter(wrapped_key__isnull=False).values("key_version").order_by("key_version")
    )
    return {row["key_version"]: row["count"] for row in found.annotate(count=Count("pk"))}


def chain_versions() -> tuple[int, ...]:
    """The versions with which events were chained: wanted as long as there are events, retired or not."""
    return tuple(Event.objects.order_by("key_version").values_list("key_version", flat=True).distinct())


def check_retirable(version: int) -> None:
    """Raises KeyInUse while an order's key is sealed under this version."""
    if count := versions_in_use().get(version, 0):
        raise KeyInUse(
            tr("还有 {n} 件工单用第 {version} 版密钥加密,不能停用。", n=count, version=version),
            fix=tr("请先运行 jieban keys rotate。"),
        )
