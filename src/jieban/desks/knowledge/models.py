"""Articles. What was written stays: a changed text is a version more, and nothing of the history is overwritten."""

from enum import StrEnum

from django.db import models

from jieban.orders.models import Order
from jieban.orders.models.fields import CODE_LENGTH, code, maybe_code, one_of
from jieban.orders.search.grams import normal

MOST_TITLE = 80
MOST_BODY = 6000
MOST_REMARK = 500


class Making(StrEnum):
    """How far the text is that isn't published: none, being written, or waiting for a second person."""

    NONE = "none"
    OPEN = "open"
    SUBMITTED = "submitted"


class Done(StrEnum):
    """What can be done to an article, as its history says it."""

    WRITTEN = "written"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"
    CONFIRMED = "confirmed"


def _who() -> "models.CharField[str, str]":
    return models.CharField(max_length=CODE_LENGTH * 2)


class Article(models.Model):
    """Something that can be answered. `published` is the version that holds, `latest` the last that was written.

    `unit` is the responsible unit's code, None where the hotline's centre keeps the article itself. By `confirm_by` the
    unit says that it still holds. `used` counts the answers that cite it, as the rows of `Citation` do.
    """

    unit = maybe_code()
    making = code(default=Making.OPEN.value)
    latest = models.ForeignKey("Wording", null=True, on_delete=models.PROTECT, related_name="+")
    published = models.OneToOneField("Wording", null=True, on_delete=models.PROTECT, related_name="holds")
    confirm_by = models.DateField(null=True)
    used = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "desks"
        constraints = (one_of("making", Making, "article_making"),)
        indexes = (models.Index(fields=("making",), name="article_making"),)

    def __str__(self) -> str:
        return f"article {self.pk}"


class Wording(models.Model):
    """A text of an article, never changed. Questions and topics (`topic` or `topic/subtopic`) stand one a line.

    The `sought_` columns are the same texts as they are compared in searches.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="wordings")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=MOST_TITLE)
    questions = models.TextField(blank=True)
    body = models.TextField()
    unit = maybe_code()
    topics = models.TextField(blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    confirm_by = models.DateField()
    public = models.BooleanField()
    made_by = _who()
    made_at = models.DateTimeField()
    sought_title = models.TextField()
    sought_questions = models.TextField(blank=True)
    sought_body = models.TextField()

    class Meta:
        app_label = "desks"
        constraints = (models.UniqueConstraint(fields=("article", "number"), name="wording_number"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions that it answers."""
        return tuple(self.questions.splitlines())

    @property
    def of_topics(self) -> tuple[str, ...]:
        """The topics that it is about."""
        return tuple(self.topics.split())


class ArticleNote(models.Model):
    """What was done to an article by whom: its history. `version` is the text that it was done to."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="notes")
    version = models.ForeignKey(Wording, null=True, on_delete=models.PROTECT, related_name="+")
    what = code()
    by = _who()
    at = models.DateTimeField()
    remark = models.TextField(blank=True)

    class Meta:
        app_label = "desks"
        constraints = (one_of("what", Done, "article_note"),)

    def __str__(self) -> str:
        return f"{self.article_id} {self.what}"


class Objection(models.Model):
    """Somebody says that a version is wrong or outdated. It is its unit's task until it is settled."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="objections")
    version = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    by = _who()
    at = models.DateTimeField()
    settled_by = models.CharField(max_length=CODE_LENGTH * 2, blank=True)
    settled_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        app_label = "desks"
        indexes = (
            models.Index(
                fields=("article",), name="objection_open", condition=models.Q(settled_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.article_id} {self.at}"


class Citation(models.Model):
    """An answer that rests on a version: the event `seq` of an order. Once for an article, however often it is sent."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="citations")
    version = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    by = _who()
    at = models.DateTimeField()

    class Meta:
        app_label = "desks"
        constraints = (models.UniqueConstraint(fields=("order", "seq", "article"), name="citation_once"),)
        indexes = (models.Index(fields=("article", "-at"), name="citation_latest"),)

    def __str__(self) -> str:
        return f"{self.article_id} in {self.order_id}:{self.seq}"


def sought(text: str) -> str:
    """A text as searches compare it; lines stay apart, so that no word is found across two."""
    return "\n".join(normal(line) for line in text.splitlines())
