"""The canonical content of a profile: one plain value for one meaning, whatever the files look like."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from jieban.kernel.digest import canonical_json, sm3
from jieban.profile.city import Profile
from jieban.profile.register import Register

_NOT_CONTENT = frozenset({"name", "version", "sources", "changed", "directory"})


def content(profile: Profile) -> dict[str, object]:
    """Everything the profile says, as plain JSON values. Order stays where it means something."""
    return {f.name: _plain(getattr(profile, f.name)) for f in fields(profile) if f.name not in _NOT_CONTENT}


def version_of(profile: Profile) -> str:
    """The SM3 of the canonical content."""
    return sm3(canonical_json(content(profile)))


def _plain(value: object) -> object:  # noqa: PLR0911 - one return a kind of value
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
        case _ if is_dataclass(value):
            # What a dataclass leaves out of comparison is a cache, not content.
            return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.compare}
        case _:
            raise TypeError(f"a profile holds no {type(value).__name__}")
