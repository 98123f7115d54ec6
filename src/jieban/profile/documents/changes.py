"""What was changed of a profile without touching its files: one cell or one value after the other, as it was and is.

A change names what stood there before. So two that touch different things go together in any order, files may be
brought up to date under changes, and whoever changes something that has moved meanwhile is told (ADR 0019).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from jieban.profile.frozen import freeze

Site = tuple[str, ...]
"""A document's name, and the key of a row or the path of a value in it."""
Cells = Mapping[str, str]

ROW_KEYS: Mapping[str, tuple[str, ...]] = {
    "units.csv": ("code",),
    "streets.csv": ("code",),
    "communities.csv": ("code",),
    "request_types.csv": ("code",),
    "channels.csv": ("code",),
    "mailboxes.csv": ("code",),
    "topics.csv": ("scheme", "topic", "subtopic"),
}
"""The columns by which a row is known, of each list that can be changed so."""

_DAY, _MOMENT = "$day", "$moment"


@dataclass(frozen=True, kw_only=True, slots=True)
class RowChange:
    """A row of a list: whole as it `was` (None: not there) and as it is `now` (None: taken out).

    `after` is the key of the row behind which a new one goes; None puts it at the end.
    """

    document: str
    key: tuple[str, ...]
    was: Cells | None
    now: Cells | None
    after: tuple[str, ...] | None = None

    @property
    def site(self) -> Site:
        """What is touched."""
        return (self.document, *self.key)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that differ, in order."""
        was, now = self.was or {}, self.now or {}
        return tuple(
            each for each in dict.fromkeys((*was, *now)) if (was.get(each) or "") != (now.get(each) or "")
        )

    def undone(self) -> "RowChange":
        """The change that takes this one back."""
        return RowChange(document=self.document, key=self.key, was=self.now, now=self.was, after=self.after)


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueChange:
    """A value of a TOML document, city and base together, as it `was` and is `now`; None is absent.

    A list is one value; a table isn't: its keys are.
    """

    document: str
    path: tuple[str, ...]
    was: object
    now: object

    @property
    def site(self) -> Site:
        """What is touched."""
        return (self.document, *self.path)

    def undone(self) -> "ValueChange":
        """The change that takes this one back."""
        return ValueChange(document=self.document, path=self.path, was=self.now, now=self.was)


Change = RowChange | ValueChange


def changes_text(changes: Iterable[Change]) -> str:
    """Changes as they are stored."""
    return json.dumps([_said(each) for each in changes], ensure_ascii=False, separators=(",", ":"))


def read_changes(text: str) -> tuple[Change, ...]:
    """What `changes_text` wrote."""
    return tuple(_read(each) for each in json.loads(text))


def _said(change: Change) -> dict[str, object]:
    if isinstance(change, RowChange):
        was = None if change.was is None else dict(change.was)
        now = None if change.now is None else dict(change.now)
        said: dict[str, object] = {"in": change.document, "row": list(change.key), "was": was, "now": now}
        return said if change.after is None else {**said, "after": list(change.after)}
    return {
        "in": change.document,
        "value": list(change.path),
        "was": _tagged(change.was),
        "now": _tagged(change.now),
    }


def _read(said: Mapping[str, object]) -> Change:
    document, was, now = str(said["in"]), said["was"], said["now"]
    if "row" in said:
        after = said.get("after")
        return RowChange(
            document=document,
            key=_texts(said["row"]),
            was=_cells(was),
            now=_cells(now),
            after=None if after is None else _texts(after),
        )
    return ValueChange(document=document, path=_texts(said["value"]), was=_untagged(was), now=_untagged(now))


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"a key is a list, not {value!r}")
    return tuple(str(each) for each in value)


def _cells(value: object) -> Cells | None:
    if not isinstance(value, Mapping):
        return None
    return {str(column): str(cell) for column, cell in value.items()}


def _tagged(value: object) -> object:
    """A TOML value as JSON can hold it: days and instants under a name that no key of a profile has."""
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, Mapping):
        return {str(key): _tagged(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_tagged(member) for member in value]
    return value


def _untagged(value: object) -> object:
    if isinstance(value, Mapping):
        match tuple(value.items()):
            case ((name, str(text)),) if name == _DAY:
                return date.fromisoformat(text)
            case ((name, str(text)),) if name == _MOMENT:
                return datetime.fromisoformat(text)
        return freeze({key: _untagged(member) for key, member in value.items()})
    if isinstance(value, list):
        return tuple(_untagged(member) for member in value)
    return value


def plain(value: object) -> object:
    """A value as TOML readers give it: dicts and lists instead of what can't change. What is equal is equal so."""
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(member) for member in value]
    return value
