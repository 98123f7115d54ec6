"""The demonstration's morning: what people asked, answered and complained of before it begins; no desk is empty.

What is said is the profile's (`demo/desks.toml`); what is done goes through the acts, by the demonstration's accounts.
"""

import io
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Q

from jieban.desks.citizen.filing import door
from jieban.desks.citizen.guess import guessed_topic
from jieban.kernel.errors import JiebanError, Where
from jieban.kernel.i18n import tr
from jieban.ledger.schema import Role as Part
from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import reopen_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.actions.progress import report_progress
from jieban.orders.actions.record import Request, record_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.returns import ask_return
from jieban.orders.actions.review import reject_review
from jieban.orders.actions.sign import assign_handler
from jieban.orders.actions.supervise import escalate_order, supervise_order, urge_order
from jieban.orders.actions.unreasonable import UnreasonableFile, declare_unreasonable, sign_as_head
from jieban.orders.models import Handling, Order, OrderSecret
from jieban.orders.replay.cast import of_unit
from jieban.orders.replay.words import reply_from, stand_in
from jieban.orders.requesters import reference_of
from jieban.orders.secrets import Contact, Matter, lock_of, matter_of
from jieban.orders.states import HandlingState, OrderState
from jieban.people.actor import Actor
from jieban.people.keys import keyring
from jieban.people.roles import Role
from jieban.profile.city import Profile
from jieban.profile.model import Stage
from jieban.profile.workflow import Condition
from jieban.site.desk_scenery import street_lamp

_BEGAN = timedelta(hours=1)
"""How long before the demonstration's instant the morning began; nothing older than that is touched by it since."""
_STEP = timedelta(minutes=1)
_EXTENSION_DAYS = 5
_NEAR = timedelta(days=2)
_PROBLEM = 2
"""Which of those pressed for is a problem order."""


Row = TypeVar("Row", Handling, Order)


class NoMorning(JiebanError):
    """A profile whose demo says nothing of the desks."""

    code = "site.no_desk_morning"


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """Who acts: the centre's accounts by role, and those of the one unit that has accounts."""

    centre: Mapping[Role, Actor]
    unit: str
    inside: Mapping[Role, Actor]

    def of(self, unit: str, role: Role) -> Actor:
        """The person of a unit with a role: an account where the unit has them."""
        return self.inside[role] if unit == self.unit else of_unit(unit, role)


def script_of(profile: Profile) -> Mapping[str, Any]:
    """What a profile's demo says of the desks: who works there, what they say. Raises NoMorning."""
    directory = profile.directory
    if directory is None or not (file := directory / "demo" / "desks.toml").is_file():
        raise NoMorning(
            tr("配置“{name}”没有说明演示平台当天的事。", name=profile.name),
            where=Where(file=f"{directory}/demo/desks.toml"),
            fix=tr("请参照其他城市的 demo/desks.toml 补上。"),
        )
    return tomllib.loads(file.read_text(encoding="utf-8"))


class Morning:
    """The acts of one morning, which ends at `at`: each takes the next minute and the next thing to say."""

    def __init__(self, profile: Profile, people: People, at: datetime) -> None:
        script = script_of(profile)
        self.profile, self.people, self.at = profile, people, at
        self._said: Mapping[str, Any] = script["said"]
        self._lamps: str = script["lamps"]
        self._filed: Sequence[Mapping[str, str]] = script["filed"]
        self._begins = self._now = at - _BEGAN
        self._taken: set[int] = set()
        self._spoken: dict[str, int] = {}

    def pass_by(self) -> int:
        """Do all of them; how many orders somebody did something to."""
        for part in (
            self._units_ask,
            self._units_report,
            self._reviewers_send_back,
            self._supervisors_press,
            self._callers_call,
            self._citizens_file,
        ):
            part()
        return len(self._taken) + len(self._filed)

    def _units_ask(self) -> None:
        mine, all_units = Q(unit=self.people.unit), Q()
        fresh = Q(state__in=(HandlingState.AWAITING, HandlingState.HANDLING))
        for within, count in ((mine, 1), (all_units, 2)):
            for one in self._handlings(fresh & within, count, self._returnable):
                actor = self.people.of(one.unit, Role.LIAISON)
                self._act(ask_return, one, actor, reason=self._say("ask_return"))
        running = Q(clocks__stage=Stage.CLOSE, clocks__due_at__gt=self.at, clocks__stopped_at__isnull=True)
        for within, count in ((mine, 1), (all_units, 2)):
            for one in self._handlings(_working(running & within & Q(extensions=0)), count):
                actor = self.people.of(one.unit, Role.LIAISON)
                self._act(ask_extension, one, actor, days=_EXTENSION_DAYS, reason=self._say("ask_extension"))
        for within, count in ((mine, 2), (all_units, 1)):
            for one in self._handlings(_working(within & Q(order__anonymous=False)), count):
                self._act(
                    pause_handling, one, self.people.of(one.unit, Role.HANDLER), reason=self._say("pause")
                )
        for signed, one in enumerate(self._handlings(_working(mine & Q(part=Part.LEAD)), 2)):
            self._declare(one, signed=bool(signed))

    def _declare(self, one: Handling, *, signed: bool) -> None:
        rules = self.profile.workflow
        paper = next(kind for kind in rules.evidence.kinds if "application/pdf" in kind.media_types)
        worker, chief = (self.people.of(one.unit, role) for role in (Role.HANDLER, Role.HEAD))
        self._attach(one, stand_in(paper, 0), paper.code)
        file = UnreasonableFile(
            ground=rules.unreasonable_grounds[-1].code,
            inquiry=self._said["inquiry"],
            policy=self._said["policy"],
        )
        self._act(declare_unreasonable, one, worker, file=file)
        if signed:
            self._act(sign_as_head, one, chief)

    def _units_report(self) -> None:
        mine = Q(unit=self.people.unit)
        worker = self.people.inside[Role.HANDLER]
        lamps = self._handlings(_working(mine), 2, self._of_lamps)
        others = self._handlings(_working(mine), 3 - len(lamps))
        # The pictures show a lamp: where nobody complains of one they stand with whatever comes first.
        shown = {one.pk for one in lamps or others[:1]}
        for one in (*lamps, *others):
            self._act(assign_handler, one, self.people.inside[Role.LIAISON], account=worker.account)
            self._act(report_progress, one, worker, progress=self._say("progress"))
            kinds = [
                kind
                for when, kind in self.profile.workflow.evidence.demanded(one.order.request_type)
                if one.pk in shown and when is Condition.SITE_VISIT and "image/jpeg" in kind.media_types
            ]
            for lit, kind in enumerate(kinds[:2]):
                self._attach(one, street_lamp(lit=bool(lit), seed=one.pk), kind.code)

    def _reviewers_send_back(self) -> None:
        mine = self._handlings(_working(Q(unit=self.people.unit)), 3)
        for one in mine:
            self._reply(one)
        for one in [*mine[:2], *self._handlings(Q(state=HandlingState.REPLIED), 2)]:
            self._act(reject_review, one, self.people.centre[Role.REVIEWER], reason=self._say("reject"))

    def _reply(self, one: Handling) -> None:
        rules = self.profile.workflow
        for when, kind in rules.evidence.demanded(one.order.request_type):
            if when is Condition.ALWAYS:
                self._attach(one, stand_in(kind, 0), kind.code)
        worker = self.people.of(one.unit, Role.HANDLER)
        self._act(reply_to_order, one, worker, reply=reply_from(self._said["reply"], rules))

    def _supervisors_press(self) -> None:
        supervisor = self.people.centre[Role.SUPERVISOR]
        near = Q(clocks__stage=Stage.CLOSE, clocks__stopped_at__isnull=True)
        near &= Q(clocks__due_at__lt=self.at + _NEAR)
        pressed = self._handlings(_working(near), 7)
        for turn, one in enumerate(pressed):
            if turn % 3 == 0:
                self._act(urge_order, one.order, supervisor, remark=self._say("urge"))
            elif turn == _PROBLEM:
                self._act(escalate_order, one.order, supervisor, reason=self._say("supervise"))
            else:
                self._act(supervise_order, one.order, supervisor, reason=self._say("supervise"))

    def _callers_call(self) -> None:
        caller = self.people.centre[Role.CALLBACK_AGENT]
        waiting = self._orders(
            Q(state=OrderState.HANDLED, called_back__isnull=True, anonymous=False, confidential=False), 9
        )
        unhappy = Outcome(
            reached=True, contacted=True, resolved=False, satisfaction=Satisfaction.DISSATISFIED
        )
        content = Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED)
        for outcomes, said, each in (
            (waiting[:3], "not_reached", Outcome(reached=False)),
            (waiting[3:6], "dissatisfied", unhappy),
            (waiting[6:], "satisfied", content),
        ):
            for one in outcomes:
                outcome = Outcome(
                    reached=each.reached,
                    contacted=each.contacted,
                    resolved=each.resolved,
                    satisfaction=each.satisfaction,
                    remark=self._say(said),
                )
                self._act(record_callback, one, caller, outcome=outcome)
        for one in waiting[3:4]:
            self._act(reopen_order, one, self.people.centre[Role.DISPATCHER], reason=self._say("reopen"))

    def _citizens_file(self) -> None:
        day = self.at.astimezone(self.profile.clock.tz).date()
        for serial, each in enumerate(self._filed):
            kind = self.profile.request_types.find(each["kind"], day)
            if kind is None:
                raise NoMorning(tr("诉求类型没有“{name}”。", name=each["kind"]))
            topic = guessed_topic(self.profile.order_scheme, each["content"], self.at) or (door().topic, None)
            form = f"desk-morning-{serial}"
            record_order(
                request=Request(
                    channel=door().channel,
                    request_type=kind.code,
                    topic=topic[0],
                    subtopic=topic[1],
                    matter=Matter(content=each["content"], address=each["address"] or None),
                    contact=Contact(name=None, phone=f"100000000{serial:02}"),
                    channel_ref=form,
                ),
                actor=Actor.citizen(reference_of(form)),
                now=self._minute(),
            )

    def _attach(self, one: Handling, content: bytes, kind: str) -> None:
        upload = Upload(stream=io.BytesIO(content), kind=kind)
        self._act(attach_evidence, one, self.people.of(one.unit, Role.HANDLER), upload=upload)

    def _act(self, act: Callable[..., object], on: Handling | Order, actor: Actor, **given: object) -> None:
        target = (
            {"order": on.number}
            if isinstance(on, Order)
            else {"order": on.order.number, "handling": on.serial}
        )
        act(**target, actor=actor, now=self._minute(), **given)

    def _say(self, key: str) -> str:
        turn = self._spoken.get(key, 0)
        self._spoken[key] = turn + 1
        texts: Sequence[str] = self._said[key]
        return texts[turn % len(texts)]

    def _minute(self) -> datetime:
        self._now = min(self._now + _STEP, self.at)
        return self._now

    def _of_lamps(self, one: Handling) -> bool:
        secret = OrderSecret.objects.get(order=one.order)
        lock = lock_of(secret, one.order.number, keyring())
        return lock is not None and self._lamps in (matter_of(lock, secret).content or "")

    def _returnable(self, one: Handling) -> bool:
        last = self.profile.clock.due(one.dispatched_at, self.profile.workflow.returns.ask_within)
        return last > self.at

    def _handlings(
        self, which: Q, count: int, fit: Callable[[Handling], bool] = lambda _: True
    ) -> list[Handling]:
        """So many, each of another order, and not all of those that came first: neighbours look alike."""
        quiet = Q(order__last_at__lt=self._begins) & ~Q(order__in=self._taken)
        found = Handling.objects.select_related("order").filter(which & quiet).order_by("pk")
        each_order = list({one.order_id: one for one in found if fit(one)}.values())
        return self._take(each_order[:: max(len(each_order) // count, 1)][:count], lambda one: one.order_id)

    def _orders(self, which: Q, count: int) -> list[Order]:
        quiet = Q(last_at__lt=self._begins) & ~Q(pk__in=self._taken)
        return self._take(
            list(Order.objects.filter(which & quiet).order_by("-closed_at", "pk")[:count]), lambda one: one.pk
        )

    def _take(self, rows: list[Row], order: Callable[[Row], int]) -> list[Row]:
        self._taken |= {order(row) for row in rows}
        return rows


def _working(which: Q) -> Q:
    return which & Q(state=HandlingState.HANDLING)
