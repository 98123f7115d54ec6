"""An order at play: what each cue of its script is done by, as the persons of the cast."""

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import close_order, publish_answer, reopen_order
from jieban.orders.actions.desk import answer_order, refuse_order
from jieban.orders.actions.dispatch import Assignment, add_unit, dispatch_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.extensions import ask_extension, decide_extension
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.returns import ask_return, decide_return
from jieban.orders.actions.review import pass_review, reject_review
from jieban.orders.actions.sign import assign_handler, sign_handling
from jieban.orders.actions.unreasonable import (
    UnreasonableFile,
    decide_unreasonable,
    declare_unreasonable,
    sign_as_head,
)
from jieban.orders.errors import WrongState
from jieban.orders.replay.cast import Cast
from jieban.orders.replay.script import Cue, Part
from jieban.orders.replay.words import reply_from
from jieban.people.actor import Actor
from jieban.people.roles import Role
from jieban.profile.city import Profile
from jieban.profile.workflow import Condition, Requester

Row = Mapping[str, Any]

_NEED_REVIEW = frozenset({"reopen", "callback", "publish"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Until:
    """How far a play goes: what is done by `at`, of that reviewed by `reviewed` and called back by `called`.

    What was replied later waits for its review, what was handled later for its call, as on a desk in the morning.
    """

    at: datetime
    reviewed: datetime
    called: datetime

    @classmethod
    def plainly(cls, at: datetime) -> "Until":
        """Everything is done by that instant."""
        return cls(at=at, reviewed=at, called=at)


class Scene:
    """One order at play, which was recorded under `number`; `row` is what the ledger says of it.

    The units are those of `parts`, each with a handling of its serial.
    """

    def __init__(
        self, *, number: str, row: Row, request_type: str, parts: list[Part], profile: Profile, cast: Cast
    ) -> None:
        self.number, self.row, self.profile, self.cast = number, row, profile, cast
        self.units = {part.serial: part.row["unit"] for part in parts}
        self.parts = parts
        self.request_type = request_type
        self._count = self.round = 0
        self.attached: set[tuple[int, str, int]] = set()
        self._acts: Mapping[str, Callable[[Cue], None]] = {
            "dispatch": self._dispatch,
            "answer": self._answer,
            "refuse": self._refuse,
            "sign": self._sign,
            "ask_return": self._ask_return,
            "return": self._give_back,
            "add_unit": self._add_unit,
            "extend": self._extend,
            "rework": self._rework,
            "unreasonable": self._unreasonable,
            "close_handling": self._close_handling,
            "reopen": self._reopen,
            "callback": self._callback,
            "publish": self._publish,
        }

    def play(self, cues: Iterable[Cue], *, until: Until | None = None) -> int:
        """Do the acts of the cues, which come in time, and end the case where that is due; how many acts it took.

        The first that comes after `until` and all behind it are left undone. Raises JiebanError for an act that is
        refused.
        """
        at, waits = self.row["received_at"], False
        for cue in cues:
            if until is not None and cue.at > until.at:
                return self._count
            if until is not None and cue.what == "close_handling" and cue.at > until.reviewed:
                self._reply(cue, cue.row["reply"])
                waits = True
            elif until is not None and cue.what in _NEED_REVIEW and (waits or cue.at > until.called):
                waits = True
            else:
                self._acts[cue.what](cue)
            at = cue.at
        if not waits:
            self._end(at)
        return self._count

    def _dispatch(self, cue: Cue) -> None:
        first = [part for part in self.parts if part.row.get("dispatched_at", cue.at) == cue.at]
        to = Assignment(lead=first[0].row["unit"], assisting=[part.row["unit"] for part in first[1:]])
        self._did(
            dispatch_order(order=self.number, to=to, actor=self.cast.of_centre(Role.DISPATCHER), now=cue.at)
        )

    def _answer(self, cue: Cue) -> None:
        self._did(
            answer_order(
                order=self.number,
                answer=self.row["reply"] or self.cast.why("answer"),
                actor=self.cast.of_centre(Role.OPERATOR),
                now=cue.at,
                unit=self.row.get("unit"),
            )
        )

    def _refuse(self, cue: Cue) -> None:
        ground = next(each for each in self.profile.workflow.refusal_grounds if not each.needs_attachment)
        self._did(
            refuse_order(
                order=self.number,
                ground=ground.code,
                explanation=self.row["reply"] or self.cast.why("refuse"),
                actor=self.cast.of_centre(Role.OPERATOR),
                now=cue.at,
            )
        )

    def _sign(self, cue: Cue) -> None:
        serial = self._serial(cue)
        actor, worker = self._of_unit(serial, Role.LIAISON), self._of_unit(serial, Role.HANDLER)
        self._did(sign_handling(order=self.number, handling=serial, actor=actor, now=cue.at))
        if worker.account is not None:
            account, now = worker.account, cue.at
            self._did(
                assign_handler(order=self.number, handling=serial, account=account, actor=actor, now=now)
            )

    def _ask_return(self, cue: Cue) -> None:
        serial = self._serial(cue)
        actor, why = self._of_unit(serial, Role.LIAISON), self.cast.why("ask_return")
        self._did(ask_return(order=self.number, handling=serial, reason=why, actor=actor, now=cue.at))

    def _give_back(self, cue: Cue) -> None:
        self._did(
            decide_return(
                order=self.number,
                handling=self._serial(cue),
                granted=True,
                reason=self.cast.why("return"),
                actor=self.cast.of_centre(Role.DISPATCHER),
                now=cue.at,
                next_unit=cue.row["unit"],
            )
        )

    def _add_unit(self, cue: Cue) -> None:
        self._did(
            add_unit(
                order=self.number,
                unit=cue.row["unit"],
                actor=self.cast.of_centre(Role.DISPATCHER),
                now=cue.at,
            )
        )

    def _extend(self, cue: Cue) -> None:
        serial, days = self._serial(cue), cue.row["extension_days"]
        self._did(
            ask_extension(
                order=self.number,
                handling=serial,
                days=days,
                reason=self.cast.why("extend"),
                actor=self._of_unit(serial, Role.LIAISON),
                now=cue.at,
            )
        )
        self._did(
            decide_extension(
                order=self.number,
                handling=serial,
                granted=True,
                reason=self.cast.why("grant"),
                actor=self.cast.of_centre(Role.SUPERVISOR),
                now=cue.at,
            )
        )

    def _rework(self, cue: Cue) -> None:
        self._reply(cue, self.cast.first_reply(cue.row["reply"]))
        self._did(
            reject_review(
                order=self.number,
                handling=self._serial(cue),
                reason=self.cast.why("rework"),
                actor=self.cast.of_centre(Role.REVIEWER),
                now=cue.at,
            )
        )

    def _close_handling(self, cue: Cue) -> None:
        self._reply(cue, cue.row["reply"])
        self._did(
            pass_review(
                order=self.number,
                handling=self._serial(cue),
                actor=self.cast.of_centre(Role.REVIEWER),
                now=cue.at,
            )
        )

    def _unreasonable(self, cue: Cue) -> None:
        serial = self._serial(cue)
        rules = self.profile.workflow
        document = next(kind for kind in rules.evidence.kinds if "application/pdf" in kind.media_types)
        self._attach(serial, document.code, cue.at)
        file = UnreasonableFile(
            ground=rules.unreasonable_grounds[-1].code,
            inquiry=self.row["reply"] or self.cast.why("unreasonable"),
            policy=self.cast.why("policy"),
        )
        order, now = self.number, cue.at
        worker, chief = (self._of_unit(serial, role) for role in (Role.HANDLER, Role.HEAD))
        self._did(declare_unreasonable(order=order, handling=serial, file=file, actor=worker, now=now))
        self._did(sign_as_head(order=order, handling=serial, actor=chief, now=now))
        self._did(
            decide_unreasonable(
                order=order,
                handling=serial,
                granted=True,
                reason=self.cast.why("find"),
                actor=self.cast.of_centre(Role.REVIEWER),
                now=now,
            )
        )

    def _reopen(self, cue: Cue) -> None:
        serial = self._serial(cue)
        self._did(
            reopen_order(
                order=self.number,
                reason=self.cast.why("reopen"),
                actor=self.cast.of_centre(Role.DISPATCHER),
                now=cue.at,
                handlings=[serial],
            )
        )
        self.round += 1
        if self.row["excluded"]:
            self._unreasonable(cue)
        else:
            self._close_handling(cue)

    def _callback(self, cue: Cue) -> None:
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
                order=self.number, outcome=outcome, actor=self.cast.of_centre(Role.CALLBACK_AGENT), now=cue.at
            )
        )

    def _publish(self, cue: Cue) -> None:
        self._did(
            publish_answer(
                order=self.number, published=True, actor=self.cast.of_centre(Role.REVIEWER), now=cue.at
            )
        )

    def _end(self, at: datetime) -> None:
        """End the case where that is due: not while a unit is at it or a callback is owed."""
        try:
            self._did(close_order(order=self.number, actor=self.cast.of_centre(Role.REVIEWER), now=at))
        except WrongState:
            return

    def _attach(self, serial: int, kind_code: str, at: datetime) -> None:
        """Attach what stands in for evidence of a kind, once a round."""
        if (serial, kind_code, self.round) in self.attached:
            return
        self.attached.add((serial, kind_code, self.round))
        kind = next(each for each in self.profile.workflow.evidence.kinds if each.code == kind_code)
        content = self.cast.evidence(kind, self.number, self.row, self.round)
        self._did(
            attach_evidence(
                order=self.number,
                handling=serial,
                upload=Upload(stream=io.BytesIO(content), kind=kind.code),
                actor=self._of_unit(serial, Role.HANDLER),
                now=at,
            )
        )

    def _reply(self, cue: Cue, told: str | None) -> None:
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
                reply=reply_from(told, self.profile.workflow, self._away()),
                actor=self._of_unit(serial, Role.HANDLER),
                now=cue.at,
            )
        )

    def _away(self) -> frozenset[Requester]:
        """As whom the requester of this order keeps away."""
        told = (Requester.ANONYMOUS, "anonymous"), (Requester.CONFIDENTIAL, "confidential")
        return frozenset(who for who, column in told if self.row.get(column))

    def _of_unit(self, serial: int, role: Role) -> Actor:
        return self.cast.of_unit(self.units[serial], role, self.number)

    def _serial(self, cue: Cue) -> int:
        if cue.handling is None:
            raise ValueError(f"{cue.what} is an act on a handling")
        return cue.handling

    def _did(self, _: object) -> None:
        self._count += 1
