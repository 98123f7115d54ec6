"""From computed figures to a Document: the outline of a profile, filled section by section."""

from jieban.report.build.assemble import build_document
from jieban.report.build.registry import BUILDERS

__all__ = ["BUILDERS", "build_document"]
