"""Handlings and what hangs on them: clocks, petitions, callbacks, evidence.

Foreign keys have no index of their own where a unique constraint begins with them: every index is paid for by each act.
Of the rows that an import brings by the dozen an order, and of an order's secret, words and events, the database
doesn't look whether the order is there: that took an eighth of the time of an import, and no order can be deleted
(`orders.triggers`). `audit verify` finds rows that hang on nothing.
"""

from enum import StrEnum

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from jieban.ledger.schema import Role as Part
from jieban.orders.models.fields import code, digest, maybe_code, one_of
from jieban.orders.models.order import Order
from jieban.orders.states import GONE, OPEN, HandlingState
from jieban.profile.model import Basis, Level, Stage


class Handling(models.Model):
    """An order in the hands of one unit.

    `replied_in` is the event that holds the reply that stands; `round` is the order's when the handling was last
    reopened.
    `closed_at` is when the unit gave the reply that passed review: what review takes is not the unit's time.
    `order_received_at` repeats what the order says and never changes, so that an index has a unit's orders in the order
    in which lists show them.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="handlings", db_index=False, db_constraint=False
    )
    serial = models.PositiveSmallIntegerField()
    unit = code()
    part = code()
    state = code()
    assignee = models.BigIntegerField(null=True)
    order_received_at = models.DateTimeField()
    dispatched_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = maybe_code()
    closed_at = models.DateTimeField(null=True)
    return_requests = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    extension_days = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)
    replied_in = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("order", "serial"), name="handling_serial"),
            models.UniqueConstraint(
                fields=("order",),
                condition=Q(part=Part.LEAD.value) & ~Q(state__in=sorted(GONE)),
                name="handling_one_lead",
            ),
            models.UniqueConstraint(
                fields=("order", "unit"), condition=~Q(state__in=sorted(GONE)), name="handling_unit_once"
            ),
            one_of("state", HandlingState, "handling_state_known"),
            one_of("part", Part, "handling_part_known"),
        )
        indexes = (
            # What a unit has or had, the latest first: a search walks along it, and reads no row of it.
            models.Index(
                fields=("unit", "order_received_at", "order"),
                condition=~Q(state__in=sorted(GONE)),
                name="handling_unit_received",
            ),
            # What is in hand is little beside what ever was.
            models.Index(
                fields=("state", "unit", "dispatched_at"),
                condition=Q(state__in=sorted(OPEN)),
                name="handling_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id}-{self.serial}"


class Clock(models.Model):
    """A deadline and all that ever happened to it, so that anybody can recompute it.

    `amount` and `basis` are the rule's as it was when the clock started, under the version of the profile that the
    event which made it tells; `changes` is a JSON list of what moved `due_at` since (see `jieban.orders.clocks`).
    `provisional`: the calendar of a year was missing (ruling 11). `stopped_at` is when what was due was done;
    `dropped`: nobody owes it any more. `warned` is the last step of the ladder that was raised. `round` 0 is the first
    handling, 1 the first reopening, and so on.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="clocks", db_index=False, db_constraint=False
    )
    handling = models.ForeignKey(
        Handling,
        null=True,
        on_delete=models.PROTECT,
        related_name="clocks",
        db_index=False,
        db_constraint=False,
    )
    level = code()
    stage = code()
    round = models.PositiveSmallIntegerField(default=0)
    rule = code()
    amount = models.PositiveSmallIntegerField()
    basis = code()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    changes = models.TextField(default="[]")
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    dropped = models.BooleanField(default=False)
    warned = maybe_code()

    class Meta:
        constraints = (
            # The order's own have no handling, and nothing is never the same as nothing.
            models.UniqueConstraint("order", Coalesce("handling", 0), "stage", "round", name="clock_once"),
            one_of("level", Level, "clock_level_known"),
            one_of("stage", Stage, "clock_stage_known"),
            one_of("basis", Basis, "clock_basis_known"),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(stopped_at__isnull=True, dropped=False),
                name="clock_running",
            ),
            models.Index(fields=("provisional",), condition=Q(provisional=True), name="clock_provisional"),
        )

    def __str__(self) -> str:
        return f"{self.level} {self.stage} of order {self.order_id}, due {self.due_at}"


class PetitionKind(StrEnum):
    """What a unit can ask for."""

    RETURN = "return"
    EXTENSION = "extension"
    UNREASONABLE = "unreasonable"


class PetitionState(StrEnum):
    """Where a petition stands."""

    ASKED = "asked"
    HEAD_SIGNED = "head_signed"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


OPEN_PETITIONS = frozenset({PetitionState.ASKED, PetitionState.HEAD_SIGNED})


class Petition(models.Model):
    """A unit's request to return a handling, to have more time, or to have a request found unreasonable.

    One that must be decided by an instant keeps the term it was given (`amount`, `basis`, from `asked_at`).
    `provisional`: the calendar of a year was missing (ruling 11). `warned` is the last of its warnings that was raised.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="petitions", db_index=False)
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="petitions")
    serial = models.PositiveSmallIntegerField()
    kind = code()
    state = code()
    asked_at = models.DateTimeField()
    asked_by = code()
    asked_in = models.PositiveIntegerField()
    decide_by = models.DateTimeField(null=True)
    amount = models.PositiveSmallIntegerField(null=True)
    basis = maybe_code()
    provisional = models.BooleanField(default=False)
    warned = maybe_code()
    days = models.PositiveSmallIntegerField(null=True)
    ground = maybe_code()
    head = maybe_code()
    head_signed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = maybe_code()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("order", "serial"), name="petition_serial"),
            models.UniqueConstraint(
                fields=("handling", "kind"),
                condition=Q(state__in=sorted(OPEN_PETITIONS)),
                name="petition_one_open",
            ),
            one_of("kind", PetitionKind, "petition_kind_known"),
            one_of("state", PetitionState, "petition_state_known"),
        )
        indexes = (
            models.Index(
                fields=("decide_by",),
                condition=Q(state__in=sorted(OPEN_PETITIONS), decide_by__isnull=False),
                name="petition_to_decide",
            ),
            models.Index(fields=("provisional",), condition=Q(provisional=True), name="petition_provisional"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.handling_id}"


class Callback(models.Model):
    """One call back to the citizen; `round` tells which handling of the matter it judges."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="callbacks", db_index=False, db_constraint=False
    )
    serial = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    called_at = models.DateTimeField()
    called_by = code()
    reached = models.BooleanField()
    contacted = models.BooleanField(null=True)
    resolved = models.BooleanField(null=True)
    satisfaction = maybe_code()
    told_in = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("order", "serial"), name="callback_serial"),)

    def __str__(self) -> str:
        return f"callback {self.serial} of order {self.order_id}"


class Evidence(models.Model):
    """A file that shows what was done, stored by its digest. `held_until` is None while the order is open.

    Of what was withdrawn (`removed_at`) `held_until` is the day until which its file is kept, seen by nobody.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="evidence", db_index=False)
    handling = models.ForeignKey(Handling, null=True, on_delete=models.PROTECT, related_name="evidence")
    serial = models.PositiveSmallIntegerField()
    kind = code()
    digest = digest()
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    added_at = models.DateTimeField()
    added_by = code()
    round = models.PositiveSmallIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("order", "serial"), name="evidence_serial"),)
        indexes = (models.Index(fields=("digest",), name="evidence_digest"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"
