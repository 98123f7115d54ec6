"""What is sealed, committed to and chained of many orders at once. No Django here: worker processes run this.

The forms are those of `jieban.orders.secrets.Lock` and `jieban.orders.chain.Link`, written out for speed; the audit
of what was imported holds them together.
"""

import json
import os
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring
from typing import Any, NamedTuple

import numpy as np

from jieban.kernel.keyring import Keyring
from jieban.kernel.sealing import KEY_BYTES, macs_sm3, seal
from jieban.ledger.arrow import pa
from jieban.orders.chain import FORM
from jieban.orders.importing.grams import tokens_of_columns
from jieban.orders.search.grams import search_key

_COMMITMENT_HEX = 32
_INDEX_HEX = 32
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

Values = Sequence[tuple[str, str, str]]
"""The name of a value as JSON, what events call it as JSON, and itself."""

_CONTACT = tuple((name, f'"{name}"', f'"contact/{name}"') for name in ("name", "phone"))
_MATTER = tuple((name, f'"{name}"', f'"matter/{name}"') for name in ("address", "content"))
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
    wrapping = keyring.derive("wrap")[:KEY_BYTES]
    chained, indexed = macs_sm3(keyring.derive("chain")), macs_sm3(keyring.derive("blind-index"))
    keys = os.urandom(KEY_BYTES * batch.num_rows)
    tail = f',{SEQ},"{how.at}","{how.act}","{how.actor}",'.encode()
    columns = {name: batch.column(name) for name in OPEN.names}
    plain = {name: _objects(values) for name, values in columns.items() if pa.types.is_string(values.type)}
    added, facts = (_objects(columns[name]) for name in ("added", "facts"))
    config = json.dumps(how.version).encode()
    begin = np.asarray(columns["slots"].offsets).tolist()
    slots, texts = (_objects(columns[name].values) for name in ("slots", "texts"))
    named = {slot: (encode_basestring(slot), encode_basestring(f"{_WORDS}/{slot}")) for slot in set(slots)}
    tokens = tokens_of_columns([plain[name] for name in SEARCHED], search_key(keyring))
    made: dict[str, list[object]] = {name: [] for name in SEALED.names if name != "search"}
    wrapped, contacts, matters, indexes, words, datas, digests = (each.append for each in made.values())
    for place, number in enumerate(plain["number"]):
        key = keys[place * KEY_BYTES : (place + 1) * KEY_BYTES]
        one = _Order(key, number)
        wrapped(seal(wrapping, key, number.encode()))
        for put, slot, parts in ((contacts, "contact", _CONTACT), (matters, "matter", _MATTER)):
            told = [(as_, name, plain[of][place]) for of, as_, name in parts if plain[of][place] is not None]
            put(one.seal(slot, told))
        said = sorted(
            zip(slots[begin[place] : begin[place + 1]], texts[begin[place] : begin[place + 1]], strict=True)
        )
        words(one.seal(_WORDS, [(*named[slot], text) for slot, text in said]))
        indexes(
            indexed(plain["digits"][place].encode()).hex()[:_INDEX_HEX] if plain["phone"][place] else None
        )
        data = _data(added[place], one.commitments, config, facts[place])
        datas(data)
        digests(chained(_link(one.quoted, tail, data)).hex())
    sealed = {each.name: pa.array(made[each.name], each.type) for each in SEALED if each.name in made}
    return pa.record_batch([*sealed.values(), tokens], schema=SEALED)


def _objects(texts: Any) -> list[Any]:
    """Texts as Python's own, None for null: in a third of the time of Arrow's `to_pylist`."""
    found: list[Any] = texts.to_numpy(zero_copy_only=False).tolist()
    return found


class _Order:
    """One order's key at work; `commitments` gathers what the event may say of what was sealed."""

    __slots__ = ("_before", "_key", "_mac", "_number", "commitments", "quoted")

    def __init__(self, key: bytes, number: str) -> None:
        self._key, self._number, self.quoted = key, number, encode_basestring(number)
        self._before = f"[{self.quoted},"
        self._mac: Callable[[bytes], bytes] = macs_sm3(key)
        self.commitments: list[str] = []

    def seal(self, slot: str, values: Values) -> bytes | None:
        """The values, by name, as one sealed object; None where there is none."""
        if not values:
            return None
        pieces = []
        for name, told, value in values:
            text = encode_basestring(value)
            mac = self._mac(f"{self._before}{told},{text}]".encode())
            self.commitments.append(f'{told}:"{mac.hex()[:_COMMITMENT_HEX]}"')
            pieces.append(f"{name}:{text}")
        return seal(self._key, f"{{{','.join(pieces)}}}".encode(), f"{self._number}/{slot}".encode())


def _data(added: bytes, commitments: list[str], config: bytes, facts: bytes) -> bytes:
    """The event's data; commitments come in the order of their names, as `contact`, `matter` and `words` do."""
    told = f',"commitments":{{{",".join(commitments)}}}'.encode() if commitments else b""
    return b'{"added":%b,"changes":{}%b,"config":%b,"facts":%b}' % (added, told, config, facts)


def _link(number: str, tail: bytes, data: bytes) -> bytes:
    """What is hashed. In JSON that is text in JSON again nothing but quotes and backslashes is escaped."""
    escaped = data.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'[%d,%b%b"%b",""]' % (FORM, number.encode(), tail, escaped)
