"""Units edited: corrected, new, renamed, merged into another, closed."""

from datetime import date, timedelta

from django.http import Http404, HttpResponse

from jieban.desks.administration.editing.fields import Choices, EditForm, Field, Kind
from jieban.desks.administration.editing.page import Edit, edit_page
from jieban.desks.administration.editing.wanted import Ground, NotSo, Wanted
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import tr
from jieban.people.city import city
from jieban.profile.documents.changes import Site
from jieban.profile.model import Unit

_DOCUMENT = "units.csv"
_BACK = "/desk/administration/units/"
_ONE_DAY = timedelta(days=1)


def code_field(key: str = "code") -> Field:
    """The code of something new."""
    return Field(
        key=key,
        label=tr("代码"),
        kind=Kind.CODE,
        required=True,
        hint=tr("小写字母、数字和连字符;写进台账和工单,以后不能改。"),
    )


def _fields() -> tuple[Field, ...]:
    return (
        Field(key="name", label=tr("名称"), required=True),
        Field(key="short_name", label=tr("简称"), hint=tr("表格里用;不填则同名称。")),
        Field(key="kind", label=tr("种类"), kind=Kind.ONE, required=True, choices=_kinds),
        Field(key="group", label=tr("报告分组"), kind=Kind.ONE, required=True, choices=_groups),
        Field(key="parent", label=tr("上级"), kind=Kind.ONE, choices=_units),
        aliases_field(),
    )


def aliases_field() -> Field:
    """Every other way in which something is written."""
    return Field(
        key="aliases", label=tr("其他写法"), kind=Kind.LINES, hint=tr("每行一个;台账里整格相同才认作它。")
    )


@at_desk("administration")
def new(visit: Visit) -> HttpResponse:
    """A unit that wasn't there before."""
    day = Field(key="valid_from", label=tr("起始日"), kind=Kind.DAY, hint=tr("不填则一直都在。"))

    def build(form: EditForm, ground: Ground) -> Wanted:
        cells = form.cells()
        _new_code(ground, cells["code"])
        group = [row for row in ground.listed(_DOCUMENT).rows if row.get("group") == cells["group"]]
        after = (group[-1]["code"],) if group else None
        return Wanted(
            title=tr("新增单位“{name}”", name=cells["name"]),
            changes=ground.add_row(_DOCUMENT, cells, after=after),
            places=_places(cells["code"], form),
        )

    edit = Edit(
        part="units/",
        title=tr("新增单位"),
        lead=tr("机构改名、合并请到原单位那里办理,才接得上。"),
        fields=(code_field(), *_fields(), day),
        initial={"valid_from": city().clock.local_date(visit.now)},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def correct(visit: Visit, code: str) -> HttpResponse:
    """What a unit is called and where it counts, as a correction."""
    unit = _unit(code)
    fields = (
        *_fields(),
        Field(key="valid_from", label=tr("起始日"), kind=Kind.DAY),
        Field(key="valid_to", label=tr("最后一日"), kind=Kind.DAY),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        return Wanted(
            title=tr("修改单位“{name}”", name=unit.name),
            changes=ground.set_row(_DOCUMENT, (code,), form.cells()),
            places=_places(code, form),
        )

    row = Ground.now().row(_DOCUMENT, (code,)) or {}
    edit = Edit(
        part="units/",
        title=tr("修改单位“{name}”", name=unit.name),
        lead=tr("这里改的是更正,各时期都按改过的算。机构从某日起改名、并入别处或撤销,请用“更名”“撤并”。"),
        fields=fields,
        initial={each.key: each.of_cell(row.get(each.key, "")) for each in fields},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def rename(visit: Visit, code: str) -> HttpResponse:
    """The same unit under another name from a day on: a row that ends, and one that begins."""
    unit = _unit(code)
    fields = (
        Field(key="name", label=tr("新名称"), required=True),
        Field(key="short_name", label=tr("新简称"), hint=tr("表格里用;不填则同名称。")),
        Field(key="code", label=tr("新代码"), kind=Kind.CODE, required=True, hint=code_field().hint),
        Field(key="first", label=tr("自哪一天起"), kind=Kind.DAY, required=True),
        aliases_field(),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        said = form.cells()
        _new_code(ground, said["code"])
        first, old = date.fromisoformat(said["first"]), ground.row(_DOCUMENT, (code,))
        if old is None:
            raise Http404
        _within(unit, first)
        last = (first - _ONE_DAY).isoformat()
        begun = {key: said[key] for key in ("code", "name", "short_name", "aliases")}
        made = {**old, **begun, "valid_from": said["first"], "valid_to": old.get("valid_to", "")}
        inner = [row for row in ground.listed(_DOCUMENT).rows if row.get("parent") == code]
        moved = [
            each
            for row in inner
            for each in ground.set_row(_DOCUMENT, (row["code"],), {"parent": said["code"]})
        ]
        return Wanted(
            title=tr("“{name}”更名为“{new}”", name=unit.name, new=said["name"]),
            changes=(
                *ground.set_row(_DOCUMENT, (code,), {"valid_to": last, "renamed_to": said["code"]}),
                *ground.add_row(_DOCUMENT, made, after=(code,)),
                *moved,
            ),
            places={
                **_places(said["code"], form),
                (_DOCUMENT, code): "first",
                (_DOCUMENT, said["code"], "valid_from"): "first",
            },
        )

    edit = Edit(
        part="units/",
        title=tr("“{name}”更名", name=unit.name),
        lead=tr("旧名到前一日为止;在办的由新名的单位接着办。旧月份的报告仍用旧名,与以前比较时接得上。"),
        fields=fields,
        initial={"first": city().clock.local_date(visit.now)},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def end(visit: Visit, code: str) -> HttpResponse:
    """A unit's last day, with the one that carries on."""
    unit = _unit(code)
    fields = (
        Field(key="valid_to", label=tr("最后一日"), kind=Kind.DAY, required=True, hint=tr("含当日。")),
        Field(
            key="merged_into",
            label=tr("并入"),
            kind=Kind.ONE,
            choices=lambda: [each for each in _units() if each[0] != code],
            hint=tr("不选就是撤销,没有人承接。"),
        ),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        cells = form.cells()
        into = cells["merged_into"]
        title = (
            tr("“{name}”并入“{into}”", name=unit.name, into=city().units[into].name)
            if into
            else tr("撤销“{name}”", name=unit.name)
        )
        return Wanted(
            title=title,
            changes=ground.set_row(_DOCUMENT, (code,), {**cells, "renamed_to": ""}),
            places={**_places(code, form), (_DOCUMENT, code): "merged_into"},
        )

    edit = Edit(
        part="units/",
        title=tr("“{name}”并入或撤销", name=unit.name),
        lead=tr("代码和名称都留着:旧工单、旧报告还要用。"),
        fields=fields,
        initial={"valid_to": city().clock.local_date(visit.now)},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


def _unit(code: str) -> Unit:
    unit = city().units.get(code)
    if unit is None:
        raise Http404
    return unit


def _new_code(ground: Ground, code: str) -> None:
    if ground.row(_DOCUMENT, (code,)) is not None:
        raise NotSo("code", tr("代码“{code}”已经用过,不能再用。", code=code))


def _within(unit: Unit, first: date) -> None:
    """A name ends the day before the other begins, and was there until then."""
    begun, last = unit.validity.first, unit.validity.last
    if (begun is not None and first <= begun) or (last is not None and first > last):
        raise NotSo("first", tr("这一天不在“{name}”的期间之内。", name=unit.name))


def _places(code: str, form: EditForm) -> dict[Site, str]:
    found: dict[Site, str] = {(_DOCUMENT, code, each.key): each.key for each in form.declared}
    found[_DOCUMENT, code] = "name"  # a spelling that means another unit, too, is told of the whole row
    return found


def _kinds() -> Choices:
    return [(each.code, each.name) for each in city().unit_kinds]


def _groups() -> Choices:
    return [(each.code, each.name) for each in city().unit_groups]


def _units() -> Choices:
    return [(each.code, each.name) for each in city().units.values() if each.successor is None]
