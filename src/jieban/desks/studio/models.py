"""Reports in the making and published ones. Nothing here is overwritten: what is changed is a row more."""

from enum import StrEnum

from django.db import models

from jieban.orders.models.fields import CODE_LENGTH, code, digest, one_of


class Stage(StrEnum):
    """How far a report is."""

    OPEN = "open"
    PROPOSED = "proposed"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Verdict(StrEnum):
    """What a second person said of a proposed report."""

    APPROVED = "approved"
    RETURNED = "returned"


ENDED = (Stage.PUBLISHED, Stage.DISCARDED)


def _who() -> "models.CharField[str, str]":
    return models.CharField(max_length=CODE_LENGTH * 2)


class Draft(models.Model):
    """A report in the making. `snapshot` is the digest of the frozen period, empty until that is done.

    `sentences` are the paragraphs of its body as they were made of the frozen figures, in order, empty until then.
    `corrects` is the published version that this one will replace, `correction` what was wrong with it.
    """

    period = code()
    stage = code(default=Stage.OPEN)
    made_by = _who()
    made_at = models.DateTimeField()
    snapshot = digest(blank=True)
    sentences = models.JSONField(default=list)
    corrects = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="corrections")
    correction = models.TextField(blank=True)

    class Meta:
        constraints = (
            one_of("stage", Stage, "draft_stage"),
            models.UniqueConstraint(
                fields=("period",),
                condition=~models.Q(stage__in=[each.value for each in ENDED]),
                name="draft_one_of_a_period",
            ),
        )

    def __str__(self) -> str:
        return f"{self.period} ({self.stage})"


class Edit(models.Model):
    """A wording of the report: `text` of its recommendations, `rewordings` of the body's paragraphs that were changed.

    The first one, `serial` 0, is what the rules found, and every paragraph as it was made. `issue_on` is the day that
    it is printed as published, None for that of its approval.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="edits")
    serial = models.PositiveIntegerField()
    text = models.TextField()
    rewordings = models.JSONField(default=list)
    issue_on = models.DateField(null=True)
    made_by = _who()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("draft", "serial"), name="edit_serial"),)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.serial}"


class Step(models.Model):
    """What was done to a report by whom: its history. `edit` is the wording that it was done to."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="steps")
    what = code()
    edit = models.PositiveIntegerField(null=True)
    by = _who()
    at = models.DateTimeField()
    remark = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.what}"


class Version(models.Model):
    """A published report of a period: version 1, and whatever corrected it. Its files never change.

    One that mustn't be read any more is withdrawn: that it was there, and why it isn't, stays.
    """

    period = code()
    number = models.PositiveIntegerField()
    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, related_name="version")
    edit = models.PositiveIntegerField()
    title = models.TextField()
    issued = models.DateTimeField()
    published_by = _who()
    approved_by = _who()
    snapshot = digest()
    correction = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=CODE_LENGTH * 2, blank=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("period", "number"), name="version_number"),)

    def __str__(self) -> str:
        return f"{self.period} {self.number}"


class VersionFile(models.Model):
    """A file of a version, kept under its SM3 digest."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="files")
    edition = code()
    form = code()
    digest = digest()
    size = models.PositiveBigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "edition", "form"), name="version_file"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.edition} {self.form}"
