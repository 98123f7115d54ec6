"""From computed figures to a document: the outline of a profile, filled section by section."""

from jieban.report.build.assemble import Report, build_document, build_report
from jieban.report.build.registry import BUILDERS
from jieban.report.edited import Edited

__all__ = ["BUILDERS", "Edited", "Report", "build_document", "build_report"]
