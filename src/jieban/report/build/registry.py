"""The builders by the names that a profile's outline uses."""

from collections.abc import Mapping

from jieban.report.build.section import Builder
from jieban.report.build.sections.annexes import ANNEX_DISSATISFIED, ANNEX_LATE, ANNEX_UNITS
from jieban.report.build.sections.checks import CHECKS
from jieban.report.build.sections.definitions import DEFINITIONS
from jieban.report.build.sections.durations import DURATIONS
from jieban.report.build.sections.intake import INTAKE
from jieban.report.build.sections.mailboxes import MAILBOXES
from jieban.report.build.sections.opening import OPENING
from jieban.report.build.sections.places import PLACES
from jieban.report.build.sections.quality import QUALITY
from jieban.report.build.sections.recommendations import RECOMMENDATIONS
from jieban.report.build.sections.request_types import REQUEST_TYPES
from jieban.report.build.sections.rhythm import RHYTHM
from jieban.report.build.sections.timeliness import TIMELINESS
from jieban.report.build.sections.topics import TOPICS
from jieban.report.build.sections.unit_changes import UNIT_CHANGES_SECTION
from jieban.report.build.sections.unit_groups import UNIT_GROUPS

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
