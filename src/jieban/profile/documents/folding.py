"""Files and changes folded into one: the texts that stand in place of the city's files, and where the two disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jieban.profile.documents.changes import Cells, Change, RowChange, Site, ValueChange, plain
from jieban.profile.documents.files import AS_FILED, Source
from jieban.profile.documents.lists_text import ListText
from jieban.profile.documents.reading import toml_value
from jieban.profile.documents.toml_text import value_at, with_values


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A place where a file says neither what changes found there nor what any of them put: it was edited, too.

    The changes hold. `column` is the cell's; empty for a whole row or a value. `filed` is what the file says.
    """

    site: Site
    column: str
    filed: object
    holds: object


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """The city's texts by file name, those alone that changes made otherwise than they are filed."""

    texts: Mapping[str, str]
    conflicts: tuple[Conflict, ...]


def fold(source: Source, changes: Sequence[Change]) -> Folded:
    """The city's files with changes in them, in their order.

    A file that says already what a change says, as one that was exported does, is no conflict.
    """
    texts: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for name in dict.fromkeys(each.document for each in changes):
        rows = [each for each in changes if each.document == name and isinstance(each, RowChange)]
        values = [each for each in changes if each.document == name and isinstance(each, ValueChange)]
        text = _rows(source, name, rows, conflicts) if rows else _values(source, name, values, conflicts)
        if text is not None:
            texts[name] = text
    return Folded(texts=texts, conflicts=tuple(conflicts))


def current(source: Source, folded: Mapping[str, str], change: Change) -> object:
    """What stands where a change touches: the row (None: not there) or the value, city and base together."""
    if isinstance(change, RowChange):
        return list_text(source, change.document, folded).find(change.key)
    return plain(value_at(merged(source, change.document, folded), change.path))


def fresh(source: Source, folded: Mapping[str, str], change: Change) -> bool:
    """Whether a change found what is there now, in what it touches."""
    there = current(source, folded, change)
    if isinstance(change, ValueChange):
        return there == plain(change.was)
    if change.was is None or not isinstance(there, dict):
        return (there is None) == (change.was is None)
    return all(there.get(column, "") == change.was.get(column, "") for column in change.columns)


def city_text(source: Source, name: str, folded: Mapping[str, str] = AS_FILED) -> str:
    """The city's own text of a document; empty where it has none."""
    if name in folded:
        return folded[name]
    return _text_of(source.directory / name) or ""


def list_text(source: Source, name: str, folded: Mapping[str, str] = AS_FILED) -> ListText:
    """A list as it stands, the base's where the city has none."""
    text = city_text(source, name, folded)
    if not text and source.base is not None:
        text = _text_of(source.base / name) or ""
    return ListText.read(name, text)


def merged(source: Source, name: str, folded: Mapping[str, str] = AS_FILED) -> dict[str, object]:
    """A TOML document's value, the city's over the base's."""
    value: dict[str, object] = {}
    if source.base is not None:
        value = toml_value(_text_of(source.base / name) or "")
    return _over(value, toml_value(city_text(source, name, folded)))


def _over(base: dict[str, object], city: Mapping[str, object]) -> dict[str, object]:
    for key, member in city.items():
        below = base.get(key)
        if isinstance(below, dict) and isinstance(member, Mapping):
            base[key] = _over(below, member)
        else:
            base[key] = member
    return base


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8-sig") if path.is_file() else None


def _chains(changes: Sequence[RowChange]) -> dict[tuple[str, ...], list[RowChange]]:
    chains: dict[tuple[str, ...], list[RowChange]] = {}
    for change in changes:
        chains.setdefault(change.key, []).append(change)
    return chains


def _rows(source: Source, name: str, changes: Sequence[RowChange], conflicts: list[Conflict]) -> str | None:
    before = list_text(source, name)
    after = list_text(source, name)
    for key, chain in _chains(changes).items():
        filed, last = before.find(key), _composed(before.find(key) or chain[0].was, chain)
        if (filed is None) not in {each is None for each in (chain[0].was, *(each.now for each in chain))}:
            conflicts.append(Conflict(site=chain[0].site, column="", filed=filed, holds=last))
        if last is None:
            after.take_out(key)
            continue
        if filed is None:
            after.add(last, next((each.after for each in reversed(chain) if each.after), None))
            continue
        for column in dict.fromkeys(column for each in chain for column in _columns(each)):
            touching = [each for each in chain if column in _columns(each)]
            known = {(row or {}).get(column, "") for each in touching for row in (each.was, each.now)}
            if filed.get(column, "") not in known:
                told = Conflict(
                    site=chain[0].site, column=column, filed=filed.get(column, ""), holds=last.get(column, "")
                )
                conflicts.append(told)
        after.put(key, last, tuple(last))
    written = after.text()
    return written if written != before.text() else None


def _composed(row: Cells | None, chain: Sequence[RowChange]) -> Cells | None:
    """The row after all changes, each of which says only what it made different."""
    for change in chain:
        if change.now is None:
            row = None
        elif row is None:
            row = dict(change.now)
        else:
            row = {**row, **{column: change.now.get(column, "") for column in _columns(change)}}
    return row


def _columns(change: RowChange) -> tuple[str, ...]:
    """What a change says of a row: what it made different, or all of a row that it put there."""
    whole: Cells = change.now or {}
    return tuple(whole) if change.was is None else change.columns


def _values(
    source: Source, name: str, changes: Sequence[ValueChange], conflicts: list[Conflict]
) -> str | None:
    filed = merged(source, name)
    wanted: dict[tuple[str, ...], object] = {}
    for path in dict.fromkeys(each.path for each in changes):
        chain = [each for each in changes if each.path == path]
        says = plain(value_at(filed, path))
        last = plain(chain[-1].now)
        if says not in [plain(chain[0].was), *(plain(each.now) for each in chain)]:
            conflicts.append(Conflict(site=chain[0].site, column="", filed=says, holds=last))
        if says != last:
            wanted[path] = last
    return with_values(city_text(source, name), wanted.items()) if wanted else None
