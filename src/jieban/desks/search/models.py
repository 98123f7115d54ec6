"""Views that somebody keeps: the part of an address that says what is sought."""

from django.db import models

from jieban.people.models import Account

LONGEST_NAME = 20
LONGEST_QUERY = 500


class SavedView(models.Model):
    """A search under a name of its owner's. `query` is as in the address; what was typed there stands in it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "name"), name="saved_view_once"),)
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
