"""The conditions that several indicators share: boolean algebra over the flags of `slices/`."""

from typing import Any

from jieban.indicators.model import Condition


def taken(row: Any) -> Any:
    """Counts as received: dispatched, answered at once or refused; merged and split originals do not."""
    return row.dispatched | row.answered | row.refused


def dispatched(row: Any) -> Any:
    """A dispatched order: the volume that reports print."""
    return row.dispatched


def assessed(row: Any) -> Any:
    """A dispatched order that is assessed."""
    return row.dispatched & ~row.excluded


def called_back(row: Any) -> Any:
    """An assessed order with an effective callback."""
    return assessed(row) & row.called_back


def handled(row: Any) -> Any:
    """A handling that counts: not returned, not outside (`HandlingFlags.outside`)."""
    return ~row.returned & ~row.outside


def sent(row: Any) -> Any:
    """A handling that was sent to a unit and isn't outside, returned ones included."""
    return ~row.outside


def handled_assessed(row: Any) -> Any:
    """A counting handling of an assessed order."""
    return handled(row) & ~row.order_excluded


def judged(base: Condition, stage: str) -> Condition:
    """Rows of `base` with a finding on a stage (sign or close): done, or due by the cut-off."""
    return lambda row: base(row) & getattr(row, f"{stage}_due") & ~getattr(row, f"{stage}_pending")


def kept(stage: str) -> Condition:
    """The finding on a stage isn't late."""
    return lambda row: ~getattr(row, f"{stage}_late")


def late(base: Condition, stage: str) -> Condition:
    """Rows of `base` that are late at a stage."""
    found = judged(base, stage)
    return lambda row: found(row) & getattr(row, f"{stage}_late")


def pending(base: Condition, stage: str) -> Condition:
    """Rows of `base` that are open at a stage and not yet due."""
    return lambda row: base(row) & getattr(row, f"{stage}_due") & getattr(row, f"{stage}_pending")


def without_due(base: Condition, stage: str) -> Condition:
    """Rows of `base` that nothing can be judged by."""
    return lambda row: base(row) & ~getattr(row, f"{stage}_due")


def disputed(base: Condition) -> Condition:
    """Rows of `base` whose two deadlines lead to different findings at either stage."""
    return lambda row: base(row) & (row.sign_disputed | row.close_disputed)


def done(base: Condition, stage: str) -> Condition:
    """Rows of `base` signed or closed by the cut-off."""
    name = {"sign": "signed", "close": "closed"}[stage]
    return lambda row: base(row) & getattr(row, name)


def seconds(stage: str) -> Condition:
    """Seconds from dispatch to the end of a stage."""
    return lambda row: getattr(row, f"{stage}_seconds")
