"""The anchors that were written outside the database, so that a file that is taken away is missed."""

from django.db import models

from jieban.orders.models.fields import digest


class Anchor(models.Model):
    """An anchor file: its day, up to which event it goes (`through`, a row's id), how many orders there were, its seal.

    Written beside the file, which is what counts.
    """

    day = models.DateField(primary_key=True)
    made_at = models.DateTimeField()
    through = models.PositiveBigIntegerField()
    orders = models.PositiveBigIntegerField()
    seal = digest()

    def __str__(self) -> str:
        return f"anchor of {self.day}"
