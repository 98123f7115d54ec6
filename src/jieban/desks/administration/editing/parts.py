"""The parts of the desk that show declared lists and sheets, each with the ways to edit it."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.administration.declared.fields import Field
from jieban.desks.administration.declared.ground import Ground
from jieban.desks.administration.declared.listings import LISTINGS, Listing, named, scheme_names
from jieban.desks.administration.declared.sheet import Sheet
from jieban.desks.administration.declared.table import sheets
from jieban.desks.administration.editing.sheets import name_of
from jieban.desks.administration.editing.things import Thing, things, value_of
from jieban.desks.administration.named import NamedRow, named_row
from jieban.desks.administration.sheet import sheet as page_of
from jieban.desks.administration.words.differences import text_of_key
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import listed, tr
from jieban.people.city import city

_SHOWN_ELSEWHERE = frozenset({"name", "short_name", "aliases"})
_FEW = 12
"""Values of a table that stand open on a page: more are folded away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """A list as a table: what its columns are called, and its rows."""

    about: Listing
    columns: tuple[str, ...]
    rows: tuple[NamedRow, ...]
    holding: int
    short: bool

    @property
    def dated(self) -> bool:
        """Whether one of them has a day on which it begins or ends, or a past."""
        return any(row.days or row.after or row.before for row in self.rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A sheet as it stands: the things of a list with their cells, or the values of a table."""

    about: Sheet
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def folded(self) -> bool:
        """Whether it is too long to stand open."""
        return len(self.facts) > _FEW


@require_safe
@at_desk("administration")
def part(visit: Visit, part: str) -> HttpResponse:
    """What belongs to a part."""
    today, id_ = city().clock.local_date(visit.now), f"{part}/"
    ground = Ground.now()
    context = {
        "titles": _titles(id_),
        "listings": [
            rows_of(each, ground, today) for each in LISTINGS.values() if each.part == id_ and not each.at
        ],
        "sheets": [_shown(ground, each) for each in sheets().values() if each.part == id_],
    }
    return page_of(visit, id_, "part", context)


@require_safe
@at_desk("administration")
def communities(visit: Visit) -> HttpResponse:
    """The communities and villages of one street."""
    asked = visit.request.GET.get("street") or next(iter(city().streets), "")
    if asked not in city().streets:
        raise Http404
    counts = {code: len(city().communities_of(code)) for code in city().streets}
    context = {
        "street": city().streets[asked],
        "streets": [(each, counts[each.code]) for each in city().streets.values()],
        "rows": city().communities_of(asked),
    }
    return page_of(visit, "streets/", "communities", context)


def rows_of(about: Listing, ground: Ground, today: date) -> Rows:
    """A list with days, as it stands."""
    cells = {row["code"]: row for row in ground.listed(about.document).rows}
    fields = [each for each in (*about.fields(), *about.first()) if each.key not in _SHOWN_ELSEWHERE]
    known = named(about, city())
    said = {code: {each.key: _cell(each, cells[code].get(each.key, "")) for each in fields} for code in known}
    # A column in which nothing stands says nothing.
    used = [each for each in fields if any(row[each.key] for row in said.values())]
    rows = tuple(
        named_row(one, tuple(known.values()), today, cells=tuple(said[code][each.key] for each in used))
        for code, one in known.items()
    )
    return Rows(
        about=about,
        columns=tuple(each.label for each in used),
        rows=rows,
        holding=sum(row.holds for row in rows),
        short=any(each.key == "short_name" for each in about.fields()),
    )


def _cell(field: Field, cell: str) -> str:
    if field.key == "scheme":
        return scheme_names().get(cell, cell)
    if field.key == "parent" and cell in city().units:
        return city().units[cell].short_name
    return text_of_key(field.key, cell)


def _titles(part: str) -> tuple[str, str]:
    """What a part is called at its top, and what is to be known of it."""
    return {
        "units/": (tr("单位"), ""),
        "streets/": (
            tr("街道乡镇"),
            tr("登记时选的地点,领导页上的地图。停用的不再出现在登记时,旧工单照样显示。"),
        ),
        "doors/": (
            tr("受理:类型、渠道、信箱"),
            tr("停用的不再出现在登记时,旧工单照样显示,旧月份的数字不变。修改由另一位系统管理员审核。"),
        ),
        "templates/": (tr("模板与规程"), tr("修改由另一位系统管理员审核以后,自写明的那一天起生效。")),
        "reports/": (
            tr("报告与口径"),
            tr("修改由另一位系统管理员审核以后,自写明的那一天起生效。已冻结的草稿和已发布的报告不变。"),
        ),
    }[part]


def _shown(ground: Ground, about: Sheet) -> Shown:
    if not about.key:
        return Shown(about=about, facts=_facts(ground, about))
    columns = (
        *(each.label for each in about.fields),
        *((about.more_called,) if about.more is not None else ()),
    )
    listed_ = [(code, name_of(about, one), _cells(about, one)) for code, one in things(ground, about).items()]
    # A column in which nothing stands says nothing.
    used = [n for n in range(len(columns)) if any(cells[n] for _, _, cells in listed_)]
    return Shown(
        about=about,
        columns=tuple(columns[n] for n in used),
        rows=tuple((code, name, tuple(cells[n] for n in used)) for code, name, cells in listed_),
    )


def _cells(about: Sheet, one: Thing) -> tuple[str, ...]:
    said = tuple(_said(each, one) for each in about.fields)
    if about.more is None:
        return said
    rest = [
        f"{each.label} {_said(each, one)}" for each in about.more(one) if value_of(one, each.key) is not None
    ]
    return (*said, listed(rest))


def _said(field: Field, one: Thing) -> str:
    value = value_of(one, field.key)
    return text_of_key(field.said_as or field.key, field.absent if value is None else value)


def _facts(ground: Ground, about: Sheet) -> tuple[tuple[str, str], ...]:
    """Each value of a table, an amount with its unit behind it."""
    there = {
        each.key: ground.value(about.document, *about.path, *each.key.split(".")) for each in about.fields
    }
    found = []
    for each in about.fields:
        if each.key.endswith(".basis"):
            continue
        said = text_of_key(each.key, there[each.key])
        if each.key.endswith(".amount"):
            said += f" {text_of_key('basis', there[each.key.rpartition('.')[0] + '.basis'])}"
        found.append((each.label, said))
    return tuple(found)
