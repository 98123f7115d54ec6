"""What is sealed, committed to and chained of many orders at once. No Django here: worker processes run this.

The forms are those of `jieban.orders.secrets.Lock` and `jieban.orders.chain.Link`, written out for speed; the audit
of what was imported holds them together.
"""

import os
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring
from typing import Any

from jieban.kernel.keyring import Keyring
from jieban.kernel.sealing import KEY_BYTES, macs_sm3, seal
from jieban.ledger.arrow import pa
from jieban.orders.chain import FORM

_COMMITMENT_HEX = 32
_INDEX_HEX = 32
SEQ = 1
"""The event of an import is the first of its order."""

OPEN = pa.schema(
    [
        *((name, pa.string()) for name in ("number", "name", "phone", "digits", "address", "content")),
        ("slots", pa.list_(pa.string())),
        ("texts", pa.list_(pa.string())),
        ("changes", pa.string()),
        ("facts", pa.string()),
    ]
)
"""What goes in: `digits` is the phone number as it is compared; `slots` and `texts` what was written, by slot."""

SEALED = pa.schema(
    [
        (name, pa.string())
        for name in ("wrapped_key", "contact", "matter", "phone_index", "words", "data", "digest")
    ]
)
"""What comes out: sealed values in hex, null where there is nothing; the event's data and digest."""

Values = Sequence[tuple[str, str | None]]


def seal_orders(batch: Any, keyring: Keyring, at: str, act: str, actor: str) -> Any:
    """A batch of `OPEN` as one of `SEALED`. `at` is the event's instant as `stamp` writes it."""
    wrapping = keyring.derive("wrap")[:KEY_BYTES]
    chained, indexed = macs_sm3(keyring.derive("chain")), macs_sm3(keyring.derive("blind-index"))
    keys = os.urandom(KEY_BYTES * batch.num_rows)
    tail = f',{SEQ},"{at}","{act}","{actor}",'
    rows = []
    for place, row in enumerate(zip(*(column.to_pylist() for column in batch.columns), strict=True)):
        number, name, phone, digits, address, content, slots, texts, changes, facts = row
        key = keys[place * KEY_BYTES : (place + 1) * KEY_BYTES]
        one = _Order(key, number)
        contact = one.seal("contact", "contact", (("name", name), ("phone", phone)))
        matter = one.seal("matter", "matter", (("address", address), ("content", content)))
        words = one.seal(f"words/{SEQ}", f"words/{SEQ}", tuple(zip(slots or (), texts or (), strict=True)))
        data = _data(changes, one.commitments, facts)
        link = f'[{FORM},{one.quoted}{tail}{encode_basestring(data)},""]'
        rows.append(
            (
                seal(wrapping, key, number.encode()).hex(),
                contact,
                matter,
                indexed(digits.encode()).hex()[:_INDEX_HEX] if phone else None,
                words,
                data,
                chained(link.encode()).hex(),
            )
        )
    columns = zip(*rows, strict=True) if rows else [[] for _ in SEALED]
    return pa.record_batch([pa.array(column, pa.string()) for column in columns], schema=SEALED)


class _Order:
    """One order's key at work; `commitments` gathers what the event may say of what was sealed."""

    __slots__ = ("_key", "_mac", "_number", "commitments", "quoted")

    def __init__(self, key: bytes, number: str) -> None:
        self._key, self._number, self.quoted = key, number, encode_basestring(number)
        self._mac: Callable[[bytes], bytes] = macs_sm3(key)
        self.commitments: dict[str, str] = {}

    def seal(self, slot: str, prefix: str, values: Values) -> str | None:
        """The values that are there as one sealed object, in hex; None where none is."""
        pieces = []
        for name, value in sorted(each for each in values if each[1] is not None):
            told, text = encode_basestring(f"{prefix}/{name}"), encode_basestring(str(value))
            message = f"[{self.quoted},{told},{text}]"
            self.commitments[told] = self._mac(message.encode()).hex()[:_COMMITMENT_HEX]
            pieces.append(f"{encode_basestring(name)}:{text}")
        if not pieces:
            return None
        plain = "{" + ",".join(pieces) + "}"
        return seal(self._key, plain.encode(), f"{self._number}/{slot}".encode()).hex()


def _data(changes: str, commitments: dict[str, str], facts: str) -> str:
    if not commitments:
        return f'{{"changes":{changes},"facts":{facts}}}'
    told = ",".join(f'{name}:"{commitments[name]}"' for name in sorted(commitments))
    return f'{{"changes":{changes},"commitments":{{{told}}},"facts":{facts}}}'
