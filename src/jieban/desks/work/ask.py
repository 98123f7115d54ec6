"""Asking for long work, and seeing how it stands."""

import os
import subprocess
import sys
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from jieban.desks.work.lock import somebody_works
from jieban.desks.work.models import UNFINISHED, Job, Task, TaskState

_STARTS_WITHIN = timedelta(seconds=20)
"""How long a process may take to begin before its work counts as interrupted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How the latest piece of work on a subject stands. `broken`: its process died, and it can be asked for again."""

    state: TaskState
    broken: bool
    said: str
    asked_at: datetime
    ended_at: datetime | None

    @property
    def under_way(self) -> bool:
        """Whether it will come about by itself."""
        return self.state in UNFINISHED and not self.broken


def ask(job: Job, subject: str, *, by: str, now: datetime) -> None:
    """Have a piece of work done: what waits already is not asked for twice. Returns at once."""
    try:
        with transaction.atomic():
            Task.objects.create(job=job, subject=subject, asked_by=by, asked_at=now)
    except IntegrityError:
        if not Task.objects.filter(job=job, subject=subject).exists():
            raise
    transaction.on_commit(_start)


def standing(job: Job, subject: str, now: datetime) -> Standing | None:
    """How the latest work of this kind on a subject stands; None where there never was any."""
    return standings(job, [subject], now).get(subject)


def standings(job: Job, subjects: Collection[str], now: datetime) -> dict[str, Standing]:
    """How the latest work on each of some subjects stands, but for those on which there never was any. One query."""
    if not subjects:
        return {}
    tasks = Task.objects.filter(job=job, subject__in=subjects).order_by("pk")
    latest = {task.subject: task for task in tasks}
    works = any(task.state in UNFINISHED for task in latest.values()) and somebody_works()
    return {subject: _standing(task, now, works=works) for subject, task in latest.items()}


def _standing(task: Task, now: datetime, *, works: bool) -> Standing:
    state = TaskState(task.state)
    late = now - task.asked_at > _STARTS_WITHIN
    return Standing(
        state=state,
        broken=state in UNFINISHED and (late or state is TaskState.RUNNING) and not works,
        said=task.said,
        asked_at=task.asked_at,
        ended_at=task.ended_at,
    )


def _start() -> None:
    """A process of its own: what it takes of memory and processor is no page's, and it may die without harm."""
    environ = {**os.environ, "LC_ALL": "C.UTF-8"}  # what it says, pages show: Chinese
    child = subprocess.Popen(  # our own program, nothing of a user's in it
        [sys.executable, "-m", "jieban", "work", "run"],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=child.wait, daemon=True).start()
