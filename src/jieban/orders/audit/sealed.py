"""What is sealed of an order: it opens, it is what its events committed to, and it is gone once it was redacted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jieban.kernel.errors import JiebanError
from jieban.kernel.keyring import Keyring
from jieban.kernel.sealing import BadSeal
from jieban.orders.audit.findings import Finding, Kind
from jieban.orders.engine.write import WORDS_SLOT
from jieban.orders.models import OrderSecret, Words
from jieban.orders.search.grams import search_key, tokens_of_texts
from jieban.orders.secrets import SEARCHED, Delivery, Lock, delivery_indexes, lock_of, phone_indexes

Row = Mapping[str, Any]
Sealed = bytes | memoryview | None
_SLOTS = ("contact", "matter", "delivery")


def check_sealed(
    order: Row,
    secret: OrderSecret | None,
    words: Sequence[Words],
    commitments: Mapping[str, str],
    keyring: Keyring,
) -> Iterator[Finding]:
    """What is wrong with an order's secret and words. `commitments` are the latest of each slot."""
    number: str = order["number"]
    if secret is None:
        yield Finding(kind=Kind.ROW_MISSING, order=number, what="secret")
        return
    if order["redacted_at"] is not None:
        yield from _check_destroyed(number, secret, words)
        return
    try:
        lock = lock_of(secret, number, keyring)
    except BadSeal:
        lock = None
    except JiebanError:
        yield Finding(kind=Kind.KEY_MISSING, order=number, what=str(secret.key_version))
        return
    if lock is None:
        yield Finding(kind=Kind.SEALED_CHANGED, order=number, what="secret.wrapped_key")
        return
    for slot in _SLOTS:
        yield from _check_slot(number, slot, getattr(secret, slot), lock, commitments)
    yield from _check_index(number, secret, lock, keyring)
    yield from _check_search(number, secret, lock, keyring)
    yield from _check_words(number, words, lock, commitments)


def _check_destroyed(number: str, secret: OrderSecret, words: Sequence[Words]) -> Iterator[Finding]:
    for column in ("wrapped_key", *_SLOTS, "phone_index", "search"):
        if getattr(secret, column) is not None:
            yield Finding(kind=Kind.SEALED_CHANGED, order=number, what=f"secret.{column}")
    for each in words:
        if each.sealed is not None:
            yield Finding(kind=Kind.WORDS_CHANGED, order=number, seq=each.seq)


def _opened(lock: Lock, slot: str, sealed: Sealed) -> dict[str, object] | None:
    """The values of a slot; none where nothing is sealed; None where it doesn't open."""
    if sealed is None:
        return {}
    try:
        opened = lock.open(slot, bytes(sealed))
    except (BadSeal, ValueError):
        return None
    return opened if isinstance(opened, dict) else None


def _check_slot(
    number: str, slot: str, sealed: Sealed, lock: Lock, commitments: Mapping[str, str]
) -> Iterator[Finding]:
    opened = _opened(lock, slot, sealed)
    if opened is None or _differs(lock, slot, opened, commitments):
        yield Finding(kind=Kind.SEALED_CHANGED, order=number, what=f"secret.{slot}")


def _differs(lock: Lock, slot: str, opened: Mapping[str, object], commitments: Mapping[str, str]) -> bool:
    told = {name for name in commitments if name.startswith(f"{slot}/")}
    # What a correction took away is committed to as None.
    values = {name: opened.get(name.removeprefix(f"{slot}/")) for name in told}
    return not {f"{slot}/{name}" for name in opened} <= told or any(
        lock.commit(name, value) != commitments[name] for name, value in values.items()
    )


def _check_index(number: str, secret: OrderSecret, lock: Lock, keyring: Keyring) -> Iterator[Finding]:
    contact = _opened(lock, "contact", secret.contact)
    if contact is None:
        return
    phone = contact.get("phone")
    # While keys are being changed an index may be of any version.
    possible = phone_indexes(str(phone), keyring) if phone else (None,)
    if secret.phone_index not in possible:
        yield Finding(kind=Kind.SEALED_CHANGED, order=number, what="secret.phone_index")
    delivery = _opened(lock, "delivery", secret.delivery)
    if delivery is None:
        return
    came = Delivery(channel=str(delivery.get("channel")), ref=str(delivery.get("ref")))
    if secret.delivery_index not in (delivery_indexes(came, keyring) if delivery else (None,)):
        yield Finding(kind=Kind.SEALED_CHANGED, order=number, what="secret.delivery_index")


def _check_search(number: str, secret: OrderSecret, lock: Lock, keyring: Keyring) -> Iterator[Finding]:
    """Without its tokens an order isn't found any more; with another's it is found wrongly."""
    matter = _opened(lock, "matter", secret.matter)
    if matter is None:
        return
    texts = [str(matter[name]) for name in SEARCHED if matter.get(name)]
    wanted = tokens_of_texts(texts, search_key(keyring, secret.key_version))
    if secret.search is None or set(secret.search) != set(wanted):
        yield Finding(kind=Kind.SEALED_CHANGED, order=number, what="secret.search")


def _check_words(
    number: str, words: Sequence[Words], lock: Lock, commitments: Mapping[str, str]
) -> Iterator[Finding]:
    told = {int(name.split("/")[1]) for name in commitments if name.startswith(f"{WORDS_SLOT}/")}
    for each in words:
        slot = f"{WORDS_SLOT}/{each.seq}"
        opened = _opened(lock, slot, each.sealed) if each.sealed is not None else None
        if opened is None or each.seq not in told or _differs(lock, slot, opened, commitments):
            yield Finding(kind=Kind.WORDS_CHANGED, order=number, seq=each.seq)
        told.discard(each.seq)
    for seq in sorted(told):
        yield Finding(kind=Kind.WORDS_CHANGED, order=number, seq=seq)
