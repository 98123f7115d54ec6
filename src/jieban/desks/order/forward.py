"""What an order's page offers first: the act with which whoever opens it most likely goes on, None where they wait."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import still_to_call
from jieban.orders.models import (
    OPEN_PETITIONS,
    Callback,
    Handling,
    Order,
    Petition,
    PetitionKind,
    PetitionState,
)
from jieban.orders.possible import Offer
from jieban.orders.states import OrderState
from jieban.orders.view import ClockView
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.roles import UNIT_ROLES, Role
from jieban.profile.model import Stage

_FORWARD = (
    *(Act.DECIDE_RETURN, Act.DECIDE_EXTENSION, Act.SIGN_AS_HEAD, Act.DECIDE_UNREASONABLE),
    *(Act.DISPATCH, Act.SIGN, Act.REPLY, Act.PASS_REVIEW, Act.RECORD_CALLBACK, Act.REOPEN, Act.CLOSE),
    *(Act.URGE, Act.SUPERVISE, Act.RESUME),
)
"""The acts that carry an order on; the first that is likely is what its page offers first."""
_AHEAD = timedelta(hours=48)
"""As far as a supervisor looks ahead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stands:
    """How an order stands, as one person sees it: its handlings, what units ask for, its callbacks and clocks."""

    order: Order
    handlings: Collection[Handling]
    petitions: Collection[Petition]
    callbacks: Collection[Callback]
    clocks: Collection[ClockView]
    now: datetime

    def asking(self, serial: int | None) -> frozenset[str]:
        """What the unit of a handling asks for and nobody has decided."""
        keys = {each.pk for each in self.handlings if each.serial == serial}
        return frozenset(
            each.kind for each in self.petitions if each.state in OPEN_PETITIONS and each.handling_id in keys
        )

    @property
    def unsigned(self) -> bool:
        """Whether a request waits for the signature of a head who must, before it is found unreasonable."""
        must = PetitionKind.UNREASONABLE.value in city().workflow.reviewing.head_signs
        return must and any(
            each.kind == PetitionKind.UNREASONABLE and each.state == PetitionState.ASKED
            for each in self.petitions
        )

    @property
    def handled(self) -> bool:
        """Whether every unit is done, and the case goes on."""
        return self.order.state == OrderState.HANDLED

    @property
    def to_call(self) -> bool:
        """Whether the requester is still to be called in this round, as the profile says."""
        return still_to_call(self.order, self.callbacks, city().workflow.callbacks)

    @property
    def unhappy(self) -> bool:
        """Whether the requester was reached and isn't content, or says that it isn't solved."""
        return self.order.satisfaction == Satisfaction.DISSATISFIED or self.order.resolved is False

    def due(self, ahead: timedelta, stage: Stage | None = None) -> bool:
        """Whether something that runs is late, or due within `ahead`."""
        return any(
            each.stopped_at is None
            and each.paused_at is None
            and not each.dropped
            and each.due_at <= self.now + ahead
            and stage in {None, each.stage}
            for each in self.clocks
        )


def _undisputed(_actor: Actor, stands: Stands, offer: Offer) -> bool:
    # Whoever gave it back, or called it unreasonable, waits for the decision.
    return stands.asking(offer.handling).isdisjoint({PetitionKind.RETURN, PetitionKind.UNREASONABLE})


def _watched(actor: Actor, stands: Stands) -> bool:
    return Role.SUPERVISOR in actor.roles and stands.due(_AHEAD)


def _urge(actor: Actor, stands: Stands, _offer: Offer) -> bool:
    if Role.DISPATCHER in actor.roles and stands.due(timedelta(), Stage.SIGN):
        return True
    return _watched(actor, stands) and not stands.order.urged


_LIKELY: Mapping[Act, Callable[[Actor, Stands, Offer], bool]] = {
    Act.DECIDE_UNREASONABLE: lambda _actor, stands, _offer: not stands.unsigned,
    Act.SIGN: _undisputed,
    Act.REPLY: _undisputed,
    Act.RECORD_CALLBACK: lambda _actor, stands, _offer: stands.handled and stands.to_call,
    Act.REOPEN: lambda actor, stands, _offer: (
        stands.handled and stands.unhappy and Role.CALLBACK_AGENT in actor.roles
    ),
    Act.CLOSE: lambda _actor, stands, _offer: (
        not stands.unhappy and not (stands.to_call and city().workflow.callbacks.before_close)
    ),
    Act.URGE: _urge,
    Act.SUPERVISE: lambda actor, stands, _offer: _watched(actor, stands),
    Act.RESUME: lambda actor, _stands, _offer: not actor.roles.isdisjoint(UNIT_ROLES),
}
"""When an act that may be done is the one that is done next; of the others always."""


def forward(actor: Actor, stands: Stands, offers: Iterable[Offer]) -> Act | None:
    """The act of what is offered that is done next by most who do it."""
    likely = {
        each.act for each in offers if each.act not in _LIKELY or _LIKELY[each.act](actor, stands, each)
    }
    return next((act for act in _FORWARD if act in likely), None)
