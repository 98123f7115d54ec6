"""Things of the city's lists with their names in time, as tables show them."""

from dataclasses import dataclass
from datetime import date

from jieban.desks.administration.said import days_words
from jieban.kernel.i18n import tr
from jieban.profile.model import Named


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedRow:
    """Something of the profile with its names in time: `before` what it carries on, `after` what carries it on.

    `cells` are what its list says of it besides; `open`: it may be renamed or ended.
    """

    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    days: str
    holds: bool
    before: str
    came_from: tuple[str, ...]
    after: str
    cells: tuple[str, ...] = ()
    open: bool = False


def named_row(one: Named, among: tuple[Named, ...], today: date, *, cells: tuple[str, ...] = ()) -> NamedRow:
    """A thing beside those `among` which it was and will be."""
    names = {each.code: each.name for each in among}
    before = [each for each in among if each.successor == one.code]
    after = ""
    if one.successor is not None:
        name = names.get(one.successor, one.successor)
        after = tr("更名为{name}", name=name) if one.renamed_to else tr("并入{name}", name=name)
    return NamedRow(
        code=one.code,
        name=one.name,
        short_name=one.short_name,
        aliases=one.aliases,
        days=days_words(one.validity),
        holds=one.validity.covers(today),
        came_from=tuple(each.name for each in before),
        before="、".join(f"{each.name}（{days_words(each.validity)}）" for each in before),
        after=after,
        cells=cells,
        open=one.successor is None and one.validity.last is None,
    )
