"""The columns that indicators can't do without: what no file tells is no 0 and no 100%."""

from jieban.indicators.model import Needs

STAGE_COLUMNS = {"sign": "signed_at", "close": "closed_at"}

STATED: Needs = (
    tuple(f"stated_{stage}_{said}" for stage in STAGE_COLUMNS for said in ("due_at", "on_time")),
)
"""Any deadline or finding that the file brought."""


def column(*names: str) -> Needs:
    """Each of some columns."""
    return tuple((name,) for name in names)


def done(stage: str) -> Needs:
    """When the stage was done."""
    return column(STAGE_COLUMNS[stage])


def found(stage: str) -> Needs:
    """When the stage was done, or else the file's own word on whether that was in time."""
    return ((STAGE_COLUMNS[stage], f"stated_{stage}_on_time"),)
