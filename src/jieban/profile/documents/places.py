"""Places in the profile's texts, such as {total}: which there are, and whether they may be."""

from collections.abc import Collection
from string import Formatter

from jieban.kernel.i18n import tr
from jieban.profile.documents.faults import did_you_mean
from jieban.profile.documents.table import Table


def places(text: str) -> set[str] | None:
    """The names of the places in a format string; None if it isn't one that can be filled by name."""
    try:
        found = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    except ValueError:
        return None
    names = {field.partition(".")[0].partition("[")[0] for field in found}
    return None if any(not name.isidentifier() for name in names) or names != set(found) else names


def check_places(table: Table, key: str, text: str, allowed: Collection[str]) -> None:
    """Notes places that are malformed or not allowed."""
    found = places(text)
    if found is None:
        what = tr("{key} 的花括号不成对或占位写法不对。", key=table.name(key))
        table.fault(
            "bad_places", key, what, tr("占位写成 {place} 的样子;花括号本身写两个。", place="{total}")
        )
        return
    for place in sorted(found - set(allowed)):
        what = tr("{key} 用了没有的占位 {place}。", key=table.name(key), place=f"{{{place}}}")
        table.fault("unknown_place", key, what, did_you_mean(place, sorted(allowed)))
