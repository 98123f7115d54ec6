"""Who plays in the tests, and orders brought to where a test begins: through acts only, in whatever city is set.

The centre's people are constants; a unit's come from `liaison(unit)`, `handler(unit)` and `head(unit)`. Nobody has a
row of an account: acts know actors, not accounts. `recorded`, `dispatched`, `signed`, `replied` and `handled` give an
order's number; the acts before lie a minute apart, beginning with the recording at `now`. Handling 1 is the lead's.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection

from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.record import Request, record_order
from jieban.orders.actions.sign import sign_handling
from jieban.orders.errors import ActRefused
from jieban.orders.models import Clock, Event, Handling, Order
from jieban.orders.secrets import Contact, Matter, lock_of
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.roles import Role
from jieban.profile.workflow import Condition

if TYPE_CHECKING:
    from jieban.orders.actions.reply import Reply

BEIJING = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """`2025-04-21 10:30` on the clocks of both cities."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


MONDAY = at("2025-04-21 10:30")
"""A Monday in office hours, in a week of five working days, two weeks before the holidays of May."""


def _centre(account: int, name: str, role: Role) -> Actor:
    return Actor(account=account, name=name, posts=frozenset({(role, None)}))


ALICE = _centre(1, "Alice", Role.OPERATOR)
BOB = _centre(2, "Bob", Role.DISPATCHER)
RUTH = _centre(3, "Ruth", Role.REVIEWER)
CARL = _centre(4, "Carl", Role.CALLBACK_AGENT)
SUE = _centre(5, "Sue", Role.SUPERVISOR)
LEO = _centre(6, "Leo", Role.LEADER)
ANNA = _centre(7, "Anna", Role.ANALYST)
ADAM = _centre(8, "Adam", Role.ADMINISTRATOR)
CENTRE = (ALICE, BOB, RUTH, CARL, SUE, LEO, ANNA, ADAM)
SYSTEM = Actor.system()
NUR = Actor.citizen("K7Q2")
STRANGER = Actor.citizen("ZZZZ")


def _of_unit(unit: str, place: int, name: str, role: Role) -> Actor:
    account = 100 + 10 * list(city().units).index(unit) + place
    return Actor(account=account, name=f"{name} ({unit})", posts=frozenset({(role, unit)}))


def liaison(unit: str) -> Actor:
    """Lin, who signs for what comes to the unit and speaks for it."""
    return _of_unit(unit, 1, "Lin", Role.LIAISON)


def handler(unit: str) -> Actor:
    """Hana, who does the work."""
    return _of_unit(unit, 2, "Hana", Role.HANDLER)


def head(unit: str) -> Actor:
    """Hugo, who signs what needs a head."""
    return _of_unit(unit, 3, "Hugo", Role.HEAD)


def units(count: int = 1) -> list[str]:
    """Codes of the city's first units that exist on MONDAY."""
    day = MONDAY.date()
    return [code for code, unit in city().units.items() if unit.validity.covers(day)][:count]


def lead() -> str:
    """The unit that leads unless a test says otherwise."""
    return units()[0]


def plain_type() -> str:
    """The city's first request type to which a unit may reply without evidence."""
    demands = city().workflow.evidence.demands
    shown = {code for each in demands if each.when == Condition.ALWAYS for code in each.request_types}
    return next(code for code in city().request_types if code not in shown)


def request(**changes: Any) -> Request:
    """A named person's request in codes that the city has; `changes` replace fields of it."""
    profile = city()
    plain = Request(
        channel=next(iter(profile.channels)),
        request_type=plain_type(),
        topic=next(iter(profile.order_topics)),
        matter=Matter(content="小区门口的路灯三天不亮了。", summary="路灯不亮", address="一号楼旁"),
        contact=Contact(name="买买提·艾力", phone="13900000001"),
    )
    return replace(plain, **changes)


def recorded(*, now: datetime = MONDAY, **changes: Any) -> str:
    """An order that Alice recorded; `changes` as in `request`."""
    return record_order(request=request(**changes), actor=ALICE, now=now).order


def dispatched(
    *, now: datetime = MONDAY, to: str | None = None, assisting: Sequence[str] = (), **changes: Any
) -> str:
    """An order that Bob dispatched a minute after `now`, to `lead()` unless `to` says otherwise."""
    order = recorded(now=now, **changes)
    assignment = Assignment(lead=to or lead(), assisting=tuple(assisting))
    dispatch_order(order=order, to=assignment, actor=BOB, now=now + MINUTE)
    return order


def signed(
    *, now: datetime = MONDAY, to: str | None = None, assisting: Sequence[str] = (), **changes: Any
) -> str:
    """An order that all its units have signed for, two minutes after `now`."""
    order = dispatched(now=now, to=to, assisting=assisting, **changes)
    for each in handlings(order):
        sign_handling(order=order, handling=each.serial, actor=liaison(each.unit), now=now + 2 * MINUTE)
    return order


def replied(
    *, now: datetime = MONDAY, to: str | None = None, assisting: Sequence[str] = (), **changes: Any
) -> str:
    """An order to which all its units have replied, three minutes after `now`."""
    from jieban.orders.actions.reply import reply_to_order  # noqa: PLC0415  # acts of a later stage, imported when played

    order = signed(now=now, to=to, assisting=assisting, **changes)
    for each in handlings(order):
        reply_to_order(
            order=order,
            handling=each.serial,
            reply=reply(),
            actor=handler(each.unit),
            now=now + 3 * MINUTE,
        )
    return order


def handled(
    *, now: datetime = MONDAY, to: str | None = None, assisting: Sequence[str] = (), **changes: Any
) -> str:
    """An order whose replies Ruth has passed, four minutes after `now`."""
    from jieban.orders.actions.review import pass_review  # noqa: PLC0415  # acts of a later stage, imported when played

    order = replied(now=now, to=to, assisting=assisting, **changes)
    for each in handlings(order):
        pass_review(order=order, handling=each.serial, actor=RUTH, now=now + 4 * MINUTE)
    return order


def reply(**fields: str) -> "Reply":
    """A reply that the city's template takes; `fields` replace what it says."""
    from jieban.orders.actions.reply import Reply  # noqa: PLC0415  # acts of a later stage, imported when played

    said = {
        each.code: each.choices[0].code if each.choices else "已到现场更换灯具，路灯恢复照明，居民知悉。" * 3
        for each in city().workflow.reply
    }
    return Reply(fields=said | fields)


def handlings(order: str) -> list[Handling]:
    """The order's handlings, in their order."""
    return list(Handling.objects.filter(order__number=order).order_by("serial"))


def row(order: str) -> Order:
    """The order as it stands in the database."""
    return Order.objects.get(number=order)


def clock(order: str, stage: str = "close", handling: int | None = None, round_: int = 0) -> Clock:
    """A clock as it stands: the order's own, or a handling's."""
    return Clock.objects.get(order__number=order, stage=stage, handling__serial=handling, round=round_)


def last_event(order: str) -> dict[str, Any]:
    """What the order's last event tells: its data, with its act and actor."""
    event = Event.objects.filter(order__number=order).latest("seq")
    return {"act": event.act, "actor": event.actor, "seq": event.seq, **json.loads(event.data)}


def words(order: str, seq: int | None = None) -> dict[str, Any]:
    """What was written in an act (the last one that has words), opened with the order's key."""
    found = row(order)
    kept = found.words.order_by("seq").last() if seq is None else found.words.get(seq=seq)
    lock = lock_of(found.secret, order, keyring())
    return lock.open(f"words/{kept.seq}", kept.sealed)


def footprint() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of orders, as the database has it: read before and after whatever is refused."""
    found, quote = {}, connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in apps.get_app_config("orders").get_models():
            table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
            cursor.execute(f"SELECT * FROM {table} ORDER BY {key}")  # noqa: S608  # names of our own tables
            names = [each[0] for each in cursor.description]
            found[model.__name__] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


@contextmanager
def refused(error: type[ActRefused]) -> Iterator[pytest.ExceptionInfo[ActRefused]]:
    """The act within is refused so, says what to do, and leaves nothing written in any table."""
    before = footprint()
    with pytest.raises(error) as caught:
        yield caught
    assert caught.type is error
    assert caught.value.what
    assert caught.value.fix
    assert footprint() == before
