"""What an order of a ledger went through, as a list of acts in time: read from its rows, nothing invented but order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jieban.kernel.i18n import tr
from jieban.ledger.schema import Disposition, LetterDisposition, Role

Row = Mapping[str, Any]


class Unplayable(Exception):  # told in the account, never raised to a user
    """A row tells of something that no sequence of acts could have brought about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cue:
    """An act at an instant. Cues of one instant are played by `rank`."""

    at: datetime
    rank: int
    what: str
    handling: int | None = None
    row: Row = field(default_factory=dict)


# The order in which acts of one instant follow each other.
_RANKS = {
    name: rank
    for rank, name in enumerate(
        (
            "dispatch",
            "answer",
            "refuse",
            "sign",
            "ask_return",
            "return",
            "add_unit",
            "extend",
            "rework",
            "unreasonable",
            "close_handling",
            "reopen",
            "callback",
            "publish",
        )
    )
}


def cue(at: datetime, what: str, handling: int | None = None, row: Row | None = None) -> Cue:
    """A cue with the rank of its kind."""
    return Cue(at=at, rank=_RANKS[what], what=what, handling=handling, row=row or {})


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A handling of the ledger under the serial that it gets when played."""

    serial: int
    row: Row


def script(order: Row, handlings: Iterable[Row], callbacks: Iterable[Row]) -> tuple[list[Cue], list[Part]]:
    """The acts after the recording, in time. Raises Unplayable with the reason."""
    disposition = order["disposition"]
    if disposition == Disposition.ANSWERED:
        return [cue(order["closed_at"] or order["received_at"], "answer", row=order)], []
    if disposition == Disposition.REFUSED:
        return [cue(order["received_at"], "refuse", row=order)], []
    if disposition == Disposition.PENDING:
        return [], []
    if disposition != Disposition.DISPATCHED or order["dispatched_at"] is None:
        raise Unplayable(tr("受理方式为“{code}”的工单无法逐步重演。", code=disposition))
    parts = _serials(order, list(handlings))
    cues = [cue(order["dispatched_at"], "dispatch", row=order)]
    for part in parts:
        cues += _of_handling(order, part, parts)
    cues += [cue(row["called_at"], "callback", row=row) for row in callbacks]
    closed = [part for part in parts if part.row["closed_at"] is not None]
    ended = max((part.row["closed_at"] for part in closed), default=None)
    if order["reopen_count"] and ended is not None:
        last = next(part for part in closed if part.row["closed_at"] == ended)
        if order["excluded"] and last.row["role"] != Role.LEAD:
            raise Unplayable(tr("不纳入考核的工单由协办单位重新办理。"))
        cues += [cue(ended, "reopen", last.serial, last.row)] * order["reopen_count"]
    if any(each.what == "callback" and (ended is None or each.at < ended) for each in cues):
        raise Unplayable(tr("回访早于办结。"))
    return sorted(cues, key=lambda each: (each.at, each.rank, each.handling or 0)), parts


def _serials(order: Row, rows: list[Row]) -> list[Part]:
    """The handlings in the order in which they are opened: by their dispatch, the first lead first."""
    if not rows:
        raise Unplayable(tr("转派的工单没有承办单位。"))
    ranked = sorted(rows, key=lambda row: (row["dispatched_at"], row["role"] != Role.LEAD))
    first = [row for row in ranked if row["dispatched_at"] == order["dispatched_at"]]
    if not first or first[0]["role"] != Role.LEAD:
        raise Unplayable(tr("没有与工单同时派出的主办。"))
    return [Part(serial=serial, row=row) for serial, row in enumerate(ranked, start=1)]


def _of_handling(order: Row, part: Part, parts: list[Part]) -> Iterator[Cue]:
    row, serial = part.row, part.serial
    if row["dispatched_at"] != order["dispatched_at"] and not _successor(part, parts):
        yield cue(row["dispatched_at"], "add_unit", row=row)
    signed_at = _signed_at(row)
    if signed_at is not None:
        yield cue(signed_at, "sign", serial, row)
    if row["returned"]:
        following = _follower(part, parts)
        if following is None:
            raise Unplayable(tr("退回的承办之后没有另派单位。"))
        at = following.row["dispatched_at"]
        yield cue(signed_at or at, "ask_return", serial, row)
        yield cue(at, "return", serial, following.row)
        return
    if row["extension_days"]:
        yield cue(signed_at or row["dispatched_at"], "extend", serial, row)
    if row["closed_at"] is None:
        return
    if signed_at is None:
        raise Unplayable(tr("没有签收就已办结。"))
    for _ in range(row["rework_count"] or 0):
        yield cue(row["closed_at"], "rework", serial, row)
    excluded = order["excluded"] and row["role"] == Role.LEAD
    yield cue(row["closed_at"], "unreasonable" if excluded else "close_handling", serial, row)


def _signed_at(row: Row) -> datetime | None:
    """When the unit signed. A file without that column tells nothing: then with the dispatch, as nobody waited."""
    if row["signed_at"] is None and "signed_at" in (row["absent_columns"] or "").split(","):
        return row["dispatched_at"]  # type: ignore[no-any-return]  # a row's cells are as their table types them
    return row["signed_at"]  # type: ignore[no-any-return]  # as above


def _follower(part: Part, parts: list[Part]) -> Part | None:
    """Who got what a unit gave back: the next of its role that was dispatched later."""
    return next(
        (
            each
            for each in parts
            if each.row["role"] == part.row["role"] and each.row["dispatched_at"] > part.row["dispatched_at"]
        ),
        None,
    )


def _successor(part: Part, parts: list[Part]) -> bool:
    return any(each.row["returned"] and _follower(each, parts) is part for each in parts)


def letter_script(letter: Row) -> list[Cue]:
    """The acts of a letter after its recording. Raises Unplayable."""
    if letter["disposition"] == LetterDisposition.ANSWERED:
        cues = [cue(letter["closed_at"] or letter["received_at"], "answer", row=letter)]
    elif letter["disposition"] == LetterDisposition.REFUSED:
        cues = [cue(letter["received_at"], "refuse", row=letter)]
    elif letter["disposition"] == LetterDisposition.PENDING:
        cues = []
    elif letter["disposition"] != LetterDisposition.TRANSFERRED:
        raise Unplayable(tr("办理方式为“{code}”的来信无法逐步重演。", code=letter["disposition"]))
    else:
        if letter["unit"] is None:
            raise Unplayable(tr("转办的来信没有承办单位。"))
        cues = [cue(letter["received_at"], "dispatch", row=letter)]
        if letter["closed_at"] is not None:
            cues += [
                cue(letter["received_at"], "sign", 1, letter),
                cue(letter["closed_at"], "close_handling", 1, letter),
            ]
    if letter["published"] and letter["closed_at"] is not None:
        cues.append(cue(letter["closed_at"], "publish", row=letter))
    return sorted(cues, key=lambda each: (each.at, each.rank))
