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
)
"""Each table needs a caption and a sheet name."""

CHARTS = (
    "types",
    "groups",
    "topics",
    "mailbox_units",
)
"""Each chart needs a caption, a sheet name and the name of its categories."""

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
    *(f"change.{window}" for window in _WINDOWS),
)

_PHRASES: Mapping[str, str] = {
    "title": "",
    "name": "year title subtitle",
    "unknown": "",
    "total": "",
    "counter.unit": "",
    "item": "name count",
    "item.aside": "name count aside",
    "caption.chart": "number caption",
    "caption.table": "number caption",
    "chart.alt": "caption highest",
    "header.index_number": "",
    "header.name": "",
    "header.keywords": "",
    "header.document_number": "",
    "header.issuing_unit": "",
    "header.published": "",
    "header.publisher": "",
    "annexes.none": "",
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
    "topics.involves": "items",
    "topics.unnamed": "count",
    "late.sign_rate": "rate",
    "late.close_rate": "rate",
    "late.levels": "",
    "late.annex": "annex",
    "dissatisfied.annex": "annex",
    **{
        f"{key}.{many}": places
        for key in ("late.sign", "late.close", "dissatisfied")
        for many, places in (("none", ""), ("one", "count unit"), ("many", "count number units"))
    },
    "mailbox.none": "mailbox",
    "mailbox.received": "mailbox count",
    "mailbox.all_closed": "",
    "mailbox.none_closed": "",
    "mailbox.some_closed": "closed open",
    "mailbox.ways": "ways",
    "mailbox.transferred": "count",
    "mailbox.answered": "count",
    "mailbox.chart": "",
    "mailbox.topics": "",
    "mailbox.topic": "topic count",
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
    for name in COLUMNS:
        phrases[f"col.{name}"] = ""
    return {key: frozenset(places.split()) | COMMON for key, places in phrases.items()}


REQUIRED_WORDING: Mapping[str, frozenset[str]] = _required()
"""Each key with the places that its phrase may use."""
