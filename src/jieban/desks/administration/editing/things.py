"""The things of a sheet that lists some, read from a document and put into it: an array, or a table of tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jieban.desks.administration.declared.fields import EditForm, Field
from jieban.desks.administration.declared.ground import Ground
from jieban.desks.administration.declared.sheet import Sheet
from jieban.desks.administration.editing.wanted import Wanted

Thing = dict[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Put:
    """A thing as it is wanted, among the others: `made` None takes `code` out. `place` counts from 1."""

    code: str
    made: Thing | None
    place: int = 0


def things(ground: Ground, about: Sheet) -> dict[str, Thing]:
    """What is listed, by its code, in order."""
    there = ground.value(about.document, *about.path)
    if about.keyed:
        members = there.items() if isinstance(there, dict) else ()
        return {str(code): {about.key: str(code), **each} for code, each in members if isinstance(each, dict)}
    return {str(each[about.key]): dict(each) for each in (there if isinstance(there, list) else ())}


def value_of(one: Mapping[str, object], key: str) -> object:
    """A thing's value under a key that may go deeper; None if absent."""
    found: object = one
    for part in key.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def filled(form: EditForm, fields: Iterable[Field], old: Mapping[str, object]) -> Thing:
    """What was typed, without what says no more than what holds where nothing is said."""
    values, made = form.values(), Thing()
    for each in fields:
        value = values[each.key]
        if value is None or (value == each.absent and value_of(old, each.key) is None):
            continue
        _put(made, each.key.split("."), value)
    return made


def kept(old: Thing, made: Thing, fields: Iterable[Field]) -> Thing:
    """`made` with what the form doesn't ask for, in the old order; the old one itself where nothing differs."""
    asked = {each.key.partition(".")[0] for each in fields}
    rest = {key: value for key, value in old.items() if key not in asked}
    whole = {**{key: made[key] for key in old if key in made}, **rest, **made}
    whole = {key: whole[key] for key in dict.fromkeys((*old, *whole)) if key in whole}
    return old if whole == old else whole


def wanted(ground: Ground, about: Sheet, put: Put, fields: Iterable[Field], title: str) -> Wanted:
    """The change that puts a thing there, or takes it out."""
    return (
        _of_keyed(ground, about, put, fields, title)
        if about.keyed
        else _listed(ground, about, put, fields, title)
    )


def _of_keyed(ground: Ground, about: Sheet, put: Put, fields: Iterable[Field], title: str) -> Wanted:
    asked = [each.key for each in fields]
    site = (*about.path, put.code)
    values = {(*site, *key.split(".")): value_of(put.made or {}, key) for key in asked}
    places = {(about.document, *path): key for path, key in zip(values, asked, strict=True)}
    for key in reversed(asked):  # what is told of a table within is told beside its first field
        places[about.document, *site, key.partition(".")[0]] = key
    places[about.document, *site] = asked[0]
    return Wanted(title=title, changes=ground.set_values(about.document, values), places=places)


def _listed(ground: Ground, about: Sheet, put: Put, fields: Iterable[Field], title: str) -> Wanted:
    rest = [each for code, each in things(ground, about).items() if code != put.code]
    number = min(max(put.place, 1), len(rest) + 1) - 1
    after = rest if put.made is None else [*rest[:number], put.made, *rest[number:]]
    asked = [about.key, *(each.key for each in fields)]
    site = (about.document, *about.path, str(number))
    places = {(*site, *key.split(".")): key for key in asked}
    return Wanted(
        title=title,
        changes=ground.set_values(about.document, {about.path: after}),
        places={**places, site: asked[1], (about.document, *about.path): asked[1]},
    )


def _put(made: Thing, path: list[str], value: object) -> None:
    key, *rest = path
    if not rest:
        made[key] = value
        return
    inner = made.setdefault(key, Thing())
    if isinstance(inner, dict):
        _put(inner, rest, value)
