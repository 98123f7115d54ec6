"""What the open pages count: tries within a span of time, by whom nobody can read from the table."""

from django.db import models


class Tally(models.Model):
    """So many tries until an instant (seconds since 1970). `key` is keyed: neither address nor number stands in it."""

    key = models.CharField(max_length=32, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.BigIntegerField(db_index=True)

    class Meta:
        app_label = "desks"

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"
