"""The chain of an order's events: HMAC-SM3 over each event's canonical form and the digest before (ruling 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from jieban.kernel.digest import canonical_json
from jieban.kernel.keyring import Keyring
from jieban.kernel.sealing import hmac_sm3

FORM = 1
"""The version of the canonical form; it is part of what is hashed."""
_NOTHING_FINER = ".000000Z"


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An event as it is hashed. `data` is its canonical JSON, already text; `previous` is empty for the first."""

    order: str
    seq: int
    at: datetime
    act: str
    actor: str
    data: str
    previous: str

    def canonical(self) -> bytes:
        """The bytes that are hashed: one form for one event, on every database.

        A line of canonical JSON with all but the data, and behind it the data as they are stored.
        """
        line = canonical_json(
            [FORM, self.order, self.seq, stamp(self.at), self.act, self.actor, self.previous]
        )
        return line + b"\n" + self.data.encode()

    def digest(self, keyring: Keyring, version: int) -> str:
        """The event's digest under the chain key of a version."""
        return hmac_sm3(keyring.derive("chain", version), self.canonical()).hex()


def stamp(at: datetime) -> str:
    """An instant in UTC to the microsecond, always as long."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def brief(at: datetime) -> str:
    """An instant in UTC as events tell it of rows: to the second, and to the microsecond only where it has any.

    Not to be compared as text.
    """
    whole = stamp(at)
    return f"{whole.removesuffix(_NOTHING_FINER)}Z" if whole.endswith(_NOTHING_FINER) else whole


def canonical_data(data: Mapping[str, object]) -> str:
    """The text of an event's data. Raises TypeError for a value that JSON doesn't know."""
    return canonical_json(data).decode()
