"""A check that ran, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from jieban.report.sentences import Runs


class Result(StrEnum):
    """What came of a check. A note is no fault: it explains what a reader could take for one."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAILED = "failed"


_SEVERITY = (Result.OK, Result.NOTE, Result.WARNING, Result.FAILED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One check: `id` is stable, for programs; `detail` holds its figures, `explanation` the 统计口径 behind it."""

    id: str
    title: str
    result: Result
    detail: Runs
    explanation: Runs = ()


def worst(checks: Iterable[Check]) -> Result:
    """The gravest result; OK when nothing ran."""
    return max((check.result for check in checks), key=_SEVERITY.index, default=Result.OK)
