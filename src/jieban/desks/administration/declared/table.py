"""All sheets, in the order in which their pages show them."""

from collections.abc import Callable, Mapping
from typing import Final

from jieban.desks.administration.declared.procedure import of_platform, of_procedure, of_warnings
from jieban.desks.administration.declared.replies import of_evidence, of_replies
from jieban.desks.administration.declared.reports import of_contents, of_counting, of_reports
from jieban.desks.administration.declared.sheet import Sheet

PARTS: Final = ("units/", "streets/", "doors/", "templates/", "reports/")
"""The parts of the desk whose pages show declared lists and sheets."""
_SHEETS: Final[tuple[Callable[[], tuple[Sheet, ...]], ...]] = (
    of_replies,
    of_evidence,
    of_warnings,
    of_procedure,
    of_platform,
    of_counting,
    of_contents,
    of_reports,
)


def sheets() -> Mapping[str, Sheet]:
    """Every sheet by its id."""
    return {each.id: each for make in _SHEETS for each in make()}
