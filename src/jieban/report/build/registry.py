"""The builders by the names that a profile's outline uses."""

from collections.abc import Mapping

from jieban.report.build.mailboxes import MAILBOXES
from jieban.report.build.opening import OPENING
from jieban.report.build.request_types import REQUEST_TYPES
from jieban.report.build.section import Builder
from jieban.report.build.timeliness import TIMELINESS
from jieban.report.build.topics import TOPICS
from jieban.report.build.unit_groups import UNIT_GROUPS

BUILDERS: Mapping[str, Builder] = {
    "opening": OPENING,
    "request_types": REQUEST_TYPES,
    "unit_groups": UNIT_GROUPS,
    "topics": TOPICS,
    "timeliness": TIMELINESS,
    "mailboxes": MAILBOXES,
}
