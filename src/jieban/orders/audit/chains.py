"""One order's chain: each event as it was hashed, none missing, none between, the last one where the order says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jieban.kernel.errors import JiebanError
from jieban.kernel.keyring import Keyring
from jieban.orders.audit.findings import Finding, Kind
from jieban.orders.chain import Link

Row = Mapping[str, Any]


def check_chain(order: Row, events: Sequence[Row], keyring: Keyring) -> Iterator[Finding]:
    """What is wrong with a chain. `events` are the order's, by `seq`."""
    number: str = order["number"]
    seen, previous = 0, ""
    for event in events:
        seq: int = event["seq"]
        if seq <= seen:
            yield Finding(kind=Kind.EVENT_INSERTED, order=number, seq=seq)
            continue
        for gone in range(seen + 1, seq):
            yield Finding(kind=Kind.EVENT_MISSING, order=number, seq=gone)
        digest = _digest(number, event, keyring)
        if digest is None:
            yield Finding(kind=Kind.KEY_MISSING, order=number, seq=seq, what=str(event["key_version"]))
        elif digest != event["digest"]:
            yield Finding(kind=Kind.EVENT_CHANGED, order=number, seq=seq)
        if seq == seen + 1 and event["previous"] != previous:
            yield Finding(kind=Kind.EVENT_INSERTED, order=number, seq=seq)
        seen, previous = seq, event["digest"]
    yield from _check_head(order, events)


def _digest(number: str, event: Row, keyring: Keyring) -> str | None:
    link = Link(
        order=number,
        seq=event["seq"],
        at=event["at"],
        act=event["act"],
        actor=event["actor"],
        data=event["data"],
        previous=event["previous"],
    )
    try:
        return link.digest(keyring, event["key_version"])
    except JiebanError:
        return None


def _check_head(order: Row, events: Sequence[Row]) -> Iterator[Finding]:
    number: str = order["number"]
    last = events[-1] if events else None
    if last is None or order["events"] > last["seq"]:
        yield Finding(kind=Kind.TAIL_CUT, order=number, seq=order["events"])
    elif (order["events"], order["head"], order["last_at"]) != (last["seq"], last["digest"], last["at"]):
        yield Finding(kind=Kind.HEAD_WRONG, order=number, seq=last["seq"])
