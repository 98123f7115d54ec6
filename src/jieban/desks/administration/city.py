"""What holds in the city today: units, topics, the calendar, templates, and the files that say so."""

import io
from dataclasses import dataclass
from datetime import date

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from jieban.desks.administration.editing.differences import conflict_words, text_of
from jieban.desks.administration.months import month_rows
from jieban.desks.administration.said import days_words, unit_words
from jieban.desks.administration.sheet import sheet
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import tr
from jieban.people.city import city
from jieban.people.city_in_force import conflicts
from jieban.profile.export import files_of, zip_of
from jieban.profile.model import Named
from jieban.worktime import UnknownYear

_YEARS_SHOWN = range(2000, 2100)


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedRow:
    """Something of the profile with its names in time: `before` what it carries on, `after` what carries it on."""

    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    days: str
    holds: bool
    before: str
    came_from: tuple[str, ...]
    after: str
    kind: str = ""
    group: str = ""
    within: str = ""
    open: bool = False


@require_safe
@at_desk("administration")
def units(visit: Visit) -> HttpResponse:
    """Units with kind, group, validity, predecessors and successors."""
    profile, today = city(), city().clock.local_date(visit.now)
    kinds = {each.code: each.name for each in profile.unit_kinds}
    groups = {each.code: each.name for each in profile.unit_groups}
    rows = [
        _row(
            unit,
            tuple(profile.units.values()),
            today,
            kind=kinds.get(unit.kind, unit.kind),
            group=groups.get(unit.group, unit.group),
            within=unit_words(unit.parent, today),
        )
        for unit in profile.units.values()
    ]
    return sheet(visit, "units/", "units", {"rows": rows, "holding": sum(row.holds for row in rows)})


@require_safe
@at_desk("administration")
def topics(visit: Visit) -> HttpResponse:
    """Topics of every scheme with their subtopics, and the request types."""
    profile, today = city(), city().clock.local_date(visit.now)
    names = {each.scheme: each.name for each in profile.mailboxes.values()}
    names[profile.order_scheme] = tr("工单")
    schemes = [
        (
            scheme,
            names.get(scheme, scheme),
            [
                (
                    _row(topic, tuple(register.values()), today),
                    [_row(each, topic.subtopics, today) for each in topic.subtopics],
                )
                for topic in register.values()
            ],
        )
        for scheme, register in profile.schemes.items()
    ]
    types = [
        (_row(each, tuple(profile.request_types.values()), today), each.confidential)
        for each in profile.request_types.values()
    ]
    return sheet(visit, "topics/", "topics", {"schemes": schemes, "types": types})


@require_safe
@at_desk("administration")
def calendar(visit: Visit) -> HttpResponse:
    """A year's days off and days worked in exchange, and the office hours."""
    profile, today = city(), city().clock.local_date(visit.now)
    given = visit.request.GET.get("year", str(today.year))
    if not given.isascii() or not given.isdigit() or int(given) not in _YEARS_SHOWN:
        raise Http404
    year = int(given)
    known = sorted(profile.clock.calendar.known_years())
    try:
        months = month_rows(profile.clock.calendar, year, today)
    except UnknownYear:
        months = ()
    context = {
        "year": year,
        "known": known,
        "months": months,
        "until": profile.clock.calendar.known_until(today),
        "hours": profile.clock.hours,
        "zone": profile.clock.tz.key,
    }
    return sheet(visit, "calendar/", "calendar", context)


@require_safe
@at_desk("administration")
def profile(visit: Visit) -> HttpResponse:
    """Which profile is in force, the files that it was read from, and where these contradict what was changed."""
    changed = {f"{city().name}/{name}" for name in city().changed}
    found = [(name, len(content), name in changed) for name, content in files_of(city())]
    contradicted = [(conflict_words(each), text_of(each.filed), text_of(each.holds)) for each in conflicts()]
    return sheet(visit, "profile/", "profile", {"files": found, "conflicts": contradicted})


@require_safe
@at_desk("administration")
def files(visit: Visit) -> HttpResponseBase:
    """The profile in force as files, with what was changed in its place, in the directories in which they lie."""
    del visit
    answer = FileResponse(
        io.BytesIO(zip_of(city())),
        as_attachment=True,
        filename=f"profile-{city().name}-{city().version[:12]}.zip",
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _row(
    one: Named, among: tuple[Named, ...], today: date, *, kind: str = "", group: str = "", within: str = ""
) -> NamedRow:
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
        kind=kind,
        group=group,
        within=within,
        open=one.successor is None and one.validity.last is None,
    )
