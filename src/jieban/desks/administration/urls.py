"""The addresses of this desk."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from jieban.desks.administration import city, deadlines, history, people
from jieban.desks.administration.declared.listings import LISTINGS
from jieban.desks.administration.declared.table import PARTS
from jieban.desks.administration.editing import days, parts, rows, rules, sheets, topics, wording


class _Listing(StringConverter):
    """A list that is edited row by row."""

    regex = "|".join(LISTINGS)


class _Part(StringConverter):
    """A part that shows declared lists and sheets."""

    regex = "|".join(each.removesuffix("/") for each in PARTS)


register_converter(_Listing, "listing")
register_converter(_Part, "part")

urlpatterns = [
    path("", people.everybody, name="administration"),
    path("add/", people.add, name="administration-add"),
    path("people/<str:username>/", people.one, name="administration-account"),
    path("people/<str:username>/switch/", people.switch_account, name="administration-switch"),
    path("people/<str:username>/password/", people.new_password, name="administration-password"),
    path("people/<str:username>/second-step/", people.second_step, name="administration-second-step"),
    path("people/<str:username>/posts/<int:post>/end/", people.end, name="administration-end"),
    path("changes/", people.changes, name="administration-changes"),
    path("<part:part>/", parts.part, name="administration-part"),
    path("wording/", wording.everything, name="administration-wording"),
    path("wording/<str:key>/edit/", wording.phrase, name="administration-phrase"),
    path("communities/", parts.communities, name="administration-communities"),
    path("<listing:listing>/new/", rows.new, name="administration-row-new"),
    path("<listing:listing>/<slug:code>/edit/", rows.correct, name="administration-row-edit"),
    path("<listing:listing>/<slug:code>/rename/", rows.rename, name="administration-row-rename"),
    path("<listing:listing>/<slug:code>/end/", rows.end, name="administration-row-end"),
    path("topics/", city.topics, name="administration-topics"),
    path("topics/<slug:scheme>/new/", topics.new, name="administration-topic-new"),
    path("topics/<slug:scheme>/<slug:topic>/new/", topics.new, name="administration-subtopic-new"),
    *(
        path(f"topics/<slug:scheme>/<slug:topic>/{inner}{act}/", view, name=f"administration-{name}-{act}")
        for inner, name in (("", "topic"), ("<slug:subtopic>/", "subtopic"))
        for act, view in (("edit", topics.correct), ("rename", topics.rename), ("end", topics.end))
    ),
    path("deadlines/", deadlines.show, name="administration-deadlines"),
    path("deadlines/new/", rules.new, name="administration-rule-new"),
    path("deadlines/extension/", rules.extension, name="administration-extension"),
    path("deadlines/rules/<slug:name>/edit/", rules.change, name="administration-rule-edit"),
    path("deadlines/rules/<slug:name>/end/", rules.end, name="administration-rule-end"),
    path("calendar/days/", days.days, name="administration-days"),
    path("calendar/hours/", days.hours, name="administration-hours"),
    path("calendar/", city.calendar, name="administration-calendar"),
    path("templates/<slug:sheet>/edit/", sheets.table, name="administration-template-table"),
    path("templates/<slug:sheet>/new/", sheets.new, name="administration-template-new"),
    path("templates/<slug:sheet>/items/<slug:code>/", sheets.item, name="administration-template-item"),
    path("city/", history.everything, name="administration-city"),
    path("city/<int:change>/", history.one, name="administration-city-change"),
    path("city/<int:change>/decide/", history.decide, name="administration-city-decide"),
    path("profile/", city.profile, name="administration-profile"),
    path("profile/files/", city.files, name="administration-files"),
]
