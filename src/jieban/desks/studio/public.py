"""The published reports, for everybody: the list, a version with what came before and after it, and its files."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

from jieban.desks.citizen.pages import telephone
from jieban.desks.shell.pages import public_page
from jieban.desks.studio.documents import download, web_page
from jieban.desks.studio.models import Version, VersionFile
from jieban.desks.studio.place import kept
from jieban.indicators.period import Period
from jieban.people.city import city
from jieban.report.document import Edition

WEB = "html"
_READERS_ORDER = ("html", "pdf", "docx", "xlsx", "json")
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A published version: its period in words, its public files, and whether another one took its place."""

    version: Version
    label: str
    files: tuple[VersionFile, ...]
    replaced: bool

    @property
    def address(self) -> str:
        """Its page."""
        return f"/reports/{self.version.period}/{self.version.number}/"


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All published reports, of each period the version that holds; the latest first."""
    shown = [each for each in _shown() if not each.replaced]
    return _open_page(request, "reports", {"reports": shown})


@require_safe
def version(request: HttpRequest, period: str, number: int | None = None) -> HttpResponse:
    """A version of a period's report, the one that holds where none is named, with all the versions there are."""
    versions = _shown(period)
    wanted = [each for each in versions if number in {None, each.version.number}]
    if not wanted:
        raise Http404
    context = {"shown": wanted[0], "versions": versions}
    return _open_page(request, "report", context)


@require_safe
def file(request: HttpRequest, period: str, number: int, form: str) -> HttpResponseBase:
    """A file of a version in the public edition. It never changes, and so may be kept for good."""
    del request
    found = VersionFile.objects.filter(
        version__period=period, version__number=number, edition=Edition.PUBLIC.value, form=form
    ).first()
    if found is None:
        raise Http404
    place = kept(found.digest)
    name = f"{city().name}-{period}-{number}"
    answer = web_page(place) if form == WEB else download(place, form, name)
    answer.headers["Cache-Control"] = _FOREVER
    answer.headers["ETag"] = f'"{found.digest}"'
    return answer


def files_of(version: Version, edition: Edition) -> tuple[VersionFile, ...]:
    """The files of an edition, that which opens at once first."""
    found = [each for each in version.files.all() if each.edition == edition.value]
    return tuple(sorted(found, key=lambda each: _READERS_ORDER.index(each.form)))


def _open_page(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """A page in the frame of the open pages."""
    around = {"telephone": telephone(), "said": None, **context}
    return public_page(request, f"studio/{template}.html", around)


def _shown(period: str | None = None) -> list[Shown]:
    versions = Version.objects.prefetch_related("files").order_by("-issued", "-number")
    if period is not None:
        versions = versions.filter(period=period).order_by("-number")
    last: dict[str, int] = {}
    for each in versions:
        last[each.period] = max(last.get(each.period, 0), each.number)
    return [
        Shown(
            version=each,
            label=Period.parse(each.period).label,
            files=files_of(each, Edition.PUBLIC),
            replaced=each.number < last[each.period],
        )
        for each in versions
    ]


urlpatterns = [
    path("", listed, name="reports"),
    path("<str:period>/", version, name="report-latest"),
    path("<str:period>/<int:number>/", version, name="report-version"),
    path("<str:period>/<int:number>/<slug:form>/", file, name="report-file"),
]
