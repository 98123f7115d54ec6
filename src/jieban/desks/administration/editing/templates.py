"""Templates and rules edited: the values of a table, or one thing of a list, which has a place among the others."""

from collections.abc import Iterable, Mapping

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.administration.editing.differences import text_of_key
from jieban.desks.administration.editing.fields import EditForm, Field, Kind
from jieban.desks.administration.editing.page import Edit, edit_page
from jieban.desks.administration.editing.sheets import Sheet, sheets
from jieban.desks.administration.editing.units import code_field
from jieban.desks.administration.editing.wanted import Ground, NotSo, Wanted
from jieban.desks.administration.sheet import sheet as page_of
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import tr

_PART, _BACK = "templates/", "/desk/administration/templates/"
Item = dict[str, object]


@require_safe
@at_desk("administration")
def everything(visit: Visit) -> HttpResponse:
    """What holds, by sheet, with the ways to edit it."""
    ground = Ground.now()
    shown = [
        (each, _rows(ground, each) if each.key else (), () if each.key else _facts(ground, each))
        for each in sheets().values()
    ]
    return page_of(visit, _PART, "templates", {"sheets": shown})


@at_desk("administration")
def table(visit: Visit, sheet: str) -> HttpResponse:
    """The values of a table."""
    about = _sheet(sheet, listed=False)

    def build(form: EditForm, ground: Ground) -> Wanted:
        values = {_path(about, key): value for key, value in form.values().items()}
        places = {(about.document, *_path(about, each.key)): each.key for each in form.declared}
        return Wanted(
            title=tr("修改{title}", title=about.title),
            changes=ground.set_values(about.document, values),
            places=places,
        )

    ground = Ground.now()
    edit = Edit(
        part=_PART,
        title=tr("修改{title}", title=about.title),
        lead=about.lead,
        fields=about.fields,
        initial={
            each.key: each.shown(ground.value(about.document, *_path(about, each.key)))
            for each in about.fields
        },
        build=build,
        back=_BACK,
        dated=True,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def new(visit: Visit, sheet: str) -> HttpResponse:
    """One more of a list, at its end or where its place says."""
    about = _sheet(sheet, listed=True)
    if about.fixed:
        raise Http404

    def build(form: EditForm, ground: Ground) -> Wanted:
        items, code = _items(ground, about), form.cleaned_data[about.key]
        if any(each[about.key] == code for each in items):
            raise NotSo(about.key, tr("代码“{code}”已经用过。", code=code))
        made = {about.key: code, **_filled(form, about)}
        after = _placed([*items, made], made, form.cleaned_data["place"])
        return _wanted(ground, about, after, made, tr("{title}:新增", title=about.title))

    count = len(_items(Ground.now(), about))
    edit = Edit(
        part=_PART,
        title=tr("{title}:新增", title=about.title),
        lead=about.lead,
        fields=(code_field(about.key), *about.fields, _place(count + 1)),
        initial={"place": count + 1},
        build=build,
        back=_BACK,
        dated=True,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def item(visit: Visit, sheet: str, code: str) -> HttpResponse:
    """One of a list: other values, another place, or gone."""
    about = _sheet(sheet, listed=True)
    there = _items(Ground.now(), about)
    place = next((number for number, each in enumerate(there, start=1) if each[about.key] == code), None)
    if place is None:
        raise Http404
    name = str(there[place - 1].get("name", code))
    gone = Field(key="gone", label=tr("删去这一项"), kind=Kind.FLAG)

    def build(form: EditForm, ground: Ground) -> Wanted:
        items = _items(ground, about)
        old = next((each for each in items if each[about.key] == code), None)
        if old is None:
            raise NotSo("name", tr("这一项已经不在了。"))
        if form.cleaned_data.get("gone"):
            left = [each for each in items if each is not old]
            title = tr("{title}:删去“{name}”", title=about.title, name=name)
            return _wanted(ground, about, left, old, title)
        filled = _filled(form, about)
        kept = {key: value for key, value in old.items() if key not in {each.key for each in about.fields}}
        made = {**{key: filled[key] for key in old if key in filled}, **kept, **filled}
        # What isn't said is what it was: false, and not there.
        made = {key: made[key] for key in dict.fromkeys((*old, *made)) if key in made}
        if made == old:
            made = old
        changed = [made if each is old else each for each in items]
        after = _placed(changed, made, form.cleaned_data.get("place") or place)
        return _wanted(ground, about, after, made, tr("{title}:修改“{name}”", title=about.title, name=name))

    extra = () if about.fixed else (_place(len(there)), gone)
    edit = Edit(
        part=_PART,
        title=tr("{title}:{name}", title=about.title, name=name),
        lead=about.lead,
        fields=(*about.fields, *extra),
        initial={
            **{each.key: each.shown(there[place - 1].get(each.key)) for each in about.fields},
            "place": place,
        },
        build=build,
        back=_BACK,
        dated=True,
    )
    return edit_page(visit, edit)


def _sheet(given: str, *, listed: bool) -> Sheet:
    about = sheets().get(given)
    if about is None or bool(about.key) != listed:
        raise Http404
    return about


def _path(about: Sheet, key: str) -> tuple[str, ...]:
    return (*about.path, *key.split("."))


def _items(ground: Ground, about: Sheet) -> list[Item]:
    there = ground.value(about.document, *about.path)
    return [dict(each) for each in there if isinstance(each, Mapping)] if isinstance(there, list) else []


def _filled(form: EditForm, about: Sheet) -> Item:
    values = form.values()
    return {each.key: values[each.key] for each in about.fields if values[each.key] is not None}


def _placed(items: list[Item], made: Item, place: int) -> list[Item]:
    rest = [each for each in items if each is not made]
    at = min(max(place, 1), len(items)) - 1
    return [*rest[:at], made, *rest[at:]]


def _place(count: int) -> Field:
    return Field(
        key="place",
        label=tr("次序"),
        kind=Kind.NUMBER,
        required=True,
        least=1,
        hint=tr("从 1 到 {n}。", n=count),
    )


def _wanted(ground: Ground, about: Sheet, after: list[Item], made: Item, title: str) -> Wanted:
    number = next((number for number, each in enumerate(after) if each is made), 0)
    site = (about.document, *about.path, str(number))
    places = {(*site, key): key for key in (about.key, *(each.key for each in about.fields))}
    return Wanted(
        title=title,
        changes=ground.set_values(about.document, {about.path: after}),
        places={**places, site: about.fields[0].key},
    )


def _rows(ground: Ground, about: Sheet) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Each thing of a list: its code, its name, and its cells."""
    return tuple(
        (
            str(each[about.key]),
            str(each.get("name", each[about.key])),
            tuple(_cells(each, about.fields)),
        )
        for each in _items(ground, about)
    )


def _cells(one: Item, fields: Iterable[Field]) -> Iterable[str]:
    return (text_of_key(each.key, one.get(each.key)) for each in fields)


def _facts(ground: Ground, about: Sheet) -> tuple[tuple[str, str], ...]:
    """Each value of a table, an amount with its unit behind it."""
    found = []
    for each in about.fields:
        if each.key.endswith(".basis"):
            continue
        said = text_of_key(each.key, ground.value(about.document, *_path(about, each.key)))
        if each.key.endswith(".amount"):
            basis = f"{each.key.rpartition('.')[0]}.basis"
            said += f" {text_of_key('basis', ground.value(about.document, *_path(about, basis)))}"
        found.append((each.label, said))
    return tuple(found)
