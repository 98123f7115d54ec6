"""The order, and what is known of the person and in whose words: apart, under a key of its own."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from jieban.ledger.schema import Disposition
from jieban.orders.models.fields import CODE_LENGTH, TokensField, code, digest, maybe_code, one_of
from jieban.orders.states import OrderState
from jieban.profile.model import Urgency

NOT_CLOSED = sorted(set(OrderState) - {OrderState.CLOSED})
"""All states but the one in which most orders are until they are archived."""


class Order(models.Model):
    """A request and what became of it. Holds codes and times only; persons and words are in `OrderSecret`.

    `head` and `events` are the end of its chain of events (ruling 10); `requester` is the reference of the citizen
    who filed it online, if one did; `round` counts how often it was reopened; `answer_in` is the event with the
    answer given at the desk, `answer_unit` the unit in whose name it was given, if in one's; `repeat_number` names an
    order that an imported one repeats and that isn't here. Only acts assign to it.
    """

    number = models.CharField(max_length=CODE_LENGTH)
    profile_version = digest()
    state = code()
    disposition = maybe_code()
    channel = code()
    mailbox = maybe_code()
    request_type = code()
    topic = code()
    subtopic = maybe_code()
    urgency = code()
    street = maybe_code()
    community = models.CharField(max_length=100, null=True)  # noqa: DJ001  # as in the ledger: unknown is null
    anonymous = models.BooleanField()
    confidential = models.BooleanField()
    requester = maybe_code()
    recorded_by = code()
    received_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    redacted_at = models.DateTimeField(null=True)
    round = models.PositiveSmallIntegerField(default=0)
    contacted = models.BooleanField(null=True)
    called_back = models.BooleanField(null=True)
    resolved = models.BooleanField(null=True)
    satisfaction = maybe_code()
    excluded = models.BooleanField(default=False)
    excluded_ground = maybe_code()
    refused_ground = maybe_code()
    published = models.BooleanField(default=False)
    urged = models.PositiveSmallIntegerField(default=0)
    supervised_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    repeat_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="repeats", db_index=False
    )
    repeat_by = maybe_code()
    repeat_number = maybe_code()
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False
    )
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )
    answer_in = models.PositiveIntegerField(null=True)
    answer_unit = maybe_code()
    source_number = models.CharField(max_length=CODE_LENGTH, null=True)  # noqa: DJ001  # of an imported order
    events = models.PositiveIntegerField(default=0)
    head = digest(default="")
    last_at = models.DateTimeField()

    class Meta:
        constraints = (
            # Of patterns: one index that keeps numbers apart, finds one and finds those that begin alike. What Django
            # makes of `unique=True` are two.
            models.UniqueConstraint(
                fields=("number",), opclasses=("varchar_pattern_ops",), name="order_number"
            ),
            one_of("state", OrderState, "order_state_known"),
            one_of("urgency", Urgency, "order_urgency_known"),
            models.CheckConstraint(
                condition=Q(disposition__isnull=True)
                | Q(disposition__in=[d.value for d in Disposition if d is not Disposition.PENDING]),
                name="order_disposition_known",
            ),
        )
        indexes = (
            models.Index(fields=("received_at", "id"), name="order_received"),
            models.Index(fields=("dispatched_at", "id"), name="order_dispatched"),
            # Queues hold what is not over, and few orders end otherwise than by being closed: of those an index would
            # be as long as the table. They are come upon soon enough until they are archived.
            models.Index(
                fields=("state", "received_at"), condition=Q(state__in=NOT_CLOSED), name="order_state"
            ),
            # As `published` sorts the answers that anybody may read.
            models.Index(
                Coalesce("closed_at", "last_at").desc(),
                F("id").desc(),
                condition=Q(published=True),
                name="order_published",
            ),
            # Lists of a place and of a matter, the latest first.
            models.Index(fields=("street", "received_at"), name="order_street"),
            models.Index(fields=("topic", "received_at"), name="order_topic"),
            # Few orders have these: whole indexes would hold every order.
            *(
                models.Index(fields=(link,), condition=Q(**{f"{link}__isnull": False}), name=f"order_{link}")
                for link in ("repeat_of", "parent", "merged_into")
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def goes_on_as(self) -> "Order":
        """As which order the matter is dealt with: what this was merged into, over any number of steps, else itself."""
        last = self
        while last.merged_into is not None:
            last = last.merged_into
        return last


class SecretManager(models.Manager["OrderSecret"]):
    """Leaves the tokens of the search where they are: they are long, and nobody reads an order by them."""

    def get_queryset(self) -> "models.QuerySet[OrderSecret]":
        """Without the tokens; `defer(None)` brings them."""
        return super().get_queryset().defer("search")


class OrderSecret(models.Model):
    """Who asked and in which words, sealed under a key that only this order has (ruling 9).

    `wrapped_key` is the order's key, sealed under version `key_version` of the master key; it is destroyed when
    the person is redacted, and everything sealed under it with it. `phone_index` finds a number without storing it.
    `delivery` is the channel's own id, which may name somebody; `delivery_index` finds it without storing it, and
    stays when the person is redacted, so that the same delivery twice is one order then, too. `search` holds the blind
    tokens by which the matter's words are found (docs/adr/0018), under the same version of the master key.
    `order_received_at` repeats what the order says and never changes, so that the latest of those which have some words
    are told without looking at each one's order.
    """

    order = models.OneToOneField(
        Order, primary_key=True, on_delete=models.PROTECT, related_name="secret", db_constraint=False
    )
    order_received_at = models.DateTimeField()
    key_version = models.PositiveSmallIntegerField()
    wrapped_key = models.BinaryField(null=True)
    contact = models.BinaryField(null=True)
    matter = models.BinaryField(null=True)
    delivery = models.BinaryField(null=True)
    phone_index = models.CharField(max_length=32, null=True)  # noqa: DJ001  # who left no number has no index
    delivery_index = models.CharField(max_length=32, null=True)  # noqa: DJ001  # none, not an empty one, is unique
    search = TokensField(null=True)

    objects = SecretManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("delivery_index",),
                condition=Q(delivery_index__isnull=False),
                name="secret_once_per_delivery",
            ),
        )
        indexes = (models.Index(fields=("phone_index",), name="secret_phone"),)

    def __str__(self) -> str:
        return f"secret of order {self.order_id}"


class Words(models.Model):
    """What was written in an act (a reply, a reason, a remark), sealed under the order's key, slot by slot."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="words", db_index=False, db_constraint=False
    )
    seq = models.PositiveIntegerField()
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("order", "seq"), name="words_of_event"),)

    def __str__(self) -> str:
        return f"words of event {self.seq} of order {self.order_id}"


class NumberCounter(models.Model):
    """The last serial given out within a scope (the day, as the profile's pattern writes it)."""

    scope = models.CharField(max_length=CODE_LENGTH, primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.scope}: {self.last}"
