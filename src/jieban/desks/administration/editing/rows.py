"""Rows of the declared lists edited: corrected, new, renamed, carried on by another, closed, taken out."""

from datetime import date, timedelta

from django.http import Http404, HttpResponse

from jieban.desks.administration.declared.fields import EditForm, Field, Kind, aliases_field, code_field
from jieban.desks.administration.declared.ground import Ground
from jieban.desks.administration.declared.listings import LISTINGS, Listing, named
from jieban.desks.administration.editing.page import Edit, edit_page
from jieban.desks.administration.editing.wanted import NotSo, Wanted
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import tr, tr_later
from jieban.people.city import city
from jieban.profile.documents.changes import Change, RowChange, Site
from jieban.profile.model import Community, Named

_ONE_DAY = timedelta(days=1)


@at_desk("administration")
def new(visit: Visit, listing: str) -> HttpResponse:
    """One that wasn't there before."""
    about = LISTINGS[listing]
    day = Field(key="valid_from", label=tr("起始日"), kind=Kind.DAY, hint=tr("不填则一直都在。"))

    def build(form: EditForm, ground: Ground) -> Wanted:
        cells = form.cells()
        _new_code(ground, about, cells["code"])
        brought: tuple[Change, ...] = ()
        if about.founded is not None:
            cells, brought = about.founded(ground, cells)
        beside = [
            row
            for row in ground.listed(about.document).rows
            if about.beside and row.get(about.beside) == cells[about.beside]
        ]
        after = (beside[-1]["code"],) if beside else None
        return Wanted(
            title=tr("新增{what}“{name}”", what=about.name, name=cells["name"]),
            changes=(*ground.add_row(about.document, cells, after=after), *brought),
            places=_places(about, cells["code"], form),
        )

    asked = visit.request.GET
    edit = Edit(
        part=about.part,
        title=tr("新增{what}", what=about.name),
        lead="" if about.lead is None else tr_later(about.lead),
        fields=(code_field(), *about.fields(), *about.first(), *((day,) if about.days else ())),
        initial={
            "valid_from": city().clock.local_date(visit.now),
            **({about.beside: asked[about.beside]} if about.beside in asked else {}),
        },
        build=build,
        back=about.back,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def correct(visit: Visit, listing: str, code: str) -> HttpResponse:
    """What one is called and where it counts, as a correction."""
    about = LISTINGS[listing]
    name = _one(about, code).name
    days = (
        Field(key="valid_from", label=tr("起始日"), kind=Kind.DAY, hint=tr("不填则一直都在。")),
        Field(key="valid_to", label=tr("最后一日"), kind=Kind.DAY, hint=tr("不填则不限。")),
    )
    fields = (*about.fields(), *(days if about.days else ()))

    def build(form: EditForm, ground: Ground) -> Wanted:
        return Wanted(
            title=tr("修改{what}“{name}”", what=about.name, name=name),
            changes=ground.set_row(about.document, (code,), form.cells()),
            places=_places(about, code, form),
        )

    row = Ground.now().row(about.document, (code,)) or {}
    edit = Edit(
        part=about.part,
        title=tr("修改{what}“{name}”", what=about.name, name=name),
        lead=tr("这里改的是更正,各时期都按改过的算。从某日起改名、并入别处或撤销的,请用“更名”“撤并”。")
        if about.days
        else tr("工单里写的名称不变;登记时按改过的选。"),
        fields=fields,
        initial={each.key: each.of_cell(row.get(each.key, "")) for each in fields},
        build=build,
        back=about.back,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def rename(visit: Visit, listing: str, code: str) -> HttpResponse:
    """The same one under another name from a day on: a row that ends, and one that begins."""
    about = LISTINGS[listing]
    old_one = _dated(about, code)
    short = any(each.key == "short_name" for each in about.fields())
    fields = (
        Field(key="name", label=tr("新名称"), required=True),
        *(
            (Field(key="short_name", label=tr("新简称"), hint=tr("表格里用;不填则同名称。")),)
            if short
            else ()
        ),
        Field(key="code", label=tr("新代码"), kind=Kind.CODE, required=True, hint=code_field().hint),
        Field(key="first", label=tr("自哪一天起"), kind=Kind.DAY, required=True),
        aliases_field(),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        said = form.cells()
        _new_code(ground, about, said["code"])
        first, old = date.fromisoformat(said["first"]), ground.row(about.document, (code,))
        if old is None:
            raise Http404
        _within(old_one, first)
        last = (first - _ONE_DAY).isoformat()
        begun = {key: cell for key, cell in said.items() if key != "first"}
        made = {**old, **begun, "valid_from": said["first"], "valid_to": old.get("valid_to", "")}
        return Wanted(
            title=tr("“{name}”更名为“{new}”", name=old_one.name, new=said["name"]),
            changes=(
                *ground.set_row(about.document, (code,), {"valid_to": last, "renamed_to": said["code"]}),
                *ground.add_row(about.document, made, after=(code,)),
                *_moved(ground, about, code, said["code"]),
            ),
            places={
                **_places(about, said["code"], form),
                (about.document, code): "first",
                (about.document, said["code"], "valid_from"): "first",
            },
        )

    edit = Edit(
        part=about.part,
        title=tr("“{name}”更名", name=old_one.name),
        lead=tr("旧名到前一日为止;在办的由新名的单位接着办。旧月份的报告仍用旧名,与以前比较时接得上。")
        if about.id == "units"
        else tr("旧名到前一日为止。旧工单、旧月份的报告仍用旧名,与以前比较时接得上。"),
        fields=fields,
        initial={"first": city().clock.local_date(visit.now)},
        build=build,
        back=about.back,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def end(visit: Visit, listing: str, code: str) -> HttpResponse:
    """The last day of one, with what carries on; what has no days is taken out."""
    about = LISTINGS[listing]
    if not about.days:
        return _taken_out(visit, about, code)
    ended = _dated(about, code)
    others = [
        (each.code, each.name)
        for each in named(about, city()).values()
        if each.successor is None and each.code != code
    ]
    fields = (
        Field(key="valid_to", label=tr("最后一日"), kind=Kind.DAY, required=True, hint=tr("含当日。")),
        Field(
            key="merged_into",
            label=tr("并入"),
            kind=Kind.ONE,
            choices=lambda: others,
            hint=tr("不选就是撤销,没有人承接。") if about.id == "units" else tr("不选就是停用,没有接替的。"),
        ),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        cells = form.cells()
        into = cells["merged_into"]
        if into:
            title = tr("“{name}”并入“{into}”", name=ended.name, into=dict(others)[into])
        elif about.id == "units":
            title = tr("撤销“{name}”", name=ended.name)
        else:
            title = tr("停用{what}“{name}”", what=about.name, name=ended.name)
        return Wanted(
            title=title,
            changes=ground.set_row(about.document, (code,), {**cells, "renamed_to": ""}),
            places={**_places(about, code, form), (about.document, code): "merged_into"},
        )

    edit = Edit(
        part=about.part,
        title=tr("“{name}”并入或撤销", name=ended.name)
        if about.id == "units"
        else tr("“{name}”停用或并入", name=ended.name),
        lead=tr("代码和名称都留着:旧工单、旧报告还要用。"),
        fields=fields,
        initial={"valid_to": city().clock.local_date(visit.now)},
        build=build,
        back=about.back,
    )
    return edit_page(visit, edit)


def _taken_out(visit: Visit, about: Listing, code: str) -> HttpResponse:
    gone = _one(about, code)

    def build(form: EditForm, ground: Ground) -> Wanted:
        del form
        was = ground.row(about.document, (code,))
        change = RowChange(document=about.document, key=(code,), was=was, now=None)
        return Wanted(
            title=tr("删去{what}“{name}”", what=about.name, name=gone.name),
            changes=() if was is None else (change,),
        )

    edit = Edit(
        part=about.part,
        title=tr("删去{what}“{name}”", what=about.name, name=gone.name),
        lead=tr("登记时不能再选;工单里写的是名称,照样显示,也照样查得到。"),
        fields=(),
        initial={},
        build=build,
        back=about.back,
    )
    return edit_page(visit, edit)


def _one(about: Listing, code: str) -> Named | Community:
    found = about.known(city()).get(code)
    if found is None:
        raise Http404
    return found


def _dated(about: Listing, code: str) -> Named:
    found = _one(about, code)
    if not isinstance(found, Named):
        raise Http404
    return found


def _new_code(ground: Ground, about: Listing, code: str) -> None:
    if ground.row(about.document, (code,)) is not None:
        raise NotSo("code", tr("代码“{code}”已经用过,不能再用。", code=code))


def _within(one: Named, first: date) -> None:
    """A name ends the day before the other begins, and was there until then."""
    begun, last = one.validity.first, one.validity.last
    if (begun is not None and first <= begun) or (last is not None and first > last):
        raise NotSo("first", tr("这一天不在“{name}”的期间之内。", name=one.name))


def _moved(ground: Ground, about: Listing, old: str, new_code: str) -> tuple[RowChange, ...]:
    """The rows that lie in a renamed one, under its new code."""
    inner = [row for row in ground.listed(about.document).rows if about.inner and row.get(about.inner) == old]
    return tuple(
        each
        for row in inner
        for each in ground.set_row(about.document, (row["code"],), {about.inner: new_code})
    )


def _places(about: Listing, code: str, form: EditForm) -> dict[Site, str]:
    found: dict[Site, str] = {(about.document, code, each.key): each.key for each in form.declared}
    found[about.document, code] = "name"  # a spelling that means another one, too, is told of the whole row
    return found
