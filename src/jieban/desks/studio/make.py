"""The long work of the studio: freezing a period, making the preview of a wording, making the published files."""

import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from jieban.desks.shell.names import names_of
from jieban.desks.shell.words import local
from jieban.desks.studio.earlier import carry_over, earlier_writers
from jieban.desks.studio.errors import StudioRefused
from jieban.desks.studio.issue import day_words, issued_of
from jieban.desks.studio.models import ENDED, Draft, Edit, Stage, Step, Verdict, Version, VersionFile
from jieban.desks.studio.place import keep, preview, snapshots
from jieban.desks.studio.preview import CHECKS, WORDING, page_of
from jieban.desks.studio.sentences import edited_of, hands_of, in_table
from jieban.indicators.period import Period
from jieban.indicators.snapshot import freeze, open_snapshot
from jieban.indicators.sources import Snapshot
from jieban.kernel.i18n import tr
from jieban.orders.export import Scope, export_to
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.report.document import Edition
from jieban.report.publish import EmptyPeriod, Published, Wanted
from jieban.report.publish import publish as render
from jieban.report.render import FORMATS

_EDITIONS = (Edition.PUBLIC, Edition.INTERNAL)
FIGURES = "json"
"""The form of the file that holds every figure."""


def make_preview(subject: str, *, by: str, now: datetime) -> None:
    """Freeze the draft's period if that is still to be done, and render what its latest wording looks like."""
    del by
    draft = Draft.objects.get(pk=int(subject))
    if draft.stage in ENDED:
        return
    snapshot = _frozen(draft, now)
    latest = draft.edits.order_by("-serial").first()
    made = _previewed(draft, latest, snapshot, now)
    if made is not None:
        _previewed(draft, made, snapshot, now)


def _previewed(draft: Draft, latest: Edit | None, snapshot: Snapshot, now: datetime) -> Edit | None:
    """Render what a wording looks like; with none, the report as it is made. Gives the words that it goes on with."""
    carried = None
    place = preview(draft.pk, 0 if latest is None else latest.serial)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".making-") as made:
        out, shown = Path(made) / "out", Path(made) / "shown"
        made_of = _rendered(draft, latest, snapshot, out, forms=("html",), now=now)
        stem = _stem(draft)
        shown.mkdir()
        for edition in _EDITIONS:
            (out / f"{stem}-{edition.value}.html").replace(page_of(shown, edition.value))
        (out / f"{stem}-checks.json").replace(shown / CHECKS)
        (out / f"{stem}-wording.toml").replace(shown / WORDING)
        if latest is None:
            text = (out / f"{stem}-recommendations.md").read_text(encoding="utf-8")
            with transaction.atomic():
                draft.sentences = in_table(made_of.sentences)
                draft.save(update_fields=["sentences"])
                first = Edit.objects.create(
                    draft=draft, serial=0, text=text, made_by=Actor.system().ref, made_at=now
                )
                carried = carry_over(draft, first, now)
        if not place.exists():
            shown.rename(place)
    return carried


def make_version(subject: str, *, by: str, now: datetime) -> None:
    """Make the files of an approved report and publish them, all at once; what was published stays as it is."""
    draft = Draft.objects.get(pk=int(subject))
    if draft.stage != Stage.APPROVED:
        return
    latest = draft.edits.order_by("-serial").first()
    approval = draft.steps.filter(what=Verdict.APPROVED.value).order_by("-pk").first()
    if latest is None or approval is None or approval.edit != latest.serial:
        raise ValueError(f"draft {draft.pk} is approved, and nobody approved its latest wording")
    snapshot = _frozen(draft, now)
    issued = issued_of(draft, latest, now)
    snapshots().mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=snapshots().parent, prefix=".publishing-") as made:
        out = Path(made)
        _rendered(draft, latest, snapshot, out, forms=FORMATS, now=now)
        stem = _stem(draft)
        files = [
            (edition.value, form, out / f"{stem}-{edition.value}.{form}")
            for edition in _EDITIONS
            for form in FORMATS
        ]
        files.append((Edition.PUBLIC.value, FIGURES, out / f"{stem}-figures.json"))
        kept = [(edition, form, path.stat().st_size, keep(path)) for edition, form, path in files]
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft.pk)
        if row.stage != Stage.APPROVED or row.edits.filter(serial__gt=latest.serial).exists():
            return  # taken back while the files were made
        before = Version.objects.filter(period=draft.period).aggregate(last=Max("number"))["last"] or 0
        version = Version.objects.create(
            period=draft.period,
            number=before + 1,
            draft=row,
            edit=latest.serial,
            title=_title(_period(draft)),
            issued=issued,
            published_by=by,
            approved_by=approval.by,
            snapshot=draft.snapshot,
            correction=draft.correction,
        )
        VersionFile.objects.bulk_create(
            VersionFile(version=version, edition=edition, form=form, size=size, digest=digest)
            for edition, form, size, digest in kept
        )
        row.stage = Stage.PUBLISHED
        row.save(update_fields=["stage"])
        Step.objects.create(draft=row, what="published", by=by, at=now, edit=latest.serial)


def note_of(draft: Draft, issued: datetime) -> str:
    """What a corrected report says of itself before everything else; "" for a first version."""
    if draft.corrects is None:
        return ""
    return tr(
        "更正说明:本报告为第 {number} 版,{day}发布,代替{before_day}发布的第 {before} 版。更正内容:{said}",
        number=draft.corrects.number + 1,
        day=day_words(local(issued).date()),
        before=draft.corrects.number,
        before_day=day_words(local(draft.corrects.issued).date()),
        said=draft.correction,
    )


def _title(period: Period) -> str:
    said = city().publication
    return tr("{city}{hotline}{period}分析报告", city=said.city, hotline=said.hotline, period=period.label)


def _period(draft: Draft) -> Period:
    return Period.parse(draft.period)


def _stem(draft: Draft) -> str:
    return f"{city().name}-{_period(draft).code}"


def _frozen(draft: Draft, now: datetime) -> Snapshot:
    """The draft's snapshot, frozen now if it isn't yet: codes and times of the live orders, without anybody's words."""
    if draft.snapshot:
        return open_snapshot(snapshots() / draft.snapshot)
    period, profile = _period(draft), city()
    snapshots().mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=snapshots(), prefix=".freezing-") as made:
        ledger, frozen = Path(made) / "ledger", Path(made) / "frozen"
        export_to(ledger, Scope.counted(period, profile.clock.tz))
        digest = freeze(ledger, profile, period, frozen, cutoff=now).digest
        place = snapshots() / digest
        if not place.exists():
            frozen.rename(place)
    draft.snapshot = digest
    draft.save(update_fields=["snapshot"])
    return open_snapshot(place)


def _rendered(
    draft: Draft, latest: Edit | None, snapshot: Snapshot, out: Path, *, forms: tuple[str, ...], now: datetime
) -> Published:
    edits = list(draft.edits.order_by("serial")) if latest is not None else []
    earlier = earlier_writers(draft) if edits else []
    writers = [*earlier, *(each.made_by for each in edits), *(by for by, _ in hands_of(edits).values())]
    issued = issued_of(draft, latest, now)
    wanted = Wanted(
        forms=forms,
        editions=_EDITIONS,
        issued=issued,
        demo=settings.JIEBAN_DEMO,
        edited=edited_of(edits, names_of(writers), earlier),
        note=note_of(draft, issued),
    )
    try:
        return render(snapshot, city(), _period(draft), out, wanted)
    except EmptyPeriod as nothing:
        raise StudioRefused(
            nothing.what, fix=tr("请放弃这一份,另选有工单的时段;历史数据可由系统管理员导入。")
        ) from nothing
