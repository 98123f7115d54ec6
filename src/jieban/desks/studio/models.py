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
    REFROZEN = "refrozen"


class Choice(StrEnum):
    """What was decided of words whose figures changed."""

    TAKEN = "taken"
    LEFT = "left"


class Verdict(StrEnum):
    """What a second person said of a proposed report."""

    APPROVED = "approved"
    RETURNED = "returned"


ENDED = (Stage.PUBLISHED, Stage.DISCARDED, Stage.REFROZEN)


def _who() -> "models.CharField[str, str]":
    return models.CharField(max_length=CODE_LENGTH * 2)


class Draft(models.Model):
    """A report in the making. `snapshot` is the digest of the frozen period, empty until that is done.

    `sentences` are the paragraphs of its body as they were made of the frozen figures, in order, empty until then.
    `corrects` is the published version that this one will replace, `correction` what was wrong with it.
    `carries` is the report whose words it goes on with: one that was frozen anew, or an earlier one of the period.
    """

    period = code()
    stage = code(default=Stage.OPEN)
    made_by = _who()
    made_at = models.DateTimeField()
    snapshot = digest(blank=True)
    sentences = models.JSONField(default=list)
    corrects = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="corrections")
    correction = models.TextField(blank=True)
    carries = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="carried_on")

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
    it is printed as published, None for that of its approval. One that is `carried` holds the words of
    an earlier freezing.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="edits")
    serial = models.PositiveIntegerField()
    text = models.TextField()
    rewordings = models.JSONField(default=list)
    issue_on = models.DateField(null=True)
    carried = models.BooleanField(default=False)
    made_by = _who()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("draft", "serial"), name="edit_serial"),)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.serial}"


class Doubt(models.Model):
    """Words of an earlier freezing whose figures came out otherwise: to be taken over or not.

    `section` is the paragraph's, "" for a recommendation. `was` is the sentence that the words `text` were for, `now`
    the one that came out, `offer` the words with its figures, None where these don't fit in. Empty words leave it out.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="doubts")
    section = models.CharField(max_length=CODE_LENGTH, blank=True)
    heading = models.TextField()
    was = models.TextField(blank=True)
    text = models.TextField(blank=True)
    now = models.TextField(blank=True)
    offer = models.TextField(null=True)  # noqa: DJ001 -- "" are words: none
    written_by = _who()
    choice = models.CharField(max_length=CODE_LENGTH, blank=True)
    chosen_by = models.CharField(max_length=CODE_LENGTH * 2, blank=True)
    chosen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.section} {self.choice}"


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
