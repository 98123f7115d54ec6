"""Every phrase that a profile's wording must have, with the places that it may use.

`jieban profile check` and the builders read the same list, so that a profile can't lack a phrase that a month
with other figures would need.
"""

from collections.abc import Mapping

COMMON = frozenset({"this", "previous", "year_before", "span", "city", "hotline", "centre"})
"""Places that every phrase may use: 本月, 上月, 上年同期, the days, and the city's own names."""

_PERIODS = ("week", "month", "quarter", "year", "range")
_DIRECTIONS = ("up", "down", "level", "nearly_up", "nearly_down")
_WINDOWS = ("previous", "year_before")

TABLES = (
    "types",
    "groups",
    "topics",
    "subtopics",
    "mailbox_units",
    "mailbox_topics",
    "channels",
    "days",
    "hours",
    "weekdays",
    "streets",
    "durations",
    "quality",
    "units",
    "late_sign",
    "late_close",
    "dissatisfied",
    "definitions",
    "checks",
)
"""Each table needs a caption and a sheet name."""

CHARTS = (
    "types",
    "groups",
    "topics",
    "mailbox_units",
    "channels",
    "days",
    "hours",
    "weekdays",
    "heat",
    "durations",
    "unit_changes",
)
"""Each chart needs a caption, a sheet name and the name of its categories."""

SERIES = ("orders", "handlings", "letters", "letters_closed", "close_median", "close_p90", "change")
"""What the series of charts are called; their unit stands apart."""

DIMENSIONS = (
    "request_type",
    "topic",
    "subtopic",
    "channel",
    "street",
    "urgency",
    "day",
    "hour",
    "weekday",
    "unit",
    "unit_group",
    "role",
    "mailbox",
)
"""What the dimensions of cuts are called."""

COLUMNS = (
    "type",
    "count",
    "share",
    "group",
    "handlings",
    "topic",
    "subtopic",
    "share_topic",
    "unit",
    "mailbox",
    "letters",
    "letters_closed",
    "share_mailbox",
    "channel",
    "day",
    "hour",
    "weekday",
    "street",
    "sign_median",
    "sign_p90",
    "close_median",
    "close_p90",
    "indicator",
    "window.current",
    "window.previous",
    "window.year_before",
    "rank",
    "on_time_sign",
    "on_time_close",
    "order_no",
    "deadline",
    "actual_sign",
    "actual_close",
    "over",
    "lead_unit",
    "content",
    "reply",
    "definition",
    "check",
    "result",
    "detail",
    *(f"change.{window}" for window in _WINDOWS),
)

_PHRASES: Mapping[str, str] = {
    "title": "",
    "name": "year title subtitle",
    "subtitle": "days",
    "banner.demo": "",
    "unknown": "",
    "total": "",
    "counter.unit": "",
    "counter.item": "",
    "counter.row": "",
    "item": "name count",
    "item.aside": "name count aside",
    "chart.alt": "caption highest",
    "header.index_number": "",
    "header.name": "",
    "header.keywords": "",
    "header.document_number": "",
    "header.issuing_unit": "",
    "header.published": "",
    "header.publisher": "",
    "annexes.left_out": "",
    "annexes.item": "number title",
    "annexes.list": "annexes",
    "opening.none": "",
    "opening.total": "total",
    "opening.sign_rate": "rate",
    "opening.close_rate": "rate",
    "opening.satisfaction": "rate",
    "opening.not_due": "orders",
    "opening.not_due_sign": "count",
    "opening.not_due_close": "count",
    "opening.change": "changes",
    "opening.top_unit": "units",
    "opening.top_units": "units",
    "types.one": "type count",
    "types.list": "types",
    "types.item": "type count share",
    "groups.total": "units total",
    "groups.per_order": "average",
    "groups.one": "group",
    "groups.list": "groups",
    "groups.item": "group count share",
    "groups.annex": "annex",
    "topics.intro": "",
    "topics.intro_one": "",
    "topics.head": "topic count share",
    "topics.all_one": "item",
    "topics.single": "item",
    "topics.involves": "items",
    "topics.unnamed": "count",
    "late.rates": "rates",
    "late.sign_rate": "rate",
    "late.close_rate": "rate",
    "late.levels": "",
    "late.annex": "annex",
    "dissatisfied.annex": "annex",
    **{
        f"{key}.{many}": places
        for key in ("late.sign", "late.close", "dissatisfied")
        for many, places in (
            ("none", ""),
            ("whole", "count"),
            ("one", "count unit"),
            ("many", "count number units"),
        )
    },
    "mailbox.none": "mailbox",
    "mailbox.received": "mailbox count",
    "mailbox.all_closed": "",
    "mailbox.none_closed": "",
    "mailbox.one_closed": "",
    "mailbox.one_open": "",
    "mailbox.some_closed": "closed open",
    "mailbox.ways": "ways",
    "mailbox.way": "ways",
    "mailbox.transferred": "count",
    "mailbox.answered": "count",
    "mailbox.chart": "",
    "mailbox.topics": "",
    "mailbox.topic": "topic count",
    "intake.received": "count ways",
    "intake.answered": "count",
    "intake.refused": "count",
    "intake.dispatched": "count",
    "intake.one_channel": "channel",
    "intake.channels": "channels",
    "intake.channel": "channel count share",
    "intake.unknown": "count",
    "rhythm.days": "day count low_day low",
    "rhythm.days_level": "count",
    "rhythm.hours": "hours count share",
    "rhythm.weekdays": "weekday count share",
    "places.one": "street",
    "places.top": "streets",
    "places.all": "streets",
    "places.unknown": "count",
    "places.hottest": "topic street count share",
    "durations.sign": "median p90",
    "durations.close": "median p90",
    "quality.called_back": "count rates",
    "quality.response": "rate",
    "quality.resolution": "rate",
    "quality.first_time_close": "rate",
    "quality.repeat_rate": "rate",
    "unit_changes.lead": "base minimum",
    "unit_changes.rising": "number units",
    "unit_changes.falling": "number units",
    "unit_changes.level": "number units",
    "duration.days": "number",
    "duration.hours": "number",
    "duration.minutes": "number",
    "late.still_open": "over",
    **{f"weekday.{day}": "" for day in range(1, 8)},
    "advice.none": "",
    "advice.share": "name count share",
    "advice.late_both": "unit sign close",
    "advice.spot": "street topic count share",
    "advice.letters": "mailbox topic count share",
    "explain.cutoff": "cutoff",
    "explain.handlings": "orders handlings average",
    "explain.levels_sign": "rate unit_rate late",
    "explain.levels_close": "rate unit_rate late",
    "explain.satisfaction": "rate denominator called_back reached",
    "explain.dimensions": "name topic type_count topic_count",
    "explain.letters": "letters",
    "explain.changes": "",
    "explain.shares": "",
    **{f"result.{result}": "" for result in ("ok", "note", "warning", "failed")},
    "checks.summary": "number results",
    "checks.count": "result number",
    "checks.item": "title result detail",
    "check.sums.title": "whole by",
    "check.sums.equal": "parts whole",
    "check.sums.differ": "parts whole",
    "check.sums.all_equal": "number",
    "check.sums.some_differ": "number parts whole",
    "check.letters.title": "",
    "check.shares.title": "whole by",
    "check.shares.exact": "sum tolerance",
    "check.shares.detail": "sum tolerance",
    "check.change.title": "whole label",
    "check.change.right": "days base percent",
    "check.change.wrong": "days base percent",
    "check.names.title": "",
    "check.names.right": "",
    "check.names.empty": "count",
    "check.names.unknown": "names",
    "check.rates.title": "",
    "check.rates.right": "number",
    "check.rates.wrong": "number rate",
    "check.satisfaction.title": "",
    "check.satisfaction.detail": "numerator denominator rate",
    "check.satisfaction.variant": "definition",
    "check.handlings.title": "",
    "check.levels_sign.title": "",
    "check.levels_close.title": "",
    "check.satisfactions.title": "",
    "check.dimensions.title": "",
    "check.printed.title": "name",
    "check.printed.right": "printed label count",
    "check.printed.label": "printed label count right",
    "check.printed.count": "printed label count now",
    "check.printed.differs": "printed label count now",
    "check.printed.nothing": "",
    "check.printed.nearest": "printed label count base nearest",
    "check.printed.impossible": "printed label count",
    "check.intake.title": "table",
    "check.intake.detail": "read accepted rejected left_out",
    "check.flags.title": "",
    "check.flags.none": "",
    "check.flags.some": "items",
    "check.flags.item": "table meaning rows",
    "check.outside.title": "",
    "check.outside.none": "",
    "check.outside.some": "rows",
    "check.disagreements.none": "count",
    "check.disagreements.some": "count",
    "check.disagreements.computed": "",
    "check.disagreements.stated": "",
    "check.cutoff.title": "",
    "check.cutoff.whole": "cutoff",
    "check.cutoff.early": "cutoff",
    "check.cutoff.not_due_sign": "count",
    "check.cutoff.not_due_close": "count",
    "check.cutoff.without_due": "count",
    "check.lists.title": "list",
    "check.lists.same": "listed count",
    "check.lists.differ": "listed count",
}


def _required() -> Mapping[str, frozenset[str]]:
    phrases = dict(_PHRASES)
    for window in _WINDOWS:
        phrases[f"label.{window}"] = ""
        phrases[f"base.{window}"] = ""
    for direction in _DIRECTIONS:
        phrases[f"change.{direction}"] = "base label difference percent"
        phrases[f"change.short.{direction}"] = "label percent"
    for period in _PERIODS:
        for word in ("this", *_WINDOWS):
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
