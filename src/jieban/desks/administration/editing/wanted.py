"""What an edit wants: changes, and from a trial of them what is wrong with which field, and what they would do."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jieban.people.city import city
from jieban.people.city_in_force import source
from jieban.profile.documents.changes import ROW_KEYS, Change, RowChange, Site, ValueChange, plain
from jieban.profile.documents.faults import Fault
from jieban.profile.documents.folding import list_text, merged
from jieban.profile.documents.lines import toml_lines
from jieban.profile.documents.lists_text import ListText
from jieban.profile.documents.toml_text import value_at


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """The texts that an edit starts from: files, and what holds of changes on the day."""

    texts: Mapping[str, str]

    @classmethod
    def now(cls) -> "Ground":
        """What is in force."""
        return cls(texts=city().changed)

    def listed(self, document: str) -> ListText:
        """A list as it stands."""
        return list_text(source(), document, self.texts)

    def value(self, document: str, *path: str) -> object:
        """A value as it stands; None if absent."""
        return plain(value_at(merged(source(), document, self.texts), path))

    def row(self, document: str, key: tuple[str, ...]) -> dict[str, str] | None:
        """A row as it stands, a copy."""
        found = self.listed(document).find(key)
        return None if found is None else dict(found)

    def set_values(self, document: str, values: Mapping[tuple[str, ...], object]) -> tuple[ValueChange, ...]:
        """Changes to those values that differ."""
        found = []
        for path, value in values.items():
            was = self.value(document, *path)
            if was != plain(value):
                found.append(ValueChange(document=document, path=path, was=was, now=value))
        return tuple(found)

    def set_row(self, document: str, key: tuple[str, ...], cells: Mapping[str, str]) -> tuple[RowChange, ...]:
        """The change to those cells of a row that differ; none if none do. Raises KeyError without the row."""
        was = self.row(document, key)
        if was is None:
            raise KeyError(key)
        made = RowChange(document=document, key=key, was=was, now={**was, **cells})
        return (made,) if made.columns else ()

    def add_row(
        self, document: str, cells: Mapping[str, str], *, after: tuple[str, ...] | None
    ) -> tuple[RowChange, ...]:
        """A new row."""
        key = tuple(cells[column] for column in ROW_KEYS[document])
        return (RowChange(document=document, key=key, was=None, now=dict(cells), after=after),)


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
