"""Documents edited by the declared sheets: the values of a table, or one thing of a list."""

from django.http import Http404, HttpResponse

from jieban.desks.administration.declared.fields import EditForm, Field, Kind, code_field
from jieban.desks.administration.declared.ground import Ground
from jieban.desks.administration.declared.sheet import Sheet
from jieban.desks.administration.declared.table import sheets
from jieban.desks.administration.editing.page import Edit, edit_page
from jieban.desks.administration.editing.things import Put, filled, kept, things, value_of, wanted
from jieban.desks.administration.editing.wanted import NotSo, Wanted
from jieban.desks.administration.words.differences import text_of_key
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import tr


@at_desk("administration")
def table(visit: Visit, sheet: str) -> HttpResponse:
    """The values of a table."""
    about = _sheet(sheet, listed=False)

    def build(form: EditForm, ground: Ground) -> Wanted:
        values = {_path(about, key): value for key, value in form.values().items()}
        places = {(about.document, *_path(about, each.key)): each.key for each in form.declared}
        if about.path:
            places[about.document, *about.path] = about.fields[0].key
        return Wanted(
            title=tr("修改{title}", title=about.title),
            changes=ground.set_values(about.document, values),
            places=places,
        )

    ground = Ground.now()
    edit = Edit(
        part=about.part,
        title=tr("修改{title}", title=about.title),
        lead=about.lead,
        fields=about.fields,
        initial={
            each.key: each.shown(ground.value(about.document, *_path(about, each.key)))
            for each in about.fields
        },
        build=build,
        back=_back(about),
        dated=True,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def new(visit: Visit, sheet: str) -> HttpResponse:
    """One more of a list, at its end or where its place says."""
    about = _sheet(sheet, listed=True)
    if about.fixed:
        raise Http404
    count = len(things(Ground.now(), about))
    fields = (*about.fields, *about.first)

    def build(form: EditForm, ground: Ground) -> Wanted:
        code = form.cleaned_data[about.key]
        if code in things(ground, about):
            raise NotSo(about.key, tr("代码“{code}”已经用过。", code=code))
        made = filled(form, fields, {})
        if not about.keyed:
            made = {about.key: code, **made}
        put = Put(code=code, made=made, place=form.cleaned_data.get("place") or 0)
        return wanted(ground, about, put, fields, tr("{title}:新增", title=about.title))

    edit = Edit(
        part=about.part,
        title=tr("{title}:新增", title=about.title),
        lead=about.lead,
        fields=(code_field(about.key), *fields, *(() if about.keyed else (_place(count + 1),))),
        initial={"place": count + 1, **{each.key: each.shown(None) for each in fields}},
        build=build,
        back=_back(about),
        dated=True,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def item(visit: Visit, sheet: str, code: str) -> HttpResponse:
    """One of a list: other values, another place, or gone."""
    about = _sheet(sheet, listed=True)
    there = things(Ground.now(), about)
    if code not in there:
        raise Http404
    one, place = there[code], list(there).index(code) + 1
    name, fields = name_of(about, one), about.fields_of(one)

    def build(form: EditForm, ground: Ground) -> Wanted:
        old = things(ground, about).get(code)
        if old is None:
            raise NotSo(fields[0].key, tr("这一项已经不在了。"))
        if form.cleaned_data.get("gone"):
            title = tr("{title}:删去“{name}”", title=about.title, name=name)
            return wanted(ground, about, Put(code=code, made=None), fields, title)
        made = kept(old, filled(form, fields, old), fields)
        put = Put(code=code, made=made, place=form.cleaned_data.get("place") or place)
        return wanted(ground, about, put, fields, tr("{title}:修改“{name}”", title=about.title, name=name))

    gone = Field(key="gone", label=tr("删去这一项"), kind=Kind.FLAG)
    edit = Edit(
        part=about.part,
        title=tr("{title}:{name}", title=about.title, name=name),
        lead=about.lead,
        fields=(*fields, *(() if about.fixed or about.keyed else (_place(len(there)), gone))),
        initial={**{each.key: each.shown(value_of(one, each.key)) for each in fields}, "place": place},
        build=build,
        back=_back(about),
        dated=True,
    )
    return edit_page(visit, edit)


def name_of(about: Sheet, one: dict[str, object]) -> str:
    """What a thing is called: by its name or title, else by what it says first."""
    first = about.fields[0].key
    return str(one.get("name") or one.get("title") or text_of_key(first, one.get(first)) or one[about.key])


def _sheet(given: str, *, listed: bool) -> Sheet:
    about = sheets().get(given)
    if about is None or bool(about.key) != listed:
        raise Http404
    return about


def _back(about: Sheet) -> str:
    return f"{about.path_of_page}#{about.id}"


def _path(about: Sheet, key: str) -> tuple[str, ...]:
    return (*about.path, *key.split("."))


def _place(count: int) -> Field:
    return Field(
        key="place",
        label=tr("次序"),
        kind=Kind.NUMBER,
        required=True,
        least=1,
        hint=tr("从 1 到 {n}。", n=count),
    )
