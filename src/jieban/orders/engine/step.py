"""One act on one order while it runs: the rows that it reads, what it changes in them, and what its event will say."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from django.db import models

from jieban.kernel.i18n import tr
from jieban.kernel.keyring import Keyring
from jieban.ledger.schema import Role as Part
from jieban.orders.chain import brief
from jieban.orders.engine.rows import select
from jieban.orders.errors import BadValue, Redacted
from jieban.orders.models import Callback, Clock, Evidence, Handling, Order, OrderSecret, Petition
from jieban.orders.secrets import Lock, Matter, lock_of, matter_slots, matter_tokens
from jieban.orders.states import GONE, HandlingState
from jieban.orders.texts import check_said
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.city import Profile

Child = Handling | Clock | Petition | Callback | Evidence
ChildOf = TypeVar("ChildOf", Handling, Clock, Petition, Callback, Evidence)
OwnOf = TypeVar("OwnOf", Handling, Clock, Petition, Callback, Evidence, OrderSecret)
Changes = dict[str, dict[str, list[object]]]

BEHIND = frozenset(
    {"id", "order_id", "handling_id", "order_received_at", "head", "events", "last_at", "changes"}
)
"""Columns that an event doesn't repeat: links that its entity's name tells, what a handling has of its order, and the
chain's own."""

MOST_SAID = 20_000
"""Characters of one text that is written in an act."""

NAMED: Mapping[type[models.Model], frozenset[str]] = {
    Order: frozenset(),
    Clock: frozenset({"level", "stage", "round"}),
    **{model: frozenset({"serial"}) for model in (Handling, Petition, Callback, Evidence)},
}
"""Columns of new rows that an event doesn't repeat: their entity's name tells them (see `named`)."""

PROFILE_VERSION = "profile_version"
"""A column that new rows have of the event that made them: it tells the version once, for all."""

HANDLING = "handling"
"""Where an event tells the handling (its serial) of a row whose name doesn't."""


class Step:
    """An act at work. `set` and `add` are the only places in which rows of orders change.

    `at` is the act's instant, `runs_back` whether it was to lie before the last act's; `handling` is the handling acted
    on, if the act is on one. Rows are read when first asked
    for, always after the order was locked.
    """

    def __init__(
        self, *, act: Act, order: Order, actor: Actor, at: datetime, profile: Profile, keyring: Keyring
    ) -> None:
        self.act, self.order, self.actor, self.at = act, order, actor, at
        self.profile, self.keyring = profile, keyring
        self.handling_serial: int | None = None
        self.runs_back = False
        self.changed: Changes = {}
        self.facts: dict[str, object] = {}
        self.said: dict[str, object] = {}
        self.commitments: dict[str, str] = {}
        self.dirty: dict[models.Model, set[str]] = {}
        self.new: list[Child] = []
        self.new_lock: Lock | None = None
        self.dirty_secret: set[str] = set()

    @property
    def seq(self) -> int:
        """The number of the event that this act will leave."""
        return self.order.events + 1

    @cached_property
    def handlings(self) -> list[Handling]:
        """The order's handlings, those gone included, in their order."""
        if self.order._state.adding:  # noqa: SLF001  # how Django itself tells a row that is not there yet
            return []
        return self._own(Handling, "serial")

    @cached_property
    def clocks(self) -> list[Clock]:
        """All clocks of the order and its handlings."""
        if self.order._state.adding:  # noqa: SLF001  # how Django itself tells a row that is not there yet
            return []
        return self.with_handlings(self._own(Clock, "pk"))

    def with_handlings(self, clocks: list[Clock]) -> list[Clock]:
        """The same clocks, those of handlings with the step's own row of each."""
        own = {handling.pk: handling for handling in self.handlings}
        for clock in clocks:
            if clock.handling_id is not None:
                clock.handling = own[clock.handling_id]
        return clocks

    @cached_property
    def petitions(self) -> list[Petition]:
        """All petitions of the order, the oldest first."""
        return self._own(Petition, "serial")

    @cached_property
    def callbacks(self) -> list[Callback]:
        """All callbacks of the order, the oldest first."""
        return self._own(Callback, "serial")

    @cached_property
    def evidence(self) -> list[Evidence]:
        """All evidence of the order, the oldest first."""
        if self.order._state.adding:  # noqa: SLF001  # how Django itself tells a row that is not there yet
            return []
        return self._own(Evidence, "serial")

    @cached_property
    def secret(self) -> OrderSecret:
        """What is sealed of the order."""
        found = self._own(OrderSecret, "pk")
        if not found:
            raise OrderSecret.DoesNotExist(f"of order {self.order.number}")
        return found[0]

    def _own(self, model: type[OwnOf], by: str) -> list[OwnOf]:
        """The order's rows of a table, sorted by a column."""
        rows = model._default_manager  # noqa: SLF001  # the public name of Django's own
        return select(model, by, lambda: rows.filter(order=self.order).order_by(by), self.order.pk)

    @cached_property
    def lock(self) -> Lock:
        """The order's own key. Raises Redacted once it is destroyed."""
        if self.new_lock is not None:
            return self.new_lock
        lock = lock_of(self.secret, self.order.number, self.keyring)
        if lock is None:
            raise Redacted(
                tr("工单 {number} 的个人信息已按保存期限销毁。", number=self.order.number),
                fix=tr("只能查看统计所需的内容,不能再补写。"),
            )
        return lock

    @property
    def handling(self) -> Handling:
        """The handling acted on."""
        return next(each for each in self.handlings if each.serial == self.handling_serial)

    @property
    def live(self) -> list[Handling]:
        """The handlings that are somebody's."""
        return [each for each in self.handlings if HandlingState(each.state) not in GONE]

    @cached_property
    def in_hand(self) -> list[Handling]:
        """The live handlings of whoever deals with the matter: the order's own, or of what it was merged into."""
        last = self.order.goes_on_as
        if last is self.order:
            return self.live
        return list(Handling.objects.filter(order=last).exclude(state__in=sorted(GONE)).order_by("serial"))

    @property
    def lead(self) -> Handling | None:
        """The lead's handling, if there is one now."""
        return next((each for each in self.live if each.part == Part.LEAD), None)

    def set(self, row: Order | Child, **values: object) -> None:
        """Give columns of a row new values; the event tells old and new. Equal values change nothing.

        Of a row that isn't stored yet the event tells what it holds in the end.
        """
        if row._state.adding:  # noqa: SLF001  # how Django itself tells a row that is not there yet
            for column, value in values.items():
                setattr(row, column, value)
            return
        name = entity(row)
        changed = self.changed.setdefault(name, {})
        for column, value in values.items():
            old = getattr(row, column)
            if old == value:
                continue
            setattr(row, column, value)
            attname = _attname(row, column)
            if attname not in BEHIND:
                first = changed[attname][0] if attname in changed else plain(old)
                changed[attname] = [first, plain(value)]
                if changed[attname][0] == changed[attname][1]:
                    del changed[attname]
            self.dirty.setdefault(row, set()).add(column)
        if not changed:
            del self.changed[name]

    def add(self, row: ChildOf) -> ChildOf:
        """A new row of this order; the event tells its values."""
        self.new.append(row)
        if isinstance(row, Handling):
            self.handlings.append(row)
        elif isinstance(row, Clock):
            self.clocks.append(row)
        elif isinstance(row, Petition):
            self.petitions.append(row)
        elif isinstance(row, Callback):
            self.callbacks.append(row)
        else:
            self.evidence.append(row)
        return row

    def fact(self, **facts: object) -> None:
        """Codes, counts and instants that the event shall tell beside the changes. Never a word of a person."""
        self.facts |= {name: plain(value) for name, value in facts.items() if value is not None}

    def say(self, **words: object) -> None:
        """What somebody wrote: sealed in the order's words, committed to in the event. None is left out.

        Raises BadValue for more than belongs into an act, and for what can't be stored.
        """
        check_said(words)
        for value in words.values():
            if isinstance(value, str) and len(value) > MOST_SAID:
                raise BadValue(
                    tr("写了 {n} 字,超过 {most} 字。", n=len(value), most=MOST_SAID),
                    fix=tr("请写要点,全文作为附件上传。"),
                )
        self.said |= {slot: value for slot, value in words.items() if value is not None and value != ""}

    def commit(self, **values: object) -> None:
        """Commit to sealed values that are stored elsewhere (the contact, the matter)."""
        self.commitments |= {slot: self.lock.commit(slot, value) for slot, value in values.items()}

    def set_secret(self, **columns: object) -> None:
        """Give columns of the order's secret new values; commit to what is in them, so that the event tells."""
        for column, value in columns.items():
            setattr(self.secret, column, value)
        self.dirty_secret |= set(columns)

    def set_matter(self, matter: Matter) -> None:
        """Give the matter a new wording, sealed, with the tokens by which it is found. What changed is for `commit`."""
        self.set_secret(
            matter=self.lock.seal("matter", matter_slots(matter)),
            search=matter_tokens(matter, self.keyring, self.secret.key_version),
        )

    def serial(self, rows: Iterable[Handling | Petition | Callback | Evidence]) -> int:
        """The next serial among rows of a kind."""
        return max((row.serial for row in rows), default=0) + 1


def initial(row: Order | Child, version: str) -> dict[str, object]:
    """A new row's columns as an event tells them: those that differ from what the table gives by itself.

    `version` is the profile's that the event tells for all rows.
    """
    told: dict[str, object] = {}
    silent = BEHIND | NAMED[type(row)]
    for column in row._meta.concrete_fields:  # noqa: SLF001  # the public name of Django's own
        value = getattr(row, column.attname)
        if (
            column.attname in silent
            or value is None
            or (column.has_default() and value == column.get_default())
            or (column.attname == PROFILE_VERSION and value == version)
        ):
            continue
        told[column.attname] = plain(value)
    if isinstance(row, (Petition, Evidence)) and row.handling is not None:
        told[HANDLING] = row.handling.serial
    return told


def entity(row: Order | Child) -> str:
    """What an event calls a row: `order`, `handling:2`, `clock:handling:2:close:0`, `petition:1`."""
    if isinstance(row, Order):
        return "order"
    if isinstance(row, Clock):
        whose = f"handling:{row.handling.serial}" if row.handling is not None else "order"
        return f"clock:{whose}:{row.stage}:{row.round}"
    return f"{type(row).__name__.lower()}:{row.serial}"


def named(name: str) -> dict[str, object]:
    """The columns that an entity's name tells. Raises ValueError for what is none."""
    kind, _, rest = name.partition(":")
    if kind == "order":
        return {}
    if kind != "clock":
        return {"serial": int(rest)}
    whose, stage, round_ = rest.rsplit(":", 2)
    return {"level": whose.partition(":")[0], "stage": stage, "round": int(round_)}


def _attname(row: models.Model, column: str) -> str:
    field = row._meta.get_field(column)  # noqa: SLF001  # as above
    return field.attname  # type: ignore[union-attr]  # only columns are set


def plain(value: object) -> object:
    """A column's value as events store it."""
    if isinstance(value, datetime):
        return brief(value)
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list, set, frozenset)):
        return [plain(inner) for inner in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    return value
