"""A month from ledger files to report files: where the rooms of the lower half are put together."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from jieban.indicators.period import Period
from jieban.indicators.snapshot import MANIFEST, freeze, open_snapshot
from jieban.indicators.sources import Snapshot
from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.ledger import schema
from jieban.ledger.accounting import Accounting
from jieban.ledger.read import Reading, read_ledger
from jieban.ledger.rejects import write_rejects
from jieban.profile.city import Profile
from jieban.profile.load import load_profile
from jieban.report.details import Intake
from jieban.report.document import Edition
from jieban.report.edited import Edited, read_wording
from jieban.report.publish import EmptyPeriod, Published, Wanted, publish
from jieban.report.recommend.draft import BadDraft
from jieban.report.rewording import BadWording

if TYPE_CHECKING:
    from jieban.indicators.engines import EngineName

Progress = Callable[[int, int], None]

_STEPS = 3

_EDITIONS = {
    "public": (Edition.PUBLIC,),
    "internal": (Edition.INTERNAL,),
    "both": (Edition.PUBLIC, Edition.INTERNAL),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """What is to be made, parsed: the city, the period, where to, and what."""

    profile: Profile
    period: Period
    directory: Path
    wanted: Wanted


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What came of it: the report's files, the snapshot behind it, and where files were read the account of rows."""

    published: Published
    snapshot: Snapshot
    reading: Reading | None
    rejects: Path | None


def prepare(
    profile_name: str,
    period_text: str,
    *,
    out: Path,
    forms: tuple[str, ...],
    edition: str,
    as_of: datetime | None = None,
    issued: datetime | None = None,
    recommendations: Path | None = None,
    wording: Path | None = None,
    demo: bool = False,
    engine: str = "duckdb",
    engine_url: str | None = None,
) -> Month:
    """Parse everything before any work is done. Moments without a zone are the city's local time."""
    profile = load_profile(profile_name)
    period = Period.parse(period_text)

    def local(moment: datetime | None) -> datetime | None:
        if moment is None or moment.tzinfo is not None:
            return moment
        return moment.replace(tzinfo=profile.clock.tz)

    return Month(
        profile=profile,
        period=period,
        directory=out / profile.name / period.code,
        wanted=Wanted(
            forms=forms,
            editions=_EDITIONS[edition],
            issued=local(issued),
            cutoff=local(as_of),
            demo=demo,
            edited=_edited(profile, period, recommendations, wording),
            engine=cast("EngineName", engine),
            engine_url=engine_url,
        ),
    )


def _edited(
    profile: Profile, period: Period, recommendations: Path | None, wording: Path | None
) -> Edited | None:
    """What was edited, in one file or in two. Raises BadWording."""
    words = None if wording is None else read_wording(wording, profile.name, period)
    if recommendations is None:
        return words
    advice = Edited(text=_text_of(recommendations), file=str(recommendations))
    if words is None:
        return advice
    if words.text is not None:
        raise BadWording(
            tr("工作建议给了两份:{one}、{other}。", one=words.file, other=recommendations),
            fix=tr("请只给 --wording,或从那个文件中删去 recommendations。"),
        )
    return replace(words, text=advice.text)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadDraft(
            tr("文件不是 UTF-8 编码的文字。"), where=Where(file=str(path)), fix=tr("请另存为 UTF-8 编码。")
        ) from fault


def make_month(
    month: Month, files: Sequence[Path], *, mapping: Path | None = None, progress: Progress | None = None
) -> Made:
    """Read, freeze, count and draw. Raises what the rooms raise. Rejected rows go to a workbook beside the report.

    The report is made from the frozen snapshot of its period, never from the files, so that what is published can
    be made again from what is kept. A single `files` that is a snapshot already is taken as it is.
    """
    told = progress or (lambda _done, _whole: None)
    told(0, _STEPS)
    if len(files) == 1 and (files[0] / MANIFEST).is_file():
        snapshot = open_snapshot(files[0])
        told(2, _STEPS)
        made = Made(published=_published(month, snapshot), snapshot=snapshot, reading=None, rejects=None)
    else:
        # What is implausible doesn't depend on the day on which the report is made.
        known = month.wanted.cutoff or month.period.instants(month.profile.clock.tz)[1]
        made = _made_from_files(month, read_ledger(files, month.profile, mapping=mapping, cutoff=known), told)
    told(_STEPS, _STEPS)
    return made


def _made_from_files(month: Month, reading: Reading, told: Progress) -> Made:
    told(1, _STEPS)
    rejects = month.directory / "rejects.xlsx"
    rejected = write_rejects(reading, rejects)
    # What an older run left stays together until there is something whole to put in its place.
    place, new = month.directory / "snapshot", month.directory / "snapshot.new"
    shutil.rmtree(new, ignore_errors=True)
    try:
        snapshot = freeze(
            reading.ledger,
            month.profile,
            month.period,
            new,
            cutoff=month.wanted.cutoff,
            intake=[asdict(table) for table in _intake(reading.accounting)],
        )
        told(2, _STEPS)
        published = _published(month, snapshot)
        shutil.rmtree(place, ignore_errors=True)
        new.rename(place)
    except EmptyPeriod as refused:
        if rejected:
            raise _with_rejects(refused, rejected, rejects) from refused
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
        with suppress(OSError):
            month.directory.rmdir()
    if not rejected:
        # An older run's rejects are none of this one's.
        rejects.unlink(missing_ok=True)
    return Made(
        published=published,
        snapshot=replace(snapshot, directory=place),
        reading=reading,
        rejects=rejects if rejected else None,
    )


def _with_rejects(refused: EmptyPeriod, rejected: int, rejects: Path) -> EmptyPeriod:
    return EmptyPeriod(
        refused.what,
        fix=tr("有 {n} 行被拒收,原因见 {file};改好后再读,并核对 --period。", n=rejected, file=rejects),
    )


def _published(month: Month, snapshot: Snapshot) -> Published:
    return publish(
        snapshot,
        month.profile,
        month.period,
        month.directory,
        month.wanted,
        intake=[
            Intake(
                table=schema.table(str(table["table"])).heading,
                read=int(table["read"]),
                accepted=int(table["accepted"]),
                rejected=int(table["rejected"]),
                left_out=int(table["left_out"]),
            )
            for table in snapshot.intake
        ],
    )


def _intake(accounting: Accounting) -> Iterator[Intake]:
    for sheet in accounting.sheets:
        if sheet.table is not None:
            yield Intake(
                table=sheet.table,
                read=sheet.read,
                accepted=sheet.accepted,
                rejected=sheet.rejected,
                left_out=sum(sheet.left_out.values()),
            )
