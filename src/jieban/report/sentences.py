"""Sentences from phrases: templates of the profile's wording filled with figures, joined so that nothing dangles.

A phrase never holds a number of its own; its `{places}` take figures, words or whole run sequences.
A clause without its figures is empty, and an empty clause takes its comma with it.
"""

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from jieban.kernel.i18n import tr
from jieban.profile.city import BadProfile
from jieban.report.document import Figure, Run, Text

Runs = tuple[Run, ...]
Part = str | Text | Figure | Runs

COMMA = ","
SEMICOLON = ";"
ENUMERATION = "、"
STOP = "。"


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    return tuple(
        (literal, place) for literal, place, _format, _conversion in string.Formatter().parse(template)
    )


def places(template: str) -> frozenset[str]:
    """The names of the template's places. Raises ValueError for a malformed template."""
    return frozenset(place for _, place in _pieces(template) if place is not None)


def _runs(part: Part) -> Iterator[Run]:
    if isinstance(part, str):
        yield Text(part)
    elif isinstance(part, Text | Figure):
        yield part
    else:
        yield from part


def tidy(runs: Iterable[Run]) -> Runs:
    """The runs with neighbouring plain texts made one and empty ones left out."""
    out: list[Run] = []
    for run in runs:
        if isinstance(run, Text):
            if not run.text:
                continue
            last = out[-1] if out else None
            if isinstance(last, Text) and last.strong == run.strong:
                out[-1] = Text(last.text + run.text, run.strong)
                continue
        out.append(run)
    return tuple(out)


def fill(template: str, name: str, /, **values: Part) -> Runs:
    """A template with its places filled. `name` names it in the message of BadProfile for an unknown place."""
    out: list[Run] = []
    for literal, place in _pieces(template):
        out.append(Text(literal))
        if place is None:
            continue
        if place not in values:
            raise BadProfile(
                tr("措辞“{name}”用了没有的占位“{place}”。", name=name, place=place),
                fix=tr("可用的占位:{places}。", places="、".join(sorted(values))),
            )
        out.extend(_runs(values[place]))
    return tidy(out)


def phrase(wording: Mapping[str, str], key: str, /, **values: Part) -> Runs:
    """The phrase `key` filled. Raises BadProfile when the profile lacks it or it asks for an unknown place."""
    template = wording.get(key)
    if template is None:
        raise BadProfile(tr("配置缺少措辞“{key}”。", key=key), fix=tr("请在 wording.toml 中补上。"))
    return fill(template, key, **values)


def join(parts: Iterable[Part], separator: str = "") -> Runs:
    """The parts that say something, with the separator between them."""
    out: list[Run] = []
    for part in parts:
        runs = tidy(_runs(part))
        if not runs:
            continue
        if out:
            out.append(Text(separator))
        out.extend(runs)
    return tidy(out)


def sentence(clauses: Iterable[Part], *, separator: str = COMMA, stop: str = STOP) -> Runs:
    """The clauses that say something as one sentence; nothing at all when none does."""
    body = join(clauses, separator)
    return tidy((*body, Text(stop))) if body else ()


def strong(runs: Sequence[Run]) -> Runs:
    """The runs' texts set strong, e.g. a paragraph's opening words."""
    return tuple(Text(run.text, strong=True) if isinstance(run, Text) else run for run in runs)
