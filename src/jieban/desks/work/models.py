"""Pieces of long work: what was asked for, and how it stands."""

from enum import StrEnum

from django.db import models

from jieban.orders.models.fields import CODE_LENGTH, code, one_of


class Job(StrEnum):
    """The kinds of long work, by the code that rows store."""

    FIGURES = "figures"
    PREVIEW = "preview"
    PUBLISH = "publish"
    EXPORT = "export"


class TaskState(StrEnum):
    """How a piece of work stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = (TaskState.WAITING, TaskState.RUNNING)


class Task(models.Model):
    """A piece of work on a subject (a period's code, the key of a report). `said` is why it failed, for people."""

    job = code()
    subject = code()
    state = code(default=TaskState.WAITING)
    asked_by = models.CharField(max_length=CODE_LENGTH * 2)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    said = models.TextField(blank=True)

    class Meta:
        constraints = (
            one_of("job", Job, "task_job"),
            one_of("state", TaskState, "task_state"),
            models.UniqueConstraint(
                fields=("job", "subject"),
                # What runs may have begun before the last change: the same may be asked for once more.
                condition=models.Q(state=TaskState.WAITING.value),
                name="task_once",
            ),
        )
        indexes = (models.Index(fields=("state", "id"), name="task_by_state"),)

    def __str__(self) -> str:
        return f"{self.job} {self.subject} ({self.state})"
