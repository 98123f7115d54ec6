"""What is sealed under an order's own key: the person, the citizen's words, what was written in acts (ruling 9)."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from jieban.kernel.digest import canonical_json
from jieban.kernel.keyring import Keyring
from jieban.kernel.sealing import hmac_sm3, new_key, seal, unseal
from jieban.orders.models import OrderSecret
from jieban.orders.search.grams import Tokens, search_key, tokens_of_texts

SEARCHED = ("summary", "content", "address")
"""The slots of a matter in which words are looked for."""

_KEY_BYTES = 16
_INDEX_HEX = 32
_COMMITMENT_HEX = 32
_NO_DIGIT = re.compile(r"\D+")
_COUNTRY_CODE = re.compile(r"^(?:00)?86(?=1\d{10}$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """Who asked. Of an anonymous requester all may be missing but the number they called from."""

    name: str | None = None
    phone: str | None = None

    def __repr__(self) -> str:
        return "Contact(…)"

    @property
    def empty(self) -> bool:
        """Whether there is nobody to be reached."""
        return self.name is None and self.phone is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter:
    """What it is about, in words: the citizen's, unchanged, and the operator's summary; and exactly where."""

    content: str | None = None
    summary: str | None = None
    address: str | None = None
    longitude: str | None = None
    latitude: str | None = None

    def __repr__(self) -> str:
        return "Matter(…)"


class Lock:
    """An order's own key, in the clear: seals and opens what belongs to the order, and commits to it."""

    __slots__ = ("_key", "_order")

    def __init__(self, key: bytes, order: str) -> None:
        self._key = key
        self._order = order

    def __repr__(self) -> str:
        return f"Lock({self._order})"

    def seal(self, slot: str, value: object) -> bytes:
        """`value` (anything that is JSON) sealed; bound to the order and the slot, so that none can be moved."""
        return seal(self._key, canonical_json(value), f"{self._order}/{slot}".encode())

    def open(self, slot: str, sealed: bytes) -> object:
        """What `seal` sealed. Raises BadSeal when it was altered or moved."""
        return json.loads(unseal(self._key, bytes(sealed), f"{self._order}/{slot}".encode()))

    def commit(self, slot: str, value: object) -> str:
        """What an event may say of a value: the same for the same value, and telling nothing once the key is gone."""
        return hmac_sm3(self._key, canonical_json([self._order, slot, value])).hex()[:_COMMITMENT_HEX]

    def wrapped(self, keyring: Keyring) -> bytes:
        """The key itself, sealed under the current master key."""
        return seal(_wrapping(keyring, keyring.current), self._key, self._order.encode())


def _wrapping(keyring: Keyring, version: int) -> bytes:
    return keyring.derive("wrap", version)[:_KEY_BYTES]


def new_lock(order: str) -> Lock:
    """A key for the order of that number."""
    return Lock(new_key(), order)


def lock_of(secret: OrderSecret, order: str, keyring: Keyring) -> Lock | None:
    """The order's key; None once it was destroyed. Raises BadSeal, and BadKeys for a master key that isn't there."""
    if secret.wrapped_key is None:
        return None
    wrapping = _wrapping(keyring, secret.key_version)
    return Lock(unseal(wrapping, bytes(secret.wrapped_key), order.encode()), order)


def phone_digits(phone: str) -> str:
    """A number as it is compared: plain digits only, without China's country code before a mobile number."""
    return _COUNTRY_CODE.sub("", _NO_DIGIT.sub("", unicodedata.normalize("NFKC", phone)))


def phone_index(phone: str, keyring: Keyring, version: int | None = None) -> str:
    """The blind index of a number under a master key, the current one if none is named."""
    key = keyring.derive("blind-index", version)
    return hmac_sm3(key, phone_digits(phone).encode()).hex()[:_INDEX_HEX]


def phone_indexes(phone: str, keyring: Keyring) -> tuple[str, ...]:
    """Every index under which a number may be stored while master keys are being changed."""
    return tuple(phone_index(phone, keyring, version) for version in keyring.keys)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A channel and its own id of what came by it. Ids are other people's making: one may hold a name or a number."""

    channel: str
    ref: str

    def __repr__(self) -> str:
        return f"Delivery({self.channel}, …)"


def delivery_index(delivery: Delivery, keyring: Keyring, version: int | None = None) -> str:
    """The blind index of a delivery under a master key, the current one if none is named."""
    key = keyring.derive("blind-index", version)
    return hmac_sm3(key, canonical_json(asdict(delivery))).hex()[:_INDEX_HEX]


def delivery_indexes(delivery: Delivery, keyring: Keyring) -> tuple[str, ...]:
    """Every index under which a delivery may be stored: redacted orders keep that of the key they were sealed under."""
    return tuple(delivery_index(delivery, keyring, version) for version in keyring.keys)


def delivery_of(lock: Lock, secret: OrderSecret) -> Delivery | None:
    """By what the order came, in the clear; None for one that had no id there."""
    opened = _opened(lock, "delivery", secret.delivery)
    return Delivery(**opened) if opened else None


def contact_slots(contact: Contact) -> Mapping[str, str]:
    """The contact's values by name, those that are there."""
    return {name: value for name, value in asdict(contact).items() if value is not None}


def matter_slots(matter: Matter) -> Mapping[str, str]:
    """The matter's values by name, those that are there."""
    return {name: value for name, value in asdict(matter).items() if value is not None}


def matter_texts(matter: Matter) -> tuple[str | None, ...]:
    """The texts of a matter in which words are looked for."""
    return tuple(getattr(matter, name) for name in SEARCHED)


def matter_tokens(matter: Matter, keyring: Keyring, version: int | None = None) -> Tokens:
    """The blind tokens of a matter under a master key, the current one if none is named."""
    return tokens_of_texts(matter_texts(matter), search_key(keyring, version))


def contact_of(lock: Lock, secret: OrderSecret) -> Contact:
    """Who asked, in the clear."""
    return Contact(**_opened(lock, "contact", secret.contact))


def matter_of(lock: Lock, secret: OrderSecret) -> Matter:
    """What it is about, in the clear."""
    return Matter(**_opened(lock, "matter", secret.matter))


def _opened(lock: Lock, slot: str, sealed: "bytes | memoryview[int] | None") -> dict[str, str]:
    if sealed is None:
        return {}
    said = lock.open(slot, bytes(sealed))
    if not isinstance(said, dict):
        raise TypeError("sealed slots are kept by name")
    return said
