"""Playing: every order of a ledger is recorded, dispatched, signed, answered and called back through the acts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.ledger.schema import Ledger
from jieban.ledger.schema import Role as LedgerRole
from jieban.orders.actions.record import Request, record_order
from jieban.orders.replay.cast import Cast
from jieban.orders.replay.scene import Scene, Until
from jieban.orders.replay.script import Cue, Part, Unplayable, letter_script, script
from jieban.orders.secrets import Contact, Matter
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.profile.city import Profile
from jieban.profile.model import Urgency

Row = Mapping[str, Any]
Progress = Callable[[int, int], None]

_BATCH = 50
"""Orders that are committed together: durable enough for a play that can be started again, and much quicker."""


@dataclass(kw_only=True, slots=True)
class Played:
    """The account of a play: read = played + not played, each of those with its reason."""

    read: int = 0
    played: int = 0
    acts: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)


def play_ledger(
    ledger: Ledger, *, progress: Progress | None = None, until: Until | None = None, cast: Cast | None = None
) -> Played:
    """Play every order and letter of a ledger, in the order in which they were received, by nobody in particular.

    With `until` only what was done by its instants is, so that orders stand half-way. They get new numbers; `numbers`
    tells which. With a `cast` its people do the acts. A row that no sequence of acts could have brought about, or
    whose acts are refused, is told with its reason and leaves nothing behind.
    """
    play = _Play(profile=city(), ledger=ledger, until=until, cast=cast or Cast())
    rows = sorted(
        [("order", row) for row in ledger.orders.to_pylist()]
        + [("letter", row) for row in ledger.letters.to_pylist()],
        key=lambda each: each[1]["received_at"],
    )
    if until is not None:
        rows = [each for each in rows if each[1]["received_at"] <= until.at]
    account = play.account
    for start in range(0, len(rows), _BATCH):
        with transaction.atomic():
            for kind, row in rows[start : start + _BATCH]:
                account.read += 1
                number = row["order_no"] if kind == "order" else row["letter_no"]
                try:
                    with transaction.atomic():
                        acts = play.order(row) if kind == "order" else play.letter(row)
                except (Unplayable, JiebanError) as fault:
                    account.refused.append((number, str(fault)))
                    account.numbers.pop(number, None)
                else:
                    account.played += 1
                    account.acts += acts
        if progress is not None:
            progress(min(start + _BATCH, len(rows)), len(rows))
    return account


class _Play:
    def __init__(self, *, profile: Profile, ledger: Ledger, until: Until | None, cast: Cast) -> None:
        self.profile = profile
        self.until, self.cast = until, cast
        self.account = Played()
        self.handlings = _by_order(ledger.handlings.to_pylist())
        self.callbacks = _by_order(ledger.callbacks.to_pylist())

    def order(self, row: Row) -> int:
        cues, parts = script(row, self.handlings[row["order_no"]], self.callbacks[row["order_no"]])
        contact = Contact(name=row["requester"], phone=row["phone"])
        repeat_of = self.account.numbers.get(row["repeat_of"]) if row["repeat_of"] else None
        if row["repeat_of"] and repeat_of is None:
            raise Unplayable(tr("所重复的原单 {number} 不在其中。", number=row["repeat_of"]))
        request = Request(
            channel=row["channel"],
            channel_ref=row["order_no"],
            request_type=row["request_type"],
            topic=row["topic"],
            subtopic=row["subtopic"],
            urgency=Urgency(row["urgency"] or Urgency.NORMAL),
            matter=Matter(content=row["content"] or tr("台账没有记载诉求内容。"), address=row["address"]),
            contact=contact,
            anonymous=bool(row["anonymous"]) or contact.empty,
            confidential=bool(row["confidential"]),
            street=row["street"],
            community=row["community"],
            repeat_of=repeat_of,
        )
        return self._play(row["order_no"], request, row, cues, parts)

    def letter(self, row: Row) -> int:
        request = Request(
            channel=row["mailbox"],
            channel_ref=row["letter_no"],
            mailbox=row["mailbox"],
            # Letters of a ledger have no type: the last of the profile's is its most general.
            request_type=list(self.profile.request_types)[-1],
            topic=row["topic"],
            subtopic=row["subtopic"],
            matter=Matter(content=row["content"] or tr("台账没有记载来信内容。")),
            anonymous=True,
            confidential=False,
        )
        parts = [Part(serial=1, row={"unit": row["unit"], "role": LedgerRole.LEAD})]
        return self._play(row["letter_no"], request, row, letter_script(row), parts)

    def _play(self, source: str, request: Request, row: Row, cues: list[Cue], parts: list[Part]) -> int:
        actor = self.cast.of_centre(Role.OPERATOR)
        number = record_order(request=request, actor=actor, now=row["received_at"]).order
        self.account.numbers[source] = number
        scene = Scene(
            number=number,
            row=row,
            request_type=request.request_type,
            parts=parts,
            profile=self.profile,
            cast=self.cast,
        )
        return scene.play(cues, until=self.until) + 1


def _by_order(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["order_no"]].append(row)
    return found
