"""What holds in the city today: topics, the calendar, and the files that say so."""

import io

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from jieban.desks.administration.declared.filed_only import FILED_ONLY
from jieban.desks.administration.months import month_rows
from jieban.desks.administration.named import named_row
from jieban.desks.administration.sheet import sheet
from jieban.desks.administration.words.differences import conflict_words, text_of
from jieban.desks.administration.words.names import document_words
from jieban.desks.shell.given import number_in
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.i18n import tr, tr_later
from jieban.people.city import city
from jieban.people.city_in_force import conflicts
from jieban.profile.export import files_of, zip_of
from jieban.worktime import UnknownYear

_YEARS_SHOWN = range(2000, 2100)


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
                    named_row(topic, tuple(register.values()), today),
                    [named_row(each, topic.subtopics, today) for each in topic.subtopics],
                )
                for topic in register.values()
            ],
        )
        for scheme, register in profile.schemes.items()
    ]
    types = [
        (named_row(each, tuple(profile.request_types.values()), today), each.confidential)
        for each in profile.request_types.values()
    ]
    return sheet(visit, "topics/", "topics", {"schemes": schemes, "types": types})


@require_safe
@at_desk("administration")
def calendar(visit: Visit) -> HttpResponse:
    """A year's days off and days worked in exchange, and the office hours."""
    profile, today = city(), city().clock.local_date(visit.now)
    year = number_in(visit.request.GET.get("year", str(today.year)))
    if year is None or year not in _YEARS_SHOWN:
        raise Http404
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
    found = [
        (name, document_words(name.rpartition("/")[2]), len(content), name in changed)
        for name, content in files_of(city())
    ]
    contradicted = [(conflict_words(each), text_of(each.filed), text_of(each.holds)) for each in conflicts()]
    only = [(document, ".".join(path), tr_later(why)) for document, path, why in FILED_ONLY]
    return sheet(
        visit, "profile/", "profile", {"files": found, "conflicts": contradicted, "filed_only": only}
    )


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
