"""Who has which order open: soft state, of seconds, that no event tells of and nobody keeps."""

from django.db import models

from jieban.orders.models import Order
from jieban.orders.models.fields import CODE_LENGTH
from jieban.people.models import Account


class Presence(models.Model):
    """Somebody has an order's page open, as of `seen_at`. `doing` is the act whose form is open, empty for none.

    `role` and `unit` are those in which they are there: the unit's code for who works in one, else None.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=CODE_LENGTH)
    unit = models.CharField(max_length=CODE_LENGTH, null=True)  # noqa: DJ001  # as in posts: none, not ""
    doing = models.CharField(max_length=CODE_LENGTH, blank=True)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "desks"
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("order", "account"), name="presence_once"),)

    def __str__(self) -> str:
        return f"{self.order_id}: {self.account_id} {self.doing}".rstrip()
