"""Which fields a written date has, told from its shape: its text with every run of digits written as 0."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Field(StrEnum):
    """What a run of digits means. DATE is 20250401; TIME is 0930 or 093000; ALL is 202504010930 or with seconds."""

    FIRST = "first"
    SECOND_PART = "second_part"
    THIRD = "third"
    DATE = "date"
    ALL = "all"
    TIME = "time"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"
    FRACTION = "fraction"
    OFFSET = "offset"
    OFFSET_HOURS = "offset_hours"
    OFFSET_MINUTES = "offset_minutes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """The fields of a shape in order. `half` is am, pm or empty; `sign` of the offset is 1, -1 or 0 for none.

    `chinese` dates (年月日) have the year first whatever the order.
    """

    fields: tuple[Field, ...]
    half: str = ""
    sign: int = 0
    utc: bool = False
    chinese: bool = False


_AM = ("上午", "凌晨", "早上", "am")
_PM = ("下午", "晚上", "傍晚", "pm")
_HALF = "|".join((*_AM, *_PM))
_SHAPE = re.compile(
    rf"""
    (?: 0(?P<s1>[-/.]|年\s*)0(?P<s2>[-/.]|月\s*)0(?:\s*[日号])? | (?P<date>0) )
    (?: (?:\s* | [t,] | \s*[-_]\s*) (?:\(?(?:星期|周).\)?\s*)? (?P<half1>{_HALF})?\s*
        (?: 0(?P<t1>:|时|点)(?:\s*0(?: (?P<t2>:|分)\s*(?:0(?P<fraction>[.:,]0)?\s*秒?)? )?)? | (?P<time>0) )
        \s*(?P<half2>am|pm)?
    )?
    (?: \s*(?P<utc>z|utc|gmt) | \s*(?:gmt|utc)?(?P<sign>[+-])0(?P<minutes>:0)? )?
    """,
    re.VERBOSE,
)


@cache
def layout_of(shape: str) -> Layout | None:
    """The layout of a shape (NFKC, lower case), None for what is no date."""
    found = _SHAPE.fullmatch(shape)
    if found is None or _mixed(found["s1"], found["s2"]):
        return None
    fields = [Field.DATE] if found["date"] else [Field.FIRST, Field.SECOND_PART, Field.THIRD]
    if found["time"]:
        fields.append(Field.TIME)
    elif found["t1"]:
        fields += _time_fields(found)
    if found["sign"]:
        fields += [Field.OFFSET_HOURS, Field.OFFSET_MINUTES] if found["minutes"] else [Field.OFFSET]
    if len(fields) != shape.count("0"):
        return None
    half = found["half1"] or found["half2"] or ""
    return Layout(
        fields=(Field.ALL,) if fields == [Field.DATE] else tuple(fields),
        half="am" if half in _AM else "pm" if half else "",
        sign={"+": 1, "-": -1}.get(found["sign"], 0),
        utc=bool(found["utc"]),
        chinese=bool(found["s1"]) and found["s1"].startswith("年"),
    )


def _time_fields(found: re.Match[str]) -> list[Field]:
    after = found.string[found.start("t1") :]
    runs = after.count("0") - (found["sign"] is not None) - (found["minutes"] is not None)
    names = [Field.HOUR, Field.MINUTE, Field.SECOND, Field.FRACTION]
    return names[: runs + 1]


def _mixed(first: str | None, second: str | None) -> bool:
    """Whether a date has different separators, as 2025-4/1: more likely a slip than a date."""
    if first is None or second is None:
        return False
    if first.startswith("年") or second.startswith("月"):
        return not (first.startswith("年") and second.startswith("月"))
    return first != second
