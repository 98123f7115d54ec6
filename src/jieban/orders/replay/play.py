"""Playing: every order of a ledger is recorded, dispatched, signed, answered and called back through the acts."""

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.ledger.schema import Ledger, Satisfaction
from jieban.ledger.schema import Role as LedgerRole
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order, publish_answer, reopen_order
from jieban.orders.actions.desk import answer_order, refuse_order
from jieban.orders.actions.dispatch import Assignment, add_unit, dispatch_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.extensions import ask_extension, decide_extension
from jieban.orders.actions.record import Request, record_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.returns import ask_return, decide_return
from jieban.orders.actions.review import pass_review, reject_review
from jieban.orders.actions.sign import sign_handling
from jieban.orders.actions.unreasonable import (
    UnreasonableFile,
    decide_unreasonable,
    declare_unreasonable,
    sign_as_head,
)
from jieban.orders.errors import WrongState
from jieban.orders.replay.cast import of_centre, of_unit
from jieban.orders.replay.script import Cue, Part, Unplayable, letter_script, script
from jieban.orders.replay.words import reason, reply_from, stand_in
from jieban.orders.secrets import Contact, Matter
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.profile.city import Profile
from jieban.profile.model import Urgency
from jieban.profile.workflow import Condition

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


def play_ledger(ledger: Ledger, *, progress: Progress | None = None) -> Played:
    """Play every order and letter of a ledger, in the order in which they were received.

    They get new numbers; `numbers` tells which. A row that no sequence of acts could have brought about, or whose acts
    are refused, is told with its reason and leaves nothing behind.
    """
    play = _Play(profile=city(), ledger=ledger)
    rows = sorted(
        [("order", row) for row in ledger.orders.to_pylist()]
        + [("letter", row) for row in ledger.letters.to_pylist()],
        key=lambda each: each[1]["received_at"],
    )
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
    def __init__(self, *, profile: Profile, ledger: Ledger) -> None:
        self.profile = profile
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
        actor = of_centre(Role.OPERATOR)
        number = record_order(request=request, actor=actor, now=row["received_at"]).order
        self.account.numbers[source] = number
        scene = _Scene(
            number=number, row=row, request_type=request.request_type, parts=parts, profile=self.profile
        )
        for each in cues:
            scene.acts[each.what](each)
        end = max((each.at for each in cues), default=row["received_at"])
        scene.end(end)
        return scene.count + 1


def _by_order(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["order_no"]].append(row)
    return found


class _Scene:
    """One order at play: the acts by the names of their cues."""

    def __init__(
        self, *, number: str, row: Row, request_type: str, parts: list[Part], profile: Profile
    ) -> None:
        self.number, self.row, self.profile = number, row, profile
        self.units = {part.serial: part.row["unit"] for part in parts}
        self.parts = parts
        self.request_type = request_type
        self.count = self.round = 0
        self.attached: set[tuple[int, str, int]] = set()
        self.acts: Mapping[str, Callable[[Cue], None]] = {
            "dispatch": self.dispatch,
            "answer": self.answer,
            "refuse": self.refuse,
            "sign": self.sign,
            "ask_return": self.ask_return,
            "return": self.give_back,
            "add_unit": self.add_unit,
            "extend": self.extend,
            "rework": self.rework,
            "unreasonable": self.unreasonable,
            "close_handling": self.close_handling,
            "reopen": self.reopen,
            "callback": self.callback,
            "publish": self.publish,
        }

    def dispatch(self, cue: Cue) -> None:
        first = [part for part in self.parts if part.row.get("dispatched_at", cue.at) == cue.at]
        to = Assignment(lead=first[0].row["unit"], assisting=[part.row["unit"] for part in first[1:]])
        self._did(dispatch_order(order=self.number, to=to, actor=of_centre(Role.DISPATCHER), now=cue.at))

    def answer(self, cue: Cue) -> None:
        self._did(
            answer_order(
                order=self.number,
                answer=self.row["reply"] or reason(),
                actor=of_centre(Role.OPERATOR),
                now=cue.at,
                unit=self.row.get("unit"),
            )
        )

    def refuse(self, cue: Cue) -> None:
        ground = next(each for each in self.profile.workflow.refusal_grounds if not each.needs_attachment)
        self._did(
            refuse_order(
                order=self.number,
                ground=ground.code,
                explanation=self.row["reply"] or reason(),
                actor=of_centre(Role.OPERATOR),
                now=cue.at,
            )
        )

    def sign(self, cue: Cue) -> None:
        serial = self._serial(cue)
        actor = of_unit(self.units[serial], Role.LIAISON)
        self._did(sign_handling(order=self.number, handling=serial, actor=actor, now=cue.at))

    def ask_return(self, cue: Cue) -> None:
        serial = self._serial(cue)
        actor = of_unit(self.units[serial], Role.LIAISON)
        self._did(ask_return(order=self.number, handling=serial, reason=reason(), actor=actor, now=cue.at))

    def give_back(self, cue: Cue) -> None:
        self._did(
            decide_return(
                order=self.number,
                handling=self._serial(cue),
                granted=True,
                reason=reason(),
                actor=of_centre(Role.DISPATCHER),
                now=cue.at,
                next_unit=cue.row["unit"],
            )
        )

    def add_unit(self, cue: Cue) -> None:
        self._did(
            add_unit(order=self.number, unit=cue.row["unit"], actor=of_centre(Role.DISPATCHER), now=cue.at)
        )

    def extend(self, cue: Cue) -> None:
        serial, days = self._serial(cue), cue.row["extension_days"]
        self._did(
            ask_extension(
                order=self.number,
                handling=serial,
                days=days,
                reason=reason(),
                actor=of_unit(self.units[serial], Role.LIAISON),
                now=cue.at,
            )
        )
        self._did(
            decide_extension(
                order=self.number,
                handling=serial,
                granted=True,
                reason=reason(),
                actor=of_centre(Role.SUPERVISOR),
                now=cue.at,
            )
        )

    def rework(self, cue: Cue) -> None:
        self._reply(cue)
        self._did(
            reject_review(
                order=self.number,
                handling=self._serial(cue),
                reason=reason(),
                actor=of_centre(Role.REVIEWER),
                now=cue.at,
            )
        )

    def close_handling(self, cue: Cue) -> None:
        self._reply(cue)
        self._did(
            pass_review(
                order=self.number,
                handling=self._serial(cue),
                actor=of_centre(Role.REVIEWER),
                now=cue.at,
            )
        )

    def unreasonable(self, cue: Cue) -> None:
        serial = self._serial(cue)
        unit = self.units[serial]
        rules = self.profile.workflow
        document = next(kind for kind in rules.evidence.kinds if "application/pdf" in kind.media_types)
        self._attach(serial, document.code, cue.at)
        file = UnreasonableFile(
            ground=rules.unreasonable_grounds[-1].code, inquiry=self.row["reply"] or reason(), policy=reason()
        )
        order, now = self.number, cue.at
        worker, chief = of_unit(unit, Role.HANDLER), of_unit(unit, Role.HEAD)
        self._did(declare_unreasonable(order=order, handling=serial, file=file, actor=worker, now=now))
        self._did(sign_as_head(order=order, handling=serial, actor=chief, now=now))
        self._did(
            decide_unreasonable(
                order=order,
                handling=serial,
                granted=True,
                reason=reason(),
                actor=of_centre(Role.REVIEWER),
                now=now,
            )
        )

    def reopen(self, cue: Cue) -> None:
        serial = self._serial(cue)
        self._did(
            reopen_order(
                order=self.number,
                reason=reason(),
                actor=of_centre(Role.DISPATCHER),
                now=cue.at,
                handlings=[serial],
            )
        )
        self.round += 1
        if self.row["excluded"]:
            self.unreasonable(cue)
        else:
            self.close_handling(cue)

    def callback(self, cue: Cue) -> None:
        row, reached = cue.row, bool(cue.row["reached"])
        said = Satisfaction(row["satisfaction"]) if row["satisfaction"] else None
        outcome = Outcome(
            reached=reached,
            contacted=row["contacted"],
            resolved=row["resolved"],
            satisfaction=(said or Satisfaction.NOT_RATED) if reached else None,
            remark=row["remark"],
        )
        self._did(
            record_callback(
                order=self.number, outcome=outcome, actor=of_centre(Role.CALLBACK_AGENT), now=cue.at
            )
        )

    def publish(self, cue: Cue) -> None:
        self._did(
            publish_answer(order=self.number, published=True, actor=of_centre(Role.REVIEWER), now=cue.at)
        )

    def end(self, at: datetime) -> None:
        """End the case where that is due: not while a unit is at it or a callback is owed."""
        try:
            self._did(close_order(order=self.number, actor=of_centre(Role.REVIEWER), now=at))
        except WrongState:
            return

    def _attach(self, serial: int, kind_code: str, at: datetime) -> None:
        """Attach what stands in for evidence of a kind, once a round."""
        if (serial, kind_code, self.round) in self.attached:
            return
        self.attached.add((serial, kind_code, self.round))
        kind = next(each for each in self.profile.workflow.evidence.kinds if each.code == kind_code)
        self._did(
            attach_evidence(
                order=self.number,
                handling=serial,
                upload=Upload(stream=io.BytesIO(stand_in(kind, self.round)), kind=kind.code),
                actor=of_unit(self.units[serial], Role.HANDLER),
                now=at,
            )
        )

    def _reply(self, cue: Cue) -> None:
        serial = self._serial(cue)
        for demand in self.profile.workflow.evidence.demands:
            wanted = not demand.request_types or self.request_type in demand.request_types
            if demand.when is Condition.ALWAYS and wanted:
                for kind in demand.kinds:
                    self._attach(serial, kind, cue.at)
        self._did(
            reply_to_order(
                order=self.number,
                handling=serial,
                reply=reply_from(cue.row["reply"], self.profile.workflow),
                actor=of_unit(self.units[serial], Role.HANDLER),
                now=cue.at,
            )
        )

    def _serial(self, cue: Cue) -> int:
        if cue.handling is None:
            raise ValueError(f"{cue.what} is an act on a handling")
        return cue.handling

    def _did(self, _: object) -> None:
        self.count += 1
