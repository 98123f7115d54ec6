"""Every act as the state machine plays it: `PLAYS[name](world, move)` calls it once, with what the move's dice say."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from cast import (
    ADAM,
    ALICE,
    ANNA,
    BOB,
    CARL,
    LEO,
    NUR,
    RUTH,
    STRANGER,
    SUE,
    SYSTEM,
    handler,
    handlings,
    head,
    liaison,
    reply,
    request,
    row,
    units,
)

from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, correct_callback, record_callback
from jieban.orders.actions.closing import archive_order, close_order, publish_answer, reopen_order
from jieban.orders.actions.contacts import Purpose, read_contact
from jieban.orders.actions.correct import Coordinates, Correction, correct_order
from jieban.orders.actions.desk import Classification, answer_order, classify_order, refuse_order
from jieban.orders.actions.dispatch import Assignment, add_unit, dispatch_order, recall_order, remove_unit
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.extensions import ask_extension, decide_extension
from jieban.orders.actions.links import link_repeat, unlink_repeat
from jieban.orders.actions.merge import merge_order, unmerge_order
from jieban.orders.actions.pauses import pause_handling, resume_handling
from jieban.orders.actions.progress import report_progress
from jieban.orders.actions.record import record_order
from jieban.orders.actions.redaction import redact_order
from jieban.orders.actions.reply import reply_to_order, withdraw_reply
from jieban.orders.actions.returns import ask_return, decide_return
from jieban.orders.actions.review import pass_review, reject_review
from jieban.orders.actions.sign import assign_handler, sign_handling
from jieban.orders.actions.split import SplitPart, split_order
from jieban.orders.actions.supervise import escalate_order, supervise_order, urge_order
from jieban.orders.actions.unreasonable import (
    UnreasonableFile,
    decide_unreasonable,
    declare_unreasonable,
    sign_as_head,
)
from jieban.orders.actions.withdrawal import withdraw_evidence
from jieban.orders.jobs.ladder import raise_warnings
from jieban.orders.jobs.recompute import recompute_provisional
from jieban.orders.models import Handling
from jieban.orders.moves import MOVES
from jieban.orders.secrets import Contact, Matter
from jieban.orders.states import HandlingState, OrderState, RepeatBy
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.profile.model import Urgency

if TYPE_CHECKING:
    from machine.world import World

T = TypeVar("T")
MOST_ORDERS = 5
MANY = 4242
"""The account of somebody who holds too many posts: nobody judges their own, however many."""
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82"
NAMES = ("买买提·艾力", "欧阳翠花", "Aygül Q.")
PHONES = ("13900007101", "+86 139-0000-7102", "0994 234 7103")


@dataclass(frozen=True, kw_only=True)
class Move:
    """One throw: which act, on which order and handling, by whom, how much later, and dice for all else."""

    act: str
    order: int
    handling: int
    who: int
    later: timedelta
    pick: int
    dice: int
    yes: bool


def _pick(options: Sequence[T], dice: int) -> T:
    return options[dice % len(options)]


def too_many_posts() -> Actor:
    """Somebody of the first unit and of the centre too."""
    own = units()[0]
    return Actor(
        account=MANY,
        name="Mehmet",
        posts=frozenset(
            {
                (Role.OPERATOR, None),
                (Role.DISPATCHER, None),
                (Role.REVIEWER, None),
                (Role.SUPERVISOR, None),
                (Role.LIAISON, own),
                (Role.HANDLER, own),
                (Role.HEAD, own),
            }
        ),
    )


def everybody() -> list[Actor]:
    """All who may turn up: right ones and wrong ones."""
    some = units(4)
    of_units = [make(unit) for unit in some for make in (liaison, handler, head)]
    return [ALICE, BOB, RUTH, CARL, SUE, LEO, ANNA, ADAM, SYSTEM, NUR, STRANGER, too_many_posts(), *of_units]


_CENTRE = {
    Act.RECORD: (ALICE, NUR, SYSTEM),
    Act.CLASSIFY: (ALICE,),
    Act.ANSWER: (ALICE,),
    Act.REFUSE: (ALICE,),
    Act.DECIDE_EXTENSION: (SUE, BOB),
    Act.DECIDE_UNREASONABLE: (RUTH,),
    Act.PASS_REVIEW: (RUTH,),
    Act.REJECT_REVIEW: (RUTH,),
    Act.RECORD_CALLBACK: (CARL, NUR),
    Act.CORRECT_CALLBACK: (RUTH,),
    Act.CLOSE: (RUTH, CARL, SYSTEM),
    Act.REOPEN: (BOB, CARL),
    Act.URGE: (SUE, NUR),
    Act.SUPERVISE: (SUE,),
    Act.ESCALATE: (SUE, SYSTEM),
    Act.PUBLISH: (RUTH,),
    Act.ARCHIVE: (RUTH, SYSTEM),
    Act.REDACT: (SYSTEM, ADAM),
}
_UNITS: dict[Act, tuple[Callable[[str], Actor], ...]] = {
    Act.SIGN: (liaison, handler, head),
    Act.ASSIGN: (liaison, head),
    Act.ASK_RETURN: (liaison, head),
    Act.ASK_EXTENSION: (liaison, head),
    Act.PAUSE: (liaison, handler),
    Act.RESUME: (liaison, handler),
    Act.REPORT_PROGRESS: (liaison, handler),
    Act.REPLY: (liaison, handler),
    Act.WITHDRAW_REPLY: (liaison, handler, head),
    Act.ATTACH: (liaison, handler),
    Act.WITHDRAW_EVIDENCE: (liaison, handler, head),
    Act.DECLARE_UNREASONABLE: (liaison, handler),
    Act.SIGN_AS_HEAD: (head,),
}


def actor_for(act: Act, move: Move, unit: str | None) -> Actor:
    """Mostly somebody who may; each fifth time anybody, and each fifth who holds too many posts."""
    if move.who % 5 == 0:
        return _pick(everybody(), move.who // 5)
    if move.who % 5 == 1:
        return too_many_posts()
    if act in _UNITS and unit is not None:
        return _pick(_UNITS[act], move.who)(unit)
    return _pick(_CENTRE.get(act, (BOB,)), move.who)


_WEIGHTS = {
    **dict.fromkeys((Act.DISPATCH, Act.SIGN, Act.REPLY, Act.PASS_REVIEW, Act.REOPEN), 15),
    **dict.fromkeys((Act.DECIDE_RETURN, Act.DECIDE_EXTENSION, Act.DECIDE_UNREASONABLE, Act.SIGN_AS_HEAD), 9),
    **dict.fromkeys((Act.DECLARE_UNREASONABLE, Act.ASK_RETURN, Act.ASK_EXTENSION, Act.UNMERGE), 9),
    **dict.fromkeys((Act.PAUSE, Act.RESUME, Act.RECORD_CALLBACK, Act.CLOSE), 9),
    **dict.fromkeys((Act.REJECT_REVIEW, Act.WITHDRAW_REPLY, Act.MERGE, Act.REMOVE_UNIT), 9),
    **dict.fromkeys((Act.ANSWER, Act.REFUSE, Act.SPLIT, Act.ARCHIVE, Act.RECALL, Act.REDACT), 1),
}
"""What leads on is played more often than what ends it."""


def likely(world: "World") -> list[Act]:
    """Acts for which some order stands where they begin, so that play gets somewhere."""
    found: list[Act] = []
    for number in world.numbers:
        order = row(number)
        states = {HandlingState(each.state) for each in handlings(number)}
        for act, move in MOVES.items():
            starts = OrderState(order.state) in move.order and (
                move.handling is None or not states.isdisjoint(move.handling)
            )
            if starts and act.value in PLAYS and act not in found:
                found += [act] * _WEIGHTS.get(act, 3)
    return found


def play(world: "World", move: Move, now: datetime) -> None:
    """Do what the move says; lets through what the act refuses."""
    if not world.numbers or (move.act == "record" and len(world.numbers) < MOST_ORDERS):
        _record(world, move, now)
        return
    if move.act == "jobs":
        raise_warnings(now=now)
        recompute_provisional(now=now)
        return
    if move.act == "redact_late":
        redact_order(order=_pick(world.numbers, move.order), actor=SYSTEM, now=now + timedelta(days=1200))
        world.now = now + timedelta(days=1200)
        return
    act = Act(move.act) if move.act in PLAYS else _pick(likely(world), move.pick)
    numbers = world.numbers if move.act in PLAYS else _where(world, act)
    number = _pick(numbers, move.order)
    hands = handlings(number)
    wanted = MOVES[act].handling
    fitting = [each for each in hands if wanted is None or HandlingState(each.state) in wanted]
    chosen = _pick(fitting if fitting and move.who % 7 else hands, move.handling) if hands else None
    PLAYS[act.value](_Turn(world=world, move=move, now=now, act=act, number=number, chosen=chosen))


def _where(world: "World", act: Act) -> list[str]:
    starts = MOVES[act]
    fitting = [
        number
        for number in world.numbers
        if OrderState(row(number).state) in starts.order
        and (
            starts.handling is None
            or any(HandlingState(h.state) in starts.handling for h in handlings(number))
        )
    ]
    return fitting or world.numbers


@dataclass(frozen=True, kw_only=True)
class _Turn:
    world: "World"
    move: Move
    now: datetime
    act: Act
    number: str
    chosen: Handling | None

    @property
    def dice(self) -> int:
        return self.move.dice

    @property
    def yes(self) -> bool:
        return self.move.yes

    @property
    def reason(self) -> str:
        return "" if self.dice % 11 == 0 else "经核实,理由如上。"

    @property
    def on_order(self) -> dict[str, Any]:
        unit = self.chosen.unit if self.chosen is not None else None
        return {"order": self.number, "actor": actor_for(self.act, self.move, unit), "now": self.now}

    @property
    def on_handling(self) -> dict[str, Any]:
        serial = self.chosen.serial if self.chosen is not None else 1
        return {**self.on_order, "handling": serial if self.dice % 23 else 99}

    @property
    def unit(self) -> str:
        return _pick([*units(4), "没有这个单位"], self.dice // 3)

    @property
    def other(self) -> str:
        return _pick(self.world.numbers, self.dice // 5)


def _record(world: "World", move: Move, now: datetime) -> None:
    profile = city()
    wanted = request(
        channel=_pick(list(profile.channels), move.dice),
        request_type=_pick(list(profile.request_types), move.dice // 3),
        urgency=_pick(list(Urgency), move.dice // 7),
        contact=Contact(name=_pick(NAMES, move.dice), phone=_pick(PHONES, move.dice // 2)),
        matter=Matter(content="小区门口的路灯三天不亮了。", summary="路灯不亮"),
        anonymous=move.dice % 6 == 0,
        channel_ref=f"ref-{move.dice % 40}" if move.dice % 3 == 0 else None,
        repeat_of=_pick(world.numbers, move.order) if world.numbers and move.dice % 4 == 0 else None,
        received_at=now - timedelta(hours=move.dice % 50) if move.yes else None,
    )
    if profile.mailboxes and move.dice % 9 == 0:
        box = next(iter(profile.mailboxes.values()))
        wanted = request(channel=box.code, mailbox=box.code, topic=next(iter(profile.schemes[box.scheme])))
    done = record_order(request=wanted, actor=actor_for(Act.RECORD, move, None), now=now)
    if done.order not in world.numbers:
        world.numbers.append(done.order)


def _dispatch(turn: _Turn) -> None:
    first = turn.dice % 4
    others = [unit for place, unit in enumerate(units(4)) if place != first and turn.dice >> (4 + place) & 1]
    lead = units(4)[first] if turn.dice % 13 else turn.unit
    dispatch_order(**turn.on_order, to=Assignment(lead=lead, assisting=others), remark="请速办")


def _split(turn: _Turn) -> None:
    profile = city()
    types = list(profile.request_types)
    parts = [
        SplitPart(
            request_type=_pick(types, turn.dice + place) if turn.dice % 7 or place == 0 else "没有这一类",
            topic=next(iter(profile.order_topics)),
            summary=f"其{place}",
        )
        for place in range(1 + turn.dice % 3)
    ]
    done = split_order(**turn.on_order, parts=parts)
    turn.world.numbers += done.children


def _correct(turn: _Turn) -> None:
    profile = city()
    correction = Correction(
        request_type=_pick([*profile.request_types, None, None], turn.dice),
        urgency=_pick([*Urgency, None], turn.dice // 3),
        confidential=_pick([True, False, None, None], turn.dice // 5),
        anonymous=_pick([True, False, None, None, None], turn.dice // 13),
        summary="改正后的摘要" if turn.yes else None,
        address=_pick(["", "二号楼", None], turn.dice // 2),
        coordinates=_pick(
            [Coordinates(longitude="87.3", latitude="44.0"), Coordinates(), None], turn.dice // 17
        ),
        contact=Contact(name=NAMES[1], phone=PHONES[1]) if turn.dice % 8 == 0 else None,
    )
    correct_order(**turn.on_order, correction=correction, reason=turn.reason)


def _classify(turn: _Turn) -> None:
    kind = _pick([*city().request_types, None], turn.dice)
    wanted = Classification(
        request_type=kind,
        urgency=_pick([*Urgency, None], turn.dice // 3),
        summary="摘要" if turn.yes else None,
    )
    classify_order(**turn.on_order, classification=wanted)


def _attach(turn: _Turn) -> None:
    kinds = [each.code for each in city().workflow.evidence.kinds]
    upload = Upload(stream=io.BytesIO(PNG + bytes([turn.dice % 3])), kind=_pick(kinds, turn.dice))
    attach_evidence(**(turn.on_order if turn.yes else turn.on_handling), upload=upload)


def _withdraw(turn: _Turn) -> None:
    place = turn.on_order if turn.yes else turn.on_handling
    withdraw_evidence(**place, evidence=1 + turn.dice // 2 % 3, reason=turn.reason)


def _reply(turn: _Turn) -> None:
    said = reply()
    order = row(turn.number)
    away = {
        each.code
        for each in city().workflow.reply
        if (order.anonymous and "anonymous" in each.not_for)
        or (order.confidential and "confidential" in each.not_for)
    }
    if turn.dice % 10 == 0:
        away.add(city().workflow.reply[0].code)
    fields = {code: text for code, text in said.fields.items() if code not in away}
    visited = turn.dice % 9 == 0
    reply_to_order(**turn.on_handling, reply=type(said)(fields=fields, site_visit=visited))


def _outcome(turn: _Turn) -> Outcome:
    return Outcome(
        reached=turn.yes,
        contacted=True if turn.yes else None,
        resolved=turn.dice % 2 == 0 if turn.yes else None,
        satisfaction=_pick(list(Satisfaction), turn.dice) if turn.yes else None,
        remark="说已经亮了" if turn.dice % 3 else None,
    )


def _callback(turn: _Turn) -> None:
    record_callback(**turn.on_order, outcome=_outcome(turn))


def _correct_callback(turn: _Turn) -> None:
    serial = 1 + turn.dice // 5 % 3
    correct_callback(**turn.on_order, callback=serial, outcome=_outcome(turn), reason=turn.reason)


def _reopen(turn: _Turn) -> None:
    serials = [each.serial for each in handlings(turn.number)]
    named = [serial for serial in serials if turn.dice >> (3 + serial) & 1] if turn.yes else []
    reopen_order(**turn.on_order, reason=turn.reason, handlings=named)


def _declare(turn: _Turn) -> None:
    ground = _pick(city().workflow.unreasonable_grounds, turn.dice).code
    file = UnreasonableFile(
        ground=ground, inquiry="已实地查看。" if turn.dice % 7 else "", policy="有关规定第三条"
    )
    if turn.yes:
        # What the ground needs; refused itself where it can't be attached.
        document = next(
            each.code for each in city().workflow.evidence.kinds if "image/png" in each.media_types
        )
        stream = io.BytesIO(PNG + turn.dice.to_bytes(8, "big"))
        attach_evidence(**turn.on_handling, upload=Upload(stream=stream, kind=document))
        turn.world.settle()
    declare_unreasonable(**turn.on_handling, file=file)


def _decide_return(turn: _Turn) -> None:
    unit = turn.unit if turn.dice % 3 else None
    decide_return(
        **turn.on_handling, granted=turn.yes, reason=turn.reason, next_unit=unit if turn.yes else None
    )


def _decide_extension(turn: _Turn) -> None:
    days = 1 + turn.dice % 4 if turn.yes and turn.dice % 2 else None
    decide_extension(**turn.on_handling, granted=turn.yes, reason=turn.reason, days=days)


def _decide_unreasonable(turn: _Turn) -> None:
    decide_unreasonable(**turn.on_handling, granted=turn.dice % 4 != 0, reason=turn.reason)


PLAYS: dict[str, Callable[[_Turn], Any]] = {
    "classify": _classify,
    "answer": lambda turn: answer_order(**turn.on_order, answer="请拨打物业电话。" if turn.dice % 9 else " "),
    "refuse": lambda turn: refuse_order(
        **turn.on_order,
        ground=_pick(city().workflow.refusal_grounds, turn.dice).code,
        explanation="请向法院提出。",
    ),
    "dispatch": _dispatch,
    "add_unit": lambda turn: add_unit(**turn.on_order, unit=turn.unit),
    "remove_unit": lambda turn: remove_unit(**turn.on_handling, reason=turn.reason),
    "recall": lambda turn: recall_order(**turn.on_order, reason=turn.reason),
    "sign": lambda turn: sign_handling(**turn.on_handling),
    "assign": lambda turn: assign_handler(**turn.on_handling, account=turn.world.worker),
    "ask_return": lambda turn: ask_return(**turn.on_handling, reason=turn.reason),
    "decide_return": _decide_return,
    "ask_extension": lambda turn: ask_extension(**turn.on_handling, days=turn.dice % 12, reason=turn.reason),
    "decide_extension": _decide_extension,
    "pause": lambda turn: pause_handling(**turn.on_handling, reason=turn.reason),
    "resume": lambda turn: resume_handling(**turn.on_handling),
    "report_progress": lambda turn: report_progress(**turn.on_handling, progress="已联系厂家。"),
    "reply": _reply,
    "withdraw_reply": lambda turn: withdraw_reply(**turn.on_handling, reason=turn.reason),
    "attach": _attach,
    "withdraw_evidence": _withdraw,
    "declare_unreasonable": _declare,
    "sign_as_head": lambda turn: sign_as_head(**turn.on_handling),
    "decide_unreasonable": _decide_unreasonable,
    "pass_review": lambda turn: pass_review(**turn.on_handling, remark="属实"),
    "reject_review": lambda turn: reject_review(**turn.on_handling, reason=turn.reason),
    "record_callback": _callback,
    "close": lambda turn: close_order(**turn.on_order),
    "reopen": _reopen,
    "urge": lambda turn: urge_order(**turn.on_order, remark="请尽快"),
    "supervise": lambda turn: supervise_order(**turn.on_order, reason=turn.reason),
    "escalate": lambda turn: escalate_order(**turn.on_order, reason=turn.reason),
    "correct": _correct,
    "correct_callback": _correct_callback,
    "unlink_repeat": lambda turn: unlink_repeat(**turn.on_order, reason=turn.reason),
    "link_repeat": lambda turn: link_repeat(
        **turn.on_order, of=turn.other, by=_pick(list(RepeatBy), turn.dice)
    ),
    "split": _split,
    "merge": lambda turn: merge_order(**turn.on_order, into=turn.other, reason=turn.reason),
    "unmerge": lambda turn: unmerge_order(**turn.on_order, reason=turn.reason),
    "publish": lambda turn: publish_answer(**turn.on_order, published=turn.yes),
    "read_contact": lambda turn: read_contact(**turn.on_order, purpose=_pick(list(Purpose), turn.dice)),
    "archive": lambda turn: archive_order(**turn.on_order),
    "redact": lambda turn: redact_order(**turn.on_order),
}
