"""The calendar edited: days off, days worked in exchange, office hours and their seasons."""

import re
from datetime import date, timedelta

from django.http import HttpResponse

from jieban.desks.administration.declared.fields import EditForm, Field, Kind
from jieban.desks.administration.declared.ground import Ground
from jieban.desks.administration.editing.page import Edit, edit_page
from jieban.desks.administration.editing.wanted import NotSo, Wanted
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import tr
from jieban.people.city import city

_DOCUMENT = "calendar.toml"
_PART, _BACK = "calendar/", "/desk/administration/calendar/"
_LONGEST = 31
_SEASON = re.compile(r"(\S+)\s+(\d{2}-\d{2})\s+(\d{2}-\d{2})\s+(.+)")


@at_desk("administration")
def days(visit: Visit) -> HttpResponse:
    """Days off or worked in exchange, as a notice has them; or as the state's own calendar has them again."""
    kinds = (
        ("holidays", tr("放假")),
        ("workdays", tr("上班")),
        ("neither", tr("不另作规定,按国家安排")),
    )
    fields = (
        Field(key="first", label=tr("从"), kind=Kind.DAY, required=True),
        Field(key="last", label=tr("到"), kind=Kind.DAY, hint=tr("不填就是一天。")),
        Field(key="kind", label=tr("这几天"), kind=Kind.ONE, required=True, choices=lambda: kinds),
        Field(key="name", label=tr("节日"), hint=tr("如:肉孜节。上班的也写因哪个节日补班。")),
        Field(
            key="complete",
            label=tr("有了这些天,这一年的放假和补班就全了"),
            kind=Kind.FLAG,
            hint=tr("国务院的通知已经公布、系统自带的日历还没有这一年时用。"),
        ),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        said = form.values()
        first, last, kind = said["first"], said["last"] or said["first"], said["kind"]
        if not isinstance(first, date) or not isinstance(last, date):
            raise NotSo("first", tr("请填写日期。"))
        if not first <= last < first + timedelta(days=_LONGEST):
            raise NotSo("last", tr("不能早于第一天,一次最多 {n} 天。", n=_LONGEST))
        if kind != "neither" and not said["name"]:
            raise NotSo("name", tr("请写节日的名称。"))
        each_day = [first + timedelta(days=index) for index in range((last - first).days + 1)]
        values: dict[tuple[str, ...], object] = {
            (table, day.isoformat()): said["name"] if table == kind else None
            for day in each_day
            for table in ("holidays", "workdays")
        }
        if said["complete"]:
            there = ground.value(_DOCUMENT, "years")
            known = there if isinstance(there, list) else []
            values["years",] = sorted({*known, *(day.year for day in each_day)})
        places: dict[tuple[str, ...], str] = {(_DOCUMENT, *path): "first" for path in values}
        places[_DOCUMENT, "years"] = "complete"
        places[_DOCUMENT, "workdays"] = places[_DOCUMENT, "holidays"] = "first"
        changes = ground.set_values(_DOCUMENT, values)
        when = f"{first}" if first == last else tr("{first} 至 {last}", first=first, last=last)
        what = dict(kinds)[str(kind)]
        return Wanted(title=tr("日历:{when} {what}", when=when, what=what), changes=changes, places=places)

    edit = Edit(
        part=_PART,
        title=tr("修改日历"),
        lead=tr("国务院的放假安排系统自带;这里写本地的节日和补班。"),
        fields=fields,
        initial={"first": visit.request.GET.get("day", "")[:10], "kind": "holidays"},
        build=build,
        back=_BACK,
    )
    return edit_page(visit, edit)


@at_desk("administration")
def hours(visit: Visit) -> HttpResponse:
    """When offices are open."""
    fields = (
        Field(
            key="intervals",
            label=tr("平时的时段"),
            kind=Kind.LINES,
            required=True,
            hint=tr("每行一段,如 10:00-14:00。北京时间。"),
        ),
        Field(
            key="seasons",
            label=tr("季节作息"),
            kind=Kind.LONG,
            hint=tr("每行一季:名称、起、止、时段,如 夏季 05-01 09-30 10:00-14:00、16:00-20:00。"),
        ),
    )

    def build(form: EditForm, ground: Ground) -> Wanted:
        values: dict[tuple[str, ...], object] = {
            ("hours", "intervals"): [_plain(each) for each in form.cleaned_data["intervals"].split()],
            ("hours", "seasons"): _seasons(form.cleaned_data["seasons"]),
        }
        places: dict[tuple[str, ...], str] = {(_DOCUMENT, *path): path[-1] for path in values}
        places[_DOCUMENT, "hours"] = "intervals"
        return Wanted(title=tr("修改办公时间"), changes=ground.set_values(_DOCUMENT, values), places=places)

    there = city().clock.hours
    shown = "\n".join(
        f"{each.name} {each.first[0]:02}-{each.first[1]:02} {each.last[0]:02}-{each.last[1]:02} "
        + "、".join(_plain(str(part)) for part in each.intervals)
        for each in there.seasons
    )
    usual = "\n".join(_plain(str(each)) for each in there.intervals)
    edit = Edit(
        part=_PART,
        title=tr("修改办公时间"),
        lead=tr("期限只在办公时间里走。改变以后起算的期限按新的,已经起算的不变。"),
        fields=fields,
        initial={"intervals": usual, "seasons": shown},
        build=build,
        back=_BACK,
        dated=True,
    )
    return edit_page(visit, edit)


def _plain(interval: str) -> str:
    return re.sub("[–—~至]", "-", interval)


def _seasons(written: str) -> list[dict[str, object]] | None:
    found: list[dict[str, object]] = []
    for line in filter(None, map(str.strip, written.splitlines())):
        parts = _SEASON.fullmatch(line)
        if parts is None:
            raise NotSo("seasons", tr("“{line}”看不懂。请照例子写。", line=line))
        intervals = [_plain(each) for each in re.split(r"[、,,\s]+", parts[4]) if each]
        found.append({"name": parts[1], "first": parts[2], "last": parts[3], "intervals": intervals})
    return found or None
