"""The table of what all workers of all machines share for a while: what a lock-out counts."""

from django.db import models

KEY_LENGTH = 32


class Shared(models.Model):
    """A value (JSON) until an instant (microseconds since 1970). `key` is keyed: no address and no name is in it."""

    key = models.CharField(max_length=KEY_LENGTH, primary_key=True)
    value = models.TextField()
    until = models.BigIntegerField(db_index=True)

    class Meta:
        app_label = "desks"

    def __str__(self) -> str:
        return f"until {self.until}"
