"""What the report offers to profiles by name, for `jieban profile check`."""

from dataclasses import replace

from jieban.profile.known import NOTHING, Known
from jieban.report.build.registry import BUILDERS
from jieban.report.recommend.rules import RECOMMENDATION_PLACES, STRATEGIES
from jieban.report.wording import REQUIRED_WORDING


def with_report_names(known: Known = NOTHING) -> Known:
    """`known` with the report's builders and options, strategies and thresholds, phrases and their places."""
    return replace(
        known,
        builders={name: builder.options for name, builder in BUILDERS.items()},
        strategies={name: strategy.thresholds for name, strategy in STRATEGIES.items()},
        wording=REQUIRED_WORDING,
        recommendation_places=RECOMMENDATION_PLACES,
    )
