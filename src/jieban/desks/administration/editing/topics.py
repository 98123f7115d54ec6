"""Topics and subtopics edited: corrected, new, renamed, moved under another topic, closed."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpResponse

from jieban.desks.administration.declared.fields import (
    Choices,
    EditForm,
    Field,
    Kind,
    aliases_field,
    code_field,
)
from jieban.desks.administration.declared.ground import Ground
from jieban.desks.administration.editing.page import Edit, edit_page
from jieban.desks.administration.editing.wanted import NotSo, Wanted
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import tr
from jieban.people.city import city
from jieban.profile.documents.changes import RowChange, Site
from jieban.profile.model import Named

_DOCUMENT = "topics.csv"
_PART, _BACK = "topics/", "/desk/administration/topics/"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A topic, or a subtopic of one: where its row stands, and what its columns are called."""

    scheme: str
    topic: str
    subtopic: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The row's."""
        return (self.scheme, self.topic, self.subtopic)

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return tr("子类") if self.subtopic else tr("分类")

    @property
    def name_column(self) -> str:
        """Where its name stands."""
        return "subtopic_name" if self.subtopic else "topic_name"

    @property
    def named(self) -> Named:
        """What it is today. Raises Http404 for what isn't there."""
        topics = city().schemes.get(self.scheme)
        found: Named | None = None if topics is None else topics.get(self.topic)
        if found is not None and self.subtopic:
            found = city().subtopics(self.scheme, self.topic).get(self.subtopic)
        if found is None:
            raise Http404
        return found

    def places(self, form: EditForm) -> dict[Site, str]:
        """Where each field ends up, for what is told of a cell."""
        site = (_DOCUMENT, *self.key)
        found: dict[Site, str] = {(*site, each.key): each.key for each in form.declared}
        return {**found, site: "name", (*site, self.name_column): "name"}


def _fields() -> tuple[Field, ...]:
    last = tr("不论件数多少,都排在最后,如“其他”。")
    return (
        Field(key="name", label=tr("名称"), required=True),
        aliases_field(),
        Field(key="last", label=tr("排在最后"), kind=Kind.FLAG, hint=last),
    )


def _days() -> tuple[Field, ...]:
    return (
        Field(key="valid_from", label=tr("起始日"), kind=Kind.DAY, hint=tr("不填则一直都在。")),
        Field(key="valid_to", label=tr("最后一日"), kind=Kind.DAY, hint=tr("不填则不限。")),
    )


@at_desk("administration")
def new(visit: Visit, scheme: str, topic: str = "") -> HttpResponse:
    """A new topic of a scheme, or a new subtopic of a topic."""
    if scheme not in city().schemes:
        raise Http404
    outer = Spot(scheme=scheme, topic=topic).named if topic else None

    def build(form: EditForm, ground: Ground) -> Wanted:
        said = form.cells()
        spot = Spot(scheme=scheme, topic=topic or said["code"], subtopic=said["code"] if topic else "")
        _new_key(ground, spot)
        rows = [row for row in ground.listed(_DOCUMENT).rows if row["scheme"] == scheme]
        within = [row for row in rows if not topic or row["topic"] == topic]
        cells = _row_of(spot, outer.name if outer is not None else said["name"], said)
        return Wanted(
            title=tr("新增子类“{name}”", name=said["name"])
            if topic
            else tr("新增分类“{name}”", name=said["name"]),
            changes=ground.add_row(_DOCUMENT, cells, after=_key(within[-1]) if within else None),
            places={**spot.places(form), (_DOCUMENT, *spot.key, "topic"): "code"},
        )

    edit = Edit(
        part=_PART,
        title=tr("新增分类") if outer is None else tr("“{name}”新增子类", name=outer.name),
        lead=tr("登记时自起始日起可选。"),
        fields=(code_field(), *_fields(), *_days()),
        initial={"valid_from": city().clock.local_date(visit.now)},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def correct(visit: Visit, scheme: str, topic: str, subtopic: str = "") -> HttpResponse:
    """What a topic is called, as a correction."""
    spot = Spot(scheme=scheme, topic=topic, subtopic=subtopic)
    named, fields = spot.named, (*_fields(), *_days())
    title = tr("修改{what}“{name}”", what=spot.kind, name=named.name)

    def build(form: EditForm, ground: Ground) -> Wanted:
        said = form.cells()
        cells = {spot.name_column: said.pop("name"), **said}
        changes = ground.set_row(_DOCUMENT, spot.key, cells)
        if not subtopic:
            changes += _told_below(ground, spot, cells["topic_name"])
        return Wanted(title=title, changes=changes, places=spot.places(form))

    row = Ground.now().row(_DOCUMENT, spot.key) or {}
    shown = {**row, "name": row.get(spot.name_column, "")}
    edit = Edit(
        part=_PART,
        title=title,
        lead=tr("这里改的是更正,各时期都按改过的显示。从某日起换名称的,请用“更名”。"),
        fields=fields,
        initial={each.key: each.of_cell(shown.get(each.key, "")) for each in fields},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def rename(visit: Visit, scheme: str, topic: str, subtopic: str = "") -> HttpResponse:
    """The same matter under another name from a day on; a topic takes its subtopics along."""
    spot = Spot(scheme=scheme, topic=topic, subtopic=subtopic)
    named = spot.named
    fields = (
        Field(key="name", label=tr("新名称"), required=True),
        Field(key="code", label=tr("新代码"), kind=Kind.CODE, required=True, hint=code_field().hint),
        Field(key="first", label=tr("自哪一天起"), kind=Kind.DAY, required=True),
        aliases_field(),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        said = form.cells()
        after = Spot(
            scheme=scheme,
            topic=topic if subtopic else said["code"],
            subtopic=said["code"] if subtopic else "",
        )
        _new_key(ground, after)
        _within(named, date.fromisoformat(said["first"]))
        old = ground.row(_DOCUMENT, spot.key) or {}
        ends = {
            "valid_to": (date.fromisoformat(said["first"]) - _ONE_DAY).isoformat(),
            "renamed_to": said["code"],
        }
        begun = {
            **old,
            **_row_of(after, old["topic_name"] if subtopic else said["name"], said),
            "last": old.get("last", ""),
            "valid_from": said["first"],
            "valid_to": old.get("valid_to", ""),
        }
        rows = [row for row in ground.listed(_DOCUMENT).rows if _key(row)[:2] == (scheme, topic)]
        # What is told after is put behind: the rows of a new topic follow the last of the old one, in their order.
        place = spot.key if subtopic else _key(rows[-1])
        changes = (
            *ground.set_row(_DOCUMENT, spot.key, ends),
            *ground.add_row(_DOCUMENT, begun, after=place),
            *(() if subtopic else _taken_along(ground, rows, after, said["name"])),
        )
        return Wanted(
            title=tr("{what}“{name}”更名为“{new}”", what=spot.kind, name=named.name, new=said["name"]),
            changes=changes,
            places={**after.places(form), (_DOCUMENT, *spot.key): "first"},
        )

    edit = Edit(
        part=_PART,
        title=tr("{what}“{name}”更名", what=spot.kind, name=named.name),
        lead=tr("旧名到前一日为止。旧月份的报告仍用旧名,与以前比较时接得上。")
        if subtopic
        else tr("旧名到前一日为止。旧月份的报告仍用旧名,与以前比较时接得上;子类一并带过去。"),
        fields=fields,
        initial={"first": city().clock.local_date(visit.now)},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def end(visit: Visit, scheme: str, topic: str, subtopic: str = "") -> HttpResponse:
    """The last day of a topic, with what carries on, or under which other topic a subtopic goes on."""
    spot = Spot(scheme=scheme, topic=topic, subtopic=subtopic)
    named = spot.named
    into = Field(
        key="merged_into",
        label=tr("并入"),
        kind=Kind.ONE,
        choices=lambda: _beside(spot),
        hint=tr("不选就是停用,没有接替的。"),
    )
    to = Field(
        key="to", label=tr("移到"), kind=Kind.ONE, choices=lambda: _others(spot), hint=tr("另一个分类之下。")
    )
    day = Field(key="valid_to", label=tr("最后一日"), kind=Kind.DAY, required=True, hint=tr("含当日。"))

    def build(form: EditForm, ground: Ground) -> Wanted:
        said = form.cells()
        moved_to = said.pop("to", "")
        if moved_to and said["merged_into"]:
            raise NotSo("to", tr("并入和移到,只能选一样。"))
        changes = ground.set_row(_DOCUMENT, spot.key, {**said, "renamed_to": ""})
        title = tr("停用{what}“{name}”", what=spot.kind, name=named.name)
        if moved_to:
            changes += _moved(ground, spot, moved_to, said["valid_to"])
            title = tr("子类“{name}”移到另一分类", name=named.name)
        elif said["merged_into"]:
            title = tr("{what}“{name}”并入另一个", what=spot.kind, name=named.name)
        return Wanted(
            title=title, changes=changes, places={**spot.places(form), (_DOCUMENT, *spot.key): "merged_into"}
        )

    edit = Edit(
        part=_PART,
        title=tr("子类“{name}”停用、并入或移动", name=named.name)
        if subtopic
        else tr("分类“{name}”停用或并入", name=named.name),
        lead=tr("用过它的工单,归类和名称都不变。"),
        fields=(day, into, to) if subtopic else (day, into),
        initial={"valid_to": city().clock.local_date(visit.now)},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


def _key(row: dict[str, str]) -> tuple[str, ...]:
    return (row["scheme"], row["topic"], row["subtopic"])


def _row_of(spot: Spot, topic_name: str, said: dict[str, str]) -> dict[str, str]:
    return {
        "scheme": spot.scheme,
        "topic": spot.topic,
        "topic_name": topic_name,
        "subtopic": spot.subtopic,
        "subtopic_name": said["name"] if spot.subtopic else "",
        **{key: said[key] for key in ("last", "aliases", "valid_from", "valid_to") if key in said},
    }


def _new_key(ground: Ground, spot: Spot) -> None:
    if ground.row(_DOCUMENT, spot.key) is not None:
        code = spot.subtopic or spot.topic
        raise NotSo("code", tr("代码“{code}”已经用过,不能再用。", code=code))


def _within(named: Named, first: date) -> None:
    begun, last = named.validity.first, named.validity.last
    if (begun is not None and first <= begun) or (last is not None and first > last):
        raise NotSo("first", tr("这一天不在“{name}”的期间之内。", name=named.name))


def _told_below(ground: Ground, spot: Spot, name: str) -> tuple[RowChange, ...]:
    """A topic's name in the rows of its subtopics, which repeat it."""
    rows = [row for row in ground.listed(_DOCUMENT).rows if _key(row)[:2] == spot.key[:2] and row["subtopic"]]
    return tuple(each for row in rows for each in ground.set_row(_DOCUMENT, _key(row), {"topic_name": name}))


def _taken_along(ground: Ground, rows: list[dict[str, str]], after: Spot, name: str) -> tuple[RowChange, ...]:
    """The subtopics that haven't ended, under the new topic."""
    found: tuple[RowChange, ...] = ()
    behind = after.key
    for row in rows:
        if row["subtopic"] and not row.get("valid_to"):
            cells = {**row, "topic": after.topic, "topic_name": name}
            found += ground.add_row(_DOCUMENT, cells, after=behind)
            behind = _key(cells)
    return found


def _moved(ground: Ground, spot: Spot, topic: str, last: str) -> tuple[RowChange, ...]:
    """A subtopic's row under another topic, from the day after its last."""
    goal = Spot(scheme=spot.scheme, topic=topic, subtopic=spot.subtopic)
    if ground.row(_DOCUMENT, goal.key) is not None:
        raise NotSo("to", tr("那里已经有代码相同的子类。"))
    rows = [row for row in ground.listed(_DOCUMENT).rows if _key(row)[:2] == goal.key[:2]]
    old = ground.row(_DOCUMENT, spot.key) or {}
    first = (date.fromisoformat(last) + _ONE_DAY).isoformat()
    cells = {
        **old,
        "topic": topic,
        "topic_name": rows[0]["topic_name"],
        "valid_from": first,
        "valid_to": "",
        "renamed_to": "",
        "merged_into": "",
    }
    return ground.add_row(_DOCUMENT, cells, after=_key(rows[-1]))


def _beside(spot: Spot) -> Choices:
    known = (
        city().subtopics(spot.scheme, spot.topic).values()
        if spot.subtopic
        else city().schemes[spot.scheme].values()
    )
    own = spot.subtopic or spot.topic
    return [(each.code, each.name) for each in known if each.code != own and each.successor is None]


def _others(spot: Spot) -> Choices:
    return [
        (each.code, each.name)
        for each in city().schemes[spot.scheme].values()
        if each.code != spot.topic and each.validity.last is None
    ]
