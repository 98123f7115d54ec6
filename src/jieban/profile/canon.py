"""The canonical content of a profile: one plain value for one meaning, whatever the files look like."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from jieban.kernel.digest import canonical_json, sm3
from jieban.profile.city import Profile
from jieban.profile.register import Register

_NOT_CONTENT = frozenset({"name", "version", "sources", "changed", "directory"})
_COMPARED: dict[type, tuple[str, ...] | None] = {}
"""By types met before; asking a dataclass for its fields takes longer than all the rest."""


def content(profile: Profile) -> dict[str, object]:
    """Everything the profile says, as plain JSON values. Order stays where it means something."""
    return {f.name: _plain(getattr(profile, f.name)) for f in fields(profile) if f.name not in _NOT_CONTENT}


def version_of(profile: Profile) -> str:
    """The SM3 of the canonical content."""
    return sm3(canonical_json(content(profile)))


def _plain(value: object) -> object:  # noqa: PLR0911 - one return a kind of value
    if type(value) is str:
        return value  # as most of it is
    if (names := _compared(type(value))) is not None:
        return {name: _plain(getattr(value, name)) for name in names}
    match value:
        case None | bool() | int() | float() | str():
            return value
        case date() | time():
            return value.isoformat()
        case ZoneInfo():
            return value.key
        case Register():
            return [_plain(member) for member in value.values()]
        case Mapping():
            return {str(_plain(key)): _plain(member) for key, member in value.items()}
        case frozenset():
            return sorted(value)
        case tuple():
            return [_plain(member) for member in value]
        case _:
            raise TypeError(f"a profile holds no {type(value).__name__}")


def _compared(kind: type) -> tuple[str, ...] | None:
    """What a dataclass compares: what it leaves out is a cache, not content. None for other types."""
    if kind not in _COMPARED:
        names = tuple(each.name for each in fields(kind) if each.compare) if is_dataclass(kind) else None
        _COMPARED[kind] = names
    return _COMPARED[kind]
