"""The builders by the names that a profile's outline uses."""

from collections.abc import Mapping

from jieban.report.build.annexes import ANNEX_DISSATISFIED, ANNEX_LATE, ANNEX_UNITS
from jieban.report.build.checks import CHECKS
from jieban.report.build.definitions import DEFINITIONS
from jieban.report.build.durations import DURATIONS
from jieban.report.build.intake import INTAKE
from jieban.report.build.mailboxes import MAILBOXES
from jieban.report.build.opening import OPENING
from jieban.report.build.places import PLACES
from jieban.report.build.quality import QUALITY
from jieban.report.build.recommendations import RECOMMENDATIONS
from jieban.report.build.request_types import REQUEST_TYPES
from jieban.report.build.rhythm import RHYTHM
from jieban.report.build.section import Builder
from jieban.report.build.timeliness import TIMELINESS
from jieban.report.build.topics import TOPICS
from jieban.report.build.unit_changes import UNIT_CHANGES_SECTION
from jieban.report.build.unit_groups import UNIT_GROUPS

BUILDERS: Mapping[str, Builder] = {
    "opening": OPENING,
    "request_types": REQUEST_TYPES,
    "unit_groups": UNIT_GROUPS,
    "topics": TOPICS,
    "timeliness": TIMELINESS,
    "intake": INTAKE,
    "rhythm": RHYTHM,
    "places": PLACES,
    "durations": DURATIONS,
    "quality": QUALITY,
    "unit_changes": UNIT_CHANGES_SECTION,
    "mailboxes": MAILBOXES,
    "recommendations": RECOMMENDATIONS,
    "definitions": DEFINITIONS,
    "checks": CHECKS,
    "annex_units": ANNEX_UNITS,
    "annex_late": ANNEX_LATE,
    "annex_dissatisfied": ANNEX_DISSATISFIED,
}
