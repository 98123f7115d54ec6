"""The text of a TOML document with values changed in it; its comments and its order stay."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

Path = tuple[str, ...]


def value_at(document: Mapping[str, object], path: Path) -> object:
    """The value under a path; None if there is none."""
    found: object = document
    for key in path:
        if not isinstance(found, Mapping) or key not in found:
            return None
        found = found[key]
    return found


def leaves(value: Mapping[str, object], at: Path = ()) -> dict[Path, object]:
    """Every value of a document that isn't a table, by its path."""
    found: dict[Path, object] = {}
    for key, member in value.items():
        if isinstance(member, Mapping):
            found |= leaves(member, (*at, key))
        else:
            found[*at, key] = member
    return found


def with_values(text: str, values: Iterable[tuple[Path, object]]) -> str:
    """`text` with each value put under its path, or taken out where it is None. Tables left empty go."""
    wanted: dict[str, Any] = tomllib.loads(text)
    listed = list(values)
    for path, value in listed:
        _put(wanted, path, value)
    try:
        document: Any = tomlkit.parse(text)
        for path, value in listed:
            _put(document, path, None if value is None else tomlkit.item(value), tomlkit.table)
        written: str = tomlkit.dumps(document)
        if tomllib.loads(written) == wanted:
            return written
    except (TOMLKitError, tomllib.TOMLDecodeError, KeyError, ValueError):
        pass  # a form of TOML that can't be edited in place: the values count, and the comments are given up
    return tomlkit.dumps(wanted)


def _put(table: Any, path: Path, value: Any, make: Any = dict) -> None:
    key, *rest = path
    if not rest:
        if value is not None:
            table[key] = value
        elif key in table:
            del table[key]
        return
    if not isinstance(table.get(key), Mapping):
        if value is None:
            return
        table[key] = make()
    _put(table[key], tuple(rest), value, make)
    if not table[key]:
        del table[key]
