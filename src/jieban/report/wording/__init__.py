"""Every phrase that a profile's wording must have, with the places that it may use.

`jieban profile check` and the builders read the same list, so that a profile can't lack a phrase that a month
with other figures would need.
"""

from collections.abc import Mapping

from jieban.report.wording.checks import CHECK_PHRASES
from jieban.report.wording.names import CHARTS, COLUMNS, DIMENSIONS, SERIES, TABLES, WINDOWS
from jieban.report.wording.sections import SECTION_PHRASES

COMMON = frozenset({"this", "previous", "year_before", "span", "city", "hotline", "centre", "role"})
"""Places that every phrase may use: 本月, 上月, 上年同期, the days, the city's own names, what counted units are."""

_PERIODS = ("week", "month", "quarter", "year", "range")
_DIRECTIONS = ("up", "down", "level", "nearly_up", "nearly_down")


def _required() -> Mapping[str, frozenset[str]]:
    phrases = {**SECTION_PHRASES, **CHECK_PHRASES}
    for window in WINDOWS:
        phrases[f"label.{window}"] = ""
        phrases[f"base.{window}"] = ""
    for direction in _DIRECTIONS:
        phrases[f"change.{direction}"] = "base label difference percent"
        phrases[f"change.short.{direction}"] = "label percent"
    for period in _PERIODS:
        for word in ("this", *WINDOWS):
            phrases[f"period.{period}.{word}"] = ""
    for name in TABLES:
        phrases |= {f"table.{name}.caption": "", f"table.{name}.sheet": ""}
    for name in CHARTS:
        phrases |= {f"chart.{name}.{part}": "" for part in ("caption", "sheet", "axis")}
    for name in SERIES:
        phrases[f"series.{name}"] = "label" if name == "change" else ""
    for name in DIMENSIONS:
        phrases[f"dimension.{name}"] = ""
    for name in COLUMNS:
        phrases[f"col.{name}"] = ""
    return {key: frozenset(places.split()) | COMMON for key, places in phrases.items()}


REQUIRED_WORDING: Mapping[str, frozenset[str]] = _required()
"""Each key with the places that its phrase may use."""
