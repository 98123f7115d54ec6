"""What an edit wants: changes, and from a trial of them what is wrong with which field, and what they would do."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jieban.people.city_in_force import source
from jieban.profile.documents.changes import ROW_KEYS, Change, Site
from jieban.profile.documents.faults import Fault
from jieban.profile.documents.folding import list_text
from jieban.profile.documents.lines import toml_lines


class NotSo(Exception):
    """Something typed that can't be: the field's key, and why."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(why)
        self.key, self.why = key, why


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Changes with what they are called; `places` gives the field that a touched place was typed in."""

    title: str
    changes: tuple[Change, ...]
    places: Mapping[Site, str] = field(default_factory=dict)


def told_at(
    faults: Sequence[Fault], texts: Mapping[str, str], places: Mapping[Site, str]
) -> tuple[tuple[str | None, Fault], ...]:
    """Each fault with the field in which its cause was typed; None where that can't be said."""
    return tuple((_field(each, texts, places), each) for each in faults)


def _field(fault: Fault, texts: Mapping[str, str], places: Mapping[Site, str]) -> str | None:
    name = Path(fault.where.file or "").name
    site = _row_site(fault, name, texts) if name in ROW_KEYS else _value_site(fault, name, texts)
    while len(site) > 1:
        if site in places:
            return places[site]
        site = site[:-1]
    # Of two rows that can't be together the later one is named, whichever was typed.
    same = {key for place, key in places.items() if (place[0], place[-1]) == (name, fault.where.column)}
    return same.pop() if len(same) == 1 and fault.code == "same_tile" else None


def _row_site(fault: Fault, name: str, texts: Mapping[str, str]) -> Site:
    listed = list_text(source(), name, texts)
    row = next((each for each in listed.rows if listed.line(listed.key(each)) == fault.where.line), None)
    if row is None:
        return (name,)
    return (name, *listed.key(row), *((fault.where.column,) if fault.where.column else ()))


def _value_site(fault: Fault, name: str, texts: Mapping[str, str]) -> Site:
    base = source().base
    # What a city doesn't say is the base's: a value that is wrong beside another may stand there.
    filed = base is not None and Path(fault.where.file or "").resolve() == (base / name).resolve()
    text = (
        (base / name).read_text(encoding="utf-8-sig") if base is not None and filed else texts.get(name, "")
    )
    if not text or not tomllib.loads(text):
        return (name,)
    paths = [path for path, line in toml_lines(text).items() if line == fault.where.line]
    longest = max(paths, key=len, default=())
    return (name, *(str(part) for part in longest))
