"""Doing what waits, one piece after the other."""

import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module

from django.db.models import Case, When

from jieban.desks.shell.moment import now
from jieban.desks.work.lock import working
from jieban.desks.work.models import Job, Task, TaskState
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr

_PATIENCE = 5.0
_DOERS: Mapping[Job, tuple[str, str]] = {
    Job.FIGURES: ("jieban.desks.month.count", "count_subject"),
    Job.PREVIEW: ("jieban.desks.studio.make", "make_preview"),
    Job.PUBLISH: ("jieban.desks.studio.make", "make_version"),
    Job.EXPORT: ("jieban.desks.lists.make", "make_list"),
}
"""What does each kind of work: a function of the subject and the instant, found when it is needed."""


def run_waiting(*, patience: float = _PATIENCE) -> int:
    """Do everything that waits; how many pieces were done or failed. Another process that is at it does it for us.

    What an earlier process left half done is begun again from the beginning: each piece puts its results in place
    as a whole.
    """
    done = 0
    while True:
        with working(patience=patience) as held:
            if not held:
                return done
            _take_up_again()
            _found("jieban.desks.lists.make", "sweep")(now())
            while (task := _next()) is not None:
                _do(task)
                done += 1
        if _next() is None:  # nobody asked while the lock was given back
            return done


def _take_up_again() -> None:
    """What was running when its process died waits again, unless the same was asked for since."""
    for task in Task.objects.filter(state=TaskState.RUNNING):
        if Task.objects.filter(job=task.job, subject=task.subject, state=TaskState.WAITING).exists():
            _fail(task, tr("中断了。"))
        else:
            task.state = TaskState.WAITING
            task.save(update_fields=["state"])


def _next() -> Task | None:
    """What waits longest; lists, of which some are long and none is waited for by others, after everything else."""
    lists = Case(When(job=Job.EXPORT, then=1), default=0)
    return Task.objects.filter(state=TaskState.WAITING).order_by(lists, "pk").first()


def _do(task: Task) -> None:
    task.state, task.began_at = TaskState.RUNNING, now()
    task.save(update_fields=["state", "began_at"])
    try:
        _doer(Job(task.job))(task.subject, by=task.asked_by, now=now())
    except JiebanError as refused:
        _fail(task, _told(refused))
    except Exception:  # noqa: BLE001  # whatever went wrong, the row says so, and the next piece has its turn
        traceback.print_exc()
        _fail(task, tr("系统出错,没有完成。请再试一次;若仍出错,请告知系统管理员。"))
    else:
        task.state, task.ended_at = TaskState.DONE, now()
        task.save(update_fields=["state", "ended_at"])


def _told(refused: JiebanError) -> str:
    """The refusal as who asked reads it: a path of this machine is of use to its administrator alone."""
    if refused.where is None or refused.where.file is None:
        return str(refused)
    sys.stderr.write(f"{refused}\n")
    return refused.what + tr("请告知系统管理员。")


def _fail(task: Task, said: str) -> None:
    task.state, task.ended_at, task.said = TaskState.FAILED, now(), said
    task.save(update_fields=["state", "ended_at", "said"])


def _doer(job: Job) -> Callable[..., object]:
    return _found(*_DOERS[job])


def _found(module: str, name: str) -> Callable[..., object]:
    found: Callable[..., object] = getattr(import_module(module), name)
    return found
