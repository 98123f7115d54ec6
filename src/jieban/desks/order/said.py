"""What was written in acts, in the words of the forms that it was written in: replies field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.orders.actions.reply import REPLY_SLOT, reply_fields
from jieban.orders.models import Evidence, Handling, Order
from jieban.orders.nameless import long_numbers
from jieban.orders.replies import fields_of
from jieban.orders.states import GONE
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.profile.workflow import Condition, Finds, ReplyField, ReviewPoint

Lines = tuple[tuple[str, str], ...]
"""Names and texts; the name is empty where the act says by itself what the text is."""
Facts = Mapping[str, object]
STATED = frozenset({"role", "site_visit", "phone_contact", "clocks"})
"""Facts of a reply that are no field of its template."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """An order with what was written in its acts, by the numbers of their events, and the names of those who wrote."""

    order: Order
    written: Mapping[int, Mapping[str, object]]
    names: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """Something that a reply must have, and whether it has it."""

    name: str
    there: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """Something that a reviewer looks at: what was found of it, None where only reading tells."""

    name: str
    found: tuple[str, ...] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StandingReply:
    """The reply of a unit that stands: what it says, and what a reviewer holds it against."""

    handling: int
    unit: str
    who: str
    at: str
    said: Lines
    checks: tuple[Check, ...]
    points: tuple[Point, ...]


def lines_of(written: Mapping[str, object], facts: Facts, at: datetime) -> Lines:
    """What an act says: its texts, a reply's by the fields of the template, with what it states to have been done."""
    names = {"inquiry": tr("调查情况"), "policy": tr("政策依据")}
    plain = [(names.get(slot, ""), text) for slot, text in written.items() if isinstance(text, str) and text]
    if REPLY_SLOT not in written:
        return tuple(plain)
    return (*plain, *reply_lines(written[REPLY_SLOT], facts, at), *_done(facts))


def reply_lines(texts: object, facts: Facts, at: datetime) -> Lines:
    """A reply given at an instant, field by field. The template may change: what was said under an old one stays."""
    chosen = {name: code for name, code in facts.items() if name not in STATED and isinstance(code, str)}
    codes = [*(texts if isinstance(texts, Mapping) else ()), *chosen]
    fields = fields_of(codes, at)
    given = _given(texts, chosen, fields)
    shown = [(each.name, given[each.code]) for each in fields if given.get(each.code)]
    known = {each.code for each in fields}
    unnamed = [text for code, text in given.items() if code not in known and code not in chosen and text]
    return (*shown, *((tr("其他内容"), text) for text in unnamed))


def _given(texts: object, facts: Facts, fields: Iterable[ReplyField]) -> dict[str, str]:
    """The fields of a reply by their codes: texts, and choices by their names."""
    given = {str(code): str(text) for code, text in texts.items()} if isinstance(texts, Mapping) else {}
    for field in fields:
        chosen = facts.get(field.code)
        if field.choices and isinstance(chosen, str):
            given[field.code] = next((each.name for each in field.choices if each.code == chosen), chosen)
    return given


def _done(facts: Facts) -> list[tuple[str, str]]:
    done = [("site_visit", tr("到过现场")), ("phone_contact", tr("电话联系过诉求人"))]
    return [(name, tr("是")) for fact, name in done if facts.get(fact) is True]


def standing_replies(
    handlings: Iterable[Handling], evidence: Iterable[Evidence], told: Telling, facts: Mapping[int, Facts]
) -> tuple[StandingReply, ...]:
    """The replies that stand, of those handlings whose words are among what is told."""
    files = list(evidence)
    return tuple(
        _standing(each, seq, files, told, facts.get(seq, {}))
        for each in handlings
        if (seq := each.replied_in) is not None and seq in told.written and each.state not in GONE
    )


def _standing(
    handling: Handling, seq: int, files: Iterable[Evidence], told: Telling, facts: Facts
) -> StandingReply:
    return StandingReply(
        handling=handling.serial,
        unit=words.unit(handling.unit, handling.dispatched_at),
        who=told.names.get(handling.replied_by or "", ""),
        at=words.short_moment(handling.replied_at),
        said=lines_of(told.written[seq], facts, handling.replied_at or told.order.last_at),
        checks=_checks(told.order, handling, files, told.written[seq], facts),
        points=_points(told.written[seq].get(REPLY_SLOT)),
    )


def _points(texts: object) -> tuple[Point, ...]:
    """What the city has looked at in a reply, and what of it stands there; nothing where there is no reply."""
    if not isinstance(texts, Mapping):
        return ()
    said = "\n".join(str(text) for text in texts.values())
    return tuple(
        Point(name=each.name, found=_found(each, said) if each.words or each.finds else None)
        for each in city().workflow.review_points
    )


def _found(point: ReviewPoint, said: str) -> tuple[str, ...]:
    numbers = long_numbers(said) if point.finds is Finds.NUMBERS else []
    return tuple(dict.fromkeys((*(word for word in point.words if word in said), *numbers)))


def _checks(
    order: Order,
    handling: Handling,
    files: Iterable[Evidence],
    written: Mapping[str, object],
    facts: Facts,
) -> tuple[Check, ...]:
    """The fields that the template requires of this order, and the evidence that what was stated demands."""
    if REPLY_SLOT not in written:
        return ()
    given = _given(written[REPLY_SLOT], facts, city().workflow.reply)
    fields = [each for each in reply_fields(order, city().workflow.reply) if each.required]
    there = {each.kind for each in files if each.handling_id == handling.pk and each.round == handling.round}
    return (
        *(Check(name=each.name, there=bool(given.get(each.code))) for each in fields),
        *(Check(name=name, there=kind in there) for kind, name in _demanded(order, facts).items()),
    )


def _demanded(order: Order, facts: Facts) -> Mapping[str, str]:
    holds = {
        Condition.ALWAYS: True,
        Condition.SITE_VISIT: facts.get("site_visit") is True,
        Condition.PHONE_CONTACT: facts.get("phone_contact") is True,
    }
    demanded = city().workflow.evidence.demanded(order.request_type)
    return {kind.code: kind.name for when, kind in demanded if holds[when]}


REPLIES = frozenset({Act.REPLY.value, Act.DECLARE_UNREASONABLE.value})
"""Acts whose events tell choices beside the words."""
