"""The trail: one event for every act, chained, never changed."""

from django.db import models

from jieban.orders.models.fields import CODE_LENGTH, code, digest
from jieban.orders.models.order import Order


class Event(models.Model):
    """What was done to an order. `data` is canonical JSON without a personal value or a citizen's word.

    `digest` is the HMAC-SM3 over the event's canonical form and `previous`, the digest of the event before
    (rulings 9 and 10). The database refuses to change or delete a row, and to delete an order (`orders.triggers`), so
    that it need not look for the order of each event.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="trail", db_index=False, db_constraint=False
    )
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    act = code()
    actor = models.CharField(max_length=CODE_LENGTH * 2)
    data = models.TextField()
    key_version = models.PositiveSmallIntegerField()
    previous = digest(blank=True)
    digest = digest()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("order", "seq"), name="event_seq"),)

    def __str__(self) -> str:
        return f"{self.act} ({self.seq})"
