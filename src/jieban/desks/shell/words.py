"""Codes and instants in the words that pages show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jieban.desks.shell.moment import shown
from jieban.kernel.i18n import tr, tr_later
from jieban.orders.models import PetitionKind, PetitionState
from jieban.orders.states import (
    HANDLING_STATE_NAMES,
    ORDER_STATE_NAMES,
    HandlingState,
    OrderState,
    RepeatBy,
)
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.city_then import name_then
from jieban.people.roles import ROLE_NAMES, Role
from jieban.people.words import ACT_NAMES
from jieban.profile.model import Stage

SOON = timedelta(hours=24)
"""How long before a deadline it is shown as near."""
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A deadline in words: `phrase` as people say it, `exact` the moment, `tone` late, soon or calm."""

    at: datetime
    phrase: str
    exact: str
    tone: str


def due(at: datetime, now: datetime) -> Due:
    """How a deadline stands at `now`."""
    left = at - now
    tone = "late" if left < timedelta() else "soon" if left <= SOON else "calm"
    span = span_words(abs(left))
    said = tr("已超 {span}", span=span) if tone == "late" else tr("还剩 {span}", span=span)
    return Due(at=at, phrase=said, exact=moment(at), tone=tone)


def span_words(span: timedelta) -> str:
    """A span in its largest whole unit: minutes, hours up to two days, then days."""
    seconds = int(span.total_seconds())
    if seconds < _HOUR:
        return tr("{n} 分钟", n=max(seconds // _MINUTE, 1))
    if seconds < 2 * _DAY:
        return tr("{n} 小时", n=seconds // _HOUR)
    return tr("{n} 天", n=seconds // _DAY)


def ago(at: datetime, now: datetime) -> str:
    """How long ago something was."""
    return tr("{span}前", span=span_words(now - at))


def moment(at: datetime | None) -> str:
    """An instant by the city's clock, to the minute; empty for none."""
    return "" if at is None else f"{local(at):%Y-%m-%d %H:%M}"


def signed_in(at: datetime | None) -> str:
    """As `moment`, of an instant that the sign-in told by the real clock."""
    return "" if at is None else moment(shown(at))


def short_moment(at: datetime | None) -> str:
    """As `moment`, without the year."""
    return "" if at is None else f"{local(at):%m-%d %H:%M}"


def local(at: datetime) -> datetime:
    """An instant by the city's clock."""
    return at.astimezone(city().clock.tz)


def unit(code: str, at: datetime, *, short: bool = True) -> str:
    """What a unit was called on the day of an instant; its code where the profile doesn't know it."""
    profile = city()
    return profile.unit_name(code, local(at).date(), short=short) if code in profile.units else code


def topic(scheme: str | None, code: str, at: datetime) -> str:
    """What a topic was called; its code where the profile doesn't know it. `scheme` None is that of ordinary orders."""
    profile = city()
    known = profile.schemes.get(scheme or profile.order_scheme)
    return known.as_named_on(code, local(at).date()).name if known is not None and code in known else code


def subtopic(scheme: str | None, of: str, code: str, at: datetime) -> str:
    """What a subtopic was called; its code where the profile doesn't know it."""
    known = city().subtopics(scheme or city().order_scheme, of)
    return known.as_named_on(code, local(at).date()).name if code in known else code


def street(code: str | None) -> str:
    """The short name of a street; empty for none."""
    if code is None:
        return ""
    streets = city().streets
    return streets[code].short_name if code in streets else code


def place(of: str | None, community: str | None, address: str | None) -> str:
    """A street, its community and an address as one; the former two are left out where the address says them."""
    said = address or ""
    streets = city().streets
    named = {street(of), streets[of].name} if of is not None and of in streets else {street(of)}
    parts = (
        "" if any(name in said for name in named) else street(of),
        community if community and community not in said else "",
        said,
    )
    return " · ".join(each for each in parts if each)


def request_type(code: str) -> str:
    """The name of a request type."""
    types = city().request_types
    return types[code].name if code in types else code


def channel(code: str) -> str:
    """The name of a channel; a letter's is its mailbox."""
    channels, mailboxes = city().channels, city().mailboxes
    if code in mailboxes:
        return mailboxes[code].name
    return channels[code].name if code in channels else code


def label(domain: str, code: str) -> str:
    """The label of a code (urgency, satisfaction); the code where the profile has none."""
    known = {each.code: each.name for each in city().labels.get(domain, ())}
    return known.get(code, code)


def refusal_ground(code: str, at: datetime) -> str:
    """What a ground of refusing was called."""
    return name_then(code, lambda city: city.workflow.refusal_grounds, at)


def unreasonable_ground(code: str, at: datetime) -> str:
    """What a ground of holding a request to be unreasonable was called."""
    return name_then(code, lambda city: city.workflow.unreasonable_grounds, at)


def evidence_kind(code: str, at: datetime) -> str:
    """What a kind of evidence was called."""
    return name_then(code, lambda city: city.workflow.evidence.kinds, at)


def order_state(code: str) -> str:
    """The name of an order's state."""
    return tr_later(ORDER_STATE_NAMES[OrderState(code)])


def handling_state(code: str) -> str:
    """The name of a handling's state."""
    return tr_later(HANDLING_STATE_NAMES[HandlingState(code)])


def act(code: str) -> str:
    """The name of an act."""
    return tr_later(ACT_NAMES[Act(code)])


def petition(kind: str) -> str:
    """What a unit asks for."""
    named = {
        PetitionKind.RETURN: tr("申请退单"),
        PetitionKind.EXTENSION: tr("申请延期"),
        PetitionKind.UNREASONABLE: tr("申请认定不合理诉求"),
    }
    return named[PetitionKind(kind)]


def petition_state(state: str) -> str:
    """How what a unit asks for stands."""
    named = {
        PetitionState.ASKED: tr("待审批"),
        PetitionState.HEAD_SIGNED: tr("负责人已签字,待认定"),
        PetitionState.GRANTED: tr("已同意"),
        PetitionState.REFUSED: tr("未同意"),
        PetitionState.LAPSED: tr("已失效"),
    }
    return named[PetitionState(state)]


def repeat_by(code: str) -> str:
    """Why an order is held to repeat another."""
    named = {
        RepeatBy.NAMED: tr("人工关联"),
        RepeatBy.PERSON: tr("同一诉求人"),
        RepeatBy.MATTER: tr("同一地点同类事项"),
    }
    return named[RepeatBy(code)]


def stage(code: str) -> str:
    """What a clock counts down to."""
    return tr("签收") if code == Stage.SIGN else tr("办结")


def clock_ended(at: datetime | None, due_at: datetime, *, dropped: bool) -> str:
    """How a clock that no longer runs stands."""
    if dropped:
        return tr("不再计时")
    if at is None:
        return tr("已暂停")
    if at > due_at:
        return tr("{at} 完成,超期 {span}", at=short_moment(at), span=span_words(at - due_at))
    return tr("{at} 按期完成", at=short_moment(at))


def actor(ref: str, username: str | None) -> str:
    """Who did something, as the trail names them."""
    if ref == Role.SYSTEM:
        return tr_later(ROLE_NAMES[Role.SYSTEM])
    if ref.partition(":")[0] == Role.CITIZEN:
        return tr_later(ROLE_NAMES[Role.CITIZEN])
    # Those who played a demonstration have no account, and end in their role.
    role = ref.rpartition(":")[2]
    return username or (tr_later(ROLE_NAMES[Role(role)]) if role in set(Role) else ref)
