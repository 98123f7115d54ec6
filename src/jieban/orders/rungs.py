"""The rungs of the profile's ladders: which warnings a deadline has come to, and which were raised (no database)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from jieban.profile.model import Level, Stage
from jieban.profile.workflow import LadderStep, WarningStep, Workflow

StepOf = TypeVar("StepOf", bound=WarningStep)


def ladder_of(workflow: Workflow, level: Level | str, stage: Stage | str) -> tuple[LadderStep, ...]:
    """The steps for clocks of a kind, the first to come first."""
    found = (each for each in workflow.ladder if (each.level, each.stage) == (level, stage))
    return tuple(sorted(found, key=lambda each: -each.hours))


def raised_at(step: WarningStep, due: datetime) -> datetime:
    """When a step of a clock that is due at `due` is reached."""
    return due - timedelta(hours=step.hours)


def reached(
    ladder: Iterable[StepOf], *, started_at: datetime, due: datetime, at: datetime
) -> tuple[StepOf, ...]:
    """The steps that a clock has come to by `at`. One that lies before the clock began is none of that clock's."""
    return tuple(each for each in ladder if started_at <= raised_at(each, due) <= at)


def unraised(steps: tuple[StepOf, ...], ladder: tuple[StepOf, ...], warned: str | None) -> tuple[StepOf, ...]:
    """Those of the reached `steps` that come after the one that was raised last."""
    told = _told(ladder, warned)
    return tuple(each for each in steps if each.id not in told)


def still_raised(
    steps: tuple[WarningStep, ...], ladder: tuple[WarningStep, ...], warned: str | None
) -> str | None:
    """The step raised last once a deadline has moved: of those reached by the new one, the last that was told.

    So a step that a later deadline comes to again is raised again.
    """
    told = _told(ladder, warned)
    return next((each.id for each in reversed(steps) if each.id in told), None)


def _told(ladder: tuple[WarningStep, ...], warned: str | None) -> frozenset[str]:
    # A step that the profile has since dropped says nothing of the others.
    ids = [each.id for each in ladder]
    return frozenset(ids[: ids.index(warned) + 1]) if warned in ids else frozenset()
