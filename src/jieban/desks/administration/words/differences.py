"""Changes in the reader's words: what stood there, and what stands there now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jieban.desks.administration.words.names import column_words, path_words, value_words
from jieban.kernel.i18n import listed, tr
from jieban.profile.documents.changes import Change, RowChange, ValueChange, plain
from jieban.profile.documents.folding import Conflict

_NAMED_VALUES = frozenset({"options", "thresholds"})
"""Tables whose values say nothing without their names."""

_WARNINGS, _BEFORE_DUE = "ladder", {"hours": "before_due"}
"""The hours of a warning are told by the deadline; those of a recommendation's threshold are an amount."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One line: where, what, and what it was and is; empty for what isn't there."""

    where: str
    what: str
    was: str
    now: str


def differences(changes: Sequence[Change]) -> tuple[Difference, ...]:
    """What changes do, a line each cell or value."""
    found: list[Difference] = []
    for change in changes:
        found += _of_row(change) if isinstance(change, RowChange) else _of_value(change)
    return tuple(found)


def conflict_words(conflict: Conflict) -> str:
    """The place of a conflict between files and changes."""
    document, *rest = conflict.site
    if document.endswith(".csv"):
        what = column_words(conflict.column) if conflict.column else tr("整行")
        return f"{document} · {' '.join(each for each in rest if each)} · {what}"
    where, what = path_words(document, tuple(rest))
    return " · ".join(each for each in (document, where, what) if each)


def text_of(value: object) -> str:
    """A value of a conflict; what isn't there is said to be missing."""
    return _said("", plain(value)) or tr("没有")


def text_of_key(key: str, value: object) -> str:
    """A value in words, as the key has them; empty for none."""
    return _said(key, plain(value))


def _of_row(change: RowChange) -> list[Difference]:
    was, now = change.was or {}, change.now or {}
    # A topic's own name stands in each row of its subtopics, too.
    name = next(
        (
            row[column]
            for row in (now, was)
            for column in ("name", "subtopic_name", "topic_name")
            if row.get(column)
        ),
        change.key[-1],
    )
    state = tr("新增") if change.was is None else tr("删去") if change.now is None else ""
    return [
        Difference(
            where=f"{name}{f'({state})' if state else ''}",
            what=column_words(column),
            was=value_words(column, was.get(column, "").replace("|", "、")),
            now=value_words(column, now.get(column, "").replace("|", "、")),
        )
        for column in change.columns
    ]


def _of_value(change: ValueChange) -> list[Difference]:
    where, what = path_words(change.document, change.path)
    was, now, key = plain(change.was), plain(change.now), change.path[-1]
    if _tables(was) and _tables(now):
        return _of_tables(where or what, _by_code(was, key), _by_code(now, key))
    return [Difference(where=where, what=what, was=_said(key, was), now=_said(key, now))]


def _tables(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(each, Mapping) for each in value))


def _by_code(value: object, key: str) -> dict[str, Mapping[str, object]]:
    members = value if isinstance(value, list) else []
    if key == _WARNINGS:
        members = [{_BEFORE_DUE.get(name, name): said for name, said in each.items()} for each in members]
    return {str(each.get("code", each.get("id", each.get("name", "")))): each for each in members}


def _of_tables(
    where: str, was: Mapping[str, Mapping[str, object]], now: Mapping[str, Mapping[str, object]]
) -> list[Difference]:
    found = []
    for code in dict.fromkeys((*was, *now)):
        before, after = was.get(code), now.get(code)
        name = _name(after or before or {}, code)
        if before is None or after is None:
            whole = listed(
                f"{column_words(key)} {_said(key, value)}"
                for key, value in (after or before or {}).items()
                if key not in {"code", "id", "name"}
            )
            said = f"{name}（{whole}）" if whole else name
            found.append(
                Difference(
                    where=where,
                    what=tr("新增") if before is None else tr("删去"),
                    was="" if before is None else said,
                    now="" if after is None else said,
                )
            )
            continue
        found += [
            Difference(
                where=f"{where} · {name}",
                what=column_words(key),
                was=_said(key, before.get(key)),
                now=_said(key, after.get(key)),
            )
            for key in dict.fromkeys((*before, *after))
            if before.get(key) != after.get(key)
        ]
    kept_was, kept_now = [each for each in was if each in now], [each for each in now if each in was]
    if kept_was != kept_now:
        found.append(
            Difference(
                where=where,
                what=tr("次序"),
                was=listed(_name(was[each], each) for each in kept_was),
                now=listed(_name(now[each], each) for each in kept_now),
            )
        )
    return found


def _name(one: Mapping[str, object], code: str) -> str:
    return str(one.get("name") or one.get("title") or code)


def _said(key: str, value: object) -> str:  # noqa: PLR0911  # one return a kind of value
    match value:
        case None:
            return ""
        case bool():
            return tr("是") if value else tr("否")
        case date():
            return value.isoformat()
        case list():
            return listed(_said(key, each) for each in value)
        case dict():
            if "name" in value:
                return str(value["name"])
            if key in _NAMED_VALUES:
                return listed(f"{column_words(name)} {_said(name, each)}" for name, each in value.items())
            return " ".join(_said(name, each) for name, each in value.items())
        case _:
            return value_words(key, str(value))
