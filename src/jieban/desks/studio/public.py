"""The published reports, for everybody: the list, a version with what came before and after it, and its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from jieban.desks.citizen.pages import telephone
from jieban.desks.shell.pages import public_page
from jieban.desks.studio.documents import download, web_page
from jieban.desks.studio.models import Version, VersionFile
from jieban.desks.studio.place import kept
from jieban.indicators.period import BadPeriod, Period
from jieban.kernel.i18n import tr
from jieban.people.city import city
from jieban.report.document import Edition

WEB = "html"
_READERS_ORDER = ("html", "pdf", "docx", "xlsx", "json")
_A_WHILE = "public, max-age=600"
"""A file never changes, but its version may be withdrawn."""
_FED = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A published version: its period in words, its public files, and whether another one took its place.

    A withdrawn one has no files any more; `readable` is then the latest version of its period that still has, if any.
    """

    version: Version
    label: str
    files: tuple[VersionFile, ...]
    replaced: bool
    year: int
    readable: Version | None = None

    @property
    def address(self) -> str:
        """Its page."""
        return f"/reports/{self.version.period}/{self.version.number}/"


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All published reports, of each period the version that holds; the latest first, year by year."""
    shown = sorted(
        (each for each in _shown() if not each.replaced),
        key=lambda each: (Period.parse(each.version.period).last, Period.parse(each.version.period).first),
        reverse=True,
    )
    years = [(year, list(each)) for year, each in groupby(shown, key=lambda each: each.year)]
    return _open_page(request, "reports", {"years": years})


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What was published, corrections too, for programs that tell their readers: an Atom feed."""
    place = request.build_absolute_uri(reverse("reports"))
    made = Atom1Feed(
        title=tr("{title}分析报告", title=city().title),
        link=place,
        description="",
        feed_url=request.build_absolute_uri(),
        language="zh-CN",
    )
    for each in _shown()[:_FED]:
        correction, version = each.version.correction, each.version
        said = tr("更正:{said}", said=correction) if correction else tr("第 {n} 版。", n=version.number)
        if version.withdrawn_at is not None:
            said = tr("已撤下:{why}", why=version.withdrawn_why)
        link = request.build_absolute_uri(each.address)
        made.add_item(
            title=tr("{title}(第 {n} 版)", title=version.title, n=version.number),
            link=link,
            unique_id=link,
            description=said,
            pubdate=version.issued,
            updateddate=version.withdrawn_at or version.issued,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@require_safe
def version(request: HttpRequest, period: str, number: int | None = None) -> HttpResponse:
    """A version of a period's report, the one that holds where none is named, with all the versions there are."""
    versions = _shown(period)
    wanted = [each for each in versions if number in {None, each.version.number}]
    if not wanted:
        return _missing(request, period, versions)
    context = {"shown": wanted[0], "versions": versions}
    return _open_page(request, "report", context)


def _missing(request: HttpRequest, period: str, versions: Sequence[Shown]) -> HttpResponse:
    """404 that says so of a period without a report, and of a version that there isn't."""
    try:
        label = Period.parse(period).label
    except BadPeriod as fault:
        raise Http404 from fault
    return _open_page(request, "missing", {"label": label, "versions": versions}, status=404)


@require_safe
def file(request: HttpRequest, period: str, number: int, form: str) -> HttpResponseBase:
    """A file of a version in the public edition; 410 with the reason where the version was withdrawn."""
    found = (
        VersionFile.objects.select_related("version")
        .filter(version__period=period, version__number=number, edition=Edition.PUBLIC.value, form=form)
        .first()
    )
    if found is None:
        raise Http404
    if found.version.withdrawn_at is not None:
        versions = _shown(period)
        shown = next(each for each in versions if each.version.number == number)
        return _open_page(request, "report", {"shown": shown, "versions": versions}, status=410)
    place = kept(found.digest)
    answer = web_page(place) if form == WEB else download(place, form, name_of(found))
    answer.headers["Cache-Control"] = _A_WHILE
    answer.headers["ETag"] = f'"{found.digest}"'
    return answer


def files_of(version: Version, edition: Edition) -> tuple[VersionFile, ...]:
    """The files of an edition, that which opens at once first."""
    found = [each for each in version.files.all() if each.edition == edition.value]
    return tuple(sorted(found, key=lambda each: _READERS_ORDER.index(each.form)))


def name_of(found: VersionFile) -> str:
    """What a file is called where it is saved: readers keep many, and tell them apart by their names."""
    version = found.version
    name = tr("{title}-第{n}版", title=version.title, n=version.number)
    if version.correction:
        name += tr("(更正)")
    return name if found.edition == Edition.PUBLIC.value else name + tr("-内部版")


def _open_page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """A page in the frame of the open pages."""
    around = {"telephone": telephone(), "said": None, **context}
    return public_page(request, f"studio/{template}.html", around, status=status)


def _shown(period: str | None = None) -> list[Shown]:
    versions = Version.objects.prefetch_related("files").order_by("-issued", "-number")
    if period is not None:
        versions = versions.filter(period=period).order_by("-number")
    last: dict[str, int] = {}
    readable: dict[str, Version] = {}
    for each in sorted(versions, key=lambda version: version.number):
        last[each.period] = each.number
        if each.withdrawn_at is None:
            readable[each.period] = each
    return [
        Shown(
            version=each,
            label=Period.parse(each.period).label,
            files=files_of(each, Edition.PUBLIC) if each.withdrawn_at is None else (),
            replaced=each.number < last[each.period],
            year=Period.parse(each.period).last.year,
            readable=readable.get(each.period) if each.withdrawn_at is not None else None,
        )
        for each in versions
    ]


urlpatterns = [
    path("", listed, name="reports"),
    path("feed.xml", feed, name="reports-feed"),
    path("<str:period>/", version, name="report-latest"),
    path("<str:period>/<int:number>/", version, name="report-version"),
    path("<str:period>/<int:number>/<slug:form>/", file, name="report-file"),
]
