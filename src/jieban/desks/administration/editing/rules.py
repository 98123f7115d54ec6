"""The deadline table edited: a limit that changes from a day on, a new rule, one that ends, extensions."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from django.http import Http404, HttpResponse

from jieban.desks.administration.declared.fields import Choices, EditForm, Field, Kind, code_field
from jieban.desks.administration.declared.ground import Ground
from jieban.desks.administration.editing.page import Edit, edit_page
from jieban.desks.administration.editing.wanted import NotSo, Wanted
from jieban.desks.administration.forms import URGENCY_NAMES
from jieban.desks.administration.words.names import WORDS
from jieban.desks.shell import words
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import listed, tr, tr_later
from jieban.people.city import city
from jieban.profile.documents.changes import Site
from jieban.profile.model import Stage

_DOCUMENT, _RULES = "deadlines.toml", "rules"
_PART, _BACK = "deadlines/", "/desk/administration/deadlines/"
_ONE_DAY = timedelta(days=1)
Values = dict[tuple[str, ...], object]
_DATED = re.compile(r"-[0-9]{8}$")


def _limit(*, margin: bool) -> tuple[Field, ...]:
    basis = tuple((code, tr_later(name)) for code, name in WORDS["basis"].items())
    wider = tr("工单级(对派单中心)比承办级多这么多,计时单位相同。")
    return (
        Field(key="amount", label=tr("时限"), kind=Kind.NUMBER, required=True, least=1),
        Field(key="basis", label=tr("计时单位"), kind=Kind.ONE, required=True, choices=lambda: basis),
        *(
            (
                Field(
                    key="order_margin",
                    label=tr("工单级另加"),
                    kind=Kind.NUMBER,
                    required=True,
                    least=1,
                    hint=wider,
                ),
            )
            if margin
            else ()
        ),
        Field(key="source", label=tr("规定"), required=True, hint=tr("哪份文件第几条;和时限一起印出。")),
    )


def _bounds() -> tuple[Field, ...]:
    hint = tr("不选则不限。")
    return (
        Field(key="urgencies", label=tr("紧急程度"), kind=Kind.MANY, choices=_urgencies, hint=hint),
        Field(key="request_types", label=tr("诉求类型"), kind=Kind.MANY, choices=_types, hint=hint),
        Field(key="channels", label=tr("渠道"), kind=Kind.MANY, choices=_channels, hint=hint),
    )


@at_desk("administration")
def change(visit: Visit, name: str) -> HttpResponse:
    """Another limit from a day on: the rule ends the day before, and one beside it begins."""
    rule = _rule(Ground.now(), name)
    begun = rule.get("valid_from")
    fields = (
        *_limit(margin="order_margin" in rule),
        Field(
            key="from",
            label=tr("自哪一天起"),
            kind=Kind.DAY,
            hint=tr("那一天起算的期限按新的;不填就是更正,整条规则都按改过的算。"),
        ),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        there, said = _rule(ground, name), dict(form.values())
        first = said.pop("from")
        title = tr("修改时限:{what}", what=_described(there))
        if not isinstance(first, date) or first == there.get("valid_from"):
            return _wanted(form, ground, title, name, said)
        _within(there, first)
        new = f"{_DATED.sub('', name)}-{first:%Y%m%d}"
        if ground.value(_DOCUMENT, _RULES, new) is not None:
            raise NotSo("from", tr("这一天已经有一条规则 {name} 起用,请改那一条。", name=new))
        made = {**there, **said, "valid_from": first}
        if all(there.get(key) == value for key, value in said.items()):
            return Wanted(title=title, changes=())
        values: Values = {(_RULES, new, key): value for key, value in made.items() if value is not None}
        ends: Values = {(_RULES, name, "valid_to"): first - _ONE_DAY}
        return Wanted(
            title=tr("时限自 {day} 起改变:{what}", what=_described(there), day=first),
            changes=ground.set_values(_DOCUMENT, {**ends, **values}),
            places={**_places(new, form), (_DOCUMENT, _RULES, new, "valid_from"): "from"},
        )

    initial = {each.key: each.shown(rule.get(each.key)) for each in fields if each.key != "from"}
    today = city().clock.local_date(visit.now)
    edit = Edit(
        part=_PART,
        title=tr("修改时限:{what}", what=_described(rule)),
        lead=tr("已经起算的期限不变。新旧规则都留着:旧工单的期限以后仍说得清来历。"),
        fields=fields,
        initial={**initial, "from": max(today + _ONE_DAY, begun if isinstance(begun, date) else today)},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def new(visit: Visit) -> HttpResponse:
    """A rule beside the others, for what they don't tell apart yet."""
    stages = ((each.value, words.stage(each)) for each in Stage)
    named = tuple(stages)
    fields = (
        code_field("name"),
        Field(key="stage", label=tr("环节"), kind=Kind.ONE, required=True, choices=lambda: named),
        *_limit(margin=True),
        *_bounds(),
        Field(key="valid_from", label=tr("起始日"), kind=Kind.DAY, required=True),
        Field(key="valid_to", label=tr("最后一日"), kind=Kind.DAY, hint=tr("不填则不限。")),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        said = dict(form.values())
        name = str(said.pop("name"))
        if ground.value(_DOCUMENT, _RULES, name) is not None:
            raise NotSo("name", tr("代码“{code}”已经用过,不能再用。", code=name))
        return _wanted(form, ground, tr("新增时限:{what}", what=_described(said)), name, said)

    edit = Edit(
        part=_PART,
        title=tr("新增时限规则"),
        lead=tr("条件比别的规则更具体才用得上;每种情形恰好有一条最具体的规则,保存前会逐一检查。"),
        fields=fields,
        initial={"valid_from": city().clock.local_date(visit.now) + _ONE_DAY},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def end(visit: Visit, name: str) -> HttpResponse:
    """The last day of a rule: what it answered falls to a less specific one."""
    rule = _rule(Ground.now(), name)
    day = Field(key="valid_to", label=tr("最后一日"), kind=Kind.DAY, required=True, hint=tr("含当日。"))

    def build(form: EditForm, ground: Ground) -> Wanted:
        return _wanted(form, ground, tr("停用时限:{what}", what=_described(rule)), name, form.values())

    edit = Edit(
        part=_PART,
        title=tr("停用时限:{what}", what=_described(rule)),
        lead=tr("此后它管的情形,按条件更宽的规则算;没有别的规则可用时不能保存。"),
        fields=(day,),
        initial={"valid_to": city().clock.local_date(visit.now)},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def extension(visit: Visit) -> HttpResponse:
    """How often and how long a close deadline may be put off."""
    fields = (
        Field(key="times", label=tr("最多几次"), kind=Kind.NUMBER, required=True),
        Field(key="working_days", label=tr("每次最多几个工作日"), kind=Kind.NUMBER, required=True),
        Field(key="approval_before_deadline", label=tr("须在到期以前获准"), kind=Kind.FLAG),
        Field(key="extends_order", label=tr("工单级的期限一并顺延"), kind=Kind.FLAG),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        values: Values = {("extension", key): value for key, value in form.values().items()}
        places: dict[Site, str] = {(_DOCUMENT, "extension", each.key): each.key for each in form.declared}
        return Wanted(title=tr("修改延期规定"), changes=ground.set_values(_DOCUMENT, values), places=places)

    there = Ground.now().value(_DOCUMENT, "extension")
    edit = Edit(
        part=_PART,
        title=tr("修改延期规定"),
        lead="",
        fields=fields,
        initial=there if isinstance(there, dict) else {},
        build=build,
        back=_BACK,
        dated=True,
    )
    return edit_page(visit, edit)


def _rule(ground: Ground, name: str) -> dict[str, object]:
    rule = ground.value(_DOCUMENT, _RULES, name)
    if not isinstance(rule, dict):
        raise Http404
    return rule


def _wanted(form: EditForm, ground: Ground, title: str, name: str, said: Mapping[str, object]) -> Wanted:
    values: Values = {(_RULES, name, key): value for key, value in said.items()}
    return Wanted(title=title, changes=ground.set_values(_DOCUMENT, values), places=_places(name, form))


def _places(name: str, form: EditForm) -> dict[Site, str]:
    return {(_DOCUMENT, _RULES, name, each.key): each.key for each in form.declared}


def _within(rule: Mapping[str, object], first: date) -> None:
    begun, last = rule.get("valid_from"), rule.get("valid_to")
    if (isinstance(begun, date) and first < begun) or (isinstance(last, date) and first > last):
        raise NotSo("from", tr("这一天不在这条规则的期间之内。"))


def _described(rule: Mapping[str, object]) -> str:
    """A rule in words: stage and for what."""
    choices = {"urgencies": _urgencies(), "request_types": _types(), "channels": _channels()}
    bounds = []
    for key, named in choices.items():
        bound = rule.get(key)
        if isinstance(bound, list) and bound:
            bounds.append(listed(name for code, name in named if code in bound))
    return " · ".join((words.stage(str(rule.get("stage", ""))), *(bounds or [tr("全部")])))


def _urgencies() -> Choices:
    return [(each.value, tr_later(name)) for each, name in URGENCY_NAMES.items()]


def _types() -> Choices:
    return [(each.code, each.name) for each in city().request_types.values()]


def _channels() -> Choices:
    return [(each.code, each.name) for each in city().channels.values()]
