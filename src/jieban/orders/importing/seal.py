"""What is sealed, committed to and chained of many orders at once. No Django here: worker processes run this.

The forms are those of `jieban.orders.secrets.Lock` and `jieban.orders.chain.Link`, written out for speed; the audit
of what was imported holds them together.
"""

import json
import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from json.encoder import encode_basestring
from typing import Any, NamedTuple

import numpy as np

from jieban.kernel.keyring import Keyring
from jieban.kernel.sealing import KEY_BYTES, macs_sm3, seals
from jieban.ledger.arrow import pa
from jieban.orders.chain import FORM
from jieban.orders.importing.grams import tokens_of_columns
from jieban.orders.search.grams import search_key

_MAC_BYTES = 16
"""What is kept of a commitment, and of a phone number's index."""
SEQ = 1
"""The event of an import is the first of its order."""

OPEN = pa.schema(
    [
        *((name, pa.string()) for name in ("number", "name", "phone", "digits", "address", "content")),
        ("slots", pa.list_(pa.string())),
        ("texts", pa.list_(pa.string())),
        ("added", pa.binary()),
        ("facts", pa.binary()),
    ]
)
"""What goes in: `digits` is the phone number as it is compared; `slots` and `texts` what was written, by slot.

`added` (the rows) and `facts` are canonical JSON, as the bytes that it is: nothing here reads it.
"""

SEALED = pa.schema(
    [
        *((name, pa.binary()) for name in ("wrapped_key", "contact", "matter")),
        ("phone_index", pa.string()),
        ("words", pa.binary()),
        ("data", pa.binary()),
        ("digest", pa.string()),
        ("search", pa.list_(pa.int32())),
    ]
)
"""What comes out: sealed values, null where there is nothing; the event's data and digest."""

Parts = Sequence[tuple[str, str]]
"""Of each value that is sealed together its name as JSON, and what events call it as JSON."""

_CONTACT = tuple((f'"{name}"', f'"contact/{name}"') for name in ("name", "phone"))
_MATTER = tuple((f'"{name}"', f'"matter/{name}"') for name in ("address", "content"))
_WORDS = f"words/{SEQ}"
SEARCHED = ("content", "address")
"""What of `OPEN` words are looked for in: a ledger has no summary of its own."""


class How(NamedTuple):
    """What all events of an import tell: its instant as `stamp` writes it, the act, who, the profile's version."""

    at: str
    act: str
    actor: str
    version: str


def seal_orders(batch: Any, keyring: Keyring, how: How) -> Any:
    """A batch of `OPEN` as one of `SEALED`."""
    wrap = seals(keyring.derive("wrap")[:KEY_BYTES])
    chained, indexed = macs_sm3(keyring.derive("chain")), macs_sm3(keyring.derive("blind-index"))
    keys = os.urandom(KEY_BYTES * batch.num_rows)
    head, tail = f"[{FORM},".encode(), f',{SEQ},"{how.at}","{how.act}","{how.actor}",""]\n'.encode()
    config = f',"config":{json.dumps(how.version)},"facts":'.encode()
    columns = {
        each.name: _objects(batch.column(each.name)) for each in OPEN if not pa.types.is_list(each.type)
    }
    made: dict[str, list[object]] = {name: [] for name in SEALED.names if name != "search"}
    wrapped, contacts, matters, indexes, words, datas, digests = (each.append for each in made.values())
    for place, (number, name, phone, digits, address, content, added, facts, (slots, texts)) in enumerate(
        zip(*columns.values(), _said(batch.column("slots"), batch.column("texts")), strict=True)
    ):
        key = keys[place * KEY_BYTES : (place + 1) * KEY_BYTES]
        wrapped(wrap(key, number.encode()))
        one = _Order(key, number)
        contacts(one.seal("contact", _CONTACT, (name, phone)))
        matters(one.seal("matter", _MATTER, (address, content)))
        words(one.seal(_WORDS, slots, texts))
        indexes(indexed(digits.encode())[:_MAC_BYTES].hex() if phone else None)
        data = b"".join((b'{"added":', added, b',"changes":{}', one.committed(), config, facts, b"}"))
        datas(data)
        digests(chained(b"".join((head, one.quoted.encode(), tail, data))).hex())
    tokens = tokens_of_columns([columns[name] for name in SEARCHED], search_key(keyring))
    sealed = {each.name: pa.array(made[each.name], each.type) for each in SEALED if each.name in made}
    return pa.record_batch([*sealed.values(), tokens], schema=SEALED)


def _objects(texts: Any) -> list[Any]:
    """Texts as Python's own, None for null: in a third of the time of Arrow's `to_pylist`."""
    found: list[Any] = texts.to_numpy(zero_copy_only=False).tolist()
    return found


def _said(slots: Any, texts: Any) -> Iterator[tuple[Parts, Sequence[str]]]:
    """For each order what was written in its acts: the slots in their order, and the texts."""
    begin = np.asarray(slots.offsets).tolist()
    names, said = _objects(slots.values), _objects(texts.values)
    parts = {slot: (encode_basestring(slot), encode_basestring(f"{_WORDS}/{slot}")) for slot in set(names)}
    for first, last in pairwise(begin):
        if last - first == 1:
            yield (parts[names[first]],), (said[first],)
        else:
            order = sorted(range(first, last), key=names.__getitem__)
            yield [parts[names[place]] for place in order], [said[place] for place in order]


class _Order:
    """One order's key at work; what was sealed is committed to, in the order of the events' names."""

    __slots__ = ("_before", "_commitments", "_mac", "_number", "_seal", "quoted")

    def __init__(self, key: bytes, number: str) -> None:
        self._number, self.quoted = number, encode_basestring(number)
        self._before = f"[{self.quoted},"
        self._mac, self._seal = macs_sm3(key), seals(key)
        self._commitments: list[str] = []

    def seal(self, slot: str, parts: Parts, texts: Sequence[str | None]) -> bytes | None:
        """The texts, by name, as one sealed object; None where there is none."""
        pieces = []
        for (name, told), text in zip(parts, texts, strict=True):
            if text is not None:
                quoted = encode_basestring(text)
                mac = self._mac(f"{self._before}{told},{quoted}]".encode())
                self._commitments.append(f'{told}:"{mac[:_MAC_BYTES].hex()}"')
                pieces.append(f"{name}:{quoted}")
        if not pieces:
            return None
        return self._seal(f"{{{','.join(pieces)}}}".encode(), f"{self._number}/{slot}".encode())

    def committed(self) -> bytes:
        """What the event tells of it."""
        told = self._commitments
        return f',"commitments":{{{",".join(told)}}}'.encode() if told else b""
