"""The demonstration's morning: what people asked, answered and complained of before it begins; no desk is empty.

What is said is the profile's (`demo/desks.toml`); what is done goes through the acts, by the demonstration's accounts.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zlib import crc32

from django.db.models import Q

from jieban.desks.citizen.filing import door
from jieban.desks.citizen.guess import guessed_topic
from jieban.kernel.i18n import tr
from jieban.ledger.schema import Role as Part
from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.closing import publish_answer, reopen_order
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.evidence import Upload, attach_evidence
from jieban.orders.actions.extensions import ask_extension
from jieban.orders.actions.pauses import pause_handling
from jieban.orders.actions.progress import report_progress
from jieban.orders.actions.record import Request, record_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.returns import ask_return
from jieban.orders.actions.review import reject_review
from jieban.orders.actions.sign import assign_handler, sign_handling
from jieban.orders.actions.supervise import escalate_order, supervise_order, urge_order
from jieban.orders.actions.unreasonable import UnreasonableFile, declare_unreasonable, sign_as_head
from jieban.orders.models import Handling, Order, OrderSecret
from jieban.orders.replay.words import reply_from
from jieban.orders.requesters import reference_of
from jieban.orders.secrets import Contact, Matter, lock_of, matter_of
from jieban.orders.states import HandlingState, OrderState
from jieban.people.actor import Actor
from jieban.people.keys import keyring
from jieban.people.roles import Role
from jieban.profile.city import Profile
from jieban.profile.model import Stage
from jieban.profile.workflow import Condition, EvidenceKind
from jieban.site.desk_script import NoMorning
from jieban.site.desk_staff import Staff

_BEGAN = timedelta(hours=1)
"""How long before the demonstration's instant the morning began; nothing older than that is touched by it since."""
_STEP = timedelta(minutes=1)
_EXTENSION_DAYS = 5
_NEAR = timedelta(days=2)
_URGED = _SUPERVISED = 3
_PUBLISHED = 6
_DECLARED_AFTER = timedelta(days=1)
"""How long it takes to find that a request is unreasonable."""


Row = TypeVar("Row", Handling, Order)


class Morning:
    """The acts of one morning, which ends at `at`: each takes the next minute and the next thing to say."""

    def __init__(
        self, profile: Profile, staff: Staff, unit: str, at: datetime, replies: Mapping[tuple[str, str], str]
    ) -> None:
        """`unit` is the one with accounts to sign in to; `replies` what the month's orders are answered, by unit."""
        self.profile, self.staff, self.unit, self.at, self.replies = profile, staff, unit, at, replies
        self._said: Mapping[str, Any] = staff.script["said"]
        self._filed: Sequence[Mapping[str, str]] = staff.script["filed"]
        complaint = self._kind(staff.script["complaint"])
        self._complaint = Q(order__request_type=complaint)
        self._known = Q(anonymous=False, confidential=False, request_type=complaint)
        self._begins = self._now = at - _BEGAN
        self._taken: set[int] = set()
        self._spoken: dict[str, int] = {}

    def pass_by(self) -> int:
        """Do all of them; how many orders somebody did something to."""
        for part in (
            self._units_declare,
            self._supervisors_press,  # before the few that are late are taken up otherwise
            self._units_ask,
            self._units_report,
            self._reviewers_send_back,
            self._reviewers_publish,
            self._callers_call,
            self._citizens_file,
        ):
            part()
        return len(self._taken) + len(self._filed)

    def _units_declare(self) -> None:
        """Requests that are unreasonable as the script has it: one waits for the head's signature, one has it."""
        for serial, each in enumerate(self.staff.script["unreasonable"]):
            came = self._begins - _DECLARED_AFTER
            number = self._record(each, f"desk-unreasonable-{serial}", came)
            to = Assignment(lead=self.unit, assisting=[])
            dispatcher = self.staff.centre[Role.DISPATCHER]
            dispatch_order(order=number, to=to, actor=dispatcher, now=came + _STEP)
            one = Handling.objects.select_related("order").get(order__number=number)
            self._taken.add(one.order_id)
            liaison, worker, head = (self._of(one, role) for role in (Role.LIAISON, Role.HANDLER, Role.HEAD))
            sign_handling(order=number, handling=one.serial, actor=liaison, now=came + 2 * _STEP)
            kinds = self.profile.workflow.evidence.kinds
            of_paper = next(kind for kind in kinds if "application/pdf" in kind.media_types)
            self._attach(one, of_paper, told=(each["inquiry"], each["policy"]))
            file = UnreasonableFile(ground=each["ground"], inquiry=each["inquiry"], policy=each["policy"])
            self._act(declare_unreasonable, one, worker, file=file)
            if serial:
                self._act(sign_as_head, one, head)

    def _units_ask(self) -> None:
        mine, all_units = Q(unit=self.unit), Q()
        fresh = Q(state__in=(HandlingState.AWAITING, HandlingState.HANDLING), part=Part.ASSIST)
        fresh &= _due_after(self.at)
        asking = [
            one
            for which, count in ((mine & self._complaint, 1), (self._complaint, 2))
            for one in self._handlings(fresh & which, count, self._returnable)
        ]
        for one in asking or self._handlings(fresh, 2, self._returnable):
            self._act(ask_return, one, self._of(one, Role.LIAISON), reason=self._say("ask_return"))
        running = _due_after(self.at) & Q(extensions=0) & self._complaint
        for within, count in ((mine, 1), (all_units, 2)):
            for one in self._handlings(_working(running & within), count):
                actor, why = self._of(one, Role.LIAISON), self._say("ask_extension")
                self._act(ask_extension, one, actor, days=_EXTENSION_DAYS, reason=why)
        asked = _due_after(self.at) & Q(order__anonymous=False) & self._complaint
        for within, count in ((mine, 2), (all_units, 1)):
            for one in self._handlings(_working(within & asked), count):
                self._act(pause_handling, one, self._of(one, Role.HANDLER), reason=self._say("pause"))

    def _units_report(self) -> None:
        """Of what can be seen with pictures before and after, of the rest without."""
        mine = _working(Q(unit=self.unit) & self._complaint)
        seen = self._handlings(mine, 2, lambda one: self.staff.scenery.scene_of(_content(one)) is not None)
        worker = self.staff.units[self.unit, Role.HANDLER][0]
        for one in (*seen, *self._handlings(mine, 3 - len(seen))):
            if one.assignee != worker.account:
                self._act(assign_handler, one, self._of(one, Role.LIAISON), account=worker.account)
            if one in seen:
                for when, kind in self.profile.workflow.evidence.demanded(one.order.request_type):
                    if when is Condition.SITE_VISIT:
                        self._attach(one, kind)
            progress = self._say("pictured" if one in seen else "progress")
            self._act(report_progress, one, worker, progress=progress)

    def _reviewers_send_back(self) -> None:
        own, answered = Q(unit=self.unit), self._answer_known
        mine = self._handlings(_working(own & self._complaint), 3, answered)
        others = self._handlings(_working(~own & self._complaint), 2, answered)
        for one in mine[2:]:
            self._reply(one, self.replies[one.order.number, one.unit])
        for one in (*mine[:2], *others):
            self._reply(one, self._said["poor_reply"])
            self._act(reject_review, one, self.staff.centre[Role.REVIEWER], reason=self._say("reject"))

    def _reviewers_publish(self) -> None:
        """A few of the answers that have been given, so that everybody may read how the like is dealt with."""
        ended = Q(state=OrderState.CLOSED, published=False, round=0, source_number__isnull=True)
        content = Q(satisfaction=Satisfaction.SATISFIED)
        for one in self._orders(ended & content & self._known, _PUBLISHED):
            self._act(publish_answer, one, self.staff.centre[Role.REVIEWER], published=True)

    def _answer_known(self, one: Handling) -> bool:
        return (one.order.number, one.unit) in self.replies

    def _reply(self, one: Handling, told: str) -> None:
        rules = self.profile.workflow
        for when, kind in rules.evidence.demanded(one.order.request_type):
            if when is Condition.ALWAYS:
                self._attach(one, kind)
        self._act(reply_to_order, one, self._of(one, Role.HANDLER), reply=reply_from(told, rules))

    def _supervisors_press(self) -> None:
        """Who is nearly late is urged, who is late is supervised, and of one the head is told."""
        supervisor = self.staff.centre[Role.SUPERVISOR]
        near = _due_after(self.at) & Q(clocks__due_at__lt=self.at + _NEAR)
        late = _RUNNING & Q(clocks__due_at__lt=self._begins)
        for one in self._handlings(_working(near), _URGED):
            self._act(urge_order, one.order, supervisor, remark=self._say("urge"))
        pressed = self._handlings(_working(late), _SUPERVISED + 1)
        for one in pressed[1:]:
            self._act(supervise_order, one.order, supervisor, reason=self._say("supervise"))
        for one in pressed[:1]:
            self._act(escalate_order, one.order, supervisor, reason=self._say("escalate"))

    def _callers_call(self) -> None:
        caller = self.staff.centre[Role.CALLBACK_AGENT]
        waiting = self._orders(Q(state=OrderState.HANDLED, called_back__isnull=True) & self._known, 9)
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
            self._act(reopen_order, one, self.staff.centre[Role.DISPATCHER], reason=self._say("reopen"))

    def _citizens_file(self) -> None:
        for serial, each in enumerate(self._filed):
            self._record(each, f"desk-morning-{serial}", self._minute())

    def _record(self, said: Mapping[str, str], form: str, now: datetime) -> str:
        """File what somebody says by the citizens' page; the number that it gets."""
        content = said["content"]
        topic = guessed_topic(self.profile.order_scheme, content, now) or (door().topic, None)
        request = Request(
            channel=door().channel,
            request_type=self._kind(said["kind"]),
            topic=topic[0],
            subtopic=topic[1],
            matter=Matter(content=content, address=said["address"] or None),
            contact=Contact(name=None, phone=f"1009{crc32(form.encode()) % 10**7:07}"),
            channel_ref=form,
        )
        return record_order(request=request, actor=Actor.citizen(reference_of(form)), now=now).order

    def _kind(self, name: str) -> str:
        kind = self.profile.request_types.find(name, self.at.astimezone(self.profile.clock.tz).date())
        if kind is None:
            raise NoMorning(tr("诉求类型没有“{name}”。", name=name))
        return str(kind.code)

    def _attach(self, one: Handling, kind: EvidenceKind, *, told: Sequence[str] = ()) -> None:
        content = self.staff.evidence(kind, one.order.number, {"content": _content(one), "told": told}, 0)
        upload = Upload(stream=io.BytesIO(content), kind=kind.code)
        self._act(attach_evidence, one, self._of(one, Role.HANDLER), upload=upload)

    def _of(self, one: Handling, role: Role) -> Actor:
        return self.staff.of_unit(one.unit, role, one.order.number)

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


_RUNNING = Q(clocks__stage=Stage.CLOSE, clocks__stopped_at__isnull=True, clocks__paused_at__isnull=True)


def _due_after(at: datetime) -> Q:
    return _RUNNING & Q(clocks__due_at__gt=at)


def _working(which: Q) -> Q:
    return which & Q(state=HandlingState.HANDLING)


def _content(one: Handling) -> str:
    secret = OrderSecret.objects.get(order=one.order)
    lock = lock_of(secret, one.order.number, keyring())
    return (matter_of(lock, secret).content or "") if lock is not None else ""
