"""The texts that an edit starts from."""

from collections.abc import Mapping
from dataclasses import dataclass

from jieban.people.city import city
from jieban.people.city_in_force import source
from jieban.profile.documents.changes import ROW_KEYS, RowChange, ValueChange, plain
from jieban.profile.documents.folding import list_text, merged
from jieban.profile.documents.lists_text import ListText
from jieban.profile.documents.toml_text import value_at


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
