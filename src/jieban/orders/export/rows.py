"""Rows of the canonical tables from an order and what hangs on it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from jieban.kernel.keyring import Keyring
from jieban.ledger.schema import (
    ABSENT,
    HANDLINGS,
    LETTERS,
    ORDERS,
    Disposition,
    LetterDisposition,
    Satisfaction,
    TableSchema,
)
from jieban.ledger.schema import Role as Part
from jieban.orders.actions.desk import ANSWER_SLOT
from jieban.orders.actions.reply import REPLY_SLOT
from jieban.orders.engine.write import WORDS_SLOT
from jieban.orders.export.chunks import Record, Whole, joined
from jieban.orders.export.said import FLAGS, NUMBER, OF_CALLBACKS, OF_HANDLINGS, ROW, Back
from jieban.orders.models import Handling, Order
from jieban.orders.secrets import Lock, Matter, lock_of, matter_of
from jieban.orders.states import HandlingState, OrderState
from jieban.profile.model import Stage

Row = dict[str, object]
_ENDED = frozenset({OrderState.HANDLED, OrderState.CLOSED, OrderState.ARCHIVED})
_LETTER_BECAME = {
    Disposition.DISPATCHED: LetterDisposition.TRANSFERRED,
    Disposition.ANSWERED: LetterDisposition.ANSWERED,
    Disposition.REFUSED: LetterDisposition.REFUSED,
    Disposition.MERGED: LetterDisposition.MERGED,
    Disposition.SPLIT: LetterDisposition.SPLIT,
}


@dataclass(kw_only=True, slots=True)
class Rows:
    """Rows of the four tables, as many as a chunk gives."""

    orders: list[Row] = field(default_factory=list)
    handlings: list[Row] = field(default_factory=list)
    letters: list[Row] = field(default_factory=list)
    callbacks: list[Row] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Teller:
    """What is told: codes and times; with a keyring also the words of citizens and clerks; never who asked.

    Whoever needs a requester reads them by the act that leaves an event (`actions.contacts`), one by one.
    """

    keyring: Keyring | None = None

    def rows(self, wholes: Iterable[Whole]) -> Rows:
        """All rows of some orders. Letters are in their own table only (ruling 2)."""
        rows = Rows()
        for whole in wholes:
            said = _Said.of(whole, self)
            if whole.order.mailbox is not None:
                rows.letters.append(_letter(whole, said))
                continue
            rows.orders.append(_order(whole, said))
            rows.handlings += _handlings(whole, said)
            rows.callbacks += _callbacks(whole, said)
        return rows


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """The words of an order, opened; nothing where they are not to be told or were destroyed."""

    matter: Matter
    slot: Callable[[int | None, str], str | None]

    @classmethod
    def of(cls, whole: Whole, teller: Teller) -> "_Said":
        lock = _lock(whole, teller)
        if lock is None or whole.secret is None:
            return cls(matter=Matter(), slot=lambda _seq, _slot: None)
        opened = lock
        return cls(
            matter=matter_of(lock, whole.secret),
            slot=lambda seq, slot: _slot(whole, opened, seq, slot),
        )


def _lock(whole: Whole, teller: Teller) -> Lock | None:
    if teller.keyring is None or whole.secret is None:
        return None
    return lock_of(whole.secret, whole.order.number, teller.keyring)


def _slot(whole: Whole, lock: Lock, seq: int | None, slot: str) -> str | None:
    words = whole.words.get(seq) if seq is not None else None
    if words is None or words.sealed is None:
        return None
    said = lock.open(f"{WORDS_SLOT}/{words.seq}", bytes(words.sealed))
    return joined(said.get(slot)) if isinstance(said, dict) else None


def _order(whole: Whole, said: _Said) -> Row:
    order = whole.order
    lead = next((each for each in whole.handlings if each.part == Part.LEAD and _counts(each)), None)
    reply = _reply(lead, said) if lead is not None else None
    clocks = [clock for clock in whole.clocks if clock.handling_id is None]
    rated = OrderState(order.state) in _ENDED and order.disposition == Disposition.DISPATCHED
    # Of an order that was closed elsewhere that ledger tells whether anybody was called about it.
    rated &= whole.said is None or order.closed_at is None or order.closed_at > whole.said.at
    row: Row = {
        "order_no": order.number,
        "channel": order.channel or None,
        "disposition": order.disposition or Disposition.PENDING,
        "received_at": order.received_at,
        "dispatched_at": order.dispatched_at,
        "signed_at": order.signed_at,
        "closed_at": _closed_at(order, clocks),
        "request_type": order.request_type,
        "topic": order.topic,
        "subtopic": order.subtopic,
        "urgency": order.urgency,
        "street": order.street,
        "community": order.community,
        "address": said.matter.address,
        "requester": None,
        "phone": None,
        "anonymous": order.anonymous,
        "confidential": order.confidential,
        "content": said.matter.content,
        "reply": said.slot(order.answer_in, ANSWER_SLOT) or reply,
        "contacted": order.contacted,
        "called_back": bool(order.called_back) if rated else order.called_back,
        "resolved": order.resolved,
        "satisfaction": order.satisfaction or (Satisfaction.NOT_RATED if rated else None),
        "repeat_of": order.repeat_of__number or order.repeat_number,
        "reopen_count": order.round,
        "excluded": order.excluded,
        **_deadlines(clocks if order.dispatched_at is not None else ()),
    }
    return _as_said(whole, row, ORDERS, clocks)


def _as_said(whole: Whole, row: Row, schema: TableSchema, clocks: list[Record]) -> Row:
    """The row of an order or a letter with what the ledger said that it came with."""
    if whole.said is not None:
        facts = whole.said.facts
        back = Back(
            said=whole.said, facts=facts, model=Order, entity="order", record=whole.order, clocks=clocks
        )
        back.restore(row, schema)
    return row


def _closed_at(order: Record, clocks: Iterable[Record]) -> object:
    """When the order was closed: not before an earlier round was, whoever was relieved of what since."""
    ended = _last_closing(each for each in clocks if each.round < order.round)
    if order.closed_at is None or ended is None:
        return order.closed_at
    return max(order.closed_at, ended.stopped_at)


def _handlings(whole: Whole, said: _Said) -> list[Row]:
    """The handlings that were not recalled, and those that were only once they had been closed and reopened.

    What a unit has closed stays closed, late or not, though it was relieved of the next round (recalled, given back):
    it is told as it stood when it was closed. It leads no more where another does.
    """
    rows, leads = [], any(each.part == Part.LEAD and _counts(each) for each in whole.handlings)
    for handling in reversed(whole.handlings):
        clocks = [clock for clock in whole.clocks if clock.handling_id == handling.pk]
        ended = None if _counts(handling) else _last_closing(clocks)
        if ended is not None:
            rows.append(
                _handling(whole, handling, said, [each for each in clocks if each.round <= ended.round])
                | {"closed_at": ended.stopped_at, "returned": False}
                | ({"role": Part.ASSIST.value} if leads else {})
            )
            leads = leads or handling.part == Part.LEAD
        elif handling.state != HandlingState.RECALLED:
            rows.append(_handling(whole, handling, said, clocks))
    return rows[::-1]


def _last_closing(clocks: Iterable[Record]) -> Record | None:
    closed = [each for each in clocks if each.stage == Stage.CLOSE and each.stopped_at is not None]
    return max(closed, key=lambda each: int(each.round), default=None)


def _handling(whole: Whole, handling: Record, said: _Said, clocks: list[Record]) -> Row:
    row: Row = {
        "handling_no": f"{whole.order.number}-{handling.serial}",
        "order_no": whole.order.number,
        "unit": handling.unit,
        "role": handling.part,
        "dispatched_at": handling.dispatched_at,
        "signed_at": handling.signed_at,
        "closed_at": handling.closed_at,
        "returned": handling.state == HandlingState.RETURNED,
        "return_requests": handling.return_requests,
        "extension_days": handling.extension_days,
        "rework_count": handling.reworks,
        "reply": _reply(handling, said),
        **_deadlines(clocks),
    }
    facts = whole.said.beside(OF_HANDLINGS, handling.serial) if whole.said is not None else {}
    if whole.said is not None and facts:
        entity = f"handling:{handling.serial}"
        back = Back(
            said=whole.said, facts=facts, model=Handling, entity=entity, record=handling, clocks=clocks
        )
        back.restore(row, HANDLINGS)
        row["handling_no"] = facts.get(NUMBER, row["handling_no"])
    return row


def _reply(handling: Record, said: _Said) -> str | None:
    """The reply that stands. The event of an import holds those of all units, each in a slot of its own."""
    own = said.slot(handling.replied_in, REPLY_SLOT)
    return own or said.slot(handling.replied_in, f"{REPLY_SLOT}/{handling.serial}")


def _counts(handling: Record) -> bool:
    return HandlingState(handling.state) not in {HandlingState.RETURNED, HandlingState.RECALLED}


def _deadlines(clocks: Iterable[Record]) -> Mapping[str, object]:
    """The deadlines by stage. A late closing stays late: of a clock that an earlier round overran, that round's."""
    told: Row = {}
    for stage in Stage:
        rounds = sorted((each for each in clocks if each.stage == stage), key=lambda each: each.round)
        if not rounds:
            continue
        late = next((each for each in rounds[:-1] if _late(each)), rounds[-1])
        # A provisional deadline is a guess until the calendar is loaded: none is better than a wrong one.
        told[f"{stage.value}_due_at"] = None if late.provisional else late.due_at
        told[f"{stage.value}_rule"] = late.rule
    return told


def _late(clock: Record) -> bool:
    return clock.stopped_at is not None and not clock.provisional and bool(clock.stopped_at > clock.due_at)


def _letter(whole: Whole, said: _Said) -> Row:
    order = whole.order
    lead = next((each for each in whole.handlings if each.part == Part.LEAD and _counts(each)), None)
    reply = _reply(lead, said) if lead is not None else None
    row: Row = {
        "letter_no": order.number,
        "mailbox": order.mailbox,
        "received_at": order.received_at,
        "topic": order.topic,
        "subtopic": order.subtopic,
        "disposition": _became(order),
        "unit": lead.unit if lead is not None else order.answer_unit,
        "closed_at": order.closed_at,
        "published": order.published,
        "content": said.matter.content,
        "reply": said.slot(order.answer_in, ANSWER_SLOT) or reply,
    }
    return _as_said(whole, row, LETTERS, [])


def _became(letter: Record) -> LetterDisposition:
    """What became of a letter; one that was recalled from its unit is the centre's to decide again."""
    recalled = letter.state == OrderState.RECORDED and letter.dispatched_at is not None
    if letter.disposition is None or recalled:
        return LetterDisposition.PENDING
    return _LETTER_BECAME[Disposition(letter.disposition)]


def _callbacks(whole: Whole, said: _Said) -> list[Row]:
    return [_callback(whole, each, said) for each in whole.callbacks]


def _callback(whole: Whole, call: Record, said: _Said) -> Row:
    facts = whole.said.beside(OF_CALLBACKS, call.serial) if whole.said is not None else {}
    return {
        "callback_no": facts.get(NUMBER, f"{whole.order.number}-H{call.serial}"),
        "order_no": whole.order.number,
        "called_at": call.called_at,
        "reached": call.reached,
        "contacted": call.contacted,
        "resolved": call.resolved,
        "satisfaction": call.satisfaction,
        "remark": said.slot(call.told_in, "remark") or said.slot(call.told_in, f"remark/{call.serial}"),
        "flags": facts.get(FLAGS),
        "source_row": facts.get(ROW),
        ABSENT: facts.get(ABSENT),
    }
