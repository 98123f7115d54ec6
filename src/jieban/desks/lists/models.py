"""Lists that somebody asked for as workbooks: how far each has come, and until when it can be fetched."""

from django.db import models

from jieban.orders.models.fields import code
from jieban.people.models import Account

DIGEST_LENGTH = 32


class Export(models.Model):
    """A list that is made in the background: row by row, `done` of `total` (None where it isn't known beforehand).

    `address` says which list, sealed, since words that somebody typed may stand in it; `digest` tells two apart.
    `scope` is what its maker could see when it was made: "*" for every order, else codes of units. Who sees less by now
    fetches nothing. `said` is why it failed.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = code()
    address = models.TextField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    scope = models.TextField(blank=True)
    size = models.BigIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    said = models.TextField(blank=True)

    class Meta:
        app_label = "desks"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("account", "kind", "digest"),
                # Sent twice it is made once; asked for again later it is made anew.
                condition=models.Q(ended_at__isnull=True),
                name="export_once",
            ),
        )
        indexes = (
            models.Index(fields=("account", "asked_at"), name="export_of"),
            models.Index(fields=("asked_at",), name="export_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.done})"
