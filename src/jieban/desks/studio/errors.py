"""What the studio refuses."""

from jieban.kernel.errors import JiebanError


class StudioRefused(JiebanError):
    """Something that can't be done to a report as it stands."""

    code = "desks.studio_refused"


class NotInTurn(StudioRefused):
    """The report's stage doesn't allow it, or its preview isn't there yet."""

    code = "desks.studio_not_in_turn"


class FourEyes(StudioRefused):
    """Who made or edited a report can't be the one who approves it."""

    code = "desks.studio_four_eyes"


class BoundFigure(StudioRefused):
    """A figure that was changed, or that no rule and no sentence of the report has."""

    code = "desks.studio_bound_figure"


class Outdated(StudioRefused):
    """Somebody else saved another wording meanwhile."""

    code = "desks.studio_outdated"
