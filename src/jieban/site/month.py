"""A month from ledger files to report files: where the rooms of the lower half are put together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from jieban.indicators.period import Period
from jieban.ledger.accounting import Accounting
from jieban.ledger.read import Reading, read_ledger
from jieban.ledger.rejects import write_rejects
from jieban.profile.city import Profile
from jieban.profile.load import load_profile
from jieban.report.build.assemble import Edited
from jieban.report.details import Intake
from jieban.report.document import Edition
from jieban.report.publish import Published, Wanted, publish

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
    """What came of it: the report's files, the account of the rows, and the workbook of rejected ones, if any."""

    published: Published
    reading: Reading
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

    edited = None
    if recommendations is not None:
        edited = Edited(text=recommendations.read_text(encoding="utf-8"), file=str(recommendations))
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
            edited=edited,
            engine=cast("EngineName", engine),
            engine_url=engine_url,
        ),
    )


def make_month(
    month: Month, files: Sequence[Path], *, mapping: Path | None = None, progress: Progress | None = None
) -> Made:
    """Read, count and draw. Raises what the rooms raise. Rejected rows go to a workbook beside the report."""
    told = progress or (lambda _done, _whole: None)
    told(0, _STEPS)
    reading = read_ledger(files, month.profile, mapping=mapping, cutoff=month.wanted.cutoff)
    rejects = month.directory / "rejects.xlsx"
    if not write_rejects(reading, rejects):
        rejects.unlink(missing_ok=True)
    told(1, _STEPS)
    published = publish(
        reading.ledger,
        month.profile,
        month.period,
        month.directory,
        month.wanted,
        intake=tuple(_intake(reading.accounting)),
    )
    told(_STEPS, _STEPS)
    return Made(published=published, reading=reading, rejects=rejects if rejects.is_file() else None)


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
