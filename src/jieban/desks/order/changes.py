"""What acts changed, in words: old and new by their names of that day, as far as somebody may see them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from jieban.desks.order.said import Lines
from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.orders.engine.write import ADDED
from jieban.orders.models import Order
from jieban.orders.view import EventView
from jieban.people.acts import Act

Change = list[Any]
"""What a column held before an act, and after it."""

_ACCOUNT: Final = "account:{key}"
_MENDS: Final = frozenset({Act.CLASSIFY.value, Act.CORRECT.value})
"""Acts that may change what the request is: of what is sealed the trail tells that it was mended, never how it read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Eyes:
    """Through whose eyes a trail is read: the units of the handlings they see by serial, people's names by reference.

    `centre`: they see every order, so that the numbers of others may stand in the trail of one.
    """

    order: Order
    trail: Sequence[EventView]
    scheme: str | None
    units: Mapping[int, str]
    names: Mapping[str, str]
    centre: bool


def people_in(events: Iterable[EventView]) -> list[str | None]:
    """The references of those who were made handlers, for `names_of`."""
    return [
        _ACCOUNT.format(key=account)
        for event in events
        for name, changed in _changes(event).items()
        if name.startswith("handling:")
        for account in changed.get("assignee", ())
        if account is not None
    ]


def changes_of(event: EventView, eyes: Eyes) -> Lines:
    """What an act changed that it doesn't say by its name and its words alone. No query."""
    changed = _changes(event)
    own = changed.get("order", {})
    return (
        *_codes(event, own, eyes),
        *_mended(event),
        *_handlings(event, changed, eyes),
        *_asked(event, changed, eyes),
        *_deadlines(changed, eyes),
        *_rated(event, changed),
        *_evidence(event),
        *_others(event, eyes),
    )


def _changes(event: EventView) -> Mapping[str, Mapping[str, Change]]:
    found: Mapping[str, Mapping[str, Change]] = event.data.get("changes", {})
    return found


def _added(event: EventView) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = event.data.get(ADDED, {})
    # What an order was at first is no change: the page shows what it is.
    return {} if "order" in found else found


def _facts(event: EventView) -> Mapping[str, Any]:
    found: Mapping[str, Any] = event.data.get("facts", {})
    return found


def _to(old: str, new: str) -> str:
    return f"{old or tr('没有写明')} → {new or tr('没有写明')}"


def _yes(given: object) -> str:
    return tr("没有写明") if given is None else tr("是") if given else tr("否")


def _codes(event: EventView, changed: Mapping[str, Change], eyes: Eyes) -> Iterator[tuple[str, str]]:
    simple: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
        ("request_type", tr("诉求类型"), words.request_type),
        ("urgency", tr("紧急程度"), lambda code: words.label("urgency", code)),
        ("anonymous", tr("匿名"), _yes),
        ("confidential", tr("保密"), _yes),
        ("published", tr("公开答复"), _yes),
    )
    for column, name, said in simple:
        if column in changed:
            old, new = changed[column]
            yield name, _to(said(old), said(new))
    if {"topic", "subtopic"} & changed.keys():
        yield tr("分类"), _to(*_topics(event, eyes))
    if {"street", "community"} & changed.keys():
        yield tr("地点"), _to(*_places(event, eyes))
    if changed.get("refused_ground", (None, None))[1] is not None:
        yield tr("情形"), words.refusal_ground(changed["refused_ground"][1], event.at)
    if changed.get("answer_unit", (None, None))[1] is not None:
        yield tr("答复口径"), words.unit(changed["answer_unit"][1], event.at)


def _stood(column: str, event: EventView, eyes: Eyes) -> Change:
    """What the order held before and after an event, changed by it or not: what is there now, or until later."""
    changes = [(each.seq, _changes(each).get("order", {}).get(column)) for each in eyes.trail]
    stood = next(
        (change for seq, change in changes if change is not None and seq >= event.seq),
        [getattr(eyes.order, column)] * 2,
    )
    return stood if column in _changes(event).get("order", {}) else [stood[0]] * 2


def _topics(event: EventView, eyes: Eyes) -> list[str]:
    """The topic with its subtopic, before and after."""

    def said(topic: str, inner: str | None) -> str:
        name = words.topic(eyes.scheme, topic, event.at)
        return name if inner is None else f"{name} · {words.subtopic(eyes.scheme, topic, inner, event.at)}"

    both = zip(_stood("topic", event, eyes), _stood("subtopic", event, eyes), strict=True)
    return [said(topic, inner) for topic, inner in both]


def _places(event: EventView, eyes: Eyes) -> list[str]:
    both = zip(_stood("street", event, eyes), _stood("community", event, eyes), strict=True)
    return [" · ".join(each for each in (words.street(street), inner) if each) for street, inner in both]


def _mended(event: EventView) -> Iterator[tuple[str, str]]:
    if event.act not in _MENDS:
        return
    slots = {str(slot).partition("/")[::2] for slot in event.data.get("commitments", {})}
    named = (
        (tr("摘要"), {("matter", "summary")}),
        (tr("具体位置"), {("matter", "address")}),
        (tr("坐标"), {("matter", "longitude"), ("matter", "latitude")}),
        (tr("姓名和电话"), {("contact", "name"), ("contact", "phone")}),
    )
    for name, meant in named:
        if slots & meant:
            yield name, tr("已更正")


def _handlings(
    event: EventView, changed: Mapping[str, Mapping[str, Change]], eyes: Eyes
) -> Iterator[tuple[str, str]]:
    added = {_handling(entity): row for entity, row in _added(event).items()}
    sent: dict[str, list[str]] = {}
    for serial, row in sorted(added.items()):
        if serial in eyes.units:
            sent.setdefault(words.label("role", row["part"]), []).append(eyes.units[serial])
    for part, units in sent.items():
        yield part, "、".join(units)
    for entity, row in changed.items():
        serial = _handling(entity)
        if serial not in eyes.units:
            continue
        if "assignee" in row:
            old, new = (
                eyes.names.get(_ACCOUNT.format(key=key), "") if key else "" for key in row["assignee"]
            )
            yield tr("经办人"), _to(old, new) if old else new
        if "round" in row:
            yield tr("重新办理"), eyes.units[serial]


def _handling(entity: str) -> int:
    kind, _, serial = entity.partition(":")
    return int(serial) if kind == "handling" else 0


def _asked(
    event: EventView, changed: Mapping[str, Mapping[str, Change]], eyes: Eyes
) -> Iterator[tuple[str, str]]:
    if event.handling is not None and event.handling not in eyes.units:
        return
    for entity, row in _added(event).items():
        if entity.startswith("petition:"):
            if row.get("days") is not None:
                yield tr("申请延长"), tr("{n} 个工作日", n=row["days"])
            if row.get("ground") is not None:
                yield tr("认定的情形"), words.unreasonable_ground(row["ground"], event.at)
    for entity, row in changed.items():
        if entity.startswith("petition:") and "decided_at" in row and "state" in row:
            yield tr("决定"), words.petition_state(row["state"][1])
            if "days" in _facts(event):
                yield tr("批准延长"), tr("{n} 个工作日", n=_facts(event)["days"])


def _deadlines(changed: Mapping[str, Mapping[str, Change]], eyes: Eyes) -> Iterator[tuple[str, str]]:
    """Deadlines that were moved: the order's own, and of the handlings that are shown."""
    for entity, row in changed.items():
        if "due_at" not in row:
            continue
        # `clock:order:close:0`, `clock:handling:1:close:0`
        whose, *rest = entity.split(":")[1:]
        serial = int(rest[0]) if whose == "handling" else None
        if serial is not None and serial not in eyes.units:
            continue
        stage = words.stage(rest[-2])
        name = (
            tr("工单{stage}时限", stage=stage)
            if serial is None
            else tr("{unit}{stage}时限", unit=eyes.units[serial], stage=stage)
        )
        old, new = (words.short_moment(datetime.fromisoformat(at)) for at in row["due_at"])
        if old != new:  # seconds are nobody's business
            yield name, _to(old, new)


def _rated(event: EventView, changed: Mapping[str, Mapping[str, Change]]) -> Iterator[tuple[str, str]]:
    """What a correction changed of a callback; what was recorded at first stands among the callbacks."""
    if event.act != Act.CORRECT_CALLBACK.value:
        return
    said: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
        ("reached", tr("接通"), _yes),
        ("contacted", tr("承办单位联系过"), _yes),
        ("resolved", tr("已解决"), _yes),
        ("satisfaction", tr("满意度"), lambda code: words.label("satisfaction", code) if code else ""),
    )
    for entity, row in changed.items():
        if entity.startswith("callback:"):
            for column, name, named in said:
                if column in row:
                    yield name, _to(*(named(each) for each in row[column]))


def _evidence(event: EventView) -> Iterator[tuple[str, str]]:
    if event.act == Act.WITHDRAW_EVIDENCE.value:
        yield "", words.evidence_kind(_facts(event)["kind"], event.at)
    if event.act != Act.ATTACH.value:
        return
    for entity, row in _added(event).items():
        if entity.startswith("evidence:"):
            yield "", words.evidence_kind(row["kind"], event.at)


def _others(event: EventView, eyes: Eyes) -> Iterator[tuple[str, str]]:
    """The other orders of an act on several, for whom every order may be shown to."""
    if not eyes.centre:
        return
    named = {
        "of": tr("工单"),
        "into": tr("并入"),
        "merged": tr("并入了"),
        "out_of": tr("拆出自"),
        "unmerged": tr("拆出了"),
        "children": tr("拆分为"),
    }
    for fact, name in named.items():
        told = _facts(event).get(fact)
        if told:
            yield name, "、".join(told) if isinstance(told, list) else str(told)
