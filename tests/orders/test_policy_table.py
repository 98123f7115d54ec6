"""Who may do what and when: every act, in every state, by everybody, through the functions themselves.

The two tables here are written by hand, and know nothing of `people.policy` and `orders.moves`. Whatever they don't
allow must be refused, by the right refusal, and leave nothing written. An act without a player fails the test.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from cast import (
    ADAM,
    ALICE,
    ANNA,
    BOB,
    CARL,
    LEO,
    MINUTE,
    MONDAY,
    NUR,
    RUTH,
    STRANGER,
    SUE,
    SYSTEM,
    handler,
    handlings,
    head,
    liaison,
    recorded,
    reply,
    request,
    units,
)
from django.db import connection, transaction

from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, correct_callback, record_callback
from jieban.orders.actions.closing import archive_order, close_order, publish_answer, reopen_order
from jieban.orders.actions.contacts import read_contact
from jieban.orders.actions.correct import Correction, correct_order
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
from jieban.orders.audit.verify import verify
from jieban.orders.errors import ActRefused, BadValue, NoSuchOrder, NotAllowed, WrongState
from jieban.orders.models import Clock, Event, Evidence, Handling, Order, OrderSecret, Petition, Words
from jieban.orders.moves import MOVES
from jieban.orders.states import HandlingState, OrderState, RepeatBy
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.models import Account, Post
from jieban.people.policy import POLICY
from jieban.people.roles import Role

pytestmark = pytest.mark.usefixtures("database")

SOON = MONDAY + 2 * MINUTE
LATER = MONDAY + 60 * MINUTE
MUCH_LATER = MONDAY + timedelta(days=4000)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82"
WHY = "经核实,情况如此。"

JOBS = {
    Act.IMPORT: "opens orders, by a command of its own",
    Act.WARN: "the job of the ladder, which is the system",
    Act.RECOMPUTE_CLOCKS: "the job of the calendar, which is the system",
}
"""Acts that nobody can be named for: the function that does them takes no actor."""

HALVES = {Act.ABSORB: Act.MERGE, Act.RELEASE: Act.UNMERGE}
"""What an act does to the other of its two orders: done with it, never alone."""

# Who: op operator, di dispatcher, re reviewer, ca callback agent, su supervisor, le leader, an analyst, ad
# administrator, sys the system, own the citizen who filed it. Of the unit that holds the handling: li liaison,
# ha handler, he head; of the one that assists: li2 ha2 he2. Nobody else, ever: a stranger, a third unit (lix hax hex).
WHO: Mapping[Act, str] = {
    Act.RECORD: "op di sys own str",
    Act.CLASSIFY: "op di",
    Act.ANSWER: "op di",
    Act.REFUSE: "op di",
    Act.DISPATCH: "di",
    Act.ADD_UNIT: "di",
    Act.REMOVE_UNIT: "di",
    Act.RECALL: "di",
    Act.SIGN: "li ha he",
    Act.ASSIGN: "li he",
    Act.ASK_RETURN: "li he",
    Act.DECIDE_RETURN: "di",
    Act.ASK_EXTENSION: "li he",
    Act.DECIDE_EXTENSION: "di su",
    Act.PAUSE: "li ha",
    Act.RESUME: "li ha di sys own",
    Act.REPORT_PROGRESS: "li ha",
    Act.REPLY: "li ha",
    Act.WITHDRAW_REPLY: "li ha he",
    Act.ATTACH: "li ha op ca own",
    Act.WITHDRAW_EVIDENCE: "li ha he",
    Act.DECLARE_UNREASONABLE: "li ha",
    Act.SIGN_AS_HEAD: "he",
    Act.DECIDE_UNREASONABLE: "re",
    Act.PASS_REVIEW: "re",
    Act.REJECT_REVIEW: "re",
    Act.RECORD_CALLBACK: "ca own",
    Act.CLOSE: "re ca sys",
    Act.REOPEN: "di ca su",
    Act.URGE: "op di su own",
    Act.SUPERVISE: "su",
    Act.ESCALATE: "su sys",
    Act.CORRECT: "di re",
    Act.CORRECT_CALLBACK: "re",
    Act.LINK_REPEAT: "op di",
    Act.UNLINK_REPEAT: "op di re",
    Act.SPLIT: "di",
    Act.MERGE: "di",
    Act.UNMERGE: "di",
    Act.PUBLISH: "re",
    Act.READ_CONTACT: "op di re ca li ha li2 ha2",
    Act.ARCHIVE: "re sys",
    Act.REDACT: "ad sys",
}

_BEFORE = "recorded recalled"
_UNITS = "awaiting handling paused asked_return asked_extension declared head_signed"
_ENDED = "handled called closed"
_OVER = "closed refused merged split archived"
_ALL = f"{_BEFORE} {_UNITS} replied handled called {_OVER}"
WHERE: Mapping[Act, str] = {
    Act.CLASSIFY: _BEFORE,
    Act.ANSWER: _BEFORE,
    Act.REFUSE: _BEFORE,
    Act.DISPATCH: _BEFORE,
    Act.ADD_UNIT: f"{_UNITS} replied",
    Act.REMOVE_UNIT: _UNITS,
    Act.RECALL: _UNITS,
    Act.SIGN: "awaiting asked_return",
    Act.ASSIGN: f"{_UNITS} replied",
    Act.ASK_RETURN: "awaiting handling asked_extension declared head_signed",
    Act.DECIDE_RETURN: "asked_return",
    Act.ASK_EXTENSION: "handling declared head_signed",
    Act.DECIDE_EXTENSION: "asked_extension",
    Act.PAUSE: "handling asked_extension declared head_signed",
    Act.RESUME: "paused",
    Act.REPORT_PROGRESS: "handling paused asked_extension declared head_signed",
    Act.REPLY: "handling asked_extension declared head_signed",
    Act.WITHDRAW_REPLY: "replied",
    Act.ATTACH: f"{_UNITS} replied",
    Act.WITHDRAW_EVIDENCE: "handling paused asked_extension",
    Act.DECLARE_UNREASONABLE: "handling asked_extension",
    Act.SIGN_AS_HEAD: "declared",
    Act.DECIDE_UNREASONABLE: "head_signed",
    Act.PASS_REVIEW: "replied",
    Act.REJECT_REVIEW: "replied",
    Act.RECORD_CALLBACK: "handled",
    Act.CLOSE: "called",
    Act.REOPEN: _ENDED,
    Act.URGE: f"{_BEFORE} {_UNITS} replied",
    Act.SUPERVISE: f"{_BEFORE} {_UNITS} replied",
    Act.ESCALATE: f"{_BEFORE} {_UNITS} replied",
    Act.CORRECT: f"{_BEFORE} {_UNITS} replied {_ENDED} refused merged split",
    Act.CORRECT_CALLBACK: "called closed",
    Act.LINK_REPEAT: f"{_BEFORE} {_UNITS} replied {_ENDED} refused merged split",
    Act.UNLINK_REPEAT: f"{_BEFORE} {_UNITS} replied {_ENDED} refused merged split",
    Act.SPLIT: _BEFORE,
    Act.MERGE: f"{_BEFORE} {_UNITS} replied",
    Act.UNMERGE: "merged",
    Act.PUBLISH: _ENDED,
    Act.READ_CONTACT: _ALL,
    Act.ARCHIVE: "closed refused merged split",
    Act.REDACT: "closed refused archived",
}

DONE = {"handled", "called", "closed", "archived"}
BY_ORDER = f"{_BEFORE} {_UNITS} replied handled called"
"""Where a citizen may attach to their order."""

OTHERWISE: Mapping[tuple[Act, str], type[ActRefused]] = {
    # Nothing was brought yet.
    **{(Act.WITHDRAW_EVIDENCE, scene): NoSuchOrder for scene in ("awaiting", "asked_return")},
    (Act.RECALL, "replied"): BadValue,
    **{
        (Act.CORRECT_CALLBACK, scene): BadValue  # there is no such callback
        for scene in f"{_BEFORE} {_UNITS} replied handled refused merged split".split()
    },
}
NEVER_HERE = {
    (Act.ESCALATE, "sys"): "the system escalates by the profile's numbers only, which no scene reaches"
}
"""Where the state alone would allow it, and what hangs on the order doesn't: refused by another name."""


def players() -> dict[str, Actor]:
    first, second, third = units(3)
    cast = {
        "op": ALICE, "di": BOB, "re": RUTH, "ca": CARL, "su": SUE, "le": LEO, "an": ANNA, "ad": ADAM, "sys": SYSTEM,
        "own": NUR, "str": STRANGER,
    }  # fmt: skip
    for suffix, unit in (("", first), ("2", second), ("x", third)):
        cast |= {f"li{suffix}": liaison(unit), f"ha{suffix}": handler(unit), f"he{suffix}": head(unit)}
    return cast


# ---- the scenes


def asked_by_nur() -> str:
    """An order that repeats an earlier one of hers."""
    order = record_order(request=request(), actor=NUR, now=MONDAY).order
    earlier = recorded(received_at=MONDAY - MINUTE)
    link_repeat(order=order, of=earlier, by=RepeatBy.MATTER, actor=ALICE, now=MONDAY)
    return order


def dispatched_to_two() -> str:
    first, second = units(2)
    order = asked_by_nur()
    dispatch_order(order=order, to=Assignment(lead=first, assisting=[second]), actor=BOB, now=MONDAY + MINUTE)
    return order


def signed_by_both() -> str:
    order = dispatched_to_two()
    for each in handlings(order):
        sign_handling(order=order, handling=each.serial, actor=liaison(each.unit), now=MONDAY + 2 * MINUTE)
    return with_evidence(order, handler(units()[0]), handling=1)


def with_evidence(
    order: str, actor: Actor, *, handling: int | None = None, content: bytes = PNG, now: datetime = SOON
) -> str:
    kind = next(each.code for each in city().workflow.evidence.kinds if "image/png" in each.media_types)
    upload = Upload(stream=io.BytesIO(content), kind=kind)
    attach_evidence(order=order, handling=handling, upload=upload, actor=actor, now=now)
    return order


def replied_by_both() -> str:
    order = signed_by_both()
    for each in handlings(order):
        reply_to_order(
            order=order,
            handling=each.serial,
            reply=reply(),
            actor=handler(each.unit),
            now=MONDAY + 3 * MINUTE,
        )
    return order


def handled_by_both() -> str:
    order = replied_by_both()
    for each in handlings(order):
        pass_review(order=order, handling=each.serial, actor=RUTH, now=MONDAY + 4 * MINUTE)
    return order


def called() -> str:
    order = handled_by_both()
    record_callback(order=order, outcome=reached(), actor=CARL, now=MONDAY + 5 * MINUTE)
    return order


def reached() -> Outcome:
    return Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED)


def mistyped() -> Outcome:
    return Outcome(reached=True, contacted=True, resolved=False, satisfaction=Satisfaction.DISSATISFIED)


def closed() -> str:
    order = called()
    close_order(order=order, actor=RUTH, now=MONDAY + 6 * MINUTE)
    return order


def of_nur() -> str:
    return with_evidence(asked_by_nur(), ALICE)


def then(order: str, act: Callable[..., object], **given: object) -> str:
    act(order=order, now=MONDAY + 7 * MINUTE, **given)
    return order


def unreasonable_file() -> UnreasonableFile:
    ground = city().workflow.unreasonable_grounds[0]
    return UnreasonableFile(ground=ground.code, inquiry=WHY * 5, policy=WHY * 5)


def refusal() -> dict[str, Any]:
    ground = city().workflow.refusal_grounds[0]
    return {"ground": ground.code, "explanation": WHY}


def parts() -> tuple[SplitPart, ...]:
    profile = city()
    one = SplitPart(
        request_type=next(iter(profile.request_types)), topic=next(iter(profile.order_topics)), summary="其一"
    )
    return (one, one)


def declared() -> str:
    return then(
        signed_by_both(),
        declare_unreasonable,
        handling=1,
        file=unreasonable_file(),
        actor=handler(units()[0]),
    )


SCENES: Mapping[str, Callable[[], str]] = {
    "recorded": of_nur,
    "recalled": lambda: then(dispatched_to_two(), recall_order, reason=WHY, actor=BOB),
    "awaiting": dispatched_to_two,
    "asked_return": lambda: then(
        dispatched_to_two(), ask_return, handling=1, reason=WHY, actor=liaison(units()[0])
    ),
    "handling": signed_by_both,
    "paused": lambda: then(
        signed_by_both(), pause_handling, handling=1, reason=WHY, actor=handler(units()[0])
    ),
    "asked_extension": lambda: then(
        signed_by_both(), ask_extension, handling=1, days=1, reason=WHY, actor=liaison(units()[0])
    ),
    "declared": declared,
    "head_signed": lambda: then(declared(), sign_as_head, handling=1, actor=head(units()[0])),
    "replied": replied_by_both,
    "handled": handled_by_both,
    "called": called,
    "closed": closed,
    "refused": lambda: then(of_nur(), refuse_order, actor=ALICE, **refusal()),
    "merged": lambda: then(of_nur(), merge_order, into=recorded(), reason=WHY, actor=BOB),
    "split": lambda: then(of_nur(), split_order, parts=parts(), actor=BOB),
    "archived": lambda: then(closed(), archive_order, actor=RUTH),
}

WITHOUT_UNITS = {"recorded", "refused", "merged", "split"}
"""Scenes in which no unit was ever asked; in `recalled` all gave the order back."""


# ---- the players


def act_on_handling(function: Callable[..., object], **given: object) -> Callable[[str, Actor], object]:
    return lambda order, actor: function(order=order, handling=1, actor=actor, now=LATER, **given)


def act_on_order(function: Callable[..., object], **given: object) -> Callable[[str, Actor], object]:
    return lambda order, actor: function(order=order, actor=actor, now=LATER, **given)


def attach(order: str, actor: Actor) -> object:
    # What a citizen brings belongs to the order, and to no unit's handling.
    serial = None if actor == NUR else 1
    return with_evidence(order, actor, handling=serial, content=PNG + b"another", now=LATER)


def withdraw(order: str, actor: Actor, *, handling: int | None = 1) -> object:
    """The last piece of a handling's, or of the order's own."""
    pieces = Evidence.objects.filter(order__number=order, handling__serial=handling).order_by("-serial")
    serial = pieces.values_list("serial", flat=True).first() or 99
    return withdraw_evidence(
        order=order, handling=handling, evidence=serial, reason=WHY, actor=actor, now=LATER
    )


def assign(order: str, actor: Actor) -> object:
    account = Account.objects.get(username="hana").pk
    return assign_handler(order=order, handling=1, account=account, actor=actor, now=LATER)


def plays() -> dict[Act, Callable[[str, Actor], object]]:
    first, _, third = units(3)
    other = recorded()
    urgency = Classification(
        urgency=next(each for each in type(request().urgency) if each != request().urgency)
    )
    return {
        Act.CLASSIFY: act_on_order(classify_order, classification=urgency),
        Act.ANSWER: act_on_order(answer_order, answer=WHY),
        Act.REFUSE: act_on_order(refuse_order, **refusal()),
        Act.DISPATCH: act_on_order(dispatch_order, to=Assignment(lead=first)),
        Act.ADD_UNIT: act_on_order(add_unit, unit=third),
        Act.REMOVE_UNIT: lambda order, actor: remove_unit(
            order=order, handling=2, reason=WHY, actor=actor, now=LATER
        ),
        Act.RECALL: act_on_order(recall_order, reason=WHY),
        Act.SIGN: act_on_handling(sign_handling),
        Act.ASSIGN: assign,
        Act.ASK_RETURN: act_on_handling(ask_return, reason=WHY),
        Act.DECIDE_RETURN: act_on_handling(decide_return, granted=True, reason=WHY, next_unit=third),
        Act.ASK_EXTENSION: act_on_handling(ask_extension, days=1, reason=WHY),
        Act.DECIDE_EXTENSION: act_on_handling(decide_extension, granted=True, reason=WHY),
        Act.PAUSE: act_on_handling(pause_handling, reason=WHY),
        Act.RESUME: act_on_handling(resume_handling),
        Act.REPORT_PROGRESS: act_on_handling(report_progress, progress=WHY),
        Act.REPLY: act_on_handling(reply_to_order, reply=reply()),
        Act.WITHDRAW_REPLY: act_on_handling(withdraw_reply, reason=WHY),
        Act.ATTACH: attach,
        Act.WITHDRAW_EVIDENCE: withdraw,
        Act.DECLARE_UNREASONABLE: act_on_handling(declare_unreasonable, file=unreasonable_file()),
        Act.SIGN_AS_HEAD: act_on_handling(sign_as_head),
        Act.DECIDE_UNREASONABLE: act_on_handling(decide_unreasonable, granted=True, reason=WHY),
        Act.PASS_REVIEW: act_on_handling(pass_review),
        Act.REJECT_REVIEW: act_on_handling(reject_review, reason=WHY),
        Act.RECORD_CALLBACK: act_on_order(record_callback, outcome=reached()),
        Act.CLOSE: act_on_order(close_order),
        Act.REOPEN: act_on_order(reopen_order, reason=WHY),
        Act.URGE: act_on_order(urge_order),
        Act.SUPERVISE: act_on_order(supervise_order, reason=WHY),
        Act.ESCALATE: act_on_order(escalate_order, reason=WHY),
        Act.CORRECT: act_on_order(correct_order, correction=Correction(summary="更正后的摘要"), reason=WHY),
        Act.CORRECT_CALLBACK: act_on_order(correct_callback, callback=1, outcome=mistyped(), reason=WHY),
        Act.LINK_REPEAT: act_on_order(link_repeat, of=other, by=next(iter(RepeatBy))),
        Act.UNLINK_REPEAT: act_on_order(unlink_repeat, reason=WHY),
        Act.SPLIT: act_on_order(split_order, parts=parts()),
        Act.MERGE: act_on_order(merge_order, into=other, reason=WHY),
        Act.UNMERGE: act_on_order(unmerge_order, reason=WHY),
        Act.PUBLISH: act_on_order(publish_answer, published=True),
        Act.READ_CONTACT: act_on_order(read_contact, purpose="clarify"),
        Act.ARCHIVE: act_on_order(archive_order),
        Act.REDACT: lambda order, actor: redact_order(order=order, actor=actor, now=MUCH_LATER),
    }


def expected(act: Act, scene: str, who: str) -> type[ActRefused] | None:
    """What must come of it, by the tables above; None where it is done."""
    held = scene not in WITHOUT_UNITS | {"recalled"}
    by_order = act is Act.ATTACH and who == "own"
    on_handling = MOVES[act].handling is not None or (
        act in {Act.ATTACH, Act.WITHDRAW_EVIDENCE} and not by_order
    )
    if on_handling and scene in WITHOUT_UNITS:
        return NoSuchOrder  # there is no such handling, whoever asks
    of_a_unit = who.rstrip("2x") in {"li", "ha", "he"}
    may = who in WHO[act].split() and (held or not of_a_unit)
    if act is Act.WITHDRAW_EVIDENCE and who in {"op", "ca", "own"}:
        return _not_theirs(scene)
    if not may:
        sees = who in {"op", "di", "re", "ca", "su", "sys", "own"} or (
            of_a_unit and held and not who.endswith("x")
        )
        return NotAllowed if sees else NoSuchOrder
    # A unit that has done its part needs nobody's number any more.
    done = act is Act.READ_CONTACT and of_a_unit and scene in DONE
    if done or (act, who) in NEVER_HERE:
        return WrongState
    if (act, scene) in OTHERWISE:
        return OTHERWISE[act, scene]
    where = BY_ORDER if by_order else WHERE[act]
    return None if scene in where.split() else WrongState


def _not_theirs(scene: str) -> type[ActRefused]:
    """Of those who take back what they brought to the order itself, and try it with what is a unit's."""
    if scene == "archived":
        return WrongState
    return NoSuchOrder if scene in {"recalled", "awaiting", "asked_return"} else NotAllowed


CALL_FILED = f"{_BEFORE} {_UNITS} replied handled called closed refused"
"""Where a call's recording is filed with the order by whoever telephones; a citizen adds nothing after the end."""


@pytest.mark.once  # as below
@pytest.mark.slow(5)
def test_who_files_a_recording_where() -> None:
    wrong: list[str] = []

    def file(order: str, actor: Actor) -> object:
        upload = Upload(stream=io.BytesIO(b"\xff\xfb\x90\x64\0\0"), kind="call_recording")
        return attach_evidence(order=order, upload=upload, actor=actor, now=LATER)

    for scene, make in SCENES.items():
        order = make()
        for who, actor in players().items():
            should: type[ActRefused] | None = NotAllowed
            if who in {"op", "ca"}:
                should = None if scene in CALL_FILED.split() else WrongState
            elif who == "own":
                should = None if scene in BY_ORDER.split() else WrongState
            elif who not in {"di", "re", "su", "sys", "li", "ha", "he", "li2", "ha2", "he2"} or (
                who.rstrip("2") in {"li", "ha", "he"} and scene in WITHOUT_UNITS | {"recalled"}
            ):
                should = NoSuchOrder
            came = outcome(file, order, actor)
            if came is not should:
                wrong.append(f"{scene} by {who}: {came}, not {should}")
    assert not wrong, "\n".join(wrong)


TAKEN_BACK: Mapping[str, tuple[str, str]] = {
    "by an operator": ("op ca", f"{_BEFORE} {_UNITS}"),
    "by an agent, last of all": ("op ca", CALL_FILED),
    "by the citizen": ("own", f"{_BEFORE} {_UNITS}"),
}
"""By whom and where what was brought to the order itself is taken back: by its side, until something rests on it."""


@pytest.mark.once  # as below
@pytest.mark.slow(10)
def test_who_takes_back_what_was_brought_to_the_order_itself() -> None:
    wrong: list[str] = []

    def take_back(order: str, actor: Actor) -> object:
        return withdraw(order, actor, handling=None)

    for scene, make in SCENES.items():
        order = make()
        for brought, (side, where) in TAKEN_BACK.items():
            with undone():
                Evidence.objects.create(**_brought(order, brought))
                for who, actor in players().items():
                    if who in side.split():
                        should = None if scene in where.split() else WrongState
                    elif who in {"op", "ca", "own"}:
                        should = NotAllowed if scene in CALL_FILED.split() else WrongState
                    else:
                        should = _stranger(who, scene)
                    came = outcome(take_back, order, actor)
                    if came is not should:
                        wrong.append(f"what came {brought} in {scene} by {who}: {came}, not {should}")
    assert not wrong, "\n".join(wrong)


def _stranger(who: str, scene: str) -> type[ActRefused]:
    """What somebody is told who may not do it, as far as they see the order."""
    of_a_unit = who.rstrip("2x") in {"li", "ha", "he"}
    held = scene not in WITHOUT_UNITS | {"recalled"} and not who.endswith("x")
    return NotAllowed if who in {"di", "re", "su", "sys"} or (of_a_unit and held) else NoSuchOrder


def _brought(order: str, how: str) -> dict[str, Any]:
    """A piece as it stands in the table, whatever was done since it came."""
    return {
        "order": Order.objects.get(number=order),
        "serial": 90,
        "kind": "call_recording",
        "digest": "0" * 64,
        "media_type": "audio/mpeg",
        "size": 6,
        "added_at": LATER if "last" in how else MONDAY,
        "added_by": (NUR if "citizen" in how else ALICE).ref,
    }


COUNTED = (Order, Handling, Clock, Petition, Event, Evidence, Words, OrderSecret)


def written(order: str) -> tuple[object, ...]:
    """All that is there of an order, and how much of everything."""
    return (
        Order.objects.filter(number=order).values().get(),
        list(Handling.objects.filter(order__number=order).order_by("pk").values()),
        tuple(model._default_manager.count() for model in COUNTED),
    )


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Watch:
    """Counts the statements that write, so that what wrote nothing needs no comparing."""

    def __init__(self) -> None:
        self.writes = 0

    def __call__(self, execute: Callable[..., object], sql: str, *rest: object) -> object:
        self.writes += sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE"))
        return execute(sql, *rest)


def events_there() -> int:
    """How many; asked twice for each of thousands of tries, so not in words that Django makes a statement of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_event")
        count: int = cursor.fetchone()[0]
    return count


def outcome(play: Callable[[str, Actor], object], order: str, actor: Actor) -> type[BaseException] | None:
    """What came of a try, which is undone: a refusal that left nothing written, or None for an act with its event."""
    with undone():
        events, watch = events_there(), Watch()
        try:
            with connection.execute_wrapper(watch):
                play(order, actor)
        except ActRefused as refused:
            came = refused
        else:
            assert events_there() > events
            return None
        assert came.fix, came
    # A refusal after the first write is rolled back with its transaction.
    if watch.writes:
        before = written(order)
        with pytest.raises(type(came)):
            play(order, actor)
        assert written(order) == before
    return type(came)


@pytest.mark.once  # who may, tables say; what each act writes and refuses, its own tests ask of both databases
@pytest.mark.slow(25)
def test_every_act_in_every_state_by_everybody() -> None:
    account = Account.objects.create_user("hana", display_name="Hana", joined_at=MONDAY)
    Post.objects.create(
        account=account, role=Role.HANDLER.value, unit=units()[0], valid_from=date(2025, 1, 1)
    )
    cast, doing = players(), plays()
    scenes = {name: make() for name, make in SCENES.items()}
    wrong: list[str] = []
    for scene, order in scenes.items():
        for act, play in doing.items():
            for who, actor in cast.items():
                came, should = outcome(play, order, actor), expected(act, scene, who)
                if came is not should:
                    names = [each.__name__ if each else "done" for each in (came, should)]
                    wrong.append(f"{act} in {scene} by {who}: {names[0]}, not {names[1]}")
    assert not wrong, "\n".join(wrong)
    assert verify().clean, verify().found


def test_no_act_is_left_out() -> None:
    """An act that is new in the policy or the moves needs a player and its lines in the tables here."""
    there = {Act.RECORD, *plays()}
    assert set(Act) - there - set(JOBS) - set(HALVES) == set()
    assert set(MOVES) - there - set(JOBS) - set(HALVES) == set()
    assert set(POLICY) - there - set(JOBS) - set(HALVES) == set()
    assert set(WHO) == there
    assert set(WHERE) == there - {Act.RECORD}


def test_every_state_is_played_in() -> None:
    scenes = {name: make() for name, make in SCENES.items()}
    assert set(WHERE[Act.READ_CONTACT].split()) == set(scenes)
    orders = set(Order.objects.filter(number__in=scenes.values()).values_list("state", flat=True))
    assert orders == {each.value for each in OrderState}
    found = set(Handling.objects.values_list("state", flat=True))
    # Returned and recalled are alike: gone.
    assert found == {each.value for each in HandlingState} - {"returned"}


def test_who_may_record() -> None:
    for who, actor in players().items():
        before = Order.objects.count()
        if who in WHO[Act.RECORD].split():
            record_order(request=request(), actor=actor, now=LATER)
            assert Order.objects.count() == before + 1, who
        else:
            with pytest.raises(NotAllowed):
                record_order(request=request(), actor=actor, now=LATER)
            assert Order.objects.count() == before, who


def both(one: Actor, other: Actor) -> Actor:
    return Actor(account=one.account, name="Both", posts=one.posts | other.posts)


@pytest.mark.parametrize(
    ("scene", "asks", "act"),
    [
        ("asked_return", liaison, Act.DECIDE_RETURN),
        ("asked_extension", liaison, Act.DECIDE_EXTENSION),
        ("replied", handler, Act.PASS_REVIEW),
        ("declared", handler, Act.SIGN_AS_HEAD),
        ("head_signed", handler, Act.DECIDE_UNREASONABLE),
        ("called", lambda _unit: CARL, Act.CORRECT_CALLBACK),
    ],
)
def test_nobody_judges_their_own(scene: str, asks: Callable[[str], Actor], act: Act) -> None:
    order, unit = SCENES[scene](), units()[0]
    every = Actor(
        account=asks(unit).account,
        name="Both",
        posts=frozenset(
            {(Role.DISPATCHER, None), (Role.REVIEWER, None), (Role.HEAD, unit), *asks(unit).posts}
        ),
    )
    another = Actor(account=999, name="Another", posts=every.posts)
    play = plays()[act]
    assert outcome(play, order, every) is NotAllowed
    assert outcome(play, order, another) is None
